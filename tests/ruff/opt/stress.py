"""One program with exits forced in its compiled code: at each place once, by chance, and in code that was promoted.

What must hold: whatever exits, the program shows what the interpreter shows, uses the same fuel, leaves nothing alive, and runs each
of its statements as often.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pagoda.machine.asking import ASKED
from pagoda.machine.optimiser import Compiler, Support
from pagoda.machine.promotion import building
from pagoda.machine.promotion.listener import Ears
from pagoda.machine.promotion.settings import AT_ONCE
from pagoda.records import changed

from ..promotion import running as promotion
from ..storeys import Seen, machine_code
from .forcing import ALWAYS, Control, answering, control
from .running import MODEL, Run
from .soundness import watch

LIGHT = changed(AT_ONCE, level=0, codegen=0, cached=False)
CHANCES = (ALWAYS // 4, ALWAYS // 40, ALWAYS // 1000)
Runner = Callable[..., Run]


@contextmanager
def stressed_promotion(seed: int, chance: int) -> Iterator[Control]:
    """Promoted code exits by chance, as long as this lasts."""
    Support(MODEL, machine_code())
    found, made = control(), building.Compiler
    found.plan({}, seed=seed, chance=chance)
    building.Compiler = functools.partial(Compiler, stress=True)  # type: ignore[misc, assignment]
    try:
        with answering(found, machine_code()):
            yield found
    finally:
        building.Compiler = made  # type: ignore[misc]
        found.polled.value = 0


def watched(promoter: Any) -> None:
    """What prepares a promoter: its program's memory is looked at in the end."""
    watch(promoter.program.program)


def run_promoted(text: str, seed: int, chance: int, **settings: Any) -> promotion.Run:
    """A program promoted at each function's second call, with exits by chance."""
    with stressed_promotion(seed, chance):
        return promotion.Run(text, changed(LIGHT, threshold=1 + seed % 2), prepare=watched, **settings)


def poll_after_output(program: Any) -> None:
    """From now on, the first poll after each output of a program finds that it is asked to look up: if the next one is that of a
    loop, the loop is told of."""
    write = program.state.write

    def written(text: str) -> None:
        write(text)
        program.set("poll_word", ASKED)

    program.state.write = written


def run_in_loops(text: str, seed: int, chance: int, **settings: Any) -> tuple[promotion.Run, int]:
    """A program whose loops go on in compiled code whenever they can, which leaves by chance; and how often one was entered.

    Only loops are compiled. The next poll after some output, or an exit, tells of a loop, if it is one's. Where all places exit, a loop
    that was left runs one iteration in the interpreter before it is entered again.
    """
    entered = 0

    def prepare(promoter: Any) -> None:
        program, heard = promoter.program.program, promoter.heard
        left = False
        poll_after_output(program)
        watch(program)
        found.polled.value = program.context + program.fields["poll_word"]

        def hears(code: int, pc: int, registers: int) -> int:
            nonlocal entered, left
            program.set("poll_word", ASKED)
            answer: int = 0 if left or not pc else heard(code, pc, registers)
            left = answer != 0 and chance == ALWAYS
            entered += answer != 0
            return answer

        Ears.attach(program.context, hears)

    with stressed_promotion(seed, chance) as found:
        run = promotion.Run(text, changed(LIGHT, threshold=1, exits=1 << 40), prepare=prepare, **settings)
    return run, entered


