"""Frames of the register stack: entering, unwinding, remembering where an error came from. Made once per value model.

Everything here is out of the hot path; the interpreter's own enter and leave are in ``interpreter.py``.
"""

from __future__ import annotations

from typing import Any

from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, STOP_NONE, TRACE_FRAMES, Code, Context
from pagoda.machine.values import ValueModel
from pagoda.native import cold, i64, native, ptr
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import address, cast, pointer


@native
def frame_code(registers: i64) -> Code:
    """The code that the frame at ``registers`` runs."""
    return pointer(Code, -pointer(ptr[i64], registers)[HEADER_CODE])


@native
def count_frames(registers: i64, header: i64) -> i64:
    """The frames of the running native entry, up to the one at ``registers``; ``header`` is the bytes before a frame."""
    count: i64 = 1
    at = pointer(ptr[i64], registers)[HEADER_RETURN]
    while at > 0:
        registers -= (((pointer(ptr[i64], at)[0] >> 32) & 65535) + header)
        count += 1
        at = pointer(ptr[i64], registers)[HEADER_RETURN]
    return count


class Frames:
    """The frame functions for one value model: ``unwind``, ``remember``, ``release_frame``, ``refuse``."""

    def __init__(self, model: ValueModel) -> None:
        slot_size = model.slot_size
        header = model.header_slots * slot_size
        slots = ptr[model.value]  # type: ignore[name-defined]
        context = model.context
        release_value, empty, catch = model.release, model.empty, model.catch
        has_release, has_catch = release_value is not None, catch is not None
        counted = has_release
        counted_frames = count_frames

        def remember(ctx: Context, pc: ptr[i64], registers: ptr[i64]) -> None:
            """Notes the stack of frames, innermost first, as (code, instruction) pairs, and those that compiled code is in.

            The header of such a frame may lack its code. That is 0 then: the instruction tells whose it is.
            """
            count: i64 = ctx.trace_kept
            ctx.trace_kept = 0
            if count < 0:
                return
            depth: i64 = ctx.trace_depth if count != 0 else 0
            at: i64 = address(pc)
            base: i64 = address(registers)
            code: i64 = -pointer(ptr[i64], base)[HEADER_CODE]
            while at != 0:
                if count < TRACE_FRAMES:
                    ctx.trace[count * 2] = code
                    ctx.trace[count * 2 + 1] = at
                    count += 1
                depth += 1
                back: i64 = pointer(ptr[i64], base)[HEADER_RETURN]
                at = back if back >= 0 else -back
                if at != 0:
                    base -= (((pointer(ptr[i64], at)[0] >> 32) & 65535) + header)
                    code = -pointer(ptr[i64], base)[HEADER_CODE] if back > 0 else 0
            ctx.trace_count = count
            ctx.trace_depth = depth

        def refuse(ctx: Context, registers: ptr[i64], top: i64) -> i64:
            """Whether a call must fail whose frame would end at ``top``, beyond ``stack_end``: 1 or 0."""
            if ctx.exact_end == 0 or top > ctx.exact_end:
                return 1
            return 1 if ctx.depth + counted_frames(address(registers), header) > ctx.max_depth else 0

        def release_range(ctx: Context, start: i64, count: i64) -> None:
            """Releases ``count`` registers from ``start`` on; they are dead afterwards."""
            row = pointer(slots, start)
            for i in range(count):
                if counted:
                    release_value(cast(context, ctx), row[i])  # type: ignore[misc]
                row[i] = empty()

        def unwind(ctx: Context, pc: ptr[i64], registers: ptr[i64]) -> i64:
            """Finds the handler of a raised error, releasing the frames above it.

            Gives the address of the handler's code, with its registers in ``ctx.resume_registers``, or 0 when no frame of this
            native entry handles it.
            """
            keep(ctx, pc, registers)
            at: i64 = address(pc)
            base: i64 = address(registers)
            while True:
                frame = pointer(ptr[i64], base)
                code = pointer(Code, -frame[HEADER_CODE])
                if has_catch and ctx.stop == STOP_NONE:
                    place = (at - address(code.entry)) >> 3
                    for i in range(code.handler_count):
                        row = i * 4
                        if code.handlers[row] <= place and place < code.handlers[row + 1]:
                            target = pointer(slots, base + code.handlers[row + 3])
                            if counted:
                                release_value(cast(context, ctx), target[0])  # type: ignore[misc]
                            target[0] = catch(cast(context, ctx))  # type: ignore[misc]
                            ctx.resume_registers = base
                            return address(code.entry) + (code.handlers[row + 2] << 3)
                drop(ctx, base - header, 1)
                drop(ctx, base, code.registers)
                at = frame[HEADER_RETURN]
                if at <= 0:
                    return 0
                base -= (((pointer(ptr[i64], at)[0] >> 32) & 65535) + header)

        self.remember = keep = _named(cold(remember), model, "remember")
        self.refuse = _named(cold(refuse), model, "refuse")
        self.release_range = drop = _named(cold(release_range), model, "release_range")
        self.unwind = _named(cold(unwind), model, "unwind")

    def functions(self) -> list[NativeFunction[Any, Any]]:
        return [self.remember, self.refuse, self.release_range, self.unwind]


def _named(function: NativeFunction[Any, Any], model: ValueModel, name: str) -> NativeFunction[Any, Any]:
    function.symbol = f"{model.name}.{name}"
    return function


