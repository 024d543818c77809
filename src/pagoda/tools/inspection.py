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
    """Reports every diagnostic of a program; exit code 3 when one is an error, 1 for warnings with ``--strict``."""
    if values["explain"] is not None:
        return _explain(values["explain"])
    path = values["file"]
    if path is None:
        raise exits.UsageProblem("no program named: pagoda check FILE, or pagoda check --explain CODE")
    try:
        source = sources.read(path)
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    found = sources.language_of(path, values["lang"]).check(source)
    failed = any(diagnostic.severity == "error" for diagnostic in found)
    if values["json"]:
        for diagnostic in found:
            print(json.dumps(report.diagnostic_row(diagnostic, source)))
    else:
        if found:
            print(report.diagnostics_text(found, source), file=sys.stderr)
        if not failed:
            count = len(found)
            print(f"{path}: no errors" + (f", {count} warning{'s' if count > 1 else ''}" if count else ""))
    if failed:
        return exits.MALFORMED
    return exits.GUEST_ERROR if found and values["strict"] else exits.OK


def _explain(code: str) -> int:
    """Prints the page of a diagnostic code."""
    for name in registry.names():
        try:
            page = registry.load(name).explain(code)
        except ImportError:  # a language that this installation does not have
            continue
        if page is not None:
            print(page, end="")
            return exits.OK
    raise exits.UsageProblem(f"no diagnostic has the code '{code}'; the codes are in docs/diagnostics")


def dis(values: dict[str, Any]) -> int:
    """Prints a program's bytecode beside its source."""
    try:
        source = sources.read(values["file"])
        language = sources.language_of(values["file"], values["lang"])
        # A listing of bytecode is what most languages show anyway.
        shown = getattr(language, "code_listing", language.disassemble) if values["code"] else language.disassemble
        print(shown(source))
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
