"""Timing of scripts: what is given to whom, what is compared before anything counts, what is shown. No time is looked at."""

from __future__ import annotations

import json
import sys

import pytest

from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.language import STOREYS
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.terms_scope import same_program
from pagoda.machine.source import Source
from pagoda.tools import exits
from pagoda.tools.bench_uplc import command as command_module
from pagoda.tools.bench_uplc import measuring, million, peer, samples, table
from pagoda.tools.bench_uplc.contestants import QUANTITIES, Seen
from pagoda.tools.bench_uplc.measuring import Figures

BARE = "(lam x (lam y [(builtin addInteger) [(builtin unIData) x] [(builtin unIData) y]]))"
#: 15 steps, two unIData, one addInteger.
ADDS = f"(program 1.1.0 [{BARE} (con data (I 2)) (con data (I 40))])"
FAILS = "(program 1.0.0 (error))"
PLAIN = "(program 1.1.0 (con integer 7))"


def script(text):
    return write_program(parse_program(Source("test.uplc", text)))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "adds.flat").write_bytes(script(ADDS))
    (tmp_path / "adds.flat.golden.eval").write_text("CPU: 382_796\nMemory: 1_666\nAST Size: 5\n\n(con integer 42)\n")
    (tmp_path / "fails.flat").write_bytes(script(FAILS))
    (tmp_path / "plain.flat").write_bytes(script(PLAIN))
    return tmp_path


def test_a_script_comes_apart(folder):
    found = samples.read(folder / "adds.flat")
    assert found.arguments == (b"\x02", b"\x18\x28")
    assert same_program(read_program(found.flat), parse_program(Source("bare.uplc", f"(program 1.1.0 {BARE})")))
    assert all(new == old and new is not old for new, old in zip(found.fresh_arguments(), found.arguments, strict=True))
    assert samples.read(folder / "plain.flat").arguments == ()


def test_spellings_are_different_and_mean_the_same():
    flat = script(ADDS)
    spellings = {samples.spelled(flat, number) for number in range(samples.SPELLINGS)}
    assert len(spellings) == samples.SPELLINGS
    assert flat in spellings
    for spelling in sorted(spellings)[::37]:
        assert write_program(read_program(spelling)) == flat


def test_scripts_are_chosen_by_name(folder):
    assert [sample.name for sample in samples.find(folder, None)] == ["adds", "fails", "plain"]
    assert [sample.name for sample in samples.find(folder, "plain, adds")] == ["plain", "adds"]
    assert [sample.name for sample in samples.find(folder / "plain.flat", None)] == ["plain"]
    with pytest.raises(exits.UsageProblem, match="no script 'other'"):
        samples.find(folder, "other")


@pytest.mark.parametrize("storey", STOREYS)
def test_the_command_prints_tables_and_json(pagoda, folder, storey):
    shown = pagoda("bench", "uplc", folder, "--tier", storey, "--runs", 1)
    assert shown.returncode == 0, shown.stderr
    for word in ("adds", "fails", "mean of 3", "382796", f"{storey}, us"):
        assert word in shown.stdout
    told = pagoda("bench", "uplc", folder / "adds.flat", "--tier", storey, "--runs", 1, "--json")
    assert told.returncode == 0, told.stderr
    row, mean = map(json.loads, told.stdout.splitlines())
    assert (row["script"], row["contestant"], row["ending"], row["cpu"], row["mem"]) == ("adds", storey, "ok", 382796, 1666)
    assert all(row[quantity] > 0 for quantity in QUANTITIES)
    assert mean["mean of"] == ["adds"]


def test_a_budget_that_is_not_the_golden_one_ends_it(pagoda, folder):
    golden = folder / "adds.flat.golden.eval"
    golden.write_text(golden.read_text().replace("1_666", "1_667"))
    done = pagoda("bench", "uplc", folder, "--runs", 1)
    assert done.returncode == exits.GUEST_ERROR
    assert "adds on" in done.stderr
    assert "expected the budget" in done.stderr
    assert "mean" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("uplc", "nowhere"), "cannot find"),
        (("uplc", "."), "no scripts"),
        (("uplc", ".", "."), "One FILE"),
        (("a.ruff", "b.ruff"), "One FILE"),
        (("a.ruff", "--million"), "for scripts"),
    ],
)
def test_wrong_usage(pagoda, words, said):
    done = pagoda("bench", *words)
    assert done.returncode == exits.USAGE
    assert said in done.stderr


