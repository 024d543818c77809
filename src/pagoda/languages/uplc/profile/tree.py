"""The call tree of an evaluation, kept small whatever the evaluation does.

A stack deeper than ``HEAD + TAIL`` is entered with its middle cut out, behind a node that says so; once there are
``MOST_NODES`` nodes, whatever would be new goes to one node beside its siblings. What must hold: no cost is lost.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = 120
TAIL = 30
MOST_NODES = 100_000

#: Stand for functions: the script itself, the part of a stack that was cut out, calls that are not told apart.
ROOT, CUT, REST = -1, -2, -3
NAMES = {ROOT: "(script)", CUT: "... (calls left out)", REST: "(other calls)"}


class CallTree:
    """Nodes are numbers, 0 the script's. ``function[n]`` is the number of a function, or ``ROOT``, ``CUT``, ``REST``."""

    __slots__ = ("_children", "calls", "cpu", "function", "mem", "most", "parent")

    def __init__(self, most: int = MOST_NODES) -> None:
        self.function, self.parent = [ROOT], [-1]
        self.cpu, self.mem, self.calls = [0], [0], [1]
        self.most = most
        self._children: dict[tuple[int, int], int] = {}

    def child(self, parent: int, function: int) -> int:
        """The node of a function called at a node."""
        key = parent, function
        found = self._children.get(key)
        if found is None:
            if self.function[parent] == REST:
                return parent
            if len(self.function) >= self.most and function != REST:
                return self.child(parent, REST)
            found = self._children[key] = len(self.function)
            self.function.append(function)
            self.parent.append(parent)
            self.cpu.append(0)
            self.mem.append(0)
            self.calls.append(0)
        return found

    def entered(self, nodes: Sequence[int], functions: Sequence[int], function: int) -> int:
        """The node for a function that is entered on a stack, given as its nodes and its functions from the root on."""
        if len(nodes) < HEAD + TAIL:
            node = self.child(nodes[-1], function)
        else:
            node = self.child(nodes[HEAD - 1], CUT)
            for between in functions[1 - TAIL :]:
                node = self.child(node, between)
            node = self.child(node, function)
        return node
