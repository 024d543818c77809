"""What compiled code knows of a frame's registers at one point of control: values, and who owns the reference.

What must hold: a register that is absent is dead, which is the same as empty; a *borrowed* register stands for a value
that its source keeps alive, and becomes an owner before the source loses or changes what it holds.
"""

from __future__ import annotations

from pagoda.native.values import Known, Parts

CONSTANT = -1  # as a source: the function's constants, which outlive it
CALLER = -2  # as a source: whoever called, who keeps the argument alive until the call is over


class Register:
    """One register's value. ``source``: None where it owns its reference, else the register that does (or ``CONSTANT``)."""

    __slots__ = ("source", "value")

    def __init__(self, value: Parts, source: int | None = None) -> None:
        self.value, self.source = value, source

    def __repr__(self) -> str:
        return f"{self.value.items}" + ("" if self.source is None else f" borrowed from {self.source}")


class State:
    """The registers at one point, and the fuel that is left. Copied where control parts."""

    __slots__ = ("fuel", "registers")

    def __init__(self, registers: dict[int, Register] | None = None, fuel: str = "") -> None:
        self.registers: dict[int, Register] = registers if registers is not None else {}
        self.fuel = fuel

    def copy(self) -> State:
        return State(dict(self.registers), self.fuel)

    def drop(self, mask: int) -> None:
        """Forgets the registers of a mask, which may be endless (a negative number)."""
        for register in [r for r in self.registers if mask >> r & 1]:
            del self.registers[register]

    def borrowers(self, mask: int) -> list[int]:
        """The registers that borrow from one of a mask."""
        return [
            register for register, held in self.registers.items()
            if held.source is not None and held.source >= 0 and mask >> held.source & 1
        ]  # fmt: skip


def kind_of(value: Parts) -> int | None:
    """The kind of a value of two words, if it is static."""
    first = value.items[0]
    return int(first.value) if len(value.items) == 2 and type(first) is Known else None
