"""Scripts that are kept ready, so that the bytes of one are read and compiled once for many evaluations.

What must hold: what is kept is bounded, in number and in bytes; what was used last goes last.
"""

from __future__ import annotations

from pagoda.languages.uplc.execute.machine import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.encoding.ledger import Bounds

MOST_SCRIPTS = 256
MOST_BYTES = 256 << 20

_kept: dict[tuple[Any, ...], tuple[Script, int]] = {}  # with the bytes that each was counted as
_bytes = [0]


def script_of(flat: bytes, costs: CostModel, *, case_on_constants: bool = True, bounds: Bounds | None = None) -> Script:
    """The loaded script of flat bytes, the same one while it is kept. ``bounds`` and cost models are told apart by identity."""
    key = flat, id(costs), case_on_constants, id(bounds)
    found = _kept.pop(key, None)
    if found is None:
        script = Script(flat, costs, case_on_constants=case_on_constants, bounds=bounds)
        script.load()
        found = script, script.size + len(flat)
        _bytes[0] += found[1]
        while len(_kept) >= MOST_SCRIPTS or _bytes[0] > MOST_BYTES and _kept:
            oldest = _kept.pop(list(_kept)[0], None)  # a copy, for other threads may change it
            if oldest is not None:
                _bytes[0] -= oldest[1]
    _kept[key] = found  # as the newest; it keeps the objects alive whose identity is in the key
    return found[0]


def forget_scripts() -> None:
    """Gives up all that is kept."""
    _kept.clear()
    _bytes[0] = 0
