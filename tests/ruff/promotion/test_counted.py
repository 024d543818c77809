"""``pagoda test --tier opt`` counts the compilations that failed."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from pagoda.tools.compiling import WithoutTrace, failures
from pagoda.tools.conformance import pagoda_command

NOTE = "functions stayed on vm because compilation failed"


def test_only_the_trace_is_kept_back(tmp_path):
    report, shown = tmp_path / "failed", io.StringIO()
    stream = WithoutTrace(shown, report)
    assert failures(report) == []
    for text in (
        "tier: hot f ms=1.0\n",
        "mine\n",
        "tier: failed f ms=2.0 reason=x\n",
        "no tier: failed\n",
        "tier: failed half",
    ):
        assert stream.write(text) == len(text)
    stream.flush()
    assert shown.getvalue() == "mine\nno tier: failed\ntier: failed half"
    assert failures(report) == ["tier: failed f ms=2.0 reason=x"]


@pytest.mark.parametrize("tier", ["vm", "opt"])
def test_the_counts_say_so(tmp_path, tier):
    (tmp_path / "a.ruff").write_text("func f(n) { return n + 1 }\nprint(f(1), f(2))\nnothing()\n")
    ended = subprocess.run(
        pagoda_command("run", "--tier", tier, "a.ruff"), capture_output=True, text=True, cwd=tmp_path, check=False
    )
    (tmp_path / "a.out").write_text(ended.stdout + ended.stderr)
    words = pagoda_command("test", str(tmp_path), "--tier", tier, *(["--tier-threshold", "1"] if tier == "opt" else []))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    counts = f"{tier}: 1 passed, 0 failed, 0 skipped"
    assert done.stdout.splitlines() == [counts + (f", 0 {NOTE}" if tier == "opt" else "")]


def test_a_failure_is_counted(tmp_path, monkeypatch):
    report = tmp_path / "failed"
    (tmp_path / "a.ruff").write_text("func f(n) { return n + 918273 }\nprint(f(1), f(2))\n")  # never compiled, so not cached
    text = (
        "from pagoda.machine.promotion import worker\n"
        "def compile(self, data): raise worker.Refused('not today')\n"
        "worker.InProcess.compile = compile\n"
        "from pagoda.tools.compiling import main\nmain()\n"
    )
    words = [sys.executable, "-c", text, str(report), "run", "--tier", "opt", "--tier-threshold", "1", "a.ruff"]
    monkeypatch.setenv("PYTHONPATH", ":".join(p for p in sys.path if p))
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout == "918274 918275\n"
    assert "tier:" not in done.stderr
    assert any(line.startswith("tier: failed f ") for line in failures(report))
