"""1.6, arrays and dicts: what ``tests/ruff/semantics/test_values.py`` leaves of indexing, keys, orders and spread."""

from __future__ import annotations

import pytest


def test_indices(rows):
    rows(
        {
            "[10, 20, 30][-1]": "30", "[10, 20][1.9]": "20", "[10, 20][-1.5]": "20", "[10, 20][0.99]": "10", "[10, 20][-0.5]": "10", "[[1, 2], [3]][0][-1]": "2", "range(100)[99]": "99",
            "{\"a\": 1}[\"a\"]": "1", "{5: 1}[5]": "1", "{5: 1}[\"5\"]": "1", "{\"05\": 1, 5: 2}[\"05\"]": "1", "{-5: 1}[\"-5\"]": "1", "{\"\": 1}[\"\"]": "1", "{\"a\": [1, {\"b\": 2}]}[\"a\"][1][\"b\"]": "2",
        },
        "print({})",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("[1][-2]", "Index out of bounds: -2"), ("[1][1]", "Index out of bounds: 1"), ("[1][1.5]", "Index out of bounds: 1"), ("[1][9223372036854775807]", "Index out of bounds: 9223372036854775807"), ("[1][true]", "Invalid index operation"), ("[1][\"a\"]", "Invalid index operation"),
        ("{\"a\": 1}[\"b\"]", 'Missing map key: "b"'), ("{\"a\": 1}[0]", "Missing map key: 0"), ("{\"a\": 1}[1.0]", "Invalid index operation"), ("{}[[1]]", "Invalid index operation"), ("(P { x: 1 })[0]", "Invalid index operation"), ("true[0]", "Invalid index operation"), ("len[0]", "Invalid index operation"),
        ("mut a := [1]; a[1] := 0", "Index out of bounds: 1"), ("mut a := []; a[0] := 0", "Index out of bounds: 0"), ("mut a := [1]; a[-2] := 0", "Index out of bounds: -2"), ("mut a := [1]; a[\"0\"] := 0", "Invalid index assignment"), ("mut a := [1]; a[true] := 0", "Invalid index assignment"),
        ("mut d := {}; d[null] := 1", "Invalid index assignment"), ("mut d := {}; d[[1]] := 1", "Invalid index assignment"), ("mut x := 5; x[0] := 1", "Invalid index assignment"), ("mut x := null; x[\"a\"] := 1", "Invalid index assignment"),
        ("[1] + [2]", "Invalid binary operation: array + array"), ("{} + {}", "Invalid binary operation: dict + dict"), ("[...null]", "Array spread requires an array"), ("[...\"ab\"]", "Array spread requires an array"), ("{...null}", "Dict spread requires a dict"), ("{[]: 1}", "Dict keys must be strings"), ("{true: 1}", "Dict keys must be strings"),
    ],
)  # fmt: skip
def test_errors(caught, err, statement, message):
    assert caught(statement) == message
    assert err(f"func f() {{ {statement} }} f()") == message


def test_writing(rows):
    rows(
        {
            "mut a := [1, 2, 3]; a[-1] := 9; print(a)": "[1, 2, 9]", "mut d := {}; d[\"a\"] := 1; d[1] := 2; d[\"1\"] := 3; print(d, len(d))": '{"1": 3, "a": 1} 2',
            "mut d := {}; d[5] := 1; print(d, keys(d), len(d), has_key(d, 0), has_key(d, \"5\"))": '{"5": 1} [5] 1 0 1', "mut d := {}; d.a := 1; d.b := {}; d.b.c := 2; print(d, d.a, d.zz)": '{"a": 1, "b": {"c": 2}} 1 null',
            "mut m := [[1], [2]]; m[0][0] := 5; m[1] := m[0]; m[0][0] := 6; print(m)": "[[6], [5]]", "print(len({\"a\": 1}), len([1, 2]), len({}))": "1 2 0",
        },
    )  # fmt: skip


def test_order(rows):
    rows(
        {
            "for k in {\"b\": 1, \"a\": 2} { print(k) }": "b|a", "mut d := {\"z\": 1}; d[\"a\"] := 2; d[\"z\"] := 3; for k in d { print(k, d[k]) }": "z 3|a 2",
            "mut d := {3: 1}; d[1] := 2; for k in d { print(k, type(k)) } print(keys(d), values(d), items(d), d)": '3 string|1 string|[1, 3] [2, 1] [[1, 2], [3, 1]] {"1": 2, "3": 1}',
            "print(keys({\"b\": 1, \"a\": 2, \"B\": 3, \"é\": 4}), values({\"b\": 1, \"a\": 2}), items({\"b\": 1, \"a\": 2}))": "[B, a, b, é] [2, 1] [[a, 2], [b, 1]]",
            "print(keys({10: 1, 9: 2}), keys({10: 1, 9: 2, \"a\": 3}))": "[9, 10] [10, 9, a]", "d := {...{\"b\": 1, \"a\": 2}, \"c\": 3, \"b\": 4}; for k in d { print(k, d[k]) }": "b 4|a 2|c 3",
        }
    )  # fmt: skip


def test_equality_is_deep(rows):
    rows(
        {
            "[1, [2, {\"a\": 3}]] == [1, [2, {\"a\": 3}]]": "true", "[1, 2] == [2, 1]": "false", "{\"a\": 1, \"b\": 2} == {\"b\": 2, \"a\": 1}": "true", "[1] == [1.0]": "true", "[] == {}": "false", "{1: 2} == {\"1\": 2}": "true",
            "P { x: [1] } == P { x: [1] }": "true", "[1] != [1]": "false", "[null] == [null]": "true", "[[]] == [[0]]": "false", "\"1\" == 1": "false", "[1] == 1": "false",
        },
        "a := 0; print({})",
    )  # fmt: skip


def test_builtins_give_new_values(rows):
    rows(
        {
            "a := [1]; b := push(a, 2); print(a, b)": "[1] [1, 2]", "a := [1, 2]; r := pop(a); print(a, r)": "[1, 2] [[1], 2]", "a := [3, 1]; b := sort(a); print(a, b, reverse(a))": "[3, 1] [1, 3] [1, 3]",
            "d := {\"a\": 1}; r := remove(d, \"a\"); print(d, r)": '{"a": 1} [{}, 1]', "a := [1]; func f(x) { x[0] := 5; return x } print(f(a), a)": "[5] [1]", "a := [1]; b := a; b[0] := 2; print(a, b)": "[1] [2]",
        }
    )  # fmt: skip
