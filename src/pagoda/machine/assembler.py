"""Text to functions: reads what ``disassembler.py`` writes, and what people write in the same notation.

Operation names and operand kinds come from the operation table alone. What must hold: any text gives a function or an
:class:`AssemblyError` that names line and column. The function is not verified yet.
"""

from __future__ import annotations

import ast
import difflib
import math
import re
from typing import Any, NoReturn

from pagoda.machine.disassembler import ConstantCodec
from pagoda.machine.function import Argument, Function, Handler, Instruction, Label, Span, field_names
from pagoda.machine.operands import ConstantWord, Count, Operand, Place, Target, Window
from pagoda.machine.ops import OpTable

_TEXT = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_NUMBER = r"-?[0-9]{1,18}"
_SPAN = re.compile(rf"@({_NUMBER})-({_NUMBER})$")
_HEAD = re.compile(
    rf"function\s+({_TEXT})\s+parameters\s+({_NUMBER})\s+registers\s+({_NUMBER})(?:\s+flags\s+({_NUMBER}))?"
    rf"(?:\s+@({_NUMBER})-({_NUMBER}))?\s*(?:;.*)?$"
)
_CONST = re.compile(r"const\s+k([0-9]{1,9})\s*=\s*(.*)$")
_NAME = re.compile(rf"name\s+r([0-9]{{1,9}})\s+({_TEXT})\s*(?:;.*)?$")
_HANDLER = re.compile(r"handler\s+(\w+)\s+to\s+(\w+)\s+->\s+(\w+)\s+in\s+r([0-9]{1,9})\s*(?:;.*)?$")
_LABEL = re.compile(r"(\w+):\s*(?:;.*)?$")
_INSTRUCTION = re.compile(r"(?:[0-9]+\s+)?([A-Za-z_]\w*(?:\.\w+)?)(?:\s+(.*))?$")


