"""Lowering, part one: the state of one function's lowering, errors with places, coercion, memory access.

:class:`Lowering` (in ``lower.py``) is built from these bases; the split is by idea, not by use.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn, Protocol

from pagoda.native import types
from pagoda.native.environment import Environment, Unjoinable, common_facts, join_values, materialise
from pagoda.native.errors import NativeError
from pagoda.native.functions import NativeFunction
from pagoda.native.text import Block, FunctionText
from pagoda.native.values import Abstract, Known, Parts, Word, type_of, typed_integer


class UnitText(Protocol):
    """What lowering asks of the unit it writes into."""

    checked: bool

    def reference(self, function: NativeFunction[Any, Any]) -> str:
        """The LLVM name of a function, defined here or imported."""

    def declare(self, name: str, declaration: str) -> None:
        """Notes an intrinsic or external declaration, once per name."""

    def bytes_constant(self, data: bytes) -> str:
        """The LLVM name of a zero-terminated constant."""


# What folding and type checks raise inside lowering: each becomes a NativeError that points at the node being lowered.
TROUBLE = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, Unjoinable)


class Ended(Exception):
    """Control does not come back from what was just lowered (``trap()``, a call of a function without end): the rest of the
    statement is dropped. Raised only where no block is open."""


Hook = Callable[[Any, list[Abstract], ast.Call], Abstract]


class Activation:
    """One function being lowered into the text: the outermost, or one inlined into it."""

    def __init__(self, function: NativeFunction[Any, Any], environment: Environment, result: types.Type | None) -> None:
        self.function = function
        self.environment = environment
        self.result = result
        self.declared: dict[str, types.Type] = {}
        self.returns: list[tuple[Abstract, Block, Environment]] = []
        self.carried: tuple[str, ...] = ()  # names that the caller shares with it, though they are no parameters
        self.exit: Block | None = None
        self.on_return: Callable[[Abstract], None] | None = None  # finishes the block itself, once per return
        self.loops: list[tuple[list[tuple[Block, Environment]], list[tuple[Block, Environment]], Block, Block]] = []
        self.node: ast.AST | None = None


# Nodes whose class name says too little.
SPELLED = {
    "Try": "try", "With": "with", "Raise": "raise", "Lambda": "lambda", "FunctionDef": "a nested function",
    "AsyncFunctionDef": "async", "JoinedStr": "an f-string", "DictComp": "a comprehension", "SetComp": "a comprehension",
    "NamedExpr": ":=", "ListComp": "a comprehension", "Delete": "del", "Match": "match", "ClassDef": "a nested class",
    "Starred": "a starred value", "Slice": "a slice", "Import": "import", "ImportFrom": "import", "Global": "global",
    "Nonlocal": "nonlocal", "Dict": "a dict", "List": "a list", "Set": "a set", "Yield": "yield", "Await": "await",
}  # fmt: skip


class LoweringBase:
    """The state of lowering one LLVM function."""

    methods: ClassVar[dict[type, Any]] = {}  # node class -> the method that lowers it; one table per class of lowering

    def __init_subclass__(cls) -> None:
        cls.methods = {}

    def __init__(self, unit: UnitText, out: FunctionText, hooks: dict[object, Hook] | None = None) -> None:
        self.unit, self.out = unit, out
        self.hooks: dict[object, Hook] = hooks or {}
        self.activations: list[Activation] = []
        self.conditions: dict[str, tuple[str, Any, bool]] = {}  # i1 name -> (word, constant, truth in which they are equal)
        self.carried: tuple[str, ...] = ()  # names of the environment that inlined functions share with their callers

    # -- places and errors

    @property
    def activation(self) -> Activation:
        return self.activations[-1]

    @property
    def environment(self) -> Environment:
        return self.activations[-1].environment

    @environment.setter
    def environment(self, environment: Environment) -> None:
        self.activations[-1].environment = environment

    @property
    def reachable(self) -> bool:
        return self.out.block is not None

    def method(self, node: ast.AST, prefix: str) -> Any:
        """The method that lowers ``node``, found once per class of node."""
        found = getattr(type(self), prefix + type(node).__name__, None)
        if found is None:
            name = type(node).__name__
            self.error(f"{SPELLED.get(name, name)} is not in the native subset", node)
        self.methods[type(node)] = found
        return found

    def error(self, message: str, node: ast.AST | None = None) -> NoReturn:
        node = node if node is not None and hasattr(node, "lineno") else self.activation.node
        outer = reversed(self.activations[:-1])
        trail = tuple(f"{a.function.file}:{getattr(a.node, 'lineno', '?')} in {a.function.__name__}" for a in outer)
        raise NativeError(
            message, self.activation.function.file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, trail
        )

    @contextmanager
    def at(self, node: ast.AST) -> Iterator[None]:
        """Makes ``node`` the place that errors inside point at, and turns type trouble into such errors."""
        before = self.activation.node
        self.activation.node = node
        try:
            yield
        except TROUBLE as problem:
            self.trouble(problem, node)
        finally:
            self.activation.node = before

    def trouble(self, problem: Exception, node: ast.AST) -> NoReturn:
        """``problem``, met while ``node`` was lowered, as a :class:`NativeError`."""
        text = str(problem)
        if isinstance(problem, KeyError | AssertionError) or not text:
            text = f"{type(problem).__name__}: {text}"
        if isinstance(problem, Unjoinable):
            text = f"the value has different types on different paths: {text}"
        self.error(text, node)

    # -- operands

    def settle(self, value: Abstract) -> Abstract:
        """``value`` with what is known here: a word that was tested equal to a constant is that constant."""
        if type(value) is Word and self.activations:
            facts = self.activations[-1].environment.facts
            if facts and value.text in facts:
                fact = facts[value.text]
                kind = value.type
                if isinstance(kind, types.Scalar) and type(fact) is not kind.python:  # tested under a cast of another sign
                    fact = kind.python.wrap(fact)  # type: ignore[attr-defined]
                return Known(fact)
        return value

    def impossible(self, kind: types.Type) -> Abstract:
        """The result of an operation on constants that overflows: right programs do not get here."""
        if not self.unit.checked:
            return Word(kind, self.out.emit(f"freeze {kind.text} poison"))
        self.trap()
        raise Ended

    def trap(self) -> None:
        self.unit.declare("llvm.trap", "declare void @llvm.trap() cold noreturn nounwind")
        self.out.do("call void @llvm.trap()")
        self.out.finish("unreachable")

    def trap_if(self, condition: str) -> None:
        bad, good = self.out.new_block("trap"), self.out.new_block("fine")
        self.out.branch(condition, bad, good)
        self.out.enter(bad)
        self.trap()
        self.out.enter(good)

    def operand(self, value: Abstract, kind: types.Type) -> str:
        """``value`` as LLVM text of the scalar ``kind``; raises ``TypeError`` where it is of another type."""
        value = self.settle(value)
        if type(value) is Word:
            if value.type is kind or self.compatible(value.type, kind):
                return value.text
            raise TypeError(f"expected {kind.name}, got {value.type.name}")
        return materialise(value, kind)

    def compatible(self, have: types.Type, want: types.Type) -> bool:
        if isinstance(have, types.Reference) and isinstance(want, types.Reference):
            return issubclass(have.python, want.python)
        return types.same_type(have, want)

    def coerce(self, value: Abstract, kind: types.Type) -> Abstract:
        """``value`` as ``kind``; a constant stays a constant, after the check that it fits."""
        if isinstance(kind, types.Scalar):
            value = self.settle(value)
            if type(value) is Word and value.type is kind:
                return value
            if type(value) is Known:
                if kind.is_float:
                    materialise(value, kind)
                    return Known(float(value.value))
                number = typed_integer(kind, value.value)
                return value if number is value.value else Known(number)
            raise TypeError(f"expected {kind.name}, got {type_of(value).name}")
        if type(value) is Parts and value.type is kind:
            return value
        if isinstance(kind, types.Aggregate | types.Tuple):
            if not isinstance(value, Parts):
                raise TypeError(f"expected {kind.name}, got {type_of(value).name}")
            if isinstance(kind, types.Tuple) and isinstance(value.type, types.Tuple) and len(value.items) == len(kind.items):
                return Parts(kind, tuple(map(self.coerce, value.items, kind.items)))
            if not types.same_type(value.type, kind):
                raise TypeError(f"expected {kind.name}, got {value.type.name}")
            return value
        if isinstance(kind, types.Void):
            return Known(None)
        text = self.operand(value, kind)
        value = self.settle(value)
        return Word(kind, text) if type(value) is Word or text == "null" else value

    def scalars(self, value: Abstract, kind: types.Type) -> list[tuple[str, str]]:
        """``value`` of ``kind`` as the (type, operand) list that a call passes."""
        if isinstance(kind, types.Aggregate | types.Tuple):
            value = self.coerce(value, kind)
            assert isinstance(value, Parts)
            parts: list[tuple[str, str]] = []
            inner = kind.layout.kinds if isinstance(kind, types.Aggregate) else kind.items
            for item, part in zip(value.items, inner, strict=True):
                parts.extend(self.scalars(item, part))
            return parts
        return [(kind.text, self.operand(value, kind))]

    def assemble(self, kind: types.Type, texts: Iterator[str]) -> Abstract:
        """The inverse of :meth:`scalars`."""
        if isinstance(kind, types.Aggregate):
            return Parts(kind, tuple(self.assemble(t, texts) for t, _ in kind.fields.values()))
        if isinstance(kind, types.Tuple):
            return Parts(kind, tuple(self.assemble(t, texts) for t in kind.items))
        return Word(kind, next(texts))

    def pack(self, value: Abstract, kind: types.Type) -> tuple[str, str]:
        """``value`` as one first-class LLVM value (for ``ret``), with its type."""
        if isinstance(kind, types.Void):
            return "void", ""
        parts = self.scalars(value, kind)
        if not isinstance(kind, types.Aggregate | types.Tuple):
            return parts[0]
        shape = "{" + ", ".join(t for t, _ in parts) + "}"
        packed = "poison"
        for index, (part, text) in enumerate(parts):
            packed = self.out.emit(f"insertvalue {shape} {packed}, {part} {text}, {index}")
        return shape, packed

    def unpack(self, kind: types.Type, text: str) -> Abstract:
        """The inverse of :meth:`pack`."""
        if isinstance(kind, types.Void):
            return Known(None)
        if not isinstance(kind, types.Aggregate | types.Tuple):
            return Word(kind, text)
        flat = types.flatten(kind)
        shape = types.shape_text(kind)
        names = [self.out.emit(f"extractvalue {shape} {text}, {index}") for index in range(len(flat))]
        return self.assemble(kind, iter(names))

    def enter_facts(self, paths: list[dict[str, Any]]) -> None:
        """Makes what every one of several paths knows the facts of this place."""
        environment = self.activations[-1].environment
        facts = paths[0] if len(paths) == 1 else common_facts(paths)
        if facts is not environment.facts:
            self.activations[-1].environment = Environment(environment.names, facts)

    def phi(self, block: Block, edges: list[tuple[Abstract, Block]], declared: types.Type | None = None) -> Abstract:
        return join_values(self.out, block, edges, declared)

    # -- memory

    def offset(self, address: str, count: int | str) -> str:
        if count == 0:
            return address
        return self.out.emit(f"getelementptr inbounds i8, ptr {address}, i64 {count}")

    def check_address(self, address: str, align: int) -> None:
        """In a checked build, traps where ``address`` is null or misaligned."""
        if self.unit.checked:
            self.unit.declare("pagoda.check", "check_address")
            self.out.do(f"call void @pagoda.check(ptr {address}, i64 {align})")

    def load(self, kind: types.Type, address: str, extra: str = "") -> Abstract:
        """The value of ``kind`` at ``address``."""
        if isinstance(kind, types.Aggregate):
            return Parts(kind, tuple(self.load(t, self.part(address, at), extra) for t, at in kind.fields.values()))
        if isinstance(kind, types.FixedArray):
            return Word(types.pointer_type(kind.element), address)
        self.check_address(address, kind.align)
        if isinstance(kind, types.Bool):  # C may have stored any byte
            byte = self.out.emit(f"load {extra}i8, ptr {address}, align 1{self.kind_of_memory(address)}")
            return Word(kind, self.out.emit(f"icmp ne i8 {byte}, 0"))
        text = f"load {extra}{kind.text}, ptr {address}, align {kind.align}{self.kind_of_memory(address)}"
        return Word(kind, self.out.emit(text))

    def kind_of_memory(self, address: str) -> str:
        """Metadata that tells LLVM what an address that was just computed is of."""
        return ""

    def part(self, address: str, at: int) -> str:
        """The address of a part of what lies at an address."""
        return self.offset(address, at)

    def store(self, kind: types.Type, address: str, value: Abstract) -> None:
        """Stores ``value`` as ``kind`` at ``address``."""
        if isinstance(kind, types.Aggregate):
            value = self.coerce(value, kind)
            assert isinstance(value, Parts)
            for item, (part, at) in zip(value.items, kind.fields.values(), strict=True):
                self.store(part, self.part(address, at), item)
            return
        if isinstance(kind, types.FixedArray):
            raise TypeError("an array is changed element by element")
        text = self.operand(value, kind)
        self.check_address(address, kind.align)
        if isinstance(kind, types.Bool):
            byte = self.out.emit(f"zext i1 {text} to i8")
            self.out.do(f"store i8 {byte}, ptr {address}, align 1{self.kind_of_memory(address)}")
        else:
            self.out.do(f"store {kind.text} {text}, ptr {address}, align {kind.align}{self.kind_of_memory(address)}")

    def element_address(self, pointer: Abstract, index: Abstract) -> tuple[types.Type, str]:
        """The type and address of ``pointer[index]``."""
        kind = type_of(pointer)
        if not isinstance(kind, types.Pointer):
            raise TypeError(f"{kind.name} has no elements")
        base = self.operand(pointer, kind)
        stride = types.stride_of(kind.element)
        index = self.settle(index)
        if isinstance(index, Known):
            if isinstance(index.value, bool) or not isinstance(index.value, int):
                raise TypeError("an index is an integer")
            return kind.element, self.offset(base, int(index.value) * stride)
        if not isinstance(index, Word) or not isinstance(index.type, types.Scalar) or index.type.is_float:
            raise TypeError("an index is an integer")
        text = index.text
        if index.type.bits < 64:
            text = self.out.emit(f"{'sext' if index.type.signed else 'zext'} {index.type.text} {text} to i64")
        unit = {1: "i8", 2: "i16", 4: "i32", 8: "i64"}.get(stride, f"[{stride} x i8]")
        return kind.element, self.out.emit(f"getelementptr inbounds {unit}, ptr {base}, i64 {text}")
