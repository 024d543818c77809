"""Evaluates scripts natively, and on ``walk`` whatever does not simply succeed there.

What must hold: the outcome is ``walk``'s, to the unit of the budget. Native code answers for successes within the budget only;
anything else, what is malformed, and what has no native form is done again on ``walk``, from the beginning, which decides.
Nothing that fails natively has had an effect.
"""

from __future__ import annotations

from pagoda.languages.uplc.execute import engine
from pagoda.languages.uplc.execute.later import LaterOutcome, checked, node_of, part_of
from pagoda.languages.uplc.execute.loading import address_of, load_flat, load_term, read_flat
from pagoda.languages.uplc.execute.memory import BLOCKS
from pagoda.languages.uplc.execute.results import logs_of, term_of
from pagoda.languages.uplc.execute.tariff import tariff_of
from pagoda.languages.uplc.execute.to_native import Writer
from pagoda.languages.uplc.execute.type_codes import NoForm
from pagoda.languages.uplc.outcome import Failure, Outcome
from pagoda.languages.uplc.terms import Apply, Const, Program
from pagoda.languages.uplc.terms_scope import check_scope
from pagoda.languages.uplc.types import DATA_TYPE, Constant
from pagoda.languages.uplc.walk.watch import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.encoding.ledger import Bounds
    from pagoda.languages.uplc.execute.engine import Machine
    from pagoda.languages.uplc.execute.loading import Compiled
    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.machine import Prepared as WalkPrepared
    from pagoda.languages.uplc.walk.watch import Watch

    Argument: TypeAlias = bytes | Constant

#: Where counting begins when nothing is limited; what costs more is left to ``walk``, which saturates.
_MOST = 1 << 62
#: So often a script is compiled again; what then still needs it is left to ``walk``.
_MOST_LEARNED = 64


class Script:
    """A script under a cost model, to be evaluated any number of times.

    ``source``: the flat bytes of a program, held to ``bounds`` (what a ledger accepts), or a term. It is read and compiled when
    it is first evaluated, or by :meth:`load`.
    """

    __slots__ = ("_apart", "_compiled", "_left", "_program", "_walk", "bounds", "case_on_constants", "costs", "flat", "tariff")

    def __init__(
        self, source: bytes | Term, costs: CostModel, *, case_on_constants: bool = True, bounds: Bounds | None = None
    ) -> None:
        self.flat = source if isinstance(source, bytes) else None
        self._program = None if isinstance(source, bytes) else Program((1, 1, 0), source)
        self.costs, self.case_on_constants, self.bounds = costs, case_on_constants, bounds
        self.tariff = tariff_of(costs)
        self._left = not self.tariff.usable
        self._apart: set[int] = set()
        self._compiled: Compiled | None = None
        self._walk: WalkPrepared | None = None

    # -- the script

    def load(self) -> bool:
        """Reads and compiles the script, once; whether it has native code. If not, :attr:`program` tells if it is malformed."""
        if self._compiled is None and not self._left:
            with engine.taken() as machine:
                self._compiled = self._load(machine)
            self._left = self._compiled is None
        return self._compiled is not None

    def _load(self, machine: Machine) -> Compiled | None:
        if self.flat is not None:
            return load_flat(machine, self.tariff, self.flat, self.bounds, self._apart)
        return load_term(machine, self.tariff, self.program.term, self._apart)

    @property
    def program(self) -> Program:
        """The program, decoded by Python when first asked for. Raises ``MalformedScript``."""
        if self._program is None:
            from pagoda.languages.uplc.encoding.flat import read_program

            assert self.flat is not None
            self._program = read_program(self.flat, self.bounds)
        return self._program

    @property
    def version(self) -> tuple[int, int, int]:
        """The version of the program; of a term, one that has all there is. Raises ``MalformedScript``."""
        made = self._compiled
        return made.version if made is not None and made.version is not None else self.program.version

    @property
    def size(self) -> int:
        """The bytes of memory that its code takes."""
        return 0 if self._compiled is None else self._compiled.size

    # -- evaluation

    def evaluate(
        self,
        arguments: Sequence[Argument] = (),
        budget: tuple[int, int] | None = None,
        *,
        tally: bool = False,
        watch: Watch | None = None,
        reference: bool = False,
    ) -> Outcome:
        """Applies the script to arguments and evaluates it, as :func:`pagoda.languages.uplc.walk.machine.evaluate` does.

        An argument is a constant, or data as CBOR bytes. Raises ``MalformedScript`` for a script that is malformed or that
        ``bounds`` do not allow, and for CBOR that is not data.
        """
        if not (tally or reference) and self.load():
            with engine.taken() as machine:
                ended = self._run(machine, arguments, budget, watch)
                while ended is None and self._learn(machine):
                    ended = self._run(machine, arguments, budget, watch)
            if ended is not None:
                return ended
        return self._on_walk(arguments, budget, watch, tally, reference)

    def _learn(self, machine: Machine) -> bool:
        """Compiles the script again if it was left to ``walk`` only because a branch of a case was picked for another number of
        fields than it was compiled for."""
        node = machine.context["mismatch"] - 1
        machine.context["mismatch"] = 0
        if node < 0 or node in self._apart or len(self._apart) == _MOST_LEARNED:
            return False
        self._apart.add(node)
        self._compiled = self._load(machine)
        self._left = self._compiled is None
        return not self._left

    def _run(
        self, machine: Machine, arguments: Sequence[Argument], budget: tuple[int, int] | None, watch: Watch | None
    ) -> Outcome | None:
        """The outcome, or ``None`` for what is left to ``walk``."""
        made, tariff, count = self._compiled, self.tariff, len(arguments)
        assert made is not None
        cpu, mem = (_MOST, _MOST) if budget is None else (min(budget[0], _MOST), min(budget[1], _MOST))
        cpu_left = cpu - tariff.startup[0] - count * tariff.per_argument[0]
        mem_left = mem - tariff.startup[1] - count * tariff.per_argument[1]
        if cpu_left < 0 or mem_left < 0 or count > engine.MOST_ARGUMENTS:
            return None
        machine.use(tariff, self.case_on_constants)
        machine.limit(watch)
        points = machine.host.points
        points[:] = made.points
        arena = machine.arena.start
        try:
            if count:
                rows: list[int] = []
                writer = None
                for argument in arguments:
                    if argument.__class__ is bytes:
                        rows += address_of(argument), len(argument)
                    else:
                        writer = writer or Writer(arena, machine.arena_end, points)
                        rows += writer.constant(argument), -1  # type: ignore[arg-type]
                if writer is not None:
                    arena = writer.finish()
                machine.give(rows)
            result, stop, cpu_left, mem_left, logs = machine.go(made, cpu_left, mem_left, arena, count)
            if result and cpu_left >= 0 and mem_left >= 0:
                return self._succeeded(result, points, arguments, cpu - cpu_left, mem - mem_left, logs_of(logs) if logs else ())
            if stop and watch is not None:
                watch.look()
        except NoForm:
            pass
        except Stopped as over:
            return Outcome(None, Failure(over.cause, over.message), cpu - cpu_left, mem - mem_left, logs_of(logs))
        finally:
            machine.tidy()
        return None

    def _succeeded(
        self, word: int, points: list[Any], arguments: Sequence[Argument], cpu: int, mem: int, logs: tuple[str, ...]
    ) -> Outcome:
        try:
            return Outcome(term_of(word, points), None, cpu, mem, logs)
        except NoForm:
            pass
        node = node_of(word)
        given = tuple(arguments)

        def make() -> Term:
            if node >= 0:
                part = part_of(self.program.term, node)
                if check_scope(part) is None:  # a constant may be known by a variable that nobody captured
                    return part
            return checked(self._on_walk(given, (cpu, mem), None, False, False), cpu, mem, logs)

        return LaterOutcome(make, cpu, mem, logs)

    def _on_walk(
        self, arguments: Sequence[Argument], budget: tuple[int, int] | None, watch: Watch | None, tally: bool, reference: bool
    ) -> Outcome:
        from pagoda.languages.uplc.walk.machine import Prepared as WalkPrepared

        if arguments:
            term = self.program.term
            for argument in arguments:
                term = Apply(term, Const(_constant(argument)))
            prepared = WalkPrepared(term, self.costs, case_on_constants=self.case_on_constants)
        else:
            if self._walk is None:
                self._walk = WalkPrepared(self.program.term, self.costs, case_on_constants=self.case_on_constants)
            prepared = self._walk
        return prepared.evaluate(budget, tally=tally, watch=watch, reference=reference)