class Stress:
    """What comes of a program. ``run`` runs it, by the settings of :class:`Run`."""

    def __init__(self, run: Runner, expected: Run, seed: str) -> None:
        self.run, self.expected, self.chance = run, expected, random.Random(seed)
        self.control = control()
        self.control.plan({})
        self.runs = self.exits = 0
        self.wrong: list[str] = []
        self.first = self.look(run(stress=True, level=0, control=self.control), "no exit")
        self.sites = self.first.sites
        self.fired: set[int] = set()
        self.visited: set[int] = set()

    def look(self, run: Run, what: str) -> Run:
        """Counts a run, and notes what is wrong with it."""
        self.runs += 1
        self.exits += run.exits
        if run.seen != self.expected.seen:
            self.wrong.append(f"{what}: shows {differing(self.expected.seen, run.seen)}")
        elif run.counts != self.expected.counts:
            self.wrong.append(f"{what}: statements ran {run.counts} times, not {self.expected.counts}")
        if run.left != [0]:
            self.wrong.append(f"{what}: {run.left} objects are left alive")
        return run

    def once_more(self, what: str, **plan: Any) -> None:
        """Runs by a plan of exits."""
        self.control.plan(self.first.sizes, **plan)
        run = self.look(self.run(again=self.first, control=self.control), what)
        self.visited |= set(self.control.visited(self.sites))
        self.fired |= set(self.control.fired(self.sites))
        run.forget()

    def everywhere(self, rounds: int) -> None:
        """Each place that is reached exits once: in so many runs, as far as that goes.

        A frame that exited goes on in the interpreter, so a run has at most one exit of the main function.
        """
        self.once_more("looking")
        main = min(self.first.sizes, default=0)
        for number in range(rounds):
            waiting = sorted(self.visited - self.fired)
            if not waiting:
                break
            own = [site for site in waiting if site >> 32 == main]
            chosen = {site: self.chance.choice((0, 0, 1, 3)) if number % 2 else 0 for site in waiting if site >> 32 != main}
            if own:
                chosen[self.chance.choice(own)] = 0
            self.once_more(f"exits at {spelled(chosen)}", visits=chosen)

    def by_chance(self, rounds: int) -> None:
        """Exits anywhere, by several chances."""
        for _ in range(rounds):
            seed = self.chance.randrange(1 << 30)
            for chance in CHANCES:
                self.once_more(f"chance {chance}, seed {seed}", seed=seed, chance=chance)

    def report(self) -> dict[str, Any]:
        """The counts, as plain data."""
        return {
            "runs": self.runs, "exits": self.exits, "wrong": self.wrong, "sites": len(self.sites),
            "visited": len(self.visited), "fired": len(self.fired), "functions": len(self.first.sizes),
        }  # fmt: skip


def spelled(visits: dict[int, int]) -> str:
    """Places as function:instruction (``+`` for after it), a few of them."""
    rows = [f"{site >> 32}:{(site & 0xFFFFFFFF) >> 1}{'+' * (site & 1)}*{count}" for site, count in visits.items()]
    return " ".join(rows[:12]) + (" ..." if len(rows) > 12 else "")


def differing(one: Seen, other: Seen) -> str:
    """The parts that two outcomes do not share."""
    found = []
    for name in one.__dataclass_fields__:
        first, second = getattr(one, name), getattr(other, name)
        if first != second:
            texts = str(first), str(second)
            at = next((i for i, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
            shown = [repr(text[max(at - 60, 0) : at + 80]) for text in texts]
            found.append(f"{name} at {at}: {shown[0]} became {shown[1]}")
    return "; ".join(found)


def every_way(text: str, *, forced: bool = True, **settings: Any) -> Seen:
    """What a program shows: on the interpreter, and the same promoted at each function's second call, in its loops, and with all
    compiled and nothing known, each time with exits; or promoted only, if none are to be ``forced``. Fails the test if anything differs or is left alive."""
    run_general = functools.partial(Run, text, level=0, **settings)
    expected = run_general(only=())
    assert expected.left == [0]
    if not forced:
        promoted = promotion.Run(text, LIGHT, prepare=watched, **settings)
    else:
        promoted = run_promoted(text, 2, CHANCES[1], **settings)
        looped, _ = run_in_loops(text, 2, CHANCES[1], **settings)
        same(expected.seen, looped.seen, looped.left, "in loops")
        stress = Stress(run_general, expected, text)
        stress.once_more("every place exits", chance=ALWAYS)
        stress.by_chance(1)
        assert not stress.wrong, stress.wrong
    assert not promoted.names("failed") + promoted.names("mistake"), promoted.events
    assert promoted.names("compiled"), "nothing was compiled"
    same(expected.seen, promoted.seen, promoted.left, "promoted")
    return expected.seen


def same(expected: Seen, seen: Seen, left: list[int], what: str) -> None:
    """Fails the test if a run shows something else, or leaves something alive."""
    assert seen == expected, f"{what}: {differing(expected, seen)}"
    assert left == [0], f"{what}: {left} objects are left alive"
