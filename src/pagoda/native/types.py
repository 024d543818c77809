"""The types of typed Python: what an annotation in native code may say, and how a value of it lies in memory.

mypy reads ``i64`` as ``int`` and ``f64`` as ``float``. At run time they are checked subclasses, so that a native function run
*unlowered*, under plain CPython, raises where the lowered one would overflow. ``ptr[T]`` is a typed address; a class made
by :func:`struct` is used by reference (a name of that type holds an address), one made by :func:`value` is a tuple of
scalars passed in registers.

What must hold: a type's size and field offsets here are the ones the lowered code uses, for both read :func:`layout_of`.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, dataclass_transform, get_type_hints

T = TypeVar("T")
C = TypeVar("C", bound=type)


class NativeOverflow(ArithmeticError):
    """A fixed-width number left its range in unlowered code. The lowered release build would have undefined bits here."""


class NativeFault(RuntimeError):
    """Unlowered code went through a null or misaligned pointer."""


class Type:
    """A native type: ``text`` in LLVM, ``size`` and ``align`` in bytes."""

    text: str
    size: int
    align: int
    name: str

    def __repr__(self) -> str:
        return self.name


class Scalar(Type):
    """A number of fixed width. ``python`` is the class that unlowered code uses."""

    def __init__(self, name: str, bits: int, signed: bool, python: type, is_float: bool = False) -> None:
        self.name, self.bits, self.signed, self.python, self.is_float = name, bits, signed, python, is_float
        self.text = "double" if is_float else f"i{bits}"
        self.size = self.align = bits // 8
        self.small: dict[int, int] = {}  # small constants of this type, made once


class Bool(Type):
    """True or false: one bit in registers, one byte in memory."""

    name, text, size, align = "bool", "i1", 1, 1


class Void(Type):
    """The type of a function that returns nothing."""

    name, text, size, align = "None", "void", 0, 1


class Pointer(Type):
    """``ptr[T]``: the address of the first of some ``element`` in a row."""

    text, size, align = "ptr", 8, 8

    def __init__(self, element: Type) -> None:
        self.element = element
        self.name = f"ptr[{element.name}]"


class Reference(Type):
    """The address of a struct. ``size`` is that of the address; ``layout`` is that of the struct itself."""

    text, size, align = "ptr", 8, 8

    def __init__(self, python: type) -> None:
        self.python = python
        self.name = python.__name__


class Aggregate(Type):
    """A value class: its fields travel apart in registers, together in memory."""

    def __init__(self, python: type) -> None:
        self.python = python
        self.name = python.__name__

    @property
    def layout(self) -> Layout:
        return layout_of(self.python)

    @property
    def fields(self) -> dict[str, tuple[Type, int]]:
        return layout_of(self.python).fields

    @property
    def text(self) -> str:  # type: ignore[override]
        return "{" + ", ".join(kind.text for kind, _ in self.fields.values()) + "}"

    @property
    def size(self) -> int:  # type: ignore[override]
        return layout_of(self.python).size

    @property
    def align(self) -> int:  # type: ignore[override]
        return layout_of(self.python).align


class FixedArray(Type):
    """``array[T, n]`` as a struct's field: ``n`` elements in place. Reading the field gives the address of the first."""

    def __init__(self, element: Type, count: int) -> None:
        self.element, self.count = element, count
        self.name = f"array[{element.name}, {count}]"
        self.text = f"[{count} x {element.text}]"
        self.size, self.align = stride_of(element) * count, storage_align(element)


class Tuple(Type):
    """Several results of one function."""

    align = 8

    def __init__(self, items: tuple[Type, ...]) -> None:
        self.items = items
        self.name = f"tuple[{', '.join(t.name for t in items)}]"
        self.size = 8 * len(items)

    @property
    def text(self) -> str:  # type: ignore[override]
        return "{" + ", ".join(part.text for item in self.items for part in flatten(item)) + "}"


class Layout:
    """Where the fields of a class lie: ``fields`` maps a name to its type and byte offset, ``positions`` to its number."""

    def __init__(self, fields: dict[str, tuple[Type, int]], size: int, align: int) -> None:
        self.fields, self.size, self.align = fields, size, align
        self.kinds = tuple(kind for kind, _ in fields.values())
        self.positions = {name: index for index, name in enumerate(fields)}
        self._scalars: list[Type] | None = None

    @property
    def scalars(self) -> list[Type]:
        """The fields, and those of the value classes among them, as they travel in registers."""
        if self._scalars is None:
            self._scalars = [part for kind in self.kinds for part in flatten(kind)]
        return self._scalars


