"""Ruff's values as the machine sees them: the context, the value model, the kinds of operands its operations use.

What must hold: a value whose tag is negative exists only as the answer of a native function that failed; the context then
holds the error (``error_kind`` with up to two values, or a host exception).
"""

from __future__ import annotations

from typing import Annotated, Final

from pagoda.machine.context import Code, Context
from pagoda.machine.operands import SEVERAL, Cache, ConstantWord, Count, Immediate, Operand, Place, State, Target, Wide, Window
from pagoda.native import array, cold, f64, i64, inline, ptr, struct
from pagoda.native.intrinsics import address, float_from_bits, offset, pointer
from pagoda.runtime.heap import Heap
from pagoda.runtime.pairs import CLOSURE, COUNTED, INT, NULL, Object, Value
from pagoda.runtime.references import release as release_in
from pagoda.runtime.references import retain as retain_value

FAILED: Final = -1  # the tag of a failed answer

# Why a program failed (RuffContext.error_kind). The host turns a kind and two values into the message.
NO_ERROR: Final = 0
HOST: Final = 1  # the host holds the exception
UNDEFINED: Final = 2  # a: the global's number
ARITY: Final = 3  # a: address of the code, b: arguments given
DEPTH: Final = 4  # a: address of the code
STOPPED: Final = 5  # a limit; see Context.stop
THROWN: Final = 6  # a: the thrown value
MESSAGE: Final = 7  # a: a string, the message
NESTING: Final = 8  # a value is nested too deeply to leave the machine
GENERATOR_RUNS: Final = 9  # a generator was asked for its next value while it runs


@struct
class RuffContext(Context):
    """The state of one running Ruff program."""

    result: Value
    heap: Heap
    globals: ptr[Value]
    outer: i64  # of the innermost native entry that was made by running code: the address of its record; see bridge.enter_above
    error_kind: i64
    error_a: Value
    error_b: Value
    host: Object  # the Python callable that native code asks for everything it cannot do
    pack: Object  # the Python callable that makes structs, tags and functions of Python from their parts
    unpack: Object  # the Python callable that takes them apart
    run_entry: i64  # the address of the interpreter's entry
    resume_entry: i64  # the address of its entry in the middle of a function
    failed_answer: i64  # the address of the object by which the host says that it failed
    end_answer: i64  # the address of the object that stands for the end of an iteration
    natives: ptr[i64]  # for each builtin the address of its native body, or 0
    none: i64
    true: i64
    false: i64
    types: ptr[i64]  # addresses of the Python types that values travel as; see bridge.py
    names: ptr[i64]  # for each symbol the address of its str
    overloads: i64  # whether the program defines a method of an operator's name
    push_number: i64
    crossed: i64  # containers that have gone to Python
    asked: i64  # the number of the builtin whose native body runs
    methods: ptr[i64]  # rows of (type's symbol, method's symbol, tag, payload), hashed
    method_mask: i64
    method_epoch: i64  # counts, in steps of METHOD_STEP, how often the rows changed
    ask_a: array[Value, 12]  # type: ignore[type-arg,valid-type]  # what the host is asked about


@inline
def retain(v: Value) -> None:
    retain_value(v)


@inline
def release(ctx: RuffContext, v: Value) -> None:
    release_in(ctx.heap, v)


@inline
def release_lightly(v: Value) -> bool:
    """Gives back a reference to a function if that destroys nothing; else answers False and leaves it."""
    if v.tag < COUNTED:
        return True
    item = pointer(Object, v.payload)
    if v.tag == CLOSURE and item.refcount > 1:
        item.refcount -= 1
        return True
    return False


@inline
def from_immediate(number: i64) -> Value:
    return Value(INT, number)


@inline
def empty() -> Value:
    return Value(NULL, 0)


@inline
def failed(v: Value) -> bool:
    return v.tag < 0


@inline
def failure() -> Value:
    """The answer of a native function that failed."""
    return Value(FAILED, 0)


@inline
def locate_global(ctx: RuffContext, registers: ptr[Value], number: i64) -> ptr[Value]:
    return offset(ctx.globals, number << 4)


@inline
def locate_capture(ctx: RuffContext, registers: ptr[Value], number: i64) -> ptr[Value]:
    """The closure that runs is the callee of the frame's header."""
    closure = pointer(ptr[Value], registers[-2].payload)
    return offset(closure, (number << 4) + CLOSURE_HEADER)


CLOSURE_HEADER: Final = 48


@cold
def raise_error(ctx: RuffContext, kind: i64, a: Value, b: Value) -> Value:
    """Notes an error with two values, which are borrowed; answers failure."""
    retain_value(a)
    retain_value(b)
    release_in(ctx.heap, ctx.error_a)
    release_in(ctx.heap, ctx.error_b)
    ctx.error_kind = kind
    ctx.error_a = a
    ctx.error_b = b
    return failure()


@cold
def out_of_memory(ctx: RuffContext) -> Value:
    """Stops the program because its memory is used up, unless it is to stop anyway; answers failure."""
    if ctx.stop == 0:
        ctx.stop = 4
    ctx.error_kind = STOPPED
    return failure()


@cold
def overflow(ctx: RuffContext, code: Code) -> None:
    """The register stack is full."""
    raise_error(ctx, DEPTH, Value(INT, address(code)), Value(NULL, 0))


@inline
def number_of(v: Value) -> f64:
    """The number in an INT or FLOAT, as f64."""
    if v.tag == INT:
        return f64(v.payload)
    return float_from_bits(v.payload)


# ---------------------------------------------------------------- operands

Read = Annotated[Value, Operand("RTKI")]
Left = Annotated[Value, Operand("RTK")]
Reg = Annotated[Value, Operand("RT")]
Owned = Annotated[Value, Operand("RTKI", owned=True)]
OwnedReg = Annotated[Value, Operand("RT", owned=True)]
Container = Annotated[Value, Operand("RTG")]
Where = Annotated[Value, Operand("RGC")]
Kept = Annotated[Value, Operand("R")]
Key = Annotated[Value, Operand("RKI")]
Slot = Annotated[ptr[Value], Place("RGC")]
Replaced = Annotated[ptr[Value], Place("RGC", replaced=True)]
Global = Annotated[ptr[Value], Place("G")]
Captured = Annotated[ptr[Value], Place("C")]
Ctx = Annotated[RuffContext, State("context")]
Registers = Annotated[ptr[Value], State("registers")]
Args = Annotated[ptr[Value], Window()]
ArgCount = Annotated[i64, Count()]
To = Annotated[i64, Target()]
Far = Annotated[i64, Target(wide=True)]
Number = Annotated[i64, Immediate()]
Index = Annotated[i64, Wide()]
Word = Annotated[ptr[i64], Cache()]
Sum = Annotated[ptr[i64], Cache(unnoted=INT)]
CodeWord = Annotated[i64, ConstantWord()]


@inline
def note_callee(callee: ptr[i64], code: i64) -> None:
    """Feedback: the code that a call enters, or ``SEVERAL``."""
    if (callee[0] & SEVERAL) == 0 and callee[0] != code:
        callee[0] = code if callee[0] == 0 else SEVERAL


@inline
def note_tag(seen: ptr[i64], tag: i64) -> None:
    """Feedback: adds the kind of a result to those seen here, one bit per tag. A store only the first time for each kind."""
    bit: i64 = 1 << (tag & 31)
    if (seen[0] & bit) == 0:
        seen[0] = seen[0] | bit
