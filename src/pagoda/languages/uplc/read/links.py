"""Where the node after each subtree stands, found from the last node to the first.

Going backwards, the ends of the subtrees that nobody has claimed yet are on a stack, the nearest one on top: a leaf adds its
own, an application's end is the one below the top. None of it needs a branch, for nobody can predict which node comes next.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.read.nodes import APPLY, BUILTIN, CONST, CONSTR, DELAY, ERROR, FORCE, LAM, VAR, Node
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import unlikely

TAG: Final = 255  # in the place of a kind: the second word is the tag of the CONSTR before it

# By kind, four bits each: one more than what a node adds to the number of ends.
_LEAF, _UNARY, _BINARY = 2, 1, 0
_ADDS = (
    _LEAF << 4 * VAR | _LEAF << 4 * CONST | _LEAF << 4 * ERROR | _LEAF << 4 * BUILTIN | _UNARY << 4 * DELAY | _UNARY << 4 * LAM
    | _UNARY << 4 * FORCE | _BINARY << 4 * APPLY
)  # fmt: skip


@native
def link(nodes: ptr[Node], count: i64, ends: ptr[i64]) -> None:
    """Fills in the second words of nodes in prefix order. ``ends``: room for one word more than there are nodes."""
    top = 0
    at = count
    while at > 0:
        at -= 1
        node = nodes[at]
        kind = node.head & 255
        if unlikely(kind >= CONSTR):
            if kind != TAG:
                ends[top + 1] = at + 2  # of a CONSTR without fields
                top -= (node.head >> 8) - (1 if kind == CONSTR else 0)
                node.next = ends[top]
            continue
        ends[top + 1] = at + 1
        top += ((_ADDS >> 4 * kind) & 15) - 1
        word = node.next
        end = ends[top]
        node.next = word if kind == CONST else end
