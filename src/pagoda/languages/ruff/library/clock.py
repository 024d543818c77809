"""Time and dates (UTC), and sleep."""

from __future__ import annotations

import time

from pagoda.languages.ruff.display import float_text
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import number_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.tasks import pause
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_STARTED = time.perf_counter()


@builtin("now", 0, needs_context=True)
def now(context: Any) -> float:
    """Seconds since 1970."""
    require(context, "clock", "now")
    return time.time()


@builtin("now_unix", 0, also=("now_utc_seconds",), needs_context=True)
def now_unix(context: Any) -> int:
    """Whole seconds since 1970."""
    require(context, "clock", "now_unix")
    return int(time.time())


@builtin("now_utc", 0, needs_context=True)
def now_utc(context: Any) -> str:
    """The time as RFC 3339 text."""
    import datetime

    require(context, "clock", "now_utc")
    return datetime.datetime.now(datetime.UTC).isoformat()


@builtin("current_timestamp", 0, also=("time",), needs_context=True)
def current_timestamp(context: Any) -> int:
    """Milliseconds since 1970."""
    require(context, "clock", "current_timestamp")
    return time.time_ns() // 1_000_000


@builtin("performance_now", 0, needs_context=True)
def performance_now(context: Any) -> float:
    """Milliseconds since the start."""
    require(context, "clock", "performance_now")
    return (time.perf_counter() - _STARTED) * 1000.0


@builtin("time_us", 0, needs_context=True)
def time_us(context: Any) -> int:
    """Microseconds since the start."""
    require(context, "clock", "time_us")
    return int((time.perf_counter() - _STARTED) * 1e6)


@builtin("time_ns", 0, needs_context=True)
def time_ns(context: Any) -> int:
    """Nanoseconds since the start."""
    require(context, "clock", "time_ns")
    return int((time.perf_counter() - _STARTED) * 1e9)


@builtin("format_duration", 1)
def format_duration(milliseconds: Value) -> str:
    """A readable duration: ``1.50s``, ``12.00ms``."""
    amount = number_of("format_duration", milliseconds)
    if amount >= 1000:
        return f"{amount / 1000:.2f}s"
    if amount >= 1:
        return f"{amount:.2f}ms"
    if amount >= 0.001:
        return f"{amount * 1000:.2f}μs"
    return f"{amount * 1_000_000:.0f}ns"


@builtin("elapsed", 2)
def elapsed(start: Value, end: Value) -> float:
    """The time from start to end."""
    return number_of("elapsed", end) - number_of("elapsed", start)


_CODES = (("YYYY", "%Y"), ("MM", "%m"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"))


def _pattern(text: str) -> str:
    result = text.replace("%", "%%")
    for code, directive in _CODES:
        result = result.replace(code, directive)
    return result


@builtin("format_date", 2, needs_context=True)
def format_date(context: Any, timestamp: Value, pattern: Value) -> str:
    """A timestamp in seconds as text: ``YYYY-MM-DD HH:mm:ss``."""
    import datetime

    require(context, "clock", "format_date")
    seconds = number_of("format_date", timestamp)
    try:
        moment = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    except (OverflowError, ValueError, OSError):
        raise RuffError(f"format_date() timestamp out of range: {float_text(seconds)}") from None
    text = text_of("format_date", pattern)
    numbers = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    for (code, _), number in zip(_CODES, numbers, strict=True):
        text = text.replace(code, f"{number:0{len(code)}}")
    return text


@builtin("parse_date", 2, needs_context=True)
def parse_date(context: Any, text: Value, pattern: Value) -> float:
    """The timestamp in seconds of a date that is written so."""
    import datetime

    require(context, "clock", "parse_date")
    source = text_of("parse_date", text)
    try:
        moment = datetime.datetime.strptime(source, _pattern(text_of("parse_date", pattern)))
    except ValueError:
        raise RuffError(f"Cannot parse date '{source}'") from None
    return moment.replace(tzinfo=datetime.UTC).timestamp()


@builtin("sleep", 1, needs_context=True)
def sleep(context: Any, milliseconds: Value) -> None:
    """Wait; other tasks run meanwhile."""
    require(context, "clock", "sleep")
    amount = number_of("sleep", milliseconds)
    if amount < 0:
        raise RuffError("sleep() requires a non-negative number")
    pause(context, amount / 1000.0)
