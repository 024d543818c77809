"""``python -m pagoda.tools.spike``: the first form of the opt storey, tried.

    table            three programs on opt, vm, luajit and lua5.4: seconds of process time inside, results compared
    texts [-O]       the LLVM text of ``add``, ``index_get`` and ``call`` for nothing known, two ints, int and float
    run ENGINE NAME  one run of the table, in this process

There is no promotion: which functions are compiled, and for which kinds of arguments, is said here. Kinds of results that the
operations cannot tell come out of the interpreter's feedback, from a small run before.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.ops import arithmetic, control, data
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.machine.function import Function
from pagoda.machine.optimiser import Assumptions, Compiler, Installed, NotCompiled, Support, feedback_kinds, install
from pagoda.machine.source import Source
from pagoda.machine.values import ValueModel
from pagoda.native.threads import run_with_big_stack
from pagoda.records import changed
from pagoda.runtime.pairs import ARRAY, FLOAT, INT

RUNS = 5


@dataclass(frozen=True)
class Plan:
    """What is expected of a function: kinds of its parameters; by the name of an operation the kind of its result; the
    operations whose slow path is ordinary."""

    parameters: tuple[int | None, ...] = ()
    results: Mapping[str, int] = field(default_factory=dict)
    slow: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Program:
    """A program of the table: the function that is called with the size."""

    function: str
    size: int
    small: int
    plan: Plan


PROGRAMS = {
    "fib": Program("fib", 35, 5, Plan((INT,))),
    "sum": Program("sum_below", 100_000_000, 10, Plan((INT,))),
    "sieve": Program("count_primes", 5_000_000, 50, Plan((INT,), {"array_literal": ARRAY}, frozenset(["push_to"]))),
}
ENGINES = ("opt", "vm", "luajit", "lua5.4")


# ---------------------------------------------------------------- whole programs on opt


def compiled(text: str) -> CompiledProgram:
    """The bytecode of a source."""
    tree = parse(Source("spike.ruff", text))
    resolve(tree, builtins=registry.builtin_names())
    return compile_program(tree, NUMBERS)


def load(program: CompiledProgram, write: Callable[[str], Any], limits: Limits | None = None) -> LoadedProgram:
    return LoadedProgram(program, image(), limits or Limits(), write=write)


def model_of(loaded: LoadedProgram) -> ValueModel:
    """The value model with the constants of a loaded program."""
    made: ValueModel = changed(MODEL, constant=loaded.constant)
    return made


def assumptions(
    program: CompiledProgram, function: Function, plan: Plan, kinds: Mapping[int, int] | None = None
) -> Assumptions:
    """A plan, by the function's instructions. A call of a global by a function's name is expected to call that function."""
    names = {number: name for name, number in program.globals.items()}
    identities = {f.name: index for index, f in enumerate(program.functions)}
    found, slow, callees = dict(kinds or {}), set(), {}
    for index, instruction in enumerate(function.instructions):
        name = instruction.op.name
        if name in plan.results:
            found[index] = plan.results[name]
        if name in plan.slow:
            slow.add(index)
        if instruction.op is control.call_global:
            place = next(a[1] for a in instruction.arguments if isinstance(a, tuple))
            if names[place] in identities:
                callees[index] = identities[names[place]]
    return Assumptions(plan.parameters, found, frozenset(slow), callees)


def optimise(
    loaded: LoadedProgram, plans: Mapping[str, Plan], *, only: Sequence[str] | None = None, stress: bool = False,
    shape: str = "phi", kinds: Mapping[int, Mapping[int, int]] | None = None, level: int = 2,
    passes: Sequence[str] | None = None, objects: dict[str, bytes] | None = None,
) -> Installed:  # fmt: skip
    """Compiles a loaded program's functions, those in ``only`` or all that can be; they run compiled from now on."""
    program, model = loaded.compiled, model_of(loaded)
    compiler = Compiler(model, TABLE, shape=shape, stress=stress)
    for identity, function in enumerate(program.functions):
        if only is not None and function.name not in only:
            continue
        plan = plans.get(function.name, Plan())
        alone = Compiler(model, TABLE, shape=shape, stress=stress)
        wanted = assumptions(program, function, plan, (kinds or {}).get(identity))
        try:
            alone.add(function, identity, Assumptions(wanted.parameters, wanted.kinds, wanted.slow))
            alone.compile()
        except NotCompiled:
            continue
        compiler.add(function, identity, wanted)
    support = Support(model, loaded.image)
    codes = {identity: loaded.linked[id(f)].address for identity, f in enumerate(program.functions)}
    installed = install(compiler, loaded.image, codes, level=level, passes=passes, objects=objects)
    installed.enable()
    loaded.set("run_entry", support.run)
    return installed


# ---------------------------------------------------------------- the table


def _source(name: str, suffix: str, size: int) -> str:
    """The benchmark's function, called with a size and nothing else around it."""
    path = Path(__file__).resolve().parents[3] / "benchmarks" / "programs" / f"{name}{suffix}"
    text = path.read_text(encoding="utf-8")
    function = PROGRAMS[name].function
    if suffix == ".ruff":
        return f"{text[: text.index('n := ')]}print({function}({size}))\n"
    head = text[: text.rindex("print(")]
    return f"{head}local started = os.clock()\nlocal found = {function}({size})\nprint(found, os.clock() - started)\n"


