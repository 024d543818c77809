"""The code that a compilation makes, as text: LLVM's, as made and optimised, and assembly; of the one function that is wanted.

What must hold: the text is that of the job's real compilation, with the same effort. Assembly is made from text that also says
which instruction a block begins with, as LLVM's line numbers, which changes no code.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pagoda.languages.protocol import CodePlace
from pagoda.machine.optimiser.compiler import Compiler
from pagoda.machine.promotion.building import definitions_of, fits, function_of, group
from pagoda.native.emit import optimised_text
from pagoda.records import changed

#: A block that begins with an instruction of the bytecode is named by its number.
_BLOCK = re.compile(r"at(\d+)\.?:")
_LOCATION = re.compile(r"\s+\.loc\s+\d+ (\d+) (\d+)")
_CONSTANT = re.compile(r"\.L(?:CPI|JTI)\d+_\d+")
_DATA = re.compile(r"\t\.(?:quad|long|short|byte|zero|ascii)\b")
#: Lines of an assembly text that are not for people.
_DIRECTIVES = (".Ltmp", ".Lfunc_begin", "\t.cfi", "\t.file", "\t.type", "\t#DEBUG")
#: Numbers for metadata that the text does not use.
_FILE, _UNIT, _KIND, _FIRST = 900_000, 900_001, 900_002, 900_010


class Compilation:
    """The texts of one job. ``definitions``: see :mod:`pagoda.machine.promotion.building`."""

    def __init__(self, job: Mapping[str, Any], definitions: str, places: Sequence[CodePlace]) -> None:
        self.places = places
        self.level, self.passes, self.effort = job["effort"]
        compiler = _compiler(dict(job), definitions)
        self.text = compiler.compile()
        self.symbols = []
        for request in compiler.every():
            if request.identity == 0:
                self.symbols += [request.symbol, f"{request.symbol}.entry"]

    def raw(self) -> str:
        """LLVM's text as it was made."""
        lines: list[str] = []
        for name in self.symbols:
            for line in _function(self.text, name):
                block = _BLOCK.match(line)
                lines.append(f"{line}  ; {self.place(int(block[1]))}" if block else line)
            lines.append("")
        return "\n".join(lines).rstrip()

    def optimised(self) -> str:
        """What LLVM made of it. Functions that are part of others now are gone."""
        text = optimised_text(self.text, level=self.level, passes=self.passes)
        return "\n\n".join("\n".join(lines) for name in self.symbols if (lines := list(_function(text, name))))

    def assembly(self) -> str:
        """Machine code in assembly."""
        text = optimised_text(with_lines(self.text, self.symbols), level=self.level, passes=self.passes)
        made = _assembled(text, self.level if self.effort is None else self.effort)
        return "\n".join(line for name in self.symbols for line in self.assembly_of(made, name))

    def assembly_of(self, text: str, name: str) -> list[str]:
        """One function out of an assembly text, with comments for line numbers, and the constants that it loads."""
        lines = text.splitlines()
        within, last = False, -1
        shown: list[str] = []
        for line in lines:
            if line.startswith((f"{name}:", f'"{name}":')):
                within = True
            elif within and line.startswith(".Lfunc_end"):
                break
            if not within:
                continue
            location = _LOCATION.match(line)
            if location:
                index = int(location[2]) - 1
                if index >= 0 and index != last:
                    shown.append(f"\t# {self.place(index)}")
                    last = index
            elif not line.startswith(_DIRECTIVES) and "$local" not in line:
                shown.append(line)
        for label in sorted(set(_CONSTANT.findall("\n".join(shown)))):
            at = lines.index(f"{label}:") if f"{label}:" in lines else len(lines)
            shown += lines[at : at + 1]
            shown += itertools.takewhile(_DATA.match, lines[at + 1 :])
        return shown

    def place(self, index: int) -> str:
        """Which instruction, and the line that it stands in."""
        if index >= len(self.places):
            return f"{index}"
        place = self.places[index]
        return f"{index} {place.operation}, line {place.line}: {place.text}"


def _compiler(job: dict[str, Any], definitions: str) -> Compiler:
    """The compiler that :func:`pagoda.machine.promotion.building.build` makes of a job."""
    model, table = definitions_of(definitions)
    words: dict[int, tuple[int, int]] = {}
    loaded = changed(model, constant=lambda item: words[id(item)])
    functions = [function_of(row, table, model, words) for row in job["functions"]]
    kept = [number for number in range(len(functions)) if number == 0 or fits(functions, number, job, loaded, table)]
    return group(functions, kept, job, loaded, table)


def _function(text: str, name: str) -> Iterator[str]:
    """The lines of one function's definition."""
    within = False
    for line in text.splitlines():
        if line.startswith("define ") and (f'@"{name}"(' in line or f"@{name}(" in line):
            within = True
        if within:
            yield line
        if within and line == "}":
            return


def with_lines(text: str, names: Sequence[str]) -> str:
    """The text with a line number for each instruction of those functions: the column is one more than the number of the
    bytecode's instruction that its block belongs to, and 0 for what belongs to none."""
    lines, metadata = [], []
    number = _FIRST
    scope: int | None = None
    index = -1
    known: dict[int, int] = {}
    for line in text.splitlines():
        if line.startswith("define ") and any(f'@"{name}"(' in line for name in names):
            scope, index, known = number, -1, {}
            number += 1
            metadata.append(
                f'!{scope} = distinct !DISubprogram(name: "f", scope: !{_FILE}, file: !{_FILE}, line: 1, type: !{_KIND}, '
                f"unit: !{_UNIT}, spFlags: DISPFlagDefinition | DISPFlagOptimized)"
            )
            line = line.removesuffix("{") + f"!dbg !{scope} {{"
        elif line == "}":
            scope = None
        elif scope is not None and line.startswith("  "):
            if index not in known:
                known[index] = number
                metadata.append(f"!{number} = !DILocation(line: {index + 2}, column: {index + 1}, scope: !{scope})")
                number += 1
            line += f", !dbg !{known[index]}"
        elif scope is not None and (block := _BLOCK.match(line)):
            index = int(block[1])
        elif line == "exit:":  # where all exits meet
            index = -1
        lines.append(line)
    head = [
        f"!llvm.dbg.cu = !{{!{_UNIT}}}",
        "!llvm.module.flags = !{!900003, !900004}",
        f'!{_FILE} = !DIFile(filename: "f", directory: "")',
        f"!{_UNIT} = distinct !DICompileUnit(language: DW_LANG_C, file: !{_FILE}, isOptimized: true, "
        "emissionKind: LineTablesOnly)",
        f"!{_KIND} = !DISubroutineType(types: !{{}})",
        '!900003 = !{i32 2, !"Debug Info Version", i32 3}',
        '!900004 = !{i32 7, !"Dwarf Version", i32 4}',
    ]
    return "\n".join([*lines, *head, *metadata, ""])


def _assembled(text: str, effort: int) -> str:
    """LLVM text as assembly for this processor."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    features = llvm.get_host_cpu_features().flatten()
    machine = target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=effort, reloc="pic", codemodel="small"
    )
    with llvm.parse_assembly(text, llvm.create_context()) as module:
        return str(machine.emit_assembly(module))
