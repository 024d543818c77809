"""Running other programs. A command line needs ``shell-exec``, an argument vector ``process-exec``.

What must hold: while another program runs this one still stops when it is told to; where the wait is cut short, no program that
was started here is left, nor one that such a program has started; no more of the output is kept than the options allow.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, dict_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import TICK
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Array, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import Any

DEFAULT_TIMEOUT_MS = 30_000
DEFAULT_OUTPUT = 8 * 1024 * 1024
_OPTIONS = ("timeout_ms", "max_output_bytes", "inherit_env", "env_allow", "env_deny", "env")
_PIECE = 64 * 1024
_PIPE_CLOSED = -13  # how a program ends when nobody reads what it writes


class _Options:
    def __init__(self, name: str, options: Value) -> None:
        entries = {} if options is None else dict_of(name, options).entries
        for key in entries:
            if key not in _OPTIONS:
                raise RuffError(f"{name} has no option '{key}' (there are: {', '.join(_OPTIONS)})")
        self.timeout_ms = int_of(name, entries.get("timeout_ms", DEFAULT_TIMEOUT_MS))
        self.limit = int_of(name, entries.get("max_output_bytes", DEFAULT_OUTPUT))
        if self.timeout_ms <= 0 or self.limit < 0:
            raise RuffError(f"{name}: timeout_ms must be above zero, and max_output_bytes not below")
        inherit = truthy(entries.get("inherit_env", True))
        allowed = entries.get("env_allow")
        keep = None if allowed is None else {text_of(name, item) for item in array_of(name, allowed).items}
        denied = {text_of(name, item) for item in array_of(name, entries.get("env_deny", Array([]))).items}
        source = dict(os.environ) if inherit or keep is not None else {}
        self.environment = {key: value for key, value in source.items() if (keep is None or key in keep) and key not in denied}
        if "env" in entries:
            for key, value in dict_of(name, entries["env"]).entries.items():
                self.environment[str(key)] = text_of(name, value)


class _Output:
    """The beginning of what a program writes, and whether there was more."""

    __slots__ = ("data", "limit", "truncated")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.data = bytearray()
        self.truncated = False

    def add(self, piece: bytes) -> None:
        room = self.limit - len(self.data)
        self.truncated = self.truncated or len(piece) > room
        self.data += piece[:room]

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


class _Outcome:
    """What became of a row of programs: their exit codes, the last one's output, the errors of each."""

    __slots__ = ("codes", "errors", "output", "timed_out")

    def __init__(self, count: int, limit: int) -> None:
        self.codes = [-1] * count
        self.output = _Output(limit)
        self.errors = [_Output(limit) for _ in range(count)]
        self.timed_out = False


def _run(context: Any, commands: Sequence[str | list[str]], options: _Options) -> _Outcome:
    """Runs programs side by side, each reading what the one before writes."""
    outcome = _Outcome(len(commands), options.limit)
    started: list[subprocess.Popen[bytes]] = []
    complete = False
    try:
        for command in commands:
            started.append(_start(command, options, started[-1] if started else None))
        complete = _follow(context, started, options, outcome)
    finally:
        for process in started:
            _end(process, complete)
    outcome.timed_out = not complete
    outcome.codes = [-1 if outcome.timed_out else process.returncode for process in started]
    return outcome


