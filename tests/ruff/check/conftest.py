"""Short ways to check a program's text and to run one for its error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.protocol import Failure, Limits, RunRequest
from pagoda.languages.ruff.language import LANGUAGE
from pagoda.machine.source import Diagnostic, Source


@pytest.fixture
def found(tmp_path) -> Callable[[str], list[Diagnostic]]:
    """What a check finds in a program; modules are looked for in the test's folder."""

    def run(text: str) -> list[Diagnostic]:
        return list(LANGUAGE.check(Source(str(tmp_path / "test.ruff"), text)))

    return run


@pytest.fixture
def codes(found) -> Callable[[str], list[str]]:
    """The codes of what a check finds."""
    return lambda text: [diagnostic.code for diagnostic in found(text)]


@pytest.fixture(params=["walk", "vm"])
def failure(request, tmp_path) -> Callable[..., Failure | None]:
    """How a program's run fails, on every storey."""
    if request.param not in LANGUAGE.storeys:
        pytest.skip(f"no storey {request.param}")

    def run(text: str, fuel: int = 1_000_000) -> Failure | None:
        source = Source(str(tmp_path / "test.ruff"), text)
        outcome = LANGUAGE.run(
            source,
            RunRequest(output=lambda text: None, error_output=lambda text: None, tier=request.param, limits=Limits(fuel=fuel)),
        )
        return outcome.failure

    return run