def _constant(argument: Argument) -> Constant:
    if not isinstance(argument, bytes):
        return argument
    from pagoda.languages.uplc.encoding.data_cbor import read_data

    return Constant(DATA_TYPE, read_data(argument))


def decode(flat: bytes, bounds: Bounds | None = None) -> int | None:
    """Reads the flat bytes of a program natively and keeps nothing; how many nodes it has.

    ``None`` for bytes that are malformed or have no native form.
    """
    with engine.taken() as machine:
        block = read_flat(machine, flat, bounds)
        if block is None:
            return None
        BLOCKS.put(block)
        machine.tidy_scratch(len(flat))
        return machine.reader["node_count"]


class Prepared:
    """A script without arguments: what :class:`pagoda.languages.uplc.walk.machine.Prepared` is on ``walk``."""

    def __init__(
        self, source: bytes | Term, costs: CostModel, *, case_on_constants: bool = True, bounds: Bounds | None = None
    ) -> None:
        self.script = Script(source, costs, case_on_constants=case_on_constants, bounds=bounds)

    def evaluate(
        self,
        budget: tuple[int, int] | None = None,
        *,
        tally: bool = False,
        watch: Watch | None = None,
        reference: bool = False,
    ) -> Outcome:
        """Runs it. See :meth:`Script.evaluate`."""
        return self.script.evaluate((), budget, tally=tally, watch=watch, reference=reference)


def evaluate(
    source: bytes | Term,
    costs: CostModel,
    budget: tuple[int, int] | None = None,
    *,
    case_on_constants: bool = True,
    tally: bool = False,
    watch: Watch | None = None,
    reference: bool = False,
) -> Outcome:
    """Evaluates a closed term or the flat bytes of a program: what :func:`pagoda.languages.uplc.walk.machine.evaluate` does."""
    prepared = Prepared(source, costs, case_on_constants=case_on_constants)
    return prepared.evaluate(budget, tally=tally, watch=watch, reference=reference)
