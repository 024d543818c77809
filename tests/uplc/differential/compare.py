"""One term on every machine: they must tell the same result, budget, logs and failure, whatever the limit is.

The machines are the storeys, and of ``walk`` both the fast machine and the reference. All are given flat bytes, so that both
readers take part. (A random term may have one part in two places; a term that was read has not, so ways to a part are unique.)
"""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.language import STOREYS
from pagoda.languages.uplc.outcome import Failure, Outcome
from pagoda.languages.uplc.terms import Apply, Const, Program
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.types import DATA_TYPE, ML_TYPE, Constant
from pagoda.languages.uplc.walk import machine as walk
from pagoda.languages.uplc.walk.readback import children

#: How :func:`check` words a success of a script that has no native code.
LEFT_TO_WALK = "ok, left to walk"
#: No random term needs more; what does is compared up to here.
LIMIT = 3_000_000_000, 3_000_000
#: A result of more parts, each counted wherever it stands, is not compared: sharing can make it endless.
_MOST_COMPARED = 200_000


class Setting(NamedTuple):
    """What a term is evaluated under."""

    costs: CostModel
    case_on_constants: bool = True


def setting(seed: int) -> Setting:
    """Mostly the latest variant; at times an older one, steps of different costs, or no case on constants."""
    rng = Random(~seed)
    model = default_model(rng.choice("EEEEEABCD"))
    if rng.random() < 0.15:
        steps = tuple((rng.randint(0, 30_000), rng.randint(1, 200)) for _ in range(9))
        model = CostModel(model.variant, model.forms, steps, (rng.randint(0, 100), rng.randint(0, 100)))
    return Setting(model, rng.random() < 0.95)


class Machines:
    """A term made ready on every machine, to be applied to constants. ``vm`` is given data as CBOR."""

    def __init__(self, term: Any, arguments: tuple[Constant, ...], under: Setting) -> None:
        options: Any = {"case_on_constants": under.case_on_constants}
        flat = write_program(Program((1, 1, 0), term))
        applied = read_program(flat).term
        assert alpha_equal(applied, term), "flat bytes are read as another term"
        for argument in arguments:
            applied = Apply(applied, Const(argument))
        self.prepared = walk.Prepared(applied, under.costs, **options)
        self.arguments = [write_data(one.value) if one.type is DATA_TYPE else one for one in arguments]
        self.native: Any = None
        if "vm" in STOREYS:
            from pagoda.languages.uplc.execute.machine import Script

            self.native = Script(flat, under.costs, **options)

    def outcome(self, budget: tuple[int, int] | None) -> Outcome:
        """What all machines agree on; ``AssertionError`` where they do not."""
        exact = self.prepared.evaluate(budget, reference=True)
        agree("walk", self.prepared.evaluate(budget), exact)
        if self.native is not None:
            paths = not self.arguments  # in another term otherwise
            agree("vm", self.native.evaluate(self.arguments, budget), exact, paths=paths)
            agree("vm, the second time", self.native.evaluate(self.arguments, budget), exact, paths=paths)
        return exact


def agree(name: str, seen: Outcome, exact: Outcome, *, paths: bool = True) -> None:
    """Raises ``AssertionError`` where a machine told something else than the reference. ``paths``: also of the failing part."""
    for what in ("cpu", "mem", "logs", "failure"):
        found, wanted = getattr(seen, what), getattr(exact, what)
        if what == "logs":
            found, wanted = tuple(found), tuple(wanted)
        elif what == "failure":
            found, wanted = (_told(found, paths), _told(wanted, paths))
        assert found == wanted, f"{name}: {what} is {found}, must be {wanted}"
    if exact.failure is None:
        assert exact.result is not None
        assert seen.result is not None
        if comparable(exact.result):
            assert alpha_equal(seen.result, exact.result), f"{name}: another result"


def _told(failure: Failure | None, paths: bool) -> object:
    return None if failure is None else (failure.cause, failure.message, failure.path if paths else None)


def comparable(term: Any) -> bool:
    """Whether a result is small enough to be compared, each part counted wherever it stands, and holds no result of a Miller
    loop: those have no equality."""
    todo, count = [term], 0
    while todo and count < _MOST_COMPARED:
        part = todo.pop()
        count += 1
        if isinstance(part, tuple):
            todo.extend(part)
        elif part.__class__ is Const:
            if part.constant.type is ML_TYPE:
                return False
            todo.append(part.constant.value)
        else:
            todo.extend(children(part))
    return not todo


def check(term: Any, under: Setting, arguments: tuple[Constant, ...] = ()) -> str:
    """Runs a term, applied to constants: with a generous limit, then without any, then with limits just around what it took.
    Says how it ended."""
    machines = Machines(term, arguments, under)
    free = machines.outcome(LIMIT)
    if free.failure is not None:
        return free.failure.cause
    ended = "ok" if machines.native is None or machines.native.load() else LEFT_TO_WALK
    cpu, mem = free.cpu, free.mem
    assert machines.outcome(None).cpu == cpu
    for budget in ((cpu, mem), (cpu + 1, mem + 1)):
        assert machines.outcome(budget).failure is None, f"{budget} is not enough"
    for budget in ((cpu - 1, mem), (cpu, mem - 1), (cpu // 2, mem), (cpu, mem // 2)):
        if min(budget) >= 0 and budget != (cpu, mem):
            assert machines.outcome(budget).failure is not None, f"{budget} is enough"
    return ended
