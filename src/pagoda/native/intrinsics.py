"""The named operations of typed Python: each has a Python meaning, for unlowered code, and an LLVM lowering, side by side.

Mypy sees the Python function's signature. A lowering gets the state of lowering (``b``) and the abstract arguments.
"""

from __future__ import annotations

import ctypes
import math
import struct as packing
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from pagoda.native import types
from pagoda.native.functions import NativeFunction
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Intrinsic(Generic[P, R]):
    """A named operation: called, it runs its Python meaning; ``lower`` writes its LLVM text.

    One that ``folds`` only computes: of constants, its Python meaning is taken at compile time. ``matches_widths``: its
    arguments are of one type.
    """

    def __init__(
        self, python: Callable[P, R], lower: Callable[[Any, list[Abstract]], Abstract], folds: bool = False,
        matches_widths: bool = False,
    ) -> None:  # fmt: skip
        self.python, self.lower, self.folds, self.matches_widths = python, lower, folds, matches_widths
        self.name = self.__name__ = python.__name__
        self.__doc__ = python.__doc__
        code: Any = getattr(python, "__code__")  # noqa: B009  # mypy knows no __code__ of a callable
        self.parameters: list[str] = list(code.co_varnames[: code.co_argcount])
        self.starred = bool(code.co_flags & 4)

    def takes(self, count: int) -> bool:
        """Whether it can be called with ``count`` arguments."""
        return count == len(self.parameters) or (self.starred and count > len(self.parameters))

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.python(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<intrinsic {self.name}>"


def intrinsic(
    lower: Callable[[Any, list[Abstract]], Abstract], folds: bool = False, matches_widths: bool = False
) -> Callable[[Callable[P, R]], Intrinsic[P, R]]:
    """Makes a Python function an intrinsic that is lowered by ``lower``."""
    return lambda python: Intrinsic(python, lower, folds, matches_widths)


def _integer(value: Abstract) -> types.Scalar:
    kind = type_of(value)
    if not isinstance(kind, types.Scalar) or kind.is_float:
        raise TypeError(f"expected an integer, got {kind.name}")
    return kind


def _pair(b: Any, args: list[Abstract]) -> tuple[types.Scalar, str, str]:
    kind = _integer(next((a for a in args if isinstance(a, Word)), args[0]))
    return kind, b.operand(args[0], kind), b.operand(args[1], kind)


def _pointer(b: Any, value: Abstract) -> str:
    kind = type_of(value)
    if not isinstance(kind, types.Pointer | types.Reference):
        raise TypeError(f"expected a pointer, got {kind.name}")
    return b.operand(value, kind)  # type: ignore[no-any-return]


def _python_type(*numbers: Any) -> Any:
    return next((type(n) for n in numbers if type(n) is not int), types.I64.python)


# ---------------------------------------------------------------- arithmetic


def _lower_checked(name: str) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        kind, x, y = _pair(b, args)
        result, overflow = b.overflowing(name, kind, x, y)
        return Parts(types.Tuple((kind, types.BOOL)), (Word(kind, result), Word(types.BOOL, overflow)))

    return lower


def _checked(exact: int, kind: Any) -> tuple[int, bool]:
    return kind.wrap(exact), not kind.low <= exact <= kind.high


@intrinsic(_lower_checked("add"), folds=True, matches_widths=True)
def checked_add(a: int, b: int) -> tuple[int, bool]:
    """The wrapped sum, and whether the exact one does not fit."""
    return _checked(int(a) + int(b), _python_type(a, b))


@intrinsic(_lower_checked("sub"), folds=True, matches_widths=True)
def checked_sub(a: int, b: int) -> tuple[int, bool]:
    """The wrapped difference, and whether the exact one does not fit."""
    return _checked(int(a) - int(b), _python_type(a, b))


@intrinsic(_lower_checked("mul"), folds=True, matches_widths=True)
def checked_mul(a: int, b: int) -> tuple[int, bool]:
    """The wrapped product, and whether the exact one does not fit."""
    return _checked(int(a) * int(b), _python_type(a, b))


def _lower_plain(instruction: str) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        kind, x, y = _pair(b, args)
        return Word(kind, b.out.emit(f"{instruction} {kind.text} {x}, {y}"))

    return lower


@intrinsic(_lower_plain("add"), folds=True, matches_widths=True)
def wrapping_add(a: int, b: int) -> int:
    """The sum modulo 2 to the width."""
    return _python_type(a, b).wrap(int(a) + int(b))  # type: ignore[no-any-return]


@intrinsic(_lower_plain("sub"), folds=True, matches_widths=True)
def wrapping_sub(a: int, b: int) -> int:
    """The difference modulo 2 to the width."""
    return _python_type(a, b).wrap(int(a) - int(b))  # type: ignore[no-any-return]


@intrinsic(_lower_plain("mul"), folds=True, matches_widths=True)
def wrapping_mul(a: int, b: int) -> int:
    """The product modulo 2 to the width."""
    return _python_type(a, b).wrap(int(a) * int(b))  # type: ignore[no-any-return]


def _lower_division(signed: str, unsigned: str) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        kind, x, y = _pair(b, args)
        if b.unit.checked:
            b.trap_if(b.out.emit(f"icmp eq {kind.text} {y}, 0"))
            if kind.signed:
                least = b.out.emit(f"icmp eq {kind.text} {x}, {-1 << (kind.bits - 1)}")
                minus = b.out.emit(f"icmp eq {kind.text} {y}, -1")
                b.trap_if(b.out.emit(f"and i1 {least}, {minus}"))
        return Word(kind, b.out.emit(f"{signed if kind.signed else unsigned} {kind.text} {x}, {y}"))

    return lower


@intrinsic(_lower_division("sdiv", "udiv"), folds=True, matches_widths=True)
def divide_truncated(a: int, b: int) -> int:
    """The quotient toward zero. ``b`` must not be 0, nor the quotient leave the range."""
    kind = _python_type(a, b)
    if int(b) == 0:
        raise types.NativeOverflow("division by zero")
    quotient = abs(int(a)) // abs(int(b))
    return kind(quotient if (int(a) < 0) == (int(b) < 0) else -quotient)  # type: ignore[no-any-return]


@intrinsic(_lower_division("srem", "urem"), folds=True, matches_widths=True)
def remainder_truncated(a: int, b: int) -> int:
    """The remainder with the sign of ``a``. ``b`` must not be 0, nor ``a`` the least number where ``b`` is -1."""
    kind = _python_type(a, b)
    if int(b) == 0:
        raise types.NativeOverflow("division by zero")
    if int(b) == -1 and int(a) == kind.low:
        raise types.NativeOverflow("remainder of the least number by -1")
    remainder = abs(int(a)) % abs(int(b))
    return kind(-remainder if int(a) < 0 else remainder)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- bits


def _lower_reinterpret(target: types.Scalar) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        kind = _integer(args[0])
        text = b.operand(args[0], kind)
        if kind.bits > target.bits:
            text = b.out.emit(f"trunc {kind.text} {text} to {target.text}")
        elif kind.bits < target.bits:
            text = b.out.emit(f"{'sext' if kind.signed else 'zext'} {kind.text} {text} to {target.text}")
        return Word(target, text)

    return lower


def _reinterpret(target: types.Scalar, number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"expected an integer, got {type(number).__name__}")
    return target.python.wrap(number)  # type: ignore[attr-defined,no-any-return]


@intrinsic(_lower_reinterpret(types.I64), folds=True)
def wrap_i64(number: int) -> int:
    """The number modulo 2**64, as i64."""
    return _reinterpret(types.I64, number)


@intrinsic(_lower_reinterpret(types.U64), folds=True)
def wrap_u64(number: int) -> int:
    """The number modulo 2**64, as u64."""
    return _reinterpret(types.U64, number)


@intrinsic(_lower_reinterpret(types.I32), folds=True)
def wrap_i32(number: int) -> int:
    """The low 32 bits, as i32."""
    return _reinterpret(types.I32, number)


@intrinsic(_lower_reinterpret(types.U32), folds=True)
def wrap_u32(number: int) -> int:
    """The low 32 bits, as u32."""
    return _reinterpret(types.U32, number)


@intrinsic(_lower_reinterpret(types.I16), folds=True)
def wrap_i16(number: int) -> int:
    """The low 16 bits, as i16."""
    return _reinterpret(types.I16, number)


@intrinsic(_lower_reinterpret(types.I8), folds=True)
def wrap_i8(number: int) -> int:
    """The low 8 bits, as i8."""
    return _reinterpret(types.I8, number)


@intrinsic(_lower_reinterpret(types.U16), folds=True)
def wrap_u16(number: int) -> int:
    """The low 16 bits, as u16."""
    return _reinterpret(types.U16, number)


@intrinsic(_lower_reinterpret(types.U8), folds=True)
def wrap_u8(number: int) -> int:
    """The low 8 bits, as u8."""
    return _reinterpret(types.U8, number)


def _lower_bits(name: str, extra: str = "") -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        kind = _integer(args[0])
        full = f"llvm.{name}.{kind.text}"
        b.unit.declare(full, f"declare {kind.text} @{full}({kind.text}{', i1' if extra else ''})")
        return Word(kind, b.out.emit(f"call {kind.text} @{full}({kind.text} {b.operand(args[0], kind)}{extra})"))

    return lower


def _unsigned(number: int) -> tuple[Any, int]:
    kind = _python_type(number)
    return kind, int(number) & ((1 << kind.bits) - 1)


@intrinsic(_lower_bits("ctlz", ", i1 false"), folds=True)
def leading_zeros(number: int) -> int:
    """How many zero bits stand before the first one; the width for 0."""
    kind, bits = _unsigned(number)
    return kind(kind.bits - bits.bit_length())  # type: ignore[no-any-return]


@intrinsic(_lower_bits("cttz", ", i1 false"), folds=True)
def trailing_zeros(number: int) -> int:
    """How many zero bits stand after the last one; the width for 0."""
    kind, bits = _unsigned(number)
    return kind((bits & -bits).bit_length() - 1 if bits else kind.bits)  # type: ignore[no-any-return]


@intrinsic(_lower_bits("ctpop"), folds=True)
def count_ones(number: int) -> int:
    """How many bits are one."""
    kind, bits = _unsigned(number)
    return kind(bits.bit_count())  # type: ignore[no-any-return]


# ---------------------------------------------------------------- floats


def _lower_float(name: str, arity: int = 1) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        full = f"llvm.{name}.f64"
        b.unit.declare(full, f"declare double @{full}({', '.join(['double'] * arity)})")
        listed = ", ".join(f"double {b.operand(a, types.F64)}" for a in args)
        return Word(types.F64, b.out.emit(f"call double @{full}({listed})"))

    return lower


def _f64(number: float) -> float:
    return types.F64.python(number)  # type: ignore[no-any-return]


def _integral(function: Callable[[float], Any], x: float) -> float:
    if math.isnan(x) or math.isinf(x):
        return _f64(x)
    return _f64(math.copysign(float(function(x)), x))


@intrinsic(_lower_float("sqrt"), folds=True)
def square_root(x: float) -> float:
    """The square root; NaN for a negative number."""
    return _f64(math.sqrt(x) if x >= 0 else math.copysign(math.nan, x) if x < 0 else x)


@intrinsic(_lower_float("floor"), folds=True)
def floor(x: float) -> float:
    """The greatest integral number not above ``x``, as f64."""
    return _integral(math.floor, x)


@intrinsic(_lower_float("ceil"), folds=True)
def ceil(x: float) -> float:
    """The least integral number not below ``x``, as f64."""
    return _integral(math.ceil, x)


@intrinsic(_lower_float("trunc"), folds=True)
def truncate(x: float) -> float:
    """The integral part, as f64."""
    return _integral(math.trunc, x)


@intrinsic(_lower_float("round"), folds=True)
def round_half_away(x: float) -> float:
    """The nearest integral number, halves away from zero."""

    def nearest(number: float) -> int:
        whole = math.trunc(number)
        return whole + (1 if number > 0 else -1) if abs(number - whole) >= 0.5 else whole

    return _integral(nearest, x)


@intrinsic(_lower_float("fabs"), folds=True)
def absolute(x: float) -> float:
    """The number without its sign."""
    return _f64(abs(x))


@intrinsic(_lower_float("copysign", 2), folds=True)
def copy_sign(x: float, sign: float) -> float:
    """``x`` with the sign of ``sign``."""
    return _f64(math.copysign(x, sign))


def _lower_remainder(b: Any, args: list[Abstract]) -> Abstract:
    b.unit.declare("fmod", "declare double @fmod(double, double)")
    listed = ", ".join(f"double {b.operand(a, types.F64)}" for a in args)
    return Word(types.F64, b.out.emit(f"call double @fmod({listed})"))


@intrinsic(_lower_remainder, folds=True)
def float_remainder(x: float, y: float) -> float:
    """The remainder of x / y with the sign of x, as C's fmod; NaN where it has none."""
    if math.isinf(x) or y == 0 or math.isnan(x) or math.isnan(y):
        return _f64(math.nan)
    return _f64(math.fmod(x, y))


def _lower_float_bits(b: Any, args: list[Abstract]) -> Abstract:
    return Word(types.I64, b.out.emit(f"bitcast double {b.operand(args[0], types.F64)} to i64"))


@intrinsic(_lower_float_bits, folds=True)
def float_bits(x: float) -> int:
    """The 64 bits of a float, as i64."""
    return types.I64.python(packing.unpack("<q", packing.pack("<d", x))[0])  # type: ignore[no-any-return]


def _lower_float_from_bits(b: Any, args: list[Abstract]) -> Abstract:
    return Word(types.F64, b.out.emit(f"bitcast i64 {b.operand(args[0], types.I64)} to double"))


@intrinsic(_lower_float_from_bits, folds=True)
def float_from_bits(bits: int) -> float:
    """The float that 64 bits spell."""
    return _f64(packing.unpack("<d", packing.pack("<q", int(bits)))[0])


def _lower_i64_of_float(b: Any, args: list[Abstract]) -> Abstract:
    b.unit.declare("llvm.fptosi.sat.i64.f64", "declare i64 @llvm.fptosi.sat.i64.f64(double)")
    return Word(types.I64, b.out.emit(f"call i64 @llvm.fptosi.sat.i64.f64(double {b.operand(args[0], types.F64)})"))


@intrinsic(_lower_i64_of_float, folds=True)
def i64_of_float(x: float) -> int:
    """The float without its fraction, held to the range of i64; 0 for NaN."""
    if math.isnan(x):
        return types.I64.python(0)  # type: ignore[no-any-return]
    kind: Any = types.I64.python
    if math.isinf(x):
        return kind(kind.high if x > 0 else kind.low)  # type: ignore[no-any-return]
    return kind(min(max(math.trunc(x), kind.low), kind.high))  # type: ignore[no-any-return]


# ---------------------------------------------------------------- pointers and memory


def _lower_address(b: Any, args: list[Abstract]) -> Abstract:
    return Word(types.I64, b.out.emit(f"ptrtoint ptr {_pointer(b, args[0])} to i64"))


@intrinsic(_lower_address)
def address(pointer: Any) -> int:
    """The address that a pointer or struct name holds."""
    return types.I64.python(pointer.address)  # type: ignore[no-any-return]


def _target(value: Abstract) -> types.Type:
    if not isinstance(value, Known):
        raise TypeError("a type is known at compile time")
    kind = types.resolve_type(value.value)
    if not isinstance(kind, types.Pointer | types.Reference):
        raise TypeError(f"{kind.name} is no pointer type")
    return kind


def _lower_pointer(b: Any, args: list[Abstract]) -> Abstract:
    kind = _target(args[0])
    return Word(kind, b.out.emit(f"inttoptr i64 {b.operand(args[1], types.I64)} to ptr"))


@intrinsic(_lower_pointer)
def pointer(kind: type[T], address: int) -> T:
    """The address as a pointer or struct name of ``kind``."""
    resolved = types.resolve_type(kind)
    if isinstance(resolved, types.Reference):
        return resolved.python(address)  # type: ignore[no-any-return]
    return types.convert(resolved, int(address))  # type: ignore[no-any-return]


def _lower_cast(b: Any, args: list[Abstract]) -> Abstract:
    kind = _target(args[0])
    if isinstance(type_of(args[1]), types.Scalar):
        raise TypeError("a number is no pointer; use pointer()")
    return Word(kind, _pointer(b, args[1]))


@intrinsic(_lower_cast)
def cast(kind: type[T], pointer_: Any) -> T:
    """The same address as another pointer type."""
    return pointer(kind, pointer_.address)


def _lower_offset(b: Any, args: list[Abstract]) -> Abstract:
    base, count = _pointer(b, args[0]), b.operand(args[1], types.I64)
    return Word(type_of(args[0]), b.out.emit(f"getelementptr inbounds i8, ptr {base}, i64 {count}"))


@intrinsic(_lower_offset)
def offset(pointer_: T, count: int) -> T:
    """The pointer, ``count`` bytes further."""
    moved: Any = pointer_
    if isinstance(moved, types.ptr):
        return types.make_pointer(moved.element, moved.address + int(count))  # type: ignore[attr-defined,no-any-return]
    return type(moved)(moved.address + int(count))  # type: ignore[no-any-return]


def _lower_null(b: Any, args: list[Abstract]) -> Abstract:
    return Word(_target(args[0]), "null")


@intrinsic(_lower_null)
def null(kind: type[T]) -> T:
    """No address, of a pointer type."""
    return pointer(kind, 0)


def _lower_is_null(b: Any, args: list[Abstract]) -> Abstract:
    return Word(types.BOOL, b.out.emit(f"icmp eq ptr {_pointer(b, args[0])}, null"))


@intrinsic(_lower_is_null)
def is_null(pointer_: Any) -> bool:
    """Whether a pointer or struct name holds no address."""
    return bool(pointer_.address == 0)


def _known_size(value: Abstract) -> int:
    if not isinstance(value, Known):
        raise TypeError("a type is known at compile time")
    kind = types.resolve_type(value.value)
    return types.stride_of(kind)


def _lower_sizeof(b: Any, args: list[Abstract]) -> Abstract:
    return Known(_known_size(args[0]))


@intrinsic(_lower_sizeof)
def sizeof(kind: Any) -> int:
    """Bytes of one value of a type in memory; of a struct, of the struct itself."""
    return types.I64.python(types.stride_of(types.resolve_type(kind)))  # type: ignore[no-any-return]


def _lower_field_pointer(b: Any, args: list[Abstract]) -> Abstract:
    name = args[1]
    if not isinstance(name, Known) or not isinstance(name.value, str):
        raise TypeError("a field's name is a constant")
    field, where = b.field_address(args[0], name.value)
    if isinstance(field, types.FixedArray):
        field = field.element
    return Word(types.pointer_type(field), where)


@intrinsic(_lower_field_pointer)
def field_pointer(owner: Any, name: str) -> Any:
    """The address of a struct's field, as a pointer to its type."""
    field, at = types.layout_of(type(owner)).fields[name]
    if isinstance(field, types.FixedArray):
        field = field.element
    return types.make_pointer(field, owner.address + at)


def _lower_move(name: str) -> Callable[[Any, list[Abstract]], Abstract]:
    def lower(b: Any, args: list[Abstract]) -> Abstract:
        full = f"llvm.{name}.p0.p0.i64"
        b.unit.declare(full, f"declare void @{full}(ptr, ptr, i64, i1)")
        to, source = _pointer(b, args[0]), _pointer(b, args[1])
        b.out.do(f"call void @{full}(ptr {to}, ptr {source}, i64 {b.operand(args[2], types.I64)}, i1 false)")
        return Known(None)

    return lower


@intrinsic(_lower_move("memcpy"))
def copy_memory(to: Any, source: Any, count: int) -> None:
    """Copies ``count`` bytes between places that do not overlap."""
    if count:
        ctypes.memmove(to.address, source.address, int(count))


@intrinsic(_lower_move("memmove"))
def move_memory(to: Any, source: Any, count: int) -> None:
    """Copies ``count`` bytes between places that may overlap."""
    if count:
        ctypes.memmove(to.address, source.address, int(count))


def _lower_fill(b: Any, args: list[Abstract]) -> Abstract:
    b.unit.declare("llvm.memset.p0.i64", "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)")
    to = _pointer(b, args[0])
    byte, count = b.operand(args[1], types.U8), b.operand(args[2], types.I64)
    b.out.do(f"call void @llvm.memset.p0.i64(ptr {to}, i8 {byte}, i64 {count}, i1 false)")
    return Known(None)


@intrinsic(_lower_fill)
def fill_memory(to: Any, byte: int, count: int) -> None:
    """Sets ``count`` bytes to ``byte``."""
    if count:
        ctypes.memset(to.address, int(byte), int(count))


def _lower_big_endian(b: Any, args: list[Abstract]) -> Abstract:
    where = _pointer(b, args[0])
    b.check_address(where, 1)
    b.unit.declare("llvm.bswap.i64", "declare i64 @llvm.bswap.i64(i64)")
    word = b.out.emit(f"load i64, ptr {where}, align 1")
    return Word(types.U64, b.out.emit(f"call i64 @llvm.bswap.i64(i64 {word})"))


@intrinsic(_lower_big_endian)
def big_endian(place: types.ptr[int]) -> int:
    """The 64 bits at a place of any alignment, the first byte highest, as u64."""
    somewhere: Any = place
    types.read_memory(types.U8, somewhere.address)  # faults where nothing can be
    return types.U64.python(int.from_bytes(ctypes.string_at(somewhere.address, 8), "big"))  # type: ignore[no-any-return]


def _lower_volatile(b: Any, args: list[Abstract]) -> Abstract:
    kind, where = b.element_address(args[0], Known(0))
    return b.load(kind, where, "volatile ")  # type: ignore[no-any-return]


@intrinsic(_lower_volatile)
def volatile_load(place: types.ptr[T]) -> T:
    """What another thread may have stored at ``place`` since we last looked."""
    somewhere: Any = place
    return types.read_memory(somewhere.element, somewhere.address)  # type: ignore[no-any-return]


def _lower_atomic_store(b: Any, args: list[Abstract]) -> Abstract:
    kind, where = b.element_address(args[0], Known(0))
    if len(types.flatten(kind)) != 1 or isinstance(kind, types.FixedArray):
        raise TypeError(f"{kind.name} is not stored at once")
    text, item = kind.text, b.operand(args[1], kind)
    b.check_address(where, kind.align)
    if isinstance(kind, types.Bool):
        text, item = "i8", b.out.emit(f"zext i1 {item} to i8")
    b.out.do(f"store atomic {text} {item}, ptr {where} release, align {kind.align}")
    return Known(None)


@intrinsic(_lower_atomic_store)
def atomic_store(place: types.ptr[T], item: T) -> None:
    """Stores ``item`` where another thread reads it."""
    place[0] = item


def _lower_bytes(b: Any, args: list[Abstract]) -> Abstract:
    data = args[0]
    if not isinstance(data, Known) or not isinstance(data.value, bytes):
        raise TypeError("literal() takes constant bytes")
    return Word(types.pointer_type(types.U8), b.unit.bytes_constant(data.value))


_literals: dict[bytes, Any] = {}


@intrinsic(_lower_bytes)
def literal(data: bytes) -> types.ptr[int]:
    """The address of constant bytes, followed by a zero."""
    kept = _literals.setdefault(data, ctypes.create_string_buffer(data))
    return types.make_pointer(types.U8, ctypes.addressof(kept))  # type: ignore[no-any-return]


# ---------------------------------------------------------------- control


def _lower_same(b: Any, args: list[Abstract]) -> Abstract:
    return args[0]


@intrinsic(_lower_same)
def likely(condition: bool) -> bool:
    """The condition; tells the compiler that it mostly holds. Write it around the whole test of an ``if``."""
    return condition


@intrinsic(_lower_same)
def unlikely(condition: bool) -> bool:
    """The condition; tells the compiler that it seldom holds. Write it around the whole test of an ``if``."""
    return condition


class NativeTrap(RuntimeError):
    """``trap()`` was reached in unlowered code."""


def _lower_trap(b: Any, args: list[Abstract]) -> Abstract:
    b.trap()
    return Known(None)


@intrinsic(_lower_trap)
def trap() -> None:
    """Stops the process: for a state that an invariant excludes."""
    raise NativeTrap


def _lower_function_address(b: Any, args: list[Abstract]) -> Abstract:
    if not isinstance(args[0], Known) or not isinstance(args[0].value, NativeFunction):
        raise TypeError("function_address() takes a native function")
    return Word(types.I64, b.out.emit(f"ptrtoint ptr {b.unit.reference(args[0].value)} to i64"))


@intrinsic(_lower_function_address)
def function_address(function: Any) -> int:
    """The address of a native function's machine code. Only lowered code has one."""
    raise TypeError(f"{function!r} has no address in unlowered code")


def _lower_call_address(b: Any, args: list[Abstract]) -> Abstract:
    if not isinstance(args[0], Known):
        raise TypeError("a type is known at compile time")
    result = types.resolve_type(args[0].value)
    target = b.out.emit(f"inttoptr i64 {b.operand(args[1], types.I64)} to ptr")
    passed = [part for a in args[2:] for part in b.scalars(a, type_of(a))]
    listed = ", ".join(f"{t} {x}" for t, x in passed)
    if isinstance(result, types.Void):
        b.out.do(f"call void {target}({listed})")
        return Known(None)
    shape = b.return_shape(result)
    return b.unpack(result, b.out.emit(f"call {shape} {target}({listed})"))  # type: ignore[no-any-return]


@intrinsic(_lower_call_address)
def call_address(result: type[T], target: int, *args: Any) -> T:
    """Calls native code at an address; the arguments' types are their own, the result's is given."""
    raise TypeError("unlowered code cannot call an address")
