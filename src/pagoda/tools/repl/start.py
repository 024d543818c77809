"""Starts a session: which language, which storey, and what to read from.

A terminal gets editing, completion and history, if it can do that and prompt_toolkit is installed; a poorer one gets a prompt;
a pipe or file is read without any.
"""

from __future__ import annotations

import os
import sys

from pagoda import __version__
from pagoda.languages import registry
from pagoda.languages.protocol import Limits, RunRequest, Unavailable
from pagoda.machine.nearest import did_you_mean
from pagoda.tools import exits, grants
from pagoda.tools.repl.loop import Loop
from pagoda.tools.repl.plain import PlainReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.tools.repl.loop import Reader


def command(values: dict[str, Any]) -> int:
    """Holds a session with the user and gives the exit code."""
    name = values["language"]
    try:
        language = registry.load(name)
    except registry.UnknownLanguage as problem:
        hint = did_you_mean(name, registry.names())
        raise exits.UsageProblem(f"{problem}; {hint}" if hint else str(problem)) from None
    request = RunRequest(
        output=sys.stdout.write,
        error_output=sys.stderr.write,
        tier=values["tier"],
        limits=Limits(values["fuel"], values["timeout"], values["memory"], values["max_depth"]),
        grants=grants.from_values(values),
    )
    interactive = sys.stdin is not None and sys.stdin.isatty()
    try:
        loop = Loop(language, request, interactive=interactive)
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None
    return loop.run(_reader(loop, name))


def _reader(loop: Loop, name: str) -> Reader:
    if not loop.interactive:
        return PlainReader(loop.lines, loop.complete, None)
    sys.stderr.write(f"Pagoda {__version__}, {name} on {loop.session.storey}. :help lists the commands, Ctrl-D ends.\n")
    first = f"{name}> "
    prompts = (first, "... ".rjust(len(first)))
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb"):
        try:
            from pagoda.tools.repl.terminal import TerminalReader

            return TerminalReader(loop, name, prompts)
        except ImportError:
            sys.stderr.write("pip install 'pagoda[repl]' adds editing, completion and history.\n")
    return PlainReader(loop.lines, loop.complete, prompts)