def storage_size(kind: Type) -> int:
    """Bytes that one value of ``kind`` takes in memory."""
    return kind.size


def storage_align(kind: Type) -> int:
    return kind.align


def stride_of(kind: Type) -> int:
    """Bytes from one element of a ``ptr[kind]`` to the next. A ``ptr`` to a struct strides by the struct's own size."""
    if isinstance(kind, Reference):
        return layout_of(kind.python).size
    return kind.size


def flatten(kind: Type) -> list[Type]:
    """The scalars that a value of ``kind`` travels as, in order."""
    if isinstance(kind, Aggregate):
        return kind.layout.scalars
    if isinstance(kind, Tuple):
        return [part for item in kind.items for part in flatten(item)]
    if isinstance(kind, Void):
        return []
    return [kind]


def shape_text(kind: Type) -> str:
    """The LLVM type as which a function returns ``kind``: a value class or tuple is one flat row of scalars."""
    if isinstance(kind, Aggregate | Tuple):
        return "{" + ", ".join([part.text for part in flatten(kind)]) + "}"
    return kind.text


def same_type(a: Type, b: Type) -> bool:
    """Whether two types are one. Classes are told apart by identity: two modules may both have a ``Node``."""
    if a is b:
        return True
    if isinstance(a, Pointer) and isinstance(b, Pointer):
        return same_type(a.element, b.element)
    if isinstance(a, Reference | Aggregate) and isinstance(b, Reference | Aggregate):
        return a.python is b.python
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        return len(a.items) == len(b.items) and all(map(same_type, a.items, b.items))
    if isinstance(a, FixedArray) and isinstance(b, FixedArray):
        return a.count == b.count and same_type(a.element, b.element)
    return False


# ---------------------------------------------------------------- numbers

if TYPE_CHECKING:
    i8 = int
    i16 = int
    i32 = int
    i64 = int
    u8 = int
    u16 = int
    u32 = int
    u64 = int
    f64 = float
else:

    class _Fixed(int):
        """A number of fixed width whose ``+ - *`` raise when the result leaves the range."""

        bits: ClassVar[int]
        signed: ClassVar[bool]
        low: ClassVar[int]
        high: ClassVar[int]

        def __new__(cls, number=0):
            if type(number) is cls:
                return number
            number = int(number)
            if not cls.low <= number <= cls.high:
                raise NativeOverflow(f"{number} does not fit {cls.__name__}")
            return int.__new__(cls, number)

        @classmethod
        def wrap(cls, number):
            number = int(number) & ((1 << cls.bits) - 1)
            if number > cls.high:
                number -= 1 << cls.bits
            return int.__new__(cls, number)

        def _other(self, other):
            kind = type(other)
            if kind is type(self) or (isinstance(other, int) and kind is not bool and not isinstance(other, _Fixed)):
                return int(other)
            raise TypeError(f"{type(self).__name__} and {kind.__name__} do not mix")

        def __add__(self, other):
            return type(self)(int(self) + self._other(other))

        def __sub__(self, other):
            return type(self)(int(self) - self._other(other))

        def __mul__(self, other):
            return type(self)(int(self) * self._other(other))

        __radd__, __rmul__ = __add__, __mul__

        def __rsub__(self, other):
            return type(self)(self._other(other) - int(self))

        def __neg__(self):
            return type(self)(-int(self))

        def __and__(self, other):
            return self.wrap(int(self) & self._other(other))

        def __or__(self, other):
            return self.wrap(int(self) | self._other(other))

        def __xor__(self, other):
            return self.wrap(int(self) ^ self._other(other))

        __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

        def __invert__(self):
            return self.wrap(~int(self))

        def _shift(self, other):
            if not isinstance(other, int) or isinstance(other, bool):
                raise TypeError(f"a shift by {type(other).__name__}")
            amount = int(other)
            if not 0 <= amount < self.bits:
                raise NativeOverflow(f"shift of {self.bits} bits by {amount}")
            return amount

        def __lshift__(self, other):
            return self.wrap(int(self) << self._shift(other))

        def __rshift__(self, other):
            return self.wrap(int(self) >> self._shift(other))

        def __rlshift__(self, other):
            return type(self)(other) << self

        def __rrshift__(self, other):
            return type(self)(other) >> self

        def _no_division(self, other):
            raise TypeError("fixed-width integers have no / // %; use divide_truncated or remainder_truncated")

        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _no_division

    def _fixed(name, bits, signed):
        low = -(1 << (bits - 1)) if signed else 0
        high = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1
        return type(name, (_Fixed,), {"bits": bits, "signed": signed, "low": low, "high": high, "__slots__": ()})

    i8, i16, i32, i64 = (_fixed(f"i{bits}", bits, True) for bits in (8, 16, 32, 64))
    u8, u16, u32, u64 = (_fixed(f"u{bits}", bits, False) for bits in (8, 16, 32, 64))

    class f64(float):
        """An IEEE double: division by zero gives an infinity or NaN and raises nothing."""

        __slots__ = ()

        def __add__(self, other):
            return f64(float(self) + _plain_float(other))

        def __sub__(self, other):
            return f64(float(self) - _plain_float(other))

        def __mul__(self, other):
            return f64(float(self) * _plain_float(other))

        def __truediv__(self, other):
            return f64(_ieee_divide(float(self), _plain_float(other)))

        def __rsub__(self, other):
            return f64(_plain_float(other) - float(self))

        def __rtruediv__(self, other):
            return f64(_ieee_divide(_plain_float(other), float(self)))

        def __neg__(self):
            return f64(-float(self))

        __radd__, __rmul__ = __add__, __mul__

        def _no_division(self, other):
            raise TypeError("f64 has no // % **; use float_remainder")

        __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _no_division

    def _plain_float(number):
        if isinstance(number, bool | _Fixed) or not isinstance(number, int | float):
            raise TypeError(f"f64 and {type(number).__name__} do not mix")
        return float(number)

    def _ieee_divide(a, b):
        import math

        if b:
            return a / b
        if a == 0 or a != a or b != b:
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


