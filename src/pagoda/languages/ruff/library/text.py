"""Strings. Positions and widths count code points."""

from __future__ import annotations

from pagoda.languages.ruff.display import debug_text, display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import STEP, in_steps, stepwise
from pagoda.languages.ruff.values import Array, Dict, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_TEXT = 64 * 1024 * 1024
MAX_REPLACED = 1 << 30
_PART = 1 << 18  # characters that are taken apart between two polls
_SCALARS = (str, int, float, bool, type(None))
_WHITE = " \t\n\r\x0b\x0c\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@builtin("substring", 3, also=("substr",), charge=(0,))
def substring(text: Value, start: Value, end: Value) -> str:
    """The part from start up to end, both clamped; empty when end lies before start."""
    source = text_of("substring", text)
    first, last = max(int_of("substring", start), 0), max(int_of("substring", end), 0)
    return source[first:last]


@builtin("upper", 1, also=("to_upper",), charge=(0,))
def upper(text: Value) -> str:
    """Upper case."""
    return text_of("to_upper", text).upper()


@builtin("lower", 1, also=("to_lower",), charge=(0,))
def lower(text: Value) -> str:
    """Lower case."""
    return text_of("to_lower", text).lower()


@builtin("capitalize", 1, charge=(0,))
def capitalize(text: Value) -> str:
    """The first letter in upper case, the others in lower case."""
    source = text_of("capitalize", text)
    return source[:1].upper() + source[1:].lower()


@builtin("trim", 1, charge=(0,))
def trim(text: Value) -> str:
    """Without white space at both ends."""
    return text_of("trim", text).strip(_WHITE)


@builtin("trim_start", 1, charge=(0,))
def trim_start(text: Value) -> str:
    """Without white space at the start."""
    return text_of("trim_start", text).lstrip(_WHITE)


@builtin("trim_end", 1, charge=(0,))
def trim_end(text: Value) -> str:
    """Without white space at the end."""
    return text_of("trim_end", text).rstrip(_WHITE)


@builtin("starts_with", 2)
def starts_with(text: Value, part: Value) -> bool:
    """Whether it begins so."""
    return text_of("starts_with", text).startswith(text_of("starts_with", part))


@builtin("ends_with", 2)
def ends_with(text: Value, part: Value) -> bool:
    """Whether it ends so."""
    return text_of("ends_with", text).endswith(text_of("ends_with", part))


@builtin("replace", 3, also=("replace_str",), charge=(0,))
def replace(text: Value, old: Value, new: Value) -> str:
    """Every occurrence replaced."""
    source, before, after = text_of("replace", text), text_of("replace", old), text_of("replace", new)
    growth = len(after) - len(before)
    if growth > 0 and len(source) * growth > MAX_TEXT and len(source) + source.count(before) * growth > MAX_REPLACED:
        raise RuffError("replace() result is too large")
    return source.replace(before, after)


def _pieces(context: Any, text: str, mark: str) -> list[Value]:
    """The pieces between marks. In a long text, with a poll now and then."""
    found: list[Value] = []
    start = 0
    while len(text) - start > _PART:
        # Marks of several characters may overlap: which of them count is known only from the left, one by one.
        cut = text.find(mark, start + _PART if len(mark) == 1 else start)
        if cut < 0:
            break
        if len(mark) == 1:
            found += text[start:cut].split(mark)
        else:
            found.append(text[start:cut])
        start = cut + len(mark)
        if len(mark) == 1 or len(found) % STEP == 0:
            context.poll()
    found += text[start:].split(mark)
    return found


@builtin("split", 2, needs_context=True, charge=(0,))
def split(context: Any, text: Value, delimiter: Value) -> Array:
    """The pieces between delimiters; an empty delimiter splits between all characters, with empty ends."""
    source, mark = text_of("split", text), text_of("split", delimiter)
    if not source:
        return Array([], False)
    if not mark:
        return Array(["", *source, ""], False)
    return Array(_pieces(context, source, mark), False)


@builtin("join", 2, needs_context=True, charge=(0,))
def join(context: Any, items: Value, separator: Value) -> str:
    """The items' texts with the separator between them."""
    texts: list[str] = []
    for part in in_steps(context, array_of("join", items).items):
        texts += [display(item) if item.__class__ in _SCALARS else debug_text(item) for item in part]
    return text_of("join", separator).join(texts)


@builtin("repeat", 2)
def repeat(text: Value, count: Value) -> str:
    """The text so many times."""
    source, times = text_of("repeat", text), max(int_of("repeat", count), 0)
    if len(source) * times > MAX_TEXT:
        raise RuffError("repeat() result is too large")
    return source * times if source else ""


@builtin("char_at", 2)
def char_at(text: Value, position: Value) -> str:
    """The character there; empty when out of range."""
    source, index = text_of("char_at", text), int_of("char_at", position)
    return source[index] if 0 <= index < len(source) else ""


