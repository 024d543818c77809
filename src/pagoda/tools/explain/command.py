"""``pagoda explain FILE[:FUNCTION]``: what becomes of a program's functions, from source lines to machine code.

Must hold: the program's own output is not shown, what is shown goes to stdout as plain text, and its errors go to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pagoda.languages.protocol import FunctionCode, Language, Limits, RunRequest, ShowsCode, Unavailable, UnknownFunction
from pagoda.machine.nearest import did_you_mean
from pagoda.machine.source import DiagnosticError, Source
from pagoda.tools import exits, grants, report, sources

#: What can be shown, in the order to show it.
PARTS = ("source", "bytecode", "assumptions", "ir", "assembly")


def command(values: dict[str, Any]) -> int:
    """Runs the program and shows the function, or all that were hot; gives the exit code."""
    path, function = _split(values["file"])
    shown = values["show"] or PARTS
    for part in shown:
        if part not in PARTS:
            raise exits.UsageProblem(f"--show knows no '{part}' (there is: {', '.join(PARTS)})")
    try:
        source = sources.read(path)
        language = sources.language_of(path, values["lang"])
        if not hasattr(language, "hot_code"):
            if function is not None:
                raise exits.UsageProblem(f"a program of {language.name} has no functions to name; leave out ':{function}'")
            return _without_code(source, language, shown)
        return _explain(source, language, function, shown, values)
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    except DiagnosticError as problem:
        print(problem.render(), file=sys.stderr)
        return exits.MALFORMED
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None


def _split(operand: str) -> tuple[str, str | None]:
    """The file, and the function behind its first colon that ends the name of one."""
    if os.path.exists(operand):
        return operand, None
    place = operand.find(":")
    while place > 0:
        if os.path.isfile(operand[:place]) and place + 1 < len(operand):
            return operand[:place], operand[place + 1 :]
        place = operand.find(":", place + 1)
    return operand, None


def _explain(source: Source, language: Language, function: str | None, shown: Sequence[str], values: dict[str, Any]) -> int:
    threshold = values["tier_threshold"]
    request = RunRequest(
        output=lambda text: None,
        error_output=sys.stderr.write,
        args=values["args"],
        limits=Limits(values["fuel"], values["timeout"]),
        grants=grants.from_values(values),
        settings={} if threshold is None else {"tier_threshold": threshold},
    )
    try:
        found = cast("ShowsCode", language).hot_code(source, request, function)
    except UnknownFunction as problem:
        hint = did_you_mean(str(function).partition(":")[0], problem.names)
        raise exits.UsageProblem(
            f"no function '{function}' in {source.name}{f'; {hint}' if hint else f' (there is: {_some(problem.names)})'}"
        ) from None
    if not found.functions:
        print("No function was hot: none was called often enough, and no loop was found running. Name one: FILE:FUNCTION")
    for row in found.functions:
        _show(row.title, shown, {**_known(row), **_compiled(row, found.definitions, shown, values["ir"])})
    # A limit is the way to end a program that does not end: what was asked for is there.
    code = report.finish(found.outcome, source)
    return exits.OK if found.outcome.status in ("limit", "exit") else code


def _known(row: FunctionCode) -> dict[str, str]:
    return {"source": row.source, "bytecode": row.bytecode, "assumptions": row.assumptions}


def _compiled(row: FunctionCode, definitions: str, shown: Sequence[str], stage: str) -> dict[str, str]:
    """The parts that take a compilation, where they are wanted."""
    if row.job is None or {"ir", "assembly"}.isdisjoint(shown):
        return {}
    from pagoda.machine.optimiser.lowering import NotCompiled
    from pagoda.tools.explain.code import Compilation

    try:
        made = Compilation(row.job, definitions, row.places)
    except NotCompiled as problem:
        return {"ir": f"not compiled: {problem}"}
    texts = {}
    if "ir" in shown:
        texts["ir"] = made.optimised() if stage == "optimised" else made.raw()
    if "assembly" in shown:
        texts["assembly"] = made.assembly()
    return texts


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")


def _without_code(source: Source, language: Language, shown: Sequence[str]) -> int:
    """A language whose functions are not compiled while they run: the program as text, and its bytecode if it has that."""
    texts = {}
    if "source" in shown:
        texts["source"] = language.disassemble(source)
    if "bytecode" in shown and hasattr(language, "code_listing"):
        texts["bytecode"] = language.code_listing(source)
    _show(f"{source.name}: {language.name}, which opt does not compile", shown, texts)
    return exits.OK


def _show(title: str, shown: Sequence[str], texts: Mapping[str, str]) -> None:
    print(f"== {title}")
    for part in PARTS:
        if part in shown and texts.get(part):
            print(f"\n-- {part}\n{texts[part].rstrip()}")
    print(flush=True)
