"""Values of a program as Python objects for looking at: only as much of a value as a person is shown.

The bridge makes whole copies, and what is shared becomes as large as it looks; a view is small whatever it is of. What must
hold: the first levels and items, all lengths and all keys are the value's own; everything further in is null. The program must
not run meanwhile.
"""

from __future__ import annotations

import ctypes

from pagoda.languages.ruff.execute.host import RESULT_TAGS, word_at
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.inspection import DEPTH, ITEMS
from pagoda.languages.ruff.library.registry import CONSTANTS
from pagoda.languages.ruff.values import Array, Dict, ResultValue, Struct, Tagged, Value, sorted_keys
from pagoda.native.types import layout_of
from pagoda.runtime import layouts
from pagoda.runtime.pairs import ARRAY, DICT, HOLE, STRUCT, TAGGED

MOST = 5_000  # values in one view: more than its text has room for
WORDS = 16  # bytes of a value


def _places(kind: type) -> dict[str, int]:
    return {name: offset for name, (_, offset) in layout_of(kind).fields.items()}


ARRAYS, DICTS, TAGS = _places(layouts.Array), _places(layouts.Dict), _places(layouts.Tagged)
STRUCTS, ENTRIES = _places(layouts.Struct), _places(layouts.Entry)
STRUCT_SIZE, TAGGED_SIZE = layout_of(layouts.Struct).size, layout_of(layouts.Tagged).size
ENTRY_SIZE = layout_of(layouts.Entry).size


def global_view(program: LoadedProgram, name: str, number: int) -> Value:
    """The view of a global; a constant of the library that nobody has replaced is the very object that the library has."""
    words = program.get_global(number)
    if name in CONSTANTS and words == program.first_value(name, number):
        return CONSTANTS[name]
    return view(program, *words)


def view(program: LoadedProgram, tag: int, payload: int) -> Value:
    """The view of a value, which is given by its two words."""
    return _View(program).of(tag, payload, 0)


class _View:
    """One view in the making: ``left`` is how many more values it may hold. They are made in the order in which they are shown,
    so those that are missing come after those that have filled the text."""

    def __init__(self, program: LoadedProgram) -> None:
        self.program, self.left = program, MOST

    def of(self, tag: int, payload: int, depth: int) -> Value:
        self.left -= 1
        if tag not in (ARRAY, DICT, STRUCT, TAGGED):
            return self.program.value_of(tag, payload)
        if depth > DEPTH or self.left < 0:
            return None
        if tag == ARRAY:
            return self.array(payload, depth + 1)
        if tag == DICT:
            return self.dict(payload, depth + 1)
        if tag == STRUCT:
            return self.struct(payload, depth + 1)
        enum, name = (self.program.symbol_name(word_at(payload + TAGS[place])) for place in ("enum", "name"))
        values = self.row(payload + TAGGED_SIZE, word_at(payload + TAGS["count"]), depth + 1)
        if RESULT_TAGS.get(name) == enum:
            return ResultValue(name, values[0] if values else None)
        return Tagged(enum, name, values)

    def at(self, place: int, depth: int) -> Value:
        return self.of(word_at(place), word_at(place + 8), depth)

    def row(self, start: int, count: int, depth: int) -> list[Value]:
        return [self.at(start + WORDS * i, depth) for i in range(count)]

    def array(self, at: int, depth: int) -> Array:
        storage, length, data = (word_at(at + ARRAYS[name]) for name in ("storage", "length", "data"))
        shown = min(length, ITEMS)
        items: list[Value]
        if storage == layouts.GENERAL:
            items = self.row(data, shown, depth)
        elif storage == layouts.BOOLS:
            items = [bool(byte) for byte in ctypes.string_at(data, shown)]
        elif storage == layouts.EMPTY:
            items = []
        else:
            kind = ctypes.c_double if storage == layouts.FLOATS else ctypes.c_int64
            items = list((kind * shown).from_address(data))
        return Array([*items, *[None] * (length - len(items))])

    def struct(self, at: int, depth: int) -> Struct:
        name, fields = self.program.shape(word_at(at + STRUCTS["shape"]))
        order = sorted(range(len(fields)), key=fields.__getitem__)
        values = {number: self.at(at + STRUCT_SIZE + WORDS * number, depth) for number in order}
        return Struct(name, {field: values[number] for number, field in enumerate(fields)})

    def dict(self, at: int, depth: int) -> Dict:
        used, entries = word_at(at + DICTS["used"]), word_at(at + DICTS["entries"])
        places: dict[int | str, int] = {}
        for place in range(entries, entries + used * ENTRY_SIZE, ENTRY_SIZE):
            key = place + ENTRIES["key"]
            if word_at(key) != HOLE:
                places[self.program.plain(word_at(key), word_at(key + 8))] = place + ENTRIES["value"]
        found: dict[int | str, Value] = dict.fromkeys(places)
        for name in sorted_keys(found)[:ITEMS]:
            found[name] = self.at(places[name], depth)
        return Dict(found)
