"""Kinds of operands, as annotations of an operation's parameters.

A parameter that is a *value* says with letters how it may be given; every combination of letters is one variant of the
operation, with a handler of its own, made from the one body::

    R  a register, borrowed: the register keeps its reference
    T  a register, taken: its last use; the register is dead afterwards
    K  a constant of the function
    I  a small integer in the instruction itself (16 bits, signed)

A language may add letters for *places* (a global, a captured cell); see :class:`~pagoda.machine.values.ValueModel`.
"""

from __future__ import annotations

from pagoda.records import Record


class Operand(Record, frozen=True):
    """A value operand. ``owned``: the body receives a reference of its own and passes it on; else it borrows."""

    modes: str
    owned: bool = False


class Place(Record, frozen=True):
    """The address of a slot that the body reads and changes: a register (``R``) or one of the language's places.

    ``replaced``: of what it held the body only gives the reference back.
    """

    modes: str
    replaced: bool = False


class Immediate(Record, frozen=True):
    """A signed 16-bit number."""


class Wide(Record, frozen=True):
    """A signed 32-bit number, for indexes that may outgrow 16 bits. Takes a field of a following word."""


class ConstantWord(Record, frozen=True):
    """The payload word of a constant: the address of something made when the function was loaded."""


class Target(Record, frozen=True):
    """Where a branch goes: a signed count of words from the instruction's own first word, in 16 bits, or 32 if ``wide``."""

    wide: bool = False


class Window(Record, frozen=True):
    """The address of the first of a row of registers that a call or a literal uses; their values are taken."""


class Count(Record, frozen=True):
    """How many registers of the window are used."""


class Cache(Record, frozen=True):
    """The address of a word of the instruction's own, zero at first: feedback or an inline cache.

    ``unnoted``: for feedback, the kind of result that the body does not note, as it is the commonest.
    """

    unnoted: int | None = None


class Literal(Record, frozen=True):
    """A number of 64 bits in a word of its own, behind all other operands: the address of something made with the code."""


class State(Record, frozen=True):
    """Part of the machine's state: ``"context"``, ``"registers"`` (the frame's first register) or ``"code"``."""

    what: str


#: A cache of this name is a word of feedback: the kinds of values that the instruction gave, one bit each.
FEEDBACK = "seen"

#: A cache of this name is the address of the code that a call entered, or ``SEVERAL``.
CALLEE = "callee"
SEVERAL = 1

#: Any other cache holds numbers that mean the same in every process, so that code may be compiled for what it holds.
NOTES = (FEEDBACK, CALLEE)

#: Constants of these types are the same words wherever code is loaded.
EMBEDDED = (int, float, bool, type(None))

OperandKind = Operand | Place | Immediate | Wide | ConstantWord | Target | Window | Count | Cache | Literal | State
