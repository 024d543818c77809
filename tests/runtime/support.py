"""Calls the runtime's functions three ways - unlowered, lowered, lowered with checks - with the same Python arguments.

Every function, inline ones too, gets a native wrapper that puts its results into memory; the wrappers are generated as one
module next to the runtime's own. A struct or pointer is passed and answered as its address, a Value as (tag, payload).
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pagoda.native import types
from pagoda.native.emit import emit_object
from pagoda.native.functions import NativeFunction
from pagoda.native.loader import load
from pagoda.native.unit import Unit
from pagoda.runtime import layouts, pairs
from pagoda.runtime.heap import Heap

MODULES = ("heap", "references", "strings", "maps", "structs", "sorting", "equality", "arrays")
INLINE_ONLY = ("pairs", "layouts")
HIDDEN = {"probe", "scan", "find", "set_entry", "same_key"}
WRAPPERS = "runtime_wrappers"

Pair = tuple[int, int]


def functions() -> dict[str, NativeFunction[Any, Any]]:
    """Every native function of the runtime, by name."""
    found: dict[str, NativeFunction[Any, Any]] = {}
    for name in (*INLINE_ONLY, *MODULES):
        module = importlib.import_module(f"pagoda.runtime.{name}")
        for item in vars(module).values():
            if isinstance(item, NativeFunction) and item.__module__ == module.__name__ and not item.external:
                kinds = [kind for _, kind in item.signature[0]]
                if item.__name__ not in HIDDEN and not any(kind is None or isinstance(kind, types.Bool) for kind in kinds):
                    assert item.__name__ not in found, item
                    found[item.__name__] = item
    return found


def spelled(kind: types.Type) -> str:
    return kind.name


def store(kind: types.Type, name: str, at: int) -> list[str]:
    """Lines that put a result into ``out`` from word ``at``."""
    if isinstance(kind, types.Tuple):
        lines = []
        for index, item in enumerate(kind.items):
            lines += store(item, f"{name}[{index}]", at)
            at += len(types.flatten(item))
        return lines
    if isinstance(kind, types.Aggregate):
        return [f"    out[{at}] = {name}.tag", f"    out[{at + 1}] = {name}.payload"]
    if isinstance(kind, types.Pointer | types.Reference):
        return [f"    out[{at}] = address({name})"]
    if isinstance(kind, types.Scalar) and kind.is_float:
        return [f"    out[{at}] = float_bits({name})"]
    return [f"    out[{at}] = i64({name})"]


def wrapper_source() -> str:
    lines = [
        "from __future__ import annotations", "from pagoda.native import *",
        "from pagoda.native.intrinsics import address, float_bits",
    ]  # fmt: skip
    for name in (*INLINE_ONLY, *MODULES):
        lines.append(f"from pagoda.runtime.{name} import *")
        if name in MODULES:
            lines.append(f"from pagoda.runtime import {name}")
    for name, function in functions().items():
        parameters, result = function.signature
        assert result is not None
        listed = ", ".join(f"{p}: {spelled(k)}" for p, k in parameters if k is not None)
        called = f"{name}({', '.join(p for p, _ in parameters)})"
        lines += ["@native", f"def call_{name}({listed + ', ' if listed else ''}out: ptr[i64]) -> None:"]
        if isinstance(result, types.Void):
            lines.append(f"    {called}")
        else:
            lines += [f"    made = {called}", *store(result, "made", 0)]
    return "\n".join(lines) + "\n"


def wrappers(folder: Path) -> ModuleType:
    """The generated module; made once."""
    if WRAPPERS not in sys.modules:
        path = folder / f"{WRAPPERS}.py"
        path.write_text(wrapper_source())
        spec = importlib.util.spec_from_file_location(WRAPPERS, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[WRAPPERS] = module
        spec.loader.exec_module(module)
    return sys.modules[WRAPPERS]


class World:
    """The runtime's functions as methods. ``mode`` is "unlowered", "lowered" or "checked"."""

    def __init__(self, mode: str, folder: Path) -> None:
        self.mode = mode
        self.functions = functions()
        self.out = (ctypes.c_int64 * 8)()
        self.calls: dict[str, Any] = {}
        module = wrappers(folder)
        self.wrapped = {name: getattr(module, f"call_{name}") for name in self.functions}
        if mode != "unlowered":
            self.symbols: dict[str, int] = {}
            for name in ("pagoda.machine.polling", *(f"pagoda.runtime.{m}" for m in MODULES), WRAPPERS):
                unit = Unit.of_module(name, checked=mode == "checked")
                self.symbols.update(load(emit_object(unit.render()), self.symbols).symbols)

    @property
    def slow(self) -> bool:
        return self.mode == "unlowered"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.functions:
            raise AttributeError(name)
        made = self.unlowered(name) if self.slow else self.lowered(name)
        setattr(self, name, made)
        return made

    def unlowered(self, name: str) -> Any:
        wrapped = self.wrapped[name]
        kinds = [kind for _, kind in wrapped.signature[0][:-1]]
        out = types.make_pointer(types.I64, ctypes.addressof(self.out))
        results = self.results(name)

        def call(*args: Any) -> Any:
            wrapped(*(argument(kind, item) for kind, item in zip(kinds, args, strict=True)), out)
            return results()

        return call

    def lowered(self, name: str) -> Any:
        kinds = [kind for _, kind in self.functions[name].signature[0] if kind is not None]
        flat = [part for kind in kinds for part in types.flatten(kind)]
        shape = [ctypes.c_double if isinstance(part, types.Scalar) and part.is_float else ctypes.c_int64 for part in flat]
        # The GIL stays held, as it is in compiled programs; a pending Python exception would be raised here.
        called = ctypes.PYFUNCTYPE(None, *shape, ctypes.c_void_p)(self.symbols[self.wrapped[name].symbol])
        out = ctypes.addressof(self.out)
        results = self.results(name)
        width = [len(types.flatten(kind)) for kind in kinds]

        def call(*args: Any) -> Any:
            assert len(args) == len(width), name
            passed: list[Any] = []
            for count, item in zip(width, args, strict=True):
                passed.extend(item) if count > 1 else passed.append(item)
            called(*passed, out)
            return results()

        return call

    def results(self, name: str) -> Any:
        result = self.functions[name].signature[1]
        out = self.out

        def read(kind: types.Type, at: int) -> Any:
            if isinstance(kind, types.Tuple):
                items = []
                for item in kind.items:
                    items.append(read(item, at))
                    at += len(types.flatten(item))
                return tuple(items)
            if isinstance(kind, types.Aggregate):
                return out[at], out[at + 1]
            if isinstance(kind, types.Bool):
                return bool(out[at])
            if isinstance(kind, types.Scalar) and kind.is_float:
                return ctypes.c_double.from_buffer(out, at * 8).value
            return out[at]

        assert result is not None
        if isinstance(result, types.Void):
            return lambda: None
        return lambda: read(result, 0)


