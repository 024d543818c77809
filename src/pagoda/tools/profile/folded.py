"""Folded stacks: a line per stack of calls, ``outermost;...;innermost 123``, as flame graph programs read them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagoda.tools.profile.contract import Tree

#: What a name must not hold: the sign between names, and line ends.
_PLAIN = str.maketrans({";": ",", "\n": " ", "\r": " "})


def lines(tree: Tree, weight: int) -> Iterator[str]:
    """A line for each node of a tree that spent some of a weight itself, without line ends."""
    names = [name.translate(_PLAIN) for name in tree.name]
    for node, own in enumerate(tree.own):
        if own[weight]:
            stack = []
            at = node
            while at >= 0:
                stack.append(names[at])
                at = tree.parent[at]
            yield f"{';'.join(reversed(stack))} {own[weight]}"
