"""Tests of operations, made from their definitions: the body run by CPython against the handler run by the machine.

A language describes itself once, in a :class:`Kit`: how to make a fresh :class:`World` (a context in memory and all that lives
by it), sample values, and how to describe a value so that two worlds can be compared. :func:`cases` then makes, for every
variant of every operation, one :class:`OpCase` per combination of samples, and :func:`run_case` runs it twice, each time in a
world of its own:

* *unlowered*: the body as a Python function over real memory. What the handler does around the body (references of owned
  operands, taken registers, destination, entering a callee) is done here by the rules in ``docs/machine.md``.
* *vm*: a function of that one instruction, linked and run. (It is not verified: its operands stay owned, to be looked at.)

Compared are the way it ended (value, branch, nothing, raised, suspended), the result or error, the registers and places
afterwards, and the number of live references, which must be what it was before. :func:`check_table` runs all and also reports
operations that no case exercises; a test asserts that its report is empty::

    report = check_table(MyKit())
    assert not report.problems, report.text()
"""

from __future__ import annotations

import ctypes
import gc
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from pagoda.machine.context import OK, RAISE, SUSPEND, TRACE_FRAMES, Code
from pagoda.machine.function import Argument, Function, Label, field_names
from pagoda.machine.linker import Linker
from pagoda.machine.operands import (
    Cache,
    ConstantWord,
    Count,
    Immediate,
    Operand,
    Place,
    State,
    Target,
    Wide,
    Window,
)
from pagoda.machine.ops import Op, OpTable, Parameter, Variant
from pagoda.machine.values import ValueModel
from pagoda.machine.verbs import Left, Raised, charge, charged_to, failure_is, poll
from pagoda.native import types
from pagoda.native.intrinsics import pointer
from pagoda.records import changed

SPARE_SLOTS = 256  # room for what an operation calls
WINDOW, COUNT = Label(), Label()  # stand for operands until the window has its place


class World(Protocol):
    """A fresh state of a language. ``context`` is a struct in memory that the world keeps alive."""

    context: Any

    def describe(self, value: Any) -> object:
        """What a value is, in terms that are equal for equal values of two worlds."""

    def error(self) -> object:
        """The error that the context holds, described; the context gives it up."""

    def live(self) -> int:
        """How many references are held; 0 always, in a language without counts."""


@dataclass(frozen=True)
class Sample:
    """A named value; ``make(world)`` gives a fresh one that owns its reference. ``number``: it can be an immediate operand."""

    name: str
    make: Callable[[Any], Any]
    number: int | None = None


class Kit:
    """What a language tells the harness. ``run`` is the native entry ``NAME.run``.

    ``native_only`` names operations whose body cannot run under CPython, with the reason; only their handler is run.
    """

    model: ValueModel
    table: OpTable
    samples: Sequence[Sample]
    run: Callable[[int, int, int], int]
    native_only: dict[str, str] = {}
    most_cases = 100  # per variant
    fuel = 1 << 40
    spare_slots = SPARE_SLOTS
    overflow: Callable[[Any, Any], Any] | None = None  # the builder's; without it, no callee finds the stack full

    def world(self) -> World:
        raise NotImplementedError

    def samples_for(self, operation: Op, parameter: Parameter) -> Sequence[Sample]:
        """The samples that an operand is tried with."""
        return self.samples

    def rows_for(self, operation: Op) -> Sequence[Sequence[Sample]]:
        """The rows of values that a window is tried with. A call's begin with the callee, unless the operation fills it in."""
        return [self.samples[:count] for count in range(min(4, len(self.samples)))]

    def numbers_for(self, operation: Op, parameter: Parameter) -> Sequence[int]:
        """What a number in the instruction is tried with."""
        return (0, 1, -1)

    def words_for(self, operation: Op, parameter: Parameter) -> Sequence[Callable[[Any], int]]:
        """For a constant's payload word: functions that make one in a world."""
        return ()

    def most_for(self, variant: Variant) -> int:
        """How many cases a variant gets at most."""
        return self.most_cases

    def caches_for(self, operation: Op, parameter: Parameter) -> Sequence[Callable[[Any], int]]:
        """What an instruction's own word may hold before it runs: functions of the world."""
        return (empty_cache,)

    def fits(self, variant: Variant, choices: tuple[Any, ...]) -> bool:
        """Whether the choices go together: what a compiler would never emit need not be tried."""
        return True

    def place_number(self, letter: str) -> int:
        """The number of a place of the language that is there in every world, and so are the next ones."""
        return 0

    def running_function(self, world: Any) -> Any:
        """The function that the frame runs, with a reference, where operations or places look at it; or ``None``."""
        return None

    def prepare(self, world: Any, operation: Op) -> None:
        """What a world needs before an operation runs in it."""

    def start(self, world: Any, storey: str) -> None:
        """The last thing before the operation runs, with its operands in place; ``storey`` is ``vm`` or ``unlowered``."""


