"""1.1, lexical rules, as programs show them; every mistake with its place is in ``tests/ruff/syntax/test_lexer.py``."""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError


def test_what_is_accepted(rows):
    rows(
        {
            "#!shebang\nprint(1) # c\nprint(2) // c\n/// doc\nprint(3) /* a\n * b */ print(4)": "1|2|3|4",
            "print(1)\r# c\rprint(2)\r\nprint(3)": "1|2|3",
            "print(1);;print(2) ; print(3);": "1|2|3",
            "x := 1 y := 2 print(x, y)": "1 2",
            "aé := 1; _x := 2; _ := 3; print(aé, _x)": "1 2",
            "Ok2 := 1; Some := 2; throw := 3; print(Ok2, Some, throw)": "1 2 3",
            "print(007, 9223372036854775807, 0.50, 100.0)": "7 9223372036854775807 0.5 100",
            r'print("a\n\t\r\\\"\$b")': 'a|\t|\\"$b',
            'x := 2; print("${x}${"n ${x + 1}"}", "\\${x}", "$x", "${{"a": {"b": x}}}")': '2n 3 ${x} $x {"a": {"b": 2}}',
            'print("' + "x" * 8192 + '" == repeat("x", 8192))': "true",
            "print(len([" + "1," * 4096 + "]))": "4096",
            "a" * 256 + " := 1; print(" + "a" * 256 + ")": "1",
        }
    )


@pytest.mark.parametrize(
    "text",
    ["é := 1", "x := 9223372036854775808", "x := -9223372036854775808", "x := 1_000", "x := 0x10", "x := 1e5", "x := 1.", 'x := "a\nb"',
     r'x := "\q"', "x := 'a'", "x := `a`", "/* open", "x := a & b", "x := a | b", "x := 1..2", "x := @", 'print("${1 2}")', 'print("${}")',
     "impl := 1", "from := 1", "default := 1", "int := 1", "test := 1", "async := 1", "x := [" + "1," * 4097 + "]", "a" * 257 + " := 1",
     "x := " + "(" * 300 + "1" + ")" * 300, "if true { " * 150 + "}" * 150],
)  # fmt: skip
def test_what_is_refused(see, text):
    with pytest.raises(DiagnosticError):
        see(text)


def test_keywords_as_field_names_are_a_superset(out):
    # The reference takes only identifiers after a dot; taking words too breaks no program.
    assert out('d := {"test": 1, "from": 2}; print(d.test, d.from)') == ["1 2"]
