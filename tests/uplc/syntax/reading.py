"""Texts to programs and terms in one word, for tests."""

from __future__ import annotations

from typing import Any

from pagoda.languages.uplc.syntax.parser import parse_constant, parse_program, parse_term
from pagoda.languages.uplc.terms import Program
from pagoda.languages.uplc.types import Constant
from pagoda.machine.source import Diagnostic, DiagnosticError, Source


def program(text: str) -> Program:
    return parse_program(Source("test.uplc", text))


def term(text: str) -> Any:
    return parse_term(Source("test.uplc", text))


def constant(text: str) -> Constant:
    return parse_constant(Source("test.uplc", text))


def findings(text: str) -> list[Diagnostic]:
    """What is wrong with a program; nothing if it is read."""
    try:
        program(text)
    except DiagnosticError as error:
        return error.diagnostics
    return []


def rejected(text: str) -> Diagnostic:
    """The only finding about a program that must not be read."""
    (finding,) = findings(text)
    return finding