def run_ruff(name: str, compile_it: bool) -> tuple[str, float]:
    """The program's output and its seconds, compiled or interpreted."""
    program = PROGRAMS[name]

    def work() -> tuple[str, float]:
        kinds = {}
        if compile_it:
            first = load(compiled(_source(name, ".ruff", program.small)), lambda text: None)
            first.run()
            for identity, function in enumerate(first.compiled.functions):
                kinds[identity] = feedback_kinds(first.linked[id(function)], TABLE)
            first.close()
        output: list[str] = []
        loaded = load(compiled(_source(name, ".ruff", program.size)), output.append)
        if compile_it:
            optimise(loaded, {program.function: program.plan}, kinds=kinds)
        started = time.process_time()
        loaded.run()
        spent = time.process_time() - started
        left = loaded.close()
        if left:
            raise RuntimeError(f"{left} objects are left alive")
        return "".join(output).strip(), spent

    return run_with_big_stack(work)


def run_peer(engine: str, name: str) -> tuple[str, float]:
    text = _source(name, ".lua", PROGRAMS[name].size)
    done = subprocess.run([engine, "-"], input=text, capture_output=True, text=True, check=True)
    result, seconds = done.stdout.split()
    return str(int(float(result))), float(seconds)


def run_once(engine: str, name: str) -> tuple[str, float]:
    """One run in a process of its own."""
    if engine not in ("opt", "vm"):
        return run_peer(engine, name)
    command = [sys.executable, "-m", "pagoda.tools.spike", "run", engine, name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result, seconds = done.stdout.split()
    return result, float(seconds)


def table(runs: int = RUNS) -> list[str]:
    """The table's lines. Raises ``RuntimeError`` where results differ."""
    engines = [e for e in ENGINES if e in ("opt", "vm") or shutil.which(e)]
    lines = [f"| seconds, median of {runs} | " + " | ".join(engines) + " | opt / luajit |", "|---" * (len(engines) + 2) + "|"]
    for name, program in PROGRAMS.items():
        medians, results = {}, set()
        for engine in engines:
            pairs = [run_once(engine, name) for _ in range(runs)]
            results |= {result for result, _ in pairs}
            medians[engine] = statistics.median(seconds for _, seconds in pairs)
        if len(results) != 1:
            raise RuntimeError(f"{name}: results differ: {results}")
        ratio = f"{medians['opt'] / medians['luajit']:.2f}" if "luajit" in medians else "-"
        cells = " | ".join(f"{medians[engine]:.3f}" for engine in engines)
        lines.append(f"| {name}({program.size}) | {cells} | {ratio} |")
    return lines


# ---------------------------------------------------------------- the texts

KINDS: dict[str, tuple[int | None, int | None]] = {
    "nothing known": (None, None), "two ints": (INT, INT), "int and float": (INT, FLOAT),
}  # fmt: skip


def sample(name: str, kinds: tuple[int | None, int | None]) -> Compiler:
    """A function of two parameters that is nothing but one operation on them, ready to be compiled for ``kinds``.

    ``call`` calls a function that adds. ``index_get`` has the array for its first operand wherever anything is known.
    """
    model: ValueModel = changed(MODEL, constant=lambda item: (0, 0))
    compiler = Compiler(model, TABLE)
    if name == "call":
        adder = Function("adder", 2, 3)
        adder.emit(arithmetic.add, 2, ("T", 0), ("T", 1))
        adder.emit(control.give, ("T", 2))
        caller = Function("call", 3, 8)
        for register, source in ((4, 2), (6, 0), (7, 1)):
            caller.emit(data.move, register, ("T", source))
        caller.emit(control.call, 3, 4, 2)
        caller.emit(control.give, ("T", 3))
        known = kinds[0] is not None
        compiler.add(adder, 1, Assumptions(kinds))
        compiler.add(caller, 0, Assumptions((*kinds, None), callees={3: 1} if known else {}))
        return compiler
    function = Function(name, 2, 3)
    operation = data.index_get if name == "index_get" else arithmetic.add
    if name == "index_get" and kinds[0] is not None:
        kinds = (ARRAY, kinds[1])
    function.emit(operation, 2, ("R", 0), ("R", 1))
    function.emit(data.drop, ("T", 0))
    function.emit(data.drop, ("T", 1))
    function.emit(control.give, ("T", 2))
    compiler.add(function, 0, Assumptions(kinds))
    return compiler


def function_text(text: str, name: str) -> str:
    """The definition of one compiled function out of a unit's text."""
    named = re.compile(rf'\.{name}"?\(')
    start = next(at for at, line in enumerate(text.splitlines()) if line.startswith("define") and named.search(line))
    lines = text.splitlines()[start:]
    return "\n".join(lines[: lines.index("}") + 1])


def texts(optimised: bool = False) -> list[tuple[str, str]]:
    """Title and text of every sample."""
    from pagoda.native.emit import optimised_text

    found = []
    for name in ("add", "index_get", "call"):
        for title, kinds in KINDS.items():
            text = sample(name, kinds).compile()
            if optimised:  # kept apart from its callers, as it stands
                text = optimised_text(text.replace("define internal", "define"))
            found.append((f"{name}, {title}", function_text(text, name)))
    return found


def main(words: Sequence[str]) -> int:
    """The command."""
    match list(words):
        case ["run", engine, name]:
            result, seconds = run_ruff(name, engine == "opt")
            print(result, seconds)
        case ["texts", *rest]:
            for title, text in texts("-O" in rest):
                print(f"; ---- {title}\n{text}\n")
        case ["table", *rest]:
            for line in table(int(rest[0]) if rest else RUNS):
                print(line, flush=True)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
