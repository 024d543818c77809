"""Text and functions: round trips, errors with places, and damaged text that must never do worse than an error."""

from __future__ import annotations

import math
import re
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machine import counted as c
from machine.programs import program
from machine.test_ownership import Run, passes

from pagoda.machine.assembler import AssemblyError, LiteralCodec, assemble, same_function
from pagoda.machine.context import OK, SUSPEND
from pagoda.machine.disassembler import disassemble
from pagoda.machine.function import Function, Handler, Label
from pagoda.machine.linker import TooLarge
from pagoda.machine.source import Source
from pagoda.machine.verifier import VerifyError, verify

many = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))


def sample():
    f = Function("half; or 'so'", 1, 9, span=(0, 60), flags=3)
    f.constants = [3.5, "a;b\n\u2028'\"", None, (1, "x", -0.0), math.inf, 1 << 80, b"\0"]
    f.slot_names = {0: "n", 1: "total"}
    start, end, target = Label(), Label(), Label()
    f.place(start)
    f.emit(c.add, 1, ("R", 0), ("K", 0), span=(10, 15))
    f.emit(c.get, 2, ("G", 7), span=(20, 25))
    f.emit(c.put, ("R", 2), ("I", -5))
    f.emit(c.put, ("G", 3), ("T", 2))
    f.emit(c.constant_word, 2, 1, -3, 100_000)
    f.place(end)
    f.emit(c.jump_less, ("R", 0), ("R", 1), target)
    f.emit(c.move, 4, ("K", 2))
    f.emit(c.call, 3, 4, 0, 0)
    f.place(target)
    f.emit(c.give, ("T", 0))
    f.handlers.append(Handler(start, end, target, 5))
    return f


TEXT = """\
function "half; or 'so'" parameters 1 registers 9 flags 3 @0-60
const k0 = 3.5
const k1 = 'a;b\\n\\u2028\\'"'
const k2 = None
const k3 = (1, 'x', -0.0)
const k4 = inf
const k5 = 1208925819614629174706176
const k6 = b'\\x00'
name r0 'n'
name r1 'total'
handler L0 to L1 -> L2 in r5

L0:
;    2 |   b = n + 3.5
   0  add.rk         r1, r0, k0 @10-15             ; r1 is total, r0 is n, k0 = 3.5
;    3 |   c = g
   1  get.g          r2, &g7 @20-25
   2  put.ri         &r2, #-5
   3  put.gt         &g3, take r2
   4  constant_word  r2, k1, #-3, #100000          ; k1 = 'a;b\\n\\u2028\\'"'
L1:
   5  jump_less.rr   r0, r1, -> L2                 ; r0 is n, r1 is total
   6  move.k         r4, k2                        ; k2 = None
   7  call           r3, window r4, count 0, #0
L2:
   8  give.t         take r0                       ; r0 is n
"""


def test_the_text_of_a_function():
    source = Source("s", "f(n)\n  b = n + 3.5\n  c = g\n")
    assert disassemble(sample(), c.TABLE, source) == TEXT


def test_round_trip():
    again = assemble(TEXT, c.TABLE)
    assert same_function(again, sample())
    assert disassemble(again, c.TABLE) == disassemble(sample(), c.TABLE)
    changed = sample()
    changed.constants[3] = (1, "x", 0.0)
    assert not same_function(again, changed)


def test_a_codec_for_other_constants():
    class Codec:
        values: ClassVar = {"<thing>": object()}

        def show(self, constant):
            return "<thing>" if constant is self.values["<thing>"] else LiteralCodec().show(constant)

        def read(self, text):
            return self.values[text] if text in self.values else LiteralCodec().read(text)

    f = Function("f", 0, 1, constants=[Codec.values["<thing>"], 7])
    f.emit(c.give, ("K", 0))
    text = disassemble(f, c.TABLE, codec=Codec())
    assert same_function(assemble(text, c.TABLE, Codec()), f)
    with pytest.raises(AssemblyError, match="no literal"):
        assemble(text, c.TABLE)
    assert "<object" in disassemble(f, c.TABLE)  # for people it is always shown


def test_people_write_less():
    f = assemble("function 'f' parameters 1 registers 1\n  give.t take  r0 ; done", c.TABLE)
    assert f.instructions[0].arguments == [("T", 0)]


