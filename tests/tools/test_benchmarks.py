"""The benchmarks are programs too: every version of each must print the same, at a small size."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib

import pytest

from pagoda.tools import bench

SIZES = {
    "fib": 12, "sum": 1000, "sieve": 1000, "nbody": 20, "mandelbrot": 12, "sort": 500, "closures": 200, "dict": 1500,
    "spectral": 10, "fannkuch": 500, "trees": 6, "strings": 41, "methods": 300,
}  # fmt: skip


def output(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", SIZES)
def test_all_versions_agree(pagoda, root, name):
    stem = root / "benchmarks" / "programs" / name
    expected = output(sys.executable, stem.with_suffix(".py"), SIZES[name])
    for peer in ("lua5.4", "luajit"):
        if shutil.which(peer):
            assert output(peer, stem.with_suffix(".lua"), SIZES[name]) == expected
    if shutil.which("node"):
        assert output("node", stem.with_suffix(".js"), SIZES[name]) == expected
    done = pagoda("run", stem.with_suffix(".ruff"), SIZES[name])
    assert done.returncode == 0, done.stderr
    assert done.stdout == expected


def test_every_benchmark_has_sizes(root):
    rows = tomllib.loads((root / "benchmarks" / "sizes.toml").read_text(encoding="utf-8"))
    assert set(rows) == set(SIZES) == {path.stem for path in (root / "benchmarks" / "programs").glob("*.ruff")}
    for row in rows.values():
        assert row["walk_size"] < row["size"]
        assert 0 < row["walk_share"] < 0.1


def test_the_runner_prints_a_table(pagoda):
    done = pagoda("bench", "--only", "fib", "--tier", "walk", "--runs", "1", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "fib (34)" in done.stdout
    assert "~" in done.stdout


def test_a_peer_that_is_absent_is_named(monkeypatch, capsys):
    monkeypatch.setattr(bench.shutil, "which", lambda name: None if name == "luajit" else f"/bin/{name}")
    assert bench._present_peers() == ["lua5.4", "node", "python3"]
    assert "luajit" in capsys.readouterr().err


def test_contestants_take_turns(monkeypatch):
    order = []

    def run(contestant):
        order.append(contestant.name)
        return "", {"a": 1.0, "b": 0.5}[contestant.name]

    monkeypatch.setattr(bench, "_run", run)
    contestants = [bench.Contestant("a", ()), bench.Contestant("b", (), 0.1)]
    timings = bench._time("x", contestants, 3, 0.1)
    assert order == ["a", "b"] * 3
    assert [(t.seconds, t.scaled) for t in timings] == [(1.0, False), (pytest.approx(4.1), True)]
