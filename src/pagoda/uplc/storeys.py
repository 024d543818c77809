"""Which storey evaluates, and programs made ready for the native one.

A program is made ready once for each ledger's rules and cost model, and stays so as long as it lives; what it is applied to is
handed over as it is, CBOR as bytes. What must hold: :func:`pagoda.languages.uplc.evaluation.run_program` gives the same
outcome. Whoever is not surely fine goes there: programs without native code, arguments that are no constants, results that a
ledger does not want.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript as BytesProblem
from pagoda.languages.uplc.evaluation import path_in_script
from pagoda.languages.uplc.language import STOREYS
from pagoda.languages.uplc.scripts import FlatProgram
from pagoda.languages.uplc.terms import Const, Node
from pagoda.languages.uplc.types import DATA_TYPE, UNIT_TYPE, Constant
from pagoda.records import changed
from pagoda.uplc.arguments import argument_term, is_hexadecimal
from pagoda.uplc.data import Data, raw_data
from pagoda.uplc.errors import RAISED_BELOW, UplcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.evaluation import Rules
    from pagoda.languages.uplc.execute.machine import Script
    from pagoda.languages.uplc.outcome import Outcome
    from pagoda.languages.uplc.walk.watch import Watch
    from pagoda.uplc.program import Program

#: How many rules and cost models one program is ready for at a time.
_MOST_READY = 8

_missing: list[str | None] = []


def storey_for(asked: str) -> str:
    """The storey that ``asked`` names, or for ``"auto"`` the fastest one that this machine has. Raises :class:`ValueError` for
    one that there is not, :class:`UplcError` for ``vm`` where there can be no machine code."""
    if asked != "auto" and asked not in STOREYS:
        raise ValueError(f"uplc has no storey {asked!r}; there are {', '.join(STOREYS)}")
    if asked == "walk":
        return asked
    if not _missing:
        from pagoda.languages.uplc.execute.machine_code import unavailable

        _missing.append(unavailable())
    if _missing[0] is None:
        return "vm"
    if asked == "vm":
        raise UplcError(f"there is no machine code here: {_missing[0]}")
    return "walk"


class Ready:
    """A program made ready. ``counts``: how many arguments are known to be right under the ledger's rules."""

    __slots__ = ("counts", "keeps", "ledger", "script", "unit")

    def __init__(self, script: Script, rules: Rules, costs: CostModel) -> None:
        self.script, self.keeps = script, costs
        self.ledger, self.unit = rules.language is not None, rules.language in ("V3", "V4")
        self.counts: set[int] = set()

    def run(self, arguments: Sequence[Any], budget: tuple[int, int] | None, watch: Watch | None) -> Outcome | None:
        """The outcome, ``None`` for what others must decide."""
        if self.ledger and arguments and len(arguments) not in self.counts:
            return None
        given: list[bytes | Constant] = []
        for argument in arguments:
            if argument.__class__ is not bytes:
                argument = native_argument(argument, len(given) + 1)
                if argument is None or (self.ledger and argument.__class__ is Constant):
                    return None
            given.append(argument)
        try:
            outcome = self.script.evaluate(given, budget, watch=watch)
        except BytesProblem:  # no data, or data without bytes: a constructor's number of more than 64 bits
            return None
        if outcome.failure is not None:
            if given:
                failure = changed(outcome.failure, path=path_in_script(outcome.failure.path, len(given)))
                return changed(outcome, failure=failure)
        elif self.unit:
            result = outcome.result
            if result.__class__ is not Const or result.constant.type is not UNIT_TYPE:
                return None
        return outcome


def ready(program: Program, rules: Rules, costs: CostModel | None) -> Ready | None:
    """A program made ready, ``None`` for one that has no native code."""
    key = rules.language, rules.protocol, id(costs)
    found = program._ready.get(key)
    if found is None:
        model = rules.costs if costs is None else costs
        script = _script(program, rules, model)
        if script is None or not script.load():
            return None
        while len(program._ready) >= _MOST_READY:
            program._ready.pop(next(iter(program._ready)), None)
        found = program._ready[key] = Ready(script, rules, model)
    return found


def _script(program: Program, rules: Rules, costs: CostModel) -> Script | None:
    from pagoda.languages.uplc.execute.kept import script_of
    from pagoda.languages.uplc.execute.machine import Script

    kept = program._program
    if isinstance(kept, FlatProgram):
        return script_of(kept.flat, costs, case_on_constants=rules.case_on_constants, bounds=rules.bounds)
    # A term knows the text that it was read from, its bytes do not. What a ledger accepts is found out by reading bytes.
    if rules.language is not None:
        from pagoda.languages.uplc.encoding.flat import read_program

        try:
            read_program(program.to_flat(), rules.bounds)
        except (*RAISED_BELOW, UplcError):
            return None
    return Script(kept.term, costs, case_on_constants=rules.case_on_constants)


def native_argument(value: Any, position: int) -> bytes | Constant | None:
    """What stands for an argument on the native storey: CBOR bytes for data, else a constant; ``None`` for a term that is none.
    Raises as :func:`~pagoda.uplc.arguments.argument_term`."""
    if isinstance(value, Data):
        return write_data(value._raw)
    if isinstance(value, int | list | tuple | dict) and not isinstance(value, bool):
        return write_data(raw_data(value))
    if isinstance(value, str) and not len(value) % 2 and is_hexadecimal(value):
        return bytes.fromhex(value)
    if isinstance(value, Node) and not isinstance(value, Const):
        return None
    term = argument_term(value, f"argument {position}")
    if not isinstance(term, Const):
        return None
    constant = term.constant
    return write_data(constant.value) if constant.type is DATA_TYPE else constant
