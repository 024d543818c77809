"""The policy: what is told of hot code, what is compiled, what is installed, what is compiled anew.

One per running program. The program's thread tells of functions and loops (:meth:`Promoter.heard`); where it does not wait, a
thread of the promoter's own (:mod:`.attendant`) takes answers and looks after what is installed. What must hold: everything
here happens under ``lock``, for which a program that goes on meanwhile never waits; whatever goes
wrong, the function stays with the interpreter and the program goes on.
"""

from __future__ import annotations

import _thread
import ctypes
import time
from bisect import bisect_right

from pagoda.machine.linker import Linked
from pagoda.machine.ops import OpTable
from pagoda.machine.promotion import states
from pagoda.machine.promotion.events import silent
from pagoda.machine.promotion.installing import Entry, Loaded
from pagoda.machine.promotion.jobs import Job, make_job, remembered
from pagoda.machine.promotion.queue import Queue
from pagoda.machine.promotion.settings import Settings
from pagoda.machine.promotion.shelf import Shelf
from pagoda.machine.promotion.states import Candidate
from pagoda.machine.promotion.worker import InProcess, Refused, Worker, described
from pagoda.native.image import Image
from pagoda.native.loader import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Program(Protocol):
        """What a language says of a running program. ``definitions``: see :mod:`pagoda.machine.promotion.building`. ``state``:
        a hash of the sources that shape code. ``running``: the codes of all functions that have a frame, when the one at
        ``registers`` runs; ``None`` where that is not known."""

        name: str
        image: Image
        table: OpTable
        code: dict[str, int]
        slot_size: int
        definitions: str
        state: str

        def linked(self, code: int) -> Linked | None: ...
        def callees(self, linked: Linked) -> dict[int, int]: ...
        def line(self, linked: Linked, instruction: int) -> int: ...
        def loaded(self, loaded: Loaded, candidate: Candidate) -> None: ...
        def retired(self, loaded: Loaded) -> None: ...
        def running(self, registers: int) -> set[int] | None: ...


SMALL = 1_000  # words of a function that is looked for in the cache while the program waits: that takes less than a millisecond
FRAME, MOST_SPENT = 0.016, 0.003  # seconds, and how many of them the program may be held up
SWEEP = 0.05  # seconds between two looks whether code can be given back
MOST_REGROUPED = 2  # times that a function is compiled anew because others that it calls have become warm
MOST_LEFT = 16  # jobs that a program leaves to the compiler's process at its end


