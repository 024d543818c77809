"""The table of builtins, and when each is available.

``BUILTINS[number]`` is the builtin with that tag of the flat encoding; ``by_name`` finds it by its name in texts. How a machine
calls one: :mod:`pagoda.languages.uplc.builtins.semantics`. What must hold: numbers run from 0 without a gap.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins import (  # noqa: F401  importing an area defines its builtins
    arrays,
    bits,
    bls,
    bytestrings,
    choices,
    conversions,
    data,
    hashes,
    integers,
    lists,
    signatures,
    strings,
    values,
)
from pagoda.languages.uplc.builtins.definition import DEFINED, Builtin

BUILTINS: tuple[Builtin, ...] = tuple(DEFINED[number] for number in range(len(DEFINED)))
"""Every builtin, by number."""

_BY_NAME = {builtin.name: builtin for builtin in BUILTINS}

LANGUAGES = ("V1", "V2", "V3", "V4")
"""The ledger's languages."""

# The protocol version from which a batch is enabled, by language. Batch 7 has none yet.
_SINCE = {
    "1": (5, 7, 9, 12),
    "2": (11, 7, 9, 12),
    "3": (11, 8, 9, 12),
    "4a": (11, 11, 9, 12),
    "4b": (11, 10, 9, 12),
    "5": (11, 11, 10, 12),
    "6": (11, 11, 11, 12),
}


def by_name(name: str) -> Builtin | None:
    """The builtin of that name, ``None`` when there is none."""
    return _BY_NAME.get(name)


def available(language: str, protocol: int) -> frozenset[int]:
    """The numbers of the builtins that a script of ``language`` (``"V1"`` to ``"V4"``) may use at a major protocol version.
    Raises :class:`ValueError` for another language."""
    column = _column(language)
    return frozenset(
        builtin.number for builtin in BUILTINS if builtin.batch in _SINCE and _SINCE[builtin.batch][column] <= protocol
    )


def semantics_variant(language: str, protocol: int) -> str:
    """The semantics variant, ``"A"`` to ``"E"``, of a language at a major protocol version. Raises :class:`ValueError` for
    another language."""
    old = _column(language) < 2
    if protocol >= 11:
        return "D" if old else "E"
    if not old:
        return "C" if language == "V3" else "E"
    return "A" if protocol < 9 else "B"


def _column(language: str) -> int:
    if language not in LANGUAGES:
        raise ValueError(f"no ledger language {language!r}; there are {', '.join(LANGUAGES)}")
    return LANGUAGES.index(language)
