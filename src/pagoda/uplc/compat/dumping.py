"""Nodes as text, on one line. What must hold: nothing recurses; what is written in the dialect of Plutus can be read back."""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.digits import digits_of
from pagoda.languages.uplc.syntax.names import builtin_names
from pagoda.languages.uplc.syntax.printer import constant_text, string_text, type_text
from pagoda.languages.uplc.types import DATA_TYPE
from pagoda.uplc.compat import nodes
from pagoda.uplc.compat.conversion import applied, constant_of, with_state
from pagoda.uplc.compat.data import folded, plutus_cbor_dumps
from pagoda.uplc.compat.nodes import UPLCDialect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.types import Type
    from pagoda.uplc.compat.nodes import AST

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_']*(?:-[0-9]+)?")


def text_of(whole: AST, dialect: UPLCDialect = UPLCDialect.Plutus) -> str:
    """A node as text."""
    out: list[str] = []
    rest: list[AST | str] = [whole]
    while rest:
        node: Any = rest.pop()
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, nodes.Program):
            out.append(f"(program {'.'.join(map(digits_of, node.version))} ")
            rest += (")", node.term)
        elif isinstance(node, nodes.Variable):
            out.append(_name(node.name))
        elif isinstance(node, nodes.BoundStateLambda | nodes.BoundStateDelay) and node.state:
            rest.append(with_state(node))
        elif isinstance(node, nodes.BoundStateLambda):
            out.append(f"(lam {_name(node.var_name)} ")
            rest += (")", node.term)
        elif isinstance(node, nodes.BoundStateDelay | nodes.Force):
            out.append("(force " if isinstance(node, nodes.Force) else "(delay ")
            rest += (")", node.term)
        elif isinstance(node, nodes.ForcedBuiltIn):
            if node.bound_arguments:
                rest.append(applied(node))
            else:
                name = builtin_names()[node.builtin.value]
                out.append("(force " * node.applied_forces + f"(builtin {name})" + ")" * node.applied_forces)
        elif isinstance(node, nodes.Apply):
            out.append("[")
            rest += ("]", node.x, " ", node.f)
        elif isinstance(node, nodes.Constr | nodes.Case):
            if isinstance(node, nodes.Constr):
                out.append(f"(constr {node.tag}")
                parts = node.fields
            else:
                out.append("(case")
                parts = [node.scrutinee, *node.branches]
            rest.append(")")
            for part in reversed(parts):
                rest += (part, " ")
        elif isinstance(node, nodes.Error):
            out.append("(error)")
        else:
            out.append(_constant(node, dialect))
    return "".join(out)


def type_of(node: nodes.Constant, dialect: UPLCDialect) -> str:
    """The type of a constant as text."""
    kind = constant_of(node).type
    return type_text(kind) if dialect is UPLCDialect.Plutus else _aiken_type(kind)


def value_of(node: nodes.Constant, dialect: UPLCDialect) -> str:
    """The value of a constant as text, data without parentheses."""
    if dialect is not UPLCDialect.Plutus:
        text: str = folded(node, _aiken_parts, _aiken_value)
        return text
    constant = constant_of(node)
    text = constant_text(constant)
    return text[1:-1] if constant.type is DATA_TYPE else text


def _constant(node: nodes.Constant, dialect: UPLCDialect) -> str:
    if dialect is not UPLCDialect.Plutus:
        return f"(con {type_of(node, dialect)} {value_of(node, dialect)})"
    constant = constant_of(node)
    return f"(con {type_text(constant.type)} {constant_text(constant)})"


def _name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else f"`{name}`"


def _aiken_type(kind: Type) -> str:
    text: str = folded(
        kind, lambda kind: kind.parts, lambda kind, parts: f"{kind.name}<{', '.join(parts)}>" if parts else kind.name
    )
    return text


def _aiken_parts(node: Any) -> list[Any]:
    if isinstance(node, nodes.BuiltinList):
        return node.values
    return [node.l_value, node.r_value] if isinstance(node, nodes.BuiltinPair) else []


def _aiken_value(node: Any, parts: list[str]) -> str:
    if isinstance(node, nodes.BuiltinList | nodes.BuiltinPair):
        return f"[{', '.join(parts)}]"
    if isinstance(node, nodes.PlutusData):
        return f"#{plutus_cbor_dumps(node).hex()}"
    return string_text(node.value) if isinstance(node, nodes.BuiltinString) else constant_text(constant_of(node))
