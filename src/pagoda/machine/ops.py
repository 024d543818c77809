"""Operations: each is defined once, as one typed Python function; its operands, encoding and variants are derived here.

``@op`` reads the annotations of the body's parameters (``operands.py``) and its result: a value (written to the instruction's
destination), a ``bool`` (a branch: goes to its target when true), or nothing. An :class:`OpTable` numbers the variants of a
language's operations; the number is the opcode.

What must hold: opcode numbers follow from the definitions alone, in the order they were made; two processes that import the
same sources agree on them.
"""

from __future__ import annotations

from pagoda.machine import operands
from pagoda.machine.operands import (
    Cache,
    ConstantWord,
    Count,
    Immediate,
    Literal,
    Operand,
    OperandKind,
    Place,
    State,
    Target,
    Wide,
    Window,
)  # fmt: skip

# A compiler uses operations without their definitions (recall.py): what only those need is imported by then.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, overload

    from pagoda.native.functions import NativeFunction
else:

    def overload(function):
        """For the type checker only."""
        return function


#: Operations that were recalled before they were defined, by module and name: their definitions fill these very objects.
recalled: dict[tuple[str, str], Op] = {}


class Parameter:
    """One parameter of an operation's body, with its kind."""

    __slots__ = ("kind", "name", "type")

    def __init__(self, name: str, kind: OperandKind, annotation: Any) -> None:
        self.name, self.kind, self.type = name, kind, annotation

    @property
    def encoded(self) -> bool:
        """Whether it takes a field of the instruction."""
        return not isinstance(self.kind, State | Cache)


