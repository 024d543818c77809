"""The ticker: words are set, removed words are left alone, forks and exits are clean, the stand-in works."""

import ctypes
import os
import subprocess
import sys
import time

import pytest

from pagoda.native.cache import Cache
from pagoda.runtime.ticker import SLOTS, TICK, YIELD, Ticker, ticker


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PAGODA_CACHE", str(tmp_path / "default"))


@pytest.fixture(params=["native", "python"])
def clock(request, tmp_path):
    made = Ticker(native=request.param == "native", cache=Cache(tmp_path / "cache"))
    yield made
    made.stop()


# Words outlive the tests: a fixture stops its ticker only after the test's locals are gone.
_words = []


def word() -> tuple[ctypes.c_int64, int]:
    made = ctypes.c_int64(0)
    _words.append(made)
    return made, ctypes.addressof(made)


def ticks(value: ctypes.c_int64, seconds: float = 2.0) -> bool:
    value.value &= ~1
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value.value & 1:
            return True
        time.sleep(0.0005)
    return False


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def children_run(code: str) -> subprocess.CompletedProcess[str]:
    start = (f"import sys; sys.path[:0] = {sys.path!r}\n"
             "from pagoda.runtime.ticker import Ticker, ticker\nimport ctypes, os, time\n")
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, timeout=60)


def test_words_are_set_until_removed(clock):
    first, first_address = word()
    second, second_address = word()
    assert not clock.running
    clock.add(first_address)
    clock.add(first_address)
    assert clock.running
    assert ticks(first)
    first.value = 4
    clock.add(second_address)
    assert ticks(second)
    assert ticks(first)
    assert first.value & ~YIELD == TICK | 4
    clock.remove(first_address)
    clock.remove(first_address)
    first.value = 0
    assert ticks(second)
    assert ticks(second)
    assert first.value == 0
    clock.remove(second_address)
    clock.add(first_address)
    assert ticks(first)


def test_polls_are_told_to_yield_less_often_than_the_switch_interval(clock):
    value, address = word()
    clock.add(address)
    ticked = yielded = 0
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        bits = value.value
        if bits:
            value.value = 0
            ticked += bits & TICK == TICK
            yielded += bits & YIELD > 0
        time.sleep(0.0002)
    assert yielded >= 10
    # At 5 ms and a tick of 2 ms every third tick yields; a busy machine merges ticks.
    assert yielded <= 0.5 / sys.getswitchinterval()
    assert ticked > yielded


def test_stopping_ends_the_thread_and_a_new_word_starts_it(clock):
    value, address = word()
    time.sleep(0.02)  # stand-ins of other tests sleep out their last period
    before = threads()
    clock.add(address)
    assert threads() == before + 1
    clock.stop()
    clock.stop()
    end = time.monotonic() + 1
    while threads() > before and time.monotonic() < end:
        time.sleep(0.002)
    assert threads() == before
    assert not ticks(value, 0.05)
    clock.add(address)
    assert ticks(value)


def test_many_words_and_no_more(clock):
    values = (ctypes.c_int64 * (SLOTS + 1))()
    _words.append(values)
    addresses = [ctypes.addressof(values) + 8 * index for index in range(SLOTS + 1)]
    for address in addresses[:SLOTS]:
        clock.add(address)
    with pytest.raises(RuntimeError, match="poll words"):
        clock.add(addresses[SLOTS])
    time.sleep(0.1)
    assert [value & TICK for value in values] == [TICK] * SLOTS + [0]
    clock.remove(addresses[3])
    clock.add(addresses[SLOTS])
    time.sleep(0.1)
    assert values[SLOTS] & TICK


def test_it_ticks_while_the_gil_is_held():
    clock = ticker()
    assert ticker() is clock
    value, address = word()
    clock.add(address)
    assert clock.native
    # A call through PyDLL keeps the GIL: no other Python thread runs while this sleeps.
    assert ctypes.PyDLL(None).usleep(30_000) == 0
    assert value.value & TICK
    clock.remove(address)


def test_a_removed_word_may_be_freed_at_once(clock):
    # Pages that vanish right after removal: a late store would kill the process.
    import mmap
    for _ in range(200):
        page = mmap.mmap(-1, 4096)
        view = ctypes.c_int64.from_buffer(page)
        clock.add(ctypes.addressof(view))
        address = ctypes.addressof(view)
        clock.remove(address)
        del view
        page.close()


def test_both_sides_of_a_fork_tick():
    done = children_run(
        "value = ctypes.c_int64(0)\n"
        "ticker().add(ctypes.addressof(value))\n"
        "def ticks():\n"
        "    value.value = 0; time.sleep(0.1); return value.value & 1\n"
        "assert ticks() == 1\n"
        "for _ in range(30):\n"
        "    child = os.fork()\n"
        "    if child == 0: os._exit(0)\n"
        "    os.waitpid(child, 0)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(7 if ticks() == 1 and len(os.listdir('/proc/self/task')) == 2 else 8)\n"
        "print(ticks(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n")
    assert done.stdout == "1 7\n", done.stderr


def test_fork_with_the_stand_in_and_with_nothing_running():
    done = children_run(
        "value = ctypes.c_int64(0)\n"
        "ticker().add(ctypes.addressof(value)); ticker().stop()\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(len(os.listdir('/proc/self/task')))\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n")
    assert done.stdout == "1\n", done.stderr


def test_exit_with_a_running_ticker_is_clean():
    for native in (True, False):
        done = children_run(
            "values = [ctypes.c_int64(0) for _ in range(50)]\n"
            f"clock = Ticker(native={native})\n"
            "for value in values: clock.add(ctypes.addressof(value))\n"
            "late = time.monotonic() + 10\n"
            "while not all(value.value & 1 for value in values) and time.monotonic() < late: time.sleep(0.002)\n"
            "print(sum(value.value & 1 for value in values))\n")
        assert (done.returncode, done.stdout, done.stderr) == (0, "50\n", "")


def test_a_warm_start_imports_no_llvmlite(tmp_path, monkeypatch):
    monkeypatch.setenv("PAGODA_CACHE", str(tmp_path / "cache"))
    code = (
        "value = ctypes.c_int64(0); ticker().add(ctypes.addressof(value)); late = time.monotonic() + 10\n"
        "while not value.value & 1 and time.monotonic() < late: time.sleep(0.002)\n"
        "print(value.value & 1, any(name.startswith('llvmlite') for name in sys.modules))\n")
    assert children_run(code).stdout == "1 True\n"
    assert children_run(code).stdout == "1 False\n"


def test_signals_go_elsewhere(tmp_path):
    done = children_run(
        "import signal\n"
        "value = ctypes.c_int64(0); ticker().add(ctypes.addressof(value))\n"
        "(tid,) = set(os.listdir('/proc/self/task')) - {str(os.getpid())}\n"
        "masks = [row for row in open(f'/proc/self/task/{tid}/status') if row.startswith('SigBlk')]\n"
        "print(int(masks[0].split()[1], 16) & (1 << (signal.SIGINT - 1)) != 0, signal.pthread_sigmask(signal.SIG_BLOCK, []))\n")
    assert done.stdout == "True set()\n", done.stderr