I8, I16, I32, I64 = (Scalar(f"i{b}", b, True, t) for b, t in ((8, i8), (16, i16), (32, i32), (64, i64)))
U8, U16, U32, U64 = (Scalar(f"u{b}", b, False, t) for b, t in ((8, u8), (16, u16), (32, u32), (64, u64)))
F64 = Scalar("f64", 64, True, f64, is_float=True)
BOOL = Bool()
VOID = Void()

_SCALARS: dict[Any, Type] = {} if TYPE_CHECKING else {
    i8: I8, i16: I16, i32: I32, i64: I64, u8: U8, u16: U16, u32: U32, u64: U64, f64: F64,
    bool: BOOL, type(None): VOID, None: VOID,
}  # fmt: skip
FIXED: dict[type, Scalar] = {kind.python: kind for kind in (I8, I16, I32, I64, U8, U16, U32, U64)}  # classes of typed integers


# ---------------------------------------------------------------- pointers, structs, values

if TYPE_CHECKING:

    class ptr(Generic[T]):
        """The address of the first of some ``T`` in a row."""

        def __getitem__(self, index: int) -> T: ...
        def __setitem__(self, index: int, item: T) -> None: ...

    class array(Generic[T]):
        """``array[T, n]`` inside a struct; read as the address of its first element."""

        def __getitem__(self, index: int) -> T: ...
        def __setitem__(self, index: int, item: T) -> None: ...

    from collections.abc import Callable as _Callable

    fn = _Callable  # type: ignore[type-arg]
else:

    class ptr:
        """``ptr[T]`` as an annotation; an instance is a typed address used by unlowered code."""

        __slots__ = ("address", "element")
        _types: ClassVar[dict] = {}

        def __init__(self, address, element):
            self.address, self.element = int(address), element

        def __class_getitem__(cls, element):
            return _Annotation("ptr", (element,))

        def __getitem__(self, index):
            address = self.address + int(index) * stride_of(self.element)
            if isinstance(self.element, Reference):
                return self.element.python(address)
            return read_memory(self.element, address)

        def __setitem__(self, index, item):
            write_memory(self.element, self.address + int(index) * stride_of(self.element), item)

        def __eq__(self, other):  # 0 is null, as in lowered code
            if type(other) is int:
                return other == self.address == 0
            return isinstance(other, ptr) and other.address == self.address

        def __hash__(self):
            return hash(self.address)

        def __repr__(self):
            return f"<{self.element.name} at {self.address:#x}>"

    class array:
        def __class_getitem__(cls, item):
            return _Annotation("array", item)

    class fn:
        """``fn[[A, B], R]``: the address of native code with that signature."""

        def __class_getitem__(cls, item):
            return _Annotation("fn", item)


class _Annotation:
    """A parametrised annotation, kept until its parts can be resolved."""

    def __init__(self, kind: str, items: tuple[Any, ...]) -> None:
        self.kind, self.items = kind, items

    def __call__(self, *args: Any) -> Any:  # lets typing.get_type_hints accept it as a type
        raise TypeError("an annotation is not callable")


_pointers: dict[Type, Pointer] = {}


def pointer_type(element: Type) -> Pointer:
    """``ptr[element]``, one object per element."""
    found = _pointers.get(element)
    if found is None:
        found = _pointers[element] = Pointer(element)
    return found


