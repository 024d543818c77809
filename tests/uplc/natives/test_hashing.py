"""Native hashes against Python's own: every length of a last block, several blocks, slices that begin anywhere."""

from __future__ import annotations

import hashlib

import pytest
from native.both_ways import child

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives import values
from uplc.natives.running import Native
from uplc.natives.words import constant_of

HASHES = {
    "sha2_256": hashlib.sha256,
    "blake2b_256": lambda data: hashlib.blake2b(data, digest_size=32),
    "blake2b_224": lambda data: hashlib.blake2b(data, digest_size=28),
}


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("name", HASHES)
def test_hashes(name, checked):
    native = Native(default_model("E"), checked=checked)
    content = bytes(at * 7 + 3 & 255 for at in range(5000))

    def work():
        for length in (*range(300), 1000, 4096, 4991):
            native.reset()
            base = native.memory.text(values.BYTES, content) - values.OBJECT + 24
            start = length % 9
            word = native.memory.put(values.BYTES, length, base + start)
            found = constant_of(native.words(by_name(name).number, [word])).value
            yield found == HASHES[name](content[start : start + length]).digest()

    found, status = child(work, 20)
    assert status == 0
    assert len(found) == 303
    assert all(found)