@builtin("is_empty", 1)
def is_empty(value: Value) -> bool:
    """Whether a string (or an array or dict) has nothing in it."""
    if isinstance(value, Array):
        return not value.items
    if isinstance(value, Dict):
        return not value.entries
    return not text_of("is_empty", value)


@builtin("count_chars", 1)
def count_chars(text: Value) -> int:
    """The number of code points."""
    return len(text_of("count_chars", text))


def _padding(name: str, text: Value, width: Value, filler: Value) -> tuple[str, str]:
    source, goal, unit = text_of(name, text), int_of(name, width), text_of(name, filler)
    missing = goal - len(source)
    if missing <= 0 or not unit:
        return source, ""
    if missing > MAX_TEXT:
        raise RuffError(f"{name}() result is too large")
    return source, (unit * (missing // len(unit) + 1))[:missing]


@builtin("pad_left", 3, also=("pad_start",))
def pad_left(text: Value, width: Value, filler: Value) -> str:
    """Filled up on the left."""
    source, padding = _padding("pad_left", text, width, filler)
    return padding + source


@builtin("pad_right", 3, also=("pad_end",))
def pad_right(text: Value, width: Value, filler: Value) -> str:
    """Filled up on the right."""
    source, padding = _padding("pad_right", text, width, filler)
    return source + padding


@builtin("lines", 1, needs_context=True, charge=(0,))
def lines(context: Any, text: Value) -> Array:
    """The lines without their ends."""
    rows = _pieces(context, text_of("lines", text), "\n")
    pieces: list[Value] = [row.removesuffix("\r") for row in stepwise(context, rows)]
    if pieces and pieces[-1] == "":
        pieces.pop()
    return Array(pieces, False)


@builtin("words", 1, needs_context=True, charge=(0,))
def words(context: Any, text: Value) -> Array:
    """The pieces between white space."""
    source = text_of("words", text)
    found: list[Value] = []
    for start in range(0, max(len(source), 1), _PART):
        part = source[start : start + _PART]
        pieces = part.split()
        if start:
            context.poll()
            if pieces and found and not part[0].isspace() and not source[start - 1].isspace():
                found[-1] += pieces.pop(0)  # a word across the border
        found += pieces
    return Array(found, False)


@builtin("str_reverse", 1, charge=(0,))
def str_reverse(text: Value) -> str:
    """Backwards."""
    return text_of("str_reverse", text)[::-1]


@builtin("slugify", 1, needs_context=True, charge=(0,))
def slugify(context: Any, text: Value) -> str:
    """Lower case, with single hyphens for everything that is no letter or digit."""
    source = stepwise(context, text_of("slugify", text).lower())
    spaced = "".join([char if char.isalnum() else " " for char in source if char.isalnum() or char.isspace() or char in "-_"])
    return "-".join(spaced.split())


@builtin("truncate", 3, charge=(0,))
def truncate(text: Value, limit: Value, suffix: Value) -> str:
    """At most that many characters, the suffix included."""
    source, size, tail = text_of("truncate", text), int_of("truncate", limit), text_of("truncate", suffix)
    if len(source) <= size:
        return source
    keep = size - len(tail)
    return source[:keep] + tail if keep > 0 else tail[: max(size, 0)]


def _case_words(context: Any, source: str, drop_space: bool = True) -> list[str]:
    """The words of an identifier; white space joins what it stands between, unless it is to separate."""
    found: list[str] = []
    current = ""
    previous = ""
    for char in stepwise(context, source):
        if drop_space and char.isspace():
            previous = "A"  # as after an upper-case letter: what follows begins no new word
            continue
        if not char.isalnum():
            if current:
                found.append(current)
            current = ""
        elif char.isupper() and current and not previous.isupper():
            found.append(current)
            current = char
        else:
            current += char
        previous = char
    if current:
        found.append(current)
    return found


@builtin("to_camel_case", 1, needs_context=True, charge=(0,))
def to_camel_case(context: Any, text: Value) -> str:
    """``likeThis``."""
    parts = _case_words(context, text_of("to_camel_case", text), False)
    return "".join(
        [part.lower() if not position else part[:1].upper() + part[1:].lower() for position, part in enumerate(parts)]
    )


@builtin("to_snake_case", 1, needs_context=True, charge=(0,))
def to_snake_case(context: Any, text: Value) -> str:
    """``like_this``."""
    return "_".join([part.lower() for part in _case_words(context, text_of("to_snake_case", text))])


@builtin("to_kebab_case", 1, needs_context=True, charge=(0,))
def to_kebab_case(context: Any, text: Value) -> str:
    """``like-this``."""
    return "-".join([part.lower() for part in _case_words(context, text_of("to_kebab_case", text))])
