"""The instruction reference, generated: one section per operation of a table, out of its definition and nothing else."""

from __future__ import annotations

from pagoda.machine.operands import (
    Cache,
    ConstantWord,
    Count,
    Immediate,
    Literal,
    Operand,
    OperandKind,
    Place,
    State,
    Target,
    Wide,
    Window,
)
from pagoda.machine.ops import Layout, Op, OpTable, Variant

LETTERS = {"R": "register", "T": "register, taken", "K": "constant", "I": "number in the instruction"}
_FLAGS = {
    "ends": "Control never falls through it.",
    "leaves": "It ends the frame.",
    "calls": "It may enter a guest function.",
    "fills": "It puts the callee into the window itself.",
    "scalar": "Its result owns nothing.",
    "copies": "Its result owns something exactly if its first operand does.",
    "drops": "It gives up what its operand holds.",
    "skips": "Its result says how many words behind it to skip.",
    "rare": "Its handler is out of the hot text.",
    "polls": "It looks whether the program shall stop.",
}


def reference(table: OpTable, places: dict[str, str] | None = None) -> str:
    """The reference of all operations of ``table``, as markdown. ``places`` gives nouns for a language's own mode letters."""
    letters = {**LETTERS, **(places or {})}
    lines = ["# Operations", "", f"{len(table.ops)} operations in {len(table.variants)} variants.", ""]
    of_op: dict[str, list[Variant]] = {name: [] for name in table.ops}
    for variant in table.variants:
        of_op[variant.op.name].append(variant)
    for name, operation in table.ops.items():
        lines += section(operation, of_op[name], letters)
    return "\n".join(lines)


def section(operation: Op, variants: list[Variant], letters: dict[str, str]) -> list[str]:
    """What there is to say about one operation."""
    layout = Layout(operation)
    fields = ["dst"] if operation.has_destination else []
    fields += [p.name for p in operation.parameters if p.encoded]
    lines = [f"## {operation.name}", "", f"`{' '.join([operation.name, ', '.join(fields)]).rstrip()}`", ""]
    lines += [line.strip() for line in (operation.__doc__ or "").strip().splitlines()]
    lines += ["", *_operands(operation, letters), "", *_properties(operation), ""]
    spelled = ", ".join(f"`{v.name}` {v.opcode}" for v in variants)
    words = "word" if layout.words == 1 else "words"
    lines += [f"Variants and opcodes: {spelled}", "", f"Encoding, {layout.words} {words}:", ""]
    return [*lines, *_encoding(layout), ""]


def _operands(operation: Op, letters: dict[str, str]) -> list[str]:
    rows = ["| operand | kind |", "|---|---|"]
    if operation.has_destination:
        rows.append("| `dst` | register, written |")
    for parameter in operation.parameters:
        rows.append(f"| `{parameter.name}` | {describe(parameter.kind, letters)} |")
    return rows if len(rows) > 2 else ["No operands."]


def describe(kind: OperandKind, letters: dict[str, str]) -> str:
    """An operand kind in words."""
    if isinstance(kind, Operand):
        modes = ", or ".join(letters.get(mode, f"place {mode}") for mode in kind.modes)
        return f"value: {modes}" + ("; the operation gets a reference of its own" if kind.owned else "")
    if isinstance(kind, Place):
        return "place, read and changed: " + ", or ".join(letters.get(mode, f"place {mode}") for mode in kind.modes)
    if isinstance(kind, Target):
        return f"target, {32 if kind.wide else 16} bits"
    if isinstance(kind, State):
        return f"the machine's {kind.what}; not encoded"
    words: dict[type, str] = {
        Immediate: "number, 16 bits, signed", Wide: "number, 32 bits, signed", ConstantWord: "payload of a constant",
        Window: "first register of a row whose values are taken", Count: "how many registers of the window",
        Literal: "number, 64 bits, in a word of its own",
        Cache: "a word of the instruction's own, zero at first",
    }  # fmt: skip
    return words[type(kind)]


def _properties(operation: Op) -> list[str]:
    result = {
        "value": "Writes its result to `dst`." if operation.has_destination else "Has a result, but no destination.",
        "branch": "Goes to its target if it comes out true.",
        "none": "Has no result.",
    }[operation.result]
    notes = [text for flag, text in _FLAGS.items() if getattr(operation, flag)]
    notes.append("It may raise." if operation.raises else "It never raises.")
    return [" ".join([result, *notes])]


def _encoding(layout: Layout) -> list[str]:
    rows = ["| word | bits | field |", "|---|---|---|", "| 0 | 0-15 | opcode |"]
    for name, (word, bit, width) in sorted(layout.fields.items(), key=lambda item: item[1]):
        rows.append(f"| {word} | {bit}-{bit + width - 1} | `{name}` |")
    for name, word in layout.caches.items():
        rows.append(f"| {word} | 0-63 | `{name}` |")
    return rows
