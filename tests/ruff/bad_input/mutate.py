"""Damaged programs, run in child processes: what comes out of each, and that no process dies.

As a script: ``python -m ruff.bad_input.mutate COUNT [FIRST]`` (with ``tests`` and ``src`` on the path) prints the counts.
As a child (``--child``) it reads sources as JSON lines and answers each with a line, before the next one is begun.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

BATCH = 500
FUEL = 100_000
SECONDS = 5.0
MEMORY = 256 << 20
SLOW = 20.0  # seconds that one case may take, machine load included
ALLOWED = ("ok", "error", "exit", "malformed", "fuel", "timeout", "memory", "interrupt")
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\s+|:=|\.\.\.|[-+*/%<>=!]=|&&|\|\||\|>|\?\?|\?\.|.', re.DOTALL)
EXTRA = (
    "0", "-1", "9223372036854775807", "1e5", "0.0", "1.5", '""', '"é"', '"${', "null", "true", "None", "Ok(", "(", ")", "[", "]", "{", "}",
    ":=", "=", "...", ",", ";", "::", "|>", "??", "?.", "?", "&&", "||", "!", "-", "*", "/", "%", "==", "<", "if", "else", "while", "for",
    "in", "loop", "break", "continue", "return", "func", "struct", "enum", "match", "case", "default", "try", "except", "throw(", "let",
    "mut", "const", "self", "yield ", "await ", "async ", "spawn ", "import ", "export ", "test ", "func*", "\n", "\0", "\\", "'", "@", "#",
    "/*", "é", "😀", "x", "len", "push(", "map(", "range(", "print(", "e",
)  # fmt: skip


def class_of(word: str) -> str:
    """Sorts tokens roughly: names, numbers, strings, operators, each bracket and space by itself."""
    if word[0].isalpha():
        return "name"
    if word[0].isdigit():
        return "number"
    return word[0] if word[0] in '"()[]{},;' or word.isspace() else "operator"


def mutant(seed: int) -> str:
    """A damaged program."""
    from ruff.bad_input.programs import PROGRAMS

    chance = random.Random(seed)
    texts = list(PROGRAMS.values())
    tokens = TOKEN.findall(chance.choice(texts))
    if chance.random() < 0.5:  # of the same class, so that many are still programs, but others
        for _ in range(chance.choice((1, 2, 3, 5, 8))):
            place = chance.randrange(len(tokens))
            fitting = [word for word in (*TOKEN.findall(chance.choice(texts)), *EXTRA) if class_of(word) == class_of(tokens[place])]
            tokens[place] = chance.choice(fitting or [tokens[place]])
        return "".join(tokens)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        place = chance.randrange(len(tokens) + 1)
        width = chance.choice((0, 1, 1, 1, 2, 5, 20))
        kind = chance.randrange(8)
        if kind == 0:
            tokens[place : place + width] = []
        elif kind == 1:
            tokens[place:place] = tokens[place : place + width]
        elif kind == 2:
            other = TOKEN.findall(chance.choice(texts))
            start = chance.randrange(len(other))
            tokens[place : place + width] = other[start : start + chance.choice((1, 3, 12))]
        elif kind == 3 and place < len(tokens):
            second = chance.randrange(len(tokens))
            tokens[place], tokens[second] = tokens[second], tokens[place]
        elif kind == 4:
            tokens[place : place + 1] = [chr(chance.choice((chance.randrange(128), chance.randrange(0x3000))))]
        else:
            tokens[place : place + min(width, 1)] = [chance.choice(EXTRA)]
        if not tokens:
            break
    return "".join(tokens)


def truncations() -> list[str]:
    """Every program, cut after each of its bytes."""
    from ruff.bad_input.programs import PROGRAMS

    cases = []
    for text in PROGRAMS.values():
        raw = text.encode()
        cases += [raw[:end].decode(errors="replace") for end in range(len(raw))]
    return cases


def run_case(text: str) -> str:
    """How the run of a source ends, on the native storey."""
    from pagoda.machine.source import DiagnosticError
    from ruff.storeys import run_on_vm

    try:
        return run_on_vm(text, fuel=FUEL, timeout=SECONDS, memory=MEMORY).kind
    except DiagnosticError as refused:
        refused.render()
        return "malformed"


def child() -> None:
    """Answers each case; whatever is wrong with one is its answer."""
    for line in sys.stdin:
        try:
            answer = run_case(json.loads(line))
        except BaseException as problem:
            answer = f"{type(problem).__name__}: {str(problem)[:500]}"
        print(json.dumps(answer), flush=True)


class Counts:
    """What came out of many cases."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.bad: list[str] = []
        self.slowest = 0.0
        self.seconds = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        return f"{self.kinds.total()} cases ({kinds}), {len(self.bad)} bad, slowest {self.slowest:.2f} s, {self.seconds:.0f} s in all"


def run_batch(cases: list[str], counts: Counts) -> None:
    """Runs cases in one child; if it dies, the case at fault is noted and another child takes the rest."""
    begun = time.monotonic()
    while cases:
        done = run_child(cases, counts)
        cases = cases[done:]
    counts.seconds += time.monotonic() - begun


def run_child(cases: list[str], counts: Counts) -> int:
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root / "src"), str(root / "tests")))}
    process: Any = subprocess.Popen(
        [sys.executable, "-m", "ruff.bad_input.mutate", "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    with process:
        for number, text in enumerate(cases):
            begun = time.monotonic()
            try:
                process.stdin.write(json.dumps(text) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if number:  # the first case waits for the child to start
                counts.slowest = max(counts.slowest, time.monotonic() - begun)
            if not line:
                process.wait()
                counts.kinds["died"] += 1
                counts.bad.append(f"died with {process.returncode}: {text!r}")
                return number + 1
            answer = json.loads(line)
            counts.kinds[answer if answer in ALLOWED else "unexpected"] += 1
            if answer not in ALLOWED:
                counts.bad.append(f"{answer}: {text!r}")
        process.stdin.close()
        if process.wait() != 0:
            counts.bad.append(f"exit code {process.returncode} at the end of a batch")
    return len(cases)


def run_mutants(count: int, first: int = 0) -> Counts:
    """Runs so many damaged programs."""
    counts = Counts()
    for start in range(first, first + count, BATCH):
        run_batch([mutant(seed) for seed in range(start, min(start + BATCH, first + count))], counts)
    return counts


def run_truncations() -> Counts:
    """Runs every program cut at every byte."""
    counts = Counts()
    cases = truncations()
    for start in range(0, len(cases), 2 * BATCH):
        run_batch(cases[start : start + 2 * BATCH], counts)
    return counts


if __name__ == "__main__":
    if "--child" in sys.argv:
        child()
    elif "--truncations" in sys.argv:
        result = run_truncations()
        print(result, *result.bad[:20], sep="\n")
    else:
        numbers = [int(word) for word in sys.argv[1:]] or [1000]
        result = run_mutants(*numbers)
        print(result, *result.bad[:20], sep="\n")
