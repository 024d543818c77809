"""Reading, writing, applying and evaluating programs made of nodes.

What must hold: nothing recurses; what cannot be read is a :class:`SyntaxError` for texts, a :class:`ValueError` for bytes.
"""

from __future__ import annotations

from pagoda.languages.uplc import terms
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.walk.readback import children
from pagoda.machine.source import DiagnosticError, Source
from pagoda.uplc.compat import nodes
from pagoda.uplc.compat.compiler_config import DEFAULT_CONFIG, CompilationConfig
from pagoda.uplc.compat.conversion import FreeVariableError, node_of_term, term_of
from pagoda.uplc.compat.cost_model import (
    Budget,
    BuiltinCostModel,
    CekMachineCostModel,
    default_budget,
    default_builtin_cost_model_plutus_v3,
    default_cek_machine_cost_model_plutus_v3,
)
from pagoda.uplc.compat.data import folded
from pagoda.uplc.compat.machine import ComputationResult, Machine
from pagoda.uplc.compat.nodes import AST, UPLCDialect
from pagoda.uplc.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "AST", "Budget", "ComputationResult", "FreeVariableError", "UPLCDialect", "apply", "compile", "dumps", "eval", "flatten",
    "parse", "unflatten",
]  # fmt: skip


def parse(s: str, filename: str | None = None) -> nodes.Program:
    """The program that a text is. Raises :class:`SyntaxError`, also for a variable that nothing binds."""
    source = Source(filename or "<string>", s)
    try:
        program = parse_program(source)
    except DiagnosticError as problem:
        first = problem.diagnostics[0]
        line, column = source.position(first.span[0])
        start, end = source.line_bounds(line)
        raise SyntaxError(first.message, (filename, line, column, s[start:end])) from None
    return nodes.Program(program.version, node_of_term(program.term))


def dumps(u: AST, dialect: UPLCDialect = UPLCDialect.Plutus) -> str:
    """A node as text, on one line."""
    return u.dumps(dialect)


def flatten(x: nodes.Program) -> bytes:
    """The program in the flat encoding, wrapped in CBOR once. Raises :class:`FreeVariableError`, and
    :class:`pagoda.uplc.Unencodable` for a point of a curve; both are a :class:`ValueError`."""
    return Program._of(terms.Program(x.version, term_of(x.term))).to_cbor()


def unflatten(x_cbor: bytes) -> nodes.Program:
    """The program in flat bytes that are wrapped in CBOR, once or twice. Raises :class:`pagoda.uplc.MalformedScript`, a
    :class:`ValueError`."""
    program = Program.from_cbor(x_cbor)
    return nodes.Program(program.version, node_of_term(program.term))


def apply(code: nodes.Program, *args: AST) -> nodes.Program:
    """The program applied to arguments."""
    term = code.term
    for argument in args:
        term = nodes.Apply(term, argument)
    return nodes.Program(code.version, term)


def compile(x: nodes.Program, config: CompilationConfig = DEFAULT_CONFIG) -> nodes.Program:
    """A program that does the same: with a name of its own for each variable and without delays that are forced at once, as far
    as the configuration asks for that. It asks for more than is done here. Raises :class:`FreeVariableError`."""

    def made(term: Any, parts: list[Any]) -> Any:
        if config.remove_force_delay and isinstance(term, terms.Force) and isinstance(parts[0], terms.Delay):
            return parts[0].body
        if isinstance(term, terms.Lam):
            return terms.Lam(parts[0], "" if config.unique_variable_names else term.name)
        if isinstance(term, terms.Constr):
            return terms.Constr(term.tag, tuple(parts))
        if isinstance(term, terms.Case):
            return terms.Case(parts[0], tuple(parts[1:]))
        return type(term)(*parts) if parts else term

    return nodes.Program(x.version, node_of_term(folded(term_of(x.term), children, made)))


def eval(
    u: AST,
    *args: AST,
    budget: Budget | None = None,
    cek_machine_cost_model: CekMachineCostModel | None = None,
    builtin_cost_model: BuiltinCostModel | None = None,
) -> ComputationResult:
    """Applies a program or term to arguments and evaluates it, within what a transaction may spend and at the costs of
    Plutus V3 unless told otherwise. Failures stand in the result."""
    program = u if isinstance(u, nodes.Program) else nodes.Program((1, 1, 0), u)
    machine = Machine(
        default_budget() if budget is None else budget,
        default_cek_machine_cost_model_plutus_v3() if cek_machine_cost_model is None else cek_machine_cost_model,
        default_builtin_cost_model_plutus_v3() if builtin_cost_model is None else builtin_cost_model,
    )
    return machine.eval(apply(program, *args))
