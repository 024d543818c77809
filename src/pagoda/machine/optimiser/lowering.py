"""Lowering of an operation's body inside compiled code: registers are no memory, and code that is known has known fields.

Addresses in the frame are *virtual*: a pointer to register 3 is the text ``%frame:48``, and what is read or written
through it is an SSA value in the environment of the body, so that joins of the body's paths make phis of it like of any
local. Only where such a pointer leaves for a native function does it become an address (and the instruction's writer has
put the value there).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pagoda.machine.context import Code, Context
from pagoda.machine.function import Function
from pagoda.machine.ops import Op
from pagoda.native import types
from pagoda.native.functions import NativeFunction
from pagoda.native.lower import Lowering
from pagoda.native.lower_base import Activation, Hook
from pagoda.native.text import FunctionText
from pagoda.native.unit import Unit
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

FRAME = "%frame:"
SEEN = "%seen:"  # the address of a word of feedback: full already, and not written
CACHED = "%cached:"  # the address of an inline cache whose contents are taken for what they were when the function was compiled
NativeCall = Callable[[NativeFunction[Any, Any], list[Abstract]], Abstract]
POLLED = "Context"  # a kind of memory: all that a poll looks at or changes
FUEL = "&fuel"  # what the fuel that is left is called in a body's environment
BODY = 1  # the operation's own activation; 0 is the instruction's


class NotCompiled(Exception):
    """The function needs something that this storey does not have; the interpreter runs it."""


class NeedsMemory(NotCompiled):
    """The body of ``op`` does with registers what only memory can."""

    def __init__(self, op: Op, what: str) -> None:
        super().__init__(f"{op.name}: {what}")
        self.op = op


def slot_name(register: int) -> str:
    """What a register's contents are called in a body's environment; no name of Python's."""
    return f"&{register}"


