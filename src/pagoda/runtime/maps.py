"""Dicts: hash maps from ints and strings to values that keep the order of insertion.

Entries lie in a row in that order; a deleted one keeps its place, with HOLE for a key, until the row is full. More than
``SCANNED`` entries have an index: a table, at most a quarter full, of slots of 32 bits, 0 where free. The low bits, as many as
the number of a slot has, are ``entry + 1``; those above are the hash's, whose low ones chose the slot already. An int is its
own hash, so ints that lie near each other do so in the index, too, which caches reward; where two meet, the further bits of the
hash tell them apart.

What must hold: keys are canonical (see :func:`dict_key`); every entry that was not deleted has its slot in the index if there
is one, and ``length`` counts these. A dict that is not unique must not be changed: call :func:`dict_unique` first. Entry
numbers stay good until a key is added. Functions that allocate answer null or False where memory runs out; then nothing was
consumed and the dict holds what it held. They do the same where they find that the program is to stop.
"""

from __future__ import annotations

from pagoda.native import cold, i64, inline, native, ptr, u8, u32
from pagoda.native.intrinsics import (
    cast,
    copy_memory,
    is_null,
    likely,
    null,
    offset,
    sizeof,
    unlikely,
)
from pagoda.runtime.heap import Heap, allocate, copy_large, deallocate, new_object, reallocate, told_to_stop, zero_large
from pagoda.runtime.layouts import Dict as Dict
from pagoda.runtime.layouts import Entry as Entry
from pagoda.runtime.pairs import DICT, HOLE, INT, STRING, Value, hole, null_value, object_of
from pagoda.runtime.references import release, release_object, retain
from pagoda.runtime.strings import string_as_int, string_equal, string_hash, string_hash_known, string_looks_numeric

ENTRY = 32  # bytes of an entry
SLOT = 4  # bytes of a slot; ``mask`` and ``index`` of a dict mean words of two
FIRST = 4  # entries that the first growth makes room for
SPARSE = 4  # slots of an index for each entry that there is room for: most keys stand in the first slot looked at
SCANNED = 8  # a dict of at most so many entries has no index
MOST = 1 << 29  # entries of one dict: its slots have numbers of 31 bits
STRETCH = 1 << 15  # entries, or slots, between two looks whether to stop
LOW = (1 << 32) - 1


# ---------------------------------------------------------------- keys


@inline
def dict_key(v: Value) -> tuple[Value, bool]:
    """The canonical key that ``v`` is, borrowed from it, and whether it is one: INT or STRING.

    A string that spells an i64 the canonical way is that INT.
    """
    if v.tag == INT:
        return v, True
    if v.tag == STRING:
        if unlikely(string_looks_numeric(object_of(v))):
            return numeric_key(v), True
        return v, True
    return v, False


@native
def numeric_key(v: Value) -> Value:
    number, fits = string_as_int(object_of(v))
    if fits:
        return Value(INT, number)
    return v


@inline
def hash_int(number: i64) -> i64:
    """The int itself; the low 32 bits count, so the high ones are folded in."""
    return number ^ (number >> 32)


@inline
def next_slot(at: i64, further: i64, mask: i64) -> i64:
    """Where a search goes on from slot ``at``; ``further`` are the bits of the hash not used yet. It reaches every slot."""
    return (at * 5 + further + 1) & mask


@inline
def key_hash(key: Value) -> i64:
    if key.tag == INT:
        return hash_int(key.payload)
    return string_hash(object_of(key))


# ---------------------------------------------------------------- the index


@inline
def slots(d: Dict) -> ptr[u32]:
    """The slots of a dict that has an index."""
    return cast(ptr[u32], d.index)


@inline
def last_slot(d: Dict) -> i64:
    """The number of the index's last slot: all bits that the number of a slot may have."""
    return d.mask + d.mask + 1


@inline
def index_size(d: Dict) -> i64:
    """Bytes of the index; 0 if there is none."""
    return (d.mask + 1) * 8


@inline
def slot_of(hash: i64, i: i64, mask: i64) -> u32:
    """What stands in the slot of entry ``i``."""
    return u32((hash & (mask ^ LOW)) | (i + 1))


