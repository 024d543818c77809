"""Runs native functions unlowered, as release code and as checked code, and compares results and memory.

Machine code runs in forked children: a case that traps, faults or hangs is a finding, not the end of the test run. Where the
unlowered run raises (overflow, null, trap), the checked build must trap, and the release build is not asked.
"""

from __future__ import annotations

import ctypes
import faulthandler
import importlib.util
import inspect
import math
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from pagoda.native import types
from pagoda.native.emit import emit_object
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import NativeTrap
from pagoda.native.loader import load
from pagoda.native.unit import Unit

TRAPS = (types.NativeOverflow, types.NativeFault, NativeTrap, AssertionError)
SCRATCH = 512
_BITS = {"i8": ctypes.c_int8, "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64, "u8": ctypes.c_uint8,
         "u16": ctypes.c_uint16, "u32": ctypes.c_uint32, "u64": ctypes.c_uint64, "f64": ctypes.c_double}  # fmt: skip
_buffer = (ctypes.c_uint64 * (SCRATCH // 8))()
BASE = ctypes.addressof(_buffer)
PATTERN = bytes((i * 37 + 11) % 251 for i in range(SCRATCH // 2)) + bytes(SCRATCH // 2)


class At:
    """An argument: the scratch memory from ``offset`` on."""

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset

    def __repr__(self) -> str:
        return f"At({self.offset})"


Case = tuple[NativeFunction[Any, Any], tuple[Any, ...]]


def reset() -> None:
    ctypes.memmove(BASE, PATTERN, SCRATCH)


def memory() -> bytes:
    return ctypes.string_at(BASE, SCRATCH)


def plain(value: Any) -> Any:
    """A result as something that can be compared and sent through a pipe: floats as their bits, all NaNs alike."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack(">d", value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, tuple):
        return tuple(part for item in value for part in _listed(plain(item)))
    if hasattr(value, "address"):
        return int(value.address)
    return tuple(part for name in types.layout_of(type(value)).fields for part in _listed(plain(getattr(value, name))))


def _listed(item: Any) -> tuple[Any, ...]:
    return item if isinstance(item, tuple) else (item,)


def unlowered(function: NativeFunction[Any, Any], args: Sequence[Any]) -> tuple[Any, ...]:
    """``("ok", result, memory)`` or ``("trap", why)``."""
    reset()
    given = [pointer_for(kind, BASE + a.offset) if isinstance(a, At) else a for (_, kind), a in
             zip(function.signature[0], args, strict=True)]  # fmt: skip
    try:
        result = function(*given)
    except TRAPS as problem:
        return "trap", repr(problem)
    return "ok", plain(result), memory()


def pointer_for(kind: types.Type | None, address: int) -> Any:
    if isinstance(kind, types.Reference):
        return kind.python(address)
    assert isinstance(kind, types.Pointer)
    return types.make_pointer(kind.element, address)


_SHAPES: dict[tuple[bool, ...], Any] = {
    tuple(kinds): type("Shape", (ctypes.Structure,), {"_fields_": [
        (f"f{i}", ctypes.c_double if is_float else ctypes.c_int64) for i, is_float in enumerate(kinds)]})
    for kinds in ([a, b] for a in (False, True) for b in (False, True))
}  # fmt: skip


def _scalar_of(kind: types.Type, raw: Any) -> Any:
    """The bits of a register as a value of ``kind``: what lies above its width does not count."""
    if isinstance(kind, types.Bool):
        return bool(raw & 1)
    if isinstance(kind, types.Scalar):
        return raw if kind.is_float else _BITS[kind.name](raw).value
    return raw or 0


def lowered(address: int, function: NativeFunction[Any, Any], args: Sequence[Any]) -> tuple[Any, ...]:
    """Calls machine code with the arguments that :func:`unlowered` takes."""
    parameters, result = function.signature
    raw, slots = [], []
    for (_, kind), argument in zip(parameters, args, strict=True):
        assert kind is not None
        values = [BASE + argument.offset] if isinstance(argument, At) else _flat(argument)
        for part, item in zip(types.flatten(kind), values, strict=True):
            if isinstance(part, types.Bool):
                slots.append(ctypes.c_uint8)
                raw.append(int(item))
            elif isinstance(part, types.Scalar):
                slots.append(_BITS[part.name])
                raw.append(item)
            else:
                slots.append(ctypes.c_void_p)
                raw.append(getattr(item, "address", item))
    assert result is not None
    parts = types.flatten(result)
    restype: Any = None
    if len(parts) == 1:
        restype = ctypes.c_bool if isinstance(parts[0], types.Bool) else _BITS.get(parts[0].name, ctypes.c_uint64)
    elif len(parts) == 2:
        restype = _SHAPES[tuple(isinstance(p, types.Scalar) and p.is_float for p in parts)]
    assert len(parts) <= 2, "a third result does not come back through C"
    reset()
    answer = ctypes.CFUNCTYPE(restype, *slots)(address)(*raw)
    if len(parts) == 2:
        answer = tuple(_scalar_of(part, getattr(answer, f"f{i}")) for i, part in enumerate(parts))
    elif len(parts) == 1 and not isinstance(parts[0], types.Bool):
        answer = _scalar_of(parts[0], answer)
    return "ok", plain(answer), memory()


def _flat(argument: Any) -> list[Any]:
    if isinstance(argument, int | float) or hasattr(argument, "address"):
        return [argument]
    return [part for name in types.layout_of(type(argument)).fields for part in _flat(getattr(argument, name))]


def child(work: Callable[[], Iterable[Any]], seconds: int) -> tuple[list[Any], int]:
    """What ``work`` yielded in a forked child before it ended, and the child's wait status."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            faulthandler.disable()  # a trap is expected as often as not
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(seconds)
            with os.fdopen(writer, "wb") as out:
                for item in work():
                    pickle.dump(item, out)
                    out.flush()
        finally:
            os._exit(0)
    os.close(writer)
    found = []
    with os.fdopen(reader, "rb") as source:
        while True:
            try:
                found.append(pickle.load(source))
            except EOFError:
                break
    return found, os.waitpid(pid, 0)[1]


class Built:
    """Functions of one module, in a release and a checked build."""

    def __init__(self, functions: Iterable[NativeFunction[Any, Any]], level: int = 2) -> None:
        self.functions = list(functions)
        self.units = {}
        self.texts = {}
        for checked in (False, True):
            unit = Unit(self.functions[0].__module__, checked=checked)
            for function in self.functions:
                unit.define(function)
            self.texts[checked] = unit.render()
            self.units[checked] = load(emit_object(self.texts[checked], level=level), {})

    def address(self, function: NativeFunction[Any, Any], checked: bool) -> int:
        return self.units[checked][function.symbol]

    def failures(self, cases: Sequence[Case], traps: int | None = None) -> list[str]:
        """What differs between the unlowered run and the builds, in words.

        Each case that must trap costs a child; ``traps`` is how many of them are tried, evenly spread.
        """
        expected = [unlowered(function, args) for function, args in cases]
        problems: list[str] = []
        for checked in (False, True):
            todo = [i for i, outcome in enumerate(expected) if outcome[0] == "ok"]
            while todo:  # after a death, the rest goes into another child
                def run(todo: list[int] = todo, checked: bool = checked) -> Iterable[Any]:
                    for i in todo:
                        yield lowered(self.address(cases[i][0], checked), *cases[i])

                found, status = child(run, 20)
                for i, outcome in zip(todo, found, strict=False):
                    if outcome != expected[i]:
                        problems.append(self.describe(cases[i], checked, expected[i], outcome))
                if len(found) < len(todo):
                    dead = todo[len(found)]
                    problems.append(self.describe(cases[dead], checked, expected[dead], f"died: {status}"))
                todo = todo[len(found) + 1 :]
        trapping = [i for i, outcome in enumerate(expected) if outcome[0] == "trap"]
        for i in trapping[:: max(1, len(trapping) // traps) if traps else 1]:
            function, args = cases[i]
            address = self.address(function, True)
            found, status = child(lambda at=address, f=function, a=args: [lowered(at, f, a)], 5)  # type: ignore[misc]
            if status not in (signal.SIGILL, signal.SIGTRAP):
                problems.append(self.describe(cases[i], True, expected[i], found or f"status {status}"))
        return problems

    def describe(self, case: Case, checked: bool, expected: Any, found: Any) -> str:
        function, args = case
        source = "".join(inspect.getsourcelines(function.python)[0])
        return (f"{'checked' if checked else 'release'} {function.__name__}{args!r}\n  unlowered {brief(expected)}\n"
                f"  lowered   {brief(found)}\n{source}")  # fmt: skip


def brief(outcome: Any) -> str:
    if isinstance(outcome, tuple) and len(outcome) == 3:
        changed = [i for i, (a, b) in enumerate(zip(outcome[2], PATTERN, strict=True)) if a != b]
        return f"{outcome[1]!r}, bytes changed: {changed[:40]} {bytes(outcome[2][i] for i in changed[:40]).hex()}"
    return repr(outcome)[:400]


EDGES: dict[str, list[Any]] = {
    **{f"i{b}": [0, 1, -1, 5, -7, (1 << (b - 1)) - 1, -(1 << (b - 1)), 100] for b in (8, 16, 32, 64)},
    **{f"u{b}": [0, 1, 2, 5, 100, (1 << b) - 1, 1 << (b - 1), (1 << (b - 1)) - 1] for b in (8, 16, 32, 64)},
    "f64": [0.0, -0.0, 1.0, -2.5, 0.5, 1e300, math.inf, -math.inf, math.nan, 5e-324, 9007199254740993.0, -1e18],
    "bool": [False, True],
}


def edge_cases(function: NativeFunction[Any, Any], count: int, random: Any) -> list[Case]:
    """Calls with edge values: each value of each parameter at least once where ``count`` allows, else at random."""
    kinds = [kind for _, kind in function.signature[0]]
    if len(kinds) == 1 and isinstance(kinds[0], types.Scalar | types.Bool):
        return [(function, (kinds[0].python(n) if isinstance(kinds[0], types.Scalar) else n,)) for n in EDGES[kinds[0].name]]
    return [(function, tuple(edge_value(kind, random) for kind in kinds)) for _ in range(count)]


def edge_value(kind: types.Type | None, random: Any) -> Any:
    if isinstance(kind, types.Scalar):
        number = random.choice(EDGES[kind.name])
        return kind.python(number)
    if isinstance(kind, types.Bool):
        return random.random() < 0.5
    if isinstance(kind, types.Aggregate):
        return kind.python(*(edge_value(part, random) for part in kind.layout.kinds))
    return At(random.choice((0, 64, 128)))


def load_source(name: str, source: str, folder: Path) -> ModuleType:
    """A module of ``source``, written where tracebacks and lowering can read it."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # annotations are resolved there
    spec.loader.exec_module(module)
    return module


def both_ways(function: NativeFunction[Any, Any], cases: Iterable[tuple[Any, ...]]) -> None:
    """Asserts that ``function`` gives the same on every case, however it is run."""
    problems = Built([function]).failures([(function, args) for args in cases])
    assert not problems, "\n".join(problems[:5])
