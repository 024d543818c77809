"""Closures for the commonest shapes of node, made from small source templates.

``n - 1`` with ``n`` in a slot should not pay two more Python calls to fetch its operands, and writing every combination of
operator and operand kind by hand would be some sixty near-identical functions. So the factories are generated: a template
is filled in once per shape, compiled, and kept. An operand is ``slot`` (read from the frame), ``int`` (a constant int) or
``node`` (a closure).

What must hold: a generated closure handles the common kinds itself and leaves everything else, errors included, to ``slow``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.values import Builtin
from pagoda.languages.ruff.walk.state import NORMAL, Function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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


def _guard(left: str, right: str) -> str:
    return " and ".join(f"{name}.__class__ is int" for name, shape in (("a", left), ("b", right)) if shape != "int") or "True"


def _compile(source: str, names: dict[str, Any]) -> Callable[..., Any]:
    exec(source, names)  # the text comes from the templates of this module alone
    make: Callable[..., Any] = names["make"]
    return make


@cache
def binary_factory(operator: str, left: str, right: str) -> Callable[..., Any]:
    """The factory ``(left, right, slow) -> closure`` for an operator over operands of these shapes."""
    source = _BINARY.format(
        title="binary",
        left=_operand(left, "left"),
        right=_operand(right, "right"),
        guard=_guard(left, right),
        fast=_FAST[operator],
    )
    return _compile(source, {})


_TEST = """
def make(left, right, slow, truthy, then, other):
    def test(frame):
        a = {left}
        b = {right}
        if {guard}:
            value = a {op} b
        else:
            value = slow(a, b, frame)
            if value.__class__ is not bool:
                value = truthy(value)
        if value:
            {then}
        return {other}
    return test
"""
_THEN = {
    "alone": ("return then(frame)", "NORMAL"),
    "else": ("return then(frame)", "other(frame)"),
    "rest": ("r = then(frame)\n            if r is not NORMAL: return r", "other(frame)"),
}

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


@cache
def test_factory(operator: str, left: str, right: str, form: str) -> Callable[..., Any]:
    """The factory ``(left, right, slow, truthy, then, other) -> closure`` of an ``if`` whose condition is a comparison.

    ``form``: ``alone``, with an ``else``, or with the ``rest`` of the block after it; the last two are ``other``.
    """
    then, other = _THEN[form]
    source = _TEST.format(
        left=_operand(left, "left"),
        right=_operand(right, "right"),
        guard=_guard(left, right),
        op=operator,
        then=then,
        other=other,
    )
    return _compile(source, {"NORMAL": NORMAL})


_CALL = """
def make(callee, callee_span, table, owned, plain, state, span, other, too_deep):
    max_depth = state.max_depth
    known = body = pad = Function  # no value of the guest
    {unpack}
    def call(frame):
        nonlocal known, body, pad
        {fetch}
        if f is not known:
            if f.__class__ is Builtin:
                return state.call_builtin(f, [{plain}], frame, span)
            if f.__class__ is not Function or f.arity != {count}:
                return other(f, [{owned_list}], frame, span)
            known, body, pad = f, f.body, f.pad
        run = body
        depth = frame[0] + 1
        if pad:
            inner = [depth, f, frame, {owned}*pad]
        else:
            inner = [depth, f, frame, {owned}]
        if depth > max_depth:
            raise too_deep(max_depth, f.name, span)
        left = state.left = state.left - 1
        if left < 0:
            state.refill()
        try:
            result = run(inner)
        except RuffError as error:
            error.leave(f.name, span, f.source)
            raise
        return None if result is NORMAL else result
    return call
"""

_FETCH_GLOBAL = """try:
            f = table[callee]
        except KeyError:
            raise undefined(callee, callee_span) from None"""

_STEP = (
    "(r if (a := frame[slot{0}]).__class__ is int and -9223372036854775808 <= (r := a {1} step{0}) <= 9223372036854775807 "
    "else slow{0}(a, step{0}, frame))"
)


@cache
def call_factory(shapes: tuple[str, ...], is_global: bool) -> Callable[..., Any]:
    """The factory of call closures; ``shapes`` has one entry per argument.

    ``callee`` is a global's name or a closure. Each argument comes twice: ``owned`` ones mark what they pass as shared
    (for a guest function, whose parameter is a new place), ``plain`` ones do not (for a builtin, which only looks). An
    argument of shape ``+`` or ``-`` is a slot and a constant int: its owned form is (position, int, slow way); all else is
    a closure.
    """
    count = len(shapes)
    unpack: list[str] = []
    values: list[str] = []
    for i, shape in enumerate(shapes):
        if shape == "node":
            unpack.append(f"owned{i}, plain{i} = owned[{i}], plain[{i}]")
            values.append(f"owned{i}(frame)")
        else:
            unpack.append(f"(slot{i}, step{i}, slow{i}), plain{i} = owned[{i}], plain[{i}]")
            values.append(_STEP.format(i, shape))
    source = _CALL.format(
        unpack="; ".join(unpack) or "pass",
        fetch=_FETCH_GLOBAL if is_global else "f = callee(frame)",
        count=count,
        owned="".join(f"{value}, " for value in values),
        plain=", ".join(f"plain{i}(frame)" for i in range(count)),
        owned_list=", ".join(values),
    )
    names = {"Function": Function, "Builtin": Builtin, "RuffError": RuffError, "NORMAL": NORMAL, "undefined": _undefined}
    return _compile(source, names)


def _undefined(name: str, span: tuple[int, int]) -> RuffError:
    return RuffError(f"Undefined variable: {name}", span)
