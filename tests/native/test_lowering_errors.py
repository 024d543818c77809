"""What is outside the subset is a NativeError that points at its place: file, line, column, the line itself, a caret."""

from __future__ import annotations

import re

import pytest
from native.both_ways import load_source

from pagoda.native.errors import NativeError
from pagoda.native.functions import NativeFunction
from pagoda.native.unit import Unit

HEAD = '''from __future__ import annotations

from typing import Any

import math

from pagoda.native import *
from pagoda.native.intrinsics import *

TABLE = (1, 2)
BIG = 1 << 70
ZERO = 0


@value
class Pair:
    a: i64
    b: i64


@value
class Other:
    a: i64
    b: i64


@struct
class Node:
    count: i64
    next: Node
    pair: Pair
    items: array[u8, 4]


@struct
class Leaf:
    count: i64


@inline
def helper(x: i64) -> i64:
    return x


@inline
def no_result(x: i64) -> i64:
    if x > 0:
        return 1


@inline
def endless(x: i64) -> i64:
    return endless(x)


@inline
def any_kind(x: Any, c: bool) -> Any:
    if c:
        return x
    return 1.5


@inline
def inside(x: u8) -> i64:
    return x


@native
def outlined(x: i64) -> i64:
    return x


def plain(x: int) -> int:
    return x


'''

