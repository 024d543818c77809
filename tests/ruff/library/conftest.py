"""Fixtures: call builtins directly on values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.values import Array, Dict, canonical_key
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state
from pagoda.languages.ruff.walk.state import State


def value(plain: Any) -> Any:
    """A Ruff value from Python lists and dicts."""
    if isinstance(plain, list):
        return Array([value(item) for item in plain])
    if isinstance(plain, dict):
        return Dict({canonical_key(key): value(item) for key, item in plain.items()})
    return plain


@pytest.fixture
def state() -> State:
    """A state that collects its output in ``storage["printed"]``."""
    printed: list[str] = []
    made = make_state(printed.append, Limits())
    made.storage["printed"] = printed
    return made


@pytest.fixture
def call(state: State) -> Callable[..., Any]:
    """Calls a builtin by name."""

    def caller(name: str, *arguments: Any) -> Any:
        builtin = registry.get(name)
        assert builtin is not None, name
        return state.call_builtin(builtin, [value(argument) for argument in arguments], state.frame, (0, 0))

    return caller


@pytest.fixture
def shown(call: Callable[..., Any]) -> Callable[..., str]:
    """Calls a builtin by name; gives the result's display form, or the error's message after ``!``."""

    def caller(name: str, *arguments: Any) -> str:
        try:
            return display(call(name, *arguments))
        except RuffError as error:
            return f"!{error.message}"

    return caller
