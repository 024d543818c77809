"""One build of all runtime units per mode and session, and a heap per test that must be empty at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from runtime.support import Store, World

_worlds: dict[str, World] = {}


@pytest.fixture(scope="session", params=["unlowered", "lowered", "checked"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    mode = request.param
    if mode not in _worlds:
        _worlds[mode] = World(mode, tmp_path_factory.mktemp("wrappers"))
    return _worlds[mode]


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    """A heap; the test fails if it leaves anything there."""
    made = Store(world)
    yield made
    made.close()
