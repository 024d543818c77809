"""Long work in steps: how a builtin that runs long, or waits, notices that the program is to stop.

What must hold: between two polls lie at most some ten milliseconds of Python, and work that cannot poll by itself (a library
without hooks, a blocking call) is done aside, on a thread of its own, while the program's thread polls. A program that stops
leaves such a thread behind; it touches no guest value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")

STEP = 8_192
"""Items that are walked through between two polls."""
TICK = 0.01
"""Seconds between two polls while waiting."""


def in_steps(context: Any, items: Sequence[T], step: int = STEP) -> Iterable[Sequence[T]]:
    """The items in slices, with a poll between two of them. Few items are one slice, the sequence itself."""
    return (items,) if len(items) <= step else _slices(context, items, step)


def _slices(context: Any, items: Sequence[T], step: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), step):
        if start:
            context.poll()
        yield items[start : start + step]


def polling(context: Any, items: Iterable[T], step: int = STEP) -> Iterator[T]:
    """The items of any iterable, with a poll now and then."""
    left = step
    for item in items:
        left -= 1
        if left < 0:
            context.poll()
            left = step
        yield item


def stepwise(context: Any, items: Collection[T]) -> Iterable[T]:
    """The items of a collection: as they are if there are few, else with polls."""
    return items if len(items) <= STEP else polling(context, items)


class Job:
    """Work on a thread of its own. It has begun when the job is made; ``outcome`` is there once :meth:`wait` says so."""

    __slots__ = ("ended", "outcome", "over")

    def __init__(self, work: Callable[[], Any]) -> None:
        import _thread

        self.over = False
        self.outcome: tuple[bool, Any] = (False, None)
        self.ended = _thread.allocate_lock()
        self.ended.acquire()
        _thread.start_new_thread(self._run, (work,))

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            self.outcome = (True, work())
        except BaseException as error:
            self.outcome = (False, error)
        finally:
            self.ended.release()

    def wait(self, seconds: float) -> bool:
        """Whether the work is done, after waiting that long at most."""
        self.over = self.over or self.ended.acquire(timeout=seconds)
        return self.over

    def result(self) -> Any:
        """What the work gave; raises what it raised."""
        succeeded, result = self.outcome
        if not succeeded:
            raise result
        return result


def aside(context: Any, work: Callable[[], T]) -> T:
    """Does the work on a thread of its own and gives its result, or raises its error; polls meanwhile."""
    return gather(context, [work])[0]


def gather(context: Any, works: Sequence[Callable[[], T]], width: int = 16) -> list[T]:
    """Does several works aside, at most ``width`` at a time. Gives their results in order, or raises the first error."""
    running: list[Job] = []
    for number, work in enumerate(works):
        if number >= width:
            _finish(context, running[number - width])
        running.append(Job(work))
    for job in running:
        _finish(context, job)
    return [job.result() for job in running]


def _finish(context: Any, job: Job) -> None:
    while not job.wait(TICK):
        context.poll()


def until_ready(context: Any, opened: Any, write: bool = False) -> None:
    """Waits until a socket can be read (or written) without waiting, or its own time is over; polls meanwhile.

    A socket whose time is zero is not waited for. What follows raises what there is to raise.
    """
    import select
    import time

    seconds = opened.gettimeout()
    if seconds == 0:
        return
    watch = select.poll()
    watch.register(opened, select.POLLOUT if write else select.POLLIN)
    end = None if seconds is None else time.monotonic() + seconds
    while not watch.poll(TICK * 1000):
        context.poll()
        if end is not None and time.monotonic() > end:
            raise TimeoutError("timed out")
