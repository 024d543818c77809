"""Arguments for builtins by a generator of pseudo-random numbers: mostly of the right kinds, often edges, seldom wrong."""

from __future__ import annotations

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
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
)

EDGES = [
    edge + step
    for power in (0, 8, 31, 32, 61, 62, 63, 64, 65, 124, 127, 128, 192)
    for edge in (1 << power, -(1 << power))
    for step in (-1, 0, 1)
]
SIMPLE = (INTEGER_TYPE, BYTESTRING_TYPE, STRING_TYPE, UNIT_TYPE, BOOL_TYPE, DATA_TYPE)
SOME_TEXTS = ("", "a", "Grüße", "€uro", "𝄞 clef", "\0", "the quick brown fox " * 3)


def integer(random):
    chance = random.random()
    if chance < 0.35:
        return random.randint(-20, 300)
    if chance < 0.7:
        return random.choice(EDGES)
    return random.randint(-1, 1) * random.getrandbits(random.choice((20, 60, 64, 90, 200, 400))) + random.randint(0, 1)


def octets(random):
    if random.random() < 0.02:
        return bytes([random.randrange(256)]) * random.choice((4096, 65536, 65537, 70000))
    if random.random() < 0.2:
        return random.choice(SOME_TEXTS).encode()
    content = bytes(random.choice((0, 1, 97, 98, 128, 255)) for _ in range(random.choice((0, 1, 3, 7, 8, 9, 16, 33))))
    return content + bytes([random.randrange(256)]) if random.random() < 0.5 else content


def text(random):
    return "".join(random.choice(SOME_TEXTS) for _ in range(random.randrange(3)))


def data(random, depth=3):
    kind = random.randrange(5) if depth else random.choice((INTEGER, BYTES))
    if kind == INTEGER:
        return INTEGER, integer(random)
    if kind == BYTES:
        return BYTES, octets(random)
    items = [data(random, depth - 1) for _ in range(random.randrange(4))]
    if kind == LIST:
        return LIST, linked(items)
    if kind == MAP:
        return MAP, linked((item, data(random, 0)) for item in items)
    return CONSTR, random.choice((0, 1, 7, 200, (1 << 64) - 1, 1 << 70)), linked(items)


def altered(random, value):
    """Data that is nearly the same, or the same again in other memory."""
    kind = value[0]
    if random.random() < 0.2:
        return data(random)
    if kind >= INTEGER:
        return (kind, value[1]) if random.random() < 0.7 else (kind, value[1] * 2)
    items, rest = [], value[-1]
    while rest:
        item, rest = rest
        items.append((altered(random, item[0]), item[1]) if kind == MAP else altered(random, item))
    if items and random.random() < 0.1:
        items.pop()
    return *value[:-1], linked(items)


def type_(random, depth=2):
    chance = random.random()
    if not depth or chance < 0.5:
        return random.choice(SIMPLE)
    if chance < 0.7:
        return list_of(type_(random, depth - 1))
    if chance < 0.8:
        return array_of(type_(random, depth - 1))
    return pair_of(type_(random, depth - 1), type_(random, depth - 1))


def value(random, kind):
    """A value of a type."""
    if kind is INTEGER_TYPE:
        return integer(random)
    if kind is BYTESTRING_TYPE:
        return octets(random)
    if kind is STRING_TYPE:
        return text(random)
    if kind is UNIT_TYPE:
        return None
    if kind is BOOL_TYPE:
        return random.random() < 0.5
    if kind is DATA_TYPE:
        return data(random)
    if kind.name == "pair":
        return tuple(value(random, part) for part in kind.parts)
    items = [value(random, kind.parts[0]) for _ in range(random.randrange(4))]
    return linked(items) if kind.name == "list" else tuple(items)


def constant(random, kind):
    return Constant(kind, value(random, kind))


def argument(random, kind):
    """A constant for a kind of argument; one in twenty is of any type."""
    if random.random() < 0.05 or kind.family in ("any", "constant"):
        return constant(random, type_(random))
    if kind.type is not None:
        if kind.measure in ("one", "magnitude", "words of bytes") and kind.type is INTEGER_TYPE and random.random() < 0.7:
            return Constant(INTEGER_TYPE, random.randint(-2, random.choice((3, 40))))
        return constant(random, kind.type)
    inner = type_(random, 1)
    made = {"list": list_of(inner), "array": array_of(inner), "pair": pair_of(inner, type_(random, 1))}
    return constant(random, made[kind.family])


def arguments(random, builtin, variant):
    """Constants for all arguments of a builtin."""
    made = [argument(random, kind) for kind in builtin.signature(variant)]
    if builtin.name == "mkCons" and made[1].type.name == "list" and random.random() < 0.8:
        made[0] = constant(random, made[1].type.parts[0])
    if builtin.name in ("indexArray", "indexByteString", "readBit") and random.random() < 0.5:
        made[1] = Constant(INTEGER_TYPE, random.randrange(3))
    if len(made) == 2 and made[0].type is made[1].type and random.random() < 0.5:
        if made[0].type is DATA_TYPE:
            made[1] = Constant(DATA_TYPE, altered(random, made[0].value))
        elif random.random() < 0.5:
            made[1] = Constant(made[0].type, made[0].value)
    return made
