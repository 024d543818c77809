"""Output: what is printed is put together here, and written by the host."""

from __future__ import annotations

from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.languages.ruff.ops.slow import WRITE, ask1
from pagoda.languages.ruff.ops.text import join_line
from pagoda.native import i64, native, ptr
from pagoda.runtime.pairs import Value
from pagoda.runtime.references import release


@native
def native_print(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    text = join_line(ctx, row, count)
    if text.tag < 0:
        return text
    answer = ask1(ctx, WRITE, text)
    release(ctx.heap, text)
    return answer
