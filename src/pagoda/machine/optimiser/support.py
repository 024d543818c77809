"""The storey's own helpers, one unit per language: what compiled code calls when something seldom happens.

``run`` enters a function on the storey that it has, ``stray`` one whose arguments compiled code does not take; ``resume`` goes
on in a frame, on compiled code if some begins there; ``finish`` lets the interpreter complete a callee that exited;
``exit`` leaves a frame, which is in memory by then, counts broken promises and tells the caller how it goes on;
``raise`` unwinds a frame that failed, or goes on in its handler; ``poll`` answers a poll; ``forced`` makes exits happen
for tests.
"""

from __future__ import annotations

import ctypes
from typing import Any

from pagoda.machine.asking import ASKED
from pagoda.machine.context import HEADER_CODE, RAISE, RESUME, STOP_NONE, SUSPEND, Code, Context
from pagoda.machine.frames import Frames, count_frames
from pagoda.machine.optimiser.exits import BOXED, FOLLOWING, PASSING, RESUMING, SUSPENDING
from pagoda.machine.optimiser.middles import cached_object
from pagoda.machine.polling import poll_slow
from pagoda.machine.values import ValueModel
from pagoda.native import cold, i64, ptr
from pagoda.native.image import Image
from pagoda.native.intrinsics import address, atomic_store, cast, field_pointer, pointer
from pagoda.native.types import layout_of
from pagoda.native.unit import Unit

BEYOND, ALL, NONE = -3, -2, -1  # for the control's first word, beside the number of a site


def support_unit(model: ValueModel) -> Unit:
    """The unit of the helpers for one language."""
    slots = ptr[model.value]  # type: ignore[name-defined]
    header = model.header_slots * model.slot_size
    context, release_value, empty, catch = model.context, model.release, model.empty, model.catch
    counted_frames, asked = count_frames, ASKED
    has_catch, counted, passing = catch is not None, release_value is not None, PASSING

    def poll(ctx: Context) -> i64:
        """Answers a poll; to stop is left to the interpreter, which must ask again."""
        status = poll_slow(ctx)
        if status != 0:
            atomic_store(field_pointer(ctx, "poll_word"), asked)
        return status

    def remember(ctx: Context, pc: ptr[i64], registers: ptr[i64], mode: i64) -> None:
        """Notes the frame that fails and those that called it, unless what it called has done so."""
        if mode != passing:
            note(ctx, pc, registers)

    def unwind(ctx: Context, pc: ptr[i64], registers: ptr[i64], mode: i64) -> i64:
        """The address of the handler's code in the frame at ``registers``; 0 where there is none, and the frame is
        released."""
        base = address(registers)
        code = pointer(Code, -registers[HEADER_CODE])
        tell(ctx, pc, registers, mode)
        if has_catch and ctx.stop == STOP_NONE:
            place = (address(pc) - address(code.entry)) >> 3
            for i in range(code.handler_count):
                row = i * 4
                if code.handlers[row] <= place and place < code.handlers[row + 1]:
                    target = pointer(slots, base + code.handlers[row + 3])
                    if counted:
                        release_value(cast(context, ctx), target[0])  # type: ignore[misc]
                    target[0] = catch(cast(context, ctx))  # type: ignore[misc]
                    return address(code.entry) + (code.handlers[row + 2] << 3)
        frame = pointer(slots, base - header)
        if counted:
            release_value(cast(context, ctx), frame[0])  # type: ignore[misc]
        frame[0] = empty()
        row_of = pointer(slots, base)
        for k in range(code.registers):
            if counted:
                release_value(cast(context, ctx), row_of[k])  # type: ignore[misc]
            row_of[k] = empty()
        return 0

    def count(ctx: Context, registers: ptr[i64]) -> i64:
        """Notes the frames of the running native entry, before it makes another one; gives their number."""
        frames = counted_frames(address(registers), header)
        ctx.depth += frames
        return frames

    unit = Unit(f"{model.name}.opt")
    made: Any = None
    note: Any = Frames(model).remember
    tell: Any = None
    for body in (poll, remember, unwind, count):
        made = cold(body)
        made.symbol = f"{model.name}.opt.{body.__name__}"
        made.__module__ = unit.module
        if body is remember:
            tell = made
        unit.define(made)
    unit.add_text(texts(model.name))
    return unit


