"""Native bodies of hot builtins: which builtins have one, and where.

A body gets a row of owned values and their count, and answers an owned value; what it leaves in the row is released by its
caller. What must hold: a body answers exactly what the library's function answers and charges the same fuel; where it does not
know its arguments it asks the library through the host, so that every message and every rare kind has one home. A failure
consumes nothing.

This module holds names only: a warm start needs no more than the symbols in ``BODIES``. ``NATIVES``, the functions themselves,
is there for whoever builds machine code, and is put together when first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.native.functions import NativeFunction

    NATIVES: dict[str, NativeFunction[Any, Any]]

AREAS: dict[str, str] = {
    "numbers": (
        "abs sqrt floor ceil round sin cos tan log exp pow min max bit_and bit_or bit_xor bit_shl bit_shr bit_not"
    ),
    "types": (
        "type type_of=type is_int is_float is_string is_bool is_array is_dict is_null is_function is_truthy to_bool array "
        "assert assert_equal assert_true assert_false"
    ),
    "output": "print println=print",
    "conversions": "parse_int parse_float to_int to_float to_string str=to_string",
    "text": (
        "substring substr=substring char_at starts_with ends_with is_empty count_chars trim trim_start trim_end repeat "
        "pad_left pad_right pad_start=pad_left pad_end=pad_right"
    ),
    "replacing": "replace replace_str=replace",
    "case": "upper to_upper=upper lower to_lower=lower capitalize str_reverse",
    "pieces": "split words lines join",
    "arrays": "len push append=push pop insert remove_at clear slice take skip concat reverse sort sum range",
    "searching": "contains index_of remove unique",
    "nested": "enumerate zip chunk windows flatten",
    "higher": "map filter reduce find any all",
    "dicts": "keys values items has_key get get_default merge update=merge dict",
}
"""The modules of this package, each with the builtins whose bodies it has. ``a=b``: the body of ``a`` is that of ``b``."""


def _symbols() -> dict[str, str]:
    found = {}
    for area, names in AREAS.items():
        for name in names.split():
            title, _, body = name.partition("=")
            found[title] = f"languages.ruff.natives.{area}.native_{body or title}"
    return found


BODIES: dict[str, str] = _symbols()
"""For each builtin with a native body the symbol of that body in the machine code."""


def __getattr__(name: str) -> Any:
    if name != "NATIVES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    table = {}
    for title, symbol in BODIES.items():
        area, _, function = symbol.removeprefix("languages.ruff.natives.").partition(".")
        table[title] = getattr(import_module(f"{__name__}.{area}"), function)
    globals()["NATIVES"] = table
    return table