# (signature, body with a mark where the caret must stand, part of the message)
CASES = [
    # statements
    ("x: i64", "»try:\n    return x\nfinally:\n    pass", "try is not in the native subset"),
    ("x: i64", "»with x:\n    return x", "with is not"),
    ("x: i64", "»raise x", "raise is not"),
    ("x: i64", "»del x\nreturn 1", "del is not"),
    ("x: i64", "»import os\nreturn x", "import is not"),
    ("x: i64", "»global ZERO\nreturn x", "global is not"),
    ("x: i64", "»def f() -> i64:\n    return 1\nreturn f()", "a nested function is not"),
    ("x: i64", "»class C:\n    pass\nreturn x", "a nested class is not"),
    ("x: i64", "»match x:\n    case 1:\n        return 1\nreturn 2", "match is not"),
    ("x: i64", "»for i in TABLE:\n    pass\nreturn x", "for name in range"),
    ("x: i64", "»for i, j in range(x):\n    pass\nreturn x", "for name in range"),
    ("x: i64", "»for i in range(x):\n    pass\nelse:\n    pass\nreturn x", "for name in range"),
    ("x: i64", "»for i in range(0, 5, x):\n    pass\nreturn x", "step of a native range is a constant"),
    ("x: i64", "»for i in range(0, 5, 0):\n    pass\nreturn x", "step of a native range is a constant"),
    ("x: i64", "»for i in range():\n    pass\nreturn x", "for name in range"),
    ("x: f64", "»for i in range(x):\n    pass\nreturn 1", "bounds of a native range are integers"),
    ("x: u8, y: i64", "»for i in range(x, y):\n    pass\nreturn 1", "expected u8, got i64"),
    ("x: u8", "»for i in range(x, 300):\n    pass\nreturn 1", "300 does not fit u8"),
    ("x: i64", "»while x > 0:\n    x -= 1\nelse:\n    x = 5\nreturn x", "a native loop has no else"),
    ("x: i64", "»a = b = x\nreturn a", "one target"),
    ("x: i64", "»a, b = x\nreturn a", "expected 2 values"),
    ("x: i64", "»a, b, c = x, 1\nreturn a", "expected 3 values"),
    ("x: i64", "»a, *b = x, 1\nreturn a", "cannot be assigned"),
    ("n: Node", "»n.count: i64 = 5\nreturn 1", "only a name is declared"),
    ("x: i64", "»y: list = x\nreturn 1", "'list' is not a native type"),
    ("x: i64", "»y: Nowhere = x\nreturn 1", "'Nowhere' is not defined"),
    ("x: i64", "»y: u8 = x\nreturn 1", "expected u8, got i64"),
    ("x: i64", "»y: u8 = 256\nreturn 1", "256 does not fit u8"),
    ("x: i64", "»y: i64 = 1.5\nreturn 1", "expected i64, got 1.5"),
    ("x: i64", "»y = BIG\nreturn 1", "does not fit i64"),
    ("x: i64", "»return 'a'", "expected i64, got 'a'"),
    ("x: i64", "»return", "expected i64, got None"),
    ("x: i64", "»return x, x", "expected i64, got tuple"),
    ("x: u8", "»return x", "expected i64, got u8"),
    ("x: f64", "»return x", "expected i64, got f64"),
    ("x: bool", "»return x", "expected i64, got bool"),
    ("n: Node", "»return n", "expected i64, got Node"),
    ("x: i64", "if x > 0:\n    return 1\n", "may end without a result"),
    ("x: i64", "while x > 0:\n    x -= 1", "may end without a result"),
    # names
    ("x: i64", "return »nowhere", "'nowhere' is not defined"),
    ("x: i64", "y = »y + 1\nreturn y", "'y' may not have a value here"),
    ("x: i64", "if x > 0:\n    y = 1\nreturn »y", "'y' may not have a value here"),
    ("x: i64", "if x > 0:\n    y = 1\nelse:\n    y = 1.5\nreturn i64(»y)", "different kinds"),
    ("x: i64, z: u64", "y = x\nif x > 0:\n    y = z\nreturn wrap_i64(»y)", "different kinds"),
    ("n: Node, m: Leaf", "y = n\nif n.count > 0:\n    y = m\nreturn »y.count", "different kinds"),
    ("p: Pair, q: Other, c: bool", "y = p\nif c:\n    y = q\nreturn »y.a", "different kinds"),
    ("x: i64", "for i in range(x):\n    pass\nreturn »i", "'i' may not have a value here"),
    ("x: i64", "y: i64\nreturn »y", "'y' may not have a value here"),
    ("x: i64", "y = 1\n»while x > 0:\n    y = 2.5\n    x -= 1\nreturn 1", "'y' has different types at the start and the end"),
    ("x: i64, z: u64", "y = x\n»for i in range(x):\n    y = z\nreturn 1", "'y' has different types"),
    ("p: Pair, q: Other", "y = p\n»for i in range(p.a):\n    y = q\nreturn 1", "'y' has different types"),
    ("p: Pair", "y = (1, 2)\n»for i in range(p.a):\n    y = (1, 2, 3)\nreturn 1", "'y' has different types"),
    # operators
    ("x: i64", "return »x / 2", "use divide_truncated"),
    ("x: i64", "return »x // 2", "use divide_truncated"),
    ("x: i64", "return »x % 2", "use divide_truncated"),
    ("x: i64", "return »x ** 2", "Pow does not lower"),
    ("x: i64", "return »x @ 2", "MatMult does not lower"),
    ("x: i64", "return »2 ** 3", "Pow does not lower"),
    ("x: i64", "return »1 // ZERO", "division"),
    ("x: i64", "return x + (»1 << -1)", "negative shift"),
    ("x: i64", "return x + (»1 << (1 << 40))", "shift by"),
    ("x: i64", "return »x + 1.5", "expected i64, got 1.5"),
    ("x: i64", "return »x + BIG", "does not fit i64"),
    ("x: i64", "return »x + True", "expected i64, got True"),
    ("x: i64", "return »x + 'a'", "expected i64, got 'a'"),
    ("x: i64", "return »x + None", "expected i64, got None"),
    ("x: i64", "return »x + TABLE", "expected i64, got (1, 2)"),
    ("x: i64", "return »x + plain", "expected i64"),
    ("x: i64, y: u8", "return »x + y", "expected i64, got u8"),
    ("x: i64, y: u64", "return »x & y", "expected i64, got u64"),
    ("x: i64, y: u8", "return »x << y", "amount has the width"),
    ("x: i64, y: f64", "return »x << y", "amount has the width"),
    ("x: i64", "return »x << 1.5", "a shift's amount is an integer"),
    ("x: f64", "return i64_of_float(»x % 2.0)", "Mod on f64"),
    ("x: f64", "return i64_of_float(»x & x)", "BitAnd on f64"),
    ("x: f64", "return i64_of_float(»x << 1)", "f64 cannot be shifted"),
    ("x: f64", "return i64_of_float(»~x)", "no such operator"),
    ("x: bool, y: bool", "return i64(»x + y)", "Add on bool"),
    ("x: bool", "return i64(»-x)", "no such operator"),
    ("p: Pair", "return (»p + p).a", "Pair has no operators"),
    ("p: Pair", "return i64(»p == p)", "field by field"),
    ("p: ptr[i64]", "return (»p + 1)[0]", "use offset()"),
    ("p: ptr[i64], q: ptr[i64]", "return i64(»p < q)", "has no order"),
    ("p: ptr[i64], q: ptr[u64]", "return i64(»p == q)", "expected ptr[i64], got ptr[u64]"),
    ("n: Node, m: Leaf", "return i64(»n == m)", "Node and Leaf"),
    ("x: i64", "return i64(»x < 1.5)", "expected i64, got 1.5"),
    ("x: u8", "return i64(»x < -1)", "-1 does not fit u8"),
    ("x: i64, y: i64", "return i64(»0 < x < y)", "two things at a time"),
    ("x: i64", "return i64(»x in TABLE)", "In does not lower"),
    ("x: i64", "return i64(»x is x)", "Is does not lower"),
    ("x: i64", "return i64(»not x)", "expected bool, got i64"),
    ("x: i64", "return i64(»x and True)", "a condition is a bool"),
    ("x: i64", "if »x:\n    return 1\nreturn 2", "a condition is a bool"),
    ("x: i64", "while »1:\n    return 1", "a condition is a bool"),
    ("x: i64", "if x > 0 and »x:\n    return 1\nreturn 2", "a condition is a bool"),
    ("n: Node", "if »n:\n    return 1\nreturn 2", "a condition is a bool"),
    ("x: i64", "return »+x", "no such operator"),
    ("c: bool, x: i64", "return i64(»x if c else 1.5)", "different types on different paths"),
    ("c: bool, x: i64, y: u64", "return i64(»x if c else y)", "different types on different paths"),
    ("c: bool, x: i64, p: Pair", "return i64(»x if c else p)", "different types on different paths"),
    # fields, elements
    ("x: i64", "return »x.count", "i64 has no field 'count'"),
    ("n: Node", "return »n.nothing", "Node has no field 'nothing'"),
    ("n: Node", "return »n.count.more", "i64 has no field 'more'"),
    ("p: Pair", "return »p.c", "Pair has no field 'c'"),
    ("p: Pair", "return »p[0]", "a value class by its fields' names"),
    ("p: Pair", "»p.a = 5\nreturn 1", "immutable"),
    ("n: Node", "»n.pair.a = 5\nreturn 1", "immutable"),
    ("n: Node", "»n.items = n.items\nreturn 1", "element by element"),
    ("n: Node", "»n.nothing = 5\nreturn 1", "has no field"),
    ("n: Node", "»n.count = 1.5\nreturn 1", "expected i64, got 1.5"),
    ("n: Node", "»n.pair = 5\nreturn 1", "expected Pair, got i64"),
    ("n: Node, o: Other", "»n.pair = o\nreturn 1", "expected Pair, got Other"),
    ("n: Node, l: Leaf", "»n.next = l\nreturn 1", "expected Node, got Leaf"),
    ("p: ptr[Node], n: Node", "»p[0] = n\nreturn 1", "changed field by field"),
    ("x: i64", "return »x[0]", "i64 has no elements"),
    ("n: Node", "return »n[0].count", "Node has no elements"),
    ("p: ptr[i64]", "return »p[1.5]", "an index is an integer"),
    ("p: ptr[i64]", "return »p[True]", "an index is an integer"),
    ("p: ptr[i64], x: f64", "return »p[x]", "an index is an integer"),
    ("p: ptr[i64]", "return p[»1:2]", "a slice is not"),
    ("x: i64", "t = (x, 1)\nreturn »t[2]", "has no item 2"),
    ("x: i64", "t = (x, 1)\nreturn »t[x]", "indexed by a constant"),
    ("x: i64", "return »TABLE[5]", "compile-time index"),
    ("x: i64", "return »TABLE[x]", "indexed by a constant"),
    ("x: i64", "return »math.nothing", "no attribute 'nothing'"),
    # calls
    ("x: i64", "return »plain(x)", "'plain' is not a native function"),
    ("x: i64", "return »print(x)", "'print' is not a native function"),
    ("x: i64", "return »int(x)", "'int' is not a native type"),
    ("x: i64", "return »ZERO(x)", "is not a native function"),
    ("x: i64", "return »x(x)", "only functions known at compile time"),
    ("x: i64", "return »helper()", "helper() takes 1 arguments (x), 0 given"),
    ("x: i64", "return »helper(x, x)", "takes 1 arguments"),
    ("x: i64", "return »helper(y=x)", "takes 1 arguments"),
    ("x: i64", "return »outlined(1.5)", "expected i64, got 1.5"),
    ("x: i64", "return »helper(1.5)", "expected i64, got 1.5"),
    ("x: u8", "return »outlined(x)", "expected i64, got u8"),
    ("x: i64", "return helper(»*TABLE)", "a starred value is not"),
    ("x: i64", "return »helper(**TABLE)", "takes 1 arguments"),
    ("x: i64", "return »wrapping_add(x)", "takes 2 arguments (a, b), 1 given"),
    ("x: i64", "return »wrapping_add(x, x, x)", "takes 2 arguments"),
    ("x: f64", "return i64_of_float(»wrapping_add(x, x))", "expected an integer, got f64"),
    ("x: f64", "return i64_of_float(»checked_add(x, x)[0])", "expected an integer, got f64"),
    ("x: bool", "return »leading_zeros(x)", "expected an integer, got bool"),
    ("x: bool", "return »wrap_i64(x)", "expected an integer, got bool"),
    ("x: f64", "return »wrap_i64(x)", "expected an integer, got f64"),
    ("x: i64", "return »wrap_i64(1.5)", "expected an integer, got float"),
    ("x: f64", "return »i64(x)", "i64_of_float"),
    ("x: i64", "return »i64(1.5)", "i64_of_float"),
    ("x: i64", "return »i64('5')", "does not convert|has no native type"),
    ("x: i64", "return »i64()", "takes one number"),
    ("x: i64", "return i64(»u8(300))", "300 does not fit u8"),
    ("x: i64", "return i64(»bool(x))", "does not convert to bool"),
    ("x: i64", "return i64_of_float(»square_root(x))", "expected f64, got i64"),
    ("x: i64", "return »Pair(x).a", "takes 2 arguments (a, b), 1 given"),
    ("x: i64", "return »Pair(x, c=x).a", "takes 2 arguments"),
    ("x: i64", "return »Pair(x, 1.5).a", "expected i64, got 1.5"),
    ("x: i64", "return »Node(x).count", "lives in memory"),
    ("x: i64", "return i64(»is_null(x))", "expected a pointer, got i64"),
    ("x: i64", "return »address(x)", "expected a pointer, got i64"),
    ("x: i64", "return »cast(Node, x).count", "use pointer()"),
    ("n: Node", "return »cast(n, n).count", "a type is known at compile time"),
    ("x: i64", "return »pointer(i64, x)", "no pointer type"),
    ("n: Node", "return »pointer(Node, n).count", "expected i64, got Node"),
    ("n: Node", "return »field_pointer(n, 'no')[0]", "has no field"),
    ("n: Node, x: i64", "return »field_pointer(n, x)[0]", "a field's name is a constant"),
    ("x: i64", "return »sizeof(x)", "a type is known at compile time"),
    ("x: i64", "return i64(»literal('a')[0])", "constant bytes"),
    ("x: i64", "»copy_memory(x, x, 5)\nreturn 1", "expected a pointer"),
    ("p: ptr[Pair], q: Pair", "»atomic_store(p, q)\nreturn 1", "not stored at once"),
    ("x: i64", "return »function_address(x)", "takes a native function"),
    ("x: i64", "return »function_address(helper)", "helper is inline"),
    ("x: i64", "return »no_result(x)", "may end without a result"),
    ("x: i64", "return »endless(x)", "inlined into itself|too deeply"),
    ("x: i64, c: bool", "return »any_kind(x, c)", "different types on different paths"),
    # expressions
    ("x: i64", "return (»lambda: x)()", "lambda is not"),
    ("x: i64", "return »[x][0]", "a list is not"),
    ("x: i64", "return »{1: x}[1]", "a dict is not"),
    ("x: i64", "return »{x}", "a set is not"),
    ("x: i64", "return (»y := x)", ":= is not"),
    ("x: i64", "return »[i for i in TABLE][0]", "a comprehension is not"),
    ("x: i64", "return »f'{x}'", "an f-string is not"),
    ("x: i64", "»yield x", "Yield|yield is not"),
    ("x: i64", "é = 'ü'; return »nowhere", "'nowhere' is not defined"),
]  # fmt: skip


