"""Runs a script on the reference machine and writes down what each term, builtin and call spends.

What must hold: the sum of what is written down is what the evaluation spends, to the unit. Of an evaluation that ends early
that is what it reports, and the steps since the last group (:data:`~pagoda.languages.uplc.walk.budget.SLIPPAGE`), which it
does not report: :attr:`Recording.unreported`.
"""

from __future__ import annotations

from typing import Any

from pagoda.languages.uplc.profile.layout import NO_STEP, Layout
from pagoda.languages.uplc.profile.tree import ROOT, CallTree
from pagoda.languages.uplc.walk.budget import STARTUP_NAME, Meter, OutOfBudget
from pagoda.languages.uplc.walk.failing import EvaluationFailure
from pagoda.languages.uplc.walk.linkage import Linkage
from pagoda.languages.uplc.walk.stepper import Stepper
from pagoda.languages.uplc.walk.watch import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.values import Value
    from pagoda.languages.uplc.walk.watch import Watch

#: Looks at the clock once in so many steps.
_LOOK = 2000
#: A chain of calls that replace each other is looked through for a loop so far back.
_LONGEST_LOOP = 64


class _Frames(list[Any]):
    """The machine's stack, which knows how far down it has been since ``lowest`` was set."""

    lowest = 0

    def pop(self, index: Any = -1) -> Any:
        """Takes off the last."""
        last = super().pop(index)
        if len(self) < self.lowest:
            self.lowest = len(self)
        return last


class _Linkage(Linkage):
    """Remembers which term has a builtin run, for the meter that hears of the cost next."""

    origin: Any = None

    def run(self, number: int, arguments: tuple[Any, ...], meter: Meter, logs: list[str], origin: Any) -> Value:
        """Runs a builtin as the machine does."""
        self.origin = origin
        return super().run(number, arguments, meter, logs, origin)


class _Meter(Meter):
    """Tells a recording what is spent at once."""

    __slots__ = ("recording",)
    recording: Recording

    def spend(self, name: str, cpu: int, mem: int) -> None:
        """Spends, and writes down."""
        self.recording.spent(name, cpu, mem)
        super().spend(name, cpu, mem)