@inline
def free_slot(index: ptr[u32], mask: i64, hash: i64) -> i64:
    """The first free slot for a key that is not there."""
    at = hash & mask
    further = hash & LOW
    while index[at] != 0:
        further = further >> 5
        at = next_slot(at, further, mask)
    return at


# ---------------------------------------------------------------- finding


@inline
def same_key(entry: Entry, key: Value) -> bool:
    """Whether the entry's key is ``key``."""
    if entry.key.tag != key.tag:
        return False
    if entry.key.payload == key.payload:
        return True
    return key.tag == STRING and string_equal(object_of(entry.key), object_of(key))


@inline
def scan(d: Dict, key: Value) -> i64:
    """The entry of ``key`` in a dict without an index."""
    if key.tag == STRING:  # the same object, mostly: found without looking at any text
        for i in range(d.used):
            if d.entries[i].key.payload == key.payload and d.entries[i].key.tag == STRING:
                return i
    for i in range(d.used):
        if same_key(d.entries[i], key):
            return i
    return -1


@inline
def probe(d: Dict, key: Value, hash: i64) -> tuple[i64, i64]:
    """The entry of ``key``, or -1, in a dict with an index, and the slot where the search ended."""
    index, mask = slots(d), last_slot(d)
    at = hash & mask
    further = hash & LOW
    while True:
        slot = i64(index[at])
        if slot == 0:
            return -1, at
        if (slot ^ hash) & (mask ^ LOW) == 0:
            i = (slot & mask) - 1
            if likely(same_key(d.entries[i], key)):
                return i, at
        further = further >> 5
        at = next_slot(at, further, mask)


@inline
def find(d: Dict, key: Value) -> i64:
    if is_null(d.index):
        return scan(d, key)
    entry, _slot = probe(d, key, key_hash(key))
    return entry


@native
def dict_find_int(d: Dict, number: i64) -> i64:
    """The entry of an INT key; -1 if there is none."""
    return find(d, Value(INT, number))


@native
def dict_find_string(d: Dict, payload: i64) -> i64:
    """The entry of a STRING key, given by its payload; -1 if there is none."""
    return find(d, Value(STRING, payload))


@inline
def dict_find(d: Dict, key: Value) -> i64:
    """The entry of a canonical key; -1 if there is none."""
    if key.tag == INT:
        return dict_find_int(d, key.payload)
    return dict_find_string(d, key.payload)


@inline
def dict_look_up(d: Dict, key: Value) -> Entry:
    """The entry of an INT or STRING, canonical or not; null if there is none.

    What is there mostly stands in the slot where its search begins, and a string is mostly the very object: that is looked at
    here, the rest by a call. A string that is some entry's key needs no test whether it spells an int, nor whether its hash is
    known: in a dict with an index that of every key is.
    """
    if likely(not is_null(d.index)):
        hash = hash_int(key.payload) if key.tag == INT else string_hash_known(object_of(key))
        mask = last_slot(d)
        slot = i64(slots(d)[hash & mask])
        if likely(slot != 0):
            entry = d.entries[(slot & mask) - 1]
            if likely(entry.key.payload == key.payload and entry.key.tag == key.tag):
                return entry
    return look_further(d, key)


@native
def look_further(d: Dict, key: Value) -> Entry:
    """See :func:`dict_look_up`."""
    canonical, _valid = dict_key(key)
    i = dict_find(d, canonical)
    if i < 0:
        return null(Entry)
    return d.entries[i]


@inline
def dict_length(d: Dict) -> i64:
    return d.length


@inline
def dict_key_at(d: Dict, i: i64) -> Value:
    """The key of entry ``i``, borrowed; HOLE for a deleted one."""
    return d.entries[i].key


@inline
def dict_value_at(d: Dict, i: i64) -> Value:
    """The value of entry ``i``, borrowed."""
    return d.entries[i].value


@inline
def dict_take(d: Dict, i: i64) -> Value:
    """The value of entry ``i`` with its reference, for an operation that puts another there; null stands there meanwhile."""
    value = d.entries[i].value
    d.entries[i].value = null_value()
    return value


@inline
def dict_put(heap: Heap, d: Dict, i: i64, value: Value) -> None:
    """Makes ``value``, whose reference it takes over, the value of entry ``i`` and releases what was there."""
    old = d.entries[i].value
    d.entries[i].value = value
    release(heap, old)


