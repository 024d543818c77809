"""Typed Python: a strict subset of Python that becomes machine code. Knows no language.

Code that is written in the subset imports its vocabulary from here; the machinery (lowering, units, cache, loader) is imported
from its own modules, by those who build.
"""

from pagoda.native.functions import cold, extern, inline, native
from pagoda.native.types import array, f64, fn, i8, i16, i32, i64, ptr, struct, u8, u16, u32, u64, value

__all__ = [
    "array", "cold", "extern", "f64", "fn", "i8", "i16", "i32", "i64", "inline", "native", "ptr", "struct", "u8", "u16",
    "u32", "u64", "value",
]  # fmt: skip
