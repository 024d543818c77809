"""Terms as they are written: forms, names, space, versions, and what is refused."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Apply, Lam, Var
from pagoda.languages.uplc.terms_scope import alpha_equal

from . import reading


def same(first: str, second: str) -> bool:
    return alpha_equal(reading.term(first), reading.term(second))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[(error) (error) (error)]", "[[(error) (error)] (error)]"),
        ("(lamx x)", "(lam x x)"),
        ("(delay(error))", "(delay (error))"),
        ("(force[(error)(error)])", "(force [(error) (error)])"),
        ("(constr0)", "(constr 0)"),
        ("(constr 007(error))", "(constr 7 (error))"),
        ("(casex(error))", None),
        ("(builtinaddInteger)", "(builtin addInteger)"),
        ("( lam\tx\n\u00a0\u2003x )", "(lam x x)"),
        ("(lam x -- (error)\n x)", "(lam x x)"),
        ("(lam x x--)\n)", "(lam x x)"),
        ('{- a {- b -} c -}(lam{--}x{-"-}x){- -- -}', "(lam x x)"),
        ("(lam {-{-}-}-}x x)", "(lam x x)"),
        ("(lam x' (lam _y0 x'))", "(lam a (lam b a))"),
        ("(lam x-182 (lam y x-182))", "(lam a (lam b a))"),
        ("(lam x-182 y-182)", "(lam a a)"),
        ("(lam x-182 x)", None),
        ("(lam x-1 (lam x-01 x-1))", "(lam a (lam b b))"),
        ("(lam x (lam x x))", "(lam a (lam b b))"),
        ("(lam x [(lam x x) x])", "(lam a [(lam b b) a])"),
        ("(lam `!#~[{(` `!#~[{(`)", "(lam a a)"),
        ("(lam `x` x)", "(lam a a)"),
        ("(lam `a-b`-7 `c`-7)", "(lam a a)"),
        ("(lam `{-` `{-`)", "(lam a a)"),
        ("(lam x`y`)", None),
        ("(lam x (lam y [x`y`]))", "(lam a (lam b [a b]))"),
        ("(lam lam [lam lam])", "(lam a [a a])"),
        ("(lam error error)", "(lam a a)"),
        ('(con string "{- no -} comment")', '(con string "\\123- no -} comment")'),
        ('(con string "-- no comment")', '(con string "\\45- no comment")'),
    ],
)
def test_forms(text, plain):
    if plain is None:
        assert reading.findings(f"(program 1.1.0 {text})")
    else:
        assert same(text, plain)


def test_indices_count_binders_from_the_innermost():
    term = reading.term("(lam x (lam y [x y]))")
    assert isinstance(term, Lam)
    assert isinstance(term.body, Lam)
    application = term.body.body
    assert isinstance(application, Apply)
    assert isinstance(application.function, Var)
    assert isinstance(application.argument, Var)
    assert (application.function.index, application.argument.index) == (2, 1)
    assert (term.name, application.function.name) == ("x", "x")


def test_every_node_knows_its_place():
    text = "{- c -} [ (lam x (delay x)) (con integer 1 )  (error) ] "
    term = reading.term(text)

    def spanned(node: object) -> str:
        return text[slice(*node.place)]  # type: ignore[attr-defined]

    assert isinstance(term, Apply)
    assert spanned(term) == text.strip()[8:]
    assert spanned(term.argument) == "(error)"
    assert spanned(term.function) == "[ (lam x (delay x)) (con integer 1 )"
    assert isinstance(term.function, Apply)
    assert spanned(term.function.argument) == "(con integer 1 )"
    function = term.function.function
    assert isinstance(function, Lam)
    assert spanned(function) == "(lam x (delay x))"
    assert spanned(function.body) == "(delay x)"
    assert spanned(function.body.body) == "x"  # type: ignore[union-attr]


def test_versions():
    assert reading.program("(program 1.0.0 (error))").version == (1, 0, 0)
    assert reading.program("( program01.001.2(error))  -- end").version == (1, 1, 2)
    assert reading.program("(program 2.0.99999999999999999999999 (constr 0))").version == (2, 0, 99999999999999999999999)
    for version in ("1", "1.0", "1.0.0.0", "1.0.x", "-1.0.0", "1 .0.0", ""):
        assert reading.rejected(f"(program {version} (error))").code == "UPLPARSE001"


def test_sums_need_their_version():
    for term in ("(constr 0)", "(case (error))", "(constr 18446744073709551616)"):
        assert reading.rejected(f"(program 1.0.99 {term})").code == "UPLPARSE008"
    assert reading.findings("(program 1.1.0 (case (constr 18446744073709551615) (error)))") == []
    assert reading.rejected("(program 1.1.0 (constr 18446744073709551616))").code == "UPLPARSE009"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(program 1.0.0 (error)) x", "UPLPARSE011"),
        ("(program 1.0.0 x)", "UPLPARSE002"),
        ("(program 1.0.0 (builtin addInt))", "UPLPARSE003"),
        ("(program 1.0.0 (builtin ))", "UPLPARSE001"),
        ("(program 1.0.0 (lam foo-bar (error)))", "UPLPARSE012"),
        ("(program 1.0.0 (lam x-5y (error)))", "UPLPARSE012"),
        ("(program 1.0.0 (lam x- (error)))", "UPLPARSE012"),
        ("(program 1.0.0 (lam `a b` (error)))", "UPLPARSE012"),
        ("(program 1.0.0 (lam `` (error)))", "UPLPARSE012"),
        ("(program 1.0.0 (lam \u00e9 (error)))", "UPLPARSE001"),
        ("(program 1.0.0 [(error)])", "UPLPARSE001"),
        ("(program 1.0.0 [])", "UPLPARSE001"),
        ("(program 1.0.0 ())", "UPLPARSE001"),
        ("(program 1.0.0 (delay))", "UPLPARSE001"),
        ("(program 1.0.0 (error (error)))", "UPLPARSE001"),
        ("(program 1.0.0 [(error) (error)))", "UPLPARSE001"),
        ("(program 1.0.0 (error)", "UPLPARSE001"),
        ("(program 1.1.0 (case))", "UPLPARSE001"),
        ("(program 1.1.0 (constr -1))", "UPLPARSE001"),
        ("(program 1.0.0 (error) {- ", "UPLPARSE010"),
        ("(program 1.0.0\u200b(error))", "UPLPARSE001"),
        ("(program 1.0.0\x1c(error))", "UPLPARSE001"),
    ],
)
def test_refused(text, code):
    assert reading.rejected(text).code == code


def test_all_unbound_variables_are_told_once_each():
    found = reading.findings("(program 1.0.0 (lam value [valeu value other valeu]))")
    assert [finding.code for finding in found] == ["UPLPARSE002"] * 2
    assert found[0].hint == "did you mean 'value'?"
    many = " ".join(f"x{n}" for n in range(100))
    assert len(reading.findings(f"(program 1.0.0 [{many}])")) == 20


def test_names_are_kept_without_their_numbers():
    assert term_text(reading.term("(lam x-1 (lam y-2 [x-1 y-2]))")) == "(lam x (lam y [x y]))"
