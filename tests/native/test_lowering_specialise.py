"""What is known at lowering leaves no trace in the text: tested tags, folded tests, joins of equal constants."""

from __future__ import annotations

import ast
import re

from native.lowering_control import Value

from pagoda.native import array, f64, i64, inline, native, ptr, struct, u8
from pagoda.native import types as native_types
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import checked_add, float_bits, float_from_bits, likely, trap, unlikely, wrap_u64
from pagoda.native.lower import Lowering
from pagoda.native.text import FunctionText
from pagoda.native.types import I64, U64, resolve_type
from pagoda.native.unit import Unit
from pagoda.native.values import Known, Parts, Word, same

INT, FLOAT, TEXT = 1, 2, 3


@inline
def is_int(a: Value) -> bool:
    return a.tag == INT


@inline
def is_number(a: Value) -> bool:
    return a.tag == INT or a.tag == FLOAT


@inline
def number(a: Value) -> f64:
    if is_int(a):
        return f64(a.payload)
    return float_from_bits(a.payload)


@native
def add_general(a: Value, b: Value) -> Value:
    return a if a.payload > b.payload else b


@inline
def add(a: Value, b: Value) -> Value:
    if is_int(a) and is_int(b):
        total, overflowed = checked_add(a.payload, b.payload)
        if not overflowed:
            return Value(INT, total)
        return add_general(a, b)
    if is_number(a) and is_number(b):
        return Value(FLOAT, float_bits(number(a) + number(b)))
    return add_general(a, b)


def text_of(function: NativeFunction, *args, checked: bool = False) -> tuple[str, object]:
    out = FunctionText("define void @f()")
    lowering = Lowering(Unit("nowhere", checked=checked), out)
    value = lowering.inline(function, list(args))
    if out.block is not None:
        out.finish("ret void")
    return out.render(), value


def pair(tag: int | None, name: str) -> Parts:
    known = Known(tag) if tag is not None else Word(I64, f"%{name}t")
    kind = resolve_type(Value)
    assert isinstance(kind, native_types.Aggregate)
    return Parts(kind, (known, Word(I64, f"%{name}p")))


def count(pattern: str, text: str) -> int:
    return len(re.findall(pattern, text))


def test_known_tags_leave_only_the_addition():
    text, _ = text_of(add, pair(INT, "a"), pair(INT, "b"))
    assert count("icmp", text) == 0
    assert count("sadd.with.overflow", text) == 1
    assert count("sitofp", text) == 0


def test_known_float_tags():
    text, value = text_of(add, pair(FLOAT, "a"), pair(INT, "b"))
    assert "icmp" not in text
    assert "call" not in text
    assert count("sitofp", text) == 1
    assert count("fadd", text) == 1
    assert isinstance(value, Parts)
    assert same(value.items[0], Known(FLOAT))  # the result's tag is known to the caller


def test_other_tags_go_straight_to_the_general_case():
    text, _ = text_of(add, pair(TEXT, "a"), pair(None, "b"))
    assert "fadd" not in text
    assert count("add_general", text) >= 1


def test_a_tested_tag_is_known_in_its_branch():
    @inline
    def tested(a: Value) -> i64:
        if a.tag == INT:
            return 1 if is_int(a) else 2
        if a.tag != FLOAT:
            return 3 if a.tag == INT else 4
        return 5 if a.tag == FLOAT else 6

    text, _ = text_of(tested, pair(None, "a"))
    assert count("icmp", text) == 3  # the tests, and INT once more where only its absence is known


maybe = likely  # under another name the weight is lost, the meaning is not


def test_likelihood_keeps_facts_and_gives_weights():
    @inline
    def hinted(a: Value, b: Value) -> i64:
        if maybe(a.tag == INT and b.tag == INT):
            return a.tag + b.tag
        return 0

    text, _ = text_of(hinted, pair(None, "a"), pair(None, "b"))
    assert "!prof" not in text

    @inline
    def spelled(a: Value, b: Value) -> i64:
        if likely(a.tag == INT and b.tag == INT):
            return a.tag + b.tag
        if unlikely(a.tag == TEXT or b.tag == TEXT):
            return 7
        return 0

    text, _ = text_of(spelled, pair(None, "a"), pair(None, "b"))
    assert count("!prof !0", text) == 2
    assert count("!prof !1", text) == 2
    assert " add " not in text


def test_equal_constants_need_no_phi():
    @inline
    def chosen(c: bool, x: i64) -> i64:
        k = 4
        if c:
            k = 4
            x = x + 1
        return k if k == 4 else x

    text, value = text_of(chosen, Word(native_types.BOOL, "%c"), Word(I64, "%x"))
    assert same(value, Known(4))
    assert count(" phi ", text) == 1


def test_a_fact_seen_through_a_cast_has_the_right_sign():
    @inline
    def casted(x: i64) -> i64:
        if wrap_u64(x) == 0xFFFFFFFFFFFFFFFF:
            return x
        return 0

    _, value = text_of(casted, Word(I64, "%x"))
    assert isinstance(value, Word)
    assert not same(Word(I64, "%x"), Word(U64, "%x"))


def test_branch_without_a_way_out_is_left_out():
    @inline
    def checked_tag(a: Value) -> i64:
        if a.tag != INT:
            trap()
        return 1 if a.tag == INT else 2

    _, value = text_of(checked_tag, pair(None, "a"))
    assert same(value, Known(1))


def test_text_holds_no_address_and_no_dead_names():
    text = Unit.of_module(__name__).render()
    assert "inttoptr i64 1" not in text
    assert "%None" not in text


@struct
class Buffer:
    size: i64
    bytes: array[u8, 3]  # type: ignore[type-arg,valid-type]
    next: ptr[i64]


def test_layout_is_the_c_one():
    layout = native_types.layout_of(Buffer)
    assert {name: at for name, (_, at) in layout.fields.items()} == {"size": 0, "bytes": 8, "next": 16}
    assert (layout.size, layout.align) == (24, 8)


def test_source_is_parsed_once_per_file(monkeypatch):
    parsed = []
    original = ast.parse
    monkeypatch.setattr(ast, "parse", lambda *a, **k: parsed.append(a) or original(*a, **k))
    for function in (add_general, add, number, is_number):
        function._tree = None
        assert function.tree.name == function.__name__
    assert len(parsed) <= 1
