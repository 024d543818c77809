"""The table of builtins: numbers, names, forces, arguments, and when each is available."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.builtins.table import BUILTINS, available, by_name, semantics_variant

#: Names in the order of their numbers, with forces and arguments where these are not 0 and 2.
TABLE = """
addInteger subtractInteger multiplyInteger divideInteger quotientInteger remainderInteger modInteger equalsInteger
lessThanInteger lessThanEqualsInteger appendByteString consByteString sliceByteString:0:3 lengthOfByteString:0:1
indexByteString equalsByteString lessThanByteString lessThanEqualsByteString sha2_256:0:1 sha3_256:0:1 blake2b_256:0:1
verifyEd25519Signature:0:3 appendString equalsString encodeUtf8:0:1 decodeUtf8:0:1 ifThenElse:1:3 chooseUnit:1:2 trace:1:2
fstPair:2:1 sndPair:2:1 chooseList:2:3 mkCons:1:2 headList:1:1 tailList:1:1 nullList:1:1 chooseData:1:6 constrData
mapData:0:1 listData:0:1 iData:0:1 bData:0:1 unConstrData:0:1 unMapData:0:1 unListData:0:1 unIData:0:1 unBData:0:1
equalsData mkPairData mkNilData:0:1 mkNilPairData:0:1 serialiseData:0:1 verifyEcdsaSecp256k1Signature:0:3
verifySchnorrSecp256k1Signature:0:3 bls12_381_G1_add bls12_381_G1_neg:0:1 bls12_381_G1_scalarMul bls12_381_G1_equal
bls12_381_G1_compress:0:1 bls12_381_G1_uncompress:0:1 bls12_381_G1_hashToGroup bls12_381_G2_add bls12_381_G2_neg:0:1
bls12_381_G2_scalarMul bls12_381_G2_equal bls12_381_G2_compress:0:1 bls12_381_G2_uncompress:0:1 bls12_381_G2_hashToGroup
bls12_381_millerLoop bls12_381_mulMlResult bls12_381_finalVerify keccak_256:0:1 blake2b_224:0:1 integerToByteString:0:3
byteStringToInteger andByteString:0:3 orByteString:0:3 xorByteString:0:3 complementByteString:0:1 readBit writeBits:0:3
replicateByte shiftByteString rotateByteString countSetBits:0:1 findFirstSetBit:0:1 ripemd_160:0:1 expModInteger:0:3
dropList:1:2 lengthOfArray:1:1 listToArray:1:1 indexArray:1:2 bls12_381_G1_multiScalarMul bls12_381_G2_multiScalarMul
insertCoin:0:4 lookupCoin:0:3 unionValue valueContains valueData:0:1 unValueData:0:1 scaleValue multiIndexArray:1:2
policies:0:1 assetCount:0:1
"""


def test_the_whole_table():
    assert len(TABLE.split()) == len(BUILTINS) == 104
    for number, entry in enumerate(TABLE.split()):
        name, forces, arity = (entry if ":" in entry else f"{entry}:0:2").split(":")
        builtin = BUILTINS[number]
        assert (builtin.number, builtin.name) == (number, name)
        assert (builtin.forces, builtin.arity) == (int(forces), int(arity)), name
        assert by_name(name) is builtin


def test_unknown_name():
    assert by_name("addIntegers") is None


@pytest.mark.parametrize(
    ("language", "protocol", "count"),
    [
        ("V1", 4, 0),
        ("V1", 5, 51),
        ("V1", 10, 51),
        ("V1", 11, 101),
        ("V2", 6, 0),
        ("V2", 7, 52),
        ("V2", 8, 54),
        ("V2", 10, 56),
        ("V2", 11, 101),
        ("V3", 8, 0),
        ("V3", 9, 75),
        ("V3", 10, 87),
        ("V3", 11, 101),
        ("V4", 11, 0),
        ("V4", 12, 101),
    ],
)
def test_availability(language, protocol, count):
    assert len(available(language, protocol)) == count


def test_what_a_batch_brings():
    assert available("V2", 10) - available("V2", 9) == {73, 74}
    assert available("V2", 8) - available("V2", 7) == {52, 53}
    assert not available("V3", 99) & {101, 102, 103}


@pytest.mark.parametrize(
    ("language", "protocol", "variant"),
    [("V1", 5, "A"), ("V2", 8, "A"), ("V1", 9, "B"), ("V2", 10, "B"), ("V3", 9, "C"), ("V3", 10, "C"), ("V1", 11, "D")]
    + [("V2", 12, "D"), ("V3", 11, "E"), ("V4", 12, "E")],
)
def test_semantics_variant(language, protocol, variant):
    assert semantics_variant(language, protocol) == variant


@pytest.mark.parametrize("ask", [available, semantics_variant])
def test_unknown_language(ask):
    with pytest.raises(ValueError, match="no ledger language 'V5'; there are V1, V2, V3, V4"):
        ask("V5", 11)
