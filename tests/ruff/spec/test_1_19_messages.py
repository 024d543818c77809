"""1.19, the catalogue of run-time messages: those that the other sections' tests do not have already."""

from __future__ import annotations

import pytest

CATALOGUE = {
    "get({})": "get expects 2 to 3 arguments, got 1", "range()": "range expects 1 to 3 arguments, got 0", "range(1, 2, 3, 4)": "range expects 1 to 3 arguments, got 4", "format()": "format expects at least 1 arguments, got 0", "push([1])": "push expects 2 arguments, got 1",
    "channel().nope()": "Channel has no method 'nope'", "await (async func() { throw(\"m\") })()": "Promise rejected: m", "parse_int(\"1.5\")": "Cannot parse '1.5' as integer", "parse_float(\"x\")": "Cannot parse 'x' as float",
    "to_float(\"x\")": "Cannot convert 'x' to float", "log(0)": "log() domain error: value must be > 0", "assert(0)": "Assertion failed",
    "assert_contains(\"abc\", \"z\")": 'Assertion failed: Str("abc") does not contain Str("z")', "assert_contains({\"a\": 1}, \"b\")": 'Assertion failed: Dict{"a": 1} does not contain Str("b")',
}  # fmt: skip


@pytest.mark.parametrize("expression", CATALOGUE)
def test_messages(caught, expression):
    assert caught(f"v := {expression}") == CATALOGUE[expression]


def test_an_uncaught_error_has_a_place_and_a_stack(see):
    text = "func inner(a) {\n  return a[3]\n}\nfunc outer() { return inner([1]) }\nouter()"
    seen = see(text)
    assert seen.message == "Index out of bounds: 3"
    assert text[slice(*seen.span)] == "a[3]"
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [("inner", "inner([1])"), ("outer", "outer()")]
