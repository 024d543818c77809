"""Tasks that pass a baton: exactly one runs, and it gives the baton away only where it waits, sleeps or ends.

Each task is a thread of its own with a large stack, so that it may wait anywhere, also inside a library function that called
back. All but one of these threads wait for their lock. What must hold: whoever runs is ``current``; the storey's state is that
of ``current``; a thread that gave the baton away touches nothing until it has it back. Which task is next follows from the
program alone (and from the clock, where tasks sleep), so every storey switches at the same places.
"""

from __future__ import annotations

import _thread
import time
from collections import deque

from pagoda.languages.ruff.attention import attending
from pagoda.languages.ruff.ending import Cancelled, ProgramEnded
from pagoda.languages.ruff.errors import RuffError
from pagoda.native.threads import start_with_big_stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from pagoda.languages.ruff.values import Value

    class Storey(Protocol):
        """What a storey offers the scheduler."""

        def fresh(self) -> Any:
            """The state of a task that has not begun: what it sees of the variables now."""

        def save(self) -> Any:
            """The state of the running task, taken away."""

        def load(self, saved: Any) -> None:
            """Makes a state that was saved, or made fresh, the running one."""

        def drop(self, saved: Any) -> None:
            """Gives up what a state holds; its task has ended or never begun."""

        def run(self, body: Any) -> Value:
            """Calls a guest function in the running state, at the bottom of its stack. Raises what the guest raised."""

        def poll(self) -> None:
            """Raises if the program is to stop."""


MOST_TASKS = 10_000
SLICE = 0.01  # seconds between two looks at limits while everybody sleeps
DEADLOCK = "Deadlock: every task is waiting"


class Task:
    """One task. ``error`` is what ended it, if not its last instruction; ``waiters`` go on when it has ended."""

    __slots__ = (
        "body", "cancelled", "detached", "done", "error", "failure", "lock", "queued", "saved", "started", "timer", "value",
        "waiters",
    )  # fmt: skip

    def __init__(self, body: Any, saved: Any, detached: bool) -> None:
        self.body, self.saved, self.detached = body, saved, detached
        self.lock = _thread.allocate_lock()
        self.lock.acquire()
        self.started = self.done = self.cancelled = self.queued = False
        self.value: Value = None
        self.error: RuffError | None = None
        self.failure: BaseException | None = None  # to be raised where it waits
        self.waiters: list[Task] = []
        self.timer = 0  # the number of the timer that may wake it; 0 for none


