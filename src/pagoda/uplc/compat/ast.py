"""The nodes of terms, constants and data, under the name that PyPI's ``uplc`` has for the module."""

from __future__ import annotations

from pagoda.uplc.compat.data import (
    data_from_cbor,
    data_from_json,
    data_from_json_dict,
    plutus_cbor_dumps,
    plutus_json_dumps,
)
from pagoda.uplc.compat.nodes import (
    AST,
    Apply,
    BoundStateDelay,
    BoundStateLambda,
    BuiltIn,
    BuiltinBLS12381G1Element,
    BuiltinBLS12381G2Element,
    BuiltinBLS12381Mlresult,
    BuiltinBool,
    BuiltinByteString,
    BuiltInFun,
    BuiltInFunForceMap,
    BuiltinInteger,
    BuiltinList,
    BuiltinOther,
    BuiltinPair,
    BuiltinString,
    BuiltinUnit,
    Case,
    Constant,
    Constr,
    Delay,
    Error,
    Force,
    ForcedBuiltIn,
    Lambda,
    PlutusAtomic,
    PlutusByteString,
    PlutusConstr,
    PlutusData,
    PlutusInteger,
    PlutusList,
    PlutusMap,
    Program,
    UPLCDialect,
    Variable,
)

__all__ = [
    "AST", "Apply", "BoundStateDelay", "BoundStateLambda", "BuiltIn", "BuiltInFun", "BuiltInFunForceMap",
    "BuiltinBLS12381G1Element", "BuiltinBLS12381G2Element", "BuiltinBLS12381Mlresult", "BuiltinBool", "BuiltinByteString",
    "BuiltinInteger", "BuiltinList", "BuiltinOther", "BuiltinPair", "BuiltinString", "BuiltinUnit", "Case", "Constant",
    "Constr", "Delay", "Error", "Force", "ForcedBuiltIn", "Lambda", "PlutusAtomic", "PlutusByteString", "PlutusConstr",
    "PlutusData", "PlutusInteger", "PlutusList", "PlutusMap", "Program", "UPLCDialect", "Variable", "data_from_cbor",
    "data_from_json", "data_from_json_dict", "plutus_cbor_dumps", "plutus_json_dumps",
]  # fmt: skip
