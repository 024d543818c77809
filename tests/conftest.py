"""What all rooms' tests share: paths, a way to run the command line, the place of the conformance suites."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The clone."""
    return ROOT


@pytest.fixture
def pagoda(tmp_path):
    """Runs ``pagoda`` in an empty folder and gives the finished process, with text streams."""

    def run(*words: object, cwd: Path | None = None, timeout: float = 60, **environment: str):
        clean = {name: value for name, value in os.environ.items() if name != "PAGODA_DEBUG"}
        return subprocess.run(
            [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()", *map(str, words)],
            cwd=cwd or tmp_path,
            env={**clean, "NO_COLOR": "1", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
        )

    return run


@pytest.fixture
def write(tmp_path):
    """Writes a file into the test's folder and gives its path."""

    def make(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture(scope="session")
def suites() -> Path:
    """Other people's programs with expected results: ``PAGODA_SUITES``, or a folder beside the clone."""
    place = Path(os.environ.get("PAGODA_SUITES", ROOT.parent / "shared" / "suites"))
    if not place.is_dir():
        pytest.skip("the conformance suites are not here; PAGODA_SUITES names their folder")
    return place
