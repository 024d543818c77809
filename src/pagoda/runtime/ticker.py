"""The ticker: a native thread that knocks on poll words every 2 ms, without the GIL.

Compiled code holds the GIL and looks at its context's poll word on back edges and calls; only somebody outside Python can
set that word in time. `Ticker.add(address)` registers a word (i64), `remove` takes it out. Each tick sets the bits of `TICK`;
the ticks at which a poll should give the GIL away for a moment set `YIELD` too; other bits are left alone.

A poll must not give the GIL away at every tick: the thread that gives it takes it back within 0.1 us, long before a waiting
thread wakes, and that thread starts its wait of one switch interval anew. Only when it has waited a whole interval undisturbed
does CPython make the giver wait for it. So `YIELD` comes once in more than a switch interval.

What must hold: after `remove(address)` returned, that memory is never written again; no thread exists
before the first `add`; none exists during `fork` (both sides restart theirs; the parent's new thread can make Python 3.12 and
later warn that the process has threads: who forks often calls `stop` first); at interpreter exit the words are forgotten
before their memory goes. Where native code cannot be made, a Python thread ticks instead: good enough for code that gives
the GIL away by itself.
"""

from __future__ import annotations

import _thread
import atexit
import ctypes
import os
import sys

from pagoda.machine.asking import TICK, YIELD
from pagoda.native.cache import Cache, make_key
from pagoda.native.loader import LoadError, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    class _Engine(Protocol):
        def start(self, nanoseconds: int, every: int) -> bool: ...
        def stop(self) -> None: ...
        def put(self, slot: int, address: int) -> None: ...

PERIOD = 0.002
SLOTS = 1024

# The mutex guards the slots while the thread walks them: who has taken an address out of its slot under the mutex knows that no
# store to it is under way. The thread blocks all signals (it inherits the mask of its creator at that moment), so that they
# go to threads that can handle them. `stop` is looked at once a period, so joining takes at most that long.
_TEXT = f"""
@slots = internal global [{SLOTS} x ptr] zeroinitializer
@used = internal global i64 0
@mutex = internal global [64 x i8] zeroinitializer, align 16
@thread = internal global i64 0
@stopping = internal global i64 0
@pause = internal global [2 x i64] zeroinitializer
@every = internal global i64 1

declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_join(i64, ptr)
declare i32 @pthread_sigmask(i32, ptr, ptr)
declare i32 @nanosleep(ptr, ptr)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define internal ptr @run(ptr %unused) {{
entry:
  br label %round
round:
  %number = phi i64 [ 1, %entry ], [ %following, %walked ]
  %following = add i64 %number, 1
  %slept = call i32 @nanosleep(ptr @pause, ptr null)
  %stop = load atomic i64, ptr @stopping acquire, align 8
  %leave = icmp ne i64 %stop, 0
  br i1 %leave, label %out, label %tick
tick:
  %locked = call i32 @pthread_mutex_lock(ptr @mutex)
  %count = load i64, ptr @used
  %every = load i64, ptr @every
  %rest = urem i64 %number, %every
  %yield = icmp eq i64 %rest, 0
  %bits = select i1 %yield, i64 {TICK | YIELD}, i64 {TICK}
  br label %next
next:
  %i = phi i64 [ 0, %tick ], [ %more, %step ]
  %end = icmp uge i64 %i, %count
  br i1 %end, label %walked, label %look
look:
  %place = getelementptr [{SLOTS} x ptr], ptr @slots, i64 0, i64 %i
  %word = load ptr, ptr %place
  %none = icmp eq ptr %word, null
  br i1 %none, label %step, label %knock
knock:
  %old = atomicrmw or ptr %word, i64 %bits release
  br label %step
step:
  %more = add i64 %i, 1
  br label %next
walked:
  %unlocked = call i32 @pthread_mutex_unlock(ptr @mutex)
  br label %round
out:
  ret ptr null
}}

define i64 @ticker_start(i64 %nanoseconds, i64 %ticks_per_yield) {{
entry:
  %all = alloca [128 x i8], align 16
  %before = alloca [128 x i8], align 16
  %length = getelementptr [2 x i64], ptr @pause, i64 0, i64 1
  store i64 %nanoseconds, ptr %length
  store i64 %ticks_per_yield, ptr @every
  store atomic i64 0, ptr @stopping release, align 8
  call void @llvm.memset.p0.i64(ptr %all, i8 -1, i64 128, i1 false)
  %masked = call i32 @pthread_sigmask(i32 2, ptr %all, ptr %before)
  %error = call i32 @pthread_create(ptr @thread, ptr null, ptr @run, ptr null)
  %restored = call i32 @pthread_sigmask(i32 2, ptr %before, ptr null)
  %result = zext i32 %error to i64
  ret i64 %result
}}

define void @ticker_stop() {{
  store atomic i64 1, ptr @stopping release, align 8
  %thread = load i64, ptr @thread
  %joined = call i32 @pthread_join(i64 %thread, ptr null)
  ret void
}}

define void @ticker_put(i64 %slot, ptr %word) {{
  %locked = call i32 @pthread_mutex_lock(ptr @mutex)
  %place = getelementptr [{SLOTS} x ptr], ptr @slots, i64 0, i64 %slot
  store ptr %word, ptr %place
  %count = load i64, ptr @used
  %wanted = add i64 %slot, 1
  %grows = icmp ugt i64 %wanted, %count
  %new = select i1 %grows, i64 %wanted, i64 %count
  store i64 %new, ptr @used
  %unlocked = call i32 @pthread_mutex_unlock(ptr @mutex)
  ret void
}}
"""


