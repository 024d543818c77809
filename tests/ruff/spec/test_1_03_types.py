"""1.3, the kinds of values, their ``type()`` names, and the smaller set of names that operator errors use."""

from __future__ import annotations

import pytest

KINDS = {
    "1": ("int", "int"), "1.5": ("float", "float"), '"s"': ("string", "string"), "true": ("bool", "bool"), "null": ("null", "null"), "[]": ("array", "array"),
    "{}": ("dict", "dict"), "bytes([1])": ("bytes", "value"), "func() { }": ("function", "function"), "len": ("function", "native_function"), "P { }": ("struct", "struct"),
    "(E::A)": ("tagged", "value"), "Ok(1)": ("result", "value"), "Err(1)": ("result", "value"), "Some(1)": ("option", "value"), "None": ("option", "value"),
    "Set([])": ("set", "value"), "Queue()": ("queue", "value"), "Stack()": ("stack", "value"), "[].map(len)": ("iterator", "value"),
}  # fmt: skip


@pytest.mark.parametrize("value", KINDS)
def test_names(out, value):
    name, in_errors = KINDS[value]
    assert out(f"v := {value}; print(type(v), type_of(v))") == [f"{name} {name}"]
    if in_errors in ("int", "float"):
        in_errors += " + null"
    else:
        in_errors += " + int"
    assert out(f"v := {value}; try {{ v + {in_errors.split()[-1].replace('int', '1')} }} except e {{ print(e.message) }}") == [f"Invalid binary operation: {in_errors}"]


def test_structs_and_functions(rows):
    rows(
        {
            "struct P { x: int } print(type(P), P)": "structdef <unknown>", "print(type(func() { }), is_function(func() { }), is_function(len), is_function(1))": "function true true false",
            "async func f() { return 1 } print(type(f), type(f()))": "function promise", "try { throw(\"x\") } except e { print(type(e)) }": "struct",
            "func* g() { yield 1 } print(type(g), type(g()))": "function generator", "print(type(channel()))": "channel",
        }
    )  # fmt: skip


def test_texts_of_what_has_none(rows):
    rows(
        {
            "bytes([1])": "<unknown>", "func() { }": "<unknown>", "print": "<native function: print>", "Set([1])": "<unknown>", "Queue()": "<unknown>", "Stack()": "<unknown>",
            "[1].filter(len)": "<iterator>", "[bytes([1]), len]": "[<unknown>, <native function: len>]", "channel()": "<unknown>",
        },
        "print({})",
    )  # fmt: skip


def test_collections_are_values(rows):
    rows(
        {
            "s := Set([1]); t := set_add(s, 2); print(len(s), len(t), set_has(s, 2), set_has(t, 2))": "1 2 false true",
            "q := Queue([1]); r := queue_enqueue(q, 2); print(queue_size(q), queue_size(r))": "1 2", "s := Stack(); t := stack_push(s, [1]); print(stack_size(s), stack_peek(t))": "0 [1]",
            "b := bytes([1, 2]); print(len(b), b == bytes([1, 2]), b == [1, 2])": "2 true false",
        }
    )  # fmt: skip
