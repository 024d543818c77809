"""``PYTHONPATH=src:tests python -m ruff.differential.fuzz FIRST COUNT``: random programs on all storeys, many of them.

A portion of programs at a time runs in a process of its own, for native code may take the process with it, and code that was
compiled stays in memory. Prints a line for each difference, which names the program's number, and the counts.
``python -m ruff.differential.fuzz --show NUMBER`` prints a program and the way it is compiled.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

PORTION = 40
SECONDS = 600.0  # for a portion


def portion(first: int, count: int) -> None:
    """Compares programs in this process; says which one it begins, so that whoever waits knows where it ended."""
    from pagoda.native.threads import run_with_big_stack

    from .compiled import differences

    def compare() -> None:
        for number in range(first, first + count):
            print("BEGIN", number, flush=True)
            try:
                for line in differences(number):
                    print("FOUND", number, line.replace("\n", "\\n"), flush=True)
            except Exception as problem:
                print("FOUND", number, type(problem).__name__, str(problem)[:500].replace("\n", "\\n"), flush=True)

    run_with_big_stack(compare)


def main(words: Sequence[str]) -> int:
    if words[:1] == ["--portion"]:
        portion(int(words[1]), int(words[2]))
        return 0
    if words[:1] == ["--show"]:
        from .compiled import text_of, way_of

        number = int(words[1])
        print(text_of(number), f"# {way_of(number)}", sep="\n")
        return 0
    first, count = int(words[0]), int(words[1])
    at, end, bad = first, first + count, set()
    started = time.monotonic()
    while at < end:
        size = min(PORTION, end - at)
        command = [sys.executable, "-m", "ruff.differential.fuzz", "--portion", str(at), str(size)]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
            text, ended = done.stdout, f"ended with {done.returncode}: {done.stderr.strip()[-300:]}" if done.returncode else ""
        except subprocess.TimeoutExpired as late:
            text, ended = (late.stdout or b"").decode(errors="replace"), "takes too long"
        last = at
        for line in text.splitlines():
            word, _, rest = line.partition(" ")
            if word == "BEGIN":
                last = int(rest)
            elif word == "FOUND":
                bad.add(int(rest.split()[0]))
                print(rest, flush=True)
        at += size
        if ended:
            bad.add(last)
            print(last, ended, flush=True)
            at = last + 1
    print(f"{count} programs from {first} on, {len(bad)} with a difference; {time.monotonic() - started:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
