"""Compiles a job: from plain data to an object and all that is needed to load it, in whatever process.

What must hold: what comes back is plain data too, and fits every process that has the same job. ``definitions``, as
``module:function``, names what gives the language's value model and table of operations.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pagoda.machine.decoder import decode
from pagoda.machine.function import Function
from pagoda.machine.ops import OpTable
from pagoda.machine.optimiser.assumptions import Assumptions
from pagoda.machine.optimiser.compiler import Compiler, Request
from pagoda.machine.optimiser.flowgraph import resume_points
from pagoda.machine.optimiser.lowering import NotCompiled
from pagoda.machine.optimiser.middles import cached_object
from pagoda.machine.optimiser.outlined import handler_unit, symbol_of
from pagoda.machine.optimiser.support import support_unit
from pagoda.machine.promotion.jobs import remember
from pagoda.machine.promotion.profiles import note_profile
from pagoda.machine.values import ValueModel
from pagoda.native.cache import Cache, make_key
from pagoda.native.emit import emit_object
from pagoda.native.unit import Unit
from pagoda.records import changed


class Elsewhere:
    """A constant that only the process which loads the code knows: an object, or an address."""


def definitions_of(place: str) -> tuple[ValueModel, OpTable]:
    """The value model and the table at ``module:function``."""
    module, _, name = place.partition(":")
    found: tuple[ValueModel, OpTable] = getattr(import_module(module), name)()
    return found


def function_of(row: Any, table: OpTable, model: ValueModel, words: dict[int, tuple[int, int]]) -> Function:
    """A function out of a job; the words of its constants go into ``words``, by the constants' ids."""
    name, parameters, registers, flags, code, handlers, rows = row
    constants = []
    for plain, item, tag, payload in rows:
        constant = item if plain else Elsewhere()
        words[id(constant)] = tag, payload
        constants.append(constant)
    shell = Function(name, parameters, registers, constants=constants, flags=flags)
    return decode(array("q", code), array("q", handlers), shell, table, model)


def expectations(row: dict[str, Any], live: int | None = None) -> Assumptions:
    """Assumptions out of a job. ``live``: the registers that matter, for code that begins in the middle."""
    registers = {}
    if live is not None:
        registers = {r: tag for r, tag in enumerate(row["registers"]) if tag is not None and live >> r & 1}
    return Assumptions(
        tuple(row["parameters"]), dict(row["kinds"]), frozenset(row["slow"]), dict(row["callees"]), True, registers,
        dict(row["caches"]), frozenset(row["unseen"]),
    )  # fmt: skip


def request_row(number: int, request: Request) -> tuple[Any, ...]:
    """What loading needs to know of a request: function, instruction it begins at, entry, counters of its exits and their
    places, kinds that a register must have."""
    symbol = request.symbol
    registers = sorted(request.assumptions.registers.items())
    return number, request.start, f"{symbol}.entry", f"{symbol}.exits", list(request.places), registers


def build(data: dict[str, Any], model: ValueModel, table: OpTable) -> dict[str, Any]:
    """Compiles a job. Raises :class:`NotCompiled`, or whatever LLVM has to say."""
    started = time.perf_counter()
    words: dict[int, tuple[int, int]] = {}
    loaded: ValueModel = changed(model, constant=lambda item: words[id(item)])
    functions = [function_of(row, table, model, words) for row in data["functions"]]
    try:
        compiler = group(functions, list(range(len(functions))), data, loaded, table)
        text = compiler.compile()
    except NotCompiled:
        if len(functions) == 1:
            raise
        kept = [number for number in range(len(functions)) if number == 0 or fits(functions, number, data, loaded, table)]
        compiler = group(functions, kept, data, loaded, table)
        text = compiler.compile()
    lowered = time.perf_counter()
    level, passes, codegen = data["effort"]
    content = emit_object(text, level=level, passes=passes, codegen=codegen)
    emitted = time.perf_counter()
    parts = [part(f"{model.name}.opt.run", data["state"], lambda: support_unit(model))]
    for op in sorted(compiler.handlers, key=lambda op: op.name):
        parts.append(part(symbol_of(loaded, op), data["state"], lambda op=op: handler_unit(loaded, op)))  # type: ignore[misc]
    rows = [request_row(request.identity, request) for request in compiler.every()]
    product = {
        "object": content, "parts": parts, "rows": rows,
        "lowering": lowered - started, "emission": emitted - lowered, "lines": text.count("\n"),
    }  # fmt: skip
    remember(data, product)
    if data["profile"]:
        place, identities = data["profile"]
        note_profile(place, data["start"], (data["key"], identities, data["expected"]))
    return product


def part(symbol: str, state: str, unit: Callable[[], Unit]) -> tuple[str, bytes]:
    """What compiled code needs beside it, whose text follows from the sources alone: written once for each state of theirs."""
    cache, key = Cache(), make_key(["part", state, symbol])
    entry = cache.get(key)
    if entry is not None:
        return symbol, entry.object
    content = cached_object(unit().render())
    cache.put(key, content)
    return symbol, content


def group(functions: list[Function], kept: list[int], data: dict[str, Any], model: ValueModel, table: OpTable) -> Compiler:
    """The functions of a job that are ``kept``, ready to be compiled."""
    compiler = Compiler(model, table)
    start = data["start"]
    for number in kept:
        function, row = functions[number], data["expected"][number]
        if number == 0 and start is not None:
            request = compiler.add(function, number, Assumptions(outlined=True), start)
            request.assumptions = expectations(row, request.graph.before[start])
        else:
            compiler.add(function, number, expectations(row))
        for place in resume_points(function):
            if number != 0 or place != start:
                compiler.add(function, number, Assumptions((), outlined=True), place)
    return compiler


def fits(functions: list[Function], number: int, data: dict[str, Any], model: ValueModel, table: OpTable) -> bool:
    """Whether a function that would only come along can be compiled."""
    compiler = Compiler(model, table)
    try:
        compiler.add(functions[number], number, expectations(data["expected"][number]))
        compiler.compile()
    except NotCompiled:
        return False
    return True
