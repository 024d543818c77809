"""``pagoda check``, ``dis`` and ``ops``: what can be said about a program, or a language, without running anything."""

from __future__ import annotations

import json
import sys
from typing import Any

from pagoda.languages import registry
from pagoda.languages.protocol import Unavailable
from pagoda.machine.source import DiagnosticError
from pagoda.tools import exits, report, sources


def check(values: dict[str, Any]) -> int:
    """Reports every diagnostic of a program; exit code 3 when one is an error."""
    path = values["file"]
    try:
        source = sources.read(path)
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    found = sources.language_of(path, values["lang"]).check(source)
    failed = any(diagnostic.severity == "error" for diagnostic in found)
    if values["json"]:
        for diagnostic in found:
            line, column = source.position(diagnostic.span[0])
            row = {"file": path, "line": line, "column": column, "code": diagnostic.code, "severity": diagnostic.severity}
            print(json.dumps({**row, "message": diagnostic.message, "hint": diagnostic.hint or None}))
    elif found:
        print(report.diagnostics_text(found, source), file=sys.stderr)
    elif not failed:
        print(f"{path}: no errors")
    return exits.MALFORMED if failed else exits.OK


def dis(values: dict[str, Any]) -> int:
    """Prints a program's bytecode beside its source."""
    try:
        source = sources.read(values["file"])
        print(sources.language_of(values["file"], values["lang"]).disassemble(source))
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    except DiagnosticError as problem:
        print(problem.render(), file=sys.stderr)
        return exits.MALFORMED
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None
    return exits.OK


def ops(values: dict[str, Any]) -> int:
    """Prints the reference of a language's operations."""
    try:
        print(registry.load(values["lang"]).operation_reference())
    except (registry.UnknownLanguage, Unavailable) as problem:
        raise exits.UsageProblem(str(problem)) from None
    return exits.OK
