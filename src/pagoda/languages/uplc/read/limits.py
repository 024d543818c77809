"""What a ledger accepts, for the native reader."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.flat import BUILTIN_COUNT
from pagoda.languages.uplc.read.reader import ANY_VERSION, VERSION_1_0_0, VERSION_1_1_0, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.encoding.ledger import Bounds

_NO_BOUND = (1 << 62) - 1
_VERSIONS = {(1, 0, 0): VERSION_1_0_0, (1, 1, 0): VERSION_1_1_0}
_WORD = (1 << 64) - 1


def accept(reader: Reader, bounds: Bounds | None) -> None:
    """Tells a reader what to accept: what ``bounds`` say, or without them all there is."""
    type_tags = fields = None
    versions = ANY_VERSION
    builtins = (1 << BUILTIN_COUNT) - 1
    if bounds is not None:
        type_tags, fields = bounds.type_parts, bounds.fields
        versions = sum(bit for version, bit in _VERSIONS.items() if version in bounds.versions)
        builtins = sum(1 << number for number in range(BUILTIN_COUNT) if number in bounds.builtins)
    reader.versions = versions
    reader.builtins = builtins & _WORD
    reader.more_builtins = builtins >> 64
    reader.most_type_tags = _NO_BOUND if type_tags is None else type_tags
    reader.most_fields = _NO_BOUND if fields is None else fields
