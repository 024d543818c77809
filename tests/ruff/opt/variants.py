"""Every variant of every operation as compiled code: one instruction, over operands in memory, held against the interpreter's.

The function is compiled from its first instruction on, as code that begins in the middle of one, so that it finds its operands in
the frame; behind the instruction it exits, so that they are found there again. ``ways``: ``outlined`` calls the outlined handler
where there is one, ``inlined`` evaluates the body over unknown kinds, ``known`` over the kinds that the operands have.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, RESUME
from pagoda.machine.operands import Cache
from pagoda.machine.ops import Op
from pagoda.machine.optest import Outcome, _Run, cases, no_collection, run_lowered
from pagoda.machine.optimiser import NOTHING_KNOWN, Assumptions, Compiler, Support, install
from pagoda.machine.optimiser.outlined import can_be_outlined
from pagoda.machine.optimiser.support import BEYOND
from pagoda.native.image import Image
from pagoda.native.types import layout_of
from pagoda.records import changed

from ..ops.kit import RuffKit
from ..storeys import machine_code

WAYS = ("outlined", "inlined", "known")
EMPTY = ("null", 0)
SCALARS = ("bool", "int", "float", "function", "builtin", "hole")  # a dead register need not keep what owns nothing
OBJECTS: dict[str, bytes] = {}


class CompiledRun(_Run):
    """A run of a case whose function is compiled."""

    def compile(self, way: str, image: Image) -> Any:
        """The compiled function, loaded."""
        model = changed(self.model, constant=lambda words: words)
        compiler = Compiler(model, self.kit.table, stress=True)
        assumptions = NOTHING_KNOWN if way == "outlined" else Assumptions()
        if way == "known":
            kinds = {i: self.kind(i) for i, item in enumerate(self.values) if item is not None}
            assumptions = Assumptions(registers=kinds)
        if way == "outlined" and can_be_outlined(self.op):
            compiler.outlined.add(self.op)
        compiler.add(self.linked.function, 0, assumptions, 0)
        return install(compiler, image, {0: self.linked.address}, level=0, codegen=0, objects=OBJECTS)

    def kind(self, register: int) -> int:
        return int(ctypes.c_int64.from_address(self.base + register * self.slot).value)

    def on_opt(self, way: str) -> Outcome:
        """The outcome of the compiled function."""
        image = machine_code()
        support = Support(self.model, image)
        installed = self.compile(way, image)
        words = (ctypes.c_int64 * 2).from_address(self.base - 16)
        words[HEADER_CODE], words[HEADER_RETURN] = -self.linked.address, 0
        entry = ctypes.PYFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 3)
        support.force(BEYOND)
        try:
            status = entry(installed.entry(installed.compiler.middles[0]))(
                self.context.address, self.linked.address, self.base
            )  # fmt: skip
        finally:
            support.force()
        if status == RESUME:
            at = layout_of(self.model.context).fields["resume_pc"][1]
            place = ctypes.c_int64.from_address(self.context.address + at).value
            status = entry(image[f"{self.model.name}.resume"])(self.context.address, place, self.base)
        return self.ended(status)


def differences(operations: Sequence[Op], most: int, way: str) -> Iterator[str]:
    """What is wrong, case by case; ``most`` cases for each variant."""
    kit = RuffKit()
    kit.most_cases = most
    for case in cases(kit, operations):
        if case.variant.op.leaves and case.variant.letters == "R":
            continue  # what ends the frame while a register owns something is no function's
        try:
            expected = run_lowered(kit, case)
            with no_collection():
                run = CompiledRun(kit, case, "vm")
                kit.start(run.world, run.storey)
                outcome = run.finished(run.on_opt(way))
                run.settle()
        except Exception as problem:  # one bad case must not hide the others
            yield f"{case}: {type(problem).__name__}: {problem}"
            continue
        if any(isinstance(p.kind, Cache) for p in case.variant.op.parameters):
            outcome.caches = expected.caches  # compiled code gives no feedback
        pairs = zip(expected.places, outcome.places, strict=True)
        outcome.places = [one if other == EMPTY and one[0] in SCALARS else other for one, other in pairs]
        if outcome != expected:
            yield f"{case}, {way}: {expected} became {outcome}"
