"""Operations of the stubs: code that is entered for a callee which is not exactly what is called for."""

from __future__ import annotations

from pagoda.languages.uplc.natives.applying import READY, apply_in_frame, force_in_frame
from pagoda.languages.uplc.natives.cases import field_of, fields_in
from pagoda.languages.uplc.natives.values import number_of, small
from pagoda.languages.uplc.ops.model import MOST_ARGUMENTS, Ctx, Number, Registers, UplcCode, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import become, fail, leave
from pagoda.native import i64
from pagoda.native.intrinsics import pointer


@op(leaves=True, rare=True)
def apply_other(ctx: Ctx, registers: Registers, count: Number) -> None:
    """Applies the frame's callee, whatever it is, to the arguments in the first ``count`` registers."""
    at = apply_in_frame(ctx, registers, count)
    if at == READY:
        return leave(Value(ctx.ready))
    if at < READY:
        return fail()
    return become(pointer(UplcCode, at), registers[-3])


@op(leaves=True, rare=True)
def force_other(ctx: Ctx, registers: Registers) -> None:
    """Forces the frame's callee, which is no delayed term."""
    if force_in_frame(ctx, registers) < READY:
        return fail()
    return leave(Value(ctx.ready))


# Registers of the code that applies a function to many fields: the value whose fields they are, the function so far, how many
# fields it has been applied to, the next ones.
OWNER, FUNCTION, DONE, FIELDS = 0, 1, 2, 3


@op(raises=False)
def begin_fields(registers: Registers) -> None:
    """Begins with the frame's callee and no field."""
    registers[FUNCTION] = registers[-3]
    registers[DONE] = Value(small(0))


@op(raises=False, skips=True)
def next_fields(registers: Registers) -> i64:
    """Gets the next three fields, or the last ones. Skips nothing while there are more; else what applies to three and begins
    anew, and as far as the application to as many as are left: each to one more stands behind the one before."""
    owner = registers[OWNER].word
    done = number_of(registers[DONE].word)
    left = fields_in(owner) - done
    now = left if left < MOST_ARGUMENTS else MOST_ARGUMENTS
    for i in range(now):
        registers[FIELDS + i] = Value(field_of(owner, done + i))
    registers[DONE] = Value(small(done + now))
    return 0 if left > MOST_ARGUMENTS else MOST_ARGUMENTS + left - 1
