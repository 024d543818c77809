"""The native readers as a test calls them, and what they made compared with what the Python readers made.

Comparing walks both at once, without recursion: every node, every link, every word, headers included.
"""

from __future__ import annotations

import ctypes
import functools

from pagoda.languages.uplc.compile.build import DONE, LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives import values
from pagoda.languages.uplc.read import data, flat, nodes
from pagoda.languages.uplc.read.limits import accept
from pagoda.languages.uplc.read.nodes import Node
from pagoda.languages.uplc.read.reader import Reader
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    list_of,
    pair_of,
)
from pagoda.native import types
from pagoda.native.image import build_image
from pagoda.native.unit import Unit

MODULES = ("reader", "integers", "bytestrings", "type_codes", "amounts", "cbor", "data", "constants", "links", "flat")
MOST_MEMORY = 1 << 30


@functools.cache
def image(checked: bool = False):
    """The machine code of the readers."""
    units = [Unit.of_module(f"pagoda.languages.uplc.read.{name}", checked=checked) for name in MODULES]
    return build_image(units)[0]


class Readers:
    """The native readers with memory of their own, which grows while it is too little."""

    def __init__(self, size: int = 1 << 16, checked: bool = False, lowered: bool = True) -> None:
        functions = (flat.read_program, data.read_data)
        if lowered:
            found = image(checked)
            kinds = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64]
            entries = [ctypes.PYFUNCTYPE(ctypes.c_int64, *kinds)(found[function.symbol]) for function in functions]
        else:
            entries = [functools.partial(self.unlowered, function) for function in functions]
        self.program_entry, self.data_entry = entries
        self.state = (ctypes.c_int64 * (types.layout_of(Reader).size // 8))()
        self.reader = Reader(ctypes.addressof(self.state))
        self.accepted = None
        accept(self.reader, None)
        self.make_memory(size)

    def unlowered(self, function, state, data: bytes, length: int) -> int:
        """Calls a reader as Python, over the same memory."""
        given = ctypes.create_string_buffer(data)
        return function(self.reader, types.make_pointer(types.U8, ctypes.addressof(given)), types.i64(length))

    def make_memory(self, size: int) -> None:
        """Takes so many bytes for each of the room, the stack and the nodes."""
        self.size = size
        self.memory = (ctypes.c_int64 * (3 * size // 8))()
        self.start = ctypes.addressof(self.memory)
        self.words = memoryview(self.memory).cast("B").cast("q")
        self.node_at = 2 * size // 8
        reader = self.reader
        reader.nodes = types.make_pointer(types.resolve_type(Node), self.start + 2 * size)
        reader.node_capacity = size // 16
        self.empty()

    def empty(self) -> None:
        """Gives the memory back."""
        reader, size = self.reader, self.size
        reader.top, reader.end = self.start, self.start + size
        reader.stack, reader.stack_end = self.start + size, self.start + 2 * size

    def program(self, data: bytes, bounds=None) -> int:
        """Reads a program; gives the status."""
        if bounds is not self.accepted:
            accept(self.reader, bounds)
            self.accepted = bounds
        return self._read(lambda: self.program_entry(self.state, data, len(data)))

    def data(self, data: bytes) -> int:
        """Reads data; gives the status."""

        def call() -> int:
            word = self.data_entry(self.state, data, len(data))
            assert (word != values.FAILED) == (self.reader.status == DONE)
            return self.reader.status

        return self._read(call)

    def _read(self, call) -> int:
        while True:
            self.empty()
            status = call()
            assert status == self.reader.status
            if status != ROOM_FULL or self.size >= MOST_MEMORY:
                return status
            self.make_memory(self.size * 2)

    # ------------------------------------------------------------ what was made

    def check_program(self, program: Program) -> None:
        """That the nodes are those of a program, and linked."""
        reader, words, first = self.reader, self.words, self.node_at
        assert (reader.major, reader.minor, reader.patch) == program.version
        at = 0
        rest = [program.term]
        while rest:
            term = rest.pop()
            if type(term) is int:  # a node whose subtree ends here
                assert words[first + 2 * term + 1] == at, (term, words[first + 2 * term + 1], at)
                continue
            head, word = words[first + 2 * at], words[first + 2 * at + 1]
            kind = type(term)
            number = 0
            rest.append(at)
            at += 1
            if kind is Apply:
                rest += (term.argument, term.function)
            elif kind is Var:
                number = term.index
            elif kind is Lam or kind is Force or kind is Delay:
                rest.append(term.body)
            elif kind is Const:
                rest.pop()
                self.check_constant(term.constant, word)
            elif kind is Builtin:
                number = term.number
            elif kind is Constr:
                assert words[first + 2 * at + 1] & (1 << 64) - 1 == term.tag
                at += 1
                number = len(term.fields)
                rest += reversed(term.fields)
            elif kind is Case:
                number = len(term.branches)
                rest += reversed(term.branches)
                rest.append(term.scrutinee)
            else:
                assert kind is Error
            assert head == KINDS[kind] | number << 8, (kind, head)
        assert at == reader.node_count

    def check_constant(self, constant, word: int) -> None:
        """That a word is a constant."""
        rest = [(constant.type, constant.value, word)]
        while rest:
            kind, value, word = rest.pop()
            if kind is INTEGER_TYPE:
                self.check_integer(value, word)
            elif kind is BYTESTRING_TYPE:
                self.check_bytes(values.BYTES, value, word)
            elif kind is DATA_TYPE:
                self.check_data(value, word)
            elif kind is STRING_TYPE:
                self.check_bytes(values.STRING, value.encode("utf-8"), word)
            elif kind is UNIT_TYPE:
                assert word == values.UNIT
            elif kind is BOOL_TYPE:
                assert word == (values.TRUE if value else values.FALSE)
            elif kind is VALUE_TYPE:
                header, word = self.object(word, 2)
                assert header == values.VALUE
                rest.append((list_of(CURRENCY), linked_tokens(value), word))
            elif kind.name == "pair":
                header, first, second = self.object(word, 3)
                assert header == values.PAIR | code_of(kind) << 8
                rest.append((kind.parts[0], value[0], first))
                rest.append((kind.parts[1], value[1], second))
            elif kind.name == "array":
                header, length = self.object(word, 2)
                assert header == values.ARRAY | code_of(kind.parts[0]) << 8
                assert length == len(value)
                words = self.object(word, 2 + length)
                rest += [(kind.parts[0], item, words[2 + i]) for i, item in enumerate(value)]
            else:
                rest += [(kind.parts[0], item, at) for item, at in self.items(value, word, code_of(kind.parts[0]))]

    def check_data(self, data, word: int) -> None:
        """That a word is data."""
        rest = [(data, word)]
        while rest:
            data, word = rest.pop()
            kind = data[0]
            if kind == CONSTR:
                header, tag, word = self.object(word, 3)
                assert header == values.DATA_CONSTR
                self.check_integer(data[1], tag)
                rest += self.items(data[2], word, values.T_DATA)
                continue
            header, word = self.object(word, 2)
            assert header == DATA_KINDS[kind]
            if kind == INTEGER:
                self.check_integer(data[1], word)
            elif kind == BYTES:
                self.check_bytes(values.BYTES, data[1], word)
            elif kind == MAP:
                for (key, meaning), pair in self.items(data[1], word, values.T_PAIR_DATA):
                    header, first, second = self.object(pair, 3)
                    assert header == values.PAIR | values.T_PAIR_DATA << 8
                    rest += ((key, first), (meaning, second))
            else:
                rest += self.items(data[1], word, values.T_DATA)

    def items(self, linked, word: int, code: int):
        """The items of two lists that must have the same length."""
        found = []
        while linked:
            item, linked = linked
            header, head, tail = self.object(word, 3)
            assert header == values.CONS | code << 8
            found.append((item, head))
            word = tail
        assert self.object(word, 1)[0] == values.NIL | code << 8
        return found

    def check_integer(self, number: int, word: int) -> None:
        if word & 3 == 1:
            assert word >> 2 == number
            return
        header, count = self.object(word, 2)
        assert header == (values.BIG | 256 if number < 0 else values.BIG)
        limbs = self.object(word, 2 + count)[2:]
        magnitude = int.from_bytes(limbs.tobytes(), "little")
        assert limbs[count - 1] != 0
        assert abs(number) == magnitude
        assert not values.LEAST_SMALL <= number <= values.MOST_SMALL

    def check_bytes(self, kind: int, data: bytes, word: int) -> None:
        header, length, start = self.object(word, 3)
        assert header == kind
        assert length == len(data)
        assert self.start <= start <= start + length <= self.reader.top
        assert ctypes.string_at(start, length) == data

    def object(self, word: int, count: int):
        """The first words of an object, which must lie in the room that was taken."""
        assert word & 7 == values.OBJECT
        at = word - values.OBJECT - self.start
        assert at >= 0
        assert at + 8 * count <= self.reader.top - self.start
        return self.words[at >> 3 : (at >> 3) + count]


KINDS = {
    Var: nodes.VAR, Delay: nodes.DELAY, Lam: nodes.LAM, Apply: nodes.APPLY, Const: nodes.CONST, Force: nodes.FORCE,
    Error: nodes.ERROR, Builtin: nodes.BUILTIN, Constr: nodes.CONSTR, Case: nodes.CASE,
}  # fmt: skip
DATA_KINDS = (values.DATA_CONSTR, values.DATA_MAP, values.DATA_LIST, values.DATA_I, values.DATA_B)
TOKEN = pair_of(BYTESTRING_TYPE, INTEGER_TYPE)
CURRENCY = pair_of(BYTESTRING_TYPE, list_of(TOKEN))
TYPE_TAGS = {
    "integer": values.T_INTEGER, "bytestring": values.T_BYTESTRING, "string": values.T_STRING, "unit": values.T_UNIT,
    "bool": values.T_BOOL, "list": values.T_LIST, "pair": values.T_PAIR, "data": values.T_DATA, "array": values.T_ARRAY,
    "value": values.T_VALUE, "bls12_381_G1_element": values.T_G1, "bls12_381_G2_element": values.T_G2,
    "bls12_381_mlresult": values.T_ML,
}  # fmt: skip


def linked_tokens(value):
    """A value as the list of pairs that its object has."""
    made = ()
    for currency, tokens in reversed(value.items()):
        inner = ()
        for token in reversed(tokens.items()):
            inner = (token, inner)
        made = ((currency, inner), made)
    return made


def type_tags(kind) -> list[int]:
    """The tags of a type's nodes in prefix order."""
    tags = []
    rest = [kind]
    while rest:
        kind = rest.pop()
        tags.append(TYPE_TAGS[kind.name])
        rest += reversed(kind.parts)
    return tags


@functools.lru_cache(maxsize=1000)
def code_of(kind) -> int:
    """The code of a type."""
    return sum(tag << 4 * place for place, tag in enumerate(type_tags(kind)))


def is_representable(program: Program) -> bool:
    """Whether a program must be read natively: no type without a code, no index or version beyond what a word holds."""
    if max(program.version) >= 1 << 63:
        return False
    rest = [program.term]
    while rest:
        term = rest.pop()
        kind = type(term)
        if kind is Apply:
            rest += (term.argument, term.function)
        elif kind is Lam or kind is Force or kind is Delay:
            rest.append(term.body)
        elif kind is Var:
            if term.index >= 1 << 55:
                return False
        elif kind is Const:
            if len(type_tags(term.constant.type)) > values.MOST_TYPE_NODES:
                return False
        elif kind is Constr:
            rest += term.fields
        elif kind is Case:
            rest += (term.scrutinee, *term.branches)
    return True


def compare_program(readers: Readers, data: bytes, bounds=None) -> str:
    """Reads bytes as a program both ways, asserts that they agree, and says what they were."""
    from pagoda.languages.uplc.encoding.errors import MalformedScript
    from pagoda.languages.uplc.encoding.flat import read_program

    status = readers.program(data, bounds)
    try:
        program = read_program(data, bounds)
    except MalformedScript:
        assert status == LEFT_TO_WALK, "what is malformed was read"
        return "refused"
    if status == LEFT_TO_WALK:
        assert not is_representable(program), "what can be read was not read"
        return "left"
    assert status == DONE, status
    readers.check_program(program)
    return "read"


def compare_data(readers: Readers, data: bytes) -> str:
    """The same for bytes as data."""
    from pagoda.languages.uplc.encoding.data_cbor import read_data
    from pagoda.languages.uplc.encoding.errors import MalformedScript

    status = readers.data(data)
    try:
        expected = read_data(data)
    except MalformedScript:
        assert status == LEFT_TO_WALK, "what is malformed was read"
        return "refused"
    assert status == DONE, status
    readers.check_data(expected, readers.reader.word)
    return "read"
