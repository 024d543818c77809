"""Typed Python: a strict subset of Python that becomes machine code. Knows no language.

Code that is written in the subset imports its vocabulary from here; the machinery (lowering, units, cache, loader) is imported
from its own modules, by those who build. The vocabulary is imported when first asked for: a warm start loads machine code
with other modules of this folder and reads no typed Python.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.native.functions import cold, extern, inline, native
    from pagoda.native.types import array, f64, fn, i8, i16, i32, i64, ptr, struct, u8, u16, u32, u64, value

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from pagoda.native import functions, types

        for each in __all__:
            globals()[each] = getattr(functions if hasattr(functions, each) else types, each)
        return globals()[name]


__all__ = [
    "array", "cold", "extern", "f64", "fn", "i8", "i16", "i32", "i64", "inline", "native", "ptr", "struct", "u8", "u16",
    "u32", "u64", "value",
]  # fmt: skip
