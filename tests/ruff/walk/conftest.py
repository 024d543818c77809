"""Fixtures: run a Ruff source on the walker and look at what it prints or how it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.syntax.tree import Program
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import run_program
from pagoda.machine.source import Source

Run = Callable[..., list[str]]
Fail = Callable[..., str]


def load(text: str) -> tuple[Program, Source]:
    """A parsed and resolved program."""
    source = Source("test.ruff", text)
    program = parse(source)
    resolve(program, builtins=registry.builtin_names())
    return program, source


@pytest.fixture
def run() -> Run:
    """Runs a source; gives the lines it printed."""

    def runner(text: str, limits: Limits | None = None) -> list[str]:
        program, source = load(text)
        output: list[str] = []
        run_program(program, source, output=output.append, limits=limits)
        return "".join(output).splitlines()

    return runner


@pytest.fixture
def fail() -> Fail:
    """Runs a source that must fail; gives the message."""

    def runner(text: str, limits: Limits | None = None) -> str:
        program, source = load(text)
        with pytest.raises(RuffError) as caught:
            run_program(program, source, output=lambda text: None, limits=limits)
        assert caught.value.span is not None
        return caught.value.message

    return runner
