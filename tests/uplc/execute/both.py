"""Running scripts natively and on ``walk``, which must agree on everything that can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.execute.machine import Script
from pagoda.languages.uplc.syntax.parser import parse_term
from pagoda.languages.uplc.terms import Apply, Const, Program
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.walk import machine as walk
from pagoda.machine.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.uplc.outcome import Outcome
    from pagoda.languages.uplc.types import Constant


class Counted(Script):
    """A script that counts how often it was left to ``walk``."""

    replays = 0

    def _on_walk(self, *given: Any) -> Outcome:
        self.replays += 1
        return super()._on_walk(*given)


def term(text: str) -> Any:
    return parse_term(Source("test.uplc", text))


def flat(text: str) -> bytes:
    return write_program(Program((1, 1, 0), term(text)))


def assert_same(native: Outcome, plain: Outcome) -> None:
    assert (native.cpu, native.mem, tuple(native.logs)) == (plain.cpu, plain.mem, tuple(plain.logs))
    if plain.failure is None:
        assert native.failure is None
        assert native.result is not None
        assert alpha_equal(native.result, plain.result)
    else:
        assert native.failure is not None
        assert (native.failure.cause, native.failure.message) == (plain.failure.cause, plain.failure.message)
        assert native.failure.path == plain.failure.path


def evaluated(
    text: str, arguments: Sequence[Constant] = (), budget: tuple[int, int] | None = None, variant: str = "E", **options: Any
) -> tuple[Outcome, int]:
    """The outcome, the same from a term and from flat bytes if it has some, and how often it was left to ``walk``."""
    costs = default_model(variant)
    whole = term(text)
    script = Counted(whole if "bls12_381_G1_element" in text else flat(text), costs, **options)
    native = script.evaluate(arguments, budget)
    left = script.replays
    applied = whole
    for argument in arguments:
        applied = Apply(applied, Const(argument))
    plain = walk.evaluate(applied, costs, budget, **options)
    assert_same(native, plain)
    assert_same(Script(whole, costs, **options).evaluate(arguments, budget), plain)
    return native, left
