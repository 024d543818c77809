"""The benchmarks are programs too: every version of each must print the same, at a small size."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from pagoda.tools import exits
from pagoda.tools.bench import caches, contestants, table
from pagoda.tools.bench.contestants import Contestant, Timing, Wrong

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
        assert row["walk_size"] < row["size"] < row["long_size"]
        assert row["short_size"] < row["long_size"]
        assert 0 < row["walk_share"] < 0.1


@pytest.mark.skipif(not shutil.which("luajit"), reason="luajit is not here")
def test_the_rounds_of_sum_stay_exact(pagoda, root):
    stem = root / "benchmarks" / "programs" / "sum"
    size = 100_000_001  # more than a round
    total = 100_000_000 * 99_999_999 // 2 % 1_000_003  # and the one of the second round, which is 0
    assert output("luajit", stem.with_suffix(".lua"), size) == f"{total}\n"


def test_the_runner_prints_a_table(pagoda):
    done = pagoda("bench", "--only", "fib", "--tier", "walk", "--runs", "1", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "fib (34)" in done.stdout
    assert "~" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tier", "walk", "--size", "long"], "walk is timed at --size full only"),
        (["--size", "huge"], "'huge' is not one of short, full, long"),
        (["--cold", "--warm"], "not both"),
        (["--peers=ruby"], "no peer 'ruby'"),
        (["--tier", "turbo"], "'turbo' is not one of"),
        (["a.ruff", "--size", "long"], "not for a FILE"),
        (["uplc", "--cold"], "not for scripts"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(pagoda, write, words, said):
    write("a.ruff", "print(1)\n")
    done = pagoda("bench", *words)
    assert done.returncode == exits.USAGE
    assert said in done.stderr


def test_a_peer_that_is_absent_is_named(monkeypatch, capsys):
    monkeypatch.setattr(contestants.shutil, "which", lambda name: None if name == "luajit" else f"/bin/{name}")
    assert contestants.present_peers([]) == ["lua5.4", "node", "python3"]
    assert "luajit" in capsys.readouterr().err
    assert contestants.present_peers(["node"]) == ["node"]
    assert capsys.readouterr().err == ""


def test_contestants_take_turns(monkeypatch):
    order = []

    def run(contestant, place):
        order.append(contestant.name)
        return "", {"a": 1.0, "b": 0.5}[contestant.name]

    monkeypatch.setattr(contestants, "run", run)
    two = [Contestant("a", ()), Contestant("b", (), 0.1)]
    timings = contestants.timings("x", two, 3, 0.1, caches.Caches())
    assert order == ["a", "b"] * 3
    assert [(t.seconds, t.scaled) for t in timings] == [(1.0, False), (pytest.approx(4.1), True)]


def test_a_contestant_that_fails_ends_the_benchmark():
    with pytest.raises(Wrong, match="failed with 3"):
        contestants.run(Contestant("a", (sys.executable, "-c", "raise SystemExit(3)")), caches.Caches())


def test_what_a_run_leaves_behind_has_ended_before_the_next(tmp_path):
    trace = tmp_path / "trace"
    late = f"import time; time.sleep(0.5); open({str(trace)!r}, 'w').close()"
    # As the compiler's process: not waited for by the program, and without its streams.
    script = f"import os, sys; os.posix_spawn(sys.executable, [sys.executable, '-c', {late!r}], os.environ, " + (
        "file_actions=[(os.POSIX_SPAWN_OPEN, n, os.devnull, os.O_RDWR, 0) for n in (0, 1, 2)]); print('over')"
    )
    assert contestants.run(Contestant("a", (sys.executable, "-c", script)), caches.Caches())[0] == "over\n"
    assert trace.exists()


def held(place):
    """Puts a file into the cache of a run; gives what the cache held before."""
    script = "import json, os; c = os.environ['PAGODA_CACHE']; print(json.dumps(os.listdir(c))); open(c + '/new', 'w').close()"
    return json.loads(contestants.run(Contestant("a", (sys.executable, "-c", script)), place)[0])


def test_each_cold_run_has_a_cache_of_its_own(tmp_path):
    (tmp_path / "image").write_text("x", encoding="utf-8")
    cold = caches.Caches(tmp_path)
    assert held(cold) == ["image"]
    assert held(cold) == ["image"]
    assert os.listdir(tmp_path) == ["image"]
    warm = caches.Caches(tmp_path, shared=True)
    assert held(warm) == ["image"]
    assert sorted(held(warm)) == ["image", "new"]


def test_tables():
    spent = {"x": {"auto": 1.0, "luajit": 2.0, "node": 0.5}, "y": {"auto": 8.0, "luajit": 4.0, "node": 16.0}}
    times = {b: {name: Timing(b, name, s, False, 1) for name, s in row.items()} for b, row in spent.items()}
    rows = [line.split() for line in table.by_program(times, ["auto"], ["luajit", "node"])]
    assert rows == [
        ["time", "/", "luajit", "auto", "luajit", "node"],
        ["x", "0.50", "1.00", "0.25"],
        ["y", "2.00", "1.00", "4.00"],
    ]
    rows = [line.split() for line in table.against_peers(times, ["auto"], ["luajit", "node"])]
    assert rows[1:] == [["auto", "/", "luajit", "1.00", "2.00", "(y)"], ["auto", "/", "node", "1.00", "2.00", "(x)"]]
    assert next(table.by_program(times, ["auto"], ["node"])).startswith("time / node")
