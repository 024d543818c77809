"""The verifier: each rule refuses what breaks it, and no input makes it fail in any other way."""

from __future__ import annotations

import ctypes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machine import counted as c
from machine import tiny
from machine.programs import HEADER, program
from machine.test_ownership import owns, passes

from pagoda.machine.function import Function, Handler, Instruction, Label
from pagoda.machine.linker import Linker, TooLarge
from pagoda.machine.ops import OpTable, op
from pagoda.machine.verifier import VerifyError, verify, verify_words
from pagoda.records import changed


def check(function):
    verify(function, c.TABLE, c.MODEL, owns)


def make(*instructions, parameters=1, registers=8, constants=(), handlers=()):
    """A function of rows (op, operands...); a label among them is placed before the next."""
    f = Function("f", parameters, registers, constants=list(constants))
    for row in instructions:
        if isinstance(row, Label):
            f.place(row)
        else:
            f.emit(*row)
    f.handlers = list(handlers)
    return f


def refused(function, message, index=None):
    with pytest.raises(VerifyError, match=message) as caught:
        check(function)
    if index is not None:
        assert caught.value.index == index
    assert caught.value.function is function


GIVE = (c.give, ("T", 0))
L = Label


def test_what_is_right_passes():
    check(make(GIVE))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((c.move, 8, ("R", 0)), "dst is out of bounds: 8"),
        ((c.move, -1, ("R", 0)), "dst is out of bounds: -1"),
        ((c.move, True, ("R", 0)), "dst is out of bounds: True"),
        ((c.move, 1, ("R", 8)), "a is out of bounds"),
        ((c.move, 1, ("K", 0)), "a is out of bounds"),
        ((c.move, 1, ("I", 1 << 15)), "a is out of bounds"),
        ((c.move, 1, ("G", 0)), "one of RTKI, not 'G'"),
        ((c.move, 1, ("", 0)), "has no mode"),
        ((c.move, 1, 3), "has no mode"),
        ((c.move, 1), "takes 2 operands"),
        ((c.get, 1, ("G", 1 << 16)), "place is out of bounds"),
        ((c.put, ("K", 0), ("R", 0)), "one of RG"),
        ((c.jump, 7), "no label"),
        ((c.jump, L()), "not placed"),
        ((c.jump, L(2)), "outside the code"),
        ((c.jump, L("x")), "outside the code"),
        ((c.pack, 1, 6, 3), "beyond the 8 registers"),
        ((c.call, 1, 6, 1, 0), "beyond the 8 registers"),
        ((c.call, 1, 6, -1, 0), "count is out of bounds"),
        ((c.call, 1, 5, 0, 1 << 31), "spare is out of bounds"),
        ((c.constant_word, 1, 0, 0, 0), "a is out of bounds"),
        ((c.keep, 1, ("T", 0), ("T", 0)), "r0 is taken twice"),
        ((c.outlive, 1, ("R", 0), ("T", 0)), "given away while it is borrowed"),
        ((c.put, ("R", 0), ("T", 0)), "changed in place and given away"),
        ((tiny.loop,), "not an operation of this table"),
        ((c.move, 1, ("R", 2)), r"r2 may be undefined"),
        ((c.move, 0, ("R", 0)), "r0 is overwritten while it may own something"),
        ((c.exchange, 0, ("R", 0), ("I", 1)), "r0 is overwritten"),
        ((c.call, 1, 0, 0, 0), None),
    ],
)
def test_operands(row, message):
    f = make(row, GIVE)
    if message is None:
        refused(f, "r0 is taken, but may be undefined")
    else:
        refused(f, message, 0)


@pytest.mark.parametrize("field", ["parameters", "registers", "flags", "name", "constants", "instructions", "slot_names"])
@pytest.mark.parametrize("value", [-1, None, 1.5, "x", 1 << 70, [3], {1: 2}])
def test_nonsense_in_fields(field, value):
    f = make(GIVE)
    setattr(f, field, value)
    if (field, value) == ("flags", -1) or (field, value) == ("name", "x"):
        check(f)
        return
    with pytest.raises((VerifyError, TooLarge)):
        check(f)


def test_constants_are_the_languages():
    def picky(constant):
        raise TypeError("what is this?")

    with pytest.raises(VerifyError, match="constant 0: what is this"):
        verify(make(GIVE, constants=[object()]), c.TABLE, c.MODEL, picky)


def test_a_rule_of_the_language():
    def no_globals(function, instruction):
        return "no such global" if ("G", 9) in instruction.arguments else None

    with pytest.raises(VerifyError, match="instruction 0: no such global"):
        verify(make((c.get, 1, ("G", 9)), GIVE), c.TABLE, c.MODEL, owns, no_globals)