class Recording:
    """What an evaluation spent, and where.

    By the number of a term: ``steps`` how often it was computed, ``builtin_cpu`` and ``builtin_mem`` what the builtins spent
    that it gave their last argument. ``builtins``: calls, cpu, mem by name, with ``startup``. ``functions``: by number
    (``ROOT`` for the script) the calls, and the cpu and mem until they were over, none counted twice for a call within a call.
    ``finished``: whether the script has come to its end. ``stopped``: the limit of time or memory that ended it.
    """

    def __init__(self, script: Term, costs: CostModel, *, case_on_constants: bool, most_nodes: int | None = None) -> None:
        self.layout = Layout(script)
        size = len(self.layout.terms)
        self.steps = [0] * size
        self.builtin_cpu: dict[int, int] = {}
        self.builtin_mem: dict[int, int] = {}
        self.builtins: dict[str, tuple[int, int, int]] = {}
        self.functions: dict[int, list[int]] = {}
        self.tree = CallTree() if most_nodes is None else CallTree(most_nodes)
        self.cpu = self.mem = 0
        self.unreported = 0, 0
        self.stopped: Stopped | None = None
        self.finished = False
        self._script, self._frames = script, _Frames()
        self._linkage = _Linkage(costs, case_on_constants)
        # The stack of calls, outermost first: function, height of the machine's stack when it was called, node in the tree.
        self._called: list[int] = [ROOT]
        self._heights: list[int] = [0]
        self._nodes: list[int] = [0]
        #: By function: how many of its calls are on the stack, and the cpu and mem when the first of them began.
        self._open: dict[int, list[int]] = {ROOT: [1, 0, 0]}
        self.functions[ROOT] = [1, 0, 0]

    @property
    def step_costs(self) -> tuple[tuple[int, int], ...]:
        """The cost of a step, by its kind."""
        return self._linkage.step_costs

    def run(self, budget: tuple[int, int] | None = None, watch: Watch | None = None) -> None:
        """Runs the script, to its end or as far as it comes."""
        meter = _Meter(self._linkage.step_costs, budget)
        meter.recording = self
        stepper = Stepper(self._script, self._linkage, meter)
        stepper.frames = self._frames
        try:
            self._follow(stepper, watch)
            self.finished = True
        except Stopped as stop:
            self.stopped = stop
        except (EvaluationFailure, OutOfBudget):
            pass
        self._leave(-1)
        unspent = [(count * cpu, count * mem) for count, (cpu, mem) in zip(meter.unspent, meter.step_costs, strict=True)]
        self.unreported = sum(cpu for cpu, _ in unspent), sum(mem for _, mem in unspent)

    def _follow(self, stepper: Stepper, watch: Watch | None) -> None:
        layout, frames, steps, tree = self.layout, self._frames, self.steps, self.tree
        number, owner, starts, kinds = layout.number, layout.owner, layout.starts, layout.kind
        costs, heights, called, nodes = self._linkage.step_costs, self._heights, self._called, self._nodes
        for count, _ in enumerate(stepper.steps(), 1):
            if count % _LOOK == 0 and watch is not None:
                watch.look()
            term = number[id(stepper.term)]
            if heights[-1] > frames.lowest:
                self._leave(frames.lowest)
            frames.lowest = len(frames)
            if starts[term] or owner[term] != called[-1]:
                self._enter(owner[term], len(frames), layout.is_call(term))
            kind = kinds[term]
            if kind == NO_STEP:
                continue
            steps[term] += 1
            cpu, mem = costs[kind]
            self.cpu += cpu
            self.mem += mem
            tree.cpu[nodes[-1]] += cpu
            tree.mem[nodes[-1]] += mem

    def spent(self, name: str, cpu: int, mem: int) -> None:
        """Writes down what was spent at once: by starting, or by the builtin that is about to run."""
        if name != STARTUP_NAME:
            term = self.layout.number[id(self._linkage.origin)]
            self.builtin_cpu[term] = self.builtin_cpu.get(term, 0) + cpu
            self.builtin_mem[term] = self.builtin_mem.get(term, 0) + mem
        self._leave(self._frames.lowest)
        calls, old_cpu, old_mem = self.builtins.get(name, (0, 0, 0))
        self.builtins[name] = calls + 1, old_cpu + cpu, old_mem + mem
        self.cpu += cpu
        self.mem += mem
        self.tree.cpu[self._nodes[-1]] += cpu
        self.tree.mem[self._nodes[-1]] += mem

    def _enter(self, function: int, height: int, is_call: bool) -> None:
        # A call that replaces the one before leaves its caller on the stack, except where that makes a loop.
        called, heights = self._called, self._heights
        back = len(called) - 1
        lowest = max(0, back - _LONGEST_LOOP)
        while back > lowest and heights[back] == height and called[back] != function:
            back -= 1
        if called[back] == function and heights[back] == height:
            while len(called) > back + 1:
                self._close()
        else:
            self._nodes.append(self.tree.entered(self._nodes, called, function))
            called.append(function)
            heights.append(height)
            opened = self._open.setdefault(function, [0, 0, 0])
            if not opened[0]:
                opened[1:] = self.cpu, self.mem
            opened[0] += 1
        self.functions.setdefault(function, [0, 0, 0])[0] += is_call
        self.tree.calls[self._nodes[-1]] += is_call

    def _leave(self, lowest: int) -> None:
        """Ends the calls whose value has been handed on, the machine's stack having been as low as ``lowest``."""
        while self._heights and self._heights[-1] > lowest:
            self._close()

    def _close(self) -> None:
        function = self._called.pop()
        self._heights.pop()
        self._nodes.pop()
        opened = self._open[function]
        opened[0] -= 1
        if not opened[0]:
            row = self.functions[function]
            row[1] += self.cpu - opened[1]
            row[2] += self.mem - opened[2]
