"""What a guest's handler gets for the error that the context holds."""

from __future__ import annotations

from pagoda.languages.ruff.bridge import host_call
from pagoda.languages.ruff.ops.model import NO_ERROR, RuffContext
from pagoda.languages.ruff.ops.slow import CATCH
from pagoda.native import native, ptr
from pagoda.native.intrinsics import cast, field_pointer
from pagoda.runtime.pairs import INT, NULL, Value
from pagoda.runtime.references import release


@native
def catch(ctx: RuffContext) -> Value:
    """The error as a struct, made by the host from kind, values and trace; forgets the error."""
    row = cast(ptr[Value], field_pointer(ctx, "ask_a"))
    row[0] = Value(INT, ctx.error_kind)
    row[1] = ctx.error_a
    row[2] = ctx.error_b
    answer = host_call(ctx, CATCH, row, 3)
    release(ctx.heap, ctx.error_a)
    release(ctx.heap, ctx.error_b)
    ctx.error_a = Value(NULL, 0)
    ctx.error_b = Value(NULL, 0)
    ctx.error_kind = NO_ERROR
    if answer.tag < 0:
        return Value(NULL, 0)
    return answer
