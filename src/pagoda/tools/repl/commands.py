"""The commands of a session, which begin with a colon: a table, and what each does.

A command gives ``None``, or the exit code with which the session ends. A unique beginning of a name will do: ``:q``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from pagoda.languages.protocol import Unavailable
from pagoda.machine.nearest import did_you_mean
from pagoda.machine.source import DiagnosticError
from pagoda.records import Record, changed
from pagoda.tools import exits, sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.tools.repl.loop import Loop


class Problem(Exception):
    """A command cannot do what it is asked to; the message is for the user."""


class Command(Record, frozen=True):
    """One row. ``argument`` is how its argument is called, empty where it takes none; in brackets it may be left out.

    ``takes``: what the argument is, for completion: ``code``, ``path``, ``storey`` or nothing.
    """

    name: str
    argument: str
    summary: str
    run: Callable[[Loop, str], int | None]
    takes: str = ""


def split(text: str) -> tuple[str, str]:
    """The name that a command line begins with, without its colon, and the rest."""
    name, _, rest = text.strip()[1:].partition(" ")
    head, line_end, more = name.partition("\n")
    return head, (more + " " + rest if line_end else rest).strip()


def find(name: str) -> Command:
    """The command of that name, or the only one that begins so. Raises :class:`Problem`."""
    exact = COMMANDS.get(name)
    if exact is not None:
        return exact
    found = [command for command in COMMANDS.values() if name and command.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Problem(f"':{name}' may be {' or '.join(':' + command.name for command in found)}")
    hint = did_you_mean(name, COMMANDS).replace("'", "':", 1)
    raise Problem(f"no command ':{name}'; {hint or ':help lists them'}")


def run(loop: Loop, text: str) -> int | None:
    """Carries out a command line. Raises :class:`Problem`."""
    name, argument = split(text)
    command = find(name)
    if command.argument and not command.argument.startswith("[") and not argument:
        raise Problem(f"':{command.name}' needs {command.argument}: :{command.name} {command.argument}")
    if argument and not command.argument:
        raise Problem(f"':{command.name}' takes nothing after it")
    return command.run(loop, argument)


def _help(loop: Loop, argument: str) -> None:
    rows = [(f":{command.name} {command.argument}".rstrip(), command.summary) for command in COMMANDS.values()]
    width = max(len(row[0]) for row in rows)
    for usage, summary in rows:
        print(f"{usage.ljust(width)}  {summary}")
    print("Anything else is run. An input that is not finished goes on in the next line; Ctrl-C gives it up.")


def _quit(loop: Loop, argument: str) -> int:
    return loop.exit_code()


def _type(loop: Loop, argument: str) -> int | None:
    evaluation = loop.session.evaluate(argument)
    if evaluation.outcome.status != "ok":
        return loop.show(evaluation)
    if evaluation.value is None:
        raise Problem("that has no value, so it has no type")
    print(evaluation.value.type)
    return None


def _dis(loop: Loop, argument: str) -> None:
    try:
        print(loop.session.disassemble(argument).rstrip())
    except Unavailable as problem:
        raise Problem(str(problem)) from None
    except DiagnosticError as problem:
        raise Problem(problem.render()) from None


def _time(loop: Loop, argument: str) -> int | None:
    evaluation = loop.session.evaluate(argument)
    code = loop.show(evaluation)
    print(f"{duration(evaluation.seconds)} on {evaluation.outcome.storey}")
    return code


def duration(seconds: float) -> str:
    """A time as people read it, with three digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e6:.3g} \N{MICRO SIGN}s"


def _vars(loop: Loop, argument: str) -> None:
    found = loop.session.variables()
    if not found:
        print("no variables yet")
        return
    names = max(len(variable.name) for variable in found)
    types = max(len(variable.value.type) for variable in found)
    for variable in found:
        print(f"{variable.name.ljust(names)}  {variable.value.type.ljust(types)}  {variable.value.text}")


def _reset(loop: Loop, argument: str) -> None:
    loop.session.reset()


def _load(loop: Loop, argument: str) -> int | None:
    path = os.path.expanduser(argument)
    try:
        source = sources.read(path)
    except (exits.UsageProblem, sources.Undecodable) as problem:
        raise Problem(str(problem)) from None
    return loop.show(loop.session.evaluate(source.text, path))


def _save(loop: Loop, argument: str) -> None:
    path = os.path.expanduser(argument)
    transcript = loop.session.transcript()
    if os.path.exists(path):
        raise Problem(f"'{path}' exists; choose another name, or remove it first")
    try:
        with open(path, "x", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(transcript.text)
    except OSError as problem:
        raise Problem(f"cannot write '{path}': {(problem.strerror or str(problem)).lower()}") from None
    for note in transcript.notes:
        print(f"note: as a program this fails: {note}", file=sys.stderr)


def _tier(loop: Loop, argument: str) -> None:
    if not argument:
        print(loop.session.storey)
        return
    if argument == loop.session.storey:
        return
    try:
        session = loop.language.open_session(changed(loop.request, tier=argument), loop.lines.for_program)
    except Unavailable as problem:
        raise Problem(str(problem)) from None
    loop.session.close()
    loop.session = session
    print(f"on {loop.session.storey} now; the session begins anew")


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("help", "", "List the commands.", _help),
        Command("quit", "", "End the session, as Ctrl-D does.", _quit),
        Command("type", "EXPR", "Evaluate an expression and show its type.", _type, "code"),
        Command("dis", "INPUT", "Show the bytecode of an input, or of a function by its name.", _dis, "code"),
        Command("time", "EXPR", "Run an input and show how long it took.", _time, "code"),
        Command("vars", "", "List what the session has defined.", _vars),
        Command("reset", "", "Forget all of it.", _reset),
        Command("load", "FILE", "Run a file as one input.", _load, "path"),
        Command("save", "FILE", "Write the inputs that ended well to a new file.", _save, "path"),
        Command("tier", "[STOREY]", "Show the storey, or begin anew on another.", _tier, "storey"),
    )
}