def argument(kind: types.Type, item: Any) -> Any:
    if isinstance(kind, types.Aggregate):
        return kind.python(*item)
    if isinstance(kind, types.Reference):
        return kind.python(item)
    if isinstance(kind, types.Pointer):
        return types.make_pointer(kind.element, item)
    return item


class Store:
    """One heap, and Python objects in and out of it.

    ``put`` makes a value that the caller owns, ``get`` reads a borrowed one. Truths, ints, floats, None and str are themselves;
    lists are arrays, dicts dicts; a tuple ("name", {field: value}) is a struct, ("enum", "tag", [values]) a tagged value.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.heap: int = world.heap_new()
        assert self.heap
        self.symbols: dict[str, int] = {}

    @property
    def state(self) -> Heap:
        return Heap(self.heap)  # type: ignore[call-arg]

    @property
    def live(self) -> int:
        return int(self.state.live_objects)

    @property
    def used(self) -> int:
        return int(self.state.bytes_used)

    def close(self) -> None:
        """Checks that nothing is left and gives the heap back."""
        assert (self.live, self.used) == (0, 0)
        self.discard()

    def discard(self) -> None:
        self.world.heap_destroy(self.heap)

    def limit(self, more: int | None) -> None:
        """Allows so many bytes more than are used now; None: as many as there are."""
        self.state.bytes_limit = (1 << 62) if more is None else self.used + more

    def symbol(self, name: str) -> int:
        return self.symbols.setdefault(name, len(self.symbols) + 1)

    def string(self, text: str) -> Pair:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(text))
        return pairs.STRING, id(text)

    def put(self, item: Any) -> Pair:
        world, heap = self.world, self.heap
        if item is None:
            return pairs.NULL, 0
        if isinstance(item, bool):
            return pairs.BOOL, int(item)
        if isinstance(item, int):
            return pairs.INT, item
        if isinstance(item, float):
            return pairs.FLOAT, ctypes.c_int64.from_buffer(ctypes.c_double(item)).value
        if isinstance(item, str):
            return self.string(item)
        if isinstance(item, list):
            array = world.array_new(heap, 0)
            for part in item:
                assert world.array_push(heap, array, self.put(part))
            return pairs.ARRAY, array
        if isinstance(item, dict):
            made = world.dict_new(heap)
            for key, value in item.items():
                assert world.dict_set(heap, made, self.key(key), self.put(value))
            return pairs.DICT, made
        if isinstance(item, tuple) and len(item) == 2:
            made = world.struct_new(heap, self.shape(item[0], *item[1]))
            for index, value in enumerate(item[1].values()):
                world.struct_store(heap, made, index, self.put(value))
            return pairs.STRUCT, made
        if isinstance(item, tuple):
            made = world.tagged_new(heap, self.symbol(item[0]), self.symbol(item[1]), len(item[2]))
            for index, value in enumerate(item[2]):
                layouts.tagged_values(layouts.Tagged(made))[index] = pairs.Value(*self.put(value))  # type: ignore[call-arg]
            return pairs.TAGGED, made
        raise TypeError(item)

    def shape(self, name: str, *fields: str) -> int:
        symbols = (ctypes.c_int64 * max(len(fields), 1))(*(self.symbol(f) for f in fields))
        return int(self.world.shape_find(self.heap, self.symbol(name), ctypes.addressof(symbols), len(fields)))

    def key(self, key: int | str) -> Pair:
        """A canonical key that the caller owns."""
        owned = self.put(key)
        canonical, fits = self.world.dict_key(owned)
        assert fits
        if canonical[0] != owned[0]:
            self.release(owned)
        return tuple(canonical)

    def get(self, pair: Pair) -> Any:
        tag, payload = pair
        if tag == pairs.NULL:
            return None
        if tag == pairs.BOOL:
            assert payload in (0, 1)
            return bool(payload)
        if tag == pairs.INT:
            return int(payload)
        if tag == pairs.FLOAT:
            return ctypes.c_double.from_buffer(ctypes.c_int64(payload)).value
        if tag in (pairs.STRING, pairs.OBJECT):
            return ctypes.cast(payload, ctypes.py_object).value
        if tag == pairs.ARRAY:
            array = layouts.Array(payload)  # type: ignore[call-arg]
            assert array.tag == tag
            assert array.refcount > 0
            assert array.length <= array.capacity
            return [self.get(self.world.array_load(payload, i)) for i in range(array.length)]
        if tag == pairs.DICT:
            entries, at = {}, self.world.dict_next(payload, 0)
            while at >= 0:
                entries[self.get(self.world.dict_key_at(payload, at))] = self.get(self.world.dict_value_at(payload, at))
                at = self.world.dict_next(payload, at + 1)
            assert len(entries) == self.world.dict_length(payload)
            return entries
        names = {number: name for name, number in self.symbols.items()}
        if tag == pairs.STRUCT:
            shape = layouts.Struct(payload).shape  # type: ignore[call-arg]
            values = layouts.struct_values(layouts.Struct(payload))  # type: ignore[call-arg]
            fields = {names[shape.symbols[i]]: self.get((values[i].tag, values[i].payload)) for i in range(shape.count)}
            return names[shape.name], fields
        if tag == pairs.TAGGED:
            tagged = layouts.Tagged(payload)  # type: ignore[call-arg]
            values = layouts.tagged_values(tagged)
            parts = [self.get((values[i].tag, values[i].payload)) for i in range(tagged.count)]
            return names[tagged.enum], names[tagged.name], parts
        raise TypeError(pair)

    def retain(self, pair: Pair) -> Pair:
        self.world.retain(pair)
        return pair

    def release(self, *owned: Pair) -> None:
        for pair in owned:
            self.world.release(self.heap, pair)

    @contextlib.contextmanager
    def owning(self, item: Any) -> Any:
        pair = self.put(item)
        yield pair
        self.release(pair)


def text(base: str) -> str:
    """A string object of its own, not interned, with no hash yet."""
    return "".join([base[:1], base[1:]]) if len(base) > 1 else base