def resolve_type(annotation: Any) -> Type:
    """The :class:`Type` that an annotation means. Raises ``TypeError`` for one that native code cannot hold."""
    if isinstance(annotation, Type):
        return annotation
    if not isinstance(annotation, _Annotation) and annotation in _SCALARS:
        return _SCALARS[annotation]
    if isinstance(annotation, _Annotation):
        if annotation.kind == "ptr":
            return pointer_type(resolve_type(annotation.items[0]))
        if annotation.kind == "array":
            element = resolve_type(annotation.items[0])
            return FixedArray(element, int(annotation.items[1]))
        if annotation.kind == "fn":
            return pointer_type(U8)
    if isinstance(annotation, type) and "__native__" in annotation.__dict__:  # of its own: a subclass needs its own decorator
        return annotation.__dict__["__native__"]  # type: ignore[no-any-return]
    if getattr(annotation, "__origin__", None) is tuple:
        return Tuple(tuple(resolve_type(item) for item in annotation.__args__))
    raise TypeError(f"{annotation.__name__ if isinstance(annotation, type) else annotation!r} is not a native type")


_layouts: dict[type, Layout] = {}


def layout_of(python: type) -> Layout:
    """The layout of a struct or value class: fields of its bases first, each at its natural alignment."""
    found = _layouts.get(python)
    if found is not None:
        return found
    fields: dict[str, tuple[Type, int]] = {}
    size, align = 0, 1
    scope: dict[str, Any] = {}  # hints of a class are looked up together with those of its bases
    for base in reversed(python.__mro__):
        if "__annotations__" not in base.__dict__ or not hasattr(base, "__native__"):
            continue
        scope |= vars(sys.modules[base.__module__])
        try:
            hints = get_type_hints(base, scope, getattr(base, "__local_names__", None))
        except NameError as problem:
            raise TypeError(f"a field of {base.__name__}: {problem}") from None
        for name in base.__dict__["__annotations__"]:
            if name.startswith("__"):
                continue
            kind = resolve_type(hints[name])
            step = storage_align(kind)
            size = (size + step - 1) // step * step
            fields[name] = (kind, size)
            size += storage_size(kind)
            align = max(align, step)
    found = Layout(fields, (size + align - 1) // align * align, align)
    _layouts[python] = found
    return found


class _Field:
    """Reads and writes one struct field in real memory, for unlowered code."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        kind, offset = layout_of(type(instance)).fields[self.name]
        return read_memory(kind, instance.address + offset)

    def __set__(self, instance: Any, item: Any) -> None:
        kind, offset = layout_of(type(instance)).fields[self.name]
        write_memory(kind, instance.address + offset, item)


def struct(python: C) -> C:
    """Makes a class of annotated fields a native struct. Fields of a base struct come first.

    In native code a name of the class holds the struct's address; assignment shares it. Under CPython an instance made by
    ``pointer(Class, address)`` reads and writes real memory.
    """
    for name in python.__dict__.get("__annotations__", {}):
        setattr(python, name, _Field(name))
    python.__native__ = Reference(python)  # type: ignore[attr-defined]

    def initialise(self: Any, address: int) -> None:
        self.address = int(address)

    def equal(self: Any, other: Any) -> bool:
        if type(other) is int:  # 0 is null, as in lowered code
            return bool(other == self.address == 0)
        return hasattr(other, "address") and bool(other.address == self.address)

    def describe(self: Any) -> str:
        return f"<{type(self).__name__} at {self.address:#x}>"

    def digest(self: Any) -> int:
        return hash(self.address)

    _give(python, __init__=initialise, __eq__=equal, __hash__=digest, __repr__=describe)
    return python


def _give(python: type, **methods: Any) -> None:
    """Puts methods on a class. By setattr: mypy rejects assigning to methods of a class it does not know."""
    for name, method in methods.items():
        setattr(python, name, method)


@dataclass_transform(frozen_default=True)
def value(python: C) -> C:
    """Makes a class of annotated scalar fields a native value: immutable, passed in registers, two or three words at most."""
    names = tuple(python.__dict__["__annotations__"])

    def initialise(self: Any, *items: Any, **named: Any) -> None:
        fields = layout_of(type(self)).fields
        if len(items) + len(named) != len(names) or any(name not in names[len(items):] for name in named):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(names)}")
        for name, item in zip(names, items, strict=False):
            object.__setattr__(self, name, convert(fields[name][0], item))
        for name, item in named.items():
            object.__setattr__(self, name, convert(fields[name][0], item))

    def refuse(self: Any, name: str, item: Any) -> None:
        raise AttributeError("a native value is immutable; make a new one")

    def parts(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in names)

    def equal(self: Any, other: Any) -> bool:
        return type(self) is type(other) and parts(self) == parts(other)

    def digest(self: Any) -> int:
        return hash(parts(self))

    def describe(self: Any) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, parts(self)))})"

    _give(python, __init__=initialise, __setattr__=refuse, __eq__=equal, __hash__=digest, __repr__=describe)
    python.__native__ = Aggregate(python)  # type: ignore[attr-defined]
    return python


# ---------------------------------------------------------------- memory, for unlowered code

_CTYPES: dict[str, Any] = {
    "i8": ctypes.c_int8, "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64, "u8": ctypes.c_uint8,
    "u16": ctypes.c_uint16, "u32": ctypes.c_uint32, "u64": ctypes.c_uint64, "f64": ctypes.c_double,
}  # fmt: skip


def _checked_address(kind: Type, address: int) -> int:
    if address < 4096:
        raise NativeFault(f"access to {kind.name} through null")
    if address % storage_align(kind):
        raise NativeFault(f"misaligned access to {kind.name} at {address:#x}")
    return address


def read_memory(kind: Type, address: int) -> Any:
    """The value of ``kind`` at ``address``. Raises :class:`NativeFault` for a null or misaligned one."""
    _checked_address(kind, address)
    if isinstance(kind, Scalar):
        return kind.python(_CTYPES[kind.name].from_address(address).value)
    if isinstance(kind, Bool):
        return bool(ctypes.c_uint8.from_address(address).value)
    if isinstance(kind, Pointer):
        return convert(kind, ctypes.c_uint64.from_address(address).value)
    if isinstance(kind, Reference):
        return kind.python(ctypes.c_uint64.from_address(address).value)
    if isinstance(kind, FixedArray):
        return make_pointer(kind.element, address)
    if isinstance(kind, Aggregate):
        return kind.python(*(read_memory(part, address + offset) for part, offset in kind.fields.values()))
    raise TypeError(f"cannot read {kind.name}")


def write_memory(kind: Type, address: int, item: Any) -> None:
    """Stores ``item`` as ``kind`` at ``address``."""
    _checked_address(kind, address)
    item = convert(kind, item)
    if isinstance(kind, Scalar):
        _CTYPES[kind.name].from_address(address).value = item
    elif isinstance(kind, Bool):
        ctypes.c_uint8.from_address(address).value = int(item)
    elif isinstance(kind, Pointer | Reference):
        ctypes.c_uint64.from_address(address).value = item.address
    elif isinstance(kind, Aggregate):
        for name, (part, offset) in kind.fields.items():
            write_memory(part, address + offset, getattr(item, name))
    else:
        raise TypeError(f"cannot write {kind.name}")


def make_pointer(element: Type, address: int) -> Any:
    """An unlowered ``ptr`` to ``element`` at ``address``."""
    return ptr(address, element)  # type: ignore[call-arg]


def convert(kind: Type, item: Any) -> Any:
    """``item`` as a value of ``kind``, as passing it to a parameter would. Raises ``TypeError`` where the types differ."""
    if isinstance(kind, Scalar):
        if kind.is_float:
            if isinstance(item, float) or type(item) is int:
                return kind.python(item)
        elif isinstance(item, kind.python):
            return item
        elif type(item) is int:
            return kind.python(item)
        raise TypeError(f"expected {kind.name}, got {type(item).__name__}")
    if isinstance(kind, Bool):
        if not isinstance(item, bool):
            raise TypeError(f"expected bool, got {type(item).__name__}")
        return item
    if isinstance(kind, Pointer):
        if type(item) is int:
            return make_pointer(kind.element, item)
        if hasattr(item, "element") and same_type(item.element, kind.element):
            return item
        raise TypeError(f"expected {kind.name}, got {item!r}")
    if isinstance(kind, Reference):
        if isinstance(item, kind.python):
            return item
        if type(item) is int and item == 0:
            return kind.python(0)
        raise TypeError(f"expected {kind.name}, got {item!r}")
    if isinstance(kind, Aggregate):
        if isinstance(item, kind.python):
            return item
        raise TypeError(f"expected {kind.name}, got {item!r}")
    if isinstance(kind, Tuple):
        if not isinstance(item, tuple) or len(item) != len(kind.items):
            raise TypeError(f"expected {kind.name}, got {item!r}")
        return tuple(convert(part, entry) for part, entry in zip(kind.items, item, strict=True))
    if isinstance(kind, Void):
        return None
    raise TypeError(f"cannot hold {kind.name}")


