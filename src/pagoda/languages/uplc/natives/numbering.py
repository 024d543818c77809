"""The numbers of builtins under names that native code can use, and what a builtin is called there.

``name_of("unBData")`` is ``un_b_data``: the name of its operation and of its native body.
"""

from __future__ import annotations

import re
from typing import Final

from pagoda.languages.uplc.builtins.table import by_name


def name_of(builtin: str) -> str:
    """The name of a builtin in snake case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", builtin).lower()


def _number(name: str) -> int:
    found = by_name(name)
    assert found is not None
    return found.number


ADD_INTEGER: Final = _number("addInteger")
SUBTRACT_INTEGER: Final = _number("subtractInteger")
MULTIPLY_INTEGER: Final = _number("multiplyInteger")
DIVIDE_INTEGER: Final = _number("divideInteger")
QUOTIENT_INTEGER: Final = _number("quotientInteger")
REMAINDER_INTEGER: Final = _number("remainderInteger")
MOD_INTEGER: Final = _number("modInteger")
EQUALS_INTEGER: Final = _number("equalsInteger")
LESS_THAN_INTEGER: Final = _number("lessThanInteger")
LESS_THAN_EQUALS_INTEGER: Final = _number("lessThanEqualsInteger")
APPEND_BYTE_STRING: Final = _number("appendByteString")
CONS_BYTE_STRING: Final = _number("consByteString")
SLICE_BYTE_STRING: Final = _number("sliceByteString")
LENGTH_OF_BYTE_STRING: Final = _number("lengthOfByteString")
INDEX_BYTE_STRING: Final = _number("indexByteString")
EQUALS_BYTE_STRING: Final = _number("equalsByteString")
LESS_THAN_BYTE_STRING: Final = _number("lessThanByteString")
LESS_THAN_EQUALS_BYTE_STRING: Final = _number("lessThanEqualsByteString")
SHA2_256: Final = _number("sha2_256")
BLAKE2B_256: Final = _number("blake2b_256")
APPEND_STRING: Final = _number("appendString")
EQUALS_STRING: Final = _number("equalsString")
ENCODE_UTF8: Final = _number("encodeUtf8")
DECODE_UTF8: Final = _number("decodeUtf8")
IF_THEN_ELSE: Final = _number("ifThenElse")
CHOOSE_UNIT: Final = _number("chooseUnit")
TRACE: Final = _number("trace")
FST_PAIR: Final = _number("fstPair")
SND_PAIR: Final = _number("sndPair")
CHOOSE_LIST: Final = _number("chooseList")
MK_CONS: Final = _number("mkCons")
CHOOSE_DATA: Final = _number("chooseData")
CONSTR_DATA: Final = _number("constrData")
UN_CONSTR_DATA: Final = _number("unConstrData")
EQUALS_DATA: Final = _number("equalsData")
SERIALISE_DATA: Final = _number("serialiseData")
BLAKE2B_224: Final = _number("blake2b_224")
INTEGER_TO_BYTE_STRING: Final = _number("integerToByteString")
BYTE_STRING_TO_INTEGER: Final = _number("byteStringToInteger")
AND_BYTE_STRING: Final = _number("andByteString")
OR_BYTE_STRING: Final = _number("orByteString")
XOR_BYTE_STRING: Final = _number("xorByteString")
COMPLEMENT_BYTE_STRING: Final = _number("complementByteString")
READ_BIT: Final = _number("readBit")
REPLICATE_BYTE: Final = _number("replicateByte")
COUNT_SET_BITS: Final = _number("countSetBits")
FIND_FIRST_SET_BIT: Final = _number("findFirstSetBit")
DROP_LIST: Final = _number("dropList")
LIST_TO_ARRAY: Final = _number("listToArray")
