"""Between nodes and the terms of the language. What must hold: nothing recurses; a term that becomes nodes and comes back is
the same up to names."""

from __future__ import annotations

from pagoda.languages.uplc import terms, types
from pagoda.uplc.compat import nodes
from pagoda.uplc.compat.data import folded, node_of, raw_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.types import Type
    from pagoda.uplc.compat.nodes import AST


class FreeVariableError(ValueError):
    """A variable that nothing binds."""


_SIMPLE: tuple[tuple[type[Any], Type], ...] = (
    (nodes.BuiltinBool, types.BOOL_TYPE), (nodes.BuiltinInteger, types.INTEGER_TYPE),
    (nodes.BuiltinByteString, types.BYTESTRING_TYPE), (nodes.BuiltinString, types.STRING_TYPE),
    (nodes.BuiltinBLS12381G1Element, types.G1_TYPE), (nodes.BuiltinBLS12381G2Element, types.G2_TYPE),
    (nodes.BuiltinBLS12381Mlresult, types.ML_TYPE),
)  # fmt: skip
_TYPE_OF = dict(_SIMPLE)
_NODE_OF = {kind: node for node, kind in _SIMPLE}

# ------------------------------------------------------------ constants


def _constant_parts(node: Any) -> Iterable[Any]:
    if isinstance(node, nodes.BuiltinList):
        return node.values or (node.sample_value,)
    return (node.l_value, node.r_value) if isinstance(node, nodes.BuiltinPair) else ()


def _constant(node: Any, parts: list[Any]) -> types.Constant:
    if isinstance(node, nodes.PlutusData):
        return types.Constant(types.DATA_TYPE, raw_of(node))
    if isinstance(node, nodes.BuiltinUnit):
        return types.Constant(types.UNIT_TYPE, None)
    if isinstance(node, nodes.BuiltinList):
        kind = parts[0].type
        if any(part.type is not kind for part in parts):
            raise TypeError("the constants of a list have one type")
        return types.Constant(types.list_of(kind), types.linked(part.value for part in parts) if node.values else ())
    if isinstance(node, nodes.BuiltinPair):
        first, second = parts
        return types.Constant(types.pair_of(first.type, second.type), (first.value, second.value))
    if isinstance(node, nodes.BuiltinOther):
        constant: types.Constant = node.constant
        return constant
    found = _TYPE_OF.get(node.__class__)
    if found is None:
        raise TypeError(f"{type(node).__name__} is no constant")
    return types.Constant(found, node.value)


def constant_of(node: nodes.Constant) -> types.Constant:
    """The constant that a node stands for. Raises :class:`TypeError` where a list holds constants of several types."""
    constant: types.Constant = folded(node, _constant_parts, _constant)
    return constant


def _typed_parts(typed: tuple[Type, Any]) -> Iterable[tuple[Type, Any]]:
    kind, value = typed
    if kind.name == "list":
        return [(kind.parts[0], item) for item in types.unlinked(value)]
    return zip(kind.parts, value, strict=True) if kind.name == "pair" else ()


def _constant_node(typed: tuple[Type, Any], parts: list[Any]) -> nodes.Constant:
    kind, value = typed
    if kind is types.DATA_TYPE:
        return node_of(value)
    if kind is types.UNIT_TYPE:
        return nodes.BuiltinUnit()
    if kind.name == "list":
        return nodes.BuiltinList(parts, None if parts else folded(kind.parts[0], lambda kind: kind.parts, _sample))
    if kind.name == "pair":
        return nodes.BuiltinPair(*parts)
    node: nodes.Constant = _NODE_OF[kind](value)
    return node


_SAMPLES: dict[str, Any] = {"bool": False, "integer": 0, "bytestring": b"", "string": ""}


def _sample(kind: Type, parts: list[Any]) -> nodes.Constant:
    """Some constant of a type, to tell the type by."""
    if kind.name == "list":
        return nodes.BuiltinList([], parts[0])
    if kind.name == "pair":
        return nodes.BuiltinPair(*parts)
    if kind is types.DATA_TYPE:
        return nodes.PlutusInteger(0)
    if kind is types.UNIT_TYPE:
        return nodes.BuiltinUnit()
    node: nodes.Constant = _NODE_OF[kind](_SAMPLES.get(kind.name))
    return node


def _has_class(kind: Type) -> bool:
    rest = [kind]
    while rest:
        part = rest.pop()
        if part.name == "array" or part is types.VALUE_TYPE:
            return False
        rest += part.parts
    return True


def constant_node(constant: types.Constant) -> nodes.Constant:
    """The node for a constant."""
    if not _has_class(constant.type):
        return nodes.BuiltinOther(constant)
    node: nodes.Constant = folded((constant.type, constant.value), _typed_parts, _constant_node)
    return node


# ------------------------------------------------------------ terms

_LEAVE, _BUILD = object(), object()