def error_of(tmp_path, signature: str, body: str) -> tuple[NativeError, int, int]:
    """The error of a function with that body, and the line and character at which the mark stood."""
    lines = body.split("\n")
    row = next((i for i, line in enumerate(lines) if "»" in line), None)
    column = lines[row].index("»") if row is not None else 0
    source = HEAD + f"@native\ndef tried({signature}) -> i64:\n" + "".join(f"    {line.replace('»', '')}\n" for line in lines)
    module = load_source("lowering_errors", source, tmp_path)
    first = HEAD.count("\n") + 3
    with pytest.raises(NativeError) as caught:
        Unit("lowering_errors").define(module.tried)
    return caught.value, first + row if row is not None else first - 1, column + 4 if row is not None else 0


@pytest.mark.parametrize(("signature", "body", "message"), CASES, ids=[f"{i}-{c[1][:30]!r}" for i, c in enumerate(CASES)])
def test_error_points_at_the_place(signature, body, message, tmp_path):
    error, line, column = error_of(tmp_path, signature, body)
    assert re.search("|".join(re.escape(part) for part in message.split("|")), error.message), error.message
    shown = str(error).split("\n")
    assert shown[0] == f"{error.file}:{error.line}:{error.column}: {error.message}"
    outermost = error.line if not error.trail else int(error.trail[-1].split(":")[1].split(" ")[0])
    assert outermost == line, str(error)
    assert shown[2].strip() == "^"
    if not error.trail:
        assert len(shown[2]) == 2 + column + 1, str(error)


