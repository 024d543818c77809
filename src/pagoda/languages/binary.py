"""A program that is bytes and not text."""

from __future__ import annotations

from pagoda.machine.source import Source


class BinarySource(Source):
    """The bytes of a program, ``data``, under the name that messages use. It has no text, so no places in one."""

    __slots__ = ("data",)

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, "")
        self.data = data
