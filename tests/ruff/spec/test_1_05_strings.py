"""1.5, strings: operators, indexing, texts of values in both forms. See also ``tests/ruff/semantics/test_values.py``."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("other", ["1", "1.5", "null", "true", "[1]", "{}", "P { }", "Ok(1)", "len", "func() { }"])
def test_only_strings_concatenate(caught, other):
    name = {"1": "int", "1.5": "float", "null": "null", "true": "bool", "[1]": "array", "{}": "dict", "P { }": "struct", "Ok(1)": "value", "len": "native_function"}.get(other, "function")
    assert caught(f'a := "s"; b := {other}; a + b') == f"Invalid binary operation: string + {name}"
    assert caught(f'a := {other}; a := a + "s"') == f"Invalid binary operation: {name} + string"
    for operator in "-*/%":
        assert caught(f'"s" {operator} {other}') == f"Invalid binary operation: string {operator} {name}"


def test_indexing_counts_code_points(rows):
    rows(
        {
            'len("")': "0", 'len("añ日😀")': "4", '"añ日😀"[3]': "😀", '"añ日😀"[-3]': "ñ", '"añ日😀"[1.9]': "ñ", '"a" + "ñ" == "añ"': "true", 'type("ab"[0])': "string",
            '"ab"[0] + "ab"[1]': "ab", '("a" + "日")[1]': "日", 'len("😀" + "a")': "2", '"e\u0301"[1] == "\u0301"': "true",
        },
        "print({})",
    )  # fmt: skip
    rows({'for c in "a日😀" { print(c, len(c)) }': "a 1|日 1|😀 1", 'for c in "" { print(c) }': ""})


@pytest.mark.parametrize(("statement", "message"), [
    ('s := "abc"; s[0] := "x"', "Invalid index assignment"), ('s := "ab"; s.x := 1', "Cannot access field or method 'x' on non-struct value"),
    ('"ab"[2]', "Index out of bounds: 2"), ('"ab"[-3]', "Index out of bounds: -3"), ('"ab"["0"]', "Invalid index operation"), ('"ab"[null]', "Invalid index operation"),
    ('""[0]', "Index out of bounds: 0"), ('"ab".length', "Cannot access field or method 'length' on non-struct value"), ('-"a"', "Invalid unary operation: - string"),
    ('"ab"[9223372036854775807]', "Index out of bounds: 9223372036854775807"),
])  # fmt: skip
def test_errors(caught, statement, message):
    assert caught(statement) == message


TEXTS = {
    '"s"': "s", '["s", ["t"]]': "[s, [t]]", "[1, null, true, 2.0, -0.0]": "[1, null, true, 2, -0]", '{"b": "x", "a": [1]}': '{"a": [1], "b": x}', "{}": "{}", "[]": "[]",
    "P { y: 2, x: \"s\" }": "P { x: s, y: 2 }", "P { }": "P {  }", "Ok(\"x\")": "Ok(x)", "Err([1])": "Err([1])", "Some({})": "Some({})", "None": "None", "E::A": "E::A",
    "E::A(\"x\", 2)": "E::A(x,2)", "[Some(P { q: [None] })]": "[Some(P { q: [None] })]", "len": "<native function: len>", "{10: 1, 9: 2}": '{"9": 2, "10": 1}',
    "{\"10\": 1, \"9\": 2, \"a\": 3}": '{"10": 1, "9": 2, "a": 3}', "{\"é\": 1, \"z\": 2, \"Z\": 3}": '{"Z": 3, "z": 2, "é": 1}', "{\"a\\\"b\": 1}": '{"a"b": 1}',
}  # fmt: skip


@pytest.mark.parametrize("value", TEXTS)
def test_display_form(out, value):
    text = TEXTS[value]
    program = f'v := {value}; print(v); print(to_string(v)); print("${{v}}"); print(str(v) + "!"); print(v, 1)'
    assert out(program) == [text, text, text, text + "!", text + " 1"]


DEBUG = {
    "5": ("Int(5)", "Int(5)"), "1.5": ("Float(1.5)", "Float(1.5)"), '"x"': ('Str("x")', 'String("x")'), "true": ("Bool(true)", "Bool(true)"), "null": ("Null", "Null"),
    "[1, [2]]": ("Array[1, [2]]", "Array[Int(1), Array[Int(2)]]"), '{"a": 1}': ('Dict{"a": 1}', "Dict{a: Int(1)}"),
}  # fmt: skip


@pytest.mark.parametrize("value", DEBUG)
def test_debug_forms(out, caught, value):
    assertion, nested = DEBUG[value]
    other = "0" if value != "0" else "1"
    assert caught(f"assert_equal({value}, {other})") == f"Assertion failed: expected Int(0), got {assertion}"
    if value != '"x"':
        assert caught(f"throw({value})") == assertion
    assert out(f"debug({value})") == [f"[DEBUG] {nested}"]
