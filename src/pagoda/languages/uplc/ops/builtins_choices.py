"""Builtins that pick one of their arguments, and ``trace``, as operations."""

from __future__ import annotations

from pagoda.languages.uplc.natives import choices, numbering
from pagoda.languages.uplc.natives.calling import general_2
from pagoda.languages.uplc.ops.answers import given
from pagoda.languages.uplc.ops.model import Any, Ctx, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import call


@op
def if_then_else(ctx: Ctx, a: Any, b: Any, c: Any) -> Value:
    """The second argument if the first is true, else the third."""
    return given(choices.if_then_else(ctx, a, b, c))


@op
def choose_unit(ctx: Ctx, a: Any, b: Any) -> Value:
    """The second argument."""
    return given(choices.choose_unit(ctx, a, b))


@op
def trace(ctx: Ctx, a: Any, b: Any) -> Value:
    """The second argument; the first goes to the log."""
    return call(general_2, ctx, numbering.TRACE, a, b)
