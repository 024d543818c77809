"""Regular expressions: the syntax and meaning of Rust's ``regex`` crate, and an end to every search."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.library import patterns, registry
from pagoda.languages.ruff.library.pattern_parser import PatternError, read
from pagoda.languages.ruff.library.pattern_spelling import LinearSpelling, Spelling, Unsupported
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state

FOUND = [
    (r"\d+", "a12 ١٢", ["12", "١٢"]),
    (r"(?-u)\d+", "a12 ١٢", ["12"]),
    (r"(?-u:\w)\w", "aé éa", ["aé"]),
    (r"\w+", "größe x_1 日本", ["größe", "x_1", "日本"]),
    (r"\b\w", "über all", ["ü", "a"]),
    (r"\b{start}\w|\w\b{end}", "ab c", ["a", "b", "c"]),
    (r"\s", "a\u00a0b\u2003c\x1c", ["\u00a0", "\u2003"]),
    (r"abc$", "abc\n", []),
    (r"abc\z", "abc", ["abc"]),
    (r"(?m)^\w$", "a\nbb\nc", ["a", "c"]),
    (r"(?mR)^.$", "a\r\nb", ["a", "b"]),
    (r"a.c", "a\nc abc", ["abc"]),
    (r"(?s)a.c", "a\nc", ["a\nc"]),
    (r"(?i)STRASSE", "strasse straße", ["strasse"]),
    (r"(?i)äö", "ÄÖ", ["ÄÖ"]),
    (r"(?i)[a-c]+|x(?-i)Y", "ABC XY Xy", ["ABC", "XY"]),
    (r"a(?i)b|c", "aB C b", ["aB", "C"]),
    (r"(?x) a \ b  # both" + "\n c", "a bc", ["a bc"]),
    (r"(?U)a+", "aaa", ["a", "a", "a"]),
    (r"(?U)a+?", "aaa", ["aaa"]),
    (r"a**", "aa", ["aa", ""][:1]),
    (r"a*", "baac", ["", "aa", ""]),
    (r"a|ab", "ab", ["a"]),
    (r"x{2,3}", "xxxxx", ["xxx", "xx"]),
    (r"x{,2}y", "xxxy", ["xxy"]),
    (r"[]a]+", "]a[", ["]a"]),
    (r"[a-]+", "a-b", ["a-"]),
    (r"[^a]", "ab", ["b"]),
    (r"[[:alpha:]_]+", "aé_1", ["a", "_"]),
    (r"[[:^digit:]]+", "a1b", ["a", "b"]),
    (r"[a-z&&[^aeiou]]+", "hello", ["h", "ll"]),
    (r"[\w--\d]+", "a1b", ["a", "b"]),
    (r"[a-c~~b-d]+", "abcd", ["a", "d"]),
    (r"[^\W\d]+", "a1_", ["a", "_"]),
    (r"\p{Greek}+|\pL", "Ελ a", ["Ελ", "a"]),
    (r"\P{L}", "a1", ["1"]),
    (r"\x41\x{42}\u0043\U00000044", "ABCD", ["ABCD"]),
    (r"\.\+\*\#\-\&\~\ ", ".+*#-&~ ", [".+*#-&~ "]),
    (r"\a\f\t\n\r\v", "\a\f\t\n\r\v", ["\a\f\t\n\r\v"]),
    ("", "ab", ["", "", ""]),
    (r"(?:)|a", "a", ["", ""]),
]

INVALID = [
    "(", ")", "[", "*", "a{", "a{1", "a{x}", "a{2,1}", "a{,}", "(?=a)", "(?<=a)", "(?!a)", r"(a)\1", r"\y", r"\8", "(?P<1>a)",
    "(?P<a>x)(?P<a>y)", "[b-a]", r"[a-\d]", "(?z)", "(?i", "(?i-)", "(?#c)", "(?>a)", "(?P=a)", r"\p{Nope}", r"\x{110000}",
    r"\x{d800}", r"\xg0", "|*", "^(*)", "(" * 300 + ")" * 300, "a{1000}{1000}", "(?P>a)", "[]", r"\K",
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "expected"), FOUND)
def test_what_is_found(call, pattern: str, text: str, expected: list[str]) -> None:
    assert call("regex_find_all", text, pattern).items == expected


@pytest.mark.parametrize("pattern", INVALID)
def test_an_invalid_pattern_is_no_error(call, shown, pattern: str) -> None:
    assert call("regex_match", "a)(*{", pattern) is False
    assert shown("regex_find_all", "aa", pattern) == "[]"
    assert call("regex_replace", "aa", pattern, "b") == "aa"
    assert shown("regex_split", "aa", pattern) == "[aa]"


@pytest.mark.parametrize(("pattern", "text", "expected"), FOUND)
def test_the_linear_engine_agrees(pattern: str, text: str, expected: list[str]) -> None:
    re2 = pytest.importorskip("re2")
    try:
        compiled = re2.compile(LinearSpelling(text.isascii()).inner(read(pattern).tree))
    except Unsupported:
        return
    scan = patterns._Scan(text, 100)
    scan.run_linear(compiled)
    assert [match.group(0) for match in scan.matches] == expected


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("$2 $1", "smith john!"),
        ("${last}-$first", "smith-john!"),
        ("$$1", "$1!"),
        ("$0$0", "john smithjohn smith!"),
        ("$3|$nope|${nope}|$1x|", "|||" + "|!"),
        ("${1}x", "johnx!"),
        ("$", "$!"),
        ("$ ${1", "$ ${1!"),
        ("\\1", "\\1!"),
    ],
)
def test_replacements(call, replacement: str, expected: str) -> None:
    assert call("regex_replace", "john smith!", r"(?P<first>\w+) (?<last>\w+)", replacement) == expected


def test_pieces(shown) -> None:
    assert shown("regex_split", "a1b22c", r"\d+") == "[a, b, c]"
    assert shown("regex_split", "abc", "") == "[, a, b, c, ]"
    assert shown("regex_replace", "baac", "a*", "-") == "-b-c-"
    assert shown("regex_replace", "a", "(b)|a", "[$1]") == "[]"


CATASTROPHE = ("a" * 60 + "!", "(a|aa)+$")


def test_a_catastrophic_pattern_still_has_an_answer(call, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("re2")
    monkeypatch.setattr(patterns, "PATIENCE", 0.05)
    assert call("regex_match", *CATASTROPHE) is False


def test_without_the_linear_engine_it_is_given_up(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "PATIENCE", 0.02)
    monkeypatch.setattr(patterns, "GIVE_UP", 0.05)
    monkeypatch.setattr(patterns._Compiled, "linear", lambda self, text: None)
    with pytest.raises(RuffError, match=r"regex_match\(\) gave up after 0.05 seconds: the pattern backtracks too much"):
        call("regex_match", *CATASTROPHE)


def test_limits_end_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns._Compiled, "linear", lambda self, text: None)
    monkeypatch.setattr(patterns, "GIVE_UP", 2.0)
    state = make_state(lambda text: None, Limits(timeout=0.1))
    with pytest.raises(LimitError, match="Time limit"):
        state.call_builtin(registry.get("regex_match"), list(CATASTROPHE), state.frame, (0, 0))


_PARTS = st.sampled_from(
    ["a", "b", "é", ".", "^", "$", "|", "(", ")", "(?:", "(?i)", "(?x)", "[", "]", "^", "-", "&&", "*", "+", "?", "{1,2}", "\\", "d",
     "w", "W", "p", "{L}", "#", " ", "x", "{41}", "(?P<n>", ":", "[:alpha:]", "b", "~~"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(_PARTS, max_size=9).map("".join))
def test_what_can_be_read_can_be_spelled(text: str) -> None:
    import regex

    try:
        tree = read(text).tree
    except PatternError:
        return
    try:
        regex.compile(Spelling().inner(tree), regex.VERSION1).search("ab é\n", timeout=5)
    except regex.error as error:
        if "property" not in str(error):  # only the engine knows which properties there are
            raise
