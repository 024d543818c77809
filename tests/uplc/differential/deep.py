"""Scripts that are nested very deep or hold very long constants, by name, and what becomes of them on a storey.

A process of its own runs them, so that a crash ends only that one. Scripts go through flat bytes: what is evaluated is what was
read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.outcome import Outcome
from pagoda.languages.uplc.scripts import read_closed
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Apply, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
from pagoda.languages.uplc.types import (
    BYTES,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    Constant,
    Type,
    linked,
    list_of,
)
from pagoda.languages.uplc.walk import machine as walk

from .terms import integer, saturated

_ONE: Any = integer(1)
_SAME: Any = Lam(Var(1))
_NONE: Any = Constr(0, ())


def _nested(around: Callable[[Any], Any], core: Any) -> Callable[[int], Any]:
    def make(depth: int) -> Any:
        made = core
        for _ in range(depth):
            made = around(made)
        return made

    return make


def _constant(kind: Type, value: Callable[[int], Any], use: Callable[[Any], Any]) -> Callable[[int], Any]:
    return lambda size: use(Const(Constant(kind, value(size))))


_DEEP_DATA = _nested(lambda inner: (CONSTR, 0, linked([inner])), (INTEGER, 1))
_DEEP_MAPS = _nested(lambda inner: (MAP, linked([((BYTES, b"k"), inner)])), (LIST, ()))


def _recursion(around: Callable[[Any], Any]) -> Callable[[int], Any]:
    """A function that calls itself as often as the script is large; ``around``: what it does with what it gets back."""
    again = around(Apply(Apply(Var(2), Var(2)), saturated("subtractInteger", Var(1), _ONE)))
    done = saturated("lessThanEqualsInteger", Var(1), integer(0))
    loop = Lam(Lam(Force(saturated("ifThenElse", done, Delay(Var(1)), Delay(again)))))
    return lambda size: Apply(Apply(loop, loop), integer(size))


SHAPES: dict[str, Callable[[int], Any]] = {
    "lambdas": _nested(Lam, _ONE),
    "functions": _nested(lambda inner: Apply(inner, _ONE), _SAME),
    "arguments": _nested(lambda inner: Apply(_SAME, inner), _ONE),
    "forced delays": _nested(lambda inner: Force(Delay(inner)), _ONE),
    "delays": _nested(Delay, _ONE),
    "forces": lambda depth: _nested(Force, _nested(Delay, _ONE)(depth))(depth),
    "constructors": _nested(lambda inner: Constr(0, (inner,)), _ONE),
    "scrutinees": _nested(lambda inner: Case(Constr(0, (inner,)), (_SAME,)), _ONE),
    "branches": _nested(lambda inner: Case(_NONE, (inner,)), _ONE),
    "lets": _nested(lambda inner: Apply(Lam(inner), _ONE), Var(1)),
    "builtins": _nested(lambda inner: saturated("addInteger", _ONE, inner), _ONE),
    "recursion": _recursion(lambda result: saturated("addInteger", _ONE, result)),
    "tail recursion": _recursion(lambda result: result),
    "constructors made": _recursion(lambda rest: Constr(1, (rest,))),
    "an error below": _nested(lambda inner: Apply(_SAME, inner), Error()),
    "an error in a chain": _nested(lambda inner: Apply(Lam(inner), _ONE), Error()),
    "case of a function": _nested(lambda inner: Case(inner, (_SAME,)), _SAME),
    "long list": _constant(list_of(INTEGER_TYPE), lambda size: linked(range(size)), lambda it: saturated("tailList", it)),
    "long data": _constant(
        DATA_TYPE,
        lambda size: (LIST, linked((INTEGER, 1) for _ in range(size))),
        lambda it: saturated("equalsData", it, it),
    ),
    "deep data": _constant(DATA_TYPE, _DEEP_DATA, lambda it: saturated("equalsData", it, it)),
    "deep maps": _constant(DATA_TYPE, _DEEP_MAPS, lambda it: saturated("serialiseData", it)),
}


def _evaluated(storey: str, flat: bytes, budget: tuple[int, int] | None) -> Outcome:
    costs = default_model("E")
    if storey == "vm":
        from pagoda.languages.uplc.execute.machine import Script

        return Script(flat, costs).evaluate((), budget)
    return walk.Prepared(read_closed(flat).term, costs).evaluate(budget)


def main(size: int, storey: str, *shapes: str) -> None:
    """Writes a line of JSON for each shape to the standard output: its name and what was seen."""
    for shape in shapes:
        print(json.dumps([shape, _seen(shape, size, storey)]), flush=True)


def _seen(shape: str, size: int, storey: str) -> dict[str, Any]:
    flat = write_program(Program((1, 1, 0), SHAPES[shape](size)))
    seen = _evaluated(storey, flat, None)
    row: dict[str, Any] = {"cpu": seen.cpu, "mem": seen.mem}
    if seen.failure is None:
        text = term_text(seen.result)  # type: ignore[arg-type]
        row["result"] = len(text), text[:80], text[-80:]
        row["too little"] = _cause(_evaluated(storey, flat, (seen.cpu - 1, seen.mem)))
    else:
        path = seen.failure.path
        row["failure"] = seen.failure.cause, seen.failure.message, None if path is None else len(path)
    row["tiny budget"] = _cause(_evaluated(storey, flat, (10_000, 1000)))
    try:
        row["cut off"] = _cause(_evaluated(storey, flat[: len(flat) // 2], None))
    except MalformedScript as problem:
        row["cut off"] = str(problem)
    return row


def _cause(seen: Outcome) -> str:
    return "no failure" if seen.failure is None else seen.failure.cause
