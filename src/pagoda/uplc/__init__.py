"""UPLC from Python: evaluate Cardano's scripts, read, apply, write and hash them.

    >>> from pagoda.uplc import evaluate
    >>> evaluate("(program 1.1.0 (lam d (con unit ())))", 42).cpu
    64100

The guide is ``docs/guide/uplc-python.md``; code written for PyPI's ``uplc`` runs on :mod:`pagoda.uplc.compat`.
"""

from __future__ import annotations

from pagoda.languages.uplc.types import Constant
from pagoda.uplc.cost_model import CostModel
from pagoda.uplc.data import B, Constr, Data, I, List, Map
from pagoda.uplc.errors import (
    ArgumentExpected,
    BuiltinFailure,
    CaseOfConstant,
    EvaluationError,
    ExplicitError,
    ForceExpected,
    LimitExceeded,
    MalformedScript,
    MissingBranch,
    MissingPackage,
    NotAConstructor,
    NotAFunction,
    NotPolymorphic,
    OpenTerm,
    OperationalError,
    OutOfBudget,
    OutOfMemory,
    OutOfTime,
    ResultNotUnit,
    StructuralError,
    Unencodable,
    UplcError,
    WrongArguments,
    WrongType,
)
from pagoda.uplc.evaluation import Evaluation, evaluate
from pagoda.uplc.limits import Limits
from pagoda.uplc.program import Program
from pagoda.uplc.values import constant

__all__ = [
    "ArgumentExpected", "B", "BuiltinFailure", "CaseOfConstant", "Constant", "Constr", "CostModel", "Data", "Evaluation",
    "EvaluationError", "ExplicitError", "ForceExpected", "I", "LimitExceeded", "Limits", "List", "MalformedScript", "Map",
    "MissingBranch", "MissingPackage", "NotAConstructor", "NotAFunction", "NotPolymorphic", "OpenTerm", "OperationalError",
    "OutOfBudget", "OutOfMemory", "OutOfTime", "Program", "ResultNotUnit", "StructuralError", "Unencodable", "UplcError",
    "WrongArguments", "WrongType", "constant", "evaluate",
]  # fmt: skip
