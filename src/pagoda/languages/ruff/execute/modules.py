"""Modules on the native storey: code that joins the living program when the import is reached, and names that are copied.

A module has globals of its own in the program's one row. What it exports is kept here as it is when its top level has ended;
an import copies it into the importer's globals. What must hold: a value kept here owns a reference, given back by
:meth:`VmModules.close`.
"""

from __future__ import annotations

from pagoda.languages.ruff.compile.program import ImportRequest, Unsupported
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.execute.host import FUNCTION_TAG, HOLE_TAG, NO_PLACE, VmFunction
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.modules import Loading, Modules, ModuleText
from pagoda.languages.ruff.values import Dict, Value
from pagoda.machine.linker import TooLarge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.ruff.execute.program import LoadedProgram

    Words = tuple[int, int]  # a value as it lies in memory: tag and payload


class VmModules:
    """The modules of one loaded program."""

    def __init__(self, program: LoadedProgram) -> None:
        self.program = program
        self.files = program.compiled.modules or Modules(getattr(program.state.source, "name", ""))
        self.kept: list[Words] = []

    def bind(self, request: ImportRequest) -> Value:
        """Does what an import statement asks for; the answer is a dict of everything that the module exports, if that is bound.

        Raises ``RuffError``, and what ends a program while the module runs.
        """
        exports = self.files.load(request.module, request.importer.path, NO_PLACE, self.run, self.program.state)
        names = exports.chosen(request.names)
        if request.names is None and request.foreseen is not None:
            self.refuse_surprises(request, names)
        for name in names:
            number = request.importer.globals.get(name)
            if number is None and request.importer.growing:
                number = request.importer.global_number(name)
                self.program.show_globals()
            if number is not None:  # else no code of the importer mentions it
                self.program.set_global(number, exports.values[name])
            request.importer.overwritten.add(name)
        if request.names is not None:
            return None
        return Dict({name: self.program.value_of(*exports.values[name]) for name in names})

    def refuse_surprises(self, request: ImportRequest, names: list[str]) -> None:
        """A file that has changed since the importer was compiled must not overwrite what that code takes for granted."""
        assert request.foreseen is not None
        for name in names:
            if name not in request.foreseen and name in request.importer.relied:
                title = ".".join(request.module)
                raise RuffError(f"Module '{title}' changed while the program was running: it now exports '{name}'")

    def run(self, text: ModuleText, begun: Loading) -> dict[str, Words]:
        """Compiles, adds and runs a module; its exported values, as they are then."""
        from pagoda.languages.ruff.compile.function import compile_program

        program = self.program
        first = program.globals_made
        try:
            compiled = compile_program(
                text.program, NUMBERS, path=text.source.name, modules=self.files, living=program.compiled, name=text.label
            )
            code = program.extend(compiled, text.source)
        except Unsupported as missing:
            error = RuffError(f"{missing.what} is not available on this storey yet", missing.span)
            error.leave(text.label, NO_PLACE, text.source)
            raise error from None
        except TooLarge as large:
            raise RuffError(str(large)) from None
        begun.place = first, program.globals_made
        program.enter_free(VmFunction(program, FUNCTION_TAG, code, text.label))
        if program.state.tasks is not None:
            self.kept += program.state.tasks.storey.keep(*begun.place)
        values = {}
        for name in text.exports:
            number = compiled.globals.get(name)
            if number is not None:
                tag, payload = program.get_global(number)
                if tag != HOLE_TAG:
                    program.retain(tag, payload)
                    values[name] = tag, payload
                    self.kept.append((tag, payload))
        return values

    def close(self) -> None:
        """Gives back what is kept."""
        kept, self.kept = self.kept, []
        for tag, payload in kept:
            self.program.release(tag, payload)
