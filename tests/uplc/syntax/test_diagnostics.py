"""What the front end says, as a person sees it."""

from __future__ import annotations

import re

import pytest

from pagoda.languages.uplc.syntax import constants, literals, parser, reader, type_parser, value_literal
from pagoda.languages.uplc.syntax.reader import MISTAKES
from pagoda.machine.source import DiagnosticError

from . import reading

SHOWN = [
    (
        "(program 1.0.0\n  (lam x (builtin addinteger)))",
        """error[UPLPARSE003]: Unknown builtin 'addinteger'
 --> test.uplc:2:19
  |
2 |   (lam x (builtin addinteger)))
  |                   ^^^^^^^^^^
  = hint: did you mean 'addInteger'?""",
    ),
    (
        "(program 1.0.0 (lam x\n  (delay [x x)))",
        """error[UPLPARSE001]: Expected a term or ']', found ')'
 --> test.uplc:2:14
  |
2 |   (delay [x x)))
  |              ^
  = note: '[' of line 2, column 10 is open here""",
    ),
    (
        "(program 1.0.0 {- one {- two -}\n(con data I 5))",
        """error[UPLPARSE010]: Unterminated comment
 --> test.uplc:1:16
  |
1 | (program 1.0.0 {- one {- two -}
  |                ^^
  = hint: a block comment ends with '-}'; such comments nest""",
    ),
    (
        "(program 1.0.0 {- a comment -} (con data I 5))",
        """error[UPLPARSE005]: Expected '(' and data, found 'I'
 --> test.uplc:1:42
  |
1 | (program 1.0.0 {- a comment -} (con data I 5))
  |                                          ^
  = hint: data that is a constant of its own stands in parentheses: (con data (I 5))""",
    ),
    (
        "",
        """error[UPLPARSE001]: Expected '(program', found the end of the text
 --> test.uplc:1:1
  |
1 |
  | ^
  = hint: a program is written '(program 1.0.0 term)'""",
    ),
    (
        "\ufeff(program 1.0.0 (error))",
        """error[UPLPARSE001]: Expected '(program', found 'U+FEFF'
 --> test.uplc:1:1
  |
1 | \\u{feff}(program 1.0.0 (error))
  | ^^^^^^^^
  = hint: save the file as UTF-8 without a byte order mark""",
    ),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_shown(text, shown):
    with pytest.raises(DiagnosticError) as caught:
        reading.program(text)
    assert caught.value.render() == shown


@pytest.mark.parametrize(
    ("term", "hint"),
    [
        ("(var x)", "a variable is written as its name alone"),
        ("(apply (error) (error))", "an application is written '[f x]'"),
        ("(buildin addInteger)", "did you mean 'builtin'?"),
        ("(lambda (error) (error))", "the name here is 'bda', for a keyword ends where its letters do; put a space behind it"),
        ("(force (error) (error))", "an application of several terms is written '[f x y]'"),
        ("addInteger", "a builtin is written '(builtin addInteger)'"),
        ("error", "write '(error)'"),
        ("True", "write '(con bool True)'"),
        ("force", "what begins with a keyword stands in parentheses: '(force ...)'"),
        ("(con boolean True)", "the type here is 'bool', for its name ends where the last letter of a type does"),
        ("(con strin \"a\")", "did you mean 'string'?"),
        ("(con string 'a')", 'strings are written with double quotes: "text"'),
        ("(con (list data) [(I 5)])", "data inside something else has no parentheses"),
        ("(con integer 0.5)", "numbers are integers; there are no fractions"),
        ("(con list [])", "write (list T), with a type for T"),
        ("(lam a- (error))", "a '-' in a name comes before a number that ends it; other names stand between backticks: `a-b`"),
        ("\u201cx\u201d", 'strings are written with straight double quotes: "text"'),
    ],
)  # fmt: skip
def test_hints(term, hint):
    assert reading.rejected(f"(program 1.0.0 {term})").hint == hint


def test_every_code_is_in_the_list():
    used = set()
    for module in (constants, literals, parser, reader, type_parser, value_literal):
        with open(str(module.__file__), encoding="utf-8") as file:
            used |= set(re.findall(r"UPLPARSE\d{3}", file.read()))
    assert used == set(MISTAKES)


def test_long_words_are_cut():
    found = reading.rejected(f"(program 1.0.0 (builtin {'a' * 10000}))")
    assert len(found.message) < 100
    found = reading.rejected(f"(program 1.0.0 (con integer {'a' * 10000}))")
    assert len(found.message) < 100
