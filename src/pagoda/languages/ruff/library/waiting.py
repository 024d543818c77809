"""Long work in steps: how a builtin that runs long, or waits, notices that the program is to stop.

What must hold: between two polls lie at most some ten milliseconds of Python, and work that cannot poll by itself (a library
without hooks, a blocking call) is done aside, on a thread of its own, while the program's thread polls. A program that stops
leaves such a thread behind; it touches no guest value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

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


def pause(context: Any, seconds: float) -> None:
    """Sleeps that long, and polls."""
    import time

    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, TICK))
        context.poll()


def aside(context: Any, work: Callable[[], T]) -> T:
    """Does the work on a thread of its own and gives its result, or raises its error; polls meanwhile."""
    return gather(context, [work])[0]


def gather(context: Any, works: Sequence[Callable[[], T]], width: int = 16) -> list[T]:
    """Does several works aside, at most ``width`` at a time. Gives their results in order, or raises the first error."""
    import _thread

    outcomes: list[Any] = [None] * len(works)
    numbers = iter(range(len(works)))  # shared by the threads: a range iterator's next() is one step for Python
    running = min(width, len(works))
    ended: list[Any] = []
    for _ in range(running):
        lock = _thread.allocate_lock()
        lock.acquire()
        ended.append(lock)
        _thread.start_new_thread(_work, (works, numbers, outcomes, lock))
    for lock in ended:
        while not lock.acquire(timeout=TICK):
            context.poll()
    for succeeded, result in outcomes:
        if not succeeded:
            raise result
    return [result for _, result in outcomes]


def _work(works: Sequence[Callable[[], Any]], numbers: Iterator[int], outcomes: list[Any], lock: Any) -> None:
    try:
        for number in numbers:
            try:
                outcomes[number] = (True, works[number]())
            except BaseException as error:
                outcomes[number] = (False, error)
    finally:
        lock.release()