BROKEN = "@struct\nclass Broken:\n    field: KIND\n\n@native\ndef f(x: Broken) -> i64:\n    return x.field\n"
SIGNATURES = [
    ("@native\ndef f(x) -> i64:\n    return 1\n", "'x' has no type"),
    ("@native\ndef f(x: int) -> i64:\n    return 1\n", "'int' is not a native type"),
    ("@native\ndef f(x: Nowhere) -> i64:\n    return 1\n", "annotation: name 'Nowhere' is not defined"),
    ("@native\ndef f(x: i64):\n    return 1\n", "result has an annotation"),
    ("@native\ndef f(x: i64) -> list:\n    return 1\n", "'list' is not a native type"),
    ("@native\ndef f(x: i64 = 5) -> i64:\n    return 1\n", "no defaults"),
    ("@native\ndef f(*x: i64) -> i64:\n    return 1\n", "no stars"),
    ("@native\ndef f(**x: i64) -> i64:\n    return 1\n", "no stars"),
    ("@native\ndef f(*, x: i64) -> i64:\n    return 1\n", "none by keyword only"),
    ("@native\nasync def f(x: i64) -> i64:\n    return 1\n", "no plain def"),
    ("f = native(lambda x: x)\n", "its source cannot be read"),
    (BROKEN.replace("KIND", "Nowhere"), "a field of Broken"),
    (BROKEN.replace("KIND", "list"), "'list' is not a native type"),
    ("class Sub(Node):\n    pass\n\n@native\ndef f(x: Sub) -> i64:\n    return 1\n", "'Sub' is not a native type"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), SIGNATURES, ids=[str(i) for i in range(len(SIGNATURES))])
