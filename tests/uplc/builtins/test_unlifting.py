"""Arguments are checked when a builtin has all of them: types, bounds, and what differs between the semantics variants."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.builtins.failure import BuiltinFailure, UnliftingFailure
from pagoda.languages.uplc.builtins.semantics import Semantics, semantics
from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    INTEGER_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
)

from .calling import call, integers

FUNCTION = ("some value", "of the machine")  # what a machine has for a function, as far as builtins can tell
LARGE = 1 << 262143


def test_another_type():
    with pytest.raises(UnliftingFailure, match="argument 2: expected integer, found bool"):
        call("addInteger", 1, Constant(BOOL_TYPE, True))


def test_no_constant():
    with pytest.raises(UnliftingFailure, match="argument 1: expected integer, found no constant"):
        semantics("E").call[0](FUNCTION, Constant(INTEGER_TYPE, 1))


@pytest.mark.parametrize("builtin", BUILTINS, ids=lambda builtin: builtin.name)
@pytest.mark.parametrize("variant", "AE")
def test_every_argument_is_checked(builtin, variant):
    kinds = builtin.signature(variant)
    ways = semantics(variant)
    for wrong in (FUNCTION, Constant(array_of(UNIT_TYPE), ()), Constant(pair_of(UNIT_TYPE, UNIT_TYPE), (None, None))):
        for place, kind in enumerate(kinds):
            if kind.family in ("any", "constant", "array", "pair") and wrong is not FUNCTION or kind.family == "any":
                continue
            arguments = [wrong if at == place else fitting(kind) for at, kind in enumerate(kinds)]
            for way in (ways.unlift, ways.call):
                with pytest.raises(UnliftingFailure, match=f"argument {place + 1}: expected "):
                    way[builtin.number](*arguments)
    unlifted = ways.unlift[builtin.number](*(fitting(kind) for kind in kinds))
    assert len(unlifted) == builtin.arity


def fitting(kind):
    """An argument that the kind takes, as far as unlifting looks."""
    families = {"list": list_of(UNIT_TYPE), "array": array_of(UNIT_TYPE), "pair": pair_of(UNIT_TYPE, UNIT_TYPE)}
    type = kind.type or families.get(kind.family, UNIT_TYPE)
    return Constant(type, {INTEGER_TYPE: 0, BYTESTRING_TYPE: b"", STRING_TYPE: ""}.get(type, ()))


def test_lists_of_a_certain_type():
    with pytest.raises(UnliftingFailure, match=r"expected \(list data\), found \(list integer\)"):
        call("listData", integers(1))


@pytest.mark.parametrize(
    "name",
    ["addInteger", "subtractInteger", "multiplyInteger", "divideInteger", "quotientInteger", "remainderInteger", "modInteger"]
    + ["lessThanInteger", "lessThanEqualsInteger"],
)
def test_bounds_of_arithmetic(name):
    for variant in "DE":
        for within in (LARGE - 1, -LARGE):
            call(name, within, 1, variant=variant)
            call(name, 1, within, variant=variant)
        for beyond in (LARGE, -LARGE - 1):
            for arguments in ((beyond, 1), (1, beyond)):
                with pytest.raises(UnliftingFailure, match="the integer is out of range"):
                    call(name, *arguments, variant=variant)
    for variant in "ABC":
        call(name, LARGE, -LARGE - 1, variant=variant)


def test_equality_has_no_bounds():
    assert call("equalsInteger", LARGE, LARGE) is True
    assert call("equalsByteString", bytes(70_000), bytes(70_000)) is True


def test_results_have_no_bounds():
    assert call("multiplyInteger", LARGE - 1, LARGE - 1) == (LARGE - 1) ** 2


@pytest.mark.parametrize("name", ["sha2_256", "blake2b_224", "lengthOfByteString", "countSetBits", "complementByteString"])
def test_bounds_of_bytestrings(name):
    call(name, bytes(65_536))
    call(name, bytes(65_537), variant="C")
    with pytest.raises(UnliftingFailure, match="has 65537 bytes; at most 65536 are allowed"):
        call(name, bytes(65_537))


def test_cons_takes_bytes_or_integers():
    assert call("consByteString", 257, b"a", variant="A") == b"\x01a"
    assert call("consByteString", -1, b"a", variant="B") == b"\xffa"
    assert call("consByteString", 256, b"a", variant="D") == b"\x00a"
    with pytest.raises(UnliftingFailure):
        call("consByteString", LARGE, b"a", variant="D")
    for variant in "CE":
        assert call("consByteString", 255, b"a", variant=variant) == b"\xffa"
        for wrong in (-1, 256):
            with pytest.raises(UnliftingFailure, match="expected byte, 0 to 255"):
                call("consByteString", wrong, b"a", variant=variant)


def test_constructor_tags():
    for variant in "ABC":
        assert call("constrData", -1, (), variant=variant) == (0, -1, ())
    for variant in "DE":
        assert call("constrData", 2**64 - 1, (), variant=variant) == (0, 2**64 - 1, ())
        for wrong in (-1, 2**64):
            with pytest.raises(UnliftingFailure):
                call("constrData", wrong, (), variant=variant)


def test_shifts():
    for name in ("shiftByteString", "rotateByteString"):
        assert len(call(name, b"ab", 2**70, variant="C")) == 2
        assert len(call(name, b"ab", -(2**63))) == 2
        for wrong in (2**63, -(2**63) - 1):
            with pytest.raises(UnliftingFailure):
                call(name, b"ab", wrong)


def test_scalars():
    point = call("bls12_381_G1_hashToGroup", b"m", b"t")
    call("bls12_381_G1_scalarMul", -(2**4095), point)
    call("bls12_381_G1_scalarMul", 2**4095, point, variant="C")
    with pytest.raises(UnliftingFailure):
        call("bls12_381_G1_scalarMul", 2**4095, point)


def test_bits_are_written_into_short_bytestrings_only():
    assert call("writeBits", bytes(4096), (), True) == bytes(4096)
    assert call("writeBits", bytes(4097), (), True, variant="C") == bytes(4097)
    with pytest.raises(BuiltinFailure, match="has 4097 bytes; at most 4096"):
        call("writeBits", bytes(4097), (), True)


def test_polymorphic_arguments_take_anything():
    branches = FUNCTION, Constant(UNIT_TYPE, None)
    assert call("ifThenElse", True, *branches) is FUNCTION
    assert call("ifThenElse", False, *branches) is None
    number = by_name("chooseData").number
    data = Constant(DATA_TYPE, (4, b""))
    assert semantics("E").call[number](data, 0, 1, 2, 3, FUNCTION) is FUNCTION


def test_functions_are_made_once():
    ways = semantics("C")
    assert ways is semantics("C")
    assert ways.call[3] is ways.call[3]


def test_unknown_variant():
    for name in ("", "F", "AB"):
        with pytest.raises(ValueError, match="no semantics variant"):
            Semantics(name)


def test_lists_of_different_types_have_the_same_empty_value():
    assert call("nullList", Constant(list_of(DATA_TYPE), linked([]))) is True
