"""Promotion's parts that know no language: states, the queue, the trace, the compiler's process and how it may fail."""

from __future__ import annotations

import sys
import time

import pytest

from pagoda.machine.function import Function
from pagoda.machine.linker import Linked
from pagoda.machine.promotion import states
from pagoda.machine.promotion.events import Trace
from pagoda.machine.promotion.queue import FIRST_GUESS, RECENT, Price, Queue
from pagoda.machine.promotion.shelf import Shelf
from pagoda.machine.promotion.states import STEPS, Candidate, WrongStep
from pagoda.machine.promotion.worker import MOST_STARTS, Refused, Worker


def candidate(name: str = "f", words: int = 10, heat: int = 100, since: float = 0.0) -> Candidate:
    linked = Linked(Function(name, 1))
    linked.words = (__import__("ctypes").c_int64 * words)()
    made = Candidate(linked)
    made.heat, made.since = heat, since
    return made


# ---------------------------------------------------------------- states


@pytest.mark.parametrize("before", STEPS)
@pytest.mark.parametrize("after", STEPS)
def test_only_the_listed_steps_happen(before, after):
    made = candidate()
    made.state = before
    if after in STEPS[before]:
        made.step(after)
        assert made.state == after
    else:
        with pytest.raises(WrongStep):
            made.step(after)
        assert made.state == before


def test_failed_is_for_good():
    assert STEPS[states.FAILED] == ()


def test_kinds_that_differ_are_no_kind():
    made = candidate()
    made.look([2, 3])
    assert made.kinds == [2, 3]
    made.look([2, 4])
    assert made.kinds == [2, None]
    made.look([2, 3])
    assert made.kinds == [2, None]


# ---------------------------------------------------------------- the queue


def test_the_hottest_for_its_price_comes_first():
    queue = Queue(8)
    large, small, cool = candidate("large", 1000), candidate("small", 10), candidate("cool", 10, heat=2)
    for one in (large, cool, small):
        assert queue.put(one)
    assert [queue.take(0.0) for _ in range(4)] == [small, cool, large, None]


def test_who_waits_long_comes_first():
    queue = Queue(8)
    old, new = candidate("old", 100, since=0.0), candidate("new", 10, since=1000.0)
    queue.put(new)
    queue.put(old)
    assert queue.take(1000.0) is old


def test_the_queue_is_bounded():
    queue = Queue(2)
    assert [queue.put(candidate()) for _ in range(3)] == [True, True, False]
    assert len(queue) == 2


def test_the_price_is_a_running_median():
    price = Price()
    assert price.of(10) == FIRST_GUESS * 10
    for _ in range(RECENT):
        price.note(1.0, 10)
    price.note(1000.0, 1)  # one that took very long
    assert price.of(10) == pytest.approx(1.0)
    for _ in range(RECENT):
        price.note(2.0, 10)
    assert price.of(10) == pytest.approx(2.0)


# ---------------------------------------------------------------- what is in memory


class Group:
    """Stands for a loaded group of functions."""

    def __init__(self, members: list[Candidate], size: int = 10) -> None:
        self.members, self.size, self.mapped = [one.linked for one in members], size, True
        for number, one in enumerate(members):
            one.linked.address = id(one) + number

    def unmap(self) -> None:
        self.mapped = False


def test_a_group_that_nobody_enters_is_retired():
    a, b = candidate("a"), candidate("b")
    shelf, first, second = Shelf(30), Group([a, b]), Group([a, b])
    assert shelf.enter(a, first) == shelf.enter(b, first) == []
    assert shelf.oldest() in ([a, b], [b, a])
    assert shelf.enter(a, second) == []
    assert shelf.size == 20
    assert shelf.leave(b) == [first]
    assert shelf.retired == [first]
    assert shelf.oldest() == [a]
    assert (shelf.size, shelf.has_room(20), shelf.has_room(21)) == (10, True, False)


def test_what_has_a_frame_is_not_freed():
    a, b = candidate("a"), candidate("b")
    shelf, first, second = Shelf(15), Group([a]), Group([b])
    for one, group in ((a, first), (b, second)):
        shelf.enter(one, group)
        shelf.leave(one)
    assert not shelf.can_retire()
    shelf.free({a.linked.address})
    assert (first.mapped, second.mapped) == (True, False)
    assert shelf.can_retire()
    shelf.close()
    assert not first.mapped


# ---------------------------------------------------------------- the trace


def test_an_event_is_one_line_of_words():
    lines: list[str] = []
    Trace(lines.append)("failed", "f", line=3, loop=None, reason="it is\ntoo large")
    (line,) = lines
    assert line.startswith("tier: failed f ms=")
    assert line.endswith(" line=3 reason=it_is_too_large\n")
    assert line.count("\n") == 1


# ---------------------------------------------------------------- the compiler's process


def worker(body: str) -> Worker:
    """A process that runs ``body`` for each job; ``answer`` writes bytes."""
    text = (
        "import sys; sys.path[:] = eval(sys.argv[1])\n"
        "import marshal, os, signal, time\n"
        "from pagoda.machine.promotion.worker import framed, read_item\n"
        "def answer(content): os.write(1, content)\n"
        "while True:\n    data = read_item(0)\n    " + body.replace("\n", "\n    ") + "\n"
    )
    return Worker("none", text)


def test_an_answer_comes_back():
    made = worker("answer(framed(('made', {'sum': data['a'] + 1})))")
    assert made.compile({"a": 1}) == {"sum": 2}
    assert made.compile({"a": 5}) == {"sum": 6}
    assert made.starts == 1
    made.end()


@pytest.mark.parametrize(("body", "reason"), [
    ("answer(framed(('refused', 'too odd')))", "too odd"),
    ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
    ("os.abort()", "signal 6"),
    ("os._exit(3)", "exit code 3"),
    ("answer(b'\\xff' * 100); time.sleep(60)", "impossible size"),
    ("answer((5).to_bytes(8, 'little') + b'abcde'); time.sleep(60)", "failed"),
    ("answer(framed(17)); time.sleep(60)", "failed"),
    ("answer(framed(('made', 3))); time.sleep(60)", "no meaning"),
    ("answer(framed(('made', {}))[:5]); os._exit(0)", "exit code 0"),
], ids=["refused", "killed", "aborted", "ended", "size", "garbage", "number", "no product", "cut off"])  # fmt: skip
def test_whatever_becomes_of_the_process_the_job_is_refused_and_the_next_one_is_not(body, reason):
    made = worker(f"if data['bad']:\n    {body}\nelse:\n    answer(framed(('made', {{'fine': 1}})))")
    with pytest.raises(Refused, match=reason):
        made.compile({"bad": 1})
    assert made.compile({"bad": 0}) == {"fine": 1}
    made.end()


def test_processes_that_die_again_and_again_are_not_started_for_ever():
    made = worker("os._exit(1)")
    for _ in range(MOST_STARTS + 3):
        with pytest.raises(Refused):
            made.compile({})
    assert made.starts == MOST_STARTS


def test_a_process_that_cannot_be_started_is_a_refusal(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Refused):
        Worker("none").compile({})


def test_a_process_that_is_left_ends_by_itself():
    made = worker("answer(framed(('made', {})))")
    made.compile({})
    pid = made.pid
    made.leave()
    from pagoda.machine.promotion import worker as module

    for _ in range(500):
        module.reap()
        if pid not in module._left:
            break
        time.sleep(0.01)
    assert pid not in module._left