HEAD = "function 'f' parameters 1 registers 4\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "there is no function"),
        ("func", 1, 1, "begins with"),
        ("function 'f parameters 1 registers 1", 1, 1, "begins with"),
        ("function '\\x' parameters 1 registers 1", 1, 10, "no text"),
        (HEAD + "  giv.t take r0", 2, 3, "no operation giv.t; is it give.t"),
        (HEAD + "give.t r0", 2, 1, "those of give.r, not of give.t"),
        (HEAD + "give.t take r0, r1", 2, 1, r"takes 1 operands \(a\), not 2"),
        (HEAD + "loop r1", 2, 1, "takes 0 operands"),
        (HEAD + "move.i r1, #x", 2, 12, "a is one of: r3, take r3, k0, #5"),
        (HEAD + "move.i r1,   g3", 2, 14, "a is one of"),
        (HEAD + "put.ri r1, #0", 2, 8, "place is one of: &r3, &g7"),
        (HEAD + "get.g 5, &g0", 2, 7, "dst is a register"),
        (HEAD + "jump L1", 2, 6, "target is a target"),
        (HEAD + "jump -> L1", 2, 9, "label L1 is nowhere"),
        (HEAD + "L1:\nL1:", 3, 1, "stands twice"),
        (HEAD + "const k1 = 3", 2, 1, "the next constant is k0"),
        (HEAD + "const k0 = f()", 2, 12, ""),
        (HEAD + "const k0 = " + "(" * 5000, 2, 12, "no literal"),
        (HEAD + "const k0 = " + "9" * 5000, 2, 12, ""),
        (HEAD + "const k0 = \0", 2, 12, ""),
        (HEAD + "name r0 'a'\nname r0 'b'", 3, 1, "has a name"),
        (HEAD + "handler a to b -> c in r0", 2, 9, "label a is nowhere"),
        (HEAD + "?", 2, 1, "no instruction, label"),
        (HEAD + "pack r1, r2, count 1", 2, 10, "window is a window: window r4"),
        (HEAD + "constant_word r1, 5, #1, #1", 2, 19, "a is a constant: k0"),
    ],
)
def test_errors_have_a_place(text, line, column, message):
    with pytest.raises(AssemblyError) as caught:
        assemble(text, c.TABLE)
    assert re.search(message, str(caught.value))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_functions_that_make_no_sense_are_still_shown():
    f = Function("f", 1, 1)
    f.emit(c.jump, Label())
    f.emit(c.move, 1)
    f.emit(c.move, 1, ("K", 9))
    f.handlers.append(Handler(Label(77), Label(), Label(), 3))
    text = disassemble(f, c.TABLE)
    assert "-> L?" in text
    assert "? [1]" in text


# ---------------------------------------------------------------- any input


def careful(constant):
    """Constants of the counted language, as text from outside may have them."""
    if type(constant) is not tuple or len(constant) != 2 or constant[0] not in ("box", "int", "function"):
        raise TypeError(f"{constant!r} is no constant")
    kind, number = constant
    if type(number) is not int or not -(1 << 63) <= number < 1 << 63 or (kind == "function" and not 0 <= number < 2):
        raise ValueError(f"{number!r} is out of bounds")
    return kind == "box"


def rules(function, instruction):
    """There are eight globals."""
    if any(isinstance(a, tuple) and a[0] == "G" and a[1] > 7 for a in instruction.arguments):
        return "no such global"
    return None


@many
@given(st.binary(max_size=200))
def test_random_bytes(data):
    for text in (data.decode("latin-1"), HEAD + data.decode("latin-1"), HEAD + data.decode("utf-8", "surrogateescape")):
        try:
            assemble(text, c.TABLE)
        except AssemblyError:
            pass


WORDS = ["r0", "r1,", "r2", "take", "#3", "k1", "&g1,", "-> L0", "L1", "count 1", "", "box", "move.t"]


def damage(text, data):
    """A line lost, doubled or moved, a number or a word changed."""
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.integers(0, 4))
        if how == 0 and len(lines) > 1:
            del lines[at]
        elif how == 1:
            lines.insert(other, lines[at])
        elif how == 2:
            lines[at], lines[other] = lines[other], lines[at]
        else:
            words = lines[at].split(" ")
            spot = data.draw(st.integers(0, len(words) - 1))
            words[spot] = data.draw(st.sampled_from(WORDS))
            lines[at] = " ".join(words)
    return "\n".join(lines)


@many
@given(st.lists(st.integers(0, 255), max_size=120), st.data())
def test_damaged_text_that_is_accepted_runs(stream, data):
    """Text is damaged, then assembled and verified; what passes is run: no crash, and no reference lost."""
    functions = program(stream)[:2]
    for f in functions:
        f.constants = [k if k[0] != "function" else ("function", k[1] % len(functions)) for k in f.constants]
        passes(f)
    text = damage(disassemble(functions[0], c.TABLE), data)
    try:
        functions[0] = assemble(text, c.TABLE)
        verify(functions[0], c.TABLE, c.MODEL, careful, rules)
        run = Run(functions)
    except (AssemblyError, VerifyError, TooLarge):
        return
    if functions[0].parameters != 1:
        return
    status = run.machine.run(run.linked[0], run.world_box(3))
    for _ in range(400):
        if status != SUSPEND:
            break
        run.taken()
        status = run.machine.resume()
    else:
        return
    if status == OK:
        run.taken()
    run.world.error()
    assert run.left() == 0
