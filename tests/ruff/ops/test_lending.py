"""Which parameters a function only looks at, and what a function gets besides them: see ``machine/optimiser/lending.py``."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.machine.flow import Flow
from pagoda.machine.optimiser import Assumptions, Compiler
from pagoda.machine.optimiser.lending import lent_parameters, looks_at_callee, needs_frame
from pagoda.runtime.pairs import ARRAY, INT

from ..storeys import load

TEXT = """
struct P { x
  func get(self) { return self.x }
  func put(self, v) { self.x := v
    return 1 }
}
func at(a, i) { return a[i] }
func field(p) { return p.x }
func again(a, i) { x := at(a, i)
  return x + a[0] }
func moved(a) { b := a
  b[0] := 5
  return a[0] }
func set(a, i) { a[i] := 1
  return 1 }
func set_field(p, v) { p.x := v
  return 1 }
func more(a, x) { a := push(a, x)
  return 1 }
func lower(n) { n := n - 1
  return n }
func given(a) { return a }
func kept(a) { return [a] }
func passed(a, i) { return at(a, i) }
func* made(a) { yield a[0] }
"""
LENT = {
    "at": {0, 1}, "field": {0}, "again": {0}, "moved": {0}, "P.get": {0},
    "set": {1}, "set_field": set(), "P.put": set(), "more": set(), "lower": set(),
    "given": set(), "kept": set(), "passed": set(), "made": set(),
}  # fmt: skip
"""The parameters that are lent. A copy may be changed (``moved``), a parameter may not; what is given away or passed on is the
callee's own."""


def functions(text):
    """The functions of a program by name, those of one name in order."""
    found = {}
    for function in compile_program(load(text)[0], NUMBERS).functions:
        found.setdefault(function.name, []).append(function)
    return found


@pytest.mark.parametrize("name", LENT)
def test_what_is_lent(name):
    function = functions(TEXT)[name][0]
    assert lent_parameters(function, Flow(function, MODEL.header_slots)) == LENT[name]


def test_only_closures_look_at_what_they_are_called_as():
    text = TEXT + "func outer(k) { add := func(x) { return x + k }\n plain := func(x) { return x }\n return [add, plain] }\n"
    found = functions(text)
    add, plain = found["<lambda>"]
    assert looks_at_callee(add, MODEL)
    assert not looks_at_callee(plain, MODEL)
    assert not any(looks_at_callee(function, MODEL) for name in LENT for function in found[name])


def test_a_generator_needs_its_frame():
    found = functions(TEXT)
    assert needs_frame(found["made"][0])
    assert not needs_frame(found["at"][0])


def before_the_call(callee):
    """What compiled code does before it calls ``callee`` directly with an array that it needs afterwards."""
    text = TEXT + f"func caller(a, i) {{ x := {callee}(a, i)\n return x + a[0] }}\n"
    found = functions(text)
    called, calling = found[callee][0], found["caller"][0]
    compiler = Compiler(MODEL, TABLE)
    kinds = (ARRAY, INT)
    place = next(index for index, one in enumerate(calling.instructions) if one.op.calls)
    target = compiler.add(called, 1, Assumptions(kinds))
    caller = compiler.add(calling, 2, Assumptions(kinds, callees={place: 1}))
    whole = compiler.compile()
    body = whole[whole.index(f'define internal {{i64, i64, i64}} @"{caller.symbol}"(') :]
    first, call, _ = body[: body.index("\n}")].partition(f'@"{target.symbol}"(')
    assert call, "it is not called directly"
    return first


@pytest.mark.parametrize(("callee", "counts"), [("at", False), ("set", True)])
def test_no_reference_is_counted_for_what_is_lent(callee, counts):
    stores = [line for line in before_the_call(callee).splitlines() if " add nsw " in line]
    assert bool(stores) is counts
