"""What Python calls natively: an evaluation from beginning to end, and reading with compiling.

What must hold: an evaluation begins with an empty arena and an empty log, whatever the one before left; what it says on success
is exact, and on anything else nothing but that it failed and, in ``stop``, whether a limit stopped it.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.state import Compiler
from pagoda.languages.uplc.compile.stubs import make_stubs
from pagoda.languages.uplc.natives.arena import Room
from pagoda.languages.uplc.natives.values import FAILED, UNIT
from pagoda.languages.uplc.ops.model import UplcCode, UplcContext
from pagoda.languages.uplc.ops.table import MODEL
from pagoda.languages.uplc.read.data import read_data
from pagoda.languages.uplc.read.reader import Reader
from pagoda.machine.context import OK, STOP_NONE
from pagoda.native import array, i64, native, ptr, struct, u8
from pagoda.native.intrinsics import address, call_address, pointer

HEADER: Final = MODEL.header_slots * MODEL.slot_size  # bytes before a frame


@struct
class Job:
    """One evaluation, what it is given and what comes of it.

    ``cpu``, ``mem``: what may be spent. ``given``: for each argument the address and the length of CBOR, or a word and -1.
    Afterwards ``result`` is the word of the value, or ``FAILED``.
    """

    context: i64
    reader: i64
    run: i64  # the interpreter's entry
    script: i64  # the word of a delayed term
    constants: i64
    cpu: i64
    mem: i64
    deadline: i64
    arena: i64
    arena_end: i64
    registers_end: i64
    count: i64
    result: i64
    stop: i64
    cpu_left: i64
    mem_left: i64
    logs: i64
    arena_top: i64
    polls: i64
    given: array[i64, 6]  # type: ignore[type-arg,valid-type]


@native
def begin(job: Job) -> UplcContext:
    """Sets the context up for a job."""
    ctx = pointer(UplcContext, job.context)
    ctx.stop = STOP_NONE
    ctx.poll_word = 0
    ctx.polls = 0
    ctx.deadline = job.deadline
    ctx.cpu = job.cpu
    ctx.mem = job.mem
    ctx.arena_top = job.arena
    ctx.arena_end = job.arena_end
    ctx.stack_end = job.registers_end
    ctx.constants = pointer(ptr[i64], job.constants)
    ctx.logs = 0
    ctx.mismatch = 0
    ctx.log_count = 0
    return ctx


@native
def read_argument(ctx: UplcContext, job: Job, start: i64, length: i64) -> i64:
    """The word of the data that CBOR bytes stand for, or FAILED."""
    reader = pointer(Reader, job.reader)
    reader.top = ctx.arena_top
    reader.end = ctx.arena_end
    word = read_data(reader, pointer(ptr[u8], start), length)
    ctx.arena_top = reader.top
    return word


@native
def run(ctx: UplcContext, job: Job) -> i64:
    """What the script gives, applied to its arguments; FAILED where it fails."""
    count = job.count
    registers = pointer(ptr[i64], ctx.stack_start + HEADER)
    registers[-3] = UNIT
    for i in range(count):
        word = job.given[2 * i]
        length = job.given[2 * i + 1]
        if length >= 0:
            word = read_argument(ctx, job, word, length)
            if word == FAILED:
                return FAILED
        registers[i] = word
    registers[count] = job.script
    code = pointer(UplcCode, ctx.mains[count])
    if address(registers) + code.frame_bytes > ctx.stack_end:
        return FAILED
    if call_address(i64, job.run, ctx, code, registers) != OK:
        return FAILED
    return ctx.result.word


@native
def evaluate(job: Job) -> i64:
    """Does a job; what comes of it is written into it."""
    ctx = begin(job)
    job.result = run(ctx, job)
    job.stop = ctx.stop
    job.cpu_left = ctx.cpu
    job.mem_left = ctx.mem
    job.logs = ctx.logs
    job.arena_top = ctx.arena_top
    job.polls = ctx.polls
    return 0


@native
def prepare(ctx: UplcContext, room: Room) -> i64:
    """Makes the code that a context needs for any script: 1, or 0 where the room is too small."""
    return 1 if make_stubs(ctx, room) else 0


ENTRIES = (evaluate, prepare)
STRUCTS = (UplcContext, UplcCode, Job, Reader, Compiler)
