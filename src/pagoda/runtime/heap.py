"""The heap: counted, capped memory for objects and their buffers.

Blocks of up to ``SMALL`` bytes come in size classes 16 bytes apart, from free lists that are refilled out of chunks; larger
ones come from malloc and are linked to each other. Freed small blocks stay in their class until the heap is destroyed.

What must hold: ``bytes_used`` is the sum of the (rounded) sizes of the blocks handed out and not given back, and never exceeds
``bytes_limit``; ``live_objects`` is how many counted objects exist. An allocation that would break the cap, or that malloc
refuses, is answered with null and changes nothing: whoever allocates reports that to its caller (null, False) and leaves the
world as it was. The strings and other objects of CPython lie in CPython's memory and are not counted here.
"""

from __future__ import annotations

from pagoda.machine.context import Context
from pagoda.machine.polling import poll_slow
from pagoda.native import array, cold, extern, i32, i64, inline, native, ptr, struct, u8
from pagoda.native.intrinsics import (
    address,
    cast,
    copy_memory,
    field_pointer,
    fill_memory,
    is_null,
    likely,
    null,
    offset,
    pointer,
    sizeof,
    volatile_load,
)
from pagoda.runtime.pairs import Object

SMALL = 512  # bytes of the largest pooled block
CLASSES = 33  # of 0, 16, 32 .. 512 bytes; the first stays unused
CHUNK = 65536  # bytes of the first chunk; later ones grow up to CHUNK_MOST
CHUNK_MOST = 1 << 20
REFILL = 4096  # bytes of blocks that one refill links up
LARGE_HEADER = 16  # the links of a large block, before it
NO_LIMIT = 1 << 62
MOST_ELEMENTS = 1 << 40  # of one container: sizes computed from it cannot overflow
SHAPE_BUCKETS = 256
HUGE = 4 << 20  # blocks of this many bytes are worth huge pages
MADV_HUGEPAGE = 14
COPIED = 1 << 30  # bytes of the largest block that is copied to grow
STRETCH = 1 << 22  # bytes that are copied or cleared between two looks whether to stop


@struct
class Large:
    """The links before a large block: addresses of the neighbouring headers, 0 at the ends."""

    before: i64
    after: i64


@struct
class Chunk:
    """The start of a chunk of pooled memory."""

    next: i64
    size: i64


@struct
class Heap:
    """All memory of one running program.

    ``other`` is 0 or the address of native code ``(Heap, Object) -> i64`` that destroys an object whose tag is beyond those
    that this room knows: it releases what the object holds and gives its memory back with ``free_object``. ``context`` is 0 or
    the address of the program's ``Context``, which long work polls (:func:`told_to_stop`).
    """

    live_objects: i64
    bytes_used: i64
    bytes_limit: i64
    free: array[ptr[u8], 33]  # type: ignore[type-arg,valid-type]  # an array has a length
    fresh: i64  # the unused rest of the newest chunk
    fresh_end: i64
    chunks: i64
    chunk_size: i64
    large: i64
    shapes: ptr[i64]  # SHAPE_BUCKETS lists of shapes, or null
    shape_count: i64
    shape_bytes: i64  # shapes live as long as the heap and are not in bytes_used
    other: i64
    closures: i64  # the first of all closures and generators: the only objects that a cycle can go through
    context: i64


@extern("malloc")
def malloc(size: i64) -> ptr[u8]:
    raise NotImplementedError


@extern("madvise")
def madvise(start: i64, size: i64, advice: i32) -> i32:
    raise NotImplementedError


@extern("realloc")
def realloc(block: ptr[u8], size: i64) -> ptr[u8]:
    raise NotImplementedError


@extern("free")
def free(block: ptr[u8]) -> None:
    raise NotImplementedError


@native
def heap_new() -> Heap:
    """A new, empty heap without a limit; null where there is no memory for it."""
    block = malloc(sizeof(Heap))
    if not is_null(block):
        fill_memory(block, 0, sizeof(Heap))
        heap = cast(Heap, block)
        heap.bytes_limit = NO_LIMIT
        heap.chunk_size = CHUNK
    return cast(Heap, block)


@native
def told_to_stop(heap: Heap) -> bool:
    """Polls; whether the program is to stop, which its context then says why. For work that may take long."""
    if heap.context == 0:
        return False
    ctx = pointer(Context, heap.context)
    if volatile_load(field_pointer(ctx, "poll_word")) == 0:
        return False
    return poll_slow(ctx) != 0


