"""Damaged bytes: both readers agree on them, and nothing crashes, hangs or grows. ``mutate.py`` reads more of them."""

from __future__ import annotations

import os

from .mutate import run_mutants

COUNT = int(os.environ.get("PAGODA_MUTANTS", "4000"))


def test_changed_at_random():
    kinds, bad = run_mutants(COUNT)
    assert not bad, "\n".join(bad[:20])
    for kind in ("program read", "program refused", "data read", "data refused"):
        assert kinds[kind], kinds
