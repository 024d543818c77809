"""A program on the native storey that grows by inputs: each is compiled, added to the living program and run in it.

What must hold: after an input has ended, however it ended, the next one can run. Inputs share one set of globals, so code sees
what later inputs define; a builtin that an input called stays that builtin there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.compile.program import NO_ANSWER, CompiledProgram, Unsupported
from pagoda.languages.ruff.ending import with_tasks
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.execute.host import FUNCTION_TAG, HOLE_TAG, VmFunction, word_at
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import attended
from pagoda.languages.ruff.execute.views import global_view, view
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.modules import Modules
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.values import GuestFunction, Struct, StructDefinition, Value
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.linker import TooLarge
from pagoda.machine.source import Source
from pagoda.runtime.pairs import OBJECT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.protocol import ReadLine, RunRequest
    from pagoda.languages.ruff.syntax import tree
    from pagoda.machine.function import Function


class Unstoppable(Exception):
    """An interrupted input does not end. Not raised here: native code ends at its next poll, and the session waits for it."""


class LivingProgram:
    """The program that inputs share, and how one runs in it.

    :meth:`close` ends it. Nothing else does: a collection of garbage may come while another program's native code runs.
    """

    storey = "vm"

    def __init__(self, request: RunRequest, read_line: ReadLine | None = None) -> None:
        asked = request.limits
        depth = DEFAULT_MAX_DEPTH if asked.max_depth is None else asked.max_depth
        limits = Limits(asked.fuel, asked.timeout, depth, asked.memory)
        self.latest: CompiledProgram = compile_program(parse(Source("", "")), NUMBERS, growing=True)
        self.modules = self.latest.modules = Modules("")
        self.program = LoadedProgram(
            self.latest, image(), limits, write=request.output, args=tuple(request.args), memory=asked.memory,
            counted=asked.max_depth is not None,
        )  # fmt: skip
        if request.tier == "opt":
            from pagoda.languages.ruff.execute.promoting import settings_of, trace_of

            settings = settings_of(request)
            assert settings is not None
            self.program.promote(settings, trace_of(request))
        state = self.program.state
        state.error_output = request.error_output
        state.capabilities = request.grants
        if read_line is not None:
            state.input = lambda prompt: read_line(prompt, state.poll)

    def close(self) -> int:
        """Gives back what the program holds; answers how many objects are left alive."""
        return self.program.close() if self.program.heap else 0

    def run(self, program: tree.Program, source: Source) -> tuple[bool, Value]:
        """Runs a resolved input to its end: whether it has a value, and which.

        The value is a view. Raises ``RuffError``, ``LimitError``, ``ExitRequest`` or ``KeyboardInterrupt`` as it ends.
        """
        try:
            made = compile_program(
                program, NUMBERS, modules=self.modules, living=self.latest, path=source.name, growing=True,
                settled=self.settled(),
            )  # fmt: skip
            code = self.program.extend(made, source)
        except Unsupported as missing:
            raise RuffError(f"{missing.what} is not available on this storey yet", missing.span) from None
        except TooLarge as large:
            raise RuffError(str(large)) from None
        self.latest = made
        self.program.begin_anew()
        self.program.state.source = source
        answer: list[Value] = []

        def action() -> None:
            with_tasks(lambda: answer.append(self.program.run_more(code, view)), self.program.state)

        attended(self.program, action)
        value = answer[0]
        return (False, None) if value is NO_ANSWER else (True, value)

    def settled(self) -> frozenset[str]:
        """The globals that the definition of a struct does not replace: all but such definitions."""
        found = set()
        for name in self.globals:
            words = self.program.get_global(self.latest.globals[name])
            if words[0] != OBJECT or self.program.plain(*words).__class__ is not StructDefinition:
                found.add(name)
        return frozenset(found)

    # -- looking at what is there

    @property
    def globals(self) -> Globals:
        """The values of globals; builtins that some input has used are among them."""
        return Globals(self.program, self.latest.globals)

    def code_of(self, function: GuestFunction) -> int:
        """The address of a function's code."""
        assert isinstance(function, VmFunction)
        return function.payload if function.tag == FUNCTION_TAG else word_at(function.payload + 16)

    def compiled(self, function: GuestFunction) -> Function:
        """What a function was compiled to."""
        return self.program.by_code[self.code_of(function)].function

    def parameters(self, function: GuestFunction) -> list[str]:
        """The names of a function's parameters, without the receiver."""
        made = self.compiled(function)
        names = [made.slot_names[number] for number in range(made.parameters)]
        return names[made.flags & 1 :]

    def name_of(self, function: GuestFunction) -> str:
        """The name a function was defined with."""
        return self.compiled(function).name

    def methods(self, value: Value) -> dict[str, GuestFunction]:
        """The methods that a struct, or the struct that a definition defines, has by name."""
        name = value.name if isinstance(value, Struct | StructDefinition) else ""
        return {method: function for (owner, method), function in self.program.methods.items() if owner == name}

    def origin(self, function: GuestFunction) -> tuple[Source, tuple[int, int]]:
        """The input or module that a function stands in, and its place there."""
        return self.program.sources[self.code_of(function)], self.compiled(function).span


class Globals(Mapping[str, Value]):
    """The globals of a living program by name: a view of each."""

    def __init__(self, program: LoadedProgram, numbers: dict[str, int]) -> None:
        self.program, self.numbers = program, numbers

    def __getitem__(self, name: str) -> Value:
        if name not in self:
            raise KeyError(name)
        return global_view(self.program, name, self.numbers[name])

    def __contains__(self, name: object) -> bool:
        return name in self.numbers and self.program.get_global(self.numbers[name])[0] != HOLE_TAG

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.numbers if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
