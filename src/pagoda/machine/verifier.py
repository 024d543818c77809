"""The verifier: what every function must satisfy before any storey runs it.

It reads a :class:`~pagoda.machine.function.Function` as it is, trusting nothing but the operation table. What must hold of an
accepted function: every operand is of its kind and in bounds; control stays inside; no register is read where it may be
undefined; nothing that a register owns is lost, given away twice, or lain over by a callee's frame; every cycle looks whether
the program shall stop. The linker refuses none of them, except as ``TooLarge``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

from pagoda.machine.decoder import DecodeError, decode
from pagoda.machine.flow import Flow
from pagoda.machine.function import Argument, Function, Handler, Instruction, Label, fields_of
from pagoda.machine.linker import LIMIT_FIELD, TooLarge
from pagoda.machine.operands import ConstantWord, Count, Immediate, Operand, Place, Target, Wide, Window
from pagoda.machine.ops import Op, OpTable
from pagoda.machine.ownership import owned_after
from pagoda.machine.values import ValueModel

OwnsConstant = Callable[[Any], bool]
Check = Callable[[Function, Instruction], "str | None"]


class VerifyError(Exception):
    """A function that must not run. ``index`` is that of the instruction at fault, -1 where it is the function as a whole."""

    def __init__(self, function: Function, index: int, message: str) -> None:
        where = f"instruction {index}: " if index >= 0 else ""
        super().__init__(f"{getattr(function, 'name', '') or 'function'}: {where}{message}")
        self.function, self.index, self.message = function, index, message


def verify(
    function: Function, table: OpTable, model: ValueModel, owns_constant: OwnsConstant, check: Check | None = None
) -> None:
    """Raises :class:`VerifyError`, or :class:`~pagoda.machine.linker.TooLarge` for a function that cannot be encoded.

    ``owns_constant`` says whether a constant owns something, and raises ``TypeError`` or ``ValueError`` for what is no constant
    of the language. ``check`` adds the language's own rules: it gives a message about an instruction, or ``None``.
    """
    _Verifier(function, table, model, owns_constant, check).run()


def verify_words(
    words: Sequence[int], rows: Sequence[int], shell: Function, table: OpTable, model: ValueModel, owns_constant: OwnsConstant,
    check: Check | None = None,
) -> Function:  # fmt: skip
    """As :func:`verify`, for encoded code: gives the function that ``words`` and the handler table ``rows`` spell.

    ``shell`` has all but the instructions and handlers. Encoded code from outside is never run as it came: link the result.
    """
    try:
        function = decode(words, rows, shell, table, model)
    except DecodeError as problem:
        raise VerifyError(shell, -1, str(problem)) from None
    verify(function, table, model, owns_constant, check)
    return function


def _number(item: object, low: int, high: int) -> bool:
    return type(item) is int and low <= item < high


class _Verifier:
    def __init__(
        self, function: Function, table: OpTable, model: ValueModel, owns_constant: OwnsConstant, check: Check | None
    ) -> None:
        self.function, self.table, self.model, self.check = function, table, model, check
        self.owns_constant = owns_constant
        self.at = -1

    def fail(self, message: str) -> VerifyError:
        return VerifyError(self.function, self.at, message)

    def run(self) -> None:
        self.whole()
        for index, instruction in enumerate(self.function.instructions):
            self.at = index
            self.instruction(instruction)
        self.at = -1
        self.handlers()
        flow = Flow(self.function, self.model.header_slots)
        reached = self.registers(flow)
        self.cycles(flow, reached)

    # -- shape

    def whole(self) -> None:
        f = self.function
        if not isinstance(f.name, str):
            raise self.fail("the name is not text")
        if not _number(f.registers, 0, 1 << 31) or not _number(f.parameters, 0, f.registers + 1):
            raise self.fail(f"{f.parameters!r} parameters in {f.registers!r} registers")
        if not _number(f.flags, -(1 << 63), 1 << 63):
            raise self.fail("flags do not fit a word")
        if not all(isinstance(part, list) for part in (f.instructions, f.constants, f.handlers)):
            raise self.fail("instructions, constants and handlers are lists")
        if max(f.registers, len(f.constants)) * self.model.slot_size >= LIMIT_FIELD:
            raise TooLarge(f"function {f.name or '<lambda>'} has too many variables or constants")
        if not f.instructions:
            raise self.fail("there are no instructions")
        if f.constants and self.model.constant is None:
            raise self.fail("the language has no constants")
        for index, constant in enumerate(f.constants):
            try:
                self.owns_constant(constant)
            except (TypeError, ValueError) as problem:
                raise self.fail(f"constant {index}: {problem}") from None
        if not isinstance(f.slot_names, dict):
            raise self.fail("names of registers are a dict")
        for register, name in f.slot_names.items():
            if not _number(register, 0, f.registers) or not isinstance(name, str):
                raise self.fail(f"{register!r} is no register to be named {name!r}")

    def place(self, label: object, end: int) -> int:
        """The position of a label; ``end`` is the first one that is too far."""
        if not isinstance(label, Label):
            raise self.fail(f"{label!r} is no label")
        if not _number(label.position, 0, end):
            lost = label.position == -1
            raise self.fail("a label that is not placed" if lost else f"a label at {label.position!r}, outside the code")
        return label.position

    def handlers(self) -> None:
        """Ranges lie inside the code, and any two are apart or one inside the other; inner ones stand first."""
        f = self.function
        size = len(f.instructions)
        if f.handlers and self.model.catch is None:
            raise self.fail("the language has no handlers")
        ranges = []
        for index, handler in enumerate(f.handlers):
            if not isinstance(handler, Handler):
                raise self.fail(f"{handler!r} is no handler")
            start, end = self.place(handler.start, size), self.place(handler.end, size + 1)
            self.place(handler.target, size)
            if start >= end:
                raise self.fail(f"handler {index} guards nothing: {start} to {end}")
            if not _number(handler.register, 0, f.registers):
                raise self.fail(f"handler {index} has no register {handler.register!r}")
            ranges.append((start, -end, -index))
        open_ranges: list[tuple[int, int]] = []
        for start, negative_end, negative_index in sorted(ranges):
            end, index = -negative_end, -negative_index
            while open_ranges and open_ranges[-1][0] <= start:
                open_ranges.pop()
            if open_ranges and open_ranges[-1][0] < end:
                raise self.fail(f"handlers {open_ranges[-1][1]} and {index} overlap")
            if open_ranges and open_ranges[-1][1] < index:
                raise self.fail(f"handler {index} stands after handler {open_ranges[-1][1]}, which is around it")
            open_ranges.append((end, index))

    # -- one instruction

    def instruction(self, instruction: Instruction) -> None:
        known = isinstance(instruction, Instruction) and isinstance(instruction.op, Op)
        if not known or self.table.ops.get(instruction.op.name) is not instruction.op:
            raise self.fail("not an operation of this table")
        op = instruction.op
        fields = fields_of(op)
        if not isinstance(instruction.arguments, list) or len(instruction.arguments) != len(fields):
            raise self.fail(f"{op.name} takes {len(fields)} operands")
        taken = borrowed = given = modified = 0
        window = count = -1
        for (name, kind), argument in zip(fields, instruction.arguments, strict=True):
            self.operand(name, kind, argument)
            if isinstance(kind, Window):
                assert isinstance(argument, int)
                window = argument
            elif isinstance(kind, Count):
                assert isinstance(argument, int)
                count = argument
            elif isinstance(argument, tuple) and argument[0] in "RT":
                bit = 1 << argument[1]
                if isinstance(kind, Place):
                    if modified & bit:
                        raise self.fail(f"{self.name(bit)} is changed in place twice")
                    modified |= bit
                elif argument[0] == "T":
                    assert isinstance(kind, Operand)
                    if taken & bit:
                        raise self.fail(f"{self.name(bit)} is taken twice")
                    taken |= bit
                    given |= bit if kind.owned else 0
                elif isinstance(kind, Operand) and not kind.owned:
                    borrowed |= bit
        letters = instruction.letters
        try:
            self.table.variant(op, letters)
        except KeyError:
            raise self.fail(f"{op.name} has no variant {letters.lower()!r}") from None
        row = self.window(instruction, window, count)
        for what, mask in (
            ("taken and in the window", taken & row), ("borrowed and in the window", borrowed & row),
            ("changed in place and given away", modified & (taken | row)),
            ("given away while it is borrowed", given & borrowed),
        ):  # fmt: skip
            if mask:
                raise self.fail(f"{self.name(mask)} is {what} by one instruction")
        if self.check is not None:
            message = self.check(self.function, instruction)
            if message is not None:
                raise self.fail(message)

    def operand(self, name: str, kind: Any, argument: Argument) -> None:
        """One operand alone: of the right kind, and in bounds."""
        f = self.function
        fine = True
        if kind is None:  # the destination
            fine = _number(argument, 0, f.registers)
        elif isinstance(kind, Operand | Place):
            if type(argument) is not tuple or len(argument) != 2 or type(argument[0]) is not str or len(argument[0]) != 1:
                raise self.fail(f"operand {name} has no mode: {argument!r}")
            letter, number = argument
            if letter not in kind.modes:
                raise self.fail(f"operand {name} is one of {kind.modes}, not {letter!r}")
            if letter in "RT":
                fine = _number(number, 0, f.registers)
            elif letter == "K":
                fine = _number(number, 0, len(f.constants))
            elif letter == "I":
                fine = _number(number, -(1 << 15), 1 << 15)
            else:
                fine = letter in self.model.places and _number(number, 0, LIMIT_FIELD)
        elif isinstance(kind, Immediate):
            fine = _number(argument, -(1 << 15), 1 << 15)
        elif isinstance(kind, Wide):
            fine = _number(argument, -(1 << 31), 1 << 31)
        elif isinstance(kind, ConstantWord):
            fine = _number(argument, 0, len(f.constants))
        elif isinstance(kind, Target):
            self.place(argument, len(f.instructions))
        elif isinstance(kind, Window):
            fine = _number(argument, 0, f.registers + 1)
        else:
            assert isinstance(kind, Count)
            fine = _number(argument, 0, LIMIT_FIELD)
        if not fine:
            raise self.fail(f"operand {name} is out of bounds: {argument!r}")

    def window(self, instruction: Instruction, window: int, count: int) -> int:
        """The registers that the window gives away, as a mask."""
        if window < 0:
            return 0
        header = self.model.header_slots if instruction.op.calls else 0
        if window + header + max(count, 0) > self.function.registers:
            raise self.fail(f"the window r{window} with {count} values reaches beyond the {self.function.registers} registers")
        row = ((1 << max(count, 0)) - 1) << (window + header)
        return row | 1 << window if instruction.op.calls and not instruction.op.fills else row

    def name(self, mask: int) -> str:
        """The first register of a mask, as a person would call it."""
        register = (mask & -mask).bit_length() - 1
        known = self.function.slot_names.get(register)
        return f"r{register} ({known})" if known else f"r{register}"

    # -- flow

    def registers(self, flow: Flow) -> list[int]:
        """Which registers are surely defined and which may own something, forward from the entry, edges of failure included.

        Gives what is defined before each instruction; -1 where it cannot be reached.
        """
        f = self.function
        size = len(f.instructions)
        defined, owned = [-1] * size, [0] * size
        defined[0] = owned[0] = (1 << f.parameters) - 1
        work, waiting = [0], [False] * size
        while work:
            index = self.at = heappop(work)
            waiting[index] = False
            instruction, effect = f.instructions[index], flow.effects[index]
            has, owns = defined[index], owned[index]
            gone = effect.takes | effect.consumes | effect.clobbers
            after = (has & ~gone) | effect.writes, owned_after(instruction, owns, effect, self.owns_constant, f.constants)
            edges = [(successor, *after) for successor in flow.successors[index]]
            if not instruction.op.ends and index + 1 == size:
                raise self.fail("control runs off the end")
            for target, register in flow.handlers[index]:
                # A failed instruction left its registers as they were; a call may have failed in the callee, its window gone.
                kept = has & ~gone if instruction.op.calls else has
                edges.append((target, kept | 1 << register, owns | 1 << register))
            for successor, has_there, owns_there in edges:
                known = defined[successor]
                merged = has_there if known < 0 else known & has_there, owned[successor] | owns_there
                if merged != (known, owned[successor]):
                    defined[successor], owned[successor] = merged
                    if not waiting[successor]:
                        waiting[successor] = True
                        heappush(work, successor)
        for index, instruction in enumerate(f.instructions):  # only now all that may be owned is known
            if defined[index] >= 0:
                self.at = index
                self.step(instruction, flow.effects[index], defined[index], owned[index])
        self.at = -1
        return defined

    def step(self, instruction: Instruction, effect: Any, has: int, owns: int) -> None:
        """The rules for one instruction, given what is defined and what may be owned before it."""
        op = instruction.op
        missing = (effect.reads | effect.modified | effect.consumes) & ~has
        if missing:
            raise self.fail(f"{self.name(missing)} may be undefined here")
        missing = effect.takes & ~has
        if missing and not op.drops:  # a dead register owns nothing, so dropping it does nothing
            raise self.fail(f"{self.name(missing)} is taken, but may be undefined or taken before")
        left = owns & ~(effect.takes | effect.consumes) | effect.modified
        if left & effect.writes:
            raise self.fail(f"{self.name(left & effect.writes)} is overwritten while it may own something")
        if left & effect.clobbers:
            raise self.fail(f"the callee's frame would lie over {self.name(left & effect.clobbers)}, which may own something")
        if op.leaves and left:
            raise self.fail(f"{self.name(left)} may own something when the frame ends")

    def cycles(self, flow: Flow, reached: list[int]) -> None:
        """Every cycle, handlers included, has an instruction that polls: else nothing could stop it."""
        f = self.function
        state = [0 if has >= 0 and not i.op.polls else 2 for has, i in zip(reached, f.instructions, strict=True)]
        for root in range(len(state)):
            if state[root]:
                continue
            path: list[tuple[int, list[int]]] = []
            index = root
            while True:
                if state[index] == 0:
                    state[index] = 1
                    path.append((index, [*flow.successors[index], *(t for t, _ in flow.handlers[index])]))
                elif state[index] == 1:
                    self.at = index
                    raise self.fail("a loop that nothing can stop: no instruction in it polls")
                while path and not path[-1][1]:
                    state[path.pop()[0]] = 2
                if not path:
                    break
                index = path[-1][1].pop()
