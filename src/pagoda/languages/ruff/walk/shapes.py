"""Closures for the commonest shapes of node, made from small source templates.

``n - 1`` with ``n`` in a slot should not pay two more Python calls to fetch its operands, and writing every combination of
operator and operand kind by hand would be some sixty near-identical functions. So the factories are generated: a template is filled in
once per shape, compiled, and kept. An operand is ``slot`` (read from the frame), ``int`` (a constant int) or ``node`` (a closure).

What must hold: a generated closure handles the common kinds itself and leaves everything else, errors included, to ``slow``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.values import Builtin
from pagoda.languages.ruff.walk.state import BASE, NORMAL, Function

_BINARY = """
def make(left, right, slow):
    def {title}(frame):
        a = {left}
        b = {right}
        if {guard}:
            {fast}
        return slow(a, b, frame)
    return {title}
"""

_CHECKED = "r = a {op} b\n            if -9223372036854775808 <= r <= 9223372036854775807: return r"
_FAST = {
    "+": _CHECKED.format(op="+"),
    "-": _CHECKED.format(op="-"),
    "*": _CHECKED.format(op="*"),
    "/": "if a >= 0 and b > 0: return a // b",
    "%": "if a >= 0 and b > 0: return a % b",
    **{op: f"return a {op} b" for op in ("==", "!=", "<", "<=", ">", ">=")},
}


def _operand(shape: str, name: str) -> str:
    return {"slot": f"frame[{name}]", "int": name, "node": f"{name}(frame)"}[shape]


def _compile(source: str, names: dict[str, Any]) -> Callable[..., Any]:
    exec(source, names)  # the text comes from the templates of this module alone
    make: Callable[..., Any] = names["make"]
    return make


@cache
def binary_factory(operator: str, left: str, right: str) -> Callable[..., Any]:
    """The factory ``(left, right, slow) -> closure`` for an operator over operands of these shapes."""
    guard = " and ".join(f"{name}.__class__ is int" for name, shape in (("a", left), ("b", right)) if shape != "int") or "True"
    source = _BINARY.format(
        title="binary", left=_operand(left, "left"), right=_operand(right, "right"), guard=guard, fast=_FAST[operator]
    )
    return _compile(source, {})


_CALL = """
def make(callee, owned, plain, state, span, other, too_deep):
    table = state.globals
    max_depth = state.max_depth
    {unpack}
    def call(frame):
        {fetch}
        if f.__class__ is Function and f.arity == {count}:
            depth = frame[0] + 1
            if f.pad:
                inner = [depth, f, frame{owned}, *f.pad]
            else:
                inner = [depth, f, frame{owned}]
            if depth > max_depth:
                raise too_deep(max_depth, f.name, span)
            state.left -= 1
            if state.left < 0:
                state.refill()
            try:
                result = f.body(inner)
            except RuffError as error:
                error.stack.append((f.name, span))
                raise
            return None if result is NORMAL else result
        if f.__class__ is Builtin:
            return state.call_builtin(f, [{plain}], frame, span)
        return other(f, [{owned_list}], frame, span)
    return call
"""

_FETCH_GLOBAL = """try:
            f = table[callee]
        except KeyError:
            raise undefined(callee, span) from None"""


@cache
def call_factory(count: int, is_global: bool) -> Callable[..., Any]:
    """The factory of call closures with ``count`` arguments.

    ``callee`` is a global's name or a closure. Each argument comes twice: ``owned`` closures mark what they pass as shared (for a
    guest function, whose parameter is a new place), ``plain`` ones do not (for a builtin, which only looks).
    """
    names = [f"owned{i}" for i in range(count)]
    looks = [f"plain{i}" for i in range(count)]
    unpack = ""
    if count:
        unpack = f"{', '.join(names)}, = owned; {', '.join(looks)}, = plain"
    calls = [f"{name}(frame)" for name in names]
    source = _CALL.format(
        unpack=unpack or "pass",
        fetch=_FETCH_GLOBAL if is_global else "f = callee(frame)",
        count=count,
        owned="".join(f", {call}" for call in calls),
        plain=", ".join(f"{name}(frame)" for name in looks),
        owned_list=", ".join(calls),
    )
    return _compile(source, {"Function": Function, "Builtin": Builtin, "RuffError": RuffError, "NORMAL": NORMAL, "undefined": _undefined})


def _undefined(name: str, span: tuple[int, int]) -> RuffError:
    return RuffError(f"Undefined variable: {name}", span)


@cache
def slot_text(slot: int) -> int:
    """The position of a slot in a frame."""
    return BASE + slot