def empty_cache(world: Any) -> int:
    """What an instruction's own word holds when it was never run."""
    return 0


@dataclass(frozen=True)
class OpCase:
    """One variant with one choice for each operand: a sample, a row of samples, a number or a maker of a word."""

    variant: Variant
    choices: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.variant.name}({', '.join(_spell(c) for c in self.choices)})"


def _spell(choice: Any) -> str:
    if isinstance(choice, Sample):
        return choice.name
    if isinstance(choice, tuple):
        return f"[{', '.join(_spell(c) for c in choice)}]"
    return str(choice)


def cases(kit: Kit, operations: Sequence[Op] | None = None) -> Iterator[OpCase]:
    """All cases of a table, or of some of its operations. Where there would be too many, evenly spread ones."""
    for variant in kit.table.variants:
        if operations is not None and variant.op not in operations:
            continue
        letters = list(variant.letters)
        axes: list[list[Any]] = []
        for parameter in variant.op.parameters:
            kind = parameter.kind
            if isinstance(kind, Operand | Place):
                samples = kit.samples_for(variant.op, parameter)
                immediate = letters.pop(0) == "I"
                axes.append([s for s in samples if not immediate or s.number is not None])
            elif isinstance(kind, Window):
                axes.append([tuple(row) for row in kit.rows_for(variant.op)])
            elif isinstance(kind, Immediate | Wide):
                axes.append(list(kit.numbers_for(variant.op, parameter)))
            elif isinstance(kind, ConstantWord):
                axes.append(list(kit.words_for(variant.op, parameter)))
            elif isinstance(kind, Cache):
                axes.append(list(kit.caches_for(variant.op, parameter)))
        fitting = [choices for choices in itertools.product(*axes) if kit.fits(variant, choices)]
        step = max(1, -(-len(fitting) // kit.most_for(variant)))
        while step > 1 and any(step % len(axis) == 0 for axis in axes if len(axis) > 1):
            step += 1  # a step in rhythm with an axis would try only some of its values
        for choices in fitting[variant.opcode % step :: step]:  # each variant begins elsewhere
            yield OpCase(variant, choices)


@dataclass
class Outcome:
    """How one run ended, in comparable terms."""

    ended: str
    result: object
    places: list[object] = field(default_factory=list)
    fuel: int = 0  # used
    caches: list[int] = field(default_factory=list)


class Mismatch(AssertionError):
    """The two runs of a case differ, or one of them lost references."""


def run_case(kit: Kit, case: OpCase) -> Outcome:
    """Runs a case both ways; gives the outcome. Raises :class:`Mismatch`."""
    outcome = run_lowered(kit, case)
    if case.variant.op.name not in kit.native_only:
        with no_collection():
            unlowered = _Run(kit, case, "unlowered")
            kit.start(unlowered.world, unlowered.storey)
            expected = unlowered.finished(unlowered.in_python())
            unlowered.settle()
        if expected != outcome:
            raise Mismatch(f"{case}: unlowered {expected}, vm {outcome}")
    return outcome


def run_lowered(kit: Kit, case: OpCase) -> Outcome:
    """Runs a case on the machine only. Raises :class:`Mismatch` where references are lost."""
    with no_collection():
        lowered = _Run(kit, case, "vm")
        kit.start(lowered.world, lowered.storey)
        outcome = lowered.finished(lowered.on_machine())
        lowered.settle()
    return outcome


@contextmanager
def no_collection() -> Iterator[None]:
    """CPython's collector must not meet an object whose last reference unlowered code has just taken: it would free it too."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Run:
    """One run of a case: a world, a frame in memory with the operands in place."""

    def __init__(self, kit: Kit, case: OpCase, storey: str) -> None:
        self.kit, self.case, self.storey = kit, case, storey
        self.model, self.op = kit.model, case.variant.op
        self.world = kit.world()
        kit.prepare(self.world, self.op)
        self.context = self.world.context
        self.before = self.world.live()
        self.slot = self.model.slot_size
        self.arguments: list[Argument] = []
        self.taken: list[int] = []
        self.constants: list[tuple[int, ...]] = []
        self.kept: list[Any] = []  # values of constants
        self.outside: list[int] = []  # addresses of places of the language
        self.caches: list[Any] = []  # memory for the instruction's own words, where the body is run by CPython
        self.first_caches: list[int] = []  # what they hold before
        self.function_itself = kit.running_function(self.world)
        self.row = 0  # registers of the window
        self.values: list[Any] = []  # what stands in each register, None where nothing does
        self.layout()

    # -- laying out

    def layout(self) -> None:
        """Gives every operand its register, constant, number or place, and puts the frame into memory."""
        letters, choices = list(self.case.variant.letters), list(self.case.choices)
        window: tuple[Sample, ...] | None = None
        kept: list[tuple[str, int, Sample]] = []
        for parameter in self.op.parameters:
            kind = parameter.kind
            if isinstance(kind, Operand | Place):
                letter, sample = letters.pop(0), choices.pop(0)
                if letter in "RT":
                    self.arguments.append((letter, len(self.values)))
                    if letter == "T":
                        self.taken.append(len(self.values))
                    self.values.append(sample.make(self.world))
                elif letter == "K":
                    self.arguments.append(("K", len(self.constants)))
                    self.kept.append(sample.make(self.world))
                    self.constants.append(words_of(self.model, self.kept[-1]))
                elif letter == "I":
                    self.arguments.append(("I", sample.number))
                else:
                    number = self.kit.place_number(letter) + sum(letter == other for other, _, _ in kept)
                    self.arguments.append((letter, number))
                    kept.append((letter, number, sample))
            elif isinstance(kind, Window):
                window = choices.pop(0)
                self.arguments.append(WINDOW)
            elif isinstance(kind, Count):
                self.arguments.append(COUNT)
            elif isinstance(kind, ConstantWord):
                self.arguments.append(len(self.constants))
                word = choices.pop(0)(self.world)
                self.constants.append((0, word) if self.model.words == 2 else (word,))
            elif isinstance(kind, Immediate | Wide):
                self.arguments.append(choices.pop(0))
            elif isinstance(kind, Target):
                self.arguments.append(Label())
            elif isinstance(kind, Cache):
                self.first_caches.append(choices.pop(0)(self.world))
        self.destination = len(self.values)
        self.values.append(None)
        if window is not None:
            self.put_window(window)
        if self.op.has_destination:
            self.arguments.insert(0, self.destination)
        self.place_frame()
        for letter, number, sample in kept:
            where = self.locate(letter, number)
            types.write_memory(self.model.type, where, sample.make(self.world))
            self.outside.append(where)

    def put_window(self, row: tuple[Sample, ...]) -> None:
        at = len(self.values)
        made = [sample.make(self.world) for sample in row]
        count = len(made)
        if self.op.calls:
            callee = None if self.op.fills else made.pop(0)
            count = len(made)
            made = [callee, *[None] * (self.model.header_slots - 1), *made]
        self.values += made
        self.row = len(made)
        self.arguments = [at if a is WINDOW else count if a is COUNT else a for a in self.arguments]

    def place_frame(self) -> None:
        slots = self.model.header_slots + len(self.values) + self.kit.spare_slots
        self.memory = (ctypes.c_int64 * (slots * self.model.words + TRACE_FRAMES * 2))()
        start = ctypes.addressof(self.memory)
        self.base = start + self.model.header_slots * self.slot
        self.memory[: slots * self.model.words] = list(words_of(self.model, self.model.empty()) * slots)
        for index, item in enumerate(self.values):
            if item is not None:
                self.write(index, item)
        context = self.context
        context.stack_end, context.fuel = start + slots * self.slot, self.kit.fuel
        context.exact_end = 0  # the end is where ``stack_end`` says
        if self.function_itself is not None:
            if self.model.retain is not None:  # the frame gives its reference up; places may lie in the function
                self.model.retain(self.function_itself)
            self.write(-self.model.header_slots, self.function_itself)
        context.trace = types.convert(types.resolve_type(types.ptr[types.i64]), start + slots * self.slot)
        code = Label(1)
        function = Function("case", len(self.values), len(self.values) + 1, constants=list(self.constants))
        self.arguments = [code if isinstance(a, Label) else a for a in self.arguments]
        function.emit(self.op, *self.arguments)
        self.finish(function, code)
        linker = Linker(changed(self.model, constant=lambda words: words), self.kit.table)
        self.linked = linker.link(function)
        for at, word in zip(self.cache_places(), self.first_caches, strict=True):
            self.linked.words[at] = word

    def finish(self, function: Function, target: Label) -> None:
        """What stands after the instruction: returns that tell which way it went."""
        if self.op.ends and self.op.result != "branch":
            return
        give = next(o for o in self.kit.table.ops.values() if o.leaves and len(field_names(o)) == 1)
        if self.op.result == "value":
            function.emit(give, ("T" if "T" in give.mode_sets()[0] else "R", self.destination))
            return
        zero, one = self.number(function, give, 0), self.number(function, give, 1)
        function.emit(give, zero)
        function.place(target)
        function.emit(give, one)

    def number(self, function: Function, give: Op, number: int) -> tuple[str, int]:
        if "I" in give.mode_sets()[0]:
            return "I", number
        function.constants.append(words_of(self.model, self.model.from_immediate(number)))
        return "K", len(function.constants) - 1

    # -- memory

    def write(self, register: int, item: Any) -> None:
        types.write_memory(self.model.type, self.base + register * self.slot, item)

    def read(self, register: int) -> Any:
        return types.read_memory(self.model.type, self.base + register * self.slot)

    def registers(self) -> Any:
        return types.make_pointer(self.model.type, self.base)

    def locate(self, letter: str, number: int) -> int:
        mode = self.model.places[letter]
        return int(mode.locate(self.context, self.registers(), number).address)

    def cache_places(self) -> list[int]:
        """Where the instruction's own words are in the code, which begins with it."""
        return list(self.case.variant.layout.caches.values())

    def release(self, item: Any) -> None:
        if self.model.release is not None:
            self.model.release(self.context, item)

    # -- the two storeys

    def on_machine(self) -> Outcome:
        status = self.kit.run(self.context.address, self.linked.address, self.base)
        return self.ended(status)

    def ended(self, status: int) -> Outcome:
        """The outcome of native code that came back with ``status``."""
        if status == RAISE:
            return Outcome("raised", self.world.error(), self.places(raised=True))
        if status == SUSPEND:
            return Outcome("suspended", self.given(), self.places())
        assert status == OK, f"{self.case}: status {status}"
        if self.op.result == "value" or (self.op.ends and self.op.result != "branch"):
            return Outcome("value", self.given(), self.places())
        given = self.given()
        if self.op.result == "none" and given == self.world.describe(self.model.from_immediate(0)):
            return Outcome("nothing", None, self.places())
        if self.op.result == "none":  # it left the frame with a value of its own
            return Outcome("value", given, self.places())
        return Outcome("branch", given == self.world.describe(self.model.from_immediate(1)), self.places())

    def given(self) -> object:
        """The context's result, described and given up."""
        result = self.context.result
        self.context.result = self.model.empty()
        described = self.world.describe(result)
        self.release(result)
        return described

    def in_python(self) -> Outcome:
        self.write_header()
        letters = iter(self.case.variant.letters)
        fields = iter(self.arguments[1:] if self.op.has_destination else self.arguments)
        args: list[Any] = []
        retained: list[Any] = []
        handed_on: list[int] = []
        for parameter in self.op.parameters:
            argument = next(fields) if parameter.encoded else None
            if isinstance(parameter.kind, Operand):
                letter, item = next(letters), self.value_of(argument)
                if parameter.kind.owned and letter == "T":
                    handed_on.append(argument[1])  # type: ignore[index]
                elif parameter.kind.owned:
                    retained.append(item)
                args.append(item)
            else:
                if isinstance(parameter.kind, Place):
                    next(letters)
                args.append(self.plain(parameter, argument))
        for item in retained:
            if self.model.retain is not None:
                self.model.retain(item)
        try:
            with failure_is(self.model.failed), charged_to(self.context):
                result = self.op.function(*args)
        except Raised:
            for item in retained:
                self.release(item)
            return self.raised()
        except Left as left:
            return self.left(left, handed_on)
        self.settle_taken(handed_on)
        if self.op.result == "branch":
            return Outcome("branch", bool(result), self.places())
        if self.op.result == "none":
            return Outcome("nothing", None, self.places())
        self.context.result = result
        return Outcome("value", self.given(), self.places())

    def value_of(self, argument: Any) -> Any:
        letter, number = argument
        if letter in "RT":
            return self.read(number)
        if letter == "I":
            return self.model.from_immediate(number)
        if letter == "K":
            address = ctypes.addressof(self.linked.constants) + number * self.slot
            return types.read_memory(self.model.type, address)
        return types.read_memory(self.model.type, self.locate(letter, number))

    def write_header(self) -> None:
        """The frame's header and the context's ``frame``, as native code leaves them to what a body calls."""
        row = (ctypes.c_int64 * 2).from_address(self.base - 16)
        row[:] = [-self.linked.address, 0]
        self.context.frame = self.base

    def plain(self, parameter: Parameter, argument: Any) -> Any:
        """What a body gets for a parameter that is no value."""
        kind = parameter.kind
        if isinstance(kind, Place):
            letter, number = argument
            where = self.base + number * self.slot if letter == "R" else self.locate(letter, number)
            return types.make_pointer(self.model.type, where)
        if isinstance(kind, Window):
            return types.make_pointer(self.model.type, self.base + argument * self.slot)
        if isinstance(kind, Target):
            return 0
        if isinstance(kind, ConstantWord):
            word = self.constants[argument][-1]
            resolved = types.resolve_type(parameter.type)
            return resolved.python(word) if isinstance(resolved, types.Reference) else types.convert(resolved, word)
        if isinstance(kind, Cache):
            self.caches.append((ctypes.c_int64 * 1)(self.first_caches[len(self.caches)]))
            return types.convert(types.resolve_type(parameter.type), ctypes.addressof(self.caches[-1]))
        if isinstance(kind, State):
            if kind.what == "context":
                return self.context
            if kind.what == "registers":
                return self.registers()
            assert kind.what == "code"
            return pointer(Code, self.linked.address)
        return argument

    def settle_taken(self, handed_on: list[int]) -> None:
        for register in self.taken:
            if register not in handed_on:
                self.release(self.read(register))
            self.write(register, self.model.empty())

    def left(self, left: Left, handed_on: list[int]) -> Outcome:
        """The body left the frame: the machine's part is done here."""
        if left.verb == "enter":
            code, window = left.arguments
            for register in self.taken:
                assert register not in handed_on, "a call that takes an operand of its own"
            self.settle_taken(handed_on)
            base = window.address + self.model.header_slots * self.slot
            if self.kit.overflow is not None and base + code.frame_bytes > self.context.stack_end:
                self.kit.overflow(self.context, code)
                return self.raised()
            try:
                with charged_to(self.context):
                    charge(1)
                    poll()
            except Raised:
                return self.raised()
            status = self.kit.run(self.context.address, code.address, base)
            return self.raised() if status == RAISE else self.ended(status)
        self.settle_taken(handed_on)
        self.context.result = left.arguments[0]
        return Outcome("suspended" if left.verb == "suspend" else "value", self.given(), self.places())

    def raised(self) -> Outcome:
        for register in range(len(self.values)):
            self.release(self.read(register))
            self.write(register, self.model.empty())
        return Outcome("raised", self.world.error(), self.places(raised=True))

    # -- afterwards

    def places(self, raised: bool = False) -> list[object]:
        """The operands' registers and places as they are now; dead ones and those of an unwound frame left out."""
        live = [] if raised else [i for i in range(self.destination) if i not in self.taken]
        seen = [self.world.describe(self.read(register)) for register in live]
        return seen + [self.world.describe(types.read_memory(self.model.type, where)) for where in self.outside]

    def finished(self, outcome: Outcome) -> Outcome:
        """The outcome with what else there is to see."""
        outcome.fuel = self.kit.fuel - int(self.context.fuel)
        outcome.caches = [row[0] for row in self.caches] or [self.linked.words[at] for at in self.cache_places()]
        return outcome

    def settle(self) -> None:
        """Gives up what the operands still own and counts what is left."""
        for register in range(self.destination):
            self.release(self.read(register))
        for index in range(self.row):
            self.release(self.read(self.destination + 1 + index))
        for where in self.outside:
            self.release(types.read_memory(self.model.type, where))
            types.write_memory(self.model.type, where, self.model.empty())
        for item in self.kept:
            self.release(item)
        if self.function_itself is not None:
            self.release(self.read(-self.model.header_slots))
            self.release(self.function_itself)
        after = self.world.live()
        if after != self.before:
            raise Mismatch(f"{self.case}: {self.storey} leaves {after - self.before} references")


def words_of(model: ValueModel, item: Any) -> tuple[int, ...]:
    """A value as the words of a slot."""
    memory = (ctypes.c_int64 * model.words)()
    types.write_memory(model.type, ctypes.addressof(memory), item)
    return tuple(memory)


@dataclass
class Report:
    """What :func:`check_table` found: cases run per variant, how they ended per operation, and all that is wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    endings: dict[str, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(self.problems[:50])


def check_table(kit: Kit, operations: Sequence[Op] | None = None) -> Report:
    """Runs every case. Among the problems: variants without a case, and operations declared never to raise that did."""
    report = Report()
    for case in cases(kit, operations):
        name = case.variant.name
        report.counts[name] = report.counts.get(name, 0) + 1
        try:
            outcome = run_case(kit, case)
        except Exception as problem:  # one bad case must not hide the others
            report.problems.append(f"{case}: {type(problem).__name__}: {problem}")
            continue
        report.endings.setdefault(case.variant.op.name, set()).add(outcome.ended)
        if outcome.ended == "raised" and not case.variant.op.raises:
            report.problems.append(f"{case}: declared never to raise")
    for variant in kit.table.variants:
        if (operations is None or variant.op in operations) and variant.name not in report.counts:
            report.problems.append(f"{variant.name}: no case exercises it")
    return report
