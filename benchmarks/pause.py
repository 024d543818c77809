"""``python benchmarks/pause.py [--tier TIER] [--frames N] [--warm]``: how long a program is held up while functions compile.

A Ruff program runs a loop at 60 frames a second. Fifty functions join it one after the other and become hot. It takes the time
after every few calls, and when it wakes up for a frame. A pause is the time between two such looks, which the work itself fills
for a small part of a millisecond, or how late a frame begins. Nothing compiled is in the cache, unless ``--warm`` runs the
program once before.

Prints one line: ``longest pause: X ms over N frames while K functions compiled``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FUNCTIONS = 50
SHAPES = (
    "t := 0\n    i := 0\n    while i < 6 {{\n        t := t + (n + i * {k}) % 7\n        i := i + 1\n    }}\n    return t",
    "a := [n, {k}, n + {k}]\n    a := push(a, n * 2)\n    t := 0\n    for x in a {{\n        t := t + x\n    }}\n    return t",
    'd := {{"a": n, "b": {k}}}\n    d["c"] := d["a"] + d["b"]\n    return d["c"] + len(d)',
    "x := n * 1.5\n    y := x + {k}\n    if y > x * 2.0 {{\n        return y - x\n    }}\n    return y / (x + 1.0)",
    'if n > {k} {{\n        return f{b}(n - {k}) + 1\n    }}\n    s := str(n) + "-{k}"\n    return len(s)',
)


def program(frames: int) -> str:
    """The program's text."""
    parts = []
    for number in range(FUNCTIONS):
        body = SHAPES[number % len(SHAPES)].format(k=number + 3, b=max(number - 1, 0))
        parts.append(f"func f{number}(n) {{\n    {body}\n}}\n")
    branches = "".join(f"    if k == {n} {{ return f{n}(i) + f{n}(i + 1) + f{n}(i + 2) }}\n" for n in range(FUNCTIONS))
    parts.append(f"func one(k, i) {{\n{branches}    return 0\n}}\n")
    parts.append(f"""func frame(number, most, worst) {{
    k := 0
    before := performance_now()
    while k < most {{
        i := 0
        while i < 8 {{
            one(k, number + i)
            i := i + 1
        }}
        now := performance_now()
        if now - before > worst {{ worst := now - before }}
        before := now
        k := k + 1
    }}
    return worst
}}
worst := 0.0
due := performance_now()
number := 0
while number < {frames} {{
    most := number * {FUNCTIONS} / {max(frames * 3 // 4, 1)}
    if most > {FUNCTIONS} {{ most := {FUNCTIONS} }}
    worst := frame(number, most, worst)
    due := due + 1000.0 / 60.0
    left := due - performance_now()
    if left > 1.0 {{
        sleep(left)
    }} else {{
        due := performance_now()
    }}
    woke := performance_now()
    if woke - due > worst {{ worst := woke - due }}
    number := number + 1
}}
print(worst)
""")
    return "".join(parts)


def run(path: Path, tier: str, environment: dict[str, str]) -> tuple[float, int]:
    """The longest pause in milliseconds, and how many functions were compiled."""
    words = [sys.executable, "-m", "pagoda", "run", "--tier", tier, "--trace", "tier", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    compiled = [line for line in done.stderr.splitlines() if line.startswith("tier: compiled")]
    return float(done.stdout), len(compiled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tier", default="auto")
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--warm", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames.ruff"
        path.write_text(program(chosen.frames), encoding="utf-8")
        environment = {**os.environ, "PAGODA_CACHE": folder + "/cache"}
        Path(folder, "once.ruff").write_text("print(1)", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "pagoda", "run", folder + "/once.ruff"], capture_output=True, env=environment)
        if chosen.warm:
            run(path, chosen.tier, environment)
        longest, compiled = run(path, chosen.tier, environment)
    print(f"longest pause: {longest:.1f} ms over {chosen.frames} frames while {compiled} functions compiled")


if __name__ == "__main__":
    main()
