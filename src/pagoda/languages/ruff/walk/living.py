"""A program on the tree walker that grows by inputs: one state lives on, and each input's top-level variables are globals.

What must hold: after an input has ended, however it ended, the next one can run. An input is to the walker a module that shares
its table of globals with all the others: so a function knows which input it stands in, and its errors are shown there.
"""

from __future__ import annotations

import _thread

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import GuestFunction, Struct, StructDefinition, Value
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Budget, Limits
from pagoda.languages.ruff.walk.run import execute_input, make_state, on_large_stack
from pagoda.languages.ruff.walk.state import NORMAL, Function, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.protocol import ReadLine, RunRequest
    from pagoda.machine.source import Source

PATIENCE = 5.0
"""Seconds to wait for an interrupted input to end."""


class Unstoppable(Exception):
    """An interrupted input does not end; its state is lost to it."""


class LivingProgram:
    """The state that inputs share, and how one runs in it."""

    storey = "walk"

    def __init__(self, request: RunRequest, read_line: ReadLine | None = None) -> None:
        self.request = request
        self.read_line = read_line
        asked = request.limits
        depth = DEFAULT_MAX_DEPTH if asked.max_depth is None else asked.max_depth
        self.limits = Limits(asked.fuel, asked.timeout, depth, asked.memory)
        self.state = self._fresh()

    def _fresh(self) -> State:
        request = self.request
        state = make_state(request.output, self.limits, tuple(request.args))
        state.error_output = request.error_output
        state.capabilities = request.grants
        read_line = self.read_line
        if read_line is not None:
            state.input = lambda prompt: read_line(prompt, state.poll)
        return state

    def run(self, program: tree.Program, source: Source) -> tuple[bool, Value]:
        """Runs a resolved input to its end: whether it has a value, and which.

        Raises ``RuffError``, ``LimitError``, ``ExitRequest`` or ``KeyboardInterrupt`` as it ends, and :class:`Unstoppable` if
        an interrupt does not end it soon; then the program has begun anew.
        """
        state = self.state
        Budget.__init__(state, self.limits)  # each input has the whole of the limits
        state.source = source
        self._forget_structs(program)
        over = _thread.allocate_lock()
        over.acquire()

        def action() -> Value:
            try:
                return execute_input(state, program, source)
            finally:
                over.release()

        try:
            value = on_large_stack(action, state.max_depth, state.interrupt)
        except KeyboardInterrupt:
            if not _within_patience(over):
                self.state = self._fresh()
                raise Unstoppable from None
            raise
        return value is not NORMAL, None if value is NORMAL else value

    def close(self) -> None:
        """Ends the program, which here holds nothing but Python objects."""

    def _forget_structs(self, program: tree.Program) -> None:
        """A definition does not replace a global of its name; here the later one must count."""
        table = self.state.globals
        for statement in program.main.body.statements:
            inner = statement.statement if isinstance(statement, tree.Export) else statement
            if isinstance(inner, tree.StructStatement) and isinstance(table.get(inner.name), StructDefinition):
                del table[inner.name]

    # -- looking at what is there

    @property
    def globals(self) -> dict[str, Value]:
        """The values of globals; builtins that some input has used are among them."""
        return self.state.globals

    def parameters(self, function: GuestFunction) -> list[str]:
        """The names of a function's parameters, without the receiver."""
        assert isinstance(function, Function)
        return [parameter.name for parameter in function.code.parameters if parameter.name != "self"]

    def name_of(self, function: GuestFunction) -> str:
        """The name a function was defined with."""
        assert isinstance(function, Function)
        return function.name

    def methods(self, value: Value) -> dict[str, GuestFunction]:
        """The methods that a struct, or the struct that a definition defines, has by name."""
        name = value.name if isinstance(value, Struct | StructDefinition) else ""
        definition = self.state.structs.get(name)
        return {} if definition is None else dict(definition.methods)

    def origin(self, function: GuestFunction) -> tuple[Source, tuple[int, int]]:
        """The input or module that a function stands in, and its place there."""
        assert isinstance(function, Function)
        source: Source = function.source
        return source, function.code.span


def _within_patience(over: _thread.LockType) -> bool:
    """Whether an interrupted input has ended or does so soon. A user may well press the keys more than once."""
    for _ in range(3):
        try:
            return over.acquire(timeout=PATIENCE)
        except KeyboardInterrupt:
            pass
    return False