class Op:
    """One operation.

    ``result`` is ``"value"``, ``"branch"`` or ``"none"``. ``ends``: control never falls through it. ``calls``: it enters a
    guest function (its first fields are destination, window, count). ``scalar``: its result never owns anything. ``raises``: it
    may fail. ``copies``: its result owns something exactly if its first operand does. ``leaves``: it ends the frame, in which
    nothing may be owned any more but what it takes. ``drops``: it gives up what its operand holds, if that is anything.
    ``fills``: a call that puts the callee into the window itself, so that the caller leaves that slot empty.
    ``only``: the variants to make, where not all combinations are worth a handler. ``skips``: its result, an ``i64``, says how
    many words of the row of instructions behind it to skip; such operations stand before jumps of one word each. ``rare``: its
    handler is kept out of the hot text and never begins anew, so its body may do things before it leaves.
    """

    def __init__(
        self, function: NativeFunction[Any, Any], *, ends: bool = False, calls: bool = False, scalar: bool = False,
        raises: bool = True, copies: bool = False, leaves: bool = False, drops: bool = False, fills: bool = False,
        only: Iterable[str] | None = None, skips: bool = False, rare: bool = False,
    ) -> None:  # fmt: skip
        self.function = function
        self.name = function.__name__
        self.ends, self.calls, self.scalar, self.raises = ends or leaves, calls, scalar, raises
        self.copies, self.leaves, self.drops, self.fills = copies, leaves, drops, fills
        self.only = frozenset(only) if only is not None else None
        self.skips, self.rare = skips, rare
        self.__doc__ = function.__doc__
        self.__module__ = function.__module__
        self._parameters: list[Parameter] | None = None
        self._result = ""
        self._polls: bool | None = None

    def __getattr__(self, name: str) -> Any:
        """What an operation that was recalled lacks, its definition has."""
        module = vars(self).get("__module__", "")
        if not name.startswith("__") and recalled.get((module, vars(self).get("name", ""))) is self:
            from importlib import import_module

            import_module(module)
            if name in vars(self):
                return vars(self)[name]
        raise AttributeError(f"operation has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __call__(self, *args: Any) -> Any:
        """Runs the body unlowered."""
        return self.function(*args)

    def _read(self) -> None:
        from typing import get_type_hints

        hints = get_type_hints(self.function.python, include_extras=True)
        parameters = []
        for name in self.function.python.__code__.co_varnames[: self.function.python.__code__.co_argcount]:
            annotation = hints[name]
            kinds = [k for k in getattr(annotation, "__metadata__", ()) if isinstance(k, OperandKind)]
            if len(kinds) != 1:
                raise TypeError(f"operation {self.name}: parameter {name!r} has no operand kind")
            parameters.append(Parameter(name, kinds[0], annotation.__origin__))
        result = hints.get("return")
        if result is bool:
            self._result = "branch" if any(isinstance(p.kind, Target) for p in parameters) else "value"
        else:
            self._result = "none" if result is type(None) else "value"
        self._parameters = parameters

    @property
    def parameters(self) -> list[Parameter]:
        if self._parameters is None:
            self._read()
            assert self._parameters is not None
        return self._parameters

    @property
    def result(self) -> str:
        if self._parameters is None:
            self._read()
        return self._result

    @property
    def has_destination(self) -> bool:
        return self.result == "value" and not self.ends and not self.skips

    def mode_sets(self) -> list[str]:
        """For each value or place operand, the letters it may have."""
        return [p.kind.modes for p in self.parameters if isinstance(p.kind, Operand | Place)]

    @property
    def polls(self) -> bool:
        """Whether its body looks whether the program shall stop, or hands control to the host."""
        if self._polls is None:
            self._polls = polls(self.function)
        return self._polls

    def check(self) -> None:
        """Raises ``TypeError`` where the definition asks for what the machine does not do."""
        kinds = [p.kind for p in self.parameters]
        targets = sum(isinstance(k, Target) for k in kinds)
        if targets != (self.result == "branch"):
            raise TypeError(f"operation {self.name}: a branch has one target, and only a branch has one")
        windows, counts = (sum(isinstance(k, kind) for k in kinds) for kind in (Window, Count))
        if windows > 1 or counts > 1:
            raise TypeError(f"operation {self.name}: one window and one count at most")
        if self.calls:
            layout = Layout(self)  # a return reads destination and window out of the call instruction's first word
            names = ["dst", *(p.name for p in self.parameters if isinstance(p.kind, Window))]
            places = [layout.fields.get(name) for name in names]
            if places != [(0, 16, 16), (0, 32, 16)] or not counts:
                raise TypeError(f"operation {self.name}: a call has destination, window and count first")
        first = next((p.kind for p in self.parameters if p.encoded), None)
        if self.copies and not (self.result == "value" and isinstance(first, Operand)):
            raise TypeError(f"operation {self.name}: what copies has a result, and its operand first")
        modes = self.mode_sets()
        if self.drops and (len(modes) != 1 or "T" not in modes[0] or self.result != "none"):
            raise TypeError(f"operation {self.name}: what drops takes one operand and has no result")

    def variants(self) -> list[Variant]:
        import itertools

        combinations = ["".join(letters) for letters in itertools.product(*self.mode_sets())]
        if self.only is not None:
            combinations = [c for c in combinations if c in self.only]
        else:  # an operation on constants alone is the compiler's to fold
            folded = [c for c in combinations if c and set(c) <= {"K", "I"} and len(c) > 1]
            combinations = [c for c in combinations if c not in folded]
        return [Variant(self, letters) for letters in combinations]


def polls(function: NativeFunction[Any, Any]) -> bool:
    """Whether a body names the verb ``poll`` or ``suspend``, itself or through what is inlined into it."""
    from pagoda.machine import verbs

    return names_verb(function, verbs.poll, verbs.suspend)


def names_verb(function: NativeFunction[Any, Any], *wanted: Any) -> bool:
    """Whether a body names one of some verbs, itself or through what is inlined into it."""
    from pagoda.native.functions import NativeFunction

    seen: set[NativeFunction[Any, Any]] = set()
    waiting = [function]
    while waiting:
        body = waiting.pop()
        if body in seen:
            continue
        seen.add(body)
        for name in (*body.python.__code__.co_names, *body.python.__code__.co_freevars):
            try:
                item = body.lookup(name)
            except KeyError:
                continue  # a field or an attribute
            if any(item is verb for verb in wanted):
                return True
            if isinstance(item, NativeFunction) and item.inlined:
                waiting.append(item)
    return False


class Variant:
    """An operation with the mode of each value operand fixed: what has an opcode and a handler."""

    __slots__ = ("_layout", "letters", "op", "opcode")

    def __init__(self, op: Op, letters: str) -> None:
        self.op, self.letters, self.opcode = op, letters, -1
        self._layout: Layout | None = None

    @property
    def name(self) -> str:
        return f"{self.op.name}.{self.letters.lower()}" if self.letters else self.op.name

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def layout(self) -> Layout:
        if self._layout is None:
            self._layout = Layout(self.op)
        return self._layout


class Layout:
    """Where an operation's operands lie: ``fields`` maps a name to (word, bit, width); ``caches`` maps a name to its word.

    Word 0 is opcode, then three 16-bit fields; each further word has four. Literals and caches are words of their own, at the
    end.
    """

    def __init__(self, op: Op) -> None:
        self.fields: dict[str, tuple[int, int, int]] = {}
        self.caches: dict[str, int] = {}
        position = 1
        names = [("dst", 16)] if op.has_destination else []
        wide = []
        for p in op.parameters:
            if isinstance(p.kind, Wide) or (isinstance(p.kind, Target) and p.kind.wide):
                wide.append(p.name)
            elif p.encoded and not isinstance(p.kind, Literal):
                names.append((p.name, 16))
        for name, width in names:
            self.fields[name] = (position // 4, position % 4 * 16, width)
            position += 1
        for name in wide:
            position += position % 2
            self.fields[name] = (position // 4, position % 4 * 16, 32)
            position += 2
        self.words = (position + 3) // 4
        for p in op.parameters:
            if isinstance(p.kind, Cache):
                self.caches[p.name] = self.words
                self.words += 1
            elif isinstance(p.kind, Literal):
                self.fields[p.name] = (self.words, 0, 64)
                self.words += 1


@overload
def op(function: Callable[..., Any], /) -> Op: ...
@overload
def op(  # noqa: F811
    *, ends: bool = False, calls: bool = False, scalar: bool = False, raises: bool = True, copies: bool = False,
    leaves: bool = False, drops: bool = False, fills: bool = False, only: Iterable[str] | None = None,
    skips: bool = False, rare: bool = False,
) -> Callable[[Callable[..., Any]], Op]: ...  # fmt: skip
def op(  # noqa: F811
    function: Callable[..., Any] | None = None, /, *, ends: bool = False, calls: bool = False, scalar: bool = False,
    raises: bool = True, copies: bool = False, leaves: bool = False, drops: bool = False, fills: bool = False,
    only: Iterable[str] | None = None, skips: bool = False, rare: bool = False,
) -> Any:  # fmt: skip
    """Makes a typed Python function an operation. See :class:`Op` for the options."""
    from pagoda.native.functions import inline

    def make(body: Callable[..., Any]) -> Op:
        made = recalled.pop((body.__module__, body.__name__), None) or Op.__new__(Op)
        made.__init__(  # type: ignore[misc]
            inline(body), ends=ends, calls=calls, scalar=scalar, raises=raises, copies=copies, leaves=leaves, drops=drops,
            fills=fills, only=only, skips=skips, rare=rare,
        )  # fmt: skip
        return made

    return make if function is None else make(function)


class OpTable:
    """The operations of one language, with an opcode for each variant."""

    def __init__(self, ops: Iterable[Op]) -> None:
        self.ops: dict[str, Op] = {}
        self.variants: list[Variant] = []
        self.by_name: dict[str, Variant] = {}
        for operation in ops:
            if operation.name in self.ops:
                raise ValueError(f"operation {operation.name} is defined twice")
            self.ops[operation.name] = operation
            operation.check()
            for variant in operation.variants():
                variant.opcode = len(self.variants)
                self.variants.append(variant)
                self.by_name[variant.name] = variant

    @classmethod
    def of_modules(cls, modules: Iterable[Any]) -> OpTable:
        """The operations that modules define, in the order of their definition."""
        found: list[Op] = []
        for module in modules:
            found.extend(item for item in vars(module).values() if isinstance(item, Op) and item.__module__ == module.__name__)
        return cls(found)

    def variant(self, operation: Op, letters: str) -> Variant:
        """Raises ``KeyError`` where the operation has no such variant."""
        return self.by_name[f"{operation.name}.{letters.lower()}" if letters else operation.name]


__all__ = [
    "Cache", "ConstantWord", "Count", "Immediate", "Layout", "Op", "OpTable", "Operand", "Parameter", "Place", "State",
    "Target", "Variant", "Wide", "Window", "op", "operands",
]  # fmt: skip
