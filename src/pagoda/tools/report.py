"""Turns a run's outcome into text on stderr and an exit code. The only place that decides either, for every language.

A failure reads: the headline with its code and storey, the place, the source line with a caret, a hint, and the call stack when
there is more than the top level. The conformance comparator (:mod:`.compare`) knows this shape; change both together.
"""

from __future__ import annotations

import sys

from pagoda.machine.source import Diagnostic, render
from pagoda.tools import exits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.protocol import Failure, Frame, Place, RunOutcome
    from pagoda.machine.source import Source

#: A deep recursion shows this many frames from each end of its stack.
_SHOWN_FRAMES = 8


def position(place: Place) -> str:
    """``file:line:column``, both from 1."""
    line, column = place.source.position(place.start)
    return f"{place.source.name}:{line}:{column}"


def _picture(place: Place, hint: str) -> list[str]:
    """The place, its source line with a marker, the hint: drawn as for diagnostics, without their headline."""
    return render(Diagnostic("", "error", "", (place.start, place.end), hint), place.source).split("\n")[1:]


def _frames(stack: Sequence[Frame]) -> list[str]:
    lines = ["", "Call stack:"]
    hidden = len(stack) - 2 * _SHOWN_FRAMES
    for index, frame in enumerate(stack):
        if hidden > 1 and _SHOWN_FRAMES <= index < _SHOWN_FRAMES + hidden:
            if index == _SHOWN_FRAMES:
                lines.append(f"  ... {hidden} more ...")
            continue
        where = f" ({position(frame.place)})" if frame.place is not None else ""
        lines.append(f"  {index} at {frame.name}{where}")
    return lines


def failure_text(failure: Failure) -> str:
    """A failure as the user reads it, without a final line end."""
    lines = [f"[{failure.code}] [{failure.storey}] {failure.kind}: {failure.message}"]
    if failure.place is not None:
        lines += _picture(failure.place, failure.hint or "")
    elif failure.hint:
        lines.append(f"  = hint: {failure.hint}")
    if failure.stack:
        lines += _frames(failure.stack)
    return "\n".join(lines)


def diagnostics_text(diagnostics: Sequence[Diagnostic], source: Source) -> str:
    """All diagnostics of a source, without a final line end."""
    return "\n\n".join(render(diagnostic, source) for diagnostic in diagnostics)


def finish(outcome: RunOutcome, source: Source) -> int:
    """Reports how a run ended and gives its exit code. What the program printed comes out first."""
    sys.stdout.flush()
    if outcome.failure is not None:
        print(failure_text(outcome.failure), file=sys.stderr)
    if outcome.diagnostics:
        print(diagnostics_text(outcome.diagnostics, source), file=sys.stderr)
    if outcome.status == "interrupt":
        print("pagoda: interrupted", file=sys.stderr)
    return exit_code(outcome)


def exit_code(outcome: RunOutcome) -> int:
    """The exit code of an outcome."""
    if outcome.status == "exit":
        return outcome.exit_code & 0xFF
    return {
        "ok": exits.OK,
        "error": exits.GUEST_ERROR,
        "malformed": exits.MALFORMED,
        "limit": exits.LIMIT,
        "interrupt": exits.INTERRUPTED,
    }[outcome.status]
