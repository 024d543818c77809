"""One file per section of the language's reference: each fact of it, on every storey.

A storey that does not know a feature yet says so in an error of its own; the test is skipped there, and runs as soon as it does.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..storeys import STOREYS, Seen

MISSING = "is not available on this storey yet"


@pytest.fixture(params=list(STOREYS))
def see(request: pytest.FixtureRequest) -> Callable[..., Seen]:
    """Runs a source on the storey at hand; gives all that can be seen of the run."""

    def run(text: str, **settings: object) -> Seen:
        seen = STOREYS[request.param](text, **settings)
        if seen.kind == "error" and seen.message.endswith(MISSING):
            pytest.skip(f"{request.param}: {seen.message}")
        return seen

    return run


@pytest.fixture
def rows(out: Callable[..., list[str]]) -> Callable[..., None]:
    """Checks a table of programs (or, with ``around``, expressions) against the lines they print."""

    def check(table: dict[str, str], around: str = "{}", before: str = "") -> None:
        for text, expected in table.items():
            program = before + around.replace("{}", text)
            assert "|".join(out(program)) == expected, program

    return check
