"""Fixtures of Ruff's semantic tests: every one of them runs on every storey."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .storeys import STOREYS, Seen


@pytest.fixture(params=list(STOREYS))
def see(request: pytest.FixtureRequest) -> Callable[..., Seen]:
    """Runs a source on the storey at hand; gives all that can be seen of the run."""
    return STOREYS[request.param]


@pytest.fixture
def out(see: Callable[..., Seen]) -> Callable[..., list[str]]:
    """Runs a source that must end well; gives the lines it printed."""

    def runner(text: str, **settings: object) -> list[str]:
        seen = see(text, **settings)
        assert seen.kind == "ok", f"{seen}\n{text}"
        return seen.lines

    return runner


@pytest.fixture
def err(see: Callable[..., Seen]) -> Callable[..., str]:
    """Runs a source that must fail with an error that has a place; gives the message."""

    def runner(text: str, **settings: object) -> str:
        seen = see(text, **settings)
        assert seen.kind == "error", f"{seen}\n{text}"
        assert seen.span is not None, f"{seen}\n{text}"
        return seen.message

    return runner


@pytest.fixture
def caught(out: Callable[..., list[str]]) -> Callable[[str], str]:
    """The message that a handler around a statement gets."""

    def runner(statement: str, before: str = "") -> str:
        (line,) = out(f"{before}\ntry {{ {statement} }} except e {{ print(e.message) }}")
        return line

    return runner
