"""A term's nodes written by Python are those that the native reader makes of its flat bytes."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from hypothesis import given, settings

from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.execute import engine
from pagoda.languages.uplc.execute.from_native import constant_of
from pagoda.languages.uplc.execute.loading import read_flat, write_term
from pagoda.languages.uplc.execute.memory import Region
from pagoda.languages.uplc.execute.nodes_of import MOST_NODES, nodes_of
from pagoda.languages.uplc.execute.recalled import nodes
from pagoda.languages.uplc.execute.to_native import Writer
from pagoda.languages.uplc.execute.type_codes import NoForm
from pagoda.languages.uplc.terms import Apply, Const, Lam, Program, Var
from pagoda.languages.uplc.terms_scope import same_constant
from pagoda.languages.uplc.types import UNIT_TYPE, Constant
from uplc.syntax import strategies


def rows(machine: engine.Machine) -> list[tuple[int, Any]]:
    """The nodes that were read last, constants as Python has them."""
    words = list((ctypes.c_int64 * (2 * machine.reader["node_count"])).from_address(machine.reader["nodes"]))
    found: list[tuple[int, Any]] = []
    tag = False
    for first, second in zip(words[::2], words[1::2], strict=True):
        constant = first == nodes.CONST and not tag
        found.append((0 if tag else first, constant_of(second, []) if constant else second))
        tag = first & 255 == nodes.CONSTR and not tag
    return found


@settings(max_examples=300, deadline=None)
@given(strategies.terms)
def test_both_ways_to_nodes_agree(term):
    with engine.taken() as machine:
        raw = write_program(Program((1, 1, 0), term))
        block = read_flat(machine, raw, None)  # which holds the constants as long as it lives
        if block is None:  # a type of too many nodes, or a constructor's number of 65 bits
            if write_term(machine, term) is not None:
                with pytest.raises(MalformedScript):
                    read_program(raw)
            return
        read = rows(machine)
        written = write_term(machine, term)
        assert written is not None
        made = rows(machine)
    assert len(read) == len(made)
    for (head, value), (own_head, own_value) in zip(read, made, strict=True):
        assert head == own_head
        if isinstance(value, Constant):
            assert same_constant(value, own_value)
        else:
            assert value == own_value


def test_parts_that_are_shared_do_not_grow_without_bound():
    term: Any = Const(Constant(UNIT_TYPE, None))
    for _ in range(40):
        term = Apply(Lam(term), term)
    room = Region(1 << 20)
    with pytest.raises(NoForm):
        nodes_of(term, Writer(room.start, room.end, []))
    assert MOST_NODES < 1 << 40
    for index in (-1, 1 << 55):
        with pytest.raises(NoForm):
            nodes_of(Lam(Var(index)), Writer(room.start, room.end, []))