class Ticker:
    """Sets bits of every registered word each period. One per process is enough: see `ticker()`."""

    def __init__(self, period: float = PERIOD, *, native: bool = True, cache: Cache | None = None) -> None:
        self.period = period
        self.native = native
        self._cache = cache
        self._slots: dict[int, int] = {}
        self._engine: _Engine | None = None
        self._running = False
        self._lock = _thread.allocate_lock()
        self._forking = self._resume = False

    def add(self, address: int) -> None:
        """Tick the i64 at `address` from now on; the first one starts the thread. Adding twice changes nothing."""
        with self._lock:
            if address in self._slots:
                return
            taken = set(self._slots.values())
            slot = next((number for number in range(len(taken) + 1) if number not in taken), 0)
            if slot >= SLOTS:
                raise RuntimeError(f"more than {SLOTS} poll words")
            if self._engine is None:
                self._engine = self._make_engine()
            self._engine.put(slot, address)
            self._slots[address] = slot
            if not self._running:
                self._start()

    def remove(self, address: int) -> None:
        """Stop ticking `address`; when this returns the memory may be freed. Unknown addresses are ignored.

        The thread stays for the next `add`; call `stop` to end it.
        """
        with self._lock:
            slot = self._slots.pop(address, None)
            if slot is not None and self._engine is not None:
                self._engine.put(slot, 0)

    def stop(self) -> None:
        """Forget all words and end the thread (within a period). A later `add` starts again."""
        with self._lock:
            self._forget()
            self._halt()

    @property
    def running(self) -> bool:
        """Whether the thread exists."""
        return self._running

    def _make_engine(self) -> _Engine:
        engine: _Engine | None = _native_engine(self._cache) if self.native else None
        if engine is None:
            self.native = False
            engine = _PythonEngine()
        _live.append(self)
        return engine

    def _start(self) -> None:
        assert self._engine is not None
        # Looked up at every start: a program may change the switch interval (a shorter one serves waiting threads sooner).
        every = int(sys.getswitchinterval() / self.period) + 1
        nanoseconds = int(self.period * 1e9)
        if not self._engine.start(nanoseconds, every) and self.native:
            # No native thread to be had now: the interpreter may still have one, or raises its own error.
            self.native = False
            self._engine = _PythonEngine()
            for address, slot in self._slots.items():
                self._engine.put(slot, address)
            self._engine.start(nanoseconds, every)
        self._running = True

    def _halt(self) -> None:
        if self._running and self._engine is not None:
            self._running = False
            self._engine.stop()

    def _forget(self) -> None:
        if self._engine is not None:
            for slot in self._slots.values():
                self._engine.put(slot, 0)
        self._slots.clear()

    def _before_fork(self) -> None:
        # Held until after the fork: no other thread may start the ticker meanwhile or leave the lock locked in the child.
        self._lock.acquire()
        self._forking, self._resume = True, self._running
        self._halt()

    def _after_fork(self) -> None:
        if not self._forking:
            return  # made by another thread after `_before_fork` looked
        self._forking = False
        try:
            if self._resume and self._slots:
                self._start()
        finally:
            self._lock.release()

    def _at_exit(self) -> None:
        # No join: without words the thread touches nothing but its own static memory, and the process is about to end.
        with self._lock:
            self._forget()


