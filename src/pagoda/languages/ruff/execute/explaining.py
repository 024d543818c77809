"""What became of a program's functions in one run: what was seen of them, what was compiled, for which kinds of values.

What must hold: the run is promoted as ``auto`` promotes, but waits for each compilation, so that which functions are compiled
does not depend on how fast the machine is (loops are found by a clock); nothing is taken from the cache of compiled code or put
there.
"""

from __future__ import annotations

import re

from pagoda.languages.protocol import CodePlace, FunctionCode, UnknownFunction
from pagoda.languages.ruff.execute.observing import observe
from pagoda.languages.ruff.execute.promoting import DEFINITIONS
from pagoda.languages.ruff.naming import listing
from pagoda.machine.operands import FEEDBACK
from pagoda.machine.promotion import states
from pagoda.machine.promotion.settings import Settings
from pagoda.machine.promotion.states import Candidate
from pagoda.machine.promotion.worker import InProcess
from pagoda.records import changed
from pagoda.runtime import pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.protocol import RunRequest
    from pagoda.languages.ruff.execute.program import LoadedProgram
    from pagoda.languages.ruff.syntax import tree
    from pagoda.machine.linker import Linked
    from pagoda.machine.promotion.promoter import Promoter
    from pagoda.machine.source import Source

__all__ = ["DEFINITIONS", "Explanation"]

#: The names of kinds, by the first word of a value.
KINDS = {
    number: name.lower()
    for name, number in vars(pairs).items()
    if name.isupper() and isinstance(number, int) and name != "COUNTED"
}
_INSTRUCTION = re.compile(r" *(\d+)  \S")


def kind_name(tag: int | None) -> str:
    """A kind in one word; of ``None``, that it may be any."""
    return "any" if tag is None else KINDS.get(tag, str(tag))


class Recorder(InProcess):
    """Compiles as ever, and remembers the latest job of each candidate."""

    def __init__(self, promoter: Promoter, definitions: str) -> None:
        super().__init__(definitions)
        self.promoter = promoter
        self.jobs: dict[Candidate, dict[str, Any]] = {}

    def compile(self, data: dict[str, Any]) -> dict[str, Any]:
        # The program waits, so there is one that is being compiled.
        for candidate in _candidates(self.promoter):
            if candidate.state == states.COMPILING:
                self.jobs[candidate] = data
        return super().compile(data)


def _candidates(promoter: Promoter) -> list[Candidate]:
    return [*promoter.functions.values(), *promoter.loops.values()]


class Explanation:
    """One run. ``wanted``: the function, see :class:`~pagoda.languages.protocol.ShowsCode`; ``functions``: what was found."""

    def __init__(self, program: tree.Program, source: Source, request: RunRequest, wanted: str | None) -> None:
        self.program, self.source, self.request, self.wanted = program, source, request, wanted
        self.functions: list[FunctionCode] = []
        self.recorder: Recorder | None = None

    def run(self) -> None:
        """Runs the program. Raises what it ends with, and ``UnknownFunction`` before that."""
        settings = Settings(wait=True, apart=False, cached=False)
        threshold = self.request.settings.get("tier_threshold")
        if threshold is not None:
            settings = changed(settings, threshold=threshold, samples=min(settings.samples, threshold))
        observe(self.program, self.source, self.request, self.look, (settings, lambda *event, **keys: None), self.ready)

    def ready(self, loaded: LoadedProgram) -> None:
        """Before the run: is there such a function? It is looked at from its first call on."""
        assert loaded.promotion is not None
        promoter = loaded.promotion.promoter
        self.recorder = promoter.compiler = Recorder(promoter, DEFINITIONS)
        if self.wanted is None:
            return
        found = self.named(loaded)
        if not found:
            raise UnknownFunction(sorted({linked.function.name for linked in self.own(loaded)}))
        for linked in found:
            promoter.word(linked, "calls").value = -1

    # -- which functions

    def own(self, loaded: LoadedProgram) -> list[Linked]:
        """The functions of the program's own file."""
        return [linked for address, linked in loaded.by_code.items() if address not in loaded.sources]

    def line(self, linked: Linked) -> int:
        return self.source.position(linked.function.span[0])[0]

    def named(self, loaded: LoadedProgram) -> list[Linked]:
        """Those that ``wanted`` means."""
        assert self.wanted is not None
        name, _, line = self.wanted.rpartition(":")
        if not line.isdecimal():
            name, line = self.wanted, ""
        found = []
        for linked in self.own(loaded):
            called = linked.function.name
            if name and name not in (called, called.strip("<>"), called.rpartition(".")[2]):
                continue
            if not line or self.line(linked) == int(line):
                found.append(linked)
        return found

    # -- what became of them

    def look(self, loaded: LoadedProgram) -> None:
        """After the run: takes down what is told."""
        assert loaded.promotion is not None
        assert self.recorder is not None
        promoter = loaded.promotion.promoter
        known = _candidates(promoter)
        if self.wanted is None:
            chosen = [one for one in known if one in self.recorder.jobs or one.state in (states.COMPILED, states.FAILED)]
        else:
            chosen = []
            for linked in self.named(loaded):
                of_it = [one for one in known if one.linked is linked]
                chosen += [one for one in of_it if one in self.recorder.jobs] or of_it or [Candidate(linked)]
        for candidate in chosen:
            job = self.recorder.jobs.get(candidate)
            if job is None and candidate.state != states.FAILED:
                job = promoter.job(candidate).data
            self.functions.append(self.told(loaded, candidate, job))

    def told(self, loaded: LoadedProgram, candidate: Candidate, job: dict[str, Any] | None) -> FunctionCode:
        assert loaded.promotion is not None
        linked = candidate.linked
        source = loaded.sources.get(linked.address) or self.source
        places = []
        for instruction in linked.function.instructions:
            number = source.position(instruction.span[0])[0]
            places.append(CodePlace(instruction.op.name, number, source.line_text(number).strip()))
        title = f"{candidate.name} ({source.name}:{source.position(linked.function.span[0])[0]})"
        if candidate.start is not None:
            title += f", from instruction {candidate.start} in line {places[candidate.start].line} on, where it loops"
        title += f": {self.became(candidate)}"
        entry = loaded.promotion.promoter.installed.get(candidate)
        notes = seen(linked, loaded)
        for index, count in (entry.exits() if entry is not None else {}).items():
            notes.setdefault(index, []).append(f"left {count} time{'s' * (count > 1)}")
        text = listing([linked.function], loaded.compiled, source)
        return FunctionCode(
            title, source_lines(source, *linked.function.span), annotated(text, notes),
            "" if job is None else assumptions(candidate, job), places, job,
        )  # fmt: skip

    def became(self, candidate: Candidate) -> str:
        """What became of a candidate, in words."""
        assert self.recorder is not None
        if candidate.state == states.FAILED:
            return f"not compiled, {candidate.reason}"
        if candidate in self.recorder.jobs:
            times = candidate.widened
            return "compiled" + (f", anew {times} time{'s' * (times > 1)}" if times else "")
        if candidate.state == states.COMPILED:
            others = [
                one.name for one, job in self.recorder.jobs.items() if candidate.name in (row[0] for row in job["functions"])
            ]
            return f"compiled together with {', '.join(others)}"
        return "was not hot; what it would be compiled to now"


