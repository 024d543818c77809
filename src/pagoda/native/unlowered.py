"""Native functions run by CPython: the body itself, over real memory, with numbers that raise where lowered code overflows.

What must hold: where unlowered code gives a result, lowered code gives the same; where it raises ``NativeOverflow`` or
``NativeFault``, a checked build traps.
"""

from __future__ import annotations

import ast
import copy
import ctypes
import sys
from collections.abc import Callable
from types import CellType, CodeType, FunctionType
from typing import Any

from pagoda.native import types
from pagoda.native.functions import NativeFunction


class _Typed(ast.NodeTransformer):
    """Wraps what is assigned, so that it becomes the number of fixed width that lowering makes of it.

    ``kinds`` are the types of the declared names, and the float literals (as f64: 1.0 / 0.0 is infinite), by the name under
    which the compiled code finds them.
    """

    def __init__(self, function: NativeFunction[Any, Any]) -> None:
        self.function = function
        self.declared: dict[str, types.Type] = {name: kind for name, kind in function.signature[0] if kind is not None}
        self.kinds: dict[str, Any] = {}

    def kind(self, kind: Any) -> ast.Name:
        name = f"__kind{len(self.kinds)}__"
        self.kinds[name] = kind
        return ast.Name(name, ast.Load())

    def shape(self, target: ast.expr) -> ast.expr:
        """What ``target`` is declared as: a type, None, or a tuple of such; False for memory, which converts what it gets."""
        if isinstance(target, ast.Tuple):
            return ast.Tuple([self.shape(item) for item in target.elts], ast.Load())
        if isinstance(target, ast.Name) and target.id in self.declared:
            return self.kind(self.declared[target.id])
        return ast.Constant(None if isinstance(target, ast.Name) else False)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.copy_location(self.kind(types.F64.python(node.value)), node) if type(node.value) is float else node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        self.generic_visit(node)
        node.value = _call("__typed__", node.value, self.shape(node.targets[0]))
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.declared[node.target.id] = self.function.annotation(node.annotation)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], _call("__typed__", node.value, self.shape(node.target))), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        current = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        value = ast.copy_location(ast.BinOp(current, node.op, node.value), node)
        return ast.copy_location(ast.Assign([node.target], _call("__typed__", value, self.shape(node.target))), node)

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range":
            node.iter.func = ast.copy_location(ast.Name("__range__", ast.Load()), node.iter.func)
        return node


def _call(name: str, argument: ast.expr, *more: ast.expr) -> ast.Call:
    call = ast.Call(ast.Name(name, ast.Load()), [argument, *more], [])
    return ast.fix_missing_locations(ast.copy_location(call, argument))


def typed(item: Any, kind: Any = None) -> Any:
    """``item`` as lowering would bind it to a name: of a declared ``kind``; else ``int`` is i64, ``float`` is f64."""
    if isinstance(kind, types.Type):
        return types.convert(kind, item)
    if kind is False:
        return item
    if type(item) is int:
        return types.I64.python(item)
    if type(item) is float:
        return types.F64.python(item)
    if type(item) is tuple:
        return tuple(map(typed, item, kind)) if kind and len(kind) == len(item) else tuple(map(typed, item))
    return item


def typed_range(*bounds: Any) -> Any:
    kinds = [type(b) for b in bounds if type(b) is not int]
    kind = kinds[0] if kinds else types.I64.python
    return (kind(i) for i in range(*(int(b) for b in bounds)))


def unlowered_function(function: NativeFunction[Any, Any]) -> Callable[..., Any]:
    """The function's own body as CPython code, parameters and result converted to their types."""
    source, python = function.tree, function.python
    parameters, result = function.signature
    transformer = _Typed(function)
    body = [transformer.visit(copy.deepcopy(statement)) for statement in source.body]
    given = ast.arguments(
        posonlyargs=[], args=[ast.arg(a.arg) for a in source.args.args],
        vararg=ast.arg(source.args.vararg.arg) if source.args.vararg else None, kwonlyargs=[], kw_defaults=[], defaults=[],
    )  # fmt: skip
    inner = ast.copy_location(ast.FunctionDef("__inner__", given, body, [], None, None), source)
    # The helpers come in as closure variables of an outer function, so that the globals are the module's own, live, and its
    # closure variables the function's own cells.
    helpers = {"__typed__": typed, "__range__": typed_range, **transformer.kinds}
    closed = [*helpers, *(name for name in python.__code__.co_freevars if name not in helpers)]
    take = ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in closed], kwonlyargs=[], kw_defaults=[], defaults=[])
    outer = ast.FunctionDef("__outer__", take, [inner], [], None, None)
    if sys.version_info >= (3, 12):
        inner.type_params = outer.type_params = []  # type: ignore[attr-defined]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    compiled = compile(module, function.file, "exec")  # the project's own source, parsed above
    code = _inner_code(_inner_code(compiled, "__outer__"), "__inner__")  # under its own name it would hide the global it calls
    own = dict(zip(python.__code__.co_freevars, python.__closure__ or (), strict=True))
    cells = tuple(CellType(helpers[name]) if name in helpers else own[name] for name in code.co_freevars)
    run = FunctionType(code.replace(co_name=source.name), python.__globals__, source.name, None, cells)
    names = [name for name, _ in parameters]
    if source.args.vararg is not None:
        return lambda *args: typed(run(*map(typed, args)), result)

    def unlowered(*args: Any, **named: Any) -> Any:
        if named:
            args += tuple(named.pop(name) for name in names[len(args):] if name in named)
        if named or len(args) != len(names):
            raise TypeError(f"{source.name} takes {len(names)} arguments")
        answer = run(*(typed(item, kind) for (_, kind), item in zip(parameters, args, strict=True)))
        return typed(answer, result)

    return unlowered


def _inner_code(code: CodeType, name: str) -> CodeType:
    return next(item for item in code.co_consts if isinstance(item, CodeType) and item.co_name == name)


def external_function(function: NativeFunction[Any, Any]) -> Callable[..., Any]:
    """The C function, called through ctypes."""
    parameters, result = function.signature
    library = ctypes.pythonapi if function.library == "python" else ctypes.CDLL(None)
    callable_ = library[function.external]  # a fresh object per index: argtypes set here are nobody else's
    callable_.argtypes = [_ctype(kind) for _, kind in parameters]
    callable_.restype = None if isinstance(result, types.Void) else _ctype(result)

    def call(*args: Any) -> Any:
        raw = []
        for (_, kind), item in zip(parameters, args, strict=True):
            assert kind is not None
            converted = types.convert(kind, item)
            raw.append(converted.address if hasattr(converted, "address") else converted)
        answer = callable_(*raw)
        if result is None or isinstance(result, types.Void):
            return None
        if isinstance(result, types.Reference):
            return result.python(answer or 0)
        if isinstance(result, types.Bool):
            return bool(answer)
        return types.convert(result, answer or 0 if isinstance(result, types.Pointer) else answer)

    return call


def _ctype(kind: types.Type | None) -> Any:
    if isinstance(kind, types.Scalar):
        return types._CTYPES[kind.name]
    if isinstance(kind, types.Bool):
        return ctypes.c_uint8
    return ctypes.c_void_p
