"""Terms nested a million deep, and data."""

from __future__ import annotations

from pagoda.uplc import Data, Program, compat, constant, evaluate
from pagoda.uplc import terms as t

DEEP = 1_000_000


def nested(depth):
    term = t.Const(constant("unit", None))
    for _ in range(depth // 2):
        term = t.Force(t.Delay(term))
    return Program(term)


def test_programs():
    program = nested(DEEP)
    flat = program.to_flat()
    again = Program.from_flat(flat)
    assert again == program
    assert again.to_cbor(double=True)[-len(flat) :] == flat
    applied = again.apply(1)
    assert len(applied.to_flat()) > len(flat)
    assert len(applied.hash("V3")) == 56
    assert evaluate(flat).value is None


def test_texts():
    depth = DEEP // 10
    program = nested(depth)
    text = program.to_text(None)
    assert text.count("(") == depth + 3
    assert Program.from_text(text) == program


def test_data():
    value: list = []
    for _ in range(50_000):
        value = [value]
    data = Data.of(value)
    assert Data.from_cbor(data.to_cbor()) == data
    assert evaluate("(program 1.1.0 (lam d d))", data, language=None).value == data


def test_nodes():
    # Fewer, as each step takes longer here; far more than Python's stack has room for.
    text = "(program 1.0.0 " + "(force (delay " * 50_000 + "(con integer 1)" + "))" * 50_000 + ")"
    program = compat.parse(text)
    assert compat.dumps(program) == text
    again = compat.unflatten(compat.flatten(program))
    assert again == program
    assert compat.eval(again, budget=compat.cost_model.Budget(10**11, 10**11)).result.value == 1
