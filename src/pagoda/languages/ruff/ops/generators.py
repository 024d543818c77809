"""Generators and async functions: beginning one, handing out a value, going on, promises.

A generator's call runs its function up to ``begin_generator``, which moves the frame to the heap and returns the generator.
Going on moves the frame back above the running one and enters the interpreter anew: a native entry of its own, which a
``produce`` leaves with SUSPEND. What must hold: only the bottom frame of such an entry is a generator's.
"""

from __future__ import annotations

from pagoda.languages.ruff.bridge import known, to_python, too_deep
from pagoda.languages.ruff.ops.entries import RECORD, registers_of, resume_entry, room_above
from pagoda.languages.ruff.ops.model import (
    DEPTH,
    GENERATOR_RUNS,
    Ctx,
    Number,
    Owned,
    OwnedReg,
    Read,
    Reg,
    Registers,
    RuffContext,
    out_of_memory,
    raise_error,
    release,
)  # fmt: skip
from pagoda.languages.ruff.ops.slow import AWAIT, PROMISE, SPAWN, ask1, ask2
from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, OK, SUSPEND, Code
from pagoda.machine.frames import frame_code
from pagoda.machine.ops import op
from pagoda.machine.verbs import call, fail, leave, slow, suspend
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import address, is_null, likely, null, offset, pointer
from pagoda.runtime.generators import (
    ENDED,
    RUNNING,
    Generator,
    generator_end,
    generator_keep,
    generator_lay_out,
    generator_new,
)  # fmt: skip
from pagoda.runtime.pairs import GENERATOR, INT, NULL, OBJECT, Object, Value
from pagoda.runtime.references import release_object

BEGIN_BYTES = 8  # of begin_generator, the first instruction of a generator's function


@op
def begin_generator(ctx: Ctx, registers: Registers) -> None:
    """Makes a generator of the frame and returns it; the generator goes on behind this instruction."""
    made = generator_of_frame(ctx, registers)
    if made.tag < 0:
        return fail()
    return leave(made)


@native
def generator_of_frame(ctx: RuffContext, registers: ptr[Value]) -> Value:
    """See :func:`begin_generator`. The callee moves along, so that leaving the frame destroys nothing."""
    code = frame_code(address(registers))
    g = generator_new(ctx.heap, address(code), address(code.entry) + BEGIN_BYTES, offset(registers, -32), code.registers + 1)
    if is_null(g):
        return out_of_memory(ctx)
    return Value(GENERATOR, address(g))


@op
def produce(a: Owned) -> None:
    """Hands ``a`` to whoever asked the generator for its next value, and waits until it is asked again."""
    return suspend(a)


@native
def generator_next(ctx: RuffContext, g: Generator) -> i64:
    """Runs a generator to its next value: 1 with that in ``ctx.result``, 0 at its end, -1 where it failed."""
    if g.state == ENDED:
        return 0
    if g.state == RUNNING:
        raise_error(ctx, GENERATOR_RUNS, Value(NULL, 0), Value(NULL, 0))
        return -1
    code = pointer(Code, g.code)
    before = ctx.frame
    top = before + frame_code(before).frame_bytes
    frames = room_above(ctx, before, top + RECORD + code.frame_bytes)
    if frames < 0:
        raise_error(ctx, DEPTH, Value(INT, address(code)), Value(NULL, 0))
        return -1
    record = pointer(ptr[Value], top)
    window = offset(record, RECORD)
    g.refcount += 1  # it may be dropped while it runs
    generator_lay_out(g, window)
    registers = registers_of(record)
    registers[HEADER_CODE] = -g.code
    registers[HEADER_RETURN] = 0
    status = resume_entry(ctx, g.at, before, record, frames)
    answer = -1
    if status == SUSPEND:
        generator_keep(g, ctx.resume_pc, window)
        answer = 1
    else:
        generator_end(ctx.heap, g)
        if status == OK:
            last = ctx.result
            ctx.result = Value(NULL, 0)
            release(ctx, last)
            answer = 0
    release_object(ctx.heap, GENERATOR, g)
    return answer


@native
def next_for_python(ctx: RuffContext, payload: i64) -> Object:
    """The next value of a generator as a Python object; ``end_answer`` at its end; null where it failed."""
    ctx.trace_count = 0  # what fails here has no frame of its own
    answer = generator_next(ctx, pointer(Generator, payload))
    if answer < 0:
        return null(Object)
    if answer == 0:
        return known(ctx.end_answer)
    v = ctx.result
    ctx.result = Value(NULL, 0)
    item = to_python(ctx, v, 0)
    release(ctx, v)
    if is_null(item):
        too_deep(ctx)
    return item


# ---------------------------------------------------------------- promises and tasks


@op
def promise(ctx: Ctx, a: Read, failed: Number) -> Value:
    """A settled promise of ``a``; ``failed``: a promise that the error ``a`` has broken."""
    return call(promise_of, ctx, a, failed)


@native
def promise_of(ctx: RuffContext, a: Value, failed: i64) -> Value:
    """See :func:`promise`."""
    return ask2(ctx, PROMISE, a, Value(INT, failed))


@op
def await_value(ctx: Ctx, a: OwnedReg) -> Value:
    """The value of a promise, waited for; anything else as it is."""
    if likely(a.tag != OBJECT):
        return a
    return slow(await_object, ctx, a)


@native
def await_object(ctx: RuffContext, a: Value) -> Value:
    """See :func:`await_value`; consumes ``a`` on success."""
    answer = ask1(ctx, AWAIT, a)
    if answer.tag >= 0:
        release(ctx, a)
    return answer


@op
def spawn(ctx: Ctx, a: Reg) -> None:
    """Starts a task that runs the function ``a``."""
    return call(spawn_task, ctx, a)


@native
def spawn_task(ctx: RuffContext, a: Value) -> i64:
    """See :func:`spawn`."""
    return i64(ask1(ctx, SPAWN, a).tag)
