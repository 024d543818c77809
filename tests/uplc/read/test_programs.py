"""The native reader of programs against the Python one: what either accepts, and what it is."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.compile.build import DONE, ROOM_FULL
from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.encoding.ledger import LANGUAGES, bounds_of
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Lam, Program, Var
from pagoda.languages.uplc.types import DATA_TYPE, G1_TYPE, INTEGER_TYPE, LIST, UNIT_TYPE, Constant, array_of, linked, list_of

from .programs import Maker
from .reading import Readers, compare_data, compare_program

DEEP = 60_000


@pytest.fixture(scope="module")
def readers():
    return Readers()


def packed(bits: str) -> bytes:
    """Bytes of bits and a filler."""
    bits += "0" * (7 - len(bits) % 8) + "1"
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def test_suites(readers, suites):
    paths = sorted((suites / "uplc").rglob("*.flat"))
    if not paths:
        pytest.skip("the suites have no programs of UPLC")
    for path in paths:
        data = path.read_bytes()
        outcome = compare_program(readers, data)
        assert outcome != "left", path.name
        for protocol, language in zip((9, 11), ("V2", "V3"), strict=True):
            compare_program(readers, data, bounds_of(language, protocol))


def test_random_programs(readers):
    for seed in range(600):
        program = Maker(seed).program(seed % 60)
        assert compare_program(readers, write_program(program)) == "read", seed


def test_bounds(readers):
    """Versions, builtins, fields and tags of types, as a ledger accepts them."""
    seen = set()
    for seed in range(300):
        maker = Maker(seed)
        program = Program(maker.chance.choice(((1, 0, 0), (1, 1, 0), (1, 2, 0))), Builtin(maker.chance.randrange(104)))
        bounds = bounds_of(LANGUAGES[seed % 4], 5 + seed % 7)
        seen.add(compare_program(readers, write_program(program), bounds))
    assert seen == {"read", "refused"}
    bounds = bounds_of("V3", 11)
    for count in (0, 1, 1023, 1024, 1025):
        data = write_program(Program((1, 1, 0), Constr(0, (Var(1),) * count)))
        assert (compare_program(readers, data, bounds) == "read") == (count <= 1024)
        assert compare_program(readers, data) == "read"


def test_types_without_a_code(readers):
    kind = INTEGER_TYPE
    from pagoda.languages.uplc.natives.values import MOST_TYPE_NODES

    for nodes in range(1, 40):
        data = write_program(Program((1, 0, 0), Const(Constant(kind, () if nodes > 1 else 5))))
        assert compare_program(readers, data) == ("read" if nodes <= MOST_TYPE_NODES else "left")
        compare_program(readers, data, bounds_of("V3", 11))
        kind = list_of(kind) if nodes % 2 else array_of(kind)


def test_every_row_of_tags(readers):
    """Every type of up to three tags, well formed or not."""
    for count in range(4):
        for number in range(16**count):
            tags = [number >> 4 * place & 15 for place in range(count)]
            bits = "".join(f"1{tag:04b}" for tag in tags) + "0"
            compare_program(readers, packed("00000001" + "00000000" * 2 + "0100" + bits + "0" * 8))


def test_lists_without_items_have_any_type(readers):
    for kind in (G1_TYPE, list_of(G1_TYPE), array_of(G1_TYPE)):
        assert compare_program(readers, write_program(Program((1, 0, 0), Const(Constant(list_of(kind), ()))))) == "read"


def test_numbers_beside_their_bounds(readers):
    """Versions, indices, tags and integers: of any number of groups, padded or too large."""

    def groups(number: int, count: int) -> str:
        return "".join(f"{int(i < count - 1)}{number >> 7 * i & 127:07b}" for i in range(count))

    seen = set()
    version = "00000001" + "00000001" + "00000000"
    for bits in (0, 7, 55, 56, 62, 63, 64, 65, 70, 128):
        for number in {max(0, (1 << bits) + step) for step in (-1, 0, 1)}:
            least = max(1, -(-number.bit_length() // 7))
            for count in (least, least + 1, 8, 9, 10, 11, 30):
                if count < least:
                    continue
                digits = groups(number, count)
                for text in (
                    digits + "00000000" * 2 + "0110", "00000001" + digits + "000000000110", version + "0000" + digits,
                    version + "1000" + digits + "0", version + "0100" + "100000" + digits,
                ):  # fmt: skip
                    seen.add(compare_program(readers, packed(text)))
    assert seen == {"read", "left", "refused"}


def test_texts(readers):
    """UTF-8 strictly, and what only looks like it."""
    seen = set()
    pieces = [bytes((byte,)) for byte in range(128, 256)]
    pieces += [bytes((first, second)) for first in (0xC2, 0xDF, 0xE0, 0xED, 0xEE, 0xF0, 0xF4) for second in range(0x7E, 0xC2)]
    pieces = [*pieces, *(piece + tail for piece in pieces for tail in (b"\x80", b"\xbf\xbf", b"\x7f\x80", b"\xc0"))]
    for piece in pieces:
        for around in (b"", b"12345678"):
            text = around + piece + around
            data = packed("00000001" + "00000000" * 2 + "0100" + "100100" + "000001" + "".join(
                f"{byte:08b}" for byte in (len(text), *text, 0)))  # fmt: skip
            seen.add(compare_program(readers, data))
    assert seen == {"read", "refused"}


def test_values(readers):
    """Amounts of tokens: in canonical form or not at all."""
    from pagoda.languages.uplc.encoding.bits import BitSink
    from pagoda.languages.uplc.encoding.constants import put_constant
    from pagoda.languages.uplc.types import VALUE_TYPE

    def written(value) -> bytes:
        sink = BitSink()
        sink.pieces.append("00000001" + "00000000" * 2 + "0100")
        put_constant(sink, Constant(VALUE_TYPE, value))
        return sink.finish()

    keys = (b"", b"\x00", b"a", b"ab", b"b", b"\xff" * 32)
    for first in keys:
        for second in keys:
            expected = "read" if first < second else "refused"
            if first != second:
                assert compare_program(readers, written({first: {b"t": 1}, second: {b"t": 2}})) == expected
                assert compare_program(readers, written({b"c": {first: 1, second: 2}})) == expected
    most = (1 << 127) - 1
    for amount in (0, 1, -1, 1 << 61, 1 << 63, -(1 << 64), most, most + 1, -most - 1, -most - 2, 1 << 128, 1 << 200):
        fits = amount and -(1 << 127) <= amount < 1 << 127
        assert compare_program(readers, written({b"c": {b"t": amount}})) == ("read" if fits else "refused")
    assert compare_program(readers, written({b"c": {}})) == "refused"
    assert compare_program(readers, written({bytes(33): {b"": 1}})) == "refused"


def test_cut_and_changed(readers):
    """Every beginning, every bit flipped, and bytes after the end."""
    seen = set()
    for seed in range(12):
        data = write_program(Maker(1000 + seed).program(12))[:300]
        seen |= {compare_program(readers, data[:end]) for end in range(len(data))}
        seen |= {compare_program(readers, data + tail) for tail in (b"\x00", b"\x01", b"\x80")}
        for bit in range(len(data) * 8):
            changed = bytearray(data)
            changed[bit >> 3] ^= 128 >> (bit & 7)
            seen.add(compare_program(readers, bytes(changed)))
    assert {"read", "refused"} <= seen


def test_fillers_may_be_long(readers):
    """In a byte string any zeros may come before the first bit that is one; after a program none beyond its byte."""
    start = "00000001" + "00000000" * 2 + "0100" + "100010"
    for zeros in range(40):
        text = start + "0" * zeros + "1"
        outcome = compare_program(readers, packed(text + "00000010" + "11110000" * 2 + "00000000"))
        assert outcome == ("read" if len(text) % 8 == 0 else "refused")
        compare_program(readers, packed("00000001" + "00000000" * 2 + "0110" + "0" * zeros))


def test_deep(readers):
    """Nothing recurses, and everything that stands open has its place in memory."""
    terms = [Var(1)] * 5
    for _ in range(DEEP):
        inner = terms
        terms = [Lam(inner[0]), Apply(inner[1], Var(1)), Apply(Var(1), inner[2]), Constr(1, (inner[3],)), Case(inner[4], ())]
    for term in terms:
        assert compare_program(readers, write_program(Program((1, 1, 0), Delay(term)))) == "read"
    data = (LIST, ())
    for _ in range(DEEP):
        data = LIST, (data, ())
    program = write_program(Program((1, 0, 0), Const(Constant(DATA_TYPE, data))))
    assert compare_program(readers, program) == "read"


def test_too_little_memory():
    """A reader whose memory is full says so, whichever it is, and gives back its stack."""
    kind = list_of(array_of(list_of(INTEGER_TYPE)))
    value = linked([((), linked([1 << 70])) for _ in range(40)])
    rows = Constr(0, (Constr(1, (Var(1),)),))
    term = Apply(rows, Apply(Maker(5).term(300, True), Const(Constant(kind, value))))
    data = write_program(Program((1, 1, 0), term))
    readers = Readers()
    assert readers.program(data) == DONE
    reader = readers.reader
    room, stack, most = int(reader.top) - readers.start, 8 * int(reader.node_count) + 8, int(reader.node_count) + 16
    seen = set()
    for part in range(20):
        for which in range(3):
            readers.empty()
            reader.node_capacity = most + 2
            before = reader.stack
            if which == 0:
                reader.end = reader.top + room * part // 20 // 8 * 8
            elif which == 1:
                reader.stack_end = reader.stack + stack * part // 20 // 8 * 8
            else:
                reader.node_capacity = most * part // 20
            seen.add(readers.program_entry(readers.state, data, len(data)))
            assert reader.stack == before
    assert seen == {ROOM_FULL}


def test_claimed_lengths_take_no_memory(readers):
    """Nothing is taken for what bytes only claim."""
    for text in ("9b7fffffffffffffff", "bbffffffffffffffff", "5b0000ffffffffffff", "d8799a7fffffff"):
        claim = bytes.fromhex(text)
        bits = "".join(f"{byte:08b}" for byte in (len(claim), *claim, 0))
        data = packed("00000001" + "00000000" * 2 + "0100" + "110000" + "000001" + bits)
        assert compare_program(readers, data) == "refused"
        assert readers.reader.top - readers.start < 500


def test_units_take_memory(readers):
    """A list of units has a bit for each item; the memory that it takes is asked for."""
    units = write_program(Program((1, 0, 0), Const(Constant(list_of(UNIT_TYPE), linked([None] * 50_000)))))
    assert compare_program(readers, units) == "read"


def test_unlowered():
    """The same as Python, which is how the readers are debugged: whatever leaves its range raises."""
    readers = Readers(lowered=False)
    for seed in range(30):
        maker = Maker(9000 + seed)
        data = bytearray(write_program(maker.program(12))[:400])
        compare_program(readers, bytes(data))
        data[maker.chance.randrange(len(data))] ^= 1 << maker.chance.randrange(8)
        compare_program(readers, bytes(data))
        compare_data(readers, maker.cbor(maker.data(12))[:400])


def test_checked_build():
    """The same with every access, shift and sum checked: a trap would end the process, so a child does it."""
    from native.both_ways import child

    def work():
        readers = Readers(checked=True)
        for seed in range(150):
            maker = Maker(5000 + seed)
            data = bytearray(write_program(maker.program(20)))
            yield compare_program(readers, bytes(data))
            data[maker.chance.randrange(len(data))] ^= 1 << maker.chance.randrange(8)
            yield compare_program(readers, bytes(data))

    found, status = child(work, 60)
    assert status == 0
    assert len(found) == 300
