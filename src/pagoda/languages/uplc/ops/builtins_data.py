"""Builtins on data, as operations: their costs are constant and the block has charged them, but for ``equalsData``."""

from __future__ import annotations

from pagoda.languages.uplc.natives import data, numbering
from pagoda.languages.uplc.natives.calling import general_2
from pagoda.languages.uplc.ops.answers import given
from pagoda.languages.uplc.ops.model import Any, Ctx, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import call


@op
def un_constr_data(ctx: Ctx, a: Any) -> Value:
    """The pair of a constructor's tag and fields."""
    return given(data.un_constr_data(ctx, a))


@op
def fst_of_constr(ctx: Ctx, a: Any) -> Value:
    """The tag of a constructor: ``fstPair`` of ``unConstrData``, without the pair."""
    return given(data.fst_of_constr(ctx, a))


@op
def snd_of_constr(ctx: Ctx, a: Any) -> Value:
    """The fields of a constructor: ``sndPair`` of ``unConstrData``, without the pair."""
    return given(data.snd_of_constr(ctx, a))


@op
def un_map_data(ctx: Ctx, a: Any) -> Value:
    """The pairs of a map."""
    return given(data.un_map_data(ctx, a))


@op
def un_list_data(ctx: Ctx, a: Any) -> Value:
    """The items of a list."""
    return given(data.un_list_data(ctx, a))


@op
def un_i_data(ctx: Ctx, a: Any) -> Value:
    """The integer."""
    return given(data.un_i_data(ctx, a))


@op
def un_b_data(ctx: Ctx, a: Any) -> Value:
    """The bytestring."""
    return given(data.un_b_data(ctx, a))


@op
def constr_data(ctx: Ctx, a: Any, b: Any) -> Value:
    """A constructor of a tag and fields."""
    return given(data.constr_data(ctx, a, b))


@op
def map_data(ctx: Ctx, a: Any) -> Value:
    """A map of pairs."""
    return given(data.map_data(ctx, a))


@op
def list_data(ctx: Ctx, a: Any) -> Value:
    """A list of data as data."""
    return given(data.list_data(ctx, a))


@op
def i_data(ctx: Ctx, a: Any) -> Value:
    """An integer as data."""
    return given(data.i_data(ctx, a))


@op
def b_data(ctx: Ctx, a: Any) -> Value:
    """A bytestring as data."""
    return given(data.b_data(ctx, a))


@op
def mk_pair_data(ctx: Ctx, a: Any, b: Any) -> Value:
    """A pair of data."""
    return given(data.mk_pair_data(ctx, a, b))


@op
def mk_nil_data(ctx: Ctx, a: Any) -> Value:
    """The empty list of data."""
    return given(data.mk_nil_data(ctx, a))


@op
def mk_nil_pair_data(ctx: Ctx, a: Any) -> Value:
    """The empty list of pairs of data."""
    return given(data.mk_nil_pair_data(ctx, a))


@op
def equals_data(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether two data are the same in all parts."""
    return call(general_2, ctx, numbering.EQUALS_DATA, a, b)
