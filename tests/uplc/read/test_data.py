"""The native reader of data against the Python one."""

from __future__ import annotations

import itertools

import pytest

from pagoda.languages.uplc.compile.build import ROOM_FULL
from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.types import CONSTR, LIST, linked

from .programs import Maker
from .reading import Readers, compare_data


@pytest.fixture(scope="module")
def readers():
    return Readers()


def test_random_data(readers):
    for seed in range(1500):
        maker = Maker(seed)
        data = maker.data(40)
        assert compare_data(readers, maker.cbor(data)) == "read", seed
        if not (data[0] == CONSTR and data[1] >= 1 << 64):
            assert compare_data(readers, write_data(data)) == "read", seed


def test_every_beginning(readers):
    """All bytes of length one and two, and three from those that matter; whole, and inside a list."""
    parts = bytes.fromhex("00 01 17 18 1b 1f 20 40 41 5f 80 81 82 9f a0 a1 bf c2 c3 d8 ff")
    seen = {compare_data(readers, b"")}
    for first, second in itertools.product(range(256), repeat=2):
        seen.add(compare_data(readers, bytes((first, second))))
        compare_data(readers, bytes((0x81, first, second)))
    for three in itertools.product(parts, repeat=3):
        compare_data(readers, bytes(three) + b"\x00")
    assert seen == {"read", "refused"}


def test_every_tag(readers):
    for tag in range(1500):
        for head in (b"\xd8" + bytes((tag & 255,)), b"\xd9" + tag.to_bytes(2, "big"), b"\xda" + tag.to_bytes(4, "big")):
            for rest in ("80", "9f05ff", "a0", "82058101", "9f1bffffffffffffffff80ff", "05"):
                compare_data(readers, head + bytes.fromhex(rest))


def test_pairs_of_number_and_fields(readers):
    """The long form of a constructor, right and wrong."""
    for tag in (b"\xd8\x66", b"\xd9\x00\x66"):
        for opening in (b"\x82", b"\x98\x02", b"\x81", b"\x83", b"\x80", b"\x9f", b"\xa1", b"\xbf"):
            for number in (b"\x00", b"\x18\x05", b"\x1b" + b"\xff" * 8, b"\x20", b"\xc2\x41\x05", b"\x1f", b"\x40"):
                for fields in (b"\x80", b"\x81\x01", b"\x9f\x01\xff", b"\xa0", b"\x05", b"\xff", b""):
                    for end in (b"", b"\xff", b"\x01\xff", b"\x01"):
                        data = tag + opening + number + fields + end
                        compare_data(readers, data)
                        compare_data(readers, b"\x9f" + data + b"\xff")


def test_claimed_lengths(readers):
    for head in (b"\x9b", b"\xbb", b"\x5b", b"\x7b"):
        for count in (0, 1, 2, 3, 1 << 31, 1 << 62, 1 << 63, (1 << 63) + 1, (1 << 64) - 1):
            for rest in (b"", b"\x00", b"\x00\x00", b"\x00\x00\x00", b"\x00\x00\x00\xff"):
                compare_data(readers, head + count.to_bytes(8, "big") + rest)
                compare_data(readers, b"\xd8\x79" + head + count.to_bytes(8, "big") + rest)


def test_cut_and_changed(readers):
    seen = set()
    for seed in range(25):
        maker = Maker(2000 + seed)
        data = maker.cbor((CONSTR, 1, linked([maker.data(30)])))[:200]
        seen |= {compare_data(readers, data[:end]) for end in range(len(data))}
        seen.add(compare_data(readers, data + b"\x00"))
        for bit in range(len(data) * 8):
            changed = bytearray(data)
            changed[bit >> 3] ^= 128 >> (bit & 7)
            seen.add(compare_data(readers, bytes(changed)))
    assert seen == {"read", "refused"}


@pytest.mark.parametrize("opening", [b"\x9f", b"\x81", b"\xd8\x79\x9f", b"\xd8\x66\x82\x00\x81", b"\xbf\x00", b"\xa1\x00"])
def test_deep(readers, opening):
    """Nothing recurses."""
    count = 60_000
    closing = b"\xff" if opening in (b"\x9f", b"\xd8\x79\x9f", b"\xbf\x00") else b""
    assert compare_data(readers, opening * count + b"\x00" + closing * count) == "read"
    assert compare_data(readers, opening * count) == "refused"


def test_too_little_memory():
    readers = Readers()
    data = write_data((LIST, linked([Maker(seed).data(30) for seed in range(10)])))
    assert compare_data(readers, data) == "read"
    reader = readers.reader
    room = int(reader.top) - readers.start
    for part in range(50):
        readers.empty()
        reader.end = reader.top + room * part // 50 // 8 * 8
        assert readers.data_entry(readers.state, data, len(data)) == 0
        assert reader.status == ROOM_FULL
    deep = b"\x81" * 50 + b"\x00"
    for words in range(0, 150, 10):
        readers.empty()
        reader.stack_end = reader.stack + 8 * words
        assert readers.data_entry(readers.state, deep, len(deep)) == 0
        assert reader.status == ROOM_FULL


def test_checked_build():
    """The same with every access, shift and sum checked, in a child that a trap would end."""
    from native.both_ways import child

    def work():
        readers = Readers(checked=True)
        for seed in range(300):
            maker = Maker(7000 + seed)
            data = bytearray(maker.cbor(maker.data(30)))
            yield compare_data(readers, bytes(data))
            data[maker.chance.randrange(len(data))] ^= 1 << maker.chance.randrange(8)
            yield compare_data(readers, bytes(data))

    found, status = child(work, 60)
    assert status == 0
    assert len(found) == 600
