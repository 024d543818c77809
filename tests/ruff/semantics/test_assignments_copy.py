"""Lazy copies against plain ones: random programs of assignments must act as if every assignment copied at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ..storeys import STOREYS

NAMES = ["a", "b", "c"]
SLOTS = [0, 1]

_place = st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(SLOTS), max_size=3))
_step = st.one_of(
    st.tuples(st.just("set"), _place, st.integers(0, 9)),
    st.tuples(st.just("copy"), _place, _place),
    st.tuples(st.just("wrap"), st.sampled_from(NAMES), _place, _place),
    st.tuples(st.just("push"), st.sampled_from(NAMES), _place),
    st.tuples(st.just("call"), st.sampled_from(NAMES), _place),
    st.tuples(st.just("concat"), st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("loop"), st.sampled_from(NAMES)),
    st.tuples(st.just("method"), st.sampled_from(NAMES), st.integers(0, 9)),
)


def _text(place: tuple[str, list[int]]) -> str:
    name, path = place
    return name + "".join(f"[{slot}]" for slot in path)


class _Skip(Exception):
    """The step does not apply to the values as they are; it is left out of the program."""


def _get(model: dict[str, Any], place: tuple[str, list[int]]) -> Any:
    value = model[place[0]]
    for slot in place[1]:
        if not isinstance(value, list) or slot >= len(value):
            raise _Skip
        value = value[slot]
    return value


def _set(model: dict[str, Any], place: tuple[str, list[int]], value: Any) -> None:
    if not place[1]:
        model[place[0]] = value
        return
    parent = _get(model, (place[0], place[1][:-1]))
    if not isinstance(parent, list) or place[1][-1] >= len(parent):
        raise _Skip
    parent[place[1][-1]] = value


def _apply(model: dict[str, Any], step: tuple[Any, ...]) -> str:
    """Change the model; give the source line that does the same."""
    kind = step[0]
    if kind == "set":
        _set(model, step[1], step[2])
        return f"{_text(step[1])} := {step[2]}"
    if kind == "copy":
        _set(model, step[1], copy.deepcopy(_get(model, step[2])))
        return f"{_text(step[1])} := {_text(step[2])}"
    if kind == "wrap":
        model[step[1]] = [copy.deepcopy(_get(model, step[2])), copy.deepcopy(_get(model, step[3]))]
        return f"{step[1]} := [{_text(step[2])}, {_text(step[3])}]"
    if kind == "concat":
        left, right = model[step[2]], model[step[3]]
        if not isinstance(left, list) or not isinstance(right, list) or len(left) + len(right) > 6:
            raise _Skip
        model[step[1]] = copy.deepcopy(left) + copy.deepcopy(right)
        return f"{step[1]} := concat({step[2]}, {step[3]})"
    if kind == "method":
        if not isinstance(model[step[1]], list) or not model[step[1]]:
            raise _Skip
        model[step[1]] = [copy.deepcopy(model[step[1]]), step[2]]
        return f"{step[1]} := (Box {{ v: {step[1]} }}).with({step[2]})"
    if not isinstance(model[step[1]], list):
        raise _Skip
    if kind == "push":
        if len(model[step[1]]) > 4:
            raise _Skip
        model[step[1]] = [*model[step[1]], copy.deepcopy(_get(model, step[2]))]
        return f"{step[1]} := push({step[1]}, {_text(step[2])})"
    if kind == "call":
        model[step[1]] = [[7, copy.deepcopy(_get(model, step[2]))], copy.deepcopy(_get(model, step[2]))]
        return f"{step[1]} := poke({_text(step[2])})"
    return f"for x in {step[1]} {{ touch(x) }}"


def _show(value: Any) -> str:
    return "[" + ", ".join(map(_show, value)) + "]" if isinstance(value, list) else str(value)


_HELPERS = """
func poke(x) { mut y := [x, x]  y[0] := 7  mut z := [y, x]  z[0][1] := x  return z }
func touch(x) { if type(x) == "array" { if len(x) > 0 { x[0] := 8 } } return x }
struct Box { v: int
    func with(self, k) { mut w := self.v  w[0] := k  mut s := self  s.v[0] := k  return [self.v, k] }
}
"""


@pytest.mark.parametrize("storey", list(STOREYS))
@settings(max_examples=200, deadline=None)
@given(st.lists(_step, max_size=14), st.booleans())
def test_assignments_copy(storey: str, steps: list[tuple[Any, ...]], inside_a_function: bool) -> None:
    model: dict[str, Any] = {"a": [1, [2, 3]], "b": [[4], 5], "c": [6]}
    lines = ["mut a := [1, [2, 3]]", "mut b := [[4], 5]", "mut c := [6]"]
    for step in steps:
        trial = copy.deepcopy(model)
        try:
            line = _apply(trial, step)
        except _Skip:
            continue
        if len(_show(trial)) > 3000 or sum(len(_show(value)) for value in trial.values()) > 3000:
            continue
        model = trial
        lines.append(line + ";")
    lines.append("print([a, b, c])")
    text = "\n".join(lines)
    text = (
        f"{_HELPERS}\nfunc main() {{\n{text}\n}}\nmain()"
        if inside_a_function
        else f"{_HELPERS}\n{text}\nfunc see() {{ return a }}"
    )
    seen = STOREYS[storey](text)
    assert (seen.kind, seen.output.strip()) == ("ok", _show([model["a"], model["b"], model["c"]])), text
