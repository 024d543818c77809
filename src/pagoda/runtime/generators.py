"""Generators: functions that wait in the middle, with the callee and the registers of their frame on the heap.

What must hold: while a generator runs, its frame owns what it holds and it keeps nothing itself; a generator that nobody refers
to any more is destroyed with what it keeps, wherever it waits.
"""

from __future__ import annotations

from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import cast, copy_memory, fill_memory, is_null, null, offset, sizeof
from pagoda.runtime.heap import Heap, new_object
from pagoda.runtime.layouts import Closure
from pagoda.runtime.layouts import Generator as Generator
from pagoda.runtime.layouts import generator_values as generator_values
from pagoda.runtime.pairs import GENERATOR, Value
from pagoda.runtime.references import link_closure, unlink_closure

# Generator.state
WAITING = 0
RUNNING = 1
ENDED = 2


@native
def generator_new(heap: Heap, code: i64, at: i64, window: ptr[Value], room: i64) -> Generator:
    """A generator that keeps what lies in a window and its frame: the callee, then ``room`` - 1 registers.

    Moves the values: the window owns nothing afterwards. Null, and nothing moved, without memory.
    """
    g = cast(Generator, new_object(heap, sizeof(Generator) + 16 * room, GENERATOR))
    if is_null(g):
        return null(Generator)
    g.code = code
    g.room = room
    link_closure(heap, cast(Closure, g))
    generator_keep(g, at, window)
    return g


@native
def generator_keep(g: Generator, at: i64, window: ptr[Value]) -> None:
    """Moves a frame into the generator, which goes on at the instruction ``at``. Only the header stays in the window."""
    values = generator_values(g)
    values[0] = window[0]
    size = 16 * (g.room - 1)
    registers = offset(window, 32)
    copy_memory(offset(values, 16), registers, size)
    fill_memory(registers, 0, size)
    window[0] = Value(0, 0)
    g.count = g.room
    g.state = WAITING
    g.at = at


@native
def generator_lay_out(g: Generator, window: ptr[Value]) -> None:
    """Moves what the generator keeps to a window and its registers; the header is the caller's business."""
    values = generator_values(g)
    window[0] = values[0]
    copy_memory(offset(window, 32), offset(values, 16), 16 * (g.room - 1))
    g.count = 0
    g.state = RUNNING


@native
def generator_end(heap: Heap, g: Generator) -> None:
    """Notes that there is nothing more to come."""
    g.state = ENDED
    unlink_closure(heap, cast(Closure, g))
