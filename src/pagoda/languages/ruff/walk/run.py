"""Running a program, or its tests, on the tree walker.

Guest recursion is Python recursion, so a run happens on a thread of its own with a large stack and a high recursion limit.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.tasks import with_tasks
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

_lock = threading.Lock()
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
    # Not Thread.join: CPython takes a thread whose join was interrupted for ended.
    over = threading.Lock()
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
        with _lock:
            size = threading.stack_size(STACK_SIZE)
            try:
                threading.Thread(target=target, name="ruff-walk", daemon=True).start()
            finally:
                threading.stack_size(size)
        try:
            over.acquire()
        except BaseException:
            if interrupt is not None:
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


def run_tests(
    program: tree.Program, source: Any, *, output: Callable[[str], Any], limits: Limits | None = None
) -> list[tuple[str, bool, str]]:
    """Run each ``test`` block in a fresh state; gives (title, passed, message).

    The top level is not executed, apart from its definitions. The last ``test_setup`` and ``test_teardown`` apply to every
    test; teardown is skipped after a failure and its own errors are ignored.
    """
    tests, setup, teardown = _collect(program.main.body.statements)
    results = []
    for test in tests:
        state = make_state(output, limits)
        state.source = source
        message = on_large_stack(lambda state=state, test=test: _run_one(state, program, test, setup, teardown))  # type: ignore[misc]
        results.append((test.title, message is None, message or ""))
    return results


def _collect(nodes: list[Any]) -> tuple[list[tree.Test], tree.Test | None, tree.Test | None]:
    tests: list[tree.Test] = []
    setup: tree.Test | None = None
    teardown: tree.Test | None = None
    for node in nodes:
        if not isinstance(node, tree.Test):
            continue
        if node.kind == "test":
            tests.append(node)
        elif node.kind == "test_setup":
            setup = node
        elif node.kind == "test_teardown":
            teardown = node
        else:
            inner, inner_setup, inner_teardown = _collect(node.members or list(node.function.body.statements))
            tests.extend(inner)
            setup, teardown = inner_setup or setup, inner_teardown or teardown
    return tests, setup, teardown


def _run_one(
    state: State, program: tree.Program, test: tree.Test, setup: tree.Test | None, teardown: tree.Test | None
) -> str | None:
    """The failure's message, or ``None``."""
    translator = Translator(state, program.main)
    kinds = (tree.FunctionStatement, tree.StructStatement, tree.EnumStatement)
    definitions = [
        node
        for node in program.main.body.statements
        if isinstance(node.statement if isinstance(node, tree.Export) else node, kinds)
    ]
    frame = main_frame(program.main)
    try:
        statements.hoisted(translator, definitions)(frame)
        for part in (setup, test):
            if part is not None:
                _call_block(state, translator, part, frame)
    except RuffError as error:
        return error.message
    except (LimitError, ExitRequest) as stop:
        return str(stop.args[0])
    if teardown is not None:
        try:
            _call_block(state, translator, teardown, frame)
        except RuffError:
            pass
    return None


def _call_block(state: State, translator: Translator, part: tree.Test, frame: Frame) -> None:
    function = functions.function(translator, part.function, part.title or part.kind)(frame)
    state.apply(function, [], frame, part.span)
