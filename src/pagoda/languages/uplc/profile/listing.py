"""A script's code on ``vm``, for people: each function with what entering it costs, what it captures, and its instructions.

Operands are ``r0`` (a register), ``c0`` (a captured value), ``k0`` (a constant of the script). Functions are numbered in the
order in which the code comes upon them; the script itself is 0. Nothing runs.
"""

from __future__ import annotations

from ctypes import c_int64

from pagoda.languages.protocol import Unavailable
from pagoda.languages.uplc.execute.from_native import constant_of, word_at
from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.execute.type_codes import NoForm
from pagoda.languages.uplc.ops.model import IN_CLOSURE, IN_CONSTANTS, UplcCode, captures_of
from pagoda.languages.uplc.ops.table import MODEL, TABLE
from pagoda.languages.uplc.profile.layout import Layout
from pagoda.languages.uplc.profile.naming import Naming, shortened
from pagoda.languages.uplc.syntax.names import builtin_names
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Const, Constr
from pagoda.machine.decoder import decode
from pagoda.machine.disassembler import disassemble, spell_place
from pagoda.machine.function import Function, fields_of
from pagoda.native.intrinsics import address, pointer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.execute.loading import Compiled
    from pagoda.languages.uplc.terms import Term
    from pagoda.machine.function import Instruction
    from pagoda.machine.source import Source

_WORD = 8
#: Operands that are the address of code, and the one that is a tag of 64 bits without a sign.
_CODE_OPERANDS = (("closure", "code"), ("delay", "code"))
_TAG_OPERAND = "constr", "tag"
_BY_NUMBER = ("builtin_", "partial")  # the operations that name a builtin
_LONGEST_CONSTANT = 60


def code_listing(source: Source) -> str:
    """The code of a script, under the rules that its envelope names or plain ones.

    Raises ``DiagnosticError`` and ``MalformedScript`` for a malformed script, :class:`~pagoda.languages.protocol.Unavailable`
    for one that has no code.
    """
    from pagoda.languages.uplc.evaluation import Rules
    from pagoda.languages.uplc.execute import engine
    from pagoda.languages.uplc.execute.loading import load_term
    from pagoda.languages.uplc.execute.machine_code import unavailable
    from pagoda.languages.uplc.execute.tariff import tariff_of
    from pagoda.languages.uplc.scripts import read_script

    program, language = read_script(source)
    problem = unavailable()
    if problem is not None:
        raise Unavailable(f"uplc has no storey 'vm' here: {problem}")
    with engine.taken() as machine:
        made = load_term(machine, tariff_of(Rules(language).costs), program.term)
    if made is None:
        raise Unavailable("this script has no code: it is left to walk")
    return _Listing(made, program.term, source).text()


class _Listing:
    """The functions of a compiled script as they are found, and what names their operands."""

    def __init__(self, made: Compiled, script: Term, source: Source) -> None:
        self._made = made
        layout = Layout(script)
        self._naming = Naming(layout, script, source, ())
        # A constructor takes the place of two nodes (``read/nodes.py``).
        self._terms: dict[int, int] = {}
        node = 0
        for number, term in enumerate(layout.terms):
            self._terms[node] = number
            node += 2 if term.__class__ is Constr else 1
        self._codes: list[int] = []  # addresses, by the function's number
        self._numbers: dict[int, int] = {}

    def text(self) -> str:
        """All functions."""
        self._number(word_at(self._made.script & ~7))
        parts = []
        for code in self._codes:  # grows
            parts.append(self._function(code))
        return "\n\n".join(parts) + "\n"

    def _number(self, code: int) -> int:
        """The number of the function whose code lies at an address."""
        found = self._numbers.get(code)
        if found is None:
            found = self._numbers[code] = len(self._codes)
            self._codes.append(code)
        return found

    def _label(self, code: int) -> str:
        number = self._number(code)
        return self._naming.function(self._terms[int(pointer(UplcCode, code).identity)]) if number else "(script)"

    def _function(self, code: int) -> str:
        made = pointer(UplcCode, code)
        shell = Function(f"{self._number(code)}: {self._label(code)}", int(made.parameters), int(made.frame_bytes) // _WORD)
        words = list((c_int64 * int(made.length)).from_address(int(address(made.entry))))
        function = decode(words, (), shell, TABLE, MODEL)
        for instruction in function.instructions:
            self._spell(instruction)
        head, _, body = disassemble(function, TABLE, naming=self).rstrip().partition("\n")
        lines = [head, f"charge cpu {made.cpu} mem {made.mem}"]
        for position in range(int(made.capture_count)):
            place = spell_place(*_place(int(captures_of(made)[position])))
            lines.append(f"capture c{position} = {place} of the function that makes it")
        return "\n".join([*lines, body])

    def _spell(self, instruction: Instruction) -> None:
        """Puts operands into the form that listings have: the number of a function for the address of its code."""
        operation, arguments = instruction.op.name, instruction.arguments
        for position, (field, _) in enumerate(fields_of(instruction.op)):
            argument = arguments[position]
            if isinstance(argument, tuple):
                arguments[position] = _place(argument[1])
            elif isinstance(argument, int) and (operation, field) in _CODE_OPERANDS:
                arguments[position] = self._number(argument)
            elif isinstance(argument, int) and (operation, field) == _TAG_OPERAND:
                arguments[position] = argument & (1 << 64) - 1

    def _reference(self, code: int) -> str:
        number = self._number(code)
        return f"function {number}: {self._label(code)}"

    # -- what numbers mean (:class:`pagoda.machine.disassembler.Naming`)

    def name(self, function: Function, operation: str, field: str, letter: str, number: int) -> str:
        """What an operand is."""
        if letter == "K":
            return self._constant(word_at(self._made.constants + _WORD * number))
        if (operation, field) in _CODE_OPERANDS:
            return self._reference(self._codes[number])
        if field == "number" and operation.startswith(_BY_NUMBER):
            return builtin_names()[number]
        return ""

    def _constant(self, word: int) -> str:
        kind = word & 7
        if kind in (values.FUNCTION, values.DELAYED) and word & 3 != 1:
            return self._reference(word_at(word & ~7))
        atom = (word >> 3) - values.FIRST_BUILTIN
        if kind == values.ATOM and atom >= 0:
            return f"{'force ' * (atom & 3)}{builtin_names()[atom >> 2]}"
        try:
            return shortened(term_text(Const(constant_of(word, self._made.points))), _LONGEST_CONSTANT)
        except NoForm:
            return "a value"


def _place(operand: int) -> Any:
    """An operand as ``ops/model.py`` encodes it, as a letter and a number."""
    where, number = operand & 3, operand >> 3
    if where == IN_CLOSURE:
        return "C", number - 1  # the closure's first word is its code
    return ("K" if where == IN_CONSTANTS else "R"), number
