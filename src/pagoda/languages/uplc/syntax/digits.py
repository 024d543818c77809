"""Integers of any size to decimal digits and back: in less than quadratic time, without the interpreter's limit on digits.

What must hold: the results are those of ``int`` and ``str``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_SHORT = 2000  # digits that `int` reads at once; below every limit that the interpreter may be given, and quick
_SMALL_BITS = 6000  # about as many digits


def integer_of(digits: str) -> int:
    """The integer that decimal ASCII digits stand for (at least one digit, no sign)."""
    if len(digits) <= _SHORT:
        return int(digits)
    digits = digits.lstrip("0")
    parts = [int(digits[max(0, end - _SHORT) : end]) for end in range(len(digits), 0, -_SHORT)]
    base = 10**_SHORT
    while len(parts) > 1:  # neighbours are joined until one is left, so that factors are of equal length
        if len(parts) % 2:
            parts.append(0)
        parts = [low + high * base for low, high in zip(parts[::2], parts[1::2], strict=True)]
        base *= base
    return parts[0] if parts else 0


def digits_of(number: int) -> str:
    """The decimal digits of an integer, after a minus where it is negative."""
    if number.bit_length() <= _SMALL_BITS:
        return str(number)
    import decimal

    with decimal.localcontext() as context:
        context.prec = decimal.MAX_PREC
        context.Emax = decimal.MAX_EMAX
        context.Emin = decimal.MIN_EMIN
        context.traps[decimal.Inexact] = True
        powers: dict[int, Decimal] = {}

        def power(bits: int) -> Decimal:
            found = powers.get(bits)
            if found is None:
                half = bits // 2
                found = decimal.Decimal(1 << bits) if bits <= _SMALL_BITS else power(half) * power(bits - half)
                powers[bits] = found
            return found

        def convert(part: int, bits: int) -> Decimal:  # halves each time: no deeper than the logarithm of the length
            if bits <= _SMALL_BITS:
                return decimal.Decimal(part)
            half = bits // 2
            high = part >> half
            return convert(part - (high << half), half) + convert(high, bits - half) * power(half)

        size = abs(number)
        text = str(convert(size, size.bit_length()))
    return "-" + text if number < 0 else text
