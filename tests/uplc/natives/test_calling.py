"""Builtins that are forced and applied step by step, and what happens where the host is asked."""

from __future__ import annotations

import random

import pytest

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives import calling, values
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, linked, list_of
from uplc.natives import generated
from uplc.natives.running import PLENTY, Native, walked
from uplc.natives.words import word_at

FAILED = values.FAILED


@pytest.fixture(scope="module")
def native():
    return Native(default_model("E"))


def builtin_atom(number, forces):
    """The word of a builtin without arguments."""
    return (values.FIRST_BUILTIN + number * 4 + forces) << 3 | values.ATOM


def forced(native, number):
    """A builtin that has been forced as often as it has to be."""
    word = builtin_atom(number, 0)
    for _ in range(BUILTINS[number].forces):
        word = native.function(calling.force_builtin, word)
    assert word == builtin_atom(number, BUILTINS[number].forces)
    return word


@pytest.mark.parametrize("builtin", BUILTINS, ids=lambda builtin: builtin.name)
def test_forces_come_first(native, builtin):
    native.reset()
    callee = builtin_atom(builtin.number, 0)
    for _ in range(builtin.forces):
        assert native.function(calling.apply_builtin, callee, values.UNIT) == FAILED
        callee = native.function(calling.force_builtin, callee)
    assert native.function(calling.force_builtin, callee) == FAILED


@pytest.mark.parametrize("builtin", BUILTINS, ids=lambda builtin: builtin.name)
def test_arguments_are_kept_in_order(native, builtin):
    native.reset()
    callee = forced(native, builtin.number)
    for place in range(builtin.arity - 1):
        before = callee
        callee = native.function(calling.apply_builtin, callee, int(values.small(place)))
        assert native.function(calling.force_builtin, callee) == FAILED
        head = word_at(callee, 0)
        assert head & 255 == values.PARTIAL
        assert head >> 8 == builtin.number | builtin.forces << 8 | place + 1 << 16
        assert [word_at(callee, 1 + i) >> 2 for i in range(place + 1)] == list(range(place + 1))
        assert place == 0 or word_at(before, 0) >> 24 == place  # what was applied is as it was
    assert (native.get("cpu"), native.get("mem")) == (PLENTY, PLENTY)


def test_the_last_argument_calls_and_charges(native):
    choice = random.Random(1)
    model = native.model
    for name in ("addInteger", "mkCons", "ifThenElse", "chooseData", "equalsData", "sliceByteString", "headList"):
        builtin = by_name(name)
        for _ in range(5):
            constants = generated.arguments(choice, builtin, "E")
            expected = walked(model, builtin.number, constants)
            native.reset()
            callee = forced(native, builtin.number)
            for constant in constants:
                callee = native.function(calling.apply_builtin, callee, native.memory.constant(constant))
            spent = PLENTY - native.get("cpu"), PLENTY - native.get("mem")
            assert (callee == FAILED) == (expected is None)
            assert expected is None or spent == expected[2:]


def test_what_is_no_builtin_is_not_applied(native):
    native.reset()
    cell = native.memory.constant(Constant(list_of(INTEGER_TYPE), linked([1])))
    for word in (values.UNIT, values.TRUE, int(values.small(5)), cell):
        assert native.function(calling.apply_builtin, word, values.UNIT) == FAILED
        assert native.function(calling.force_builtin, word) == FAILED


def test_what_has_no_native_body_is_asked_for(native):
    native.reset()
    sha = by_name("sha3_256").number
    word = native.memory.text(values.BYTES, b"abc")
    assert native.words(sha, [word]) == FAILED  # the host of these tests gives no results
    assert native.asked == [sha]


def test_what_the_host_leaves_ready_is_the_result(native):
    native.reset()

    def host(number):
        native.set("ready", values.TRUE)
        return object()

    kept, address = host, native.get("host")
    native.set("host", id(kept))
    assert native.words(by_name("sha3_256").number, [values.UNIT]) == values.TRUE

    def raising(number):
        native.set("ready", values.TRUE)
        raise RuntimeError(number)

    native.set("host", id(raising))
    assert native.words(by_name("sha3_256").number, [values.UNIT]) == FAILED
    native.set("host", address)


def test_a_full_arena(native):
    native.reset()
    native.set("arena_end", native.memory.start)
    add = builtin_atom(by_name("addInteger").number, 0)
    assert native.function(calling.apply_builtin, add, int(values.small(1))) == FAILED
    for name in ("iData", "mkNilData"):
        argument = int(values.small(1)) if name == "iData" else values.UNIT
        assert native.words(by_name(name).number, [argument]) == FAILED


def test_traces_are_kept_newest_first(native):
    native.reset()
    trace = by_name("trace").number
    first, second = (native.memory.text(values.STRING, text) for text in (b"one", b"two"))
    for text in (first, second):
        assert native.words(trace, [text, values.UNIT]) == values.UNIT
    newest = native.get("logs")
    assert [word_at(newest + values.OBJECT, 0), word_at(newest + values.OBJECT, 1) != 0] == [second, True]
    oldest = word_at(newest + values.OBJECT, 1)
    assert [word_at(oldest + values.OBJECT, place) for place in range(2)] == [first, 0]
    assert native.get("log_count") == 2