class Promoter:
    """Promotion of one program's code. ``tell`` gets the events."""

    def __init__(
        self, program: Program, settings: Settings, tell: Callable[..., None] = silent,
        compiler: InProcess | Worker | None = None,
    ) -> None:  # fmt: skip
        self.program, self.settings, self.tell = program, settings, tell
        self.compiler = compiler or (Worker if settings.apart else InProcess)(program.definitions)
        self.lock = _thread.RLock()
        self.functions: dict[int, Candidate] = {}
        self.loops: dict[tuple[int, int], Candidate] = {}
        self.queue = Queue(settings.waiting)
        self.flying: Job | None = None
        self.shelf = Shelf(settings.code_bytes)
        self.installed: dict[Candidate, Entry] = {}
        self.bytes = 0  # of all code that was loaded
        self.swept = 0.0
        self.closed = False
        self.wake: Callable[[], None] = lambda: None
        self.frame = self.spent = 0.0  # since when, and how long the program was held up by looking into the cache
        self.longest = 0.0  # seconds that an installation took

    # -- what the program tells

    def heard(self, code: int, pc: int, registers: int) -> int:
        """A function is about to be called often, or (with ``pc``) a loop runs: the code to go on in, or 0."""
        linked = self.program.linked(code)
        if linked is None:
            return 0
        if not self.lock.acquire(self.settings.wait):
            if not pc:
                self.word(linked, "calls").value = -2  # busy: said again at the next call; a loop is found again anyway
            return 0
        try:
            if self.closed:
                return 0
            return self.hot_loop(linked, pc, registers) if pc else self.hot_function(linked, registers)
        except Exception as problem:  # a mistake of ours is no reason to end the program
            self.tell("mistake", linked.function.name or "<lambda>", reason=described(problem))
            return 0
        finally:
            self.lock.release()

    def hot_function(self, linked: Linked, registers: int) -> int:
        """A function has been called so often that it is looked at."""
        settings = self.settings
        self.word(linked, "calls").value = 0  # it is not announced again
        found = self.functions.get(linked.address)
        if found is None:
            found = self.functions[linked.address] = Candidate(linked)
        if found.state in (states.FAILED, states.HOT, states.COMPILING):
            return 0
        before = found.kinds
        found.look(self.tags(registers, linked.function.parameters))
        if found.state == states.COMPILED:
            if before != found.kinds and not found.generic:
                self.widen(found, "parameters")
            elif not found.settled:
                self.word(linked, "calls").value = -(settings.strays << min(found.looks, 20))
            return 0
        step = settings.first_look
        found.heat += step
        if found.heat < settings.threshold:
            if found.state == states.COLD:
                found.step(states.WARMING)
            self.word(linked, "calls").value = -step - 1  # the call at hand is still to be counted
            return 0
        if self.crowded():
            self.word(linked, "calls").value = -settings.threshold - 1  # another time
            return 0
        self.promote(found)
        return 0

    def hot_loop(self, linked: Linked, pc: int, registers: int) -> int:
        """A loop was found running at an instruction."""
        start = self.instruction(linked, pc)
        found = self.loops.get((linked.address, start))
        if found is None:
            found = self.loops[linked.address, start] = Candidate(linked, start)
        found.heat += 1
        if self.shelf.retired:
            self.sweep(registers)
        if found.state == states.COMPILED:
            if not self.fits(found, registers) and not found.settled:
                found.look(self.tags(registers, linked.function.registers))
                self.widen(found, "registers")
        elif found.state == states.COLD and found.heat >= self.settings.ticks and not self.crowded():
            found.look(self.tags(registers, linked.function.registers))
            self.promote(found)
        return found.entry if self.fits(found, registers) else 0

    def fits(self, loop: Candidate, registers: int) -> bool:
        """Whether a loop is compiled, and may be entered with these registers."""
        entry = self.installed.get(loop)
        return entry is not None and all(self.tag(registers, register) == tag for register, tag in entry.registers)

    def crowded(self) -> bool:
        """Whether so many wait already that nobody else may."""
        return not self.settings.wait and len(self.queue) >= self.queue.most

    def promote(self, candidate: Candidate) -> None:
        """It is hot: compiled now, or waits for it."""
        candidate.step(states.HOT)
        candidate.since = time.monotonic()
        self.tell(
            "hot", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), heat=candidate.heat,
            words=candidate.words,
        )  # fmt: skip
        if candidate.words > self.settings.function_words:
            self.fail(candidate, "it is too large")
        elif not self.shelf.can_retire():
            self.fail(candidate, "there is too much compiled code")
        elif self.settings.wait:
            self.compile_now(candidate)
        elif self.found_at_once(candidate):
            pass
        elif self.queue.put(candidate):
            self.wake()
        else:
            self.fail(candidate, "too many functions wait")

    def found_at_once(self, candidate: Candidate) -> bool:
        """Installs what the cache has, unless that would hold the program up for too long in all."""
        began = time.perf_counter()
        if began - self.frame > FRAME:
            self.frame, self.spent = began, 0.0
        if candidate.words > SMALL or self.spent > MOST_SPENT:
            return False
        job = self.job(candidate)
        product = self.kept(job)
        if product is not None:
            candidate.step(states.COMPILING)
            self.arrived(job, product)
        self.spent += time.perf_counter() - began
        return product is not None

    # -- compiling

    def job(self, candidate: Candidate) -> Job:
        """The job of a candidate and of the functions that it calls."""
        settings = self.settings
        members: dict[int, Candidate] = {}
        callees: dict[int, dict[int, int]] = {}
        room = settings.group_words - candidate.words
        waiting = [candidate]
        candidate.missed = set()
        while waiting:
            row = waiting.pop(0)
            if row.linked.address in callees:
                continue
            calls = callees[row.linked.address] = self.program.callees(row.linked)
            for code in calls.values():
                linked = self.program.linked(code)
                known = self.functions.get(code)
                # Of one that nobody has looked at yet the kinds are not known: it would come along as the most general code.
                if linked is not None and known is None:
                    candidate.missed.add(code)
                if linked is None or known is None or known.state == states.FAILED or code in members:
                    continue
                if code == candidate.linked.address or len(members) + 1 >= settings.group or known.words > room:
                    continue
                room -= known.words
                members[code] = known
                waiting.append(known)
        return make_job(
            candidate, members.values(), callees, self.program.table, settings, f"{self.program.name} {self.program.state}"
        )  # fmt: skip

    def compile_now(self, candidate: Candidate) -> None:
        """Compiles while the program waits."""
        candidate.step(states.COMPILING)
        job = self.job(candidate)
        product = self.kept(job)
        if product is None:
            try:
                product = self.compiler.compile(job.data)
            except Refused as problem:
                self.fail(candidate, str(problem))
                return
        self.arrived(job, product)

    def send_next(self) -> None:
        """Gives the next candidate to the compiler's process, if that is idle."""
        while self.flying is None and not self.closed:
            candidate = self.queue.take(time.monotonic())
            if candidate is None:
                return
            if candidate.state != states.HOT:  # compiled along with another one meanwhile
                continue
            candidate.step(states.COMPILING)
            job = self.job(candidate)
            product = self.kept(job)
            if product is not None:
                self.arrived(job, product)
                continue
            assert isinstance(self.compiler, Worker)
            try:
                self.compiler.send(job.data)
            except Refused as problem:
                self.fail(candidate, str(problem))
                continue
            self.flying = job

    def received(self) -> None:
        """The compiler's process has something to say; called without the lock, for an answer may be long."""
        job = self.flying
        if job is None or not isinstance(self.compiler, Worker):
            return
        try:
            product = self.compiler.receive()
        except Refused as problem:
            with self.lock:
                self.flying = None
                if not self.closed:
                    self.fail(job.candidate, str(problem))
                    self.send_next()
            return
        with self.lock:
            self.flying = None
            if not self.closed:
                self.arrived(job, product)
                self.send_next()

    def kept(self, job: Job) -> dict[str, Any] | None:
        """The product of a job that was compiled before."""
        product = remembered(job.key) if self.settings.cached else None
        return None if product is None else {**product, "remembered": True}

    def leave_rest(self) -> None:
        """The program is over before all was compiled: the rest is left to the process, which keeps it for the next run."""
        if self.flying is None or not self.settings.cached or not isinstance(self.compiler, Worker):
            return
        for _ in range(MOST_LEFT):
            candidate = self.queue.take(time.monotonic())
            if candidate is None or not self.compiler.pass_on(self.job(candidate).data):
                return

    # -- installing

    def arrived(self, job: Job, product: dict[str, Any]) -> None:
        """Makes a product the code of its functions."""
        candidate, program = job.candidate, self.program
        started = time.perf_counter()
        try:
            if not self.make_room(len(product["object"])):
                self.fail(candidate, "there is too much compiled code")
                return
            loaded = Loaded(product, job.members, program.image, program.name)
            entry = loaded.entry(0, candidate.start)
            if entry is None:
                raise LoadError("the code lacks what was asked for")
        except (LoadError, KeyError, ValueError, TypeError, IndexError) as problem:
            self.fail(candidate, described(problem))
            return
        program.loaded(loaded, candidate)
        self.bytes += loaded.size
        self.install(candidate, entry, loaded)
        for other in loaded.entries:
            if other.number == 0 or other.start is not None:
                continue
            along = self.functions.get(job.members[other.number].address)
            # One that nobody called yet stays cold, so that its own kinds are found out.
            if along is not None and along.state in (states.WARMING, states.HOT):
                self.queue.remove(along)
                self.install(along, other, loaded)
        seconds = float(product.get("lowering", 0.0)) + float(product.get("emission", 0.0))
        remembered = product.get("remembered", False)
        if not remembered:
            self.queue.price.note(seconds, job.words)
        spent = time.perf_counter() - started
        self.longest = max(self.longest, spent)
        self.wake()
        self.tell(
            "compiled", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate),
            functions=len(job.members), words=job.words, bytes=loaded.size, took=seconds * 1e3, install=spent * 1e3,
            waited=(time.monotonic() - candidate.since) * 1e3, cache="hit" if remembered else "miss",
        )  # fmt: skip

    def install(self, candidate: Candidate, entry: Entry, loaded: Loaded) -> None:
        candidate.step(states.COMPILED)
        candidate.entry = entry.address
        self.installed[candidate] = entry
        candidate.taken = {}
        if candidate.start is None:
            self.word(candidate.linked, "compiled").value = entry.address
            self.word(candidate.linked, "calls").value = -self.settings.strays  # calls that the code does not take are counted
        for left in self.shelf.enter(candidate, loaded):
            self.program.retired(left)

    def disable(self, candidate: Candidate) -> None:
        """Nothing enters its code any more; frames that are inside finish there."""
        if candidate.start is None:
            self.word(candidate.linked, "compiled").value = 0
        self.installed.pop(candidate, None)
        candidate.entry = 0
        for left in self.shelf.leave(candidate):
            self.program.retired(left)

    def fail(self, candidate: Candidate, reason: str) -> None:
        """It is not compiled, or, where it has code already, not again."""
        candidate.settled = candidate in self.installed
        candidate.step(states.COMPILED if candidate.settled else states.FAILED)
        candidate.reason = reason
        self.tell("failed", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), reason=reason)

    # -- bounds

    def make_room(self, size: int) -> bool:
        """Puts code out of memory, the oldest first, until there is room for more; whether there is."""
        if size > self.shelf.most:
            return False
        while not self.shelf.has_room(size):
            users = self.shelf.oldest()
            if not users or not self.shelf.can_retire():
                return False
            for candidate in users:
                self.evict(candidate)
        return True

    def evict(self, candidate: Candidate) -> None:
        """Takes its code away; it counts from the beginning, and longer each time."""
        candidate.evicted += 1
        self.tell(
            "evict", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), times=candidate.evicted
        )  # fmt: skip
        self.disable(candidate)
        if candidate.state != states.COMPILED:
            return
        candidate.step(states.COLD)
        times = 1 << min(candidate.evicted, 20)
        candidate.heat = -self.settings.ticks * times if candidate.start is not None else 0
        if candidate.start is None:
            self.word(candidate.linked, "calls").value = -self.settings.threshold * times

    def sweep(self, registers: int) -> None:
        """Gives back the memory of code that was put away, if it is known whose frames there are."""
        now = time.monotonic()
        if now - self.swept < SWEEP:
            return
        self.swept = now
        running = self.program.running(registers)
        if running is not None:
            self.shelf.free(running)

    # -- looking after what is installed

    def review(self) -> None:
        """Compiles anew what leaves for the interpreter too often, and what lacks functions that it calls."""
        with self.lock:
            if self.closed:
                return
            for candidate, entry in list(self.installed.items()):
                if candidate.state != states.COMPILED or candidate.settled:
                    continue
                exits = entry.exits()
                if sum(exits.values()) - sum(candidate.taken.values()) > self.settings.exits and not candidate.generic:
                    place = max(exits, key=lambda index: exits[index] - candidate.taken.get(index, 0))
                    instruction = candidate.linked.function.instructions[place]
                    self.tell(
                        "exits", candidate.name, line=self.line(candidate, place), operation=instruction.op.name,
                        instruction=place, count=sum(exits.values()),
                    )  # fmt: skip
                    candidate.taken = exits
                    self.widen(candidate, "exits")
            if not self.settings.wait:
                self.send_next()
                if self.flying is None:
                    self.regroup()

    def regroup(self) -> None:
        """Compiles a function anew, together with others that it calls and that have become warm since."""
        for candidate in list(self.installed):
            known = (self.functions.get(code) for code in candidate.missed)
            if (
                candidate.start is None and candidate.state == states.COMPILED and not candidate.settled
                and candidate.regrouped < MOST_REGROUPED and any(one and one.state == states.COMPILED for one in known)
            ):  # fmt: skip
                candidate.regrouped += 1
                self.tell("regroup", candidate.name, line=self.line(candidate, 0), times=candidate.regrouped)
                self.promote(candidate)
                return

    def widen(self, candidate: Candidate, why: str) -> None:
        """Compiles a function anew, for more kinds than before; meanwhile it has the code that it had."""
        candidate.widened += 1
        candidate.generic = candidate.widened > self.settings.recompilations
        self.tell(
            "widen", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), why=why,
            times=candidate.widened, generic=int(candidate.generic) or None,
        )  # fmt: skip
        self.promote(candidate)

    # -- memory

    def word(self, linked: Linked, field: str) -> ctypes.c_int64:
        return ctypes.c_int64.from_address(linked.address + self.program.code[field])

    def tag(self, registers: int, register: int) -> int:
        return ctypes.c_int64.from_address(registers + register * self.program.slot_size).value

    def tags(self, registers: int, count: int) -> list[int]:
        """The first words of so many registers."""
        step = self.program.slot_size // 8
        return list((ctypes.c_int64 * (count * step)).from_address(registers))[::step]

    def instruction(self, linked: Linked, pc: int) -> int:
        return bisect_right(linked.starts, (pc - ctypes.addressof(linked.words)) // 8) - 1

    def line(self, candidate: Candidate, instruction: int) -> int:
        return self.program.line(candidate.linked, instruction)

    def loop_line(self, candidate: Candidate) -> int | None:
        return None if candidate.start is None else self.line(candidate, candidate.start)

    # -- the end

    def close(self) -> None:
        """The program is over: nothing is installed any more, and the code's memory is given back."""
        with self.lock:
            self.leave_rest()
            self.closed = True
            for candidate in list(self.installed):
                self.disable(candidate)
            self.tell("end", "-", functions=len(self.functions), bytes=self.bytes, longest=self.longest * 1e3)
            self.shelf.close()
            self.compiler.leave()
