"""Running a random program compiled, in a way that its number picks; and what differs from the other storeys.

What must hold: the interpreter and compiled code show the same, use the same fuel and leave nothing alive; so does the walker,
where the program ends by itself. LLVM's effort is the least there is, for it is the optimiser that is under test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from pagoda.machine.asking import ASKED
from pagoda.machine.promotion.listener import Ears
from pagoda.records import changed

from ..opt import running
from ..opt.forcing import control
from ..opt.soundness import watch
from ..opt.stress import CHANCES, LIGHT, differing, poll_after_output, run_promoted
from ..promotion.running import Run
from ..storeys import Seen, run_on_vm, run_on_walk
from .hot_programs import hot_program
from .programs import program

FUEL = 20_000
LOOPS = 6  # of a program that are compiled while they run

WAYS: dict[str, Any] = {
    "second call": LIGHT,
    "first call": changed(LIGHT, threshold=1),
    "loops": LIGHT,
    "anew": changed(LIGHT, exits=1, strays=2, recompilations=2),
    "forced": None,
    "forced, promoted": None,
}
"""How code comes to be compiled. ``loops``: at each poll of the interpreter, loops are looked at. ``anew``: what exits twice is compiled
for wider kinds, at the next call that is announced. ``forced``: some of the functions are compiled, nothing known, and exit by chance;
or, promoted at their second call, for the kinds that were seen."""


def text_of(number: int) -> str:
    """The program of a number: mostly of the hot kind."""
    return program(number) if number // 8 % 8 == 0 else hot_program(number)


def way_of(number: int) -> str:
    """How the program of a number is compiled."""
    others = number % 8
    return list(WAYS)[others] if others < len(WAYS) else "second call"


def attentive(way: str) -> Callable[[Any], None]:
    """What prepares a promoter: looks into loops and at exits whenever it is told of something."""

    def prepare(promoter: Any) -> None:
        loaded, heard = promoter.program.program, promoter.heard
        watch(loaded)
        known: set[tuple[int, int]] = set()
        if way == "loops":
            poll_after_output(loaded)

        def hears(code: int, pc: int, registers: int) -> int:
            if way == "anew":
                promoter.review()
            if pc and way == "loops":
                loaded.set("poll_word", ASKED)
            elif pc:
                return 0  # a tick of the clock came here: loops are only for the way that asks for them always
            if pc and (code, pc) not in known and len(known) >= LOOPS:
                return 0
            if pc:
                known.add((code, pc))
            answer: int = heard(code, pc, registers)
            return answer

        Ears.attach(loaded.context, hears)

    return prepare


def run_compiled(text: str, way: str, number: int = 0, **limits: Any) -> tuple[Seen, list[int], list[str]]:
    """What a compiled run shows, how many objects are left, and what went wrong with compiling."""
    chance = random.Random(number)
    if way == "forced":
        running.OBJECTS.clear()
        settings: Any = {**limits, "stress": True, "level": 0, "control": control()}
        control().plan({}, seed=number, chance=chance.choice(CHANCES))
        general = running.Run(text, part=chance, **settings)
        if general.left == [0] and number % 2:
            control().plan(general.sizes, seed=number + 1, chance=chance.choice(CHANCES))
            general = running.Run(text, again=general, **settings)
        return general.seen, general.left, []
    if way == "forced, promoted":
        run = run_promoted(text, number, chance.choice(CHANCES), **limits)
        return run.seen, run.left, [str(event) for event in run.events if event[0] in ("failed", "mistake")]
    run = Run(text, WAYS[way], prepare=attentive(way), **limits)
    return run.seen, run.left, [str(event) for event in run.events if event[0] in ("failed", "mistake")]


def differences(number: int) -> Iterator[str]:
    """What is wrong with the program of a number."""
    text, way = text_of(number), way_of(number)
    expected = run_on_vm(text, fuel=FUEL)
    if expected.kind != "fuel":  # the walker's own depth may end before the fuel does
        walked = run_on_walk(text, fuel=FUEL)
        if walked != expected and "recursion" not in expected.message:
            yield f"walk shows {differing(walked, expected)}"
    seen, left, trouble = run_compiled(text, way, number, fuel=FUEL)
    if seen != expected:
        yield f"{way}: {differing(expected, seen)} {trouble}"
    if left != [0]:
        yield f"{way}: {left} objects are left alive {trouble}"
    if trouble:
        yield f"{way}: {trouble}"
