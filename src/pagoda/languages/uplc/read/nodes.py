"""Nodes: a term as a row of pairs of words, in prefix order. The native reader writes them, the compiler reads them.

The first word is the kind in its low eight bits, and above them a number that the kind needs; the second one says where the
node after the whole subtree stands, but in constants it is the value::

    VAR      index, from 1       next
    DELAY                        next     the body follows
    LAM                          next     the body follows
    APPLY                        next     the function follows, then the argument
    CONST                        value    (a word of natives/values.py)
    FORCE                        next     the body follows
    ERROR                        next
    BUILTIN  number              next
    CONSTR   count of fields     next     a pair with the tag (64 bits as they are) as its second word follows, then the fields
    CASE     count of branches   next     the scrutinee follows, then the branches

Kinds are the tags of the flat encoding. Whether variables are bound is for the compiler to find out.
"""

from __future__ import annotations

from typing import Final

from pagoda.native import i64, inline, ptr, struct

VAR: Final = 0
DELAY: Final = 1
LAM: Final = 2
APPLY: Final = 3
CONST: Final = 4
FORCE: Final = 5
ERROR: Final = 6
BUILTIN: Final = 7
CONSTR: Final = 8
CASE: Final = 9


@struct
class Node:
    """One node."""

    head: i64
    next: i64


@inline
def kind_of(node: Node) -> i64:
    return node.head & 255


@inline
def number_in(node: Node) -> i64:
    return node.head >> 8


@inline
def after(nodes: ptr[Node], at: i64) -> i64:
    """The number of the node after the subtree at ``at``."""
    return at + 1 if kind_of(nodes[at]) == CONST else nodes[at].next
