"""What a regular expression says, as a tree. Matching engines get their own spelling of it from :mod:`.pattern_spelling`.

Every node carries the flags that were in force where it stands, so a tree has no flags of its own. ``weight`` is roughly how
many states the node has when repetitions are written out; patterns that grow too heavy are refused.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = "Literal | Any | Klass | Assertion | Concat | Alternation | Group | Repeat"
    Item: TypeAlias = "Range | Property | Klass"


class Literal:
    """One character; ``fold``: whatever its case."""

    __slots__ = ("char", "fold")
    weight: int = 1

    def __init__(self, char: str, fold: bool) -> None:
        self.char = char
        self.fold = fold


class Any:
    """The dot: all characters but those in ``lacks``."""

    __slots__ = ("lacks",)
    weight: int = 1

    def __init__(self, lacks: str) -> None:
        self.lacks = lacks


class Range:
    """Characters from one to another, ends included; part of a class."""

    __slots__ = ("first", "last")

    def __init__(self, first: str, last: str) -> None:
        self.first = first
        self.last = last


class Property:
    """``kind`` is ``d``, ``w``, ``s``, or ``p`` with a Unicode property's ``name``."""

    __slots__ = ("ascii", "kind", "name", "negated")

    def __init__(self, kind: str, negated: bool, name: str = "", ascii: bool = False) -> None:
        self.kind = kind
        self.negated = negated
        self.name = name
        self.ascii = ascii


class Klass:
    """A set of characters: the union of its items; or what an ``operator`` (``&&``, ``--``, ``~~``) makes of two classes."""

    __slots__ = ("fold", "items", "negated", "operator")
    weight: int = 4

    def __init__(self, items: list[Item], negated: bool = False, operator: str = "", fold: bool = False) -> None:
        self.items = items
        self.negated = negated
        self.operator = operator
        self.fold = fold


class Assertion:
    """A place: ``A`` text start, ``z`` text end, ``^ $`` line ends, ``b B`` word boundaries, ``< >`` word start and end,
    ``( )`` the half of either.

    ``ascii``: words of ASCII letters. ``crlf``: a carriage return ends a line too.
    """

    __slots__ = ("ascii", "crlf", "kind")
    weight: int = 1

    def __init__(self, kind: str, ascii: bool = False, crlf: bool = False) -> None:
        self.kind = kind
        self.ascii = ascii
        self.crlf = crlf


class Concat:
    """One after the other; nothing at all if there are none."""

    __slots__ = ("nodes", "weight")

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.weight: int = 1 + sum([node.weight for node in nodes])


class Alternation:
    """The first that fits."""

    __slots__ = ("nodes", "weight")

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.weight: int = 1 + sum([node.weight for node in nodes])


class Group:
    """A part that is remembered. Groups count from 1, in the order of their opening parentheses."""

    __slots__ = ("node", "weight")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.weight: int = node.weight + 2


class Repeat:
    """From ``low`` to ``high`` times (``None``: without end)."""

    __slots__ = ("greedy", "high", "low", "node", "weight")

    def __init__(self, node: Node, low: int, high: int | None, greedy: bool) -> None:
        self.node = node
        self.low = low
        self.high = high
        self.greedy = greedy
        self.weight: int = node.weight * max(low if high is None else high, 1) + 1
