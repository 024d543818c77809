"""Tokens, their places, and every lexical mistake."""

from __future__ import annotations

import time

import pytest

from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.languages.ruff.syntax.tokens import KEYWORDS, PUNCTUATION, Template, TemplateText
from pagoda.machine.source import Source


def kinds(text: str) -> list[str]:
    tokens, findings = tokenize(Source("s", text))
    assert findings == []
    assert tokens[-1].kind == "end"
    return [token.kind for token in tokens[:-1]]


def values(text: str) -> list[object]:
    tokens, findings = tokenize(Source("s", text))
    assert findings == []
    return [token.value for token in tokens[:-1]]


def codes(text: str) -> list[str]:
    return [finding.code for finding in tokenize(Source("s", text))[1]]


def test_words_and_punctuation() -> None:
    assert kinds(" ".join(sorted(KEYWORDS))) == sorted(KEYWORDS)
    assert kinds(" ".join(PUNCTUATION)) == list(PUNCTUATION)
    assert kinds("Ok Err Some None throw _ print letx _1 aé") == ["identifier"] * 10


def test_longest_punctuation_wins() -> None:
    assert kinds("1:=2::3:4=5==6")[1::2] == [":=", "::", ":", "=", "=="]
    assert kinds("?.???..|>||...") == ["?.", "??", "?.", ".", "|>", "||", "..."]


def test_spans_are_exact() -> None:
    text = 'x := 12 + "añb" // c\n>= /* d */ 1.5'
    tokens, _ = tokenize(Source("s", text))
    assert [text[token.start : token.end] for token in tokens] == ["x", ":=", "12", "+", '"añb"', ">=", "1.5", ""]


@pytest.mark.parametrize("comment", ["# a", "// a", "/// a", "/* a\n * b */", "#!x\r", "/**/", "/***/", "/* /* */"])
def test_comments_separate_tokens(comment: str) -> None:
    assert values(f"a{comment}\nb") == ["a", "b"]


def test_a_lone_carriage_return_ends_a_comment() -> None:
    assert values("# x\ra\r\nb") == ["a", "b"]


def test_numbers() -> None:
    assert values("0 007 9223372036854775807 1.5 0.25 3.0") == [0, 7, 2**63 - 1, 1.5, 0.25, 3.0]
    assert kinds("5.x") == ["integer", ".", "identifier"]
    assert kinds("1..2") == ["integer", "..", "integer"]
    assert values("0" * 100 + "1") == [1]


def test_escapes() -> None:
    assert values(r'"\n\t\r\\\"\$"') == ['\n\t\r\\"$']
    assert values(r'"a$b \${x} $$"') == ["a$b ${x} $$"]
    assert values('""') == [""]


def test_interpolation_has_real_positions() -> None:
    text = 'p("a ${x + f({"k": 1})} b${y}")'
    tokens, findings = tokenize(Source("s", text))
    assert findings == []
    template = tokens[2].value
    assert isinstance(template, Template)
    first, hole, middle, last = template.parts
    assert first == TemplateText("a ", 3, 5)
    assert isinstance(middle, TemplateText)
    assert text[middle.start : middle.end] == middle.text == " b"
    for part in (hole, last):
        assert isinstance(part, list)
        for token in part[:-1]:
            assert text[token.start : token.end].strip('"') == str(token.value)
    assert text[hole[-1].start] == "}"


def test_a_string_inside_an_interpolation() -> None:
    tokens, findings = tokenize(Source("s", '"a ${"b"} c"'))
    assert findings == []
    assert [token.kind for token in tokens] == ["template", "end"]


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("x := @", "RUFLEX001", (5, 6)),
        ("é := 1", "RUFLEX001", (0, 1)),
        ("x\0y", "RUFLEX002", (1, 2)),
        ('"a\0b"', "RUFLEX002", (2, 3)),
        ("# \0", "RUFLEX002", (2, 3)),
        ('x := "abc', "RUFLEX003", (5, 9)),
        ('"abc\n"', "RUFLEX003", (0, 4)),
        ('"abc\\', "RUFLEX003", (0, 5)),
        ('"a ${b"', "RUFLEX003", (3, 5)),
        ("a /* b", "RUFLEX004", (2, 4)),
        ("/*/", "RUFLEX004", (0, 2)),
        (r'"a\q"', "RUFLEX005", (2, 4)),
        ("9223372036854775808", "RUFLEX006", (0, 19)),
        ("1" * 5000, "RUFLEX006", (0, 5000)),
        ("9" * 400 + ".0", "RUFLEX006", (0, 402)),
        ("1_000", "RUFLEX007", (0, 5)),
        ("0x1F", "RUFLEX007", (0, 4)),
        ("1.5e3", "RUFLEX007", (0, 5)),
        ("a" * 257, "RUFLEX008", (0, 257)),
        ('"' + "a" * 8193 + '"', "RUFLEX009", (0, 8195)),
        ('"' + "${abcd}" * 2500 + '"', "RUFLEX009", (0, 17_502)),
        ("#" + "é" * 600_000, "RUFLEX010", (0, 1)),
        ("\ud800", "RUFLEX001", (0, 1)),
    ],
)
def test_mistakes(text: str, code: str, span: tuple[int, int]) -> None:
    first = tokenize(Source("s", text))[1][0]
    assert (first.code, first.span) == (code, span)
    assert first.severity == "error"


def test_limits_are_inclusive() -> None:
    assert codes("a" * 256) == []
    assert codes('"' + "a" * 8192 + '"') == []
    assert codes(" " * 1_048_576) == []
    assert codes(" " * 1_048_577) == ["RUFLEX010"]


def test_messages_name_what_is_wrong() -> None:
    assert tokenize(Source("s", "1_000"))[1][0].message == "Malformed numeric literal: 1_000"
    assert tokenize(Source("s", "~"))[1][0].message == "Invalid character: '~'"


def test_the_lexer_goes_on_after_a_mistake() -> None:
    tokens, findings = tokenize(Source("s", 'a @ 1_0 "\\q" b\n"c\nd'))
    assert [finding.code for finding in findings] == ["RUFLEX001", "RUFLEX007", "RUFLEX005", "RUFLEX003"]
    assert [token.kind for token in tokens] == ["identifier", "integer", "text", "identifier", "text", "identifier", "end"]


def test_at_most_twenty_findings() -> None:
    assert len(codes("@ " * 5000)) == 20


@pytest.mark.parametrize("unit", ["x+", "(", '""', "1 ", '"${a}"', "/**/", "{\n"])
def test_a_full_size_file_is_fast(unit: str) -> None:
    text = unit * (1_048_576 // len(unit))
    started = time.process_time()  # the machine may be busy with other things
    tokenize(Source("s", text))
    assert time.process_time() - started < 8