def test_a_million_is_of_one_script(pagoda, folder):
    done = pagoda("bench", "uplc", folder, "--million")
    assert done.returncode == exits.USAGE
    assert "of one script" in done.stderr


def test_many_evaluations_are_reported_on_the_way(folder, capsys):
    million.endure(million.evaluation(samples.read(folder / "adds.flat"), STOREYS[0]), 40)
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines] == [0, *range(4, 41, 4)]
    assert all("MiB" in line for line in lines)


class Counting:
    """A contestant that needs so many seconds for everything, and says what it was asked for."""

    def __init__(self, name, seconds, order):
        self.name, self.seconds, self.order = name, seconds, order

    def time(self, quantity, count):
        self.order.append((self.name, quantity, count))
        return self.seconds * count

    def allocated(self):
        return 5


def test_cheap_things_are_repeated_and_turns_are_taken():
    order = []
    both = [Counting("cheap", 1e-4, order), Counting("dear", 0.5, order)]
    seen = [Seen("ok", 1, 2)] * 2
    cheap, dear = measuring.measure(both, seen, 5)
    assert cheap.times == pytest.approx(dict.fromkeys(QUANTITIES, 100.0))
    assert dear.times == pytest.approx(dict.fromkeys(QUANTITIES, 500_000.0))
    assert (cheap.allocated, cheap.seen) == (5, seen[0])
    timed = [entry for entry in order if entry[1] == "evaluate"]
    assert [name for name, _, _ in timed[-7:]] == ["cheap", "dear"] * 2 + ["cheap"] * 3, "what takes long has fewer turns"
    assert timed[-1][2] == 200
    assert {count for name, _, count in order if name == "dear"} == {1}


def test_means_are_over_what_all_have_evaluated(capsys):
    def figures(time, cpu=1):
        return Figures(Seen("ok", cpu, 2), dict.fromkeys(QUANTITIES, time), 10)

    rows = [
        table.Row("one", {"walk": figures(4.0), "peer": figures(400.0, 3)}),
        table.Row("two", {"walk": figures(1.0), "peer": figures(100.0)}),
        table.Row("three", {"walk": figures(1000.0)}),
    ]
    table.show(rows, ["walk", "peer"], ["one", "three"])
    shown = capsys.readouterr().out
    lines = {line[:18].strip(): line[18:].split() for line in shown.splitlines()[2:8]}
    assert lines["mean of 2"] == ["2.0", "200.0", "100.00"]
    assert lines["mean of 1 listed"] == ["4.0", "400.0", "100.00"]
    assert lines["three"] == ["1000.0", "-", "-"]
    assert "peer: cpu +2, mem +0" in shown
    assert "peer ends otherwise" in shown


def test_a_peer_that_ends_otherwise_is_not_timed(folder):
    order = []
    other = Counting("peer", 0.01, order)
    other.load = lambda sample: Seen("RuntimeError", 0, 0)
    walk = command_module._STOREYS["walk"]()
    row = command_module._row(samples.read(folder / "plain.flat"), [walk, other], 1)
    assert list(row.figures) == ["walk"]
    assert order == []


DRIVER = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    what = request["do"]
    if what == "version":
        answer = {"version": "9"}
    elif what == "load":
        if not request["arguments"]:
            sys.exit(3)
        answer = {"ending": "ok", "cpu": len(request["flat"]), "mem": len(request["arguments"])}
    else:
        answer = {"seconds": request["count"] * 2.0}
    print(json.dumps(answer), flush=True)
"""


def test_the_peer_is_a_child_that_is_told_what_to_do(folder, write, monkeypatch):
    monkeypatch.setattr(peer, "_environment", lambda: sys.executable)
    driver = write("driver.py", DRIVER)
    child = peer.Peer(driver)
    try:
        sample = samples.read(folder / "adds.flat")
        assert child.version == "9"
        assert child.load(sample) == Seen("ok", 2 * len(sample.flat), 2)
        assert child.time("evaluate", 3) == 6.0
        assert child.allocated() is None
        with pytest.raises(exits.UsageProblem, match="exit code 3"):
            child.load(samples.read(folder / "plain.flat"))
    finally:
        child.close()


def test_the_peers_driver_and_the_list_are_in_the_clone(root):
    compile((root / "benchmarks" / "uplc" / "peer_driver.py").read_text(encoding="utf-8"), "peer_driver.py", "exec")
    listed = command_module._reference()
    assert len(listed) == 19
    assert listed[-1] == "auction_2-1"
