"""``pagoda profile`` of UPLC: runs a script as ``pagoda run`` does, and once more to see where its budget goes."""

from __future__ import annotations

import json

from pagoda.languages.protocol import Failure, RunOutcome, RunRequest
from pagoda.languages.uplc.profile.model import Row, Table, Tree
from pagoda.languages.uplc.profile.naming import Naming, term_name
from pagoda.languages.uplc.profile.recording import Recording
from pagoda.languages.uplc.walk.budget import STARTUP_NAME, STEP_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.uplc.profile.model import Cost
    from pagoda.machine.source import Source


def profile(source: Source, request: RunRequest) -> tuple[RunOutcome, Profile | None]:
    """How a script ends, and where its budget goes; no profile of one that never began.

    The request's limits hold for each of the two evaluations. Raises
    :class:`~pagoda.languages.protocol.Unavailable` as a run does.
    """
    from pagoda.languages.uplc.language import LANGUAGE

    written: list[str] = []
    plain = RunRequest(
        written.append, written.append, "walk", request.args, request.limits, request.grants, request.settings, True
    )
    outcome = LANGUAGE.run(source, plain)
    if not written:  # refused, or interrupted
        return outcome, None
    told = json.loads(written[0])
    found = _record(source, request, (told["cpu"], told["mem"]))
    if found.stopped is not None and outcome.status != "limit":
        outcome = RunOutcome("limit", "walk", Failure("UPLLIM001", "walk", "Limit", f"{found.stopped} while profiling"))
    return outcome, found


def _record(source: Source, request: RunRequest, reported: Cost) -> Profile:
    """Runs a script that is known to be fit to run."""
    from pagoda.languages.uplc.evaluation import Rules
    from pagoda.languages.uplc.scripts import read_argument, read_script
    from pagoda.languages.uplc.terms import Apply
    from pagoda.languages.uplc.walk.watch import Watch

    asked, protocol = request.settings.get("ledger"), request.settings.get("protocol")
    program, named = read_script(source, None if asked == "none" else asked)
    language = named if asked is None else None if asked == "none" else asked
    rules = Rules(language) if protocol is None else Rules(language, protocol)
    arguments = [read_argument(text, position) for position, text in enumerate(request.args, 1)]
    whole = program.term
    for argument in arguments:
        whole = Apply(whole, argument)
    limits = request.limits
    watch = None if limits.timeout is None and limits.memory is None else Watch(limits.timeout, limits.memory)
    recording = Recording(whole, rules.costs, case_on_constants=rules.case_on_constants)
    recording.run(limits.budget, watch)
    return Profile(recording, Naming(recording.layout, program.term, source, arguments), reported)


class Profile:
    """Where an evaluation spent its budget.

    ``weights`` are the names of what is spent, in the order of every cost. ``totals``: what all rows of a kind come to, which
    is the budget that the evaluation reports, but for what ``notes`` say. ``counted`` is what the first total is made of.
    """

    weights = ("cpu", "mem")

    def __init__(self, recording: Recording, naming: Naming, reported: Cost) -> None:
        self._recording, self._naming = recording, naming
        self.stopped = recording.stopped
        self.totals: Cost = (recording.cpu, recording.mem)
        self.reported = reported
        self.unreported: Cost = recording.unreported
        self.count = sum(recording.steps)
        self.counted = "steps"
        self.notes: list[str] = []
        if not recording.finished:
            self.notes.append("The script did not come to its end: this is what it did until then.")
        if any(self.unreported):
            cpu, mem = self.unreported
            self.notes.append(
                f"The last steps, cpu {cpu:,} and mem {mem:,}, are in here; the evaluation ended before it accounted for them."
            )
        self._step_self: list[Cost] | None = None

    def tables(self, most: int, weight: int) -> Sequence[Table]:
        """What to show, at most so many rows each, by what costs most of one weight."""
        return [self._kinds(most, weight), self._functions(most, weight), self._terms(most, weight)]

    def tree(self) -> Tree:
        """Who called whom."""
        made = self._recording.tree
        names = {function: self._naming.function(function) for function in set(made.function)}
        codes = {function: self._naming.code(function) for function in names}
        return Tree(
            made.parent,
            [names[function] for function in made.function],
            [codes[function] for function in made.function],
            made.calls,
            list(zip(made.cpu, made.mem, strict=True)),
        )

    def _kinds(self, most: int, weight: int) -> Table:
        recording = self._recording
        counts = [0] * len(STEP_NAMES)
        for kind, times in zip(recording.layout.kind, recording.steps, strict=True):
            counts[kind] += times
        rows = []
        for name, times, (cpu, mem) in zip(STEP_NAMES, counts, recording.step_costs, strict=True):
            if times:
                rows.append(Row(f"step {name}", times, (times * cpu, times * mem)))
        for name, (times, cpu, mem) in recording.builtins.items():
            rows.append(Row(name if name == STARTUP_NAME else f"builtin {name}", times, (cpu, mem)))
        rows.sort(key=lambda row: -row.own[weight])
        return Table("kinds", "Steps and builtins", rows[:most], len(rows))

    def _functions(self, most: int, weight: int) -> Table:
        own: dict[int, list[int]] = {function: [0, 0] for function in self._recording.functions}
        for owner, (cpu, mem) in zip(self._recording.layout.owner, self._own(), strict=True):
            if cpu or mem:
                sums = own[owner]
                sums[0] += cpu
                sums[1] += mem
        startup = self._recording.builtins.get(STARTUP_NAME, (0, 0, 0))
        found = list(self._recording.functions.items())
        found.sort(key=lambda item: (-item[1][1 + weight], item[0]))
        rows = []
        for function, (calls, cpu, mem) in found[:most]:
            spent = own[function]
            if function < 0:
                spent = [spent[0] + startup[1], spent[1] + startup[2]]
            place, code = self._naming.place(function), self._naming.code(function)
            rows.append(Row(self._naming.function(function), calls, (spent[0], spent[1]), (cpu, mem), place, code))
        return Table("functions", "Functions (cumulative: with what they call)", rows, len(found))

    def _terms(self, most: int, weight: int) -> Table:
        layout, own = self._recording.layout, self._own()
        # Sums of all terms before one: a term and its parts are numbered in a row.
        before = [(0, 0)]
        cpu = mem = 0
        for spent in own:
            cpu += spent[0]
            mem += spent[1]
            before.append((cpu, mem))
        found = [number for number, spent in enumerate(own) if spent[weight]]
        found.sort(key=lambda number: (-own[number][weight], number))
        rows = []
        for number in found[:most]:
            first, last = before[number], before[layout.end[number]]
            rows.append(
                Row(
                    term_name(layout.terms[number]),
                    self._recording.steps[number],
                    own[number],
                    (last[0] - first[0], last[1] - first[1]),
                    self._naming.place_of_term(number),
                    self._naming.code(number),
                )
            )
        return Table("terms", "Terms (cumulative: with their parts, but not with what they call)", rows, len(found))

    def _own(self) -> list[Cost]:
        """What each term spent itself: its steps, and the builtins that it gave their last argument."""
        if self._step_self is None:
            recording = self._recording
            costs = (*recording.step_costs, (0, 0))  # the last one for terms that take no step
            builtin_cpu, builtin_mem = recording.builtin_cpu, recording.builtin_mem
            self._step_self = [
                (times * costs[kind][0] + builtin_cpu.get(number, 0), times * costs[kind][1] + builtin_mem.get(number, 0))
                for number, (kind, times) in enumerate(zip(recording.layout.kind, recording.steps, strict=True))
            ]
        return self._step_self
