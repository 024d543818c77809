"""Turns a run's outcome into text on stderr and an exit code. The only place that decides either, for every language.

A failure reads: the headline with its code and storey, the place, the source line with a caret, a hint, and the call stack when
there is more than the top level. With ``--json`` it is one JSON object on one line instead. The conformance comparator
(:mod:`.compare`) knows the shape of the text; change both together.
"""

from __future__ import annotations

import sys

from pagoda.machine.source import Diagnostic, render
from pagoda.tools import exits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.protocol import Failure, Frame, Place, RunOutcome
    from pagoda.machine.source import Source

#: A deep stack shows this many entries from each end, after repetitions have been folded.
_SHOWN_FRAMES = 8
#: Functions that call each other in a circle of at most so many are folded.
_LONGEST_CIRCLE = 8
_CODE_WIDTH = 60


def position(place: Place) -> str:
    """``file:line:column``, both from 1."""
    line, column = place.source.position(place.start)
    return f"{place.source.name}:{line}:{column}"


def _picture(place: Place, hint: str) -> list[str]:
    """The place, its source line with a marker, the hint: drawn as for diagnostics, without their headline."""
    return render(Diagnostic("", "error", "", (place.start, place.end), hint), place.source).split("\n")[1:]


def _frames(stack: Sequence[Frame]) -> list[str]:
    """The call stack: a line per entry with its place and, behind it, the code that stands there."""
    rows: list[tuple[str, str] | str] = []
    index = 0
    while index < len(stack):
        circle, times = _repetition(stack, index)
        for offset in range(circle):
            frame = stack[index + offset]
            where = f" ({position(frame.place)})" if frame.place is not None else ""
            rows.append((f"  {index + offset} at {frame.name}{where}", _code(frame.place)))
        index += circle * times
        if times > 1:
            which = "this call repeats" if circle == 1 else f"these {circle} calls repeat"
            rows.append(f"  ... {which} {times - 1} more time{'s' if times > 2 else ''} ...")
    hidden = len(rows) - 2 * _SHOWN_FRAMES
    if hidden > 1:
        rows[_SHOWN_FRAMES : _SHOWN_FRAMES + hidden] = [f"  ... {hidden} more ..."]
    width = max((len(row[0]) for row in rows if not isinstance(row, str)), default=0)
    lines = [row if isinstance(row, str) else f"{row[0]:<{width}}  {row[1]}".rstrip() for row in rows]
    return ["", "Call stack:", *lines]


def _repetition(stack: Sequence[Frame], start: int) -> tuple[int, int]:
    """How many entries from ``start`` make a circle, and how often it comes in a row: ``(1, 1)`` where nothing repeats."""
    for circle in range(1, _LONGEST_CIRCLE + 1):
        times = 1
        while _same(stack, start, start + circle * times, circle):
            times += 1
        if times > 2:
            return circle, times
    return 1, 1


def _same(stack: Sequence[Frame], first: int, second: int, count: int) -> bool:
    if second + count > len(stack):
        return False
    return all(_entry(stack[first + index]) == _entry(stack[second + index]) for index in range(count))


def _entry(frame: Frame) -> tuple[object, ...]:
    place = frame.place
    return (frame.name,) if place is None else (frame.name, place.source.name, place.start)


def _code(place: Place | None) -> str:
    """The piece of the source at a place, on one line."""
    if place is None:
        return ""
    text = " ".join(place.source.text[place.start : place.end].split())
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= _CODE_WIDTH else text[: _CODE_WIDTH - 3] + "..."


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


# ---------------------------------------------------------------- as JSON


def diagnostic_row(diagnostic: Diagnostic, source: Source) -> dict[str, Any]:
    """A diagnostic as data. ``end_line`` and ``end_column`` are just past the text it points at."""
    line, column = source.position(diagnostic.span[0])
    end_line, end_column = source.position(diagnostic.span[1])
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "subsystem": subsystem(diagnostic.code),
        "message": diagnostic.message,
        "file": source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "help": diagnostic.hint or None,
        "notes": list(diagnostic.notes),
    }


def failure_row(failure: Failure, code: int) -> dict[str, Any]:
    """A failure as data; ``code`` is the exit code that goes with it."""
    row: dict[str, Any] = {
        "code": failure.code,
        "severity": "error",
        "subsystem": failure.storey,
        "message": failure.message,
        **_where(failure.place),
        "help": failure.hint or None,
        "kind": failure.kind,
        "call_stack": [{"function": frame.name, **_where(frame.place)} for frame in failure.stack],
        "exit_code": code,
    }
    return row


def _where(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    line, column = place.source.position(place.start)
    return {"file": place.source.name, "line": line, "column": column}


def subsystem(code: str) -> str:
    """The part of a language that emits a code, by the letters in front of the number."""
    letters = code.rstrip("0123456789")
    for ending, name in (("LEX", "lexer"), ("PARSE", "parser"), ("CHK", "check"), ("LIM", "limits")):
        if letters.endswith(ending):
            return name
    return "runtime"


# ---------------------------------------------------------------- the end of a run


def finish(outcome: RunOutcome, source: Source, *, as_json: bool = False) -> int:
    """Reports how a run ended and gives its exit code. What the program printed comes out first."""
    sys.stdout.flush()
    code = exit_code(outcome)
    if as_json:
        _finish_json(outcome, source, code)
        return code
    if outcome.failure is not None:
        print(failure_text(outcome.failure), file=sys.stderr)
    if outcome.diagnostics:
        print(diagnostics_text(outcome.diagnostics, source), file=sys.stderr)
    if outcome.status == "interrupt":
        print("pagoda: interrupted", file=sys.stderr)
    return code


def _finish_json(outcome: RunOutcome, source: Source, code: int) -> None:
    import json

    if outcome.failure is not None:
        print(json.dumps(failure_row(outcome.failure, code)), file=sys.stderr)
    for diagnostic in outcome.diagnostics:
        row = {**diagnostic_row(diagnostic, source), "call_stack": [], "exit_code": code}
        print(json.dumps(row), file=sys.stderr)
    if outcome.status == "interrupt":
        row = {"code": None, "severity": "error", "subsystem": "limits", "message": "interrupted", **_where(None)}
        print(json.dumps({**row, "help": None, "call_stack": [], "exit_code": code}), file=sys.stderr)


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
