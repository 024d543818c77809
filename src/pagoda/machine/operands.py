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

from dataclasses import dataclass


@dataclass(frozen=True)
class Operand:
    """A value operand. ``owned``: the body receives a reference of its own and passes it on; else it borrows."""

    modes: str
    owned: bool = False


@dataclass(frozen=True)
class Place:
    """The address of a slot that the body reads and changes: a register (``R``) or one of the language's places."""

    modes: str


@dataclass(frozen=True)
class Immediate:
    """A signed 16-bit number."""


@dataclass(frozen=True)
class Wide:
    """A signed 32-bit number, for indexes that may outgrow 16 bits. Takes a field of a following word."""


@dataclass(frozen=True)
class ConstantWord:
    """The payload word of a constant: the address of something made when the function was loaded."""


@dataclass(frozen=True)
class Target:
    """Where a branch goes: a signed count of words from the instruction's own first word, in 16 bits, or 32 if ``wide``."""

    wide: bool = False


@dataclass(frozen=True)
class Window:
    """The address of the first of a row of registers that a call or a literal uses; their values are taken."""


@dataclass(frozen=True)
class Count:
    """How many registers of the window are used."""


@dataclass(frozen=True)
class Cache:
    """The address of a word of the instruction's own, zero at first: feedback or an inline cache."""


@dataclass(frozen=True)
class State:
    """Part of the machine's state: ``"context"``, ``"registers"`` (the frame's first register) or ``"code"``."""

    what: str


OperandKind = Operand | Place | Immediate | Wide | ConstantWord | Target | Window | Count | Cache | State
