"""Random programs are printed and read back as the same; random damage to a text never does more than make a diagnostic."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagoda.languages.uplc.syntax.printer import constant_text, program_text, string_text, term_text, type_text
from pagoda.languages.uplc.syntax.reader import MISTAKES
from pagoda.languages.uplc.terms_scope import alpha_equal, check_scope, same_constant, same_program
from pagoda.machine.source import Source, render

from . import reading, strategies

pytestmark = pytest.mark.filterwarnings("error")
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@given(strategies.programs, st.one_of(st.none(), st.integers(10, 120)))
@settings(calm, max_examples=200)
def test_programs_are_read_back(program, width):
    text = program_text(program, width)
    again = reading.program(text)
    assert same_program(program, again), text
    assert program_text(again, width) == text
    assert check_scope(again.term) is None


@given(strategies.terms)
@settings(calm, max_examples=100)
def test_terms_are_read_back(term):
    text = term_text(term)
    assert "\n" not in text
    assert alpha_equal(term, reading.term(text)), text


@given(strategies.constants)
@settings(calm, max_examples=200)
def test_constants_are_read_back(constant):
    again = reading.constant(f"{type_text(constant.type)} {constant_text(constant)}")
    assert same_constant(constant, again)


@given(
    st.text(
        st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('\x00\x0e\x7f\u200b\ue0000159"\\')), max_size=30
    )
)
@settings(calm, max_examples=300)
def test_strings_are_read_back(text):
    assert reading.constant(f"string {string_text(text)}").value == text


PIECES = [
    "(", ")", "[", "]", "{-", "-}", "--", "\n", " ", '"', "\\", "`", "#", "-", "+", ",", ".", "0", "1", "x", "x-1", "lam ",
    "con ", "constr ", "case ", "force ", "delay ", "error", "builtin ", "addInteger", "integer ", "bytestring ", "string ",
    "data ", "(list integer) ", "(pair ", "list ", "value ", "bool ", "True", "I ", "B ", "List ", "Map ", "Constr ", "0x",
    "()", "program ", "1.0.0 ", "1.1.0 ", "\u00a0", "\u00e9", "\ufeff", "\ud800", "bls12_381_G1_element ", "\x00",
    "99999999999999999999",
]  # fmt: skip


@given(strategies.programs, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 4), st.sampled_from(PIECES)), max_size=4))
@settings(calm, max_examples=300)
def test_damage_makes_diagnostics_only(program, cuts):
    text = program_text(program)
    for at, length, piece in cuts:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + length :]
    _only_diagnostics(text)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(calm, max_examples=300)
def test_chance_makes_diagnostics_only(pieces):
    _only_diagnostics("".join(pieces))
    _only_diagnostics("(program 1.1.0 " + "".join(pieces) + ")")


def _only_diagnostics(text: str) -> None:
    found = reading.findings(text)
    for finding in found:
        assert finding.code in MISTAKES
        assert 0 <= finding.span[0] <= finding.span[1] <= len(text)
        assert render(finding, Source("test.uplc", text))
    if not found:
        program = reading.program(text)
        assert same_program(program, reading.program(program_text(program)))
