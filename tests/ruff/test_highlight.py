"""The Pygments lexer: nothing is lost, whatever the text, and things are called what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pygments")

from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Token

from pagoda.languages.ruff.language import LANGUAGE


def tokens(text: str) -> list[tuple[object, str]]:
    """The tokens of a text, blanks apart."""
    return [(kind, part) for _, kind, part in LANGUAGE.lexer().get_tokens_unprocessed(text) if part.strip()]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# a", Comment.Single), ("// a", Comment.Single), ("/* a\nb */", Comment.Multiline), ("/* a", Comment.Multiline),
        ("if", Keyword), ("let", Keyword.Declaration), ("int", Keyword.Type), ("true", Keyword.Constant), ("null", Keyword.Constant),
        ("print", Name.Builtin), ("printer", Name), ("PI", Name.Constant), ("Ok", Name.Builtin.Pseudo), ("function", Name),
        ("12", Number.Integer), ("1.5", Number.Float), ("1_0", Error), (":=", Operator), ("|>", Operator), ("'", Error),
    ],
)  # fmt: skip
def test_single_tokens(text, kind):
    assert tokens(text) == [(kind, text)]


def test_definitions():
    assert tokens("func f") == [(Keyword.Declaration, "func"), (Name.Function, "f")]
    assert tokens("func* g")[-1] == (Name.Function, "g")
    assert tokens("struct P") == [(Keyword.Declaration, "struct"), (Name.Class, "P")]
    assert tokens("E::A") == [(Name.Class, "E"), (Operator, "::"), (Name.Constant, "A")]
    assert tokens("a.len") == [(Name, "a"), (Operator, "."), (Name.Attribute, "len")]


def test_strings_and_what_is_inside():
    found = tokens('"a ${f({"b": 1})} \\n" x')
    assert (String.Interpol, "${") in found
    assert (String.Interpol, "}") in found
    assert (Number.Integer, "1") in found
    assert (String.Escape, "\\n") in found
    assert found[-1] == (Name, "x")
    assert not [part for kind, part in found if kind is Error]


@pytest.mark.parametrize("open_text", ['"abc', '"${f(', '"${ {', '"${ "a'])
def test_a_mistake_ends_with_its_line(open_text):
    assert tokens(open_text + "\nlet")[-1] == (Keyword.Declaration, "let")


@given(st.text(alphabet='"\\${}ab1 .#/*\n\r:=(é', max_size=40))
def test_nothing_is_lost(text):
    found = list(LANGUAGE.lexer().get_tokens_unprocessed(text))
    assert "".join(part for _, _, part in found) == text
    assert all(kind in Token for _, kind, _ in found)


def test_the_examples_have_no_errors(root):
    for path in sorted((root / "examples/ruff").glob("*.ruff")):
        text = path.read_text(encoding="utf-8")
        assert not [part for kind, part in tokens(text) if kind is Error], path