@native
def copy_large(heap: Heap, to: ptr[u8], source: ptr[u8], count: i64) -> bool:
    """Copies ``count`` bytes between places that do not overlap. False, with some of them copied, where the program is to
    stop."""
    while count > STRETCH:
        copy_memory(to, source, STRETCH)
        to, source = offset(to, STRETCH), offset(source, STRETCH)
        count -= STRETCH
        if told_to_stop(heap):
            return False
    copy_memory(to, source, count)
    return True


@native
def zero_large(heap: Heap, to: ptr[u8], count: i64) -> bool:
    """Sets ``count`` bytes to 0. False, with some of them set, where the program is to stop."""
    while count > STRETCH:
        fill_memory(to, 0, STRETCH)
        to = offset(to, STRETCH)
        count -= STRETCH
        if told_to_stop(heap):
            return False
    fill_memory(to, 0, count)
    return True


@native
def heap_destroy(heap: Heap) -> None:
    """Gives all of the heap's memory back at once, whatever still lies in it. CPython objects held there are not released."""
    at = heap.chunks
    while at != 0:
        following = pointer(Chunk, at).next
        free(pointer(ptr[u8], at))
        at = following
    at = heap.large
    while at != 0:
        following = pointer(Large, at).after
        free(pointer(ptr[u8], at))
        at = following
    if not is_null(heap.shapes):
        for bucket in range(SHAPE_BUCKETS):
            at = heap.shapes[bucket]
            while at != 0:
                following = pointer(ptr[i64], at)[0]  # a shape begins with the address of the next one
                free(pointer(ptr[u8], at))
                at = following
        free(cast(ptr[u8], heap.shapes))
    free(cast(ptr[u8], heap))


@inline
def block_size(size: i64) -> i64:
    """What a block of ``size`` bytes takes from the heap."""
    return ((size + 15) >> 4) << 4


@inline
def allocate(heap: Heap, size: i64) -> ptr[u8]:
    """A block of ``size`` > 0 bytes at a multiple of 16, with anything in it; null where the cap or malloc forbids it."""
    if size <= SMALL:
        index = (size + 15) >> 4
        block: ptr[u8] = heap.free[index]
        used = heap.bytes_used + (index << 4)
        if likely(not is_null(block) and used <= heap.bytes_limit):
            heap.free[index] = cast(ptr[ptr[u8]], block)[0]
            heap.bytes_used = used
            return block
    return allocate_slow(heap, size)


@cold
def allocate_slow(heap: Heap, size: i64) -> ptr[u8]:
    """As :func:`allocate`, when the free list is empty, the block is large or the cap is near."""
    rounded = block_size(size)
    if rounded > heap.bytes_limit - heap.bytes_used:
        return null(ptr[u8])
    if size > SMALL:
        return allocate_large(heap, rounded)
    if is_null(heap.free[rounded >> 4]):
        if not refill(heap, rounded):
            return null(ptr[u8])
    block: ptr[u8] = heap.free[rounded >> 4]
    heap.free[rounded >> 4] = cast(ptr[ptr[u8]], block)[0]
    heap.bytes_used += rounded
    return block


@native
def refill(heap: Heap, size: i64) -> bool:
    """Puts new blocks of ``size``, a class's size, on its empty free list."""
    if heap.fresh_end - heap.fresh < size:
        chunk = malloc(heap.chunk_size)
        if is_null(chunk):
            return False
        header = cast(Chunk, chunk)
        header.next = heap.chunks
        header.size = heap.chunk_size
        heap.chunks = address(chunk)
        heap.fresh = address(chunk) + sizeof(Chunk)
        heap.fresh_end = address(chunk) + heap.chunk_size
        if heap.chunk_size < CHUNK_MOST:
            heap.chunk_size = heap.chunk_size << 1
    at = heap.fresh
    end = heap.fresh_end if heap.fresh_end < at + REFILL else at + REFILL
    heap.free[size >> 4] = pointer(ptr[u8], at)
    while at + size + size <= end:  # in ascending order, so that objects made one after the other lie so
        pointer(ptr[i64], at)[0] = at + size
        at += size
    pointer(ptr[i64], at)[0] = 0
    heap.fresh = at + size
    return True