class Scheduler:
    """The tasks of one running program. Made when the first one starts; the program itself is ``main``."""

    def __init__(self, storey: Storey) -> None:
        self.storey = storey
        self.main = Task(None, None, False)
        self.main.started = True
        self.current = self.main
        self.ready: deque[Task] = deque()
        self.timers: list[tuple[float, int, Task]] = []
        self.alive: dict[Task, None] = {}  # tasks that have not ended, oldest first, without main
        self.numbers = 0
        self.ending = False

    # -- what programs do

    def spawn(self, body: Any, *, detached: bool = True) -> Task:
        """A new task that will call the function ``body``; its turn comes after those that can run now.

        An error that ends a ``detached`` task ends the program; else it waits for whoever asks for the task's value.
        """
        if len(self.alive) >= MOST_TASKS:
            raise RuffError(f"Too many tasks: at most {MOST_TASKS} at a time")
        task = Task(body, self.storey.fresh(), detached)
        self.alive[task] = None
        self.enqueue(task)
        return task

    def wait(self, waiters: list[Task], deadline: float | None = None) -> bool:
        """Gives the baton away until somebody calls :meth:`wake` with this task, which is put among ``waiters``.

        False if the ``deadline``, in seconds of the monotonic clock, came first. Raises a deadlock error in the main task where
        nothing could ever wake it.
        """
        task = self.current
        waiters.append(task)
        try:
            return self.pause(deadline)
        finally:
            if task in waiters:
                waiters.remove(task)

    def pause(self, deadline: float | None) -> bool:
        """Gives the baton away until the deadline, or until :meth:`wake`; whether it was the latter."""
        task = self.current
        number = 0
        if deadline is not None:
            from heapq import heappush

            self.numbers += 1
            number = task.timer = self.numbers
            heappush(self.timers, (deadline, number, task))
        self.give(self.next_task())
        if task.cancelled:
            raise Cancelled
        if task.failure is not None:
            failure, task.failure = task.failure, None
            raise failure
        expired = number != 0 and task.timer == -number
        task.timer = 0
        return not expired

    def wake(self, task: Task) -> None:
        """Lets a waiting task run when its turn comes."""
        task.timer = 0
        if not task.queued:
            self.enqueue(task)

    def enqueue(self, task: Task) -> None:
        task.queued = True
        self.ready.append(task)

    def wake_all(self, waiters: list[Task]) -> None:
        for task in waiters:
            self.wake(task)
        waiters.clear()

    def cancel(self, task: Task) -> bool:
        """Ends a task that has not ended, where it waits; whether there was anything to end."""
        if task.done or task.cancelled or task is self.current or task is self.main:
            return False
        task.cancelled = True
        task.error = RuffError("Task cancelled")
        if task.started:
            self.wake(task)
        else:
            self.ready.remove(task)
            self.retire(task)
        return True

    # -- the end of the program

    def finish(self) -> None:
        """The main task has come to its end: the others run until they end or wait for what cannot come any more."""
        self.ending = True
        while self.ready or self.timers:
            self.pause(None)
        self.abandon()

    def abandon(self) -> None:
        """Ends all tasks but the current one."""
        self.ending = True
        self.timers.clear()
        for task in list(self.alive):
            if task is self.current or task.done:
                continue
            task.cancelled = True
            if task.started:
                self.ready = deque([self.current])
                self.give(task)
            else:
                self.retire(task)

    # -- the baton

    def next_task(self) -> Task:
        """Whose turn it is; sleeps until there is one."""
        from heapq import heappop

        while not self.ready:
            if not self.timers:
                if not self.ending:
                    self.main.failure = RuffError(DEADLOCK)
                return self.main
            deadline, number, task = self.timers[0]
            left = deadline - time.monotonic()
            if left > 0 and task.timer == number:
                try:
                    self.storey.poll()
                except BaseException as reason:
                    return self.stop(reason)
                time.sleep(min(left, SLICE))
                continue
            heappop(self.timers)
            if task.timer == number:
                task.timer = -number
                self.enqueue(task)
        following = self.ready.popleft()
        following.queued = False
        return following

    def stop(self, reason: BaseException) -> Task:
        """The program ends for a reason that arose outside its main task, which is the next to run."""
        self.main.failure = ProgramEnded(reason)
        return self.main

    def give(self, task: Task) -> None:
        """Hands the baton to ``task`` and waits to get it back."""
        me = self.current
        if task is me:
            return
        me.saved = self.storey.save()
        self.hand(task)
        me.lock.acquire()

    def hand(self, task: Task) -> None:
        self.current = task
        saved, task.saved = task.saved, None
        self.storey.load(saved)
        if task.started:
            task.lock.release()
            return
        task.started = True
        if not start_with_big_stack(lambda: self.run(task)):
            task.error = RuffError("Cannot start a task: the system gives no more threads")
            self.ended(task)

    def run(self, task: Task) -> None:
        """The life of a task, on its own thread."""
        try:
            task.value = attending(self.storey.poll, lambda: self.storey.run(task.body))
        except RuffError as error:
            error.__traceback__ = None  # its frames hold guest values
            task.error = error
        except Cancelled:
            pass
        except BaseException as reason:
            task.failure = reason
        self.ended(task)

    def ended(self, task: Task) -> None:
        """The running task is over: on with the next, or back to the program with what went wrong."""
        state = self.storey.save()
        self.retire(task, state)
        if task.cancelled:
            following = self.next_task()
        elif task.failure is not None:
            following = self.stop(task.failure)
        elif task.error is not None and task.detached:
            following = self.stop(task.error)
        else:
            following = self.next_task()
        self.hand(following)

    def retire(self, task: Task, state: Any = None) -> None:
        task.done = True
        task.body = None
        self.alive.pop(task, None)
        self.storey.drop(task.saved if state is None else state)
        task.saved = None
        self.wake_all(task.waiters)


def scheduler_of(context: Any) -> Scheduler:
    """The scheduler of a program; made if it has none yet."""
    if context.tasks is None:
        context.tasks = Scheduler(context.task_storey())
    found: Scheduler = context.tasks
    return found


def pause(context: Any, seconds: float) -> None:
    """Sleeps: other tasks run meanwhile. Raises if the program is to stop."""
    end = time.monotonic() + seconds
    if context.tasks is not None:
        context.tasks.pause(end)
        return
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, SLICE))
        context.poll()