@inline
def dict_next(d: Dict, i: i64) -> i64:
    """The first live entry at ``i`` or after; -1 behind the last. A loop goes on with ``dict_next(d, entry + 1)``."""
    while i < d.used:
        if likely(d.entries[i].key.tag != HOLE):
            return i
        i += 1
    return -1


# ---------------------------------------------------------------- making


@native
def dict_new(heap: Heap) -> Dict:
    """An empty dict; null without memory."""
    d = cast(Dict, new_object(heap, sizeof(Dict), DICT))
    if not is_null(d):
        forget(d)
    return d


@inline
def forget(d: Dict) -> None:
    """Makes ``d`` empty, without any memory of its own."""
    d.length = 0
    d.used = 0
    d.capacity = 0
    d.mask = -1
    d.index = null(ptr[i64])
    d.entries = null(ptr[Entry])


@native
def dict_copy(heap: Heap, d: Dict) -> Dict:
    """Another dict with the same entries under the same numbers; null without memory."""
    made = dict_new(heap)
    if is_null(made) or d.length == 0:
        return made
    entries = allocate(heap, d.capacity * ENTRY)
    if is_null(entries):
        release_object(heap, DICT, made)
        return null(Dict)
    made.entries = cast(ptr[Entry], entries)
    made.capacity = d.capacity
    if not is_null(d.index):
        index = allocate(heap, index_size(d))
        if is_null(index):
            release_object(heap, DICT, made)
            return null(Dict)
        made.index = cast(ptr[i64], index)
        made.mask = d.mask
        if not copy_large(heap, index, cast(ptr[u8], d.index), index_size(d)):
            release_object(heap, DICT, made)
            return null(Dict)
    while made.used < d.used:
        copy_entries(made, d, d.used if d.used - made.used < STRETCH else made.used + STRETCH)
        if made.used < d.used and told_to_stop(heap):
            release_object(heap, DICT, made)
            return null(Dict)
    made.length = d.length
    return made


@native
def copy_entries(made: Dict, d: Dict, end: i64) -> None:
    """Copies the entries that are missing up to ``end``; there is room."""
    first = made.used
    copy_memory(offset(made.entries, first * ENTRY), offset(d.entries, first * ENTRY), (end - first) * ENTRY)
    for i in range(first, end):
        retain(made.entries[i].key)
        retain(made.entries[i].value)
    made.used = end


@inline
def dict_unique(heap: Heap, d: Dict) -> Dict:
    """The dict with one reference only, to be changed: the same or a copy, in which entry numbers are the same. Takes one
    reference of ``d``, or nothing and answers null without memory."""
    if likely(d.refcount == 1):
        return d
    return dict_unique_slow(heap, d)


@cold
def dict_unique_slow(heap: Heap, d: Dict) -> Dict:
    made = dict_copy(heap, d)
    if not is_null(made):
        release_object(heap, DICT, d)
    return made


# ---------------------------------------------------------------- changing


@native
def dict_set(heap: Heap, d: Dict, key: Value, value: Value) -> bool:
    """Makes ``value`` the value of a canonical key. Takes over the references to both, unless False: no memory."""
    if key.tag == INT:
        return set_entry(heap, d, Value(INT, key.payload), value)
    return set_entry(heap, d, Value(STRING, key.payload), value)


@inline
def set_entry(heap: Heap, d: Dict, key: Value, value: Value) -> bool:
    hash: i64 = 0
    slot: i64 = 0
    if is_null(d.index):
        i = scan(d, key)
    else:
        hash = key_hash(key)
        i, slot = probe(d, key, hash)
    if i >= 0:
        dict_put(heap, d, i, value)
        release(heap, key)  # the entry keeps the key it has
        return True
    if unlikely(d.used == d.capacity):
        if not dict_grow(heap, d):
            return False
        if not is_null(d.index):
            hash = key_hash(key)
            slot = free_slot(slots(d), last_slot(d), hash)
    i = d.used
    d.entries[i].key = key
    d.entries[i].value = value
    d.used = i + 1
    d.length += 1
    if not is_null(d.index):
        slots(d)[slot] = slot_of(hash, i, last_slot(d))
    return True


