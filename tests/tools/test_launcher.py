"""The launcher's warm path and its refusals. That it builds an environment from nothing is left to CI's clean clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

import pytest


@pytest.fixture
def clone(tmp_path, root):
    """A copy of the launcher with a stand-in environment that only echoes what it is asked to run."""
    place = tmp_path / "a clone"
    (place / ".venv" / "bin").mkdir(parents=True)
    shutil.copy2(root / "pagoda", place / "pagoda")
    (place / "pyproject.toml").write_text("[project]\n")
    python = place / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nfor word in "$@"; do echo "<$word>"; done\n')
    python.chmod(0o755)
    (place / ".venv" / "pagoda-ready").write_text(f"{os.path.realpath(place)}\nhash\n")
    return place


def launch(program, *words, cwd=None, path=None):
    environment = {"PATH": path or "/usr/bin:/bin"}
    return subprocess.run([str(program), *words], capture_output=True, text=True, cwd=cwd, env=environment, timeout=30)


def test_it_hands_over_every_word_as_it_is(clone):
    done = launch(clone / "pagoda", "run", "a b", "", "*", "--x='y'")
    assert done.stdout.splitlines()[-5:] == ["<run>", "<a b>", "<>", "<*>", "<--x='y'>"]


def test_it_works_from_anywhere_and_through_links(clone, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pagoda").symlink_to("../a clone/pagoda")
    for cwd, program in ((clone, "./pagoda"), (tmp_path, "a clone/pagoda"), (tmp_path / "bin", "./pagoda")):
        done = launch(program, "doctor", cwd=cwd)
        assert done.stdout.splitlines()[-1] == "<doctor>", done.stderr


@pytest.mark.parametrize("stale", ["moved", "changed", "never finished"])
def test_a_stale_environment_is_not_used(clone, tmp_path, stale):
    marker = clone / ".venv" / "pagoda-ready"
    if stale == "moved":
        marker.write_text("/elsewhere\nhash\n")
    elif stale == "changed":
        later = time.time() + 10
        os.utime(clone / "pyproject.toml", (later, later))
    else:
        marker.unlink()
    # No Python on the PATH: it must say so rather than go on.
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "readlink"):
        (tools / name).symlink_to(shutil.which(name))
    done = launch(clone / "pagoda", "doctor", path=str(tools))
    assert done.returncode == 69
    assert "no Python 3.11, 3.12 or 3.13" in done.stderr
    assert done.stdout == ""


def test_its_own_cost_is_small(clone):
    """Ten milliseconds are allowed; the best of many counts, since other work on the machine only adds."""
    (clone / ".venv" / "bin" / "python").unlink()
    os.symlink("/bin/true", clone / ".venv" / "bin" / "python")

    def best(command):
        times = []
        for _ in range(30):
            started = time.perf_counter()
            subprocess.run(command, check=True)
            times.append(time.perf_counter() - started)
        return min(times)

    assert best([str(clone / "pagoda")]) - best(["/bin/true"]) < 0.010
