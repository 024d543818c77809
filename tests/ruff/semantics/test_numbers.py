"""Numbers: checked ints, floats, their mixes, their text, their order and equality; the error of every operator."""

from __future__ import annotations

import pytest

MAX = "9223372036854775807"
MIN = "(-9223372036854775807 - 1)"
MIN_TEXT = "-9223372036854775808"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("7 / 2", "3"), ("-7 / 2", "-3"), ("7 / -2", "-3"), ("-7 / -2", "3"), ("-7 % 3", "-1"), ("7 % -3", "1"), ("-6 % 3", "0"),
        (f"{MAX} + 0", MAX), (f"{MIN} - 0", MIN_TEXT), (f"{MIN} / 1", MIN_TEXT), (f"{MIN} % 2", "0"), (f"{MAX} % {MIN}", MAX),
        ("3037000499 * 3037000499", "9223372030926249001"), (f"-{MAX}", "-9223372036854775807"), ("0 * -1", "0"),
        ("1 + 0.5", "1.5"), ("1.0 + 2", "3"), ("7.0 / 2", "3.5"), ("7 / 2.0", "3.5"), ("-7.5 % 2", "-1.5"), ("7 % 2.5", "2"),
        ("0.1 + 0.2", "0.30000000000000004"), ("1.0 * 3", "3"), ("-0.0", "-0"), ("0.0 * -1", "-0"), ("0 - 0.0", "0"),
        ("-(0.0)", "-0"), ("1.0", "1"), ("100000000000000000000.0", "100000000000000000000"), ("0.0000001", "0.0000001"),
        ("1.5 - 0.5", "1"), (f"{MAX} + 0.0", "9223372036854776000"), ("2 * 2.5", "5"),
    ],
)  # fmt: skip
def test_arithmetic(out, expression, text):
    # Once with constants, which the compiler may fold, and once with variables.
    assert out(f"print({expression})") == [text]
    assert out(f"func same(x) {{ return x }} print({variables(expression)})") == [text]


def variables(expression: str) -> str:
    """The expression with every number passed through a call, so that nothing is known at compile time."""
    import re

    return re.sub(r"\d+(\.\d+)?", lambda number: f"same({number[0]})", expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (f"{MAX} + 1", f"Integer overflow: {MAX} + 1"), (f"{MIN} - 1", f"Integer overflow: {MIN_TEXT} - 1"),
        (f"{MIN} + -1", f"Integer overflow: {MIN_TEXT} + -1"), (f"{MAX} * 2", f"Integer overflow: {MAX} * 2"),
        (f"{MIN} * -1", f"Integer overflow: {MIN_TEXT} * -1"), (f"{MIN} / -1", f"Integer overflow: {MIN_TEXT} / -1"),
        (f"{MIN} % -1", f"Integer overflow: {MIN_TEXT} % -1"), (f"-{MIN}", f"Integer overflow: -({MIN_TEXT})"),
        ("1 / 0", "Division by zero"), ("1 / 0.0", "Division by zero"), ("1.5 / 0", "Division by zero"), ("0 / 0", "Division by zero"),
        ("1 / -0.0", "Division by zero"), ("1 % 0", "Modulo by zero"), ("1.5 % 0.0", "Modulo by zero"), ("1 % 0.0", "Modulo by zero"),
        ('"a" + 1', "Invalid binary operation: string + int"), ('1 + "a"', "Invalid binary operation: int + string"),
        ('"=" * 40', "Invalid binary operation: string * int"), ("[1] + [2]", "Invalid binary operation: array + array"),
        ("null - 1", "Invalid binary operation: null - int"), ("true + true", "Invalid binary operation: bool + bool"),
        ("{} / 2", "Invalid binary operation: dict / int"), ("1.5 % []", "Invalid binary operation: float % array"),
        ('-"a"', "Invalid unary operation: - string"), ("-null", "Invalid unary operation: - null"), ("!1", "Invalid unary operation: ! int"),
        ("!null", "Invalid unary operation: ! null"), ('1 < "a"', "Invalid binary operation: int < string"),
        ('"a" >= 1.5', "Invalid binary operation: string >= float"), ("[1] > [0]", "Invalid binary operation: array > array"),
        ("null <= null", "Invalid binary operation: null <= null"), ("true < false", "Invalid binary operation: bool < bool"),
    ],
)  # fmt: skip
def test_errors_of_operators(err, caught, expression, message):
    assert err(f"print({expression})") == message
    assert caught(f"print({variables(expression)})", "func same(x) { return x }") == message


