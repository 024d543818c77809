"""Visitors of nodes, to be derived from: a method ``visit_Lambda`` deals with a ``Lambda``, ``generic_visit`` with the rest.

They recurse, as those of PyPI's ``uplc`` do, for what a derived visitor does with a node's parts is its own affair.
"""

from __future__ import annotations

from copy import copy

from pagoda.uplc.compat.nodes import AST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NodeVisitor:
    """Visits each node; what the method for its class gives is given back."""

    def visit(self, node: AST) -> Any:
        """Visits one node: by the method for its class, for that of a class that it derives from, else generically."""
        for kind in type(node).__mro__:
            method = getattr(self, f"visit_{kind.__name__}", None)
            if method is not None:
                return method(node)
        return self.generic_visit(node)

    def generic_visit(self, node: AST) -> Any:
        """Visits the parts of a node."""
        for field in node._fields:
            part = getattr(node, field)
            for inner in part if isinstance(part, list) else [part]:
                self.visit(inner)


class NodeTransformer(NodeVisitor):
    """Puts what the methods give in the places of the nodes; the nodes themselves stay as they are."""

    def generic_visit(self, node: AST) -> Any:
        """A copy of a node with its parts visited."""
        changed = copy(node)
        for field in node._fields:
            part = getattr(node, field)
            setattr(changed, field, [self.visit(inner) for inner in part] if isinstance(part, list) else self.visit(part))
        return changed


class NoOp(NodeTransformer):
    """Changes nothing."""
