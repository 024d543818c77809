"""What imports will bring, as far as their files tell when the importing program is compiled.

A name that ``import m`` binds may be that of a builtin or of a function, and a module may define what operators do. The
compiler looks into the files, so that a program with imports is compiled as well as one without; what it took for granted is
checked when the import is reached. Where a file cannot be read yet, it assumes the worst, and what is wrong with the file is
told when the import is reached.
"""

from __future__ import annotations

from pagoda.languages.ruff.compile.survey import Survey, survey
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.modules import Modules, ModuleText
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.source import DiagnosticError


class Foresight:
    """The view from one program or module, whose file is ``path`` (empty: the program itself)."""

    def __init__(self, modules: Modules | None, path: str) -> None:
        self.modules, self.path = modules, path

    def text(self, module: list[str], path: str) -> ModuleText | None:
        """The module that the file ``path`` means, if it can be read."""
        if self.modules is None:
            return None
        try:
            return self.modules.read(self.modules.find(module, path), ".".join(module))
        except (RuffError, DiagnosticError, OSError, UnicodeDecodeError):
            return None

    def names(self, node: tree.Import) -> frozenset[str] | None:
        """What an import without a list binds beside the module's name; ``None`` if that is not known."""
        text = self.text(node.module, self.path)
        return None if text is None else frozenset(text.exports)

    def overloads(self, found: Survey) -> bool:
        """Whether a module that is imported, however indirectly, may define what operators do."""
        seen: set[str] = set()
        work = [(node, self.path) for node in found.imports]
        while work:
            node, path = work.pop()
            text = self.text(node.module, path)
            if text is None:
                return True
            path = text.source.name
            if path not in seen and self.modules is not None and path not in self.modules.calm:
                seen.add(path)
                inner = survey(text.program)
                if inner.overloads:
                    return True
                work.extend((further, path) for further in inner.imports)
        if self.modules is not None:
            self.modules.calm |= seen
        return False