def seen(linked: Linked, loaded: LoadedProgram) -> dict[int, list[str]]:
    """The kinds of results that the interpreter noted, in words, for each instruction that has room for that. What an operation
    gives as a rule (an integer, of arithmetic) it does not note."""
    found = {}
    for index, instruction in enumerate(linked.function.instructions):
        layout = loaded.linker.table.variant(instruction.op, instruction.letters).layout
        place = layout.caches.get(FEEDBACK)
        if place is not None:
            bits = linked.words[linked.starts[index] + place] & (1 << 64) - 1
            kinds = [kind_name(tag) for tag in range(64) if bits >> tag & 1]
            found[index] = [f"noted: {', '.join(kinds) or 'nothing'}"]
    return found


def annotated(text: str, notes: dict[int, list[str]]) -> str:
    """A listing of one function with notes behind its instructions."""
    lines = []
    for line in text.splitlines():
        match = _INSTRUCTION.match(line)
        words = notes.get(int(match[1])) if match else None
        if words:
            mark = ", " if "  ; " in line else "  ; "
            line = (line if mark == ", " else f"{line:<48}") + mark + ", ".join(words)
        lines.append(line)
    return "\n".join(lines)


def source_lines(source: Source, start: int, end: int) -> str:
    """The lines of a stretch of a source, with their numbers."""
    first, last = source.position(start)[0], source.position(max(start, end - 1))[0]
    return "\n".join(f"{number:>4} | {source.line_text(number)}".rstrip() for number in range(first, last + 1))


def assumptions(candidate: Candidate, job: dict[str, Any]) -> str:
    """What code made by a job takes for granted, in lines."""
    expected, names = job["expected"][0], [row[0] for row in job["functions"]]
    function = candidate.linked.function
    rows = []
    for index, kind in enumerate(expected["parameters"]):
        rows.append(f"parameter {function.slot_names.get(index, f'r{index}')}: {kind_name(kind)}")
    for register, kind in enumerate(expected["registers"]):
        if kind is not None:
            rows.append(f"register {register} ({function.slot_names.get(register, 'unnamed')}): {kind_name(kind)}")
    for index, kind in expected["kinds"]:
        rows.append(f"result of {index} ({function.instructions[index].op.name}): {kind_name(kind)}")
    for index, number in expected["callees"]:
        rows.append(f"call at {index}: enters {names[number]}")
    for index in expected["slow"]:
        rows.append(f"slow path of {index} ({function.instructions[index].op.name}): ordinary, called")
    if len(names) > 1:
        rows.append(f"compiled together with: {', '.join(names[1:])}")
    return "\n".join(rows) or "nothing"