@native
def allocate_large(heap: Heap, size: i64) -> ptr[u8]:
    block = malloc(size + LARGE_HEADER)
    if is_null(block):
        return block
    link_large(heap, block)
    heap.bytes_used += size
    advise(block, size)
    return offset(block, LARGE_HEADER)


@inline
def advise(block: ptr[u8], size: i64) -> None:
    """Asks for huge pages under a block that is worth it: fewer page faults while it fills, fewer misses in the page
    tables' cache."""
    if size >= HUGE:
        start = (address(block) + 4095) & ~4095
        madvise(start, (address(block) + size - start) & ~4095, MADV_HUGEPAGE)


@inline
def link_large(heap: Heap, block: ptr[u8]) -> None:
    header = cast(Large, block)
    header.before = 0
    header.after = heap.large
    if heap.large != 0:
        pointer(Large, heap.large).before = address(block)
    heap.large = address(block)


@inline
def deallocate(heap: Heap, block: ptr[u8], size: i64) -> None:
    """Gives back a block that was allocated with this ``size``."""
    if size <= SMALL:
        index = (size + 15) >> 4
        cast(ptr[ptr[u8]], block)[0] = heap.free[index]
        heap.free[index] = block
        heap.bytes_used -= index << 4
    else:
        deallocate_large(heap, block, size)


@native
def deallocate_large(heap: Heap, block: ptr[u8], size: i64) -> None:
    header = cast(Large, offset(block, -LARGE_HEADER))
    if header.before != 0:
        pointer(Large, header.before).after = header.after
    else:
        heap.large = header.after
    if header.after != 0:
        pointer(Large, header.after).before = header.before
    heap.bytes_used -= block_size(size)
    free(cast(ptr[u8], header))


@native
def reallocate(heap: Heap, block: ptr[u8], old: i64, new: i64) -> ptr[u8]:
    """The block with its contents, made ``new`` bytes long, here or elsewhere; ``block`` may be null if ``old`` is 0.

    Null where there is no memory, or the program is to stop: then the old block is as it was.
    """
    if old == 0:
        return allocate(heap, new)
    have, want = block_size(old), block_size(new)
    if have == want:
        return block
    if old > SMALL and new > SMALL:
        if want - have > heap.bytes_limit - heap.bytes_used:
            return null(ptr[u8])
        if have >= HUGE and want > have and want <= COPIED and want <= heap.bytes_limit - heap.bytes_used:
            return copied_elsewhere(heap, block, old, new)
        moved = realloc(offset(block, -LARGE_HEADER), want + LARGE_HEADER)
        if is_null(moved):
            return moved
        header = cast(Large, moved)
        if header.before != 0:
            pointer(Large, header.before).after = address(moved)
        else:
            heap.large = address(moved)
        if header.after != 0:
            pointer(Large, header.after).before = address(moved)
        heap.bytes_used += want - have
        advise(moved, want)
        return offset(moved, LARGE_HEADER)
    fresh = allocate(heap, new)
    if is_null(fresh):
        return fresh
    copy_memory(fresh, block, old if old < new else new)
    deallocate(heap, block, old)
    return fresh


@native
def copied_elsewhere(heap: Heap, block: ptr[u8], old: i64, new: i64) -> ptr[u8]:
    """As :func:`reallocate`, by a copy, where there is room for both: the system moves huge pages one by one when it moves a
    block, which takes longer, and nobody could stop it."""
    fresh = allocate_large(heap, block_size(new))
    if is_null(fresh):
        return fresh
    if not copy_large(heap, fresh, block, old):
        deallocate_large(heap, fresh, new)
        return null(ptr[u8])
    deallocate_large(heap, block, old)
    return fresh


@inline
def new_object(heap: Heap, size: i64, tag: i64) -> Object:
    """A counted object of ``size`` bytes with one reference and nothing but its header set; null where there is no memory."""
    made = cast(Object, allocate(heap, size))
    if likely(not is_null(made)):
        made.refcount = 1
        made.tag = tag
        heap.live_objects += 1
    return made


@inline
def free_object(heap: Heap, dead: Object, size: i64) -> None:
    """Gives back the memory of an object that nobody refers to."""
    heap.live_objects -= 1
    deallocate(heap, cast(ptr[u8], dead), size)
