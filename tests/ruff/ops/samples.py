"""Sample values of every kind that Ruff has, and the groups of them that operations are tried with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pagoda.languages.ruff.values import Array, Bytes, Dict, ResultValue, Struct, Tagged
from pagoda.machine.optest import Sample
from pagoda.runtime.pairs import CLOSURE, HOLE, INT, Value

from .world import CLOSURE_NAME

MOST, LEAST = (1 << 63) - 1, -(1 << 63)


def number(item: int) -> Sample:
    return Sample(str(item), lambda world: world.value(item), item if -(1 << 15) <= item < 1 << 15 else None)


def plain(item: Any) -> Sample:
    return Sample(repr(item), lambda world: world.value(item))


def text(item: str) -> Sample:
    """A string that the world watches, so it is never the only reference."""
    return Sample(repr(item), lambda world: world.value(world.text(item)))


def lone_text(item: str) -> Sample:
    """A string that only its place holds: it may grow where it lies."""
    return Sample(f"lone {item!r}", lambda world: world.value(item.encode().decode()))


def made(name: str, make: Callable[[Any], Any]) -> Sample:
    """A container that only its place holds, from a Python object."""
    return Sample(name, lambda world: world.value(make(world)))


def held(sample: Sample) -> Sample:
    """The same, but somebody else holds it too."""
    return Sample(f"held {sample.name}", lambda world: world.shared(sample.make(world)))


INTS = [number(n) for n in (0, 1, -1, 2, 7, -300, (1 << 53) + 1, MOST, LEAST)]
FLOATS = [plain(x) for x in (0.0, -0.0, 1.5, -2.5, 3.0, float("nan"), float("inf"), float("-inf"), 1e300)]
BOOLS = [plain(False), plain(True)]
NULL = plain(None)
TEXTS = [text(t) for t in ("", "x", "abc", "h\xe9\xdf\u65e5\U0001f600", "42", "-7", "007")]
LONE = lone_text("alone")

ARRAYS = [
    made("[]", lambda w: Array([])),
    made("[1, 2, 3]", lambda w: Array([1, 2, 3])),
    made("[1.5, -0.0]", lambda w: Array([1.5, -0.0])),
    made("[true, false]", lambda w: Array([True, False])),
    made("['abc', [1, 2], null]", lambda w: Array([w.text("abc"), Array([1, 2]), None])),
    made("[4, 'x1', 2.5]", lambda w: Array([4, w.text("x1"), 2.5])),
]
NESTED = [
    made("[[1, 2], [['deep']]]", lambda w: Array([Array([1, 2]), Array([Array([w.text("deep")])])])),
    made("[{a: [1]}, P]", lambda w: Array([Dict({"a": Array([1])}), point(w)])),
]
DICTS = [
    made("{}", lambda w: Dict({})),
    made("{a: 1, 5: 'five'}", lambda w: Dict({"a": 1, 5: w.text("five")})),
    made("{abc: [1], 42: {a: 2}}", lambda w: Dict({w.text("abc"): Array([1]), 42: Dict({"a": 2})})),
    made("twelve keys", lambda w: Dict({f"key{i}": i for i in range(9)} | {w.text("abc"): 1.5, 42: 7, LEAST: Array([1])})),
]


def point(world: Any) -> Struct:
    return Struct("Point", {"x": world.text("ex"), "y": Array([1, 2])})


STRUCTS = [
    made("Point", point),
    made("Point of ints", lambda w: Struct("Point", {"x": 1, "y": 2})),
    made("Over", lambda w: Struct("Over", {"v": w.text("vee")})),
    made("Over of 3", lambda w: Struct("Over", {"v": 3})),
    made("Thrower", lambda w: Struct("Thrower", {"v": 1})),
    made("Empty", lambda w: Struct("Empty", {})),
    made("Deep", lambda w: Struct("Deep", {"x": point(w), "y": Dict({"k": point(w)})})),
    made("Caller", lambda w: Struct("Caller", {"f": w.guest_function("one"), "b": w.builtin("len")})),
]
TAGS = [
    made("Ok", lambda w: ResultValue("Ok", Array([1]))),
    made("Err", lambda w: ResultValue("Err", w.text("bad"))),
    made("Some", lambda w: ResultValue("Some", 2)),
    made("None", lambda w: ResultValue("None")),
    made("Color::Red", lambda w: Tagged("Color", "Red", [])),
    made("Color::Green", lambda w: Tagged("Color", "Green", [w.text("leaf"), 3])),
]
FUNCTION = Sample("one", lambda world: world.function("one"))
CLOSURE_SAMPLE = Sample("closure", lambda world: closure_of(world))
BUILTIN = Sample("len", lambda world: world.value(world.builtin("len")))
FUNCTIONS = [FUNCTION, CLOSURE_SAMPLE, BUILTIN]
OBJECTS = [made("bytes", lambda w: Bytes(b"ab"))]
HOLE_SAMPLE = Sample("hole", lambda world: Value(HOLE, world.program.first_spare))


def closure_of(world: Any) -> Any:
    """A closure of one parameter with two captured values."""
    captured = [world.value(Array([1])), world.value(world.text("caught"))]
    made_of = world.closure(CLOSURE_NAME, captured)
    assert made_of.tag == CLOSURE
    return made_of


def symbol(name: str) -> Sample:
    """A symbol's number, as a constant holds it."""
    return Sample(f".{name}", lambda world: Value(INT, world.program.symbol(name)))


SHARED = [held(s) for s in (ARRAYS[1], ARRAYS[4], NESTED[0], DICTS[1], DICTS[2], STRUCTS[0], STRUCTS[6])]
CONTAINERS = [*ARRAYS, *NESTED, *DICTS, *STRUCTS[:7], *SHARED]
EVERY = [
    NULL, *BOOLS, *INTS, *FLOATS, *TEXTS, LONE, *ARRAYS, *NESTED, *DICTS, *STRUCTS, *TAGS, *FUNCTIONS, *OBJECTS, *SHARED,
]  # fmt: skip
"""One of everything."""

FEW = [
    NULL, BOOLS[1], INTS[2], INTS[4], INTS[7], FLOATS[3], FLOATS[5], TEXTS[0], TEXTS[2], TEXTS[3], LONE, ARRAYS[0], ARRAYS[1],
    SHARED[1], DICTS[1], STRUCTS[0], STRUCTS[2], TAGS[0], TAGS[5], CLOSURE_SAMPLE, BUILTIN, OBJECTS[0],
]  # fmt: skip
"""One of every kind, for operations with several operands."""

INDEXES = [
    number(0), number(1), number(-1), number(-3), number(2), number(5), number(42), number(LEAST), plain(1.5), plain(-1.0),
    plain(float("nan")), plain(float("inf")), text("a"), text("abc"), text("42"), text("5"), text("new key"), NULL, BOOLS[1],
    ARRAYS[1],
]  # fmt: skip
ITEMS = [NULL, BOOLS[0], number(9), plain(2.5), text("abc"), LONE, ARRAYS[1], SHARED[1], STRUCTS[0], CLOSURE_SAMPLE]
