"""Terms as rows of nodes (``read/nodes.py``), for scripts that do not come as flat bytes.

What must hold: nothing recurses. Parts that a term shares are written as often as they stand in it, so the count of nodes is
bounded.
"""

from __future__ import annotations

from array import array

from pagoda.languages.uplc.execute.recalled import nodes
from pagoda.languages.uplc.execute.type_codes import NoForm
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.execute.to_native import Writer
    from pagoda.languages.uplc.terms import Term

MOST_NODES = 1 << 21
_MOST_INDEX = 1 << 55

_ONE_PART = {Lam: nodes.LAM, Delay: nodes.DELAY, Force: nodes.FORCE}


def nodes_of(term: Term, writer: Writer) -> array[int]:
    """The words of a term's nodes, two for each. Its constants are written by ``writer``. Raises :class:`NoForm`."""
    row = array("q")
    add = row.append
    waiting: list[Any] = [term]
    wait = waiting.append
    while waiting:
        node = waiting.pop()
        kind = node.__class__
        if kind is int:  # all parts of the node at that place are written
            row[node + 1] = len(row) >> 1
            continue
        at = len(row)
        if at > 2 * MOST_NODES:
            raise NoForm("too many nodes")
        if kind in _ONE_PART:
            add(_ONE_PART[kind])
            wait(at)
            wait(node.body)
        elif kind is Apply:
            add(nodes.APPLY)
            wait(at)
            wait(node.argument)
            wait(node.function)
        elif kind is Var:
            if not 0 <= node.index < _MOST_INDEX:
                raise NoForm("an index that large")
            add(nodes.VAR | node.index << 8)
        elif kind is Const:
            add(nodes.CONST)
            add(writer.constant(node.constant))
            continue
        elif kind is Builtin:
            add(nodes.BUILTIN | node.number << 8)
        elif kind is Error:
            add(nodes.ERROR)
        elif kind is Constr:
            add(nodes.CONSTR | len(node.fields) << 8)
            add(0)
            add(0)
            add(node.tag if node.tag < 1 << 63 else node.tag - (1 << 64))
            wait(at)
            waiting.extend(reversed(node.fields))
            continue
        else:
            assert kind is Case
            add(nodes.CASE | len(node.branches) << 8)
            wait(at)
            waiting.extend(reversed(node.branches))
            wait(node.scrutinee)
        add((at >> 1) + 1)
    return row