@pytest.mark.parametrize(
    ("operator", "message"),
    [("+=", "+ 1"), ("-=", "- 1"), ("*=", "* 2"), ("/=", "/ -1"), ("%=", "% -1")],
)
def test_a_failed_compound_assignment_leaves_the_variable(out, operator, message):
    start = MAX if operator in ("+=", "*=") else MIN
    right = message.split()[1]
    assert out(f"mut x := {start} try {{ x {operator} {right} }} except e {{ print(e.message) }} print(x)") == [
        f"Integer overflow: {start if start == MAX else MIN_TEXT} {message}", start if start == MAX else MIN_TEXT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("1 < 2", True), ("2 <= 2", True), ("2 < 2", False), ("1 < 1.5", True), ("1.5 < 1", False), ("2 >= 1.5", True),
        (f"{MAX} < 9223372036854775807.0", False), (f"{MAX} == 9223372036854775807.0", True), ("9007199254740993 < 9007199254740992.0", False),
        ('"a" < "b"', True), ('"a" < "B"', False), ('"é" > "z"', True), ('"" < "a"', True), ('"ab" < "b"', True), ('"😀" > "é"', True),
        ("0.1 + 0.2 == 0.3", True), ("0.1 + 0.2 != 0.3", False), ("1 == 1.0", True), ("1 == 1.0000000000000001", True),
        ("1.0 == 1.0000001", False), ("0.0 == -0.0", True), ("0 == false", False), ("null == false", False), ('1 == "1"', False),
        ("null == null", True), ("[1, 2] == [1, 2]", True), ("[1] == [1.0]", True), ("[1, [2]] == [1, [3]]", False),
        ('{"a": 1, "b": 2} == {"b": 2, "a": 1}', True), ('{"a": 1} == {"a": 2}', False), ("true != false", True), ('"a" == "a"', True),
        ("(P { x: 1 } == P { x: 1 })", True), ("(P { x: 1 } == Q { x: 1 })", False), ("(P { x: 1 } == P { x: 1, y: 2 })", False),
        ("Ok(1) == Ok(1)", True), ("Ok(1) == Err(1)", False), ("None == None", True), ("None == null", False), ("E::A(1) == E::A(1)", True),
    ],
)  # fmt: skip
def test_order_and_equality(out, expression, truth):
    text = "true" if truth else "false"
    program = f"func same(x) {{ return x }} v := {expression}; print(v); if {expression} {{ print(true) }} else {{ print(false) }}"
    assert out(program) == [text, text]
    assert out(f"func same(x) {{ return x }} print({variables(expression)})") == [text]
    assert out(f"mut n := 0; while {variables(expression)} {{ n += 1; if n > 2 {{ break }} }} print(n > 2)"
               .replace("mut n", "func same(x) { return x } mut n")) == [text]


def test_a_nan_equals_nothing_and_has_no_order(out):
    nan = "func inf() { mut x := 10.0; for i in 400 { x := x * 10.0 } return x } n := inf() - inf();"
    assert out(nan + "print(n == n, n != n, n < n, n <= n, n > 1, n >= 1, 1 < n, n)") == [
        "false true false false false false false NaN"
    ]
    assert out(nan + 'if n < 1 { print("a") } else { print("b") } if n >= 1 { print("c") } if n != n { print("d") }') == ["b", "d"]
    assert out(nan + "print(inf(), -inf(), inf() == inf(), inf() == -inf(), inf() % 2, [n] == [n])") == [
        "inf -inf true false NaN false"
    ]


def test_only_small_differences_of_floats_count_as_equal(out):
    assert out("print(1.0 == 1.0 + 0.0000000000000001, 1000000.0 == 1000000.00000000001, 0.0 == 0.0000000000000002)") == [
        "true true true"
    ]
    assert out("print(0.0 == 0.0000000000000003)") == ["false"]