def texts(name: str) -> str:
    """The helpers that are only calls and jumps."""
    context, code = layout_of(Context).fields, layout_of(Code).fields
    opt = f"{name}.opt"
    return f"""declare i64 @"{name}.enter"(ptr, ptr, ptr) nounwind
declare i64 @"{name}.resume"(ptr, ptr, ptr) nounwind

@"{opt}.control" = global [2 x i64] [i64 {NONE}, i64 0]
@"{opt}.middles" = global i64 0

define dso_local i64 @"{opt}.resume"(ptr %ctx, ptr %pc, ptr %registers) nounwind {{
entry:
  %table = load ptr, ptr @"{opt}.middles", align 8
  %none = icmp eq ptr %table, null
  br i1 %none, label %slow, label %look
look:
  %mask = load i64, ptr %table, align 8
  %rows = getelementptr inbounds i64, ptr %table, i64 1
  %key = ptrtoint ptr %pc to i64
  %first = lshr i64 %key, 3
  br label %probe
probe:
  %at = phi i64 [ %first, %look ], [ %more, %next ]
  %in = and i64 %at, %mask
  %row = getelementptr inbounds [2 x i64], ptr %rows, i64 %in
  %held = load i64, ptr %row, align 8
  %found = icmp eq i64 %held, %key
  br i1 %found, label %fast, label %other
other:
  %end = icmp eq i64 %held, 0
  br i1 %end, label %slow, label %next
next:
  %more = add i64 %at, 1
  br label %probe
slow:
  %s = tail call i64 @"{name}.resume"(ptr %ctx, ptr %pc, ptr %registers)
  ret i64 %s
fast:
  %entryat = getelementptr inbounds i64, ptr %row, i64 1
  %there = load ptr, ptr %entryat, align 8
  %header = getelementptr inbounds i64, ptr %registers, i64 {HEADER_CODE}
  %negative = load i64, ptr %header, align 8
  %number = sub i64 0, %negative
  %code = inttoptr i64 %number to ptr
  %f = call i64 %there(ptr %ctx, ptr %code, ptr %registers)
  %exited = icmp eq i64 %f, {RESUME}
  br i1 %exited, label %back, label %done
back:
  %pcat = getelementptr inbounds i8, ptr %ctx, i64 {context["resume_pc"][1]}
  %to = load ptr, ptr %pcat, align 8
  %r = tail call i64 @"{name}.resume"(ptr %ctx, ptr %to, ptr %registers)
  ret i64 %r
done:
  ret i64 %f
}}

define dso_local i64 @"{opt}.run"(ptr %ctx, ptr %code, ptr %registers) nounwind {{
entry:
  %at = getelementptr inbounds i8, ptr %code, i64 {code["compiled"][1]}
  %compiled = load ptr, ptr %at, align 8
  %none = icmp eq ptr %compiled, null
  br i1 %none, label %slow, label %fast
slow:
  %s = tail call i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %s
fast:
  %f = tail call i64 %compiled(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %f
}}

define dso_local i64 @"{opt}.stray"(ptr %ctx, ptr %code, ptr %registers) nounwind cold {{
entry:
  %callsat = getelementptr inbounds i8, ptr %code, i64 {code["calls"][1]}
  %calls = load i64, ptr %callsat, align 8
  %more = add i64 %calls, 1
  store i64 %more, ptr %callsat, align 8
  %s = tail call i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %s
}}

define dso_local i64 @"{opt}.finish"(ptr %ctx, i64 %status) nounwind cold {{
entry:
  %exited = icmp eq i64 %status, {RESUME}
  br i1 %exited, label %go, label %settled
go:
  %pcat = getelementptr inbounds i8, ptr %ctx, i64 {context["resume_pc"][1]}
  %pc = load ptr, ptr %pcat, align 8
  %baseat = getelementptr inbounds i8, ptr %ctx, i64 {context["resume_registers"][1]}
  %base = load ptr, ptr %baseat, align 8
  %r = call i64 @"{name}.resume"(ptr %ctx, ptr %pc, ptr %base)
  ret i64 %r
settled:
  %raised = icmp eq i64 %status, {RAISE}
  %s = zext i1 %raised to i64
  ret i64 %s
}}

define dso_local i64 @"{opt}.raise"(ptr %ctx, ptr %pc, ptr %base, i64 %mode) nounwind cold {{
entry:
  %at = call i64 @"{opt}.unwind"(ptr %ctx, ptr %pc, ptr %base, i64 %mode)
  %none = icmp eq i64 %at, 0
  br i1 %none, label %out, label %caught
out:
  ret i64 {RAISE}
caught:
  %handler = inttoptr i64 %at to ptr
  %r = call i64 @"{name}.resume"(ptr %ctx, ptr %handler, ptr %base)
  ret i64 %r
}}

define dso_local i64 @"{opt}.exit"(
  ptr %ctx, ptr %base, ptr %code, ptr %sites, ptr %exits, i32 %number, i64 %mode
) nounwind cold {{
entry.0:
  %codeat = getelementptr inbounds i64, ptr %base, i64 {HEADER_CODE}
  %address = ptrtoint ptr %code to i64
  %negative = sub i64 0, %address
  store i64 %negative, ptr %codeat, align 8
  %entryat = getelementptr inbounds i8, ptr %code, i64 {code["entry"][1]}
  %entry = load ptr, ptr %entryat, align 8
  %row = getelementptr inbounds i32, ptr %sites, i32 %number
  %word = load i32, ptr %row, align 4
  %pc = getelementptr inbounds i64, ptr %entry, i32 %word
  switch i64 %mode, label %raising [
    i64 {RESUMING}, label %resuming
    i64 {SUSPENDING}, label %staying
    i64 {FOLLOWING}, label %following
  ]
raising:
  %r = call i64 @"{opt}.raise"(ptr %ctx, ptr %pc, ptr %base, i64 %mode)
  %failed = icmp ne i64 %r, 0
  %s = select i1 %failed, i64 {RAISE}, i64 {BOXED}
  ret i64 %s
resuming:
  %countat = getelementptr inbounds i64, ptr %exits, i32 %number
  %count = load i64, ptr %countat, align 8
  %more = add i64 %count, 1
  store i64 %more, ptr %countat, align 8
  br label %staying
following:
  br label %staying
staying:
  %status = phi i64 [ {SUSPEND}, %entry.0 ], [ {RESUME}, %resuming ], [ {RESUME}, %following ]
  %pcat = getelementptr inbounds i8, ptr %ctx, i64 {context["resume_pc"][1]}
  store ptr %pc, ptr %pcat, align 8
  %baseat = getelementptr inbounds i8, ptr %ctx, i64 {context["resume_registers"][1]}
  store ptr %base, ptr %baseat, align 8
  ret i64 %status
}}

define dso_local i64 @"{opt}.forced"(i64 %site) nounwind cold {{
entry:
  %which = load i64, ptr @"{opt}.control", align 8
  %all = icmp eq i64 %which, {ALL}
  br i1 %all, label %yes, label %one
one:
  %number = and i64 %site, 4294967295
  %later = icmp ne i64 %number, 0
  %beyond = icmp eq i64 %which, {BEYOND}
  %both = and i1 %later, %beyond
  br i1 %both, label %yes, label %single
single:
  %this = icmp eq i64 %which, %site
  br i1 %this, label %count, label %no
count:
  %at = getelementptr inbounds i64, ptr @"{opt}.control", i64 1
  %left = load i64, ptr %at, align 8
  %now = sub i64 %left, 1
  store i64 %now, ptr %at, align 8
  %late = icmp slt i64 %now, 0
  br i1 %late, label %yes, label %no
yes:
  ret i64 1
no:
  ret i64 0
}}"""


class Support:
    """The helpers in memory, beside a language's interpreter."""

    def __init__(self, model: ValueModel, image: Image) -> None:
        self.name = model.name
        if f"{model.name}.opt.run" not in image.symbols:
            image.add(cached_object(support_unit(model).render()))
        self.run = image[f"{model.name}.opt.run"]
        self.resume = image[f"{model.name}.opt.resume"]
        self.control = (ctypes.c_int64 * 2).from_address(image[f"{model.name}.opt.control"])

    def force(self, site: int = NONE, after: int = 0) -> None:
        """Makes stressed code exit at a site (``(identity << 32) + 2 * instruction``, one more for after it), from the
        time on that it came there ``after`` times; ``ALL`` for everywhere, ``BEYOND`` for all but before a function's first
        instruction."""
        self.control[0], self.control[1] = site, after
