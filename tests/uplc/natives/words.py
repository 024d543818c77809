"""Constants as words in memory and back, the plain way: small values, by recursion."""

from __future__ import annotations

import ctypes

from pagoda.languages.uplc.natives import values
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
    unlinked,
)

_TAGS = {
    INTEGER_TYPE: values.T_INTEGER, BYTESTRING_TYPE: values.T_BYTESTRING, STRING_TYPE: values.T_STRING,
    UNIT_TYPE: values.T_UNIT, BOOL_TYPE: values.T_BOOL, DATA_TYPE: values.T_DATA, VALUE_TYPE: values.T_VALUE,
}  # fmt: skip
_SIMPLE = {tag: kind for kind, tag in _TAGS.items()}
_COMPOUND = {"list": values.T_LIST, "pair": values.T_PAIR, "array": values.T_ARRAY}


def tags_of(kind):
    """The tags of a type in prefix order."""
    return [_COMPOUND[kind.name] if kind.parts else _TAGS[kind], *(tag for part in kind.parts for tag in tags_of(part))]


def code_of(kind):
    """The code of a type."""
    return sum(tag << 4 * place for place, tag in enumerate(tags_of(kind)))


def type_of(code):
    """The type of a code."""

    def read():
        nonlocal code
        tag, code = code & 15, code >> 4
        if tag == values.T_LIST:
            return list_of(read())
        if tag == values.T_ARRAY:
            return array_of(read())
        if tag == values.T_PAIR:
            first = read()
            return pair_of(first, read())
        return _SIMPLE[tag]

    return read()


class Memory:
    """A block of memory that constants are written into from ``top`` on."""

    def __init__(self, size):
        self.block = ctypes.create_string_buffer(size)
        self.start = self.top = ctypes.addressof(self.block) + 7 & ~7
        self.end = self.start + (size - 8 & ~7)

    def put(self, *words):
        at = self.top
        assert at + 8 * len(words) <= self.end
        for place, word in enumerate(words):
            ctypes.c_uint64.from_address(at + 8 * place).value = word & (1 << 64) - 1
        self.top += 8 * len(words)
        return at + values.OBJECT

    def text(self, kind, content):
        made = self.put(kind, len(content), self.top + 24)
        ctypes.memmove(self.top, content, len(content))
        self.top += len(content) + 7 & ~7
        return made

    def integer(self, number):
        if values.LEAST_SMALL <= number <= values.MOST_SMALL:
            return values.small(number)
        magnitude = abs(number)
        limbs = [magnitude >> shift & (1 << 64) - 1 for shift in range(0, magnitude.bit_length(), 64)]
        return self.put(values.BIG | (256 if number < 0 else 0), len(limbs), *limbs)

    def constant(self, constant):
        """The word of a constant."""
        return self.value(constant.type, constant.value)

    def value(self, kind, value):
        if kind is INTEGER_TYPE:
            return self.integer(value)
        if kind is BYTESTRING_TYPE:
            return self.text(values.BYTES, value)
        if kind is STRING_TYPE:
            return self.text(values.STRING, value.encode())
        if kind is UNIT_TYPE:
            return values.UNIT
        if kind is BOOL_TYPE:
            return values.TRUE if value else values.FALSE
        if kind is DATA_TYPE:
            return self.data(value)
        if kind.name == "list":
            return self.list(kind.parts[0], value)
        if kind.name == "pair":
            parts = [self.value(*part) for part in zip(kind.parts, value, strict=True)]
            return self.put(values.PAIR | code_of(kind) << 8, *parts)
        if kind.name == "array":
            items = [self.value(kind.parts[0], item) for item in value]
            return self.put(values.ARRAY | code_of(kind.parts[0]) << 8, len(items), *items)
        raise AssertionError(kind)

    def list(self, kind, value):
        items = [self.value(kind, item) for item in unlinked(value)]
        made = self.put(values.NIL | code_of(kind) << 8)
        for item in reversed(items):
            made = self.put(values.CONS | code_of(kind) << 8, item, made)
        return made

    def data(self, value):
        match value:
            case (0, tag, fields):
                return self.put(values.DATA_CONSTR, self.integer(tag), self.list(DATA_TYPE, fields))
            case (1, pairs):
                return self.put(values.DATA_MAP, self.list(pair_of(DATA_TYPE, DATA_TYPE), pairs))
            case (2, items):
                return self.put(values.DATA_LIST, self.list(DATA_TYPE, items))
            case (3, number):
                return self.put(values.DATA_I, self.integer(number))
        return self.put(values.DATA_B, self.text(values.BYTES, value[1]))


def word_at(word, place):
    """A word of an object."""
    return ctypes.c_int64.from_address(word - values.OBJECT + 8 * place).value


def constant_of(word):
    """The constant that a word is; ``None`` for what is none. Checks that integers are normal."""
    if word & 3 == 1:
        return Constant(INTEGER_TYPE, word >> 2)
    if word & 7 != values.OBJECT:
        atoms = {values.UNIT: (UNIT_TYPE, None), values.TRUE: (BOOL_TYPE, True), values.FALSE: (BOOL_TYPE, False)}
        return Constant(*atoms[word]) if word in atoms else None
    head = word_at(word, 0)
    kind, inner = head & 255, head >> 8
    if kind == values.BIG:
        count = word_at(word, 1)
        assert word_at(word, 1 + count) != 0
        magnitude = sum((word_at(word, 2 + place) & (1 << 64) - 1) << 64 * place for place in range(count))
        number = -magnitude if inner else magnitude
        assert not values.LEAST_SMALL <= number <= values.MOST_SMALL
        return Constant(INTEGER_TYPE, number)
    if kind in (values.BYTES, values.STRING):
        content = ctypes.string_at(word_at(word, 2), word_at(word, 1))
        return Constant(STRING_TYPE, content.decode()) if kind == values.STRING else Constant(BYTESTRING_TYPE, content)
    if kind in (values.NIL, values.CONS):
        items = []
        while word_at(word, 0) & 255 == values.CONS:
            assert word_at(word, 0) >> 8 == inner
            items.append(constant_of(word_at(word, 1)))
            word = word_at(word, 2)
        assert word_at(word, 0) == values.NIL | inner << 8
        assert all(item.type is type_of(inner) for item in items)
        return Constant(list_of(type_of(inner)), linked(item.value for item in items))
    if kind == values.PAIR:
        parts = [constant_of(word_at(word, place)) for place in (1, 2)]
        assert tuple(part.type for part in parts) == type_of(inner).parts
        return Constant(type_of(inner), tuple(part.value for part in parts))
    if kind == values.ARRAY:
        items = [constant_of(word_at(word, 2 + place)) for place in range(word_at(word, 1))]
        assert all(item.type is type_of(inner) for item in items)
        return Constant(array_of(type_of(inner)), tuple(item.value for item in items))
    content = constant_of(word_at(word, 1)).value
    if kind == values.DATA_CONSTR:
        return Constant(DATA_TYPE, (CONSTR, content, constant_of(word_at(word, 2)).value))
    kinds = {values.DATA_MAP: MAP, values.DATA_LIST: LIST, values.DATA_I: INTEGER, values.DATA_B: BYTES}
    return Constant(DATA_TYPE, (kinds[kind], content))
