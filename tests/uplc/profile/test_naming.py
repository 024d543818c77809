"""How terms are named: places in texts, ways in bytes, arguments; labels of functions differ; texts are short and printable."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.profile.layout import Layout
from pagoda.languages.uplc.profile.naming import Naming, shortened
from pagoda.languages.uplc.profile.tree import ROOT
from pagoda.languages.uplc.syntax.parser import parse_program, parse_term
from pagoda.languages.uplc.terms import Apply, Lam
from pagoda.languages.uplc.walk.locate import path_text, path_to
from pagoda.machine.source import Source

TEXT = "(program 1.1.0\n  [(lam twice [twice (con integer 1)])\n   (lam n [(builtin addInteger)\n     n n])])"


def naming(text=TEXT, arguments=(), flat=False):
    """The layout of a script that is applied to arguments, and what names its terms."""
    source = Source("t.uplc", text)
    program = parse_program(source)
    if flat:
        program = read_program(write_program(program))
    given = [parse_term(Source("argument", argument)) for argument in arguments]
    whole = program.term
    for argument in given:
        whole = Apply(whole, argument)
    layout = Layout(whole)
    return layout, Naming(layout, program.term, source, given)


def lam(layout, position):
    """The number of a function."""
    return [number for number, term in enumerate(layout.terms) if term.__class__ is Lam][position]


def test_a_text():
    layout, names = naming()
    number = lam(layout, 1)
    assert names.function(number) == "twice 3:4"
    assert (names.place(number), names.place_of_term(number)) == ("3:4", "3:4")
    assert names.code(number) == "(lam n [(builtin addInteger) n n])"


def test_bytes():
    layout, names = naming(flat=True)
    number = lam(layout, 1)
    assert names.function(number) == f"lam #{number}"
    assert names.place_of_term(number) == f"#{number} argument"
    assert names.code(number) == "(lam v0 [(builtin addInteger) v0 v0])"


def test_ways_are_those_of_failures():
    text = "(program 1.1.0 (lam f (case (constr 0 f (delay (error)) [f f (con unit ())]) (lam a (lam b [a b (force b)])) f)))"
    layout, names = naming(text, ["(con integer 1)"], flat=True)
    script = layout.number[id(layout.terms[0].function)]
    for number in range(script, layout.end[script]):
        found = path_to(layout.terms[number], layout.terms[script])
        assert names.place(number) == path_text(found, 6), number


def test_the_script_and_its_arguments():
    layout, names = naming("(program 1.1.0 (lam f f))", ["(con integer 1)", "(lam x x)"])
    assert (names.function(ROOT), names.place(ROOT), names.code(ROOT)) == ("(script)", "", "")
    script, argument = lam(layout, 0), lam(layout, 1)
    assert names.function(script) == "lam f 1:16"
    assert names.place_of_term(argument) == "argument 2"
    assert names.function(argument).startswith("lam x #")
    assert names.place_of_term(0) == "the arguments"
    assert names.code(argument) == "(lam x x)"


def test_labels_differ():
    layout, names = naming("(program 1.1.0 [(lam x x) (lam x x) (delay (lam x x)) (lam x [(lam x x) (delay x)])])", flat=True)
    labels = [names.function(number) for number, term in enumerate(layout.terms) if hasattr(term, "body")]
    assert len(labels) == len(set(labels)) == 7


def test_long_and_unprintable_texts():
    large = "(con integer 1)"
    for _ in range(300):
        large = f"(force (delay {large}))"
    for flat in (False, True):
        _, names = naming(f"(program 1.1.0 (lam x {large}))", flat=flat)
        assert len(names.code(0)) <= 60
    _, names = naming('(program 1.1.0 (con string "a\u202eb"))')
    assert names.code(0) == '(con string "a?b")'
    assert shortened("x" * 100, 10) == "xxxxxxx..."
