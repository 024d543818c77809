"""Running a Python function on a thread with a large stack, while the main thread stays free for signals.

Deep recursion of guest code needs more than the usual 8 MB, and Python runs signal handlers only on the main thread. So the
work goes to a new thread and the main thread waits in a lock, which Ctrl-C interrupts: it then calls `interrupt` and goes on
waiting. What must hold: the result or exception always arrives, every Ctrl-C is passed on, and nothing of the thread is left
when `run_with_big_stack` returns. A worker that holds the GIL for good (native code without polls) cannot be interrupted.
"""

from __future__ import annotations

import _thread
import ctypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar
    Result = TypeVar("Result")

BIG_STACK = 512 << 20
_SMALLEST_STACK = 1 << 20
# _thread.stack_size is a setting of the process: nobody else may start a thread between setting and restoring it. Threads
# that others start in that instant would only get more address space than they asked for.
_size_lock = _thread.allocate_lock()


def run_with_big_stack(function: Callable[[], Result], stack_size: int = BIG_STACK,
                       interrupt: Callable[[], object] | None = None) -> Result:
    """Call `function` on a new thread with `stack_size` bytes of stack and return or raise what it does.

    If the thread cannot be made, smaller stacks are tried, down to 1 MB; then the function runs on the caller's own stack.
    A KeyboardInterrupt in the waiting thread, each one, calls `interrupt()`; without it a KeyboardInterrupt is raised in the
    worker at its next Python instruction. If `interrupt` itself raises, that leaves this function and abandons the worker.
    The stack is address space: only the pages really used cost memory.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []
    begun: list[int] = []
    called_off: list[bool] = []
    done = _thread.allocate_lock()
    done.acquire()

    def work() -> None:
        begun.append(_thread.get_ident())
        try:
            if not called_off:
                outcome.append(function())
        except BaseException as error:  # noqa: B036 - handed over, SystemExit and KeyboardInterrupt too
            failure.append(error)
        finally:
            done.release()

    pending = False
    try:
        if not _start(work, stack_size):
            return function()
    except KeyboardInterrupt:
        # Too early to say whether the thread exists: either it has begun and is waited for, or it will see this and do nothing.
        called_off.append(True)
        if not begun:
            raise
        pending = True
    while True:
        try:
            if pending:
                # Inside the try: a Ctrl-C during the callback counts too.
                pending = False
                (interrupt or _interrupter(begun))()
            # A signal that comes just before the wait begins would be heard at its end only: so it ends now and then.
            while not done.acquire(timeout=0.2):
                pass
            break
        except KeyboardInterrupt:
            pending = True
    if failure:
        try:
            raise failure[0]
        finally:
            # The traceback refers to this frame, which would refer back to the exception.
            failure.clear()
    return outcome[0]


def start_with_big_stack(function: Callable[[], None], stack_size: int = BIG_STACK) -> bool:
    """Starts a thread that nobody waits for, with `stack_size` bytes of stack, or less where there is no more; whether it could
    be made. `function` must not raise."""
    return _start(function, stack_size)


def _interrupter(begun: list[int]) -> Callable[[], object]:
    def raise_in_worker() -> None:
        if begun:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(begun[0]), ctypes.py_object(KeyboardInterrupt))
    return raise_in_worker


def _start(work: Callable[[], None], stack_size: int) -> bool:
    with _size_lock:
        before = _thread.stack_size()
        size = stack_size
        try:
            while size >= _SMALLEST_STACK:
                try:
                    _thread.stack_size(size)
                    _thread.start_new_thread(work, ())
                    return True
                except (RuntimeError, ValueError, MemoryError):
                    # No address space for it (a limit of the system), or a size this system does not take.
                    size //= 2
        finally:
            _thread.stack_size(before)
    return False