class _NativeEngine:
    """The loaded thread. Its code and data stay mapped for the life of the process."""

    def __init__(self, symbols: dict[str, int]) -> None:
        start = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(symbols["ticker_start"])
        put = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p)(symbols["ticker_put"])
        self.start: Callable[[int, int], bool] = lambda nanoseconds, every: start(nanoseconds, every) == 0
        self.stop: Callable[[], None] = ctypes.CFUNCTYPE(None)(symbols["ticker_stop"])
        self.put: Callable[[int, int], None] = put


class _PythonEngine:
    """The stand-in: a Python thread that does the same whenever it gets the GIL."""

    def __init__(self) -> None:
        self._words: dict[int, ctypes.c_int64] = {}
        self._lock = _thread.allocate_lock()
        self._round: list[bool] = []

    def start(self, nanoseconds: int, every: int) -> bool:
        import time
        go_on = self._round = [True]
        lock = self._lock

        def run() -> None:
            number = 0
            while True:
                time.sleep(nanoseconds / 1e9)
                number += 1
                bits = TICK | YIELD if number % every == 0 else TICK
                with lock:
                    if not go_on:
                        return
                    for word in self._words.values():
                        word.value |= bits
        _thread.start_new_thread(run, ())
        return True

    def stop(self) -> None:
        with self._lock:
            self._round.clear()
        # The old thread sleeps its period out and takes the old lock once more; a fork just then must not copy it locked.
        self._lock = _thread.allocate_lock()

    def put(self, slot: int, address: int) -> None:
        with self._lock:
            if address:
                self._words[slot] = ctypes.c_int64.from_address(address)
            else:
                self._words.pop(slot, None)


def _native_engine(cache: Cache | None) -> _Engine | None:
    """Load the thread's code, from the cache if it is there; None if this machine cannot have it."""
    cache = cache or Cache()
    key = make_key(["ticker", _TEXT])
    entry = cache.get(key)
    try:
        if entry is not None:
            code = entry.object
        else:
            from pagoda.native.emit import EmitError, emit_object
            try:
                code = emit_object(_TEXT)
            except (EmitError, ImportError, OSError):
                return None
            cache.put(key, code)
        return _NativeEngine(load(code).symbols)
    except LoadError:
        return None


_live: list[Ticker] = []
_shared: list[Ticker] = []


def ticker() -> Ticker:
    """The process's ticker."""
    if not _shared:
        _shared.append(Ticker())
    return _shared[0]


def _all(call: Callable[[Ticker], None], tickers: Iterable[Ticker]) -> None:
    for each in tickers:
        call(each)


atexit.register(lambda: _all(Ticker._at_exit, list(_live)))
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _all(Ticker._before_fork, list(_live)),
        after_in_parent=lambda: _all(Ticker._after_fork, list(_live)),
        after_in_child=lambda: _all(Ticker._after_fork, list(_live)),
    )
