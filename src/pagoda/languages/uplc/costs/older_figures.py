"""What builtins and steps cost in the older semantics variants, as far as it is not what they cost in E.

Each table holds the differences from the variant beside it, in the forms of :mod:`.figures`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.costs.shapes import Form

D_FROM_E: dict[str, tuple[Form, Form]] = {
    "divideInteger": (("above_and_below_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("subtracted_sizes", 0, 1, 1)),
    "quotientInteger": (("const_above_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("subtracted_sizes", 0, 1, 1)),
    "remainderInteger": (("const_above_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("linear_in_y2", 0, 1, 1)),
    "modInteger": (("above_and_below_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("linear_in_y2", 0, 1, 1)),
}

C_FROM_E: dict[str, tuple[Form, Form]] = {
    "divideInteger": (
        ("const_above_diagonal", 85_848, ("quadratic_in_x_and_y", 123_203, 7305, -900, 1716, 549, 57, 85_848)),
        ("subtracted_sizes", 0, 1, 1),
    ),
    "quotientInteger": (
        ("const_above_diagonal", 85_848, ("quadratic_in_x_and_y", 123_203, 7305, -900, 1716, 549, 57, 85_848)),
        ("subtracted_sizes", 0, 1, 1),
    ),
    "remainderInteger": (
        ("const_above_diagonal", 85_848, ("quadratic_in_x_and_y", 123_203, 7305, -900, 1716, 549, 57, 85_848)),
        ("linear_in_y", 0, 1),
    ),
    "modInteger": (
        ("const_above_diagonal", 85_848, ("quadratic_in_x_and_y", 123_203, 7305, -900, 1716, 549, 57, 85_848)),
        ("linear_in_y", 0, 1),
    ),
    "equalsByteString": (("linear_on_diagonal", 24_548, 29_498, 38), 1),
}

B_FROM_D: dict[str, tuple[Form, Form]] = {
    "divideInteger": (("const_above_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("subtracted_sizes", 0, 1, 1)),
    "remainderInteger": (("const_above_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("subtracted_sizes", 0, 1, 1)),
    "modInteger": (("const_above_diagonal", 85_848, ("multiplied_sizes", 228_465, 122)), ("subtracted_sizes", 0, 1, 1)),
    "equalsByteString": (("linear_on_diagonal", 24_548, 29_498, 38), 1),
}

A_FROM_B: dict[str, tuple[Form, Form]] = {
    "addInteger": (("max_size", 205_665, 812), ("max_size", 1, 1)),
    "subtractInteger": (("max_size", 205_665, 812), ("max_size", 1, 1)),
    "multiplyInteger": (("added_sizes", 69_522, 11_687), ("added_sizes", 0, 1)),
    "divideInteger": (("const_above_diagonal", 196_500, ("multiplied_sizes", 453_240, 220)), ("subtracted_sizes", 0, 1, 1)),
    "quotientInteger": (("const_above_diagonal", 196_500, ("multiplied_sizes", 453_240, 220)), ("subtracted_sizes", 0, 1, 1)),
    "remainderInteger": (("const_above_diagonal", 196_500, ("multiplied_sizes", 453_240, 220)), ("subtracted_sizes", 0, 1, 1)),
    "modInteger": (("const_above_diagonal", 196_500, ("multiplied_sizes", 453_240, 220)), ("subtracted_sizes", 0, 1, 1)),
    "equalsInteger": (("min_size", 208_512, 421), 1),
    "lessThanInteger": (("min_size", 208_896, 511), 1),
    "lessThanEqualsInteger": (("min_size", 204_924, 473), 1),
    "appendByteString": (("added_sizes", 1000, 571), ("added_sizes", 0, 1)),
    "consByteString": (("linear_in_y", 221_973, 511), ("added_sizes", 0, 1)),
    "sliceByteString": (("linear_in_z", 265_318, 0), ("linear_in_z", 4, 0)),
    "lengthOfByteString": (1000, 10),
    "indexByteString": (57_667, 4),
    "equalsByteString": (("linear_on_diagonal", 245_000, 216_773, 62), 1),
    "lessThanByteString": (("min_size", 197_145, 156), 1),
    "lessThanEqualsByteString": (("min_size", 197_145, 156), 1),
    "sha2_256": (("linear_in_x", 806_990, 30_482), 4),
    "sha3_256": (("linear_in_x", 1_927_926, 82_523), 4),
    "blake2b_256": (("linear_in_x", 117_366, 10_475), 4),
    "verifyEd25519Signature": (("linear_in_z", 57_996_947, 18_975), 10),
    "appendString": (("added_sizes", 1000, 24_177), ("added_sizes", 4, 1)),
    "equalsString": (("linear_on_diagonal", 187_000, 1000, 52_998), 1),
    "encodeUtf8": (("linear_in_x", 1000, 28_662), ("linear_in_x", 4, 2)),
    "decodeUtf8": (("linear_in_x", 497_525, 14_068), ("linear_in_x", 4, 2)),
    "ifThenElse": (80_556, 1),
    "chooseUnit": (46_417, 4),
    "trace": (212_342, 32),
    "fstPair": (80_436, 32),
    "sndPair": (85_931, 32),
    "chooseList": (175_354, 32),
    "mkCons": (65_493, 32),
    "headList": (43_249, 32),
    "tailList": (41_182, 32),
    "nullList": (60_091, 32),
    "chooseData": (19_537, 32),
    "constrData": (89_141, 32),
    "mapData": (64_832, 32),
    "listData": (52_467, 32),
    "iData": (1000, 32),
    "bData": (1000, 32),
    "unConstrData": (32_696, 32),
    "unMapData": (38_314, 32),
    "unListData": (32_247, 32),
    "unIData": (43_357, 32),
    "unBData": (31_220, 32),
    "equalsData": (("min_size", 1_060_367, 12_586), 1),
    "mkPairData": (76_511, 32),
    "mkNilData": (22_558, 32),
    "mkNilPairData": (16_563, 32),
    "serialiseData": (("linear_in_x", 1_159_724, 392_670), ("linear_in_x", 0, 2)),
    "verifyEcdsaSecp256k1Signature": (35_190_005, 10),
    "verifySchnorrSecp256k1Signature": (("linear_in_y", 39_121_781, 32_260), 10),
}
