"""Work on a thread with a large stack: results, errors, Ctrl-C, fall-back."""

import _thread
import signal
import subprocess
import sys
import threading
import time

import pytest

from pagoda.native.threads import run_with_big_stack


def children_run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n" + code],
                          capture_output=True, text=True, timeout=60)


def test_results_and_errors_are_handed_over():
    assert run_with_big_stack(lambda: 42) == 42
    assert run_with_big_stack(lambda: threading.get_ident()) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        run_with_big_stack(lambda: 1 // 0)
    with pytest.raises(SystemExit) as caught:
        run_with_big_stack(lambda: sys.exit(3))
    assert caught.value.code == 3
    assert run_with_big_stack(lambda: run_with_big_stack(lambda: 7)) == 7


def test_the_stack_size_of_others_is_left_alone():
    before = _thread.stack_size()
    run_with_big_stack(lambda: None)
    assert _thread.stack_size() == before


def test_the_stack_is_really_large():
    def size():
        with open("/proc/self/maps") as file:
            spans = [row.split()[0].split("-") for row in file]
        return max(int(end, 16) - int(start, 16) for start, end in spans)
    assert run_with_big_stack(size, 300 << 20) >= 300 << 20


def test_native_and_python_calls_in_turns_go_deep_or_fail_cleanly():
    from pagoda.native.emit import emit_object
    from pagoda.native.entry import ONE, callable_at
    from pagoda.native.loader import load
    unit = load(emit_object("""
declare ptr @PyObject_CallNoArgs(ptr)
define ptr @through(ptr %bound, ptr %f) {
  %r = call ptr @PyObject_CallNoArgs(ptr %f)
  ret ptr %r
}
"""))
    through = callable_at(unit["through"], "through", ONE)
    depth = 0

    def down():
        nonlocal depth
        depth += 1
        return depth if depth == 10_000 else through(down)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        assert run_with_big_stack(lambda: through(down)) == 10_000
    except RecursionError:
        # From 3.12 on CPython counts C calls by itself, whatever the stack.
        assert sys.version_info >= (3, 12)
        assert depth > 100
    finally:
        sys.setrecursionlimit(limit)


def test_without_address_space_smaller_stacks_do():
    done = children_run(
        "import resource, threading\n"
        "from pagoda.native.threads import run_with_big_stack\n"
        "resource.setrlimit(resource.RLIMIT_AS, (300 << 20, resource.RLIM_INFINITY))\n"
        "print(run_with_big_stack(lambda: threading.get_ident() != threading.main_thread().ident))\n")
    assert done.stdout == "True\n", done.stderr


def test_without_threads_it_runs_in_place(monkeypatch):
    def none(*_args):
        raise RuntimeError("can't start new thread")
    monkeypatch.setattr(_thread, "start_new_thread", none)
    assert run_with_big_stack(lambda: 42) == 42


def press(times: int) -> None:
    def run() -> None:
        for _ in range(times):
            time.sleep(0.1)
            signal.raise_signal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else \
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    threading.Thread(target=run).start()


def test_every_interrupt_is_passed_on():
    seen = []

    def work():
        deadline = time.monotonic() + 10
        while len(seen) < 3 and time.monotonic() < deadline:
            time.sleep(0.005)
        return len(seen)
    press(3)
    assert run_with_big_stack(work, interrupt=lambda: seen.append(time.monotonic())) == 3


def test_an_interrupt_inside_the_callback_counts():
    seen = []

    def slow():
        seen.append(1)
        time.sleep(0.3)

    def work():
        deadline = time.monotonic() + 10
        while len(seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
        return len(seen)
    press(2)
    assert run_with_big_stack(work, interrupt=slow) == 2


def test_by_default_the_worker_is_interrupted():
    def work():
        while True:
            time.sleep(0.005)
    press(1)
    with pytest.raises(KeyboardInterrupt):
        run_with_big_stack(work)
