"""How large a value is to the cost functions (specification 2.7).

``MEASURES`` gives, by the name of a measure, the size as Python text, with ``{}`` for the argument as the builtin's function
takes it; the functions that the texts name are below. What must hold: a size is a natural number; reckoning it takes no
recursion, and no more time than the value has distinct parts in memory.
"""

from __future__ import annotations

from pagoda.languages.uplc.types import INTEGER, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = (1 << 63) - 1
"""Where costs and sizes saturate."""

_CAREFUL = 1 << 18  # nodes after which data is taken to have shared parts


def list_length(items: Any) -> int:
    """How many items a linked list has."""
    count = 0
    while items:
        count += 1
        items = items[1]
    return count


def entries(value: dict[bytes, dict[bytes, int]]) -> int:
    """How many amounts a value has."""
    return sum(map(len, value.values()))


def depth(value: dict[bytes, dict[bytes, int]]) -> int:
    """How many steps it takes to find an amount in balanced trees of that many currencies and tokens."""
    return len(value).bit_length() + max(map(len, value.values()), default=0).bit_length()


def data_size(data: Any) -> int:
    """The size of data: 4 for each node, and the sizes of the integers and bytestrings."""
    return _total(data, 4, leaves=True)


def data_nodes(data: Any) -> int:
    """How many nodes data has."""
    return _total(data, 1, leaves=False)


def _leaf(node: Any) -> int:
    content = node[1]
    if node[0] == INTEGER:
        return content.bit_length() + 63 >> 6 or 1
    return len(content) + 7 >> 3 or 1


def _total(data: Any, per_node: int, *, leaves: bool) -> int:
    """The nodes of data, each counted as ``per_node``, and the sizes of leaves. A part that is there several times counts
    as often."""
    total = visited = 0
    waiting = [data]
    while waiting:
        node = waiting.pop()
        visited += 1
        total += per_node
        if node[0] >= INTEGER:
            if leaves:
                total += _leaf(node)
            continue
        items = node[-1]
        while items:
            if node[0] == MAP:
                waiting.extend(items[0])
            else:
                waiting.append(items[0])
            items = items[1]
        if visited > _CAREFUL:
            return _total_of_shared(data, per_node, leaves=leaves)
    return total


def _total_of_shared(data: Any, per_node: int, *, leaves: bool) -> int:
    """As :func:`_total`, looking at each node and each cell of a list a few times at most: a few parts that are shared again
    and again can stand for more nodes than could ever be visited."""
    nodes: dict[int, int] = {}  # totals by identity; all that is looked at stays alive meanwhile
    tails: dict[int, int] = {id(()): 0}  # of every 16th cell: often enough to bound the work on lists that share a tail
    waiting = [data]
    while waiting:
        node = waiting[-1]
        if node[0] >= INTEGER:
            nodes[id(node)] = per_node + (_leaf(node) if leaves else 0)
        if id(node) in nodes:
            waiting.pop()
            continue
        cells = []
        rest = node[-1]
        while id(rest) not in tails:
            cells.append(rest)
            rest = rest[1]
        before = len(waiting)
        for cell in cells:
            for part in cell[0] if node[0] == MAP else cell[:1]:
                if id(part) not in nodes:
                    waiting.append(part)
        if len(waiting) > before:
            continue
        total = tails[id(rest)]
        for place in range(len(cells) - 1, -1, -1):
            cell = cells[place]
            for part in cell[0] if node[0] == MAP else cell[:1]:
                total += nodes[id(part)]
            if place & 15 == 15:
                tails[id(cell)] = total
        nodes[id(node)] = per_node + total
        waiting.pop()
    return nodes[id(data)]


MEASURES = {
    "one": "1",
    "words": "({}.bit_length() + 63 >> 6 or 1)",
    "magnitude": "abs({})",
    "words of bytes": "(abs({}) + 7 >> 3)",
    "bytes": "(len({}) + 7 >> 3 or 1)",
    "characters": "len({})",
    "quarters of utf-8": "(len({}.encode()) >> 2)",
    "length": "list_length({})",
    "length of constant": "list_length({}.value)",
    "length of array": "len({}.value)",
    "endless": str(MOST),
    "data": "data_size({})",
    "nodes of data": "data_nodes({})",
    "entries": "entries({})",
    "depth": "depth({})",
    "G1": "18",
    "G2": "36",
    "Miller loop result": "72",
}

FUNCTIONS = {
    function.__name__: function for function in (list_length, entries, depth, data_size, data_nodes)
}  # what the texts of measures call
