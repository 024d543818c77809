"""Where ``pagoda`` starts: picks the command, turns what escapes from it into one line and an exit code.

Must hold: a user's mistake never shows a Python traceback, and neither does a bug unless PAGODA_DEBUG is set.
"""

from __future__ import annotations

import gc
import os
import sys

from pagoda.tools import arguments, exits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from pagoda.tools.options import Command


def dispatch(command: Command, values: dict[str, object]) -> int:
    """Imports the module that carries a command out, and runs it."""
    from importlib import import_module

    module, _, function = command.handler.partition(":")
    code: int = getattr(import_module(f"pagoda.tools.{module}"), function)(values)
    return code


def execute(words: Sequence[str]) -> int:
    """Runs one command line and gives its exit code. Whatever goes wrong has been reported when this returns."""
    try:
        if list(words) == ["--version"]:
            from pagoda import __version__

            print(f"pagoda {__version__}")
            return exits.OK
        invocation = arguments.parse(words)
        if invocation is not None:
            return dispatch(*invocation)
        from pagoda.tools import cli

        return cli.main(words, dispatch)
    except exits.UsageProblem as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.USAGE
    except KeyboardInterrupt:
        print("pagoda: interrupted", file=sys.stderr)
        return exits.INTERRUPTED
    except BrokenPipeError:
        return _output_closed()
    except Exception as problem:
        return _internal_error(problem)


def _internal_error(problem: BaseException) -> int:
    if os.environ.get("PAGODA_DEBUG"):
        import traceback

        traceback.print_exception(problem)
    text = str(problem).partition("\n")[0]
    print(f"pagoda: internal error: {type(problem).__name__}: {text}", file=sys.stderr)
    print(
        "pagoda: this is a bug in Pagoda. Please report it with the command, the program and the output of 'pagoda doctor';"
        " PAGODA_DEBUG=1 shows where it happened.",
        file=sys.stderr,
    )
    return exits.INTERNAL


def _output_closed() -> int:
    # The interpreter flushes stdout once more at exit; give it somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.OUTPUT_CLOSED


#: Modules whose objects may have work left when the interpreter ends: to close a file properly, to wait for a thread.
_NEED_AN_ORDERLY_END = (
    "concurrent.futures", "logging", "multiprocessing", "socket", "sqlite3", "subprocess", "tempfile", "threading", "zipfile",
)  # fmt: skip


def _leave(code: int) -> NoReturn:
    """Ends the process. Taking the interpreter apart is left out where it has no effect: that saves 6 ms."""
    if sys.modules.keys().isdisjoint(_NEED_AN_ORDERLY_END):
        import atexit

        atexit._run_exitfuncs()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main() -> NoReturn:
    """The entry point of the ``pagoda`` script and of the launcher."""
    # Imports and compilers make many objects and no garbage; looking for it so often costs 2 ms of a start.
    gc.set_threshold(20_000, 10, 10)
    # The same bytes whatever the locale: guest text is UTF-8, and a line ends with a line feed.
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # started with the descriptor closed
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    code = execute(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _output_closed()
    if code == exits.INTERRUPTED:
        # The program's thread may still be running; leaving the orderly way could meet it inside a write.
        sys.stderr.flush()
        os._exit(code)
    _leave(code)


if __name__ == "__main__":
    main()
