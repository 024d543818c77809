"""What a chain accepts of a script, by language and protocol version, beyond what the encoding can hold.

From protocol version 11 on the type of a constant has at most 32 tags and a ``constr`` at most 1024 fields. Builtins and
versions of programs come with a protocol version; before it a script that has them is malformed, reached or not.
"""

from __future__ import annotations

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

LANGUAGES = ("V1", "V2", "V3", "V4")
"""The languages of the ledger, by the names that users write; their numbers begin with 1."""

VAN_ROSSEM = 11
"""The protocol version that brought the bounds."""


class Bounds(Record, frozen=True):
    """What is accepted: versions of programs, builtins by number, tags of a constant's type, fields of a ``constr``.

    ``None`` for the last two means any number of them. ``where`` says whose bounds they are, for messages.
    """

    where: str
    versions: Container[tuple[int, int, int]]
    builtins: Container[int]
    type_parts: int | None = None
    fields: int | None = None

    def shown_version(self, version: tuple[int, int, int]) -> str:
        """A version for a message; its parts may be numbers of any size."""
        return ".".join([str(part) if part < 1_000_000 else "..." for part in version])

    def shown_builtin(self, number: int) -> str:
        """The name of a builtin, for a message."""
        from pagoda.languages.uplc.builtins.table import BUILTINS

        return BUILTINS[number].name


def bounds_of(language: str, protocol: int) -> Bounds:
    """The bounds of a language (``"V1"`` to ``"V4"``) at a protocol version. Raises ``ValueError`` for another language."""
    from pagoda.languages.uplc.builtins.table import available

    check_language(language)
    late = protocol >= VAN_ROSSEM
    versions = {(1, 0, 0)}
    if late or language not in ("V1", "V2"):
        versions.add((1, 1, 0))
    return Bounds(
        f"Plutus {language} at protocol version {protocol}", versions, available(language, protocol), 32 if late else None,
        1024 if late else None,
    )  # fmt: skip


def check_language(language: str) -> None:
    """Raises ``ValueError`` for what is not a language of the ledger."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no Plutus {language}; the languages are {', '.join(LANGUAGES)}")
