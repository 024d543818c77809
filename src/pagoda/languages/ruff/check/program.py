"""All warnings of a program in one list: what ``pagoda check`` shows for a program whose syntax is fine.

A warning is about something that is wrong, or without use, whenever the program reaches it. What must hold: a program that is
as it should be gets none; each place gets at most one.
"""

from __future__ import annotations

from pagoda.languages.ruff.check.annotations import check_types
from pagoda.languages.ruff.check.calls import check_calls
from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.check.flow import check_flow
from pagoda.languages.ruff.check.lines import check_lines
from pagoda.languages.ruff.check.names import check_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.depth import allow_recursion
from pagoda.machine.source import Diagnostic, Source


def warnings(program: tree.Program, source: Source) -> list[Diagnostic]:
    """The warnings of a resolved program, in the order of the text."""
    allow_recursion()
    facts = Facts(program, source)
    for check in (check_names, check_calls, check_lines, check_types, check_flow):
        check(facts)
    unique: dict[tree.Span, Diagnostic] = {}
    for warning in facts.found:
        unique.setdefault(warning.span, warning)
    return sorted(unique.values(), key=lambda warning: (warning.span, warning.code))