@native
def dict_grow(heap: Heap, d: Dict) -> bool:
    """Makes room for at least one more entry: by leaving out deleted ones where these are many, else by more memory."""
    if d.length < d.used - (d.used >> 2):
        return compact(heap, d)
    wanted = d.capacity + d.capacity if d.capacity > 0 else FIRST
    if wanted > MOST:
        return False
    index = null(ptr[u8])
    size = wanted * (SPARSE * SLOT)
    if wanted > SCANNED:
        index = allocate(heap, size)
        if is_null(index):
            return False
        if not enter_all(heap, d, cast(ptr[u32], index), wanted * SPARSE - 1):
            deallocate(heap, index, size)
            return False
    entries = reallocate(heap, cast(ptr[u8], d.entries), d.capacity * ENTRY, wanted * ENTRY)
    if is_null(entries):
        if not is_null(index):
            deallocate(heap, index, size)
        return False
    d.entries = cast(ptr[Entry], entries)
    d.capacity = wanted
    if not is_null(index):
        former, former_size = d.index, index_size(d)
        d.index = cast(ptr[i64], index)
        d.mask = (size >> 3) - 1
        if not is_null(former):
            deallocate(heap, cast(ptr[u8], former), former_size)
    return True


@native
def enter_all(heap: Heap, d: Dict, index: ptr[u32], mask: i64) -> bool:
    """Makes an index of every live entry in memory that may hold anything. False, with some of them missing, where the program
    is to stop."""
    if not zero_large(heap, cast(ptr[u8], index), (mask + 1) * SLOT):
        return False
    start: i64 = 0
    while start < d.used:
        end = start + STRETCH if start + STRETCH < d.used else d.used
        for i in range(start, end):
            if d.entries[i].key.tag != HOLE:
                hash = key_hash(d.entries[i].key)
                index[free_slot(index, mask, hash)] = slot_of(hash, i, mask)
        start = end
        if start < d.used and told_to_stop(heap):
            return False
    return True


@native
def compact(heap: Heap, d: Dict) -> bool:
    """Closes the gaps that deleted entries left. False where the program is to stop: the dict is without an index then."""
    to: i64 = 0
    for i in range(d.used):
        if d.entries[i].key.tag != HOLE:
            if to != i:
                d.entries[to].key = d.entries[i].key
                d.entries[to].value = d.entries[i].value
            to += 1
    d.used = to
    if is_null(d.index) or enter_all(heap, d, slots(d), last_slot(d)):
        return True
    deallocate(heap, cast(ptr[u8], d.index), index_size(d))
    d.index = null(ptr[i64])
    d.mask = -1
    return False


@native
def dict_remove(heap: Heap, d: Dict, key: Value) -> Value:
    """Removes a canonical key and gives its value's reference to the caller; HOLE if it was not there."""
    i = dict_find(d, key)
    if i < 0:
        return hole()
    former, value = d.entries[i].key, d.entries[i].value
    d.entries[i].key = hole()
    d.entries[i].value = null_value()
    d.length -= 1
    if d.length == 0:
        drop_buffers(heap, d)
    release(heap, former)
    return value


@native
def drop_buffers(heap: Heap, d: Dict) -> None:
    """Gives the memory of a dict without live entries back."""
    entries, capacity, index, size = d.entries, d.capacity, d.index, index_size(d)
    forget(d)
    if not is_null(entries):
        deallocate(heap, cast(ptr[u8], entries), capacity * ENTRY)
    if not is_null(index):
        deallocate(heap, cast(ptr[u8], index), size)


@native
def dict_clear(heap: Heap, d: Dict) -> None:
    """Removes all keys and gives the memory back."""
    entries, used, capacity, index, size = d.entries, d.used, d.capacity, d.index, index_size(d)
    forget(d)  # first: a dying object may run code, which must find the dict whole
    if not is_null(index):
        deallocate(heap, cast(ptr[u8], index), size)
    if not is_null(entries):
        for i in range(used):
            release(heap, entries[i].key)
            release(heap, entries[i].value)
        deallocate(heap, cast(ptr[u8], entries), capacity * ENTRY)
