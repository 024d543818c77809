"""Scopes and frames: what names a place in the text can see, and where each lives at run time.

A :class:`Frame` stands for one function being resolved; its scopes are the blocks open at this point. Slots are never used
twice, so that a closure, a debugger and a loop's next round never see another variable's value. A name found in an
enclosing function becomes a capture of every function in between.
"""

from __future__ import annotations

from pagoda.languages.ruff.syntax.tree import Binding, CasePattern, Function

_SINGLE_PAYLOAD = frozenset({"Ok", "Err", "Some", "None"})


class Scope:
    """The names one block declares; ``case`` is the pattern whose payload names it may see."""

    __slots__ = ("names", "case")

    def __init__(self, case: CasePattern | None = None) -> None:
        self.names: dict[str, Binding] = {}
        self.case = case


class Frame:
    """One function being resolved.

    ``fields`` are the declared fields that are visible by bare name, in a method without ``self``; ``None`` elsewhere.
    """

    def __init__(self, function: Function, parent: Frame | None, fields: frozenset[str] | None = None) -> None:
        self.function = function
        self.parent = parent
        self.fields = fields
        self.scopes: list[Scope] = []
        self.slots: list[str] = []
        self.cells: dict[str, Binding] = {}
        self.captures: list[Binding] = []

    def new_slot(self, name: str, mutability: str) -> Binding:
        """A binding to a slot of its own."""
        binding = Binding("local", name, len(self.slots), mutability)
        self.slots.append(name)
        return binding

    def declare(self, name: str, mutability: str) -> Binding:
        """A new local in the innermost scope."""
        binding = self.new_slot(name, mutability)
        self.scopes[-1].names[name] = binding
        return binding

    def lookup(self, name: str) -> Binding | None:
        """The binding that is visible here, unless it is a global; captures are made on the way."""
        for scope in reversed(self.scopes):
            binding = scope.names.get(name)
            if binding is not None:
                return binding
            if scope.case is not None:
                binding = self._further_payload(scope, scope.case, name)
                if binding is not None:
                    return binding
        binding = self.cells.get(name)
        if binding is not None:
            return binding
        if self.fields is not None and name in self.fields:
            return Binding("field", name)
        if self.parent is None:
            return None
        outer = self.parent.lookup(name)
        if outer is None or outer.kind == "global":
            return outer
        binding = Binding("capture", name, len(self.captures), outer.mutability)
        self.captures.append(outer)
        self.cells[name] = binding
        return binding

    def _further_payload(self, scope: Scope, case: CasePattern, name: str) -> Binding | None:
        """``x_1``, ``x_2`` and so on, where the pattern binds ``x``: they come to be when the body mentions them."""
        if case.payload is None or not name.startswith(case.payload + "_"):
            return None
        digits = name[len(case.payload) + 1 :]
        # The number of payload values is small; a longer number is somebody's own name.
        if not digits.isascii() or not digits.isdigit() or digits[0] == "0" or len(digits) > 4:
            return None
        if case.enum in ("", "Result", "Option") and case.tag in _SINGLE_PAYLOAD:
            return None
        binding = self.new_slot(name, "mut")
        scope.names[name] = binding
        case.payload_bindings.append((int(digits), binding))
        return binding

    def finish(self) -> None:
        """Write what was found into the function."""
        self.function.frame_size = len(self.slots)
        self.function.slot_names = self.slots
        self.function.captures = self.captures
