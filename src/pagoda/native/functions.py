"""Native functions as Python objects: the decorators of typed Python and what runs when CPython calls such a function.

``@native`` marks a function that is lowered to one LLVM function; ``@inline`` one whose body is lowered again at each call,
with whatever is known of its arguments; ``@extern(symbol)`` declares a C function. Called from plain CPython, a native function
runs *unlowered*: its own body, over real memory, with fixed-width numbers that raise where the lowered code would overflow.

What must hold: decorating costs next to nothing, since every module of native code is imported at start; source is read and
parsed only when a function is lowered or first called unlowered.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

from pagoda.native import types

P = ParamSpec("P")
R = TypeVar("R")


class NativeFunction(Generic[P, R]):
    """A function of the native subset.

    ``inlined``: lowered at each call. ``symbol``: its name in objects. ``cold`` functions are kept out of the hot text and never
    inlined by LLVM.
    """

    def __init__(self, python: Callable[P, R], *, inlined: bool = False, cold: bool = False, external: str = "", library: str = "") -> None:
        self.python = python
        self.inlined, self.cold, self.external, self.library = inlined, cold, external, library
        self.__name__ = python.__name__
        self.__doc__ = python.__doc__
        self.__module__ = python.__module__
        self.__wrapped__ = python
        module = python.__module__.removeprefix("pagoda.")
        self.symbol = external or f"{module}.{python.__qualname__}".replace("<locals>.", "")
        self._signature: tuple[list[tuple[str, types.Type | None]], types.Type | None] | None = None
        self._tree: ast.FunctionDef | None = None
        self._unlowered: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return f"<native {self.symbol}>"

    @property
    def signature(self) -> tuple[list[tuple[str, types.Type | None]], types.Type | None]:
        """Parameter names with their types, and the result type. A type is ``None`` where an inline function leaves it open."""
        if self._signature is None:
            names = list(inspect.signature(self.python).parameters)
            hints = get_type_hints(self.python, localns=self._closure_names())
            parameters: list[tuple[str, types.Type | None]] = []
            for name in names:
                parameters.append((name, self._resolve(hints.get(name, Any))))
            result = self._resolve(hints["return"]) if "return" in hints else None
            self._signature = parameters, result
        return self._signature

    def _closure_names(self) -> dict[str, Any]:
        closure = inspect.getclosurevars(self.python).nonlocals if self.python.__closure__ else {}  # type: ignore[attr-defined]
        return dict(closure)

    def _resolve(self, annotation: Any) -> types.Type | None:
        if self.inlined:
            try:
                return types.resolve_type(annotation)
            except TypeError:
                return None
        return types.resolve_type(annotation)

    def lookup(self, name: str) -> Any:
        """The compile-time object a global or closure name of this function means. Raises ``KeyError``."""
        nonlocals = self._closure_names() if self.python.__closure__ else {}  # type: ignore[attr-defined]
        if name in nonlocals:
            return nonlocals[name]
        scope = self.python.__globals__  # type: ignore[attr-defined]
        if name in scope:
            return scope[name]
        builtins = scope["__builtins__"]
        return (builtins if isinstance(builtins, dict) else vars(builtins))[name]

    @property
    def file(self) -> str:
        return self.python.__code__.co_filename  # type: ignore[attr-defined,no-any-return]

    @property
    def tree(self) -> ast.FunctionDef:
        """The function's syntax, with line numbers of its file."""
        if self._tree is None:
            lines, first = inspect.getsourcelines(self.python)
            indent = len(lines[0]) - len(lines[0].lstrip())
            module = ast.parse(textwrap.dedent("".join(lines)))
            node = module.body[0]
            assert isinstance(node, ast.FunctionDef)
            for part in ast.walk(node):
                if hasattr(part, "lineno"):
                    part.lineno += first - 1
                    part.end_lineno = (part.end_lineno or part.lineno) + first - 1
                    part.col_offset += indent
                    part.end_col_offset = (part.end_col_offset or 0) + indent
            self._tree = node
        return self._tree

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._unlowered is None:
            self._unlowered = external_function(self) if self.external else unlowered_function(self)
        return self._unlowered(*args, **kwargs)  # type: ignore[no-any-return]


def native(function: Callable[P, R]) -> NativeFunction[P, R]:
    """Marks a function for lowering to one LLVM function."""
    return NativeFunction(function)


