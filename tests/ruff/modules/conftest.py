"""Fixtures: a folder of modules and a program, run on every storey; on the native one also without looking ahead."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ..storeys import Seen, check, run_on_vm, run_on_walk

WAYS: dict[str, Callable[..., Seen]] = {"walk": run_on_walk, "vm": run_on_vm, "vm-blind": partial(run_on_vm, foresight=False)}


@pytest.fixture(autouse=True)
def verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier takes the code of modules as well."""
    from pagoda.languages.ruff.execute.program import LoadedProgram

    extend = LoadedProgram.extend

    def checked(program: Any, compiled: Any, source: Any = None) -> int:
        check(compiled)
        return extend(program, compiled, source)

    monkeypatch.setattr(LoadedProgram, "extend", checked)


class Folder:
    """A folder of Ruff files in which programs run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, **files: str) -> Folder:
        """Writes modules; ``__`` in a name is a step into a folder."""
        for name, text in files.items():
            file = self.path.joinpath(*name.split("__")).with_suffix(".ruff")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return self

    def see(self, way: str, text: str, **settings: Any) -> Seen:
        """Runs a program; the names of sources are relative to the folder."""
        seen = WAYS[way](text, file=str(self.path / "main.ruff"), **settings)
        places = tuple((at, str(Path(name).relative_to(self.path.resolve()))) for at, name in seen.sources)
        return Seen(seen.kind, seen.output, seen.message, seen.span, seen.stack, seen.fuel, places)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder for modules."""
    return Folder(tmp_path)


@pytest.fixture
def see(folder: Folder) -> Callable[..., Seen]:
    """Runs a program on every storey; all that is seen must be the same."""

    def runner(text: str, **settings: Any) -> Seen:
        first, *others = [folder.see(way, text, **settings) for way in WAYS]
        for way, other in zip(list(WAYS)[1:], others, strict=True):
            assert other == first, f"{way}:\n{text}"
        return first

    return runner


@pytest.fixture
def out(see: Callable[..., Seen]) -> Callable[..., list[str]]:
    """Runs a program that must end well; gives the lines it printed."""

    def runner(text: str, **settings: Any) -> list[str]:
        seen = see(text, **settings)
        assert seen.kind == "ok", f"{seen}\n{text}"
        return seen.lines

    return runner
