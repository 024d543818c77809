"""Builtins on the curve BLS12-381; :mod:`.curves` does the work."""

from __future__ import annotations

from pagoda.languages.uplc.builtins import curves
from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BYTES, G1, G1_POINTS, G2, G2_POINTS, INTEGERS, ML_RESULT, SCALAR
from pagoda.languages.uplc.types import BOOL_TYPE, BYTESTRING_TYPE, G1_TYPE, G2_TYPE, ML_TYPE, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SCALAR_BITS = 4095

builtin(54, "bls12_381_G1_add", (G1, G1), G1_TYPE, batch="4a")(curves.add)
builtin(55, "bls12_381_G1_neg", (G1,), G1_TYPE, batch="4a")(curves.negate)
builtin(56, "bls12_381_G1_scalarMul", (SCALAR, G1), G1_TYPE, batch="4a")(curves.multiply)
builtin(58, "bls12_381_G1_compress", (G1,), BYTESTRING_TYPE, batch="4a")(curves.compress)
builtin(61, "bls12_381_G2_add", (G2, G2), G2_TYPE, batch="4a")(curves.add)
builtin(62, "bls12_381_G2_neg", (G2,), G2_TYPE, batch="4a")(curves.negate)
builtin(63, "bls12_381_G2_scalarMul", (SCALAR, G2), G2_TYPE, batch="4a")(curves.multiply)
builtin(65, "bls12_381_G2_compress", (G2,), BYTESTRING_TYPE, batch="4a")(curves.compress)
builtin(68, "bls12_381_millerLoop", (G1, G2), ML_TYPE, batch="4a")(curves.miller_loop)
builtin(69, "bls12_381_mulMlResult", (ML_RESULT, ML_RESULT), ML_TYPE, batch="4a")(curves.multiply_results)
builtin(70, "bls12_381_finalVerify", (ML_RESULT, ML_RESULT), BOOL_TYPE, batch="4a")(curves.final_verify)


@builtin(57, "bls12_381_G1_equal", (G1, G1), BOOL_TYPE, batch="4a")
@builtin(64, "bls12_381_G2_equal", (G2, G2), BOOL_TYPE, batch="4a")
def equal(left: Any, right: Any) -> bool:
    """Whether two points of one group are equal."""
    return bool(left == right)


@builtin(59, "bls12_381_G1_uncompress", (BYTES,), G1_TYPE, batch="4a")
def uncompress_g1(data: bytes) -> Any:
    """The point of G1 that the bytes stand for."""
    return curves.uncompress(1, data)


@builtin(66, "bls12_381_G2_uncompress", (BYTES,), G2_TYPE, batch="4a")
def uncompress_g2(data: bytes) -> Any:
    """The point of G2 that the bytes stand for."""
    return curves.uncompress(2, data)


@builtin(60, "bls12_381_G1_hashToGroup", (BYTES, BYTES), G1_TYPE, batch="4a")
def hash_to_g1(message: bytes, tag: bytes) -> Any:
    """The point of G1 that a message is sent to (RFC 9380)."""
    return curves.hash_to_group(1, message, tag)


@builtin(67, "bls12_381_G2_hashToGroup", (BYTES, BYTES), G2_TYPE, batch="4a")
def hash_to_g2(message: bytes, tag: bytes) -> Any:
    """The point of G2 that a message is sent to (RFC 9380)."""
    return curves.hash_to_group(2, message, tag)


def _scalars(scalars: Any) -> list[int]:
    items = list(unlinked(scalars))
    for item in items:
        if not -1 << _SCALAR_BITS <= item < 1 << _SCALAR_BITS:
            raise BuiltinFailure(f"a scalar has more than {_SCALAR_BITS} bits")
    return items


@builtin(92, "bls12_381_G1_multiScalarMul", (INTEGERS, G1_POINTS), G1_TYPE, batch="6")
def multiply_all_g1(scalars: Any, points: Any) -> Any:
    """The sum of points of G1, each times its scalar; the longer list is cut."""
    return curves.multiply_all(1, _scalars(scalars), unlinked(points))


@builtin(93, "bls12_381_G2_multiScalarMul", (INTEGERS, G2_POINTS), G2_TYPE, batch="6")
def multiply_all_g2(scalars: Any, points: Any) -> Any:
    """The sum of points of G2, each times its scalar; the longer list is cut."""
    return curves.multiply_all(2, _scalars(scalars), unlinked(points))
