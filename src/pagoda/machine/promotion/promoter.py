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
from pagoda.machine.promotion.profiles import Profiles
from pagoda.machine.promotion.queue import OVER, Queue
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
        ``registers`` runs; ``None`` where that is not known. ``ask_again`` has the next loop that polls announced."""

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
        def ask_again(self) -> None: ...


SMALL = 1_000  # words of a function that is looked for in the cache while the program waits: that takes less than a millisecond
FRAME, MOST_SPENT = 0.016, 0.003  # seconds, and how many of them the program may be held up
SWEEP = 0.05  # seconds between two looks whether code can be given back
MOST_REGROUPED = 2  # times that a function is compiled anew because others that it calls have become warm
TICK = 0.001  # seconds: what is announced sooner after a tick's announcement is not by a tick
SHORT = 0.000_05  # seconds in compiled code that are not worth it
MOST_ASKED = 60  # loops without code that are announced between two ticks, on the way to one that has some
MOST_OPENED = 12  # times that a function is compiled anew because it comes to where it never was
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
        self.ticked = 0.0  # when a loop was announced by a tick
        self.asked = 0  # loops that were announced since, and had no code
        self.heads: dict[int, list[Candidate]] = {}  # the loops of a function
        self.profiles = Profiles(program.table, settings, self.state, program.callees, program.linked)

    @property
    def state(self) -> str:
        """What shapes code beside the code's own functions."""
        return f"{self.program.name} {self.program.state}"

    @property
    def remembers(self) -> bool:
        """Whether profiles of earlier runs are taken. A program that waits has seen too little when it compiles."""
        return self.settings.cached and not self.settings.wait

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
        if found.looks == 1 and self.recalled(found):
            return 0
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
            found = self.new_loop(linked, start)
        now = time.monotonic()
        if now - self.ticked < TICK:
            return self.again(found, registers, now)
        self.ticked, self.asked, found.short, found.seen = now, 0, 0, now
        found.heat += 1
        if self.shelf.retired:
            self.sweep(registers)
        if found.state == states.COMPILED:
            if not self.fits(found, registers) and not found.settled:
                found.look(self.tags(registers, linked.function.registers))
                self.widen(found, "registers")
        elif found.state == states.COLD and not self.crowded():
            if found.heat == 1:
                self.recall_loops(found, registers)
            if found.state == states.COLD and not self.another(found) and found.heat >= self.patience(linked):
                found.look(self.tags(registers, linked.function.registers))
                self.promote(found)
        if found.state != states.COLD:
            self.expect_call(linked)
        if not self.fits(found, registers):
            return self.look_on(linked)
        found.entered = now
        return found.entry

    def new_loop(self, linked: Linked, start: int) -> Candidate:
        """A loop that nothing is known of yet."""
        made = self.loops[linked.address, start] = Candidate(linked, start)
        self.heads.setdefault(linked.address, []).append(made)
        return made

    def look_on(self, linked: Linked) -> int:
        """Where another loop of the function has code, the next iterations are announced too: it may be around this one."""
        if self.asked < MOST_ASKED and any(one.entry for one in self.heads[linked.address]):
            self.asked += 1
            self.program.ask_again()
        return 0

    def again(self, loop: Candidate, registers: int, now: float) -> int:
        """A loop is announced between two ticks, for its code was just left: enters it again, unless that proves useless."""
        if not self.fits(loop, registers):
            return self.look_on(loop.linked)
        most = self.settings.most_exits(loop.start)
        loop.again += 1
        if now - loop.entered < SHORT:
            loop.short += 1
        if loop.again % most == 0 and loop.state == states.COMPILED and not loop.settled:
            self.check(loop)
        if loop.short > most:
            return 0
        loop.entered = now
        return loop.entry

    def another(self, loop: Candidate) -> bool:
        """Whether another loop of its function waits for its first code and ran lately: it may be around this one, or in it."""
        for one in self.heads[loop.linked.address]:
            if one.state in (states.HOT, states.COMPILING) and not one.entry and loop.seen - one.seen < OVER:
                one.heat += 1
                loop.heat = 1
                return not self.settings.wait
        return False

    def patience(self, linked: Linked) -> int:
        """The ticks after which a loop of a function is hot: more where the whole function, or another loop of it, has code or
        will have it soon."""
        whole = self.functions.get(linked.address)
        others = [*self.heads[linked.address], *([] if whole is None else [whole])]
        coming = any(one.state in (states.HOT, states.COMPILING, states.COMPILED) for one in others)
        if self.settings.wait or not (coming or (self.remembers and self.profiles.starts(linked))):
            return self.settings.ticks
        return max(self.settings.ticks, self.settings.later)

    def expect_call(self, linked: Linked) -> None:
        """A loop of a function is hot: if the function is called once more, it is hot as a whole. Its next call says for which
        kinds of arguments."""
        whole = self.functions.get(linked.address)
        if whole is None:
            whole = self.functions[linked.address] = Candidate(linked)
        if whole.state in (states.COLD, states.WARMING) and whole.heat < self.settings.threshold:
            whole.heat = self.settings.threshold
            self.word(linked, "calls").value = -1

    def fits(self, loop: Candidate, registers: int) -> bool:
        """Whether a loop is compiled, and may be entered with these registers."""
        entry = self.installed.get(loop)
        return entry is not None and all(self.tag(registers, register) == tag for register, tag in entry.registers)

    def crowded(self) -> bool:
        """Whether so many wait already that nobody else may."""
        return not self.settings.wait and len(self.queue) >= self.queue.most

    def promote(self, candidate: Candidate) -> None:
        """It is hot: compiled now, or waits for it."""
        self.tell_hot(candidate)
        if candidate.words > self.settings.function_words:
            self.fail(candidate, "it is too large")
        elif not self.shelf.can_retire():
            self.fail(candidate, "there is too much compiled code")
        elif self.settings.wait:
            self.compile_now(candidate)
        elif self.found_at_once(candidate):
            pass
        elif self.queue.put(candidate):
            self.start_compiler()
            self.wake()
        else:
            self.fail(candidate, "too many functions wait")

    def tell_hot(self, candidate: Candidate) -> None:
        candidate.step(states.HOT)
        candidate.since = time.monotonic()
        self.tell(
            "hot", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), heat=candidate.heat,
            words=candidate.words,
        )  # fmt: skip

    def recalled(self, candidate: Candidate) -> bool:
        """Installs the code that it had when it was compiled last, by an earlier run."""
        if not self.remembers or candidate.widened or candidate.words > SMALL or not self.has_time():
            return False
        began = time.perf_counter()
        found = self.profiles.find(candidate)
        if found is not None:
            self.tell_hot(candidate)
            candidate.step(states.COMPILING)
            self.arrived(*found)
        self.spent += time.perf_counter() - began
        return found is not None

    def recall_loops(self, loop: Candidate, registers: int) -> None:
        """The same for a loop that was found running; where that one was not compiled, for the function's others, which are
        entered where they run."""
        linked = loop.linked
        if not self.remembers:
            return
        rows = self.profiles.starts(linked)
        if loop.start in rows:
            loop.kinds = list(self.tags(registers, linked.function.registers))
            if not self.recalled(loop):
                loop.kinds = None
            return
        for start in rows:
            if start is not None and (linked.address, start) not in self.loops:
                self.recalled(self.new_loop(linked, start))

    def has_time(self) -> bool:
        """Whether the program may be held up a little by looking into the cache."""
        began = time.perf_counter()
        if began - self.frame > FRAME:
            self.frame, self.spent = began, 0.0
        return self.spent <= MOST_SPENT

    def found_at_once(self, candidate: Candidate) -> bool:
        """Installs what the cache has, unless that would hold the program up for too long in all."""
        if candidate.words > SMALL or not self.has_time():
            return False
        began = time.perf_counter()
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
        return make_job(candidate, members.values(), callees, self.program.table, settings, self.state)

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

    def start_compiler(self) -> None:
        """Starts the compiler's process, if there is none: from the program's thread, for another one would wait for the GIL
        after each call of the system."""
        if isinstance(self.compiler, Worker) and not self.compiler.alive:
            try:
                self.compiler.start()
            except Refused:
                pass  # said when the job is sent

    def send_next(self) -> None:
        """Gives the next candidate to the compiler's process, if that is idle."""
        worker = self.compiler
        if not isinstance(worker, Worker):
            return
        while self.flying is None and not self.closed and (worker.ready or not worker.alive):
            candidate = self.queue.take(time.monotonic())
            if candidate is None:
                return
            if candidate.state != states.HOT:  # compiled along with another one meanwhile
                continue
            job = self.job(candidate)
            product = self.kept(job)
            if product is not None:
                candidate.step(states.COMPILING)
                self.arrived(job, product)
                continue
            try:
                if worker.alive:
                    worker.send(job.data)
                    self.flying = job
                    candidate.step(states.COMPILING)
                else:
                    worker.start()
                    self.queue.put(candidate)
            except Refused as problem:
                self.fail(candidate, str(problem))

    def received(self) -> None:
        """The compiler's process has something to say; called without the lock, for an answer may be long."""
        job = self.flying
        if not isinstance(self.compiler, Worker):
            return
        try:
            if job is None:
                self.compiler.greet()
                return
            product = self.compiler.receive()
        except Refused as problem:
            with self.lock:
                self.flying = None
                candidate = self.queue.take(time.monotonic()) if job is None else job.candidate
                if candidate is not None and not self.closed:
                    self.fail(candidate, str(problem))
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
        if not isinstance(self.compiler, Worker) or not self.compiler.alive or not self.settings.cached:
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
        rows = job.data.get("expected", ())
        candidate.unseen = {(number, index) for number, row in enumerate(rows) for index in row["unseen"]}
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
            for candidate in list(self.installed):
                if candidate.state == states.COMPILED and not candidate.settled:
                    self.check(candidate)
            if not self.settings.wait:
                self.send_next()
                if self.flying is None:
                    self.regroup()

    def check(self, candidate: Candidate) -> None:
        """Compiles anew what leaves for the interpreter too often."""
        if candidate.generic:
            return
        group = self.shelf.groups[candidate]
        first = group.members[0]
        if candidate.linked is not first and any(one.linked is first for one in self.shelf.entered[group]):
            return  # the group's exits are counted once
        most = self.settings.most_exits(candidate.start)
        exits, before = group.exits(), candidate.taken
        if sum(exits.values()) - sum(before.values()) <= most:
            return
        place = max(exits, key=lambda one: exits[one] - before.get(one, 0))
        number, index = place
        linked = group.members[number]
        self.tell(
            "exits", linked.function.name or "<lambda>", line=self.program.line(linked, index), instruction=index,
            operation=linked.function.instructions[index].op.name, count=sum(exits.values()),
        )  # fmt: skip
        candidate.taken = exits
        for (whose, where), count in exits.items():
            linked = group.members[whose]
            known = candidate if linked is candidate.linked else self.functions.get(linked.address)
            if known is not None and 4 * count > most and (whose, where) not in candidate.unseen:
                known.slow.add(where)
        if place in candidate.unseen and candidate.opened < MOST_OPENED:  # no promise was broken: there is more to compile
            candidate.opened += 1
            self.compile_anew(candidate, "unseen", candidate.opened)
        else:
            self.widen(candidate, "exits")

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
        """Compiles a function anew, for more kinds than before."""
        candidate.widened += 1
        candidate.generic = candidate.widened > self.settings.recompilations
        self.compile_anew(candidate, why, candidate.widened)

    def compile_anew(self, candidate: Candidate, why: str, times: int) -> None:
        """Compiles a function anew; meanwhile it has the code that it had."""
        self.tell(
            "widen", candidate.name, line=self.line(candidate, 0), loop=self.loop_line(candidate), why=why, times=times,
            generic=int(candidate.generic) or None,
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
