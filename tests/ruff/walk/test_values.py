"""Numbers, strings, arrays and dicts (language sections 1.4 to 1.6) and the sharing of containers."""

from __future__ import annotations

import pytest

BIG = 9223372036854775807

EXPRESSIONS = [
    ("7 / 2", "3"),
    ("-7 / 2", "-3"),
    ("-7 % 3", "-1"),
    ("7 % -3", "1"),
    ("7.5 % 2", "1.5"),
    ("1 + 2.5", "3.5"),
    ("3.0", "3"),
    ("100000000000.0 * 1000000000.0", "100000000000000000000"),
    ("1.0 / 10000000.0", "0.0000001"),
    ("0.1 + 0.2 == 0.3", "true"),
    ("0.1 + 0.2 != 0.3", "false"),
    ("1 == 1.0", "true"),
    ('1 == "1"', "false"),
    ("true == 1", "false"),
    ("null == null", "true"),
    ("[1, [2.0]] == [1, [2]]", "true"),
    ('{"a": 1} == {"a": 1}', "true"),
    ("2 < 2.5", "true"),
    ('"a" < "b"', "true"),
    ('"a" + "b"', "ab"),
    ('"héllo"[1]', "é"),
    ('"abc"[-1]', "c"),
    ('len("héllo")', "5"),
    ('[1, "a", null, [true]]', "[1, a, null, [true]]"),
    ('{"b": [1], "a": "x"}', '{"a": x, "b": [1]}'),
    ("Ok(1)", "Ok(1)"),
    ("Some([1])", "Some([1])"),
    ("None", "None"),
    ("-0.0", "-0"),
    ("!true", "false"),
    ("null ?? 5", "5"),
    ("0 ?? 5", "0"),
    ('1 && "x"', "true"),
    ('0 || ""', "false"),
    ("[] || {}", "false"),
    ("type(abs(-5))", "float"),
    ("[...[1, 2], 3]", "[1, 2, 3]"),
    ('{...{"a": 1, "b": 1}, "a": 2}', '{"a": 2, "b": 1}'),
    ("print", "<native function: print>"),
    ("func() { }", "<unknown>"),
    ('"sum: ${1 + 2} ${"x"} ${[1]}"', "sum: 3 x [1]"),
    ("null?.a", "null"),
    ("{}.missing", "null"),
    ("[10, 20][-1]", "20"),
    ("[10, 20][1.7]", "20"),
    ("5 |> to_string", "5"),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS)
def test_expression(run, expression: str, expected: str) -> None:
    assert run(f"print({expression})") == [expected]


FAILURES = [
    (f"{BIG} + 1", f"Integer overflow: {BIG} + 1"),
    (f"-{BIG} - 2", f"Integer overflow: -{BIG} - 2"),
    (f"{BIG} * 2", f"Integer overflow: {BIG} * 2"),
    (f"(-{BIG} - 1) / -1", f"Integer overflow: -{BIG + 1} / -1"),
    (f"-(-{BIG} - 1)", f"Integer overflow: -(-{BIG + 1})"),
    ("1 / 0", "Division by zero"),
    ("1.5 / 0.0", "Division by zero"),
    ("1 % 0", "Modulo by zero"),
    ('"a" + 1', "Invalid binary operation: string + int"),
    ('"a" < 1', "Invalid binary operation: string < int"),
    ("[1] + [2]", "Invalid binary operation: array + array"),
    ("print - 1", "Invalid binary operation: native_function - int"),
    ("!0", "Invalid unary operation: ! int"),
    ('-"a"', "Invalid unary operation: - string"),
    ("[1][5]", "Index out of bounds: 5"),
    ('{"a": 1}["z"]', 'Missing map key: "z"'),
    ('{"a": 1}[5]', "Missing map key: 5"),
    ("nope", "Undefined variable: nope"),
    ("nope()", "Undefined variable: nope"),
    ("1[0]", "Invalid index operation"),
    ("(P { x: 1 }).y", "Field not found: y"),
    ("(5).x", "Cannot access field or method 'x' on non-struct value"),
    (
        "5()",
        "Cannot call non-function; the value being called is not callable. "
        "Pass a function, closure, or imported callable value instead.",
    ),
    ("len(1, 2)", "len expects 1 arguments, got 2"),
    ("5?", "Try operator requires Result or Option"),
]


@pytest.mark.parametrize(("expression", "message"), FAILURES)
def test_failure(fail, run, expression: str, message: str) -> None:
    assert fail(f"x := {expression}") == message
    assert run(f"try {{ x := {expression} }} except e {{ print(e.message) }}") == [message]


def test_values_are_copied(run) -> None:
    assert run(
        """
        a := [1, [2, 3]]
        b := a
        b[0] := 9
        b[1][0] := 8
        print(a, b)
        func change(x) { x[0] := 7  return x }
        print(change(a), a)
        d := {"k": [1]}
        e := d
        e["k"][0] := 5
        e["n"] := 1
        print(d, e)
        p := P { q: Q { x: 1 } }
        r := p
        r.q.x := 2
        print(p, r)
        """
    ) == [
        "[1, [2, 3]] [9, [8, 3]]",
        "[7, [2, 3]] [1, [2, 3]]",
        '{"k": [1]} {"k": [5], "n": 1}',
        "P { q: Q { x: 1 } } P { q: Q { x: 2 } }",
    ]


def test_children_taken_out_are_copies(run) -> None:
    assert run(
        """
        m := [[1], [2]]
        row := m[0]
        row[0] := 9
        m[1][0] := 8
        print(m, row)
        last := pop(m)
        last[1][0] := 7
        print(m, last)
        for r in m { r[0] := 5 }
        print(m)
        c := concat(m, [[3]])
        c[0][0] := 4
        print(m, c)
        g := get({"a": [1]}, "a")
        g[0] := 2
        n := [m, m]
        n[0][0][0] := 6
        print(n, m)
        """
    ) == [
        "[[1], [8]] [9]",
        "[[1], [8]] [[[1]], [7]]",
        "[[1], [8]]",
        "[[1], [8]] [[4], [8], [3]]",
        "[[[6], [8]], [[1], [8]]] [[1], [8]]",
    ]


def test_globals_seen_through_functions(run) -> None:
    assert run(
        """
        mut g := [1, 2]
        func touch() { g[0] := 9  return 0 }
        func see(a, b) { return a }
        print(see(g, touch()), g)
        func give() { return g }
        taken := give()
        taken[1] := 5
        print(taken, g)
        mut h := [[1]]
        func poke() { h[0][0] := 2  return 0 }
        print([h[0], poke()], h)
        """
    ) == ["[1, 2] [9, 2]", "[9, 5] [9, 2]", "[[1], 0] [[2]]"]


def test_push_to_itself(run) -> None:
    assert run(
        """
        a := []
        i := 0
        while i < 3 { a := push(a, i)  i := i + 1 }
        b := a
        a := push(a, 3)
        a := push(a, a)
        a[4][0] := 9
        print(a, b)
        """
    ) == ["[0, 1, 2, 3, [9, 1, 2, 3]] [0, 1, 2]"]


def test_dict_keys(run) -> None:
    assert run(
        """
        d := {}
        d["1"] := "a"
        d[1] := "b"
        d["01"] := "c"
        d[10] := "x"
        print(d, len(d), keys(d))
        e := {"b": 1, "a": 2}
        for k in e { print(k) }
        e.c := 3
        print(e.c)
        """
    ) == ['{"01": c, "1": b, "10": x} 3 [01, 1, 10]', "b", "a", "3"]