def test_signatures_are_checked(text, message, tmp_path):
    module = load_source("lowering_signatures", HEAD + text, tmp_path)
    with pytest.raises(NativeError) as caught:
        Unit("lowering_signatures").define(module.f)
    assert message in str(caught.value)
    assert caught.value.line > HEAD.count("\n")


def test_trail_names_the_calls(tmp_path):
    error, line, _ = error_of(tmp_path, "x: u8", "»return inside(x)")
    assert error.message == "expected i64, got u8"
    assert error.trail == (f"{error.file}:{line} in tried",)
    assert f"inlined from {error.file}:{line} in tried" in str(error)


def test_deep_nesting_is_an_error_or_works(tmp_path):
    deep = "+".join(["x"] * 3000)
    try:
        error, _, _ = error_of(tmp_path, "x: i64", f"return {deep}")
    except RecursionError:  # Python's own compiler gave up on the source
        return
    assert "too deeply" in error.message


def test_a_failed_function_can_be_defined_again(tmp_path):
    source = HEAD + "@native\ndef bad(x: i64) -> i64:\n    return outlined(x) + missing\n"
    module = load_source("lowering_again", source, tmp_path)
    unit = Unit("lowering_again")
    for _ in range(2):
        with pytest.raises(NativeError):
            unit.define(module.bad)
    module.missing = 5
    unit.define(module.bad)
    assert sorted(unit.functions) == ["lowering_again.bad", "lowering_again.outlined"]
    assert len(unit.texts) == 2


def test_two_functions_of_one_module_may_not_share_a_symbol(tmp_path):
    text = "@native\ndef same() -> i64:\n    return 1\nfirst = same\n\n@native\ndef same() -> i64:\n    return 2\n"
    module = load_source("lowering_twice", HEAD + text, tmp_path)
    with pytest.raises(NativeError, match="two functions are called"):
        Unit.of_module(module)


def test_no_source():
    scope: dict[str, object] = {"__name__": "nowhere"}
    exec("def f(x):\n    return x\n", scope)  # a function without a file
    with pytest.raises(NativeError, match="source cannot be read"):
        _ = NativeFunction(scope["f"]).tree  # type: ignore[arg-type]
