"""Modules: where they are found, reading each once, cycles, and what an import says when it fails; shared by all storeys.

Candidates for ``a.b`` are ``a.b.ruff`` and ``a/b.ruff``, looked for beside the importing file and then beside the program.
Names come from ``export`` statements alone. An import needs no capability: a module lies below the program's folder and is
part of the program, which the user has asked to run. A task that imports what another task is loading waits for it. What must
hold: a module's top level runs once in a run unless it fails, no two tasks wait for each other here, and no error of reading or
running a module leaves :meth:`Modules.load` as anything but a ``RuffError``.
"""

from __future__ import annotations

import os

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.source import DiagnosticError, Source
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pagoda.languages.ruff.tasks import Scheduler, Task

MAX_SIZE = 1024 * 1024  # bytes of one file


class ModuleText(Record, eq=False):
    """A module as it was read: its resolved tree, the names it exports, and apart from those the enums, which bind nothing."""

    title: str
    source: Source
    program: tree.Program
    exports: tuple[str, ...]
    enums: frozenset[str]

    @property
    def label(self) -> str:
        """What its top level is called in a stack."""
        return f"<module {self.title}>"


class Loading:
    """A module whose top level runs: the task that does it (``None``: the program itself) and the tasks that wait for its end.

    ``place``: its globals, in whatever form the storey has them; ``None`` before there are any.
    """

    __slots__ = ("place", "task", "title", "waiters")

    def __init__(self, title: str, task: Task | None) -> None:
        self.title, self.task = title, task
        self.place: Any = None
        self.waiters: list[Task] = []


class Modules:
    """The modules of one run. ``program`` is the path of the program's file, as the user gave it.

    It is resolved at once, so that a program may change its folder. A source is named by its path, relative where the program's
    is.
    """

    def __init__(self, program: str) -> None:
        self.folder = os.path.realpath(os.path.dirname(program) or ".")
        self.beside = "" if os.path.isabs(program) else os.path.join(os.path.realpath("."), "")
        self.paths: dict[str, str] = {}  # of sources by name
        self.loaded: dict[str, Exports] = {}
        self.loading: dict[str, Loading] = {}  # by path, outermost first
        self.awaited: dict[Task | None, Loading] = {}  # by the task that waits
        self.tables: list[dict[str, Any]] = []  # the globals of those that have begun, where a storey has them as dicts
        self.calm: set[str] = set()  # files that a compiler has looked into and found without overloads, imports included
        self.texts: dict[tuple[str, int, int], ModuleText] = {}

    def find(self, module: list[str], importer: str) -> str:
        """The resolved path of a module that the file ``importer`` asks for (empty: the program). Raises ``RuffError``."""
        title = ".".join(module)
        folders = [os.path.dirname(self.paths.get(importer, importer))] if importer else []
        for folder in (*folders, self.folder):
            root = os.path.realpath(folder)
            for candidate in (f"{title}.ruff", os.path.join(*module) + ".ruff"):
                path = os.path.realpath(os.path.join(root, candidate))
                if os.path.isfile(path) and path.startswith(os.path.join(root, "")):
                    return path
        raise RuffError(
            f"Module not found: {title}; Check that '{title}' exists as a flat <module>.ruff file or a nested src/... path"
        )

    def read(self, path: str, title: str) -> ModuleText:
        """A module's text, parsed and resolved; read again only if the file has changed.

        Raises ``DiagnosticError``, ``OSError``, ``UnicodeDecodeError``, and ``RuffError`` for a file that is too large.
        """
        status = os.stat(path)
        key = path, status.st_mtime_ns, status.st_size
        found = self.texts.get(key)
        if found is None:
            if status.st_size > MAX_SIZE:
                raise RuffError("source is too large")
            with open(path, encoding="utf-8") as stream:
                text = stream.read()
            name = path.removeprefix(self.beside)
            self.paths[name] = path
            found = self.texts[key] = _parsed(title, Source(name, text))
        return found

    def load(
        self, module: list[str], importer: str, span: Span, run: Callable[[ModuleText, Loading], dict[str, Any]], context: Any
    ) -> Exports:
        """What a module offers. ``run`` gives its exported values, when it is first asked for.

        ``span``: the import's, for the stack of an error in the module. ``context``: what has the program's ``tasks``. Raises
        ``RuffError``, without a place where it is the import itself that failed.
        """
        title = ".".join(module)
        path = self.find(module, importer)
        while path in self.loading:
            self.wait(self.loading[path], title, context.tasks)
        if path in self.loaded:
            return self.loaded[path]
        begun = self.loading[path] = Loading(title, running(context.tasks))
        try:
            text = self.read(path, title)
            answer = Exports(title, run(text, begun), text.enums)
        except RuffError as error:
            failed = RuffError(f"Failed to evaluate module '{title}': {error.message}", error.span)
            failed.stack, failed.sources = error.stack, error.sources
            raise failed from None
        except DiagnosticError as error:
            first = error.diagnostics[0]
            failed = RuffError(f"Failed to evaluate module '{title}': {first.message}", first.span)
            failed.leave(f"<module {title}>", span, error.source)
            raise failed from None
        except (OSError, UnicodeDecodeError) as error:
            raise RuffError(f"Failed to read module '{title}': {error}") from None
        finally:
            del self.loading[path]
            if begun.waiters:
                context.tasks.wake_all(begun.waiters)
        self.loaded[path] = answer
        return answer

    def wait(self, module: Loading, title: str, tasks: Scheduler | None) -> None:
        """Waits until a module is loaded, or could not be. Raises ``RuffError`` where that would wait for the running task."""
        me = running(tasks)
        chain = [other.title for other in self.loading.values() if other.task is me]
        wanted, name = module, title
        while True:
            chain.append(name)
            if wanted.task is me:
                raise RuffError(f"Circular import detected: {' -> '.join(chain)}")
            following = self.awaited.get(wanted.task)
            if following is None:
                break
            begun = [other for other in self.loading.values() if other.task is wanted.task]
            chain += [other.title for other in begun[begun.index(wanted) + 1 :]]
            wanted, name = following, following.title
        assert tasks is not None
        self.awaited[me] = module
        try:
            tasks.wait(module.waiters)
        finally:
            del self.awaited[me]

    def begun_by_others(self, tasks: Scheduler) -> list[Any]:
        """The globals of the modules that tasks other than the running one are loading."""
        me = running(tasks)
        return [module.place for module in self.loading.values() if module.task is not me and module.place is not None]


