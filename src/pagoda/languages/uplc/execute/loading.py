"""Scripts made ready natively: read, compiled, kept in blocks of memory of their own.

What must hold: code and constants never change once made, so any number of machines may run them; the blocks are given back
when the script is forgotten.
"""

from __future__ import annotations

import ctypes

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.execute.memory import BLOCKS
from pagoda.languages.uplc.execute.nodes_of import nodes_of
from pagoda.languages.uplc.execute.recalled import build, remembered
from pagoda.languages.uplc.execute.to_native import RoomFull, Writer
from pagoda.languages.uplc.execute.type_codes import NoForm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from pagoda.languages.uplc.encoding.ledger import Bounds
    from pagoda.languages.uplc.execute.engine import Machine
    from pagoda.languages.uplc.execute.memory import Region
    from pagoda.languages.uplc.execute.tariff import Tariff
    from pagoda.languages.uplc.terms import Term

_LARGEST = 1 << 30
_BLOCK_PER_BYTE = 40  # of flat bytes: usually enough for values and code
_CODE_PER_NODE = 36
_BYTES_HEADER = bytes.__basicsize__ - 1  # CPython keeps the bytes there


class Compiled:
    """A script's code. ``script``: the word of a delayed term; ``constants``: the address of the table that its code refers
    to; ``points``: the points of curves in it.

    ``version``: the program's, where it was read from bytes.
    """

    __slots__ = ("blocks", "constants", "points", "script", "version")

    def __init__(
        self, blocks: list[Region], script: int, constants: int, points: list[Any], version: tuple[int, int, int] | None
    ) -> None:
        self.blocks, self.script, self.constants, self.points, self.version = blocks, script, constants, points, version

    def __del__(self) -> None:
        for block in self.blocks:
            BLOCKS.put(block)

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return sum(block.size for block in self.blocks)


def address_of(data: bytes) -> int:
    """Where bytes lie; good as long as the object lives."""
    return id(data) + _BYTES_HEADER


def read_flat(machine: Machine, data: bytes, bounds: Bounds | None) -> Region | None:
    """Reads a program's nodes into the machine's scratch memory and its constants into a new block, which is given.

    ``None`` for what is malformed and for what has no native form.
    """
    reader = machine.reader
    machine.accept(_limits(bounds))
    size = 64 + _BLOCK_PER_BYTE * len(data)
    while size <= _LARGEST:
        block = BLOCKS.take(size)
        reader["top"], reader["end"] = block.start, block.end
        status = machine.read_program(reader.address, address_of(data), len(data))
        if status == build.DONE:
            return block
        BLOCKS.put(block)
        if status != build.ROOM_FULL:
            break
        size = block.size * 4
    machine.tidy_scratch(len(data))
    return None


def write_term(machine: Machine, term: Term) -> tuple[Region, list[Any]] | None:
    """The same for a term, with the points of curves in it."""
    size = BLOCKS.LEAST
    while size <= _LARGEST:
        block = BLOCKS.take(size)
        points: list[Any] = []
        try:
            writer = Writer(block.start, block.end, points)
            row = nodes_of(term, writer)
            if len(row) > 2 * machine.reader["node_capacity"]:
                return None
            machine.reader["top"] = writer.finish()
            machine.reader["node_count"] = len(row) >> 1
            ctypes.memmove(machine.reader["nodes"], row.buffer_info()[0], 8 * len(row))
            return block, points
        except RoomFull:
            size = block.size * 4
        except NoForm:
            return None
        BLOCKS.put(block)
    return None


def compiled(
    machine: Machine,
    tariff: Tariff,
    block: Region,
    points: list[Any],
    version: tuple[int, int, int] | None,
    apart: Collection[int] = (),
) -> Compiled | None:
    """The code of the nodes that were read last, with their constants in ``block``. ``None`` for what is left to ``walk``.

    ``apart``: nodes of branches that are compiled as functions (``compile/choices.py``).
    """
    reader, make = machine.reader, machine.build
    nodes, count = reader["nodes"], reader["node_count"]
    if apart:
        marks = bytearray(count)
        for node in apart:
            marks[node] = 1
        make["apart"] = ctypes.addressof(ctypes.c_char.from_buffer(marks))
    else:
        make["apart"] = 0
    blocks = [block]
    top, end = reader["top"], block.end
    size = _CODE_PER_NODE * count
    machine.compile_for(tariff)
    status = build.ROOM_FULL
    while status == build.ROOM_FULL and size <= _LARGEST:
        if size > end - top:
            if len(blocks) > 1:
                BLOCKS.put(blocks.pop())
            blocks.append(BLOCKS.take(size))
            top, end = blocks[1].start, blocks[1].end
        make["room_top"], make["room_end"] = top, end
        status = machine.compile_nodes(make.address, nodes, count)
        size = 4 * (end - top)
    machine.tidy_scratch(count)
    made = Compiled(blocks, make["start"], make["constants"], points, version)
    return made if status == build.DONE else None


def load_flat(
    machine: Machine, tariff: Tariff, data: bytes, bounds: Bounds | None, apart: Collection[int] = ()
) -> Compiled | None:
    """A program in flat bytes, compiled. ``None`` for what is malformed, open, or has no native form."""
    block = read_flat(machine, data, bounds)
    if block is None:
        return None
    reader = machine.reader
    return compiled(machine, tariff, block, [], (reader["major"], reader["minor"], reader["patch"]), apart)


def load_term(machine: Machine, tariff: Tariff, term: Term, apart: Collection[int] = ()) -> Compiled | None:
    """A term, compiled. ``None`` for what is open or has no native form."""
    written = write_term(machine, term)
    return None if written is None else compiled(machine, tariff, *written, None, apart)


def _limits(bounds: Bounds | None) -> dict[str, int]:
    """The fields of a reader that say what is accepted."""
    found = _known_limits.get(id(bounds))
    if found is None:
        name = "none"
        if bounds is not None:
            builtins = [number for number in range(len(BUILTINS)) if number in bounds.builtins]
            versions = [version for version in ((1, 0, 0), (1, 1, 0)) if version in bounds.versions]
            name = repr((versions, builtins, bounds.type_parts, bounds.fields))
        while len(_known_limits) > _MANY_BOUNDS:
            _known_limits.pop(list(_known_limits)[0], None)
        found = _known_limits[id(bounds)] = bounds, remembered(f"limits {name}", lambda: _read_limits(bounds))
    return found[1]


_known_limits: dict[int, tuple[Bounds | None, dict[str, int]]] = {}
_MANY_BOUNDS = 32


def _read_limits(bounds: Bounds | None) -> dict[str, int]:
    from types import SimpleNamespace

    from pagoda.languages.uplc.read.limits import accept

    said: Any = SimpleNamespace()
    accept(said, bounds)
    return {field: number - (1 << 64) if number >> 63 else number for field, number in vars(said).items()}
