"""Damaged bytes: nothing but :class:`MalformedScript` comes out, soon, in little memory.

``PAGODA_MUTANTS=N`` reads N damaged inputs instead of two thousand.
"""

from __future__ import annotations

import os

import pytest

from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program

from .mutate import ROOM, SLOW, check_place, run_mutants, seeds

COUNT = int(os.environ.get("PAGODA_MUTANTS", "2000"))


@pytest.mark.timeout(3600)
def test_changed_at_random():
    counts = run_mutants(COUNT)
    assert not counts.bad, "\n".join(counts.bad[:20])
    assert counts.slowest < SLOW, counts
    assert counts.growth < ROOM, counts
    assert counts.kinds["refused"] > 0
    assert counts.kinds["script"] > 0
    assert counts.kinds["data"] > 0


def test_cut_at_every_byte():
    whole = seeds()[0]
    for end in range(len(whole)):
        with pytest.raises(MalformedScript, match="ends too early"):
            read_program(whole[:end])


def test_every_bit_flipped():
    whole = seeds()[0]
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit >> 3] ^= 128 >> (bit & 7)
        try:
            read_program(bytes(changed))
        except MalformedScript as refused:
            check_place(refused, whole)
