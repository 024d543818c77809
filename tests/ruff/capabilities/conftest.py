"""Fixtures: programs run through the language's front door, with grants, on each storey."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.grants import Grants
from pagoda.languages.protocol import RunRequest
from pagoda.languages.ruff.language import LANGUAGE
from pagoda.machine.source import Source


@pytest.fixture(params=["walk", "vm"])
def lines(request: pytest.FixtureRequest) -> Callable[..., list[str]]:
    """Runs a program under grants; gives the lines it printed, and the message of what it failed with as the last one."""

    def run(text: str, grants: Grants | None) -> list[str]:
        printed: list[str] = []
        asked = RunRequest(printed.append, printed.append, tier=request.param, grants=grants)
        outcome = LANGUAGE.run(Source("test.ruff", text), asked)
        assert outcome.status in ("ok", "error"), outcome
        end = [] if outcome.failure is None else [outcome.failure.message]
        return "".join(printed).splitlines() + end

    return run


@pytest.fixture
def attempt(lines: Callable[..., list[str]]) -> Callable[..., str]:
    """Tries an expression under grants; gives what it prints, or the message of the error that was caught."""

    def run(expression: str, grants: Grants | None) -> str:
        return "\n".join(lines(f"try {{ print({expression}) }} except e {{ print(e.message) }}", grants))

    return run