def test_too_large_is_said_as_such():
    with pytest.raises(TooLarge):
        check(make(GIVE, registers=5000))


def test_control():
    refused(make((c.check, ("R", 0))), "control runs off the end", 0)
    refused(make(), "no instructions")
    end = L()
    refused(make((c.jump, end), end), "outside the code")
    check(make(GIVE, (c.throw, ("I", 1))))  # what cannot be reached may own and lack whatever it likes
    check(make(GIVE, (c.move, 0, ("R", 5))))


def test_every_loop_polls():
    head = L()
    refused(make(head, (c.check, ("R", 0)), (c.jump, head)), "nothing can stop")
    head = L()
    check(make(head, (c.loop,), (c.check, ("R", 0)), (c.jump, head)))
    start, end = L(0), L(1)
    f = make((c.throw, ("R", 0)), handlers=[Handler(start, end, start, 1)])
    refused(f, "nothing can stop")  # a handler that guards itself is a loop


def test_ownership():
    refused(make((c.box, 1, ("R", 0)), GIVE), "r1 may own something when the frame ends", 1)
    refused(make((c.give, ("R", 0))), "r0 may own something")
    refused(make((c.move, 1, ("T", 0)), GIVE), "r0 is taken, but may be undefined or taken before", 1)
    check(make((c.number, 1, ("R", 0)), GIVE))  # a scalar owns nothing
    check(make((c.move, 1, ("I", 5)), GIVE))
    check(make((c.move, 1, ("K", 0)), GIVE, constants=[("int", 3)]))
    refused(make((c.move, 1, ("K", 0)), GIVE, constants=[("box", 3)]), "r1 may own something")


def test_joins():
    done = L()
    rows = [(c.jump_less, ("R", 0), ("I", 3), done), (c.move, 1, ("I", 1)), (c.drop, ("T", 0)), (c.move, 0, ("I", 0)), done]
    refused(make(*rows, (c.drop, ("T", 0)), (c.give, ("T", 1))), "r1 is taken, but may be undefined")
    check(make(*rows, GIVE))


def test_windows():
    call = (c.call, 1, 2, 1, 0)
    fill = [(c.move, 2, ("K", 0)), (c.move, 2 + HEADER, ("T", 0))]
    constants = [("function", 0)]
    check(make(*fill, call, (c.give, ("T", 1)), constants=constants))
    refused(make(*fill, call, (c.give, ("T", 2)), constants=constants), "r2 is taken, but may be undefined")
    refused(make(fill[0], call, GIVE, constants=constants), "r4 is|r4 may be undefined")
    refused(make(fill[1], call, GIVE, constants=constants), "r2 may be undefined")
    refused(make((c.box, 3, ("I", 1)), *fill, call, GIVE, constants=constants), "callee's frame would lie over r3")
    refused(make((c.box, 6, ("I", 1)), *fill, call, GIVE, constants=constants), "callee's frame would lie over r6")
    f = make((c.box, 2, ("I", 1)), fill[1], (c.call_global, 1, 2, 1, ("G", 0), 0), GIVE)
    refused(f, "callee's frame would lie over r2")  # this call puts the callee there itself
    check(make(fill[1], (c.call_global, 1, 2, 1, ("G", 0), 0), (c.give, ("T", 1))))


def handled(*handlers):
    rows = [(c.check, ("R", 0))] * 6
    made = [Handler(L(a), L(b), L(6), 1) for a, b in handlers]
    return make(*rows, (c.drop, ("T", 1)), GIVE, handlers=made)


def test_handlers():
    check(handled((0, 6)))
    check(handled((1, 2), (3, 5), (0, 6)))
    check(handled((1, 3), (1, 3)))
    refused(handled((0, 6), (1, 2)), "handler 1 stands after handler 0")
    refused(handled((0, 3), (2, 5)), "overlap")
    refused(handled((3, 3)), "guards nothing")
    refused(handled((4, 3)), "guards nothing")
    refused(handled((0, 9)), "outside the code")
    f = handled((0, 6))
    f.handlers[0].register = 8
    refused(f, "no register 8")
    f.handlers = [3]
    refused(f, "no handler")


def test_a_handler_reads_what_was_there_before():
    start, end, target = L(0), L(2), L(4)
    f = make(
        (c.box, 1, ("I", 1)), (c.check, ("R", 0)), (c.drop, ("T", 1)), GIVE,
        (c.drop, ("T", 2)), (c.drop, ("T", 0)), (c.give, ("T", 1)),
        handlers=[Handler(start, end, target, 2)],
    )  # fmt: skip
    refused(f, "r1 is taken, but may be undefined", 6)


