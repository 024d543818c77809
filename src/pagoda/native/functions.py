"""Native functions as Python objects: the decorators of typed Python and what runs when CPython calls such a function.

``@native`` marks a function that is lowered to one LLVM function; ``@inline`` one whose body is lowered again at each call,
with whatever is known of its arguments; ``@extern(symbol)`` declares a C function. Called from plain CPython, a native function
runs *unlowered*: its own body, over real memory, with fixed-width numbers that raise where the lowered code would overflow.

What must hold: decorating costs next to nothing, since every module of native code is imported at start; source is read and
parsed only when a function is lowered or first called unlowered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, ParamSpec, TypeVar, get_type_hints

from pagoda.native import types
from pagoda.native.errors import NativeError

# Programs that start from cached code define native functions but read none: what reading needs is imported by then.
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


class NativeFunction(Generic[P, R]):
    """A function of the native subset.

    ``inlined``: lowered at each call. ``symbol``: its name in objects. ``cold`` functions are kept out of the hot text and
    never inlined by LLVM.
    """

    def __init__(
        self, python: Callable[P, R], *, inlined: bool = False, cold: bool = False, external: str = "", library: str = ""
    ) -> None:
        self.python: Any = python
        self.inlined, self.cold, self.external, self.library = inlined, cold, external, library
        self.__name__ = python.__name__
        self.__doc__ = python.__doc__
        self.__module__ = python.__module__
        self.__wrapped__ = python
        module = python.__module__.removeprefix("pagoda.")
        self.symbol = external or f"{module}.{python.__qualname__}".replace("<locals>.", "")
        self.local = "<locals>" in python.__qualname__  # made inside a function: others may bear the same name
        self._globals: dict[str, Any] = self.python.__globals__
        self._freevars: tuple[str, ...] = self.python.__code__.co_freevars
        self._signature: tuple[list[tuple[str, types.Type | None]], types.Type | None] | None = None
        self._tree: ast.FunctionDef | None = None
        self._unlowered: Callable[..., Any] | None = None
        self._stored: frozenset[str] | None = None
        self._annotations: dict[ast.expr, types.Type] = {}
        self._changed: dict[ast.AST, frozenset[str]] = {}

    def __repr__(self) -> str:
        return f"<native {self.symbol}>"

    @property
    def signature(self) -> tuple[list[tuple[str, types.Type | None]], types.Type | None]:
        """Parameter names with their types, and the result type. A type is ``None`` where an inline function leaves it open."""
        if self._signature is None:
            import inspect

            found = inspect.signature(self.python).parameters
            for parameter in found.values():
                starred = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
                special = parameter.default is not parameter.empty or parameter.kind is parameter.KEYWORD_ONLY
                if special or (starred and not self.inlined):
                    message = "a native function has plain parameters: no defaults, no stars, none by keyword only"
                    self._refuse(message, self._place(parameter.name))
            try:
                hints = get_type_hints(self.python, localns=self._closure_names())
            except (NameError, TypeError, AttributeError, SyntaxError) as problem:
                self._refuse(f"annotation: {problem}", None)
            parameters = [(name, self._resolve(hints.get(name, Any), name)) for name in found]
            result = self._resolve(hints["return"], "return") if "return" in hints else None
            if result is None and not self.inlined:
                self._refuse("a native function's result has an annotation", None)
            self._signature = parameters, result
        return self._signature

    def _refuse(self, message: str, node: ast.expr | ast.arg | ast.FunctionDef | None) -> NoReturn:
        place = node or self.tree
        raise NativeError(message, self.file, place.lineno, place.col_offset + 1)

    def _place(self, parameter: str) -> ast.arg | ast.expr | None:
        """Where a parameter, or the ``return`` annotation, stands."""
        if parameter == "return":
            return self.tree.returns
        import ast

        return next((a for a in ast.walk(self.tree.args) if isinstance(a, ast.arg) and a.arg == parameter), None)

    def _closure_names(self) -> dict[str, Any]:
        names = {}
        for name, cell in zip(self.python.__code__.co_freevars, self.python.__closure__ or (), strict=True):
            try:
                names[name] = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
        return names

    def _resolve(self, annotation: Any, name: str) -> types.Type | None:
        try:
            return types.resolve_type(annotation)
        except TypeError as problem:
            if self.inlined:
                return None
            message = f"{name!r} has no type" if annotation is Any else str(problem)
            self._refuse(message, self._place(name))

    def lookup(self, name: str) -> Any:
        """The compile-time object a global or closure name of this function means. Raises ``KeyError``."""
        if self._freevars and name in self._freevars:
            return self._closure_names()[name]
        scope = self._globals
        if name in scope:
            return scope[name]
        builtins = scope["__builtins__"]
        return (builtins if isinstance(builtins, dict) else vars(builtins))[name]

    @property
    def stored(self) -> frozenset[str]:
        """The names that are local to the function, as Python counts them."""
        if self._stored is None:
            code = self.python.__code__
            self._stored = frozenset(code.co_varnames) | frozenset(code.co_cellvars)
        return self._stored

    def annotation(self, node: ast.expr) -> types.Type:
        """The type that an annotation in the body means. Raises ``TypeError``."""
        found = self._annotations.get(node)
        if found is None:
            import ast

            scope = {**self.python.__globals__, **self._closure_names()}
            code = compile(ast.Expression(node), self.file, "eval")
            try:
                named = eval(code, scope)  # an annotation of the project's own source
                if isinstance(named, str):  # quoted
                    named = eval(named, scope)
            except (NameError, AttributeError, SyntaxError) as problem:
                raise TypeError(f"annotation: {problem}") from None
            found = self._annotations[node] = types.resolve_type(named)
        return found

    def changed(self, loop: ast.While | ast.For) -> frozenset[str]:
        """The names that the body of a loop may assign."""
        found = self._changed.get(loop)
        if found is None:
            import ast

            parts = (part for statement in loop.body for part in ast.walk(statement))
            found = frozenset(part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
            self._changed[loop] = found
        return found

    @property
    def file(self) -> str:
        return self.python.__code__.co_filename  # type: ignore[no-any-return]

    @property
    def tree(self) -> ast.FunctionDef:
        """The function's syntax, with line numbers of its file."""
        if self._tree is None:
            import ast

            first = self.python.__code__.co_firstlineno
            node = _functions_of(self.file).get((first, self.python.__name__))
            if not isinstance(node, ast.FunctionDef):
                what = "its source cannot be read" if node is None else "it is no plain def"
                raise NativeError(f"{self.__name__} is no native function: {what}", self.file, first, 1)
            self._tree = node
        return self._tree

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._unlowered is None:
            from pagoda.native import unlowered

            self._unlowered = unlowered.external_function(self) if self.external else unlowered.unlowered_function(self)
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
    """Declares the C function ``symbol``.

    ``library`` is ``"c"`` (libc and libm) or ``"python"`` (CPython's API; called with the GIL).
    """

    def decorate(function: Callable[P, R]) -> NativeFunction[P, R]:
        return NativeFunction(function, external=symbol, library=library)

    return decorate


def is_native(item: object) -> bool:
    return isinstance(item, NativeFunction)


_trees: dict[str, tuple[list[str], dict[tuple[int, str], ast.AST]]] = {}


def _functions_of(file: str) -> dict[tuple[int, str], ast.AST]:
    """The functions of a file by first line (that of the first decorator) and name: each file is parsed once."""
    import ast
    import linecache

    linecache.checkcache(file)
    lines = linecache.getlines(file)
    known = _trees.get(file)
    if known is None or known[0] is not lines:
        found: dict[tuple[int, str], ast.AST] = {}
        for node in ast.walk(ast.parse("".join(lines))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
                found[first, node.name] = node
        known = _trees[file] = lines, found
    return known[1]
