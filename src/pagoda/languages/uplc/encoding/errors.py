"""What goes wrong with bytes: they are not what they should be, or something has no bytes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Unit = Literal["bit", "byte"]


class MalformedScript(Exception):
    """Bytes that are not a script, or not data.

    ``message`` is a sentence without its full stop. ``offset`` counts from the first byte or bit of what was read, in ``unit``;
    ``None`` where no single place is at fault.
    """

    def __init__(self, message: str, offset: int | None = None, unit: Unit = "bit") -> None:
        super().__init__(message, offset, unit)
        self.message, self.offset, self.unit = message, offset, unit

    @property
    def place(self) -> str:
        """Where, for a person to read: ``byte 12``, ``byte 12, bit 3``; empty where no single place is at fault."""
        if self.offset is None:
            return ""
        if self.unit == "byte":
            return f"byte {self.offset}"
        byte, bit = divmod(self.offset, 8)
        return f"byte {byte}, bit {bit}" if bit else f"byte {byte}"

    def __str__(self) -> str:
        return f"{self.message} (at {self.place})" if self.place else self.message


class Unencodable(ValueError):
    """A term that has no bytes, such as one that holds a point of a curve. Its text says why."""
