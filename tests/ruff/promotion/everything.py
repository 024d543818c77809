"""``PYTHONPATH=src:tests python -m ruff.promotion.everything [--way WAY] FILE-OR-FOLDER ...``: programs on the interpreter and promoted.

Each program runs in a process of its own. ``WAY``: ``once`` (everything is compiled at its first call, the program waits), or
``beside`` (another process compiles). Prints a line for each difference, and the counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FUEL = 3_000_000
SECONDS = 120.0


def one(path: str, way: str) -> None:
    """Both runs, in this process, as JSON."""
    from ..storeys import run_on_vm
    from .running import BESIDE, QUICK, Run

    text = Path(path).read_text(encoding="utf-8")
    expected = run_on_vm(text, fuel=FUEL, timeout=None, file=path)
    run = Run(text, QUICK if way == "once" else BESIDE, fuel=FUEL, timeout=None, file=path)
    reasons = [f"{name}: {facts['reason']}" for event, name, facts in run.events if event in ("failed", "mistake")]
    same = run.seen == expected
    print(json.dumps({
        "same": same, "left": run.left, "failed": reasons, "compiled": len(run.names("compiled")),
        "expected": "" if same else repr(expected)[:3000], "seen": "" if same else repr(run.seen)[:3000],
        "longest": run.promoter.longest,
    }), file=sys.__stdout__)  # fmt: skip


def main(words: list[str]) -> int:
    way = "once"
    if words[:1] == ["--one"]:
        one(words[2], words[1])
        return 0
    if words[:1] == ["--way"]:
        way, words = words[1], words[2:]
    files = sorted({p for word in words for p in ([Path(word)] if Path(word).is_file() else Path(word).rglob("*.ruff"))})
    bad = functions = failures = skipped = 0
    longest = 0.0
    for path in files:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "ruff.promotion.everything", "--one", way, str(path.resolve())]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
            try:
                done = subprocess.run(
                    command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL
                )
            except subprocess.TimeoutExpired:
                print(f"{path}: too long", flush=True)
                skipped += 1
                continue
        lines = done.stdout.decode(errors="replace").splitlines()
        if done.returncode or not lines:
            if b"Diagnostic" in done.stderr or b"not available" in done.stderr:
                skipped += 1
                continue
            bad += 1
            print(f"{path}: ended with {done.returncode}: {done.stderr.decode(errors='replace')[-600:]}", flush=True)
            continue
        found = json.loads(lines[-1])
        functions += found["compiled"]
        failures += len(found["failed"])
        longest = max(longest, found["longest"])
        if found["failed"]:
            print(f"{path}: failed {found['failed'][:4]}", flush=True)
        if not found["same"] or found["left"] != [0]:
            bad += 1
            print(f"{path}: differs, left {found['left']}\n  {found['expected']}\n  {found['seen']}", flush=True)
    print(
        f"{len(files)} programs, {skipped} skipped, {bad} differ; {functions} compilations, {failures} failed; "
        f"longest installation {longest * 1e3:.1f} ms"
    )  # fmt: skip
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