class BodyLowering(Lowering):
    """``callee`` is the value that the function is called as, where that is no register in memory. ``read`` gives the value of
    a register that the body did not write; ``codes`` maps the LLVM name of a function's code to the function."""

    unit: Unit  # which can hold metadata

    def __init__(
        self, unit: Unit, out: FunctionText, hooks: dict[object, Hook], kind: types.Aggregate,
        read: Callable[[int], Parts], codes: dict[str, Function],
    ) -> None:  # fmt: skip
        super().__init__(unit, out, hooks)
        self.kind, self.read, self.codes = kind, read, codes
        self.callee: Parts | None = None
        self.slot = types.stride_of(kind)
        self.header_bytes = 0  # from the callee to the first register
        self.carried = (FUEL,)
        self.kinds: dict[str, str] = {}  # of memory
        self.memories: dict[str, str] = {}  # what an address that was computed last is of
        self.op: Op | None = None  # whose body is lowered
        self.native_call: NativeCall | None = None  # makes the calls that get addresses of registers
        self.caches: dict[str, Callable[[], str]] = {}  # emits the address that a text of SEEN or CACHED stands for
        self.bound: dict[str, Abstract] = {}  # the registers whose contents the next body may change

    def memory(self, what: str) -> NeedsMemory:
        """What to raise where the body at hand needs memory."""
        assert self.op is not None
        return NeedsMemory(self.op, what)

    # -- kinds of memory

    def field_address(self, owner: Abstract, name: str) -> tuple[types.Type, str]:
        kind, address = super().field_address(owner, name)
        reference = type_of(owner)
        if isinstance(reference, types.Reference) and not isinstance(kind, types.Aggregate | types.FixedArray):
            self.memories[address] = self.memory_kind(field_name(reference.python, name))
        else:
            self.memories.pop(address, None)
        return kind, address

    def kind_of_memory(self, address: str) -> str:
        return self.memories.get(address, "")

    def part(self, address: str, at: int) -> str:
        place = self.offset(address, at)
        if address in self.memories:
            self.memories[place] = self.memories[address]
        return place

    def memory_kind(self, name: str) -> str:
        """What is told LLVM of memory: words of objects' headers, by field, are never reached as elements, nor the reverse."""
        found = self.kinds.get(name)
        if found is None:
            root = self.unit.note('!{!"pagoda"}')
            kind = self.unit.note(f'!{{!"{name}", {root}, i64 0}}')
            found = self.kinds[name] = f", !tbaa {self.unit.note(f'!{{{kind}, {kind}, i64 0}}')}"
        return found

    # -- virtual addresses

    def virtual(self, text: str) -> int | None:
        """The byte offset in the frame that a text stands for."""
        return int(text[len(FRAME) :]) if text.startswith(FRAME) else None

    def address_of(self, register: int) -> Word:
        return Word(types.pointer_type(self.kind), f"{FRAME}{register * self.slot}")

    def real(self, byte: int) -> str:
        return self.out.emit(f"getelementptr inbounds i8, ptr %base, i64 {byte}") if byte else "%base"

    def activate(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Activation:
        activation = super().activate(called, args)
        if len(self.activations) == BODY:
            activation.environment.names.update(self.bound)
        return activation

    def call(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        native_call = self.native_call
        if native_call is None or not any(type(value) is Word and value.text.startswith(FRAME) for value in args):
            return super().call(called, args)
        self.native_call = None
        try:
            return native_call(called, args)
        finally:
            self.native_call = native_call

    def coerce(self, value: Abstract, kind: types.Type) -> Abstract:
        if type(value) is Word and value.text.startswith((FRAME, SEEN, CACHED)) and isinstance(kind, types.Pointer):
            return value  # not an operand of anything yet
        return super().coerce(value, kind)

    def operand(self, value: Abstract, kind: types.Type) -> str:
        text = super().operand(value, kind)
        if text.startswith(FRAME):
            return self.real(int(text[len(FRAME) :]))
        return self.caches[text]() if text.startswith((CACHED, SEEN)) else text

    def offset(self, address: str, count: int | str) -> str:
        at = self.virtual(address)
        if at is None:
            return super().offset(address, count)
        if isinstance(count, str):
            raise self.memory("a register is addressed by a computed number")
        return f"{FRAME}{at + count}"

    def element_address(self, pointer: Abstract, index: Abstract) -> tuple[types.Type, str]:
        if isinstance(pointer, Word) and pointer.text.startswith(FRAME) and isinstance(pointer.type, types.Pointer):
            index = self.settle(index)
            if not isinstance(index, Known):
                raise self.memory("a register is addressed by a computed number")
            element = pointer.type.element
            return element, self.offset(pointer.text, int(index.value) * types.stride_of(element))
        if isinstance(pointer, Word) and isinstance(pointer.type, types.Pointer) and pointer.text.startswith((CACHED, SEEN)):
            return pointer.type.element, pointer.text  # of one word
        element, address = super().element_address(pointer, index)
        if isinstance(element, types.Pointer):  # a list of free blocks, which are objects next
            self.memories.pop(address, None)
        else:
            self.memories[address] = self.memory_kind("elements")
        return element, address

    def load(self, kind: types.Type, address: str, extra: str = "") -> Abstract:
        if address.startswith(SEEN):
            return Known(types.I64.python(-1))
        if address.startswith(CACHED):
            return Known(types.I64.python(int(address.rpartition(":")[2])))
        at = self.virtual(address)
        if at is None:
            return super().load(kind, address, extra)
        if at < 0:
            return super().load(kind, self.real(at), extra) if self.callee is None else self.of_callee(kind, at)
        register, rest = divmod(at, self.slot)
        value = self.contents(register)
        if rest == 0 and types.same_type(kind, self.kind):
            return value
        for item, (part, place) in zip(value.items, self.kind.fields.values(), strict=True):
            if place == rest and types.same_type(part, kind):
                return item
        raise self.memory(f"a register is read as {kind.name}")

    def of_callee(self, kind: types.Type, at: int) -> Abstract:
        """What lies ``at`` so many bytes before the first register: the callee, or a word of it."""
        assert self.callee is not None
        place = at + self.header_bytes
        if place == 0 and types.same_type(kind, self.kind):
            return self.callee
        for item, (part, byte) in zip(self.callee.items, self.kind.fields.values(), strict=True):
            if byte == place and types.same_type(part, kind):
                return item
        raise self.memory("what lies below the registers is read")

    def contents(self, register: int) -> Parts:
        """What a register holds, as the body at hand sees it."""
        if len(self.activations) > BODY:
            found = self.activations[BODY].environment.names.get(slot_name(register))
            if found is not None:
                assert isinstance(found, Parts)
                return found
        return self.read(register)

    def store(self, kind: types.Type, address: str, value: Abstract) -> None:
        if address.startswith(SEEN):
            return
        if address.startswith(CACHED):
            raise self.memory("an inline cache is written to")
        at = self.virtual(address)
        if at is None:
            super().store(kind, address, value)
            return
        register, rest = divmod(at, self.slot)
        if at < 0 or rest or not types.same_type(kind, self.kind):
            raise self.memory(f"a register is written as {kind.name}")
        if len(self.activations) != BODY + 1 or self.activation.loops:  # such paths do not join these names
            raise self.memory("a helper or a loop writes to a register")
        value = self.coerce(value, kind)
        assert isinstance(value, Parts)
        self.activations[BODY].environment.names[slot_name(register)] = value

    # -- code that is known

    def lower_Attribute(self, node: ast.Attribute) -> Abstract:
        owner = self.expression(node.value)
        if type(owner) is Word and owner.text in self.codes:
            known = self.code_field(owner.text, node.attr)
            if known is not None:
                return Known(types.I64.python(known))
        if type(owner) is Word and isinstance(owner.type, types.Reference):  # evaluated once: what follows must not do it again
            field, address = self.field_address(owner, node.attr)
            return self.load(field, address)
        if type(owner) is Parts and isinstance(owner.type, types.Aggregate):
            position = owner.type.layout.positions.get(node.attr)
            if position is not None:
                return owner.items[position]
        return super().lower_Attribute(node)

    def code_field(self, text: str, name: str) -> int | None:
        function = self.codes[text]
        return {
            "parameters": function.parameters, "registers": function.registers, "frame_bytes": function.registers * self.slot,
            "flags": function.flags,
        }.get(name)  # fmt: skip


def field_name(owner: type, name: str) -> str:
    """A field's name with that of the class that defines it; those of what all languages' contexts have are one kind, which
    polls read and write."""
    defining = next(c for c in reversed(owner.__mro__) if name in c.__dict__.get("__annotations__", {}))
    return POLLED if defining is Context else f"{defining.__qualname__}.{name}"


def code_type() -> types.Type:
    return types.resolve_type(Code)