def term_of(node: AST) -> Term:
    """The term that a node stands for. Raises :class:`FreeVariableError`, :class:`TypeError` for what is no node."""
    done: list[Any] = []
    bound: dict[str, list[int]] = {}  # the depths of the binders of each name that are open
    depth = 0
    rest: list[Any] = [node]
    while rest:
        item = rest.pop()
        if item is _LEAVE:
            name = rest.pop()
            bound[name].pop()
            depth -= 1
            done.append(terms.Lam(done.pop(), name))
        elif item is _BUILD:
            like = rest.pop()
            if isinstance(like, nodes.Apply):
                argument = done.pop()
                done.append(terms.Apply(done.pop(), argument))
            elif isinstance(like, nodes.Force | nodes.BoundStateDelay):
                done.append((terms.Force if isinstance(like, nodes.Force) else terms.Delay)(done.pop()))
            elif isinstance(like, nodes.Constr):
                cut = len(done) - len(like.fields)
                done[cut:] = [terms.Constr(like.tag, tuple(done[cut:]))]
            else:
                cut = len(done) - len(like.branches)
                done[cut - 1 :] = [terms.Case(done[cut - 1], tuple(done[cut:]))]
        elif isinstance(item, nodes.Variable):
            depths = bound.get(item.name)
            if not depths:
                raise FreeVariableError(f"nothing binds the variable {item.name}")
            done.append(terms.Var(depth - depths[-1], item.name))
        elif isinstance(item, nodes.BoundStateLambda | nodes.BoundStateDelay) and item.state:
            rest.append(with_state(item))
        elif isinstance(item, nodes.BoundStateLambda):
            bound.setdefault(item.var_name, []).append(depth)
            depth += 1
            rest += (item.var_name, _LEAVE, item.term)
        elif isinstance(item, nodes.Constant):
            done.append(terms.Const(constant_of(item)))
        elif isinstance(item, nodes.ForcedBuiltIn):
            made: Any = terms.Builtin(item.builtin.value)
            for _ in range(item.applied_forces):
                made = terms.Force(made)
            if item.bound_arguments:
                rest.append(applied(item))
            else:
                done.append(made)
        elif isinstance(item, nodes.Error):
            done.append(terms.Error())
        elif isinstance(item, nodes.Apply | nodes.Force | nodes.BoundStateDelay | nodes.Constr | nodes.Case):
            rest += (item, _BUILD, *reversed(_parts(item)))
        else:
            raise TypeError(f"{type(item).__name__} is no term")
    term: Term = done[0]
    return term


def _parts(node: Any) -> list[AST]:
    if isinstance(node, nodes.Apply):
        return [node.f, node.x]
    if isinstance(node, nodes.Constr):
        return node.fields
    return [node.scrutinee, *node.branches] if isinstance(node, nodes.Case) else [node.term]


def with_state(node: Any) -> AST:
    """A closure as the application of functions that bind what its state holds."""
    made: AST = nodes.Lambda(node.var_name, node.term) if isinstance(node, nodes.BoundStateLambda) else nodes.Delay(node.term)
    for name, value in reversed(node.state.items()):
        made = nodes.Apply(nodes.Lambda(name, made), value)
    return made


def applied(node: nodes.ForcedBuiltIn) -> AST:
    """A builtin with arguments as applications."""
    made: AST = nodes.BuiltIn(node.builtin, node.applied_forces)
    for argument in node.bound_arguments:
        made = nodes.Apply(made, argument)
    return made


def node_of_term(term: Term) -> AST:
    """The node for a term. Variables keep the names of their binders, as far as no binder around has the same."""
    done: list[Any] = []
    names: list[str] = []
    taken: set[str] = set()
    made_up = 0
    rest: list[Any] = [term]
    while rest:
        item = rest.pop()
        if item is _LEAVE:
            name = names.pop()
            taken.discard(name)
            done.append(nodes.Lambda(name, done.pop()))
        elif item is _BUILD:
            like = rest.pop()
            if isinstance(like, terms.Apply):
                argument = done.pop()
                done.append(nodes.Apply(done.pop(), argument))
            elif isinstance(like, terms.Force | terms.Delay):
                done.append((nodes.Force if isinstance(like, terms.Force) else nodes.Delay)(done.pop()))
            elif isinstance(like, terms.Constr):
                cut = len(done) - len(like.fields)
                done[cut:] = [nodes.Constr(like.tag, done[cut:])]
            else:
                cut = len(done) - len(like.branches)
                done[cut - 1 :] = [nodes.Case(done[cut - 1], done[cut:])]
        elif isinstance(item, terms.Var):
            done.append(nodes.Variable(names[-item.index]))
        elif isinstance(item, terms.Lam):
            name = item.name
            while not name or name in taken:
                name, made_up = f"v{made_up}", made_up + 1
            names.append(name)
            taken.add(name)
            rest += (_LEAVE, item.body)
        elif isinstance(item, terms.Const):
            done.append(constant_node(item.constant))
        elif isinstance(item, terms.Builtin):
            done.append(nodes.BuiltIn(nodes.BuiltInFun(item.number)))
        elif isinstance(item, terms.Error):
            done.append(nodes.Error())
        elif isinstance(item, terms.Apply):
            rest += (item, _BUILD, item.argument, item.function)
        elif isinstance(item, terms.Constr):
            rest += (item, _BUILD, *reversed(item.fields))
        elif isinstance(item, terms.Case):
            rest += (item, _BUILD, *reversed(item.branches), item.scrutinee)
        else:
            rest += (item, _BUILD, item.body)
    node: AST = done[0]
    return node