class Exports(Record, eq=False):
    """What a module that has run offers: values by name, in whatever form the storey keeps them, and its enums."""

    title: str
    values: dict[str, Any]
    enums: frozenset[str]

    def chosen(self, names: list[str] | None) -> list[str]:
        """Those of the imported ``names`` (``None``: all) that have a value. Raises ``RuffError`` for one that is not there."""
        if names is None:
            return list(self.values)
        for name in names:
            if name not in self.values and name not in self.enums:
                raise RuffError(f"Symbol '{name}' not found in module '{self.title}'")
        return [name for name in names if name in self.values]


def running(tasks: Scheduler | None) -> Task | None:
    """The running task; ``None`` for the program itself, whether or not it has tasks."""
    return None if tasks is None or tasks.current is tasks.main else tasks.current


def _parsed(title: str, source: Source) -> ModuleText:
    from pagoda.languages.ruff.library.registry import builtin_names
    from pagoda.languages.ruff.syntax.parser import parse
    from pagoda.languages.ruff.syntax.resolve import resolve

    program = parse(source)
    resolve(program, builtins=builtin_names(), interactive=True)  # so that every top-level variable is a global
    exported = [node.statement for node in program.main.body.statements if isinstance(node, tree.Export)]
    names = tuple(dict.fromkeys(name for statement in exported for name in _names(statement)))
    enums = frozenset(statement.name for statement in exported if isinstance(statement, tree.EnumStatement))
    return ModuleText(title, source, program, names, enums)


def _names(node: tree.Statement) -> Iterator[str]:
    if isinstance(node, tree.FunctionStatement):
        yield node.function.name
    elif isinstance(node, tree.StructStatement | tree.AssignName):
        yield node.name
    elif isinstance(node, tree.Declaration):
        from pagoda.languages.ruff.syntax.toplevel import pattern_names

        for name in pattern_names(node.pattern):
            yield name.name