class AssemblyError(Exception):
    """A text that is no function. ``line`` and ``column`` are 1-based."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line, self.column, self.message = line, column, message


class LiteralCodec:
    """Constants as Python literals, and the floats that have none."""

    odd = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

    def show(self, constant: Any) -> str:
        return repr(constant)

    def read(self, text: str) -> Any:
        if text in self.odd:
            return self.odd[text]
        try:
            return ast.literal_eval(text)
        except (SyntaxError, TypeError, MemoryError, RecursionError) as problem:
            raise ValueError(f"{text[:60]!r} is no literal: {problem}") from None


def assemble(text: str, table: OpTable, codec: ConstantCodec | None = None) -> Function:
    """The function that ``text`` spells. Raises :class:`AssemblyError`."""
    return _Assembler(table, codec or LiteralCodec()).function(text)


class _Assembler:
    def __init__(self, table: OpTable, codec: ConstantCodec) -> None:
        self.table, self.codec = table, codec
        self.labels: dict[str, Label] = {}
        self.used: dict[str, tuple[int, int]] = {}  # where a label was first asked for
        self.result: Function | None = None
        self.line = 0
        self.column = 1

    def error(self, message: str, column: int = 0) -> NoReturn:
        raise AssemblyError(self.line, column or self.column, message)

    def function(self, text: str) -> Function:
        for number, row in enumerate(text.split("\n"), 1):
            content = row.strip()
            self.line, self.column = number, len(row) - len(row.lstrip()) + 1
            if content and not content.startswith(";"):
                self.one(content)
        if self.result is None:
            self.error("there is no function")
        for name, (line, column) in self.used.items():
            if self.labels[name].position < 0:
                raise AssemblyError(line, column, f"label {name} is nowhere")
        return self.result

    def one(self, content: str) -> None:
        """One line that says something."""
        if self.result is None:
            self.head(content)
            return
        f = self.result
        if match := _LABEL.match(content):
            label = self.labels.setdefault(match[1], Label())
            if label.position >= 0:
                self.error(f"label {match[1]} stands twice")
            f.place(label)
        elif match := _CONST.match(content):
            if int(match[1]) != len(f.constants):
                self.error(f"the next constant is k{len(f.constants)}")
            try:
                f.constants.append(self.codec.read(match[2]))
            except ValueError as problem:
                self.error(str(problem), self.column + match.start(2))
        elif match := _NAME.match(content):
            if int(match[1]) in f.slot_names:
                self.error(f"r{match[1]} has a name already")
            f.slot_names[int(match[1])] = self.text(match[2], match.start(2))
        elif match := _HANDLER.match(content):
            start, end, target = (self.label(match[i], match.start(i)) for i in (1, 2, 3))
            f.handlers.append(Handler(start, end, target, int(match[4])))
        elif match := _INSTRUCTION.match(content):
            self.instruction(match)
        else:
            self.error("this is no instruction, label, constant, name or handler")

    def head(self, content: str) -> None:
        match = _HEAD.match(content)
        if match is None:
            self.error("a function begins with: function 'name' parameters N registers N")
        span = (int(match[5]), int(match[6])) if match[5] is not None else (0, 0)
        self.result = Function(
            self.text(match[1], match.start(1)), int(match[2]), int(match[3]), span=span, flags=int(match[4] or 0)
        )

    def text(self, literal: str, at: int) -> str:
        try:
            return str(ast.literal_eval(literal))
        except (SyntaxError, ValueError, MemoryError) as problem:
            self.error(f"no text: {problem}", self.column + at)

    def label(self, name: str, at: int) -> Label:
        self.used.setdefault(name, (self.line, self.column + at))
        return self.labels.setdefault(name, Label())

    # -- instructions

    def instruction(self, match: re.Match[str]) -> None:
        variant = self.table.by_name.get(match[1])
        if variant is None:
            near = difflib.get_close_matches(match[1][:80], self.table.by_name, 1)
            self.error(f"no operation {match[1][:80]}" + (f"; is it {near[0]}?" if near else ""), self.column + match.start(1))
        rest, at = match[2] or "", match.start(2) if match[2] is not None else match.end()
        rest = rest.split(";", 1)[0].rstrip()
        span: Span = (0, 0)
        if found := _SPAN.search(rest):
            span = int(found[1]), int(found[2])
            rest = rest[: found.start()].rstrip()
        parts: list[tuple[str, int]] = []
        for part in rest.split(",") if rest else []:
            parts.append((part.strip(), at + len(part) - len(part.lstrip())))
            at += len(part) + 1
        names = field_names(variant.op)
        if len(parts) != len(names):
            self.error(f"{variant.op.name} takes {len(names)} operands ({', '.join(names)}), not {len(parts)}")
        kinds: dict[str, Any] = {p.name: p.kind for p in variant.op.parameters}
        arguments = [self.operand(name, kinds.get(name), *part) for name, part in zip(names, parts, strict=True)]
        instruction = Instruction(variant.op, arguments, span)
        if instruction.letters != variant.letters:
            self.error(f"the operands are those of {variant.op.name}.{instruction.letters.lower()}, not of {variant.name}")
        assert self.result is not None
        self.result.instructions.append(instruction)

    def operand(self, name: str, kind: Any, part: str, at: int) -> Argument:
        """One operand, as its kind in the operation's definition says."""
        if isinstance(kind, Target):
            found = re.fullmatch(r"->\s*(\w+)", part)
            if found is None:
                self.error(f"operand {name} is a target: -> L1", self.column + at)
            return self.label(found[1], at + found.start(1))
        if isinstance(kind, Operand | Place):
            return self.moded(name, kind, part, at)
        pattern, form = r"#\s*", "a number: #5"
        if kind is None:
            pattern, form = "r", "a register: r3"
        elif isinstance(kind, Window):
            pattern, form = r"window\s+r", "a window: window r4"
        elif isinstance(kind, Count):
            pattern, form = r"count\s+", "a count: count 2"
        elif isinstance(kind, ConstantWord):
            pattern, form = "k", "a constant: k0"
        found = re.fullmatch(rf"{pattern}({_NUMBER})", part)
        if found is None:
            self.error(f"operand {name} is {form}", self.column + at)
        return int(found[1])

    def moded(self, name: str, kind: Operand | Place, part: str, at: int) -> Argument:
        mark = "&" if isinstance(kind, Place) else ""
        found = re.fullmatch(rf"{mark}(take\s+r|[A-Za-z]|#\s*)({_NUMBER})", part)
        letter = ""
        if found is not None:
            letter = "T" if found[1].startswith("take") else "I" if found[1][0] == "#" else found[1].upper()
        if found is None or letter not in kind.modes or (letter in "TI" and found[1].isalpha()):
            forms = {"R": "r3", "T": "take r3", "K": "k0", "I": "#5"}
            spelled = ", ".join(mark + forms.get(mode, f"{mode.lower()}7") for mode in kind.modes)
            self.error(f"operand {name} is one of: {spelled}", self.column + at)
        return letter, int(found[2])


def same_function(a: Function, b: Function) -> bool:
    """Whether two functions say the same, labels compared by where they stand."""
    return _shape(a) == _shape(b)


def _shape(f: Function) -> tuple[Any, ...]:
    def plain(argument: Argument) -> Any:
        return ("label", argument.position) if isinstance(argument, Label) else argument

    handlers = [(h.start.position, h.end.position, h.target.position, h.register) for h in f.handlers]
    code = [(i.op, [plain(a) for a in i.arguments], tuple(i.span)) for i in f.instructions]
    constants = [(type(c), repr(c)) for c in f.constants]  # by repr: -0.0 is not 0.0, and nan is itself
    return f.name, f.parameters, f.registers, code, constants, handlers, f.slot_names, tuple(f.span), f.flags