def _start(command: str | list[str], options: _Options, before: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
    import subprocess

    try:
        process = subprocess.Popen(
            command,
            shell=isinstance(command, str),
            stdin=subprocess.DEVNULL if before is None else before.stdout,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=options.environment,
            start_new_session=True,  # a group of its own, which can be ended as a whole
        )
    except (OSError, ValueError) as error:
        shown = command if isinstance(command, str) else command[0]
        reason = f"{error.strerror} (os error {error.errno})" if isinstance(error, OSError) and error.strerror else str(error)
        raise RuffError(f"Failed to spawn process '{shown}': {reason}") from None
    if before is not None and before.stdout is not None:
        before.stdout.close()  # the reader's end is the next program's alone
    return process


def _follow(context: Any, started: list[subprocess.Popen[bytes]], options: _Options, outcome: _Outcome) -> bool:
    """Takes what the programs write until they have ended; false if their time was over before."""
    import selectors
    import time

    end = time.monotonic() + options.timeout_ms / 1000
    with selectors.DefaultSelector() as watch:
        for process, errors in zip(started, outcome.errors, strict=True):
            watch.register(process.stderr, selectors.EVENT_READ, errors)  # type: ignore[arg-type]
        watch.register(started[-1].stdout, selectors.EVENT_READ, outcome.output)  # type: ignore[arg-type]
        while watch.get_map() or any(process.poll() is None for process in started):
            if not watch.get_map():
                time.sleep(TICK / 10)
            for key, _ in watch.select(TICK):
                piece = os.read(key.fd, _PIECE)
                if piece:
                    key.data.add(piece)
                else:
                    watch.unregister(key.fileobj)
            context.poll()
            if time.monotonic() > end:
                return False
    return True


def _end(process: subprocess.Popen[bytes], complete: bool) -> None:
    """Closes a program's pipes; unless it is ``complete``, ends it and what it has started."""
    import signal

    if not complete:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except OSError:
            pass  # all of them have ended
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _result(outcome: _Outcome) -> Struct:
    code, errors = outcome.codes[0], outcome.errors[0]
    return Struct(
        "ProcessResult",
        {
            "exitcode": code,
            "stdout": outcome.output.text,
            "stderr": errors.text,
            "success": code == 0 and not outcome.timed_out,
            "timed_out": outcome.timed_out,
            "stdout_truncated": outcome.output.truncated,
            "stderr_truncated": errors.truncated,
        },
        False,
    )


def _text(outcome: _Outcome, options: _Options) -> str:
    """The output; an error if one of the programs failed. One that was cut off by its reader did not fail."""
    if outcome.timed_out:
        raise RuffError(f"Command timed out after {options.timeout_ms} ms")
    last = len(outcome.codes) - 1
    for position, code in enumerate(outcome.codes):
        if code and (position == last or code != _PIPE_CLOSED):
            raise RuffError(f"Command failed with exit code {code}: {outcome.errors[position].text.strip()}")
    return outcome.output.text


def _vector(name: str, value: Value) -> list[str]:
    words = [text_of(name, item) for item in array_of(name, value).items]
    if not words:
        raise RuffError(f"{name}() requires a non-empty command array")
    return words


@builtin("execute", 1, 2, needs_context=True)
def execute(context: Any, command: Value, options: Value = None) -> str:
    """A shell command's output; an error if it fails."""
    require(context, "shell-exec", "execute")
    settings = _Options("execute", options)
    return _text(_run(context, [text_of("execute", command)], settings), settings)


@builtin("execute_status", 1, 2, needs_context=True)
def execute_status(context: Any, command: Value, options: Value = None) -> Struct:
    """What became of a shell command."""
    require(context, "shell-exec", "execute_status")
    return _result(_run(context, [text_of("execute_status", command)], _Options("execute_status", options)))


@builtin("spawn_process", 1, 2, needs_context=True)
def spawn_process(context: Any, command: Value, options: Value = None) -> Struct:
    """What became of a program given as an argument vector."""
    require(context, "process-exec", "spawn_process")
    return _result(_run(context, [_vector("spawn_process", command)], _Options("spawn_process", options)))


@builtin("pipe_commands", 1, 2, needs_context=True)
def pipe_commands(context: Any, commands: Value, options: Value = None) -> str:
    """The output of the last program, each one reading what the one before writes."""
    require(context, "process-exec", "pipe_commands")
    settings = _Options("pipe_commands", options)
    vectors = [_vector("pipe_commands", command) for command in array_of("pipe_commands", commands).items]
    if not vectors:
        return ""
    return _text(_run(context, vectors, settings), settings)