def test_a_language_without_handlers():
    model = changed(c.MODEL, catch=None)
    with pytest.raises(VerifyError, match="no handlers"):
        verify(handled((0, 6)), c.TABLE, model, owns)


def test_definitions_are_checked():
    @op(calls=True)
    def late(place: c.Global, window: c.Args, count: c.ArgCount) -> c.Value:
        return c.Value(c.INT, 0)

    @op
    def lost(target: c.To) -> c.Value:
        return c.Value(c.INT, target)

    @op(drops=True)
    def two(a: c.Register, b: c.Register) -> None:
        return

    with pytest.raises(TypeError, match="destination, window and count first"):
        late.check()
    with pytest.raises(TypeError, match="a branch has one target"):
        lost.check()
    with pytest.raises(TypeError, match="what drops takes one operand"):
        OpTable([two])


# ---------------------------------------------------------------- any input

number = st.integers(-2, 12) | st.integers()
argument = st.one_of(
    number, st.tuples(st.sampled_from("RTKIGX"), number), st.builds(L, st.integers(-2, 8)), st.none(), st.text(max_size=2)
)
operations = st.sampled_from([*c.TABLE.ops.values(), tiny.add, None])
instruction = st.builds(lambda o, a: Instruction(o, a, (0, 0)), operations, st.lists(argument, max_size=5))
handler = st.builds(Handler, *[st.builds(L, st.integers(-1, 8))] * 3, st.integers(-1, 12))
functions = st.builds(
    Function, st.text(max_size=2), st.integers(-1, 12), st.integers(-1, 12), st.lists(instruction, max_size=8),
    st.lists(st.tuples(st.just("int"), st.integers()), max_size=3), st.lists(handler, max_size=3),
)  # fmt: skip
many = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(functions)
def test_random_functions(function):
    try:
        check(function)
    except (VerifyError, TooLarge):
        return
    link(function)


def link(function):
    """What was verified links, except as too large."""
    shell = changed(function, constants=[(0, 0)] * len(function.constants))
    try:
        return Linker(c.MODEL, c.TABLE).link(shell)
    except TooLarge:
        return None


def fields_of(op, data):
    """Operands that are nearly right, so that the deeper rules get their turn."""
    made = [data.draw(st.integers(0, 5))] if op.has_destination else []
    for p in op.parameters:
        kind = type(p.kind).__name__
        if kind in ("Operand", "Place"):
            made.append((data.draw(st.sampled_from(p.kind.modes)), data.draw(st.integers(0, 2))))
        elif kind == "Target":
            made.append(L(data.draw(st.integers(0, 5))))
        elif p.encoded:
            made.append(data.draw(st.integers(0, 2)))
    return made


@many
@given(st.data())
def test_nearly_right_functions(data):
    f = Function("f", 2, 8, constants=[("int", 1), ("box", 2), ("function", 0)])
    for operation in data.draw(st.lists(st.sampled_from(list(c.TABLE.ops.values())), max_size=6)):
        f.emit(operation, *fields_of(operation, data))
    f.emit(c.give, ("T", 0))
    f.handlers = data.draw(st.lists(st.builds(Handler, *[st.builds(L, st.integers(0, 6))] * 3, st.integers(0, 7)), max_size=2))
    try:
        check(f)
    except VerifyError:
        return
    assert link(f) is not None


@many
@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=12), st.lists(st.integers(-2, 20), max_size=9))
def test_random_words(words, rows):
    shell = Function("f", 1, 8)
    with pytest.raises((VerifyError, TooLarge)):
        verify_words([(w & ~0xFFFF) | (w & 63) for w in words], rows, shell, c.TABLE, c.MODEL, owns)


@many
@given(st.lists(st.integers(0, 255), max_size=60), st.data())
def test_damaged_words(stream, data):
    f = program(stream)[0]
    passes(f)
    linked = link(f)
    words = list(linked.words)
    rows = list(linked.handlers)[: 4 * len(f.handlers)]
    assert verify_words(words, rows, f, c.TABLE, c.MODEL, owns).instructions
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = ctypes.c_int64(words[at] ^ (1 << data.draw(st.integers(0, 63)))).value
    try:
        again = verify_words(words, rows, f, c.TABLE, c.MODEL, owns)
    except (VerifyError, TooLarge):
        return
    assert list(link(again).words) == words  # an accepted encoding is the only one of its function
