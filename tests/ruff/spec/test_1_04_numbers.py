"""1.4, what ``tests/ruff/semantics/test_numbers.py`` leaves: builtins give floats, special floats, epsilon at its edges, order by f64."""

from __future__ import annotations

import pytest

SPECIAL = "func times(k) { mut x := 1.0; for i in k { x := x * 10.0 } return x } inf := times(400); nan := inf - inf; "


def test_math_gives_floats(rows):
    calls = ("abs(-5)", "min(2, 1)", "max(1, 2)", "pow(2, 3)", "floor(7)", "ceil(7.2)", "round(2.5)", "sqrt(16)", "exp(0)", "log(1)", "sin(0)")
    rows(dict.fromkeys(calls, "float"), "print(type({}))")
    rows({"abs(-5)": "5", "round(2.5)": "3", "round(-2.5)": "-3", "round(0.49)": "0", "floor(-1.5)": "-2", "ceil(-1.5)": "-1", "pow(2, 0.5) == sqrt(2)": "true"}, "print({})")
    rows({"to_int(2.9)": "2", "to_int(-2.9)": "-2", "to_int(\"12\")": "12", "to_float(3)": "3", "type(to_float(3))": "float", "parse_int(\"-4\")": "-4", "sum([1, 2])": "3", "type(sum([1, 2.0]))": "float"}, "print({})")


def test_special_floats(rows):
    rows(
        {
            "inf": "inf", "-inf": "-inf", "nan": "NaN", "inf == inf": "true", "inf == -inf": "false", "inf != inf": "false", "nan == nan": "false", "nan != nan": "true",
            "inf > times(300)": "true", "nan < 1 || nan > 1 || nan <= 1 || nan >= 1": "false", "inf - inf == 0": "false", "inf == times(300)": "false", "1.0 / inf": "0", "-1.0 / inf": "-0",
            "inf % 2": "NaN", "2 % inf": "2", "0.0 * -1": "-0", "-0.0 == 0": "true", "[nan] == [nan]": "false", "inf * 0": "NaN",
        },
        SPECIAL + "print({})",
    )  # fmt: skip


def test_epsilon_at_its_edges(rows):
    rows(
        {
            "1.0 == 1.0000000000000002": "false", "1.0 == 1.0000000000000001": "true", "0.5 == 0.5000000000000001": "true", "0.5 == 0.5000000000000002": "false",
            "0.0 == 0.000000000000000222": "true", "0.0 == 0.000000000000000223": "false", "0 == 0.0000000000000001": "true", "0 != 0.0000000000000001": "false",
            "9007199254740993 == 9007199254740992.0": "true", "9007199254740993 == 9007199254740992": "false", "0.0000000000000001 < 0.0000000000000002": "true",
            "[0.1 + 0.2] == [0.3]": "true", "{\"a\": 0.1 + 0.2} == {\"a\": 0.3}": "true", "contains([0.3], 0.1 + 0.2)": "true",
        },
        "print({})",
    )  # fmt: skip


def test_texts(rows):
    rows(
        {
            "1.0": "1", "-1.50": "-1.5", "0.1": "0.1", "123456789.125": "123456789.125", "1.0 / 3": "0.3333333333333333", "100000000000000000000.0": "100000000000000000000",
            "12345678901234567890.0": "12345678901234567000", "0.0000001": "0.0000001", "0.00000000000000000001": "0.00000000000000000001", "2.0 / 3": "0.6666666666666666",
            "-9223372036854775807 - 1": "-9223372036854775808",
        },
        "print({})",
    )  # fmt: skip


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_order_takes_pairs_of_numbers_or_of_strings(caught, operator):
    for left, right, names in (
        ('"a"', "1", "string {} int"), ("1", '"a"', "int {} string"), ("null", "null", "null {} null"), ("true", "false", "bool {} bool"), ("[1]", "[2]", "array {} array"),
        ("{}", "{}", "dict {} dict"), ("P { }", "P { }", "struct {} struct"), ("Ok(1)", "Ok(2)", "value {} value"), ("1.5", "null", "float {} null"),
    ):  # fmt: skip
        assert caught(f"a := {left}; b := {right}; a {operator} b") == f"Invalid binary operation: {names.format(operator)}"


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%"])
def test_an_overflow_names_operands_and_operator(caught, operator):
    left, right = {"+": ("9223372036854775807", "9223372036854775807"), "-": ("(-9223372036854775807 - 1)", "1")}.get(
        operator, ("(-9223372036854775807 - 1)", "-1")
    )
    shown = left if left[0] == "9" else "-9223372036854775808"
    assert caught(f"a := {left}; b := {right}; a {operator} b") == f"Integer overflow: {shown} {operator} {right}"