def cold(function: Callable[P, R]) -> NativeFunction[P, R]:
    """As :func:`native`, for a path that is seldom taken: kept out of line and out of the hot text."""
    return NativeFunction(function, cold=True)


def inline(function: Callable[P, R]) -> NativeFunction[P, R]:
    """Marks a function that is lowered into each caller with what is known of its arguments there."""
    return NativeFunction(function, inlined=True)


def extern(symbol: str, library: str = "c") -> Callable[[Callable[P, R]], NativeFunction[P, R]]:
    """Declares the C function ``symbol``. ``library`` is ``"c"`` (libc and libm) or ``"python"`` (CPython's API; called with the GIL)."""

    def decorate(function: Callable[P, R]) -> NativeFunction[P, R]:
        return NativeFunction(function, external=symbol, library=library)

    return decorate


# ---------------------------------------------------------------- unlowered


class _Typed(ast.NodeTransformer):
    """Wraps what is assigned, so that a plain literal becomes the fixed-width number that lowering makes of it."""

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        self.generic_visit(node)
        node.value = _call("__typed__", node.value)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return node
        converted = ast.copy_location(ast.Call(ast.Name("__convert__", ast.Load()), [node.annotation, node.value], []), node.value)
        return ast.copy_location(ast.Assign([node.target], ast.fix_missing_locations(converted)), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AugAssign:
        self.generic_visit(node)
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name) and node.iter.func.id == "range":
            node.iter.func = ast.copy_location(ast.Name("__range__", ast.Load()), node.iter.func)
        return node


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.fix_missing_locations(ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [argument], []), argument))


def typed(item: Any) -> Any:
    """A literal as the number that lowering makes of it: ``int`` is i64, ``float`` is f64; anything else is itself."""
    if type(item) is int:
        return types.I64.python(item)
    if type(item) is float:
        return types.F64.python(item)
    if type(item) is tuple:
        return tuple(typed(part) for part in item)
    return item


def typed_range(*bounds: Any) -> Any:
    kinds = [type(b) for b in bounds if type(b) is not int]
    kind = kinds[0] if kinds else types.I64.python
    return (kind(i) for i in range(*(int(b) for b in bounds)))


def unlowered_function(function: NativeFunction[Any, Any]) -> Callable[..., Any]:
    """The function's own body as CPython code, parameters and result converted to their types."""
    source = function.tree
    node = ast.FunctionDef(
        name=source.name, args=ast.arguments(
            posonlyargs=[], args=[ast.arg(a.arg) for a in source.args.args], vararg=source.args.vararg and ast.arg(source.args.vararg.arg),
            kwonlyargs=[], kw_defaults=[], defaults=[]
        ), body=[_Typed().visit(_copy(statement)) for statement in source.body], decorator_list=[], returns=None, type_comment=None,
    )  # fmt: skip
    if sys.version_info >= (3, 12):
        node.type_params = []  # type: ignore[attr-defined]
    ast.copy_location(node, source)
    names = dict(function._closure_names())
    names.update({"__typed__": typed, "__convert__": _convert, "__range__": typed_range})
    module = ast.fix_missing_locations(ast.Module([node], []))
    scope = _Scope(function.python.__globals__, names)
    exec(compile(module, function.file, "exec"), scope)  # the project's own source, parsed above
    body = scope[source.name]
    parameters, result = function.signature
    if any(kind is None for _, kind in parameters) or function.inlined:
        def loose(*args: Any) -> Any:
            converted = [
                typed(item) if kind is None else types.convert(kind, item) for (_, kind), item in zip(parameters, args, strict=False)
            ]
            converted.extend(args[len(parameters):])
            answer = body(*converted)
            return typed(answer) if result is None else types.convert(result, answer)

        return loose

    def strict(*args: Any) -> Any:
        answer = body(*(types.convert(kind, item) for (_, kind), item in zip(parameters, args, strict=True) if kind is not None))
        return answer if result is None else types.convert(result, answer)

    return strict


def _copy(node: ast.stmt) -> ast.stmt:
    import copy

    return copy.deepcopy(node)


def _convert(annotation: Any, item: Any) -> Any:
    return types.convert(types.resolve_type(annotation), item)


class _Scope(dict[str, Any]):
    """The function's module scope with a few names on top, live: later changes of the module are seen."""

    def __init__(self, module: dict[str, Any], names: dict[str, Any]) -> None:
        super().__init__(module)
        self.update(names)


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


def is_native(item: object) -> bool:
    return isinstance(item, NativeFunction)
