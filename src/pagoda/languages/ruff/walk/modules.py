"""Modules: finding, running once, and the names that they export.

A module runs in a table of globals of its own. Candidates for ``a.b`` are ``a.b.ruff`` and ``a/b.ruff``, looked for
beside the importing file and then beside the program. Names come from ``export`` statements alone.
"""

from __future__ import annotations

import os

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.values import CONTAINERS, Dict, Value
from pagoda.languages.ruff.walk.state import EarlyReturn, Frame, State, depth_error
from pagoda.languages.ruff.walk.translator import Module, Translator
from pagoda.machine.source import DiagnosticError, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SIZE = 1024 * 1024


class _Modules:
    """The modules of one run: those loaded, by path, and those being loaded now, in order."""

    def __init__(self, program: str) -> None:
        self.folder = os.path.dirname(program) or "."
        self.loaded: dict[str, dict[str, Value]] = {}
        self.loading: list[tuple[str, str]] = []  # (path, module name)


def import_names(state: State, module: list[str], names: list[str] | None, frame: Frame, span: Span) -> dict[str, Value]:
    """Load a module if need be; gives the names that an import statement binds."""
    modules = state.storage.get("modules")
    if modules is None:
        modules = state.storage["modules"] = _Modules(getattr(state.source, "name", ""))
    title = ".".join(module)
    try:
        require(state, "filesystem-read", "import")
        exports = _exports(state, modules, module, title, frame)
    except RuffError as error:
        raise RuffError(error.message, span) from None
    if names is None:
        members: dict[int | str, Value] = dict(exports.items())
        return {**exports, module[-1]: Dict(members)}
    bound: dict[str, Value] = {}
    for name in names:
        if name not in exports:
            raise RuffError(f"Symbol '{name}' not found in module '{title}'", span)
        bound[name] = exports[name]
    return bound


def _find(modules: _Modules, module: list[str], title: str) -> str:
    folders = [os.path.dirname(modules.loading[-1][0])] if modules.loading else []
    for folder in (*folders, modules.folder):
        root = os.path.realpath(folder)
        for candidate in (f"{title}.ruff", os.path.join(*module) + ".ruff"):
            path = os.path.realpath(os.path.join(root, candidate))
            if os.path.isfile(path) and path.startswith(os.path.join(root, "")):
                return path
    raise RuffError(
        f"Module not found: {title}; Check that '{title}' exists as a flat <module>.ruff file or a nested src/... path"
    )


def _exports(state: State, modules: _Modules, module: list[str], title: str, frame: Frame) -> dict[str, Value]:
    path = _find(modules, module, title)
    if path in modules.loaded:
        return modules.loaded[path]
    if any(path == other for other, _ in modules.loading):
        chain = " -> ".join([*(name for _, name in modules.loading), title])
        raise RuffError(f"Circular import detected: {chain}")
    modules.loading.append((path, title))
    try:
        exports = _run(state, path, frame)
    except RuffError as error:
        raise RuffError(f"Failed to evaluate module '{title}': {error.message}") from None
    except DiagnosticError as error:
        raise RuffError(f"Failed to evaluate module '{title}': {error.diagnostics[0].message}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuffError(f"Failed to read module '{title}': {error}") from None
    finally:
        modules.loading.pop()
    modules.loaded[path] = exports
    return exports


def _run(state: State, path: str, frame: Frame) -> dict[str, Value]:
    from pagoda.languages.ruff.walk.run import main_frame
    from pagoda.languages.ruff.walk.statements import hoisted

    if os.path.getsize(path) > MAX_SIZE:
        raise RuffError("source is too large")
    with open(path, encoding="utf-8") as stream:
        source = Source(path, stream.read())
    program = parse(source)
    resolve(program, builtins=builtin_names(), interactive=True)  # so that every top-level variable is a global
    module = Module(source)
    translator = Translator(state, program.main, module)
    inner = main_frame(program.main)
    if frame[0] >= state.max_depth:
        raise depth_error(state.max_depth, "<module>")
    inner[0], inner[2] = frame[0] + 1, frame
    try:
        hoisted(translator, program.main.body.statements)(inner)
    except EarlyReturn:
        pass
    exported = [
        name for node in program.main.body.statements if isinstance(node, tree.Export) for name in _names(node.statement)
    ]
    values = {name: module.globals[name] for name in exported if name in module.globals}
    for value in values.values():
        if value.__class__ in CONTAINERS:
            value.shared = True
    return values


def _names(node: Any) -> list[str]:
    if isinstance(node, tree.FunctionStatement):
        return [node.function.name]
    if isinstance(node, (tree.StructStatement, tree.EnumStatement, tree.AssignName)):
        return [node.name]
    if isinstance(node, tree.Declaration):
        return _pattern_names(node.pattern)
    return []


def _pattern_names(pattern: Any) -> list[str]:
    if isinstance(pattern, tree.NamePattern):
        return [pattern.name]
    inner = pattern.items if isinstance(pattern, tree.ArrayPattern) else pattern.names
    names = [name for item in inner for name in _pattern_names(item)]
    return names if pattern.rest is None else [*names, pattern.rest.name]
