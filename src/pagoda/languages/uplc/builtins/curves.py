"""The curve BLS12-381: points of both groups, results of Miller loops, and the operations on them.

Points and results are the objects of the package ``pyblst``, which is imported when first needed. They are compared by
``==``, have no hash and are never changed. What must hold: every point that exists lies in its group, for whatever makes one
checks that. A group is ``1`` or ``2`` everywhere below. All functions raise :class:`~.failure.MissingPackage` when the
package is not there.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.failure import BuiltinFailure, library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""How many points each group has; a prime."""

POINT_BYTES = (0, 48, 96)
"""By group: the length of a compressed point."""

LONGEST_TAG = 255
"""The longest domain separation tag, in bytes."""


def _elements(group: int) -> Any:
    package = library("pyblst", "pyblst", "BLS12-381")
    return package.BlstP1Element if group == 1 else package.BlstP2Element


def uncompress(group: int, data: bytes) -> Any:
    """The point that ``data`` stands for. Raises :class:`BuiltinFailure` unless that is one point of the group."""
    if len(data) != POINT_BYTES[group]:
        raise BuiltinFailure(f"a compressed point of G{group} has {POINT_BYTES[group]} bytes, not {len(data)}")
    try:
        return _elements(group).uncompress(data)
    except ValueError as error:
        raise BuiltinFailure(f"the bytes are no point of G{group}: {_reason(error)}") from None


def _reason(error: ValueError) -> str:
    text = str(error)
    if "NOT_IN_GROUP" in text:
        return "the point lies outside the group"
    if "NOT_ON_CURVE" in text:
        return "there is no such point on the curve"
    return "bad encoding"


def compress(point: Any) -> bytes:
    """The bytes of a point of either group."""
    return bytes(point.compress())


def hash_to_group(group: int, message: bytes, tag: bytes) -> Any:
    """The point that a message is sent to under a domain separation tag. Raises :class:`BuiltinFailure` for a long tag."""
    if len(tag) > LONGEST_TAG:
        raise BuiltinFailure(f"the domain separation tag has {len(tag)} bytes; at most {LONGEST_TAG} are allowed")
    return _elements(group).hash_to_group(message, tag)


def add(left: Any, right: Any) -> Any:
    """The sum of two points of one group."""
    return left + right


def negate(point: Any) -> Any:
    """The inverse of a point."""
    return -point


def multiply(scalar: int, point: Any) -> Any:
    """``scalar`` times ``point``; the scalar may be any integer."""
    return point.scalar_mul(scalar % ORDER)


def multiply_all(group: int, scalars: Iterable[int], points: Iterable[Any]) -> Any:
    """The sum of the points, each times its scalar, as far as both reach; with none of them the neutral point."""
    total = _elements(group)()
    for scalar, point in zip(scalars, points, strict=False):
        total = total + point.scalar_mul(scalar % ORDER)
    return total


def miller_loop(first: Any, second: Any) -> Any:
    """The Miller loop of a point of G1 and one of G2."""
    return library("pyblst", "pyblst", "BLS12-381").miller_loop(first, second)


def multiply_results(left: Any, right: Any) -> Any:
    """The product of two results of Miller loops."""
    return left * right


def final_verify(left: Any, right: Any) -> bool:
    """Whether two results of Miller loops are equal after the final exponentiation."""
    return bool(library("pyblst", "pyblst", "BLS12-381").final_verify(left, right))
