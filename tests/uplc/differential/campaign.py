"""Compares many random terms. A process of its own runs it, so that native code that goes astray ends only that one.

Started with numbers: first seed, seed after the last one, step. Writes each seed before it is tried, so that the last line
tells which one ended the process; at the end, how often terms ended in which way, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Const
from pagoda.languages.uplc.types import Constant

from .compare import check, setting
from .shrink import smallest
from .terms import Terms


def report(seed: int, problem: Exception, term: Any, arguments: tuple[Constant, ...]) -> None:
    """Prints what is wrong with the machines on a term, and on the smallest one that still has something wrong with it."""
    under = setting(seed)

    def wrong(term: Any) -> str:
        try:
            check(term, under, arguments)
        except Exception as problem:
            return f"{type(problem).__name__}: {problem}"
        return ""

    small = smallest(term, lambda term: bool(wrong(term)))
    applied = "".join(f"\n  to: {term_text(Const(argument))}" for argument in arguments)
    print(f"seed {seed}, variant {under.costs.variant}, case on constants {under.case_on_constants}: {problem!r}")
    print(f"smallest: {term_text(small)}{applied}\n{wrong(small)}")


def main(first: int, end: int, step: int) -> int:
    """Gives the exit code."""
    endings: Counter[str] = Counter()
    for seed in range(first, end, step):
        sys.stderr.write(f"{seed}\r")
        sys.stderr.flush()
        (term, arguments), under = Terms(seed).applied_script(), setting(seed)
        try:
            endings[check(term, under, arguments)] += 1
        except Exception as problem:  # whatever escapes an evaluation is wrong as well
            report(seed, problem, term, arguments)
            return 1
    print(json.dumps(endings))
    return 0
