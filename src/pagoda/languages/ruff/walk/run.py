"""Running a program on the tree walker.

Guest recursion is Python recursion, so a run happens on a thread of its own with a large stack and a high recursion limit.
"""

from __future__ import annotations

import _thread
import sys
from collections.abc import Callable

from pagoda.languages.ruff.ending import with_tasks
from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import Value
from pagoda.languages.ruff.walk import expressions, functions, places, statements  # noqa: F401  (registering)
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.languages.ruff.walk.state import NORMAL, EarlyReturn, Frame, Function, State
from pagoda.languages.ruff.walk.translator import Module, Translator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")

STACK_SIZE = 512 * 1024 * 1024
FRAMES_PER_CALL = 256
"""Python calls that one guest call may need: nesting of statements and expressions inside a function."""

_lock = _thread.allocate_lock()
_running = 0
_usual = 0


def _raise_recursion_limit(wanted: int) -> None:
    global _running, _usual
    with _lock:
        if _running == 0:
            _usual = sys.getrecursionlimit()
        _running += 1
        sys.setrecursionlimit(max(sys.getrecursionlimit(), wanted))


def _restore_recursion_limit() -> None:
    # The limit counts for every thread of the process: put it back once nobody needs the high one.
    global _running
    with _lock:
        _running -= 1
        if _running == 0:
            sys.setrecursionlimit(_usual)


def on_large_stack(
    action: Callable[[], T], max_depth: int = DEFAULT_MAX_DEPTH, interrupt: Callable[[], None] | None = None
) -> T:
    """Run an action on a thread whose stack holds ``max_depth`` guest calls; give its result or raise its error.

    A ``KeyboardInterrupt`` (or whatever else a signal handler raises) calls ``interrupt``, waits for the action to end
    and goes on.
    """
    outcome: list[Any] = []
    # A plain lock: CPython takes a thread whose ``join`` was interrupted for ended, and may be interrupted in ``start``.
    over = _thread.allocate_lock()
    over.acquire()

    def target() -> None:
        try:
            outcome.append((True, action()))
        except BaseException as error:
            outcome.append((False, error))
        finally:
            over.release()

    _raise_recursion_limit(max_depth * FRAMES_PER_CALL + 10_000)
    try:
        started = False
        try:
            with _lock:
                size = _thread.stack_size(STACK_SIZE)
                try:
                    started = True
                    _thread.start_new_thread(target, ())
                except RuntimeError:  # the system gives no more threads
                    started = False
                    raise
                finally:
                    _thread.stack_size(size)
            while not over.acquire(timeout=1.0):
                pass  # a signal that came in the instant before the wait is heard now
        except BaseException:
            if interrupt is not None and started:
                interrupt()
                over.acquire(timeout=5.0)
            raise
    finally:
        _restore_recursion_limit()
    succeeded, result = outcome[0]
    if not succeeded:
        raise result
    return result  # type: ignore[no-any-return]


def make_state(output: Callable[[str], Any], limits: Limits | None = None, args: tuple[str, ...] = ()) -> State:
    """The state of a new run."""
    return State(limits or Limits(), output, tuple(args))


def run_program(
    program: tree.Program,
    source: Any,
    *,
    output: Callable[[str], Any],
    limits: Limits | None = None,
    args: tuple[str, ...] = (),
    state: State | None = None,
) -> None:
    """Run a resolved program; raises ``RuffError``, ``LimitError`` or ``ExitRequest`` as it ends.

    ``output`` takes the text that the program prints; buffering it is the caller's business. A prepared ``state`` carries an
    embedder's settings; then ``limits`` and ``args`` are those of the state.
    """
    current = state or make_state(output, limits, args)
    current.source = source
    on_large_stack(lambda: execute(current, program), current.max_depth, current.interrupt)


def execute(state: State, program: tree.Program) -> None:
    """Run a program's top level in this thread, and then the tasks it has started."""
    translator = Translator(state, program.main)
    body = statements.hoisted(translator, program.main.body.statements)
    frame = main_frame(program.main)
    state.frame = frame

    def run() -> None:
        try:
            body(frame)
        except EarlyReturn:
            pass

    with_tasks(guarded(run, state), state)


def guarded(action: Callable[[], None], state: State) -> Callable[[], None]:
    """The action, with Python's own limits as the guest knows them."""

    def run() -> None:
        try:
            action()
        except RecursionError:
            raise RuffError(f"Maximum VM call stack depth of {state.max_depth} exceeded while calling <main>") from None
        except MemoryError:
            raise LimitError("memory", "Out of memory") from None

    return run


def execute_input(state: State, program: tree.Program, source: Any) -> Value:
    """Run one input of a session in this thread, in a state that lives on, and then the tasks it has started.

    Gives the value of its last statement if that is an expression (or what a ``?`` at the top level left with), else
    ``NORMAL``.
    """
    nodes: list[Any] = list(program.main.body.statements)
    last = nodes.pop() if nodes and isinstance(nodes[-1], tree.ExpressionStatement) else None
    module = Module(source)
    module.globals = state.globals
    translator = Translator(state, program.main, module)
    body = statements.hoisted(translator, nodes)
    value_of = None if last is None else translator.owned(last.value)
    frame = main_frame(program.main)
    state.frame = frame
    value: Value = NORMAL

    def run() -> None:
        nonlocal value
        try:
            if body(frame) is NORMAL and value_of is not None:
                value = value_of(frame)
        except EarlyReturn as leave:
            value = leave.value

    with_tasks(guarded(run, state), state)
    return value


def main_frame(main: tree.Function, name: str = "") -> Frame:
    """The frame of a top level; ``name`` is what a stack calls it, if it shows it."""
    function = Function(name, 0, lambda frame: NORMAL, [], [], main)
    return [0, function, None, *([None] * main.frame_size)]
