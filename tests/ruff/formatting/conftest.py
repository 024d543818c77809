"""Fixtures: formatting a text, with every promise checked on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .promises import formatted


@pytest.fixture
def fmt() -> Callable[..., str]:
    """Formats a text, which must keep its meaning and its comments and come out the same the second time."""
    return formatted
