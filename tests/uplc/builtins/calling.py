"""Calls builtins by name on values, typed as the builtin's kinds say."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.semantics import semantics
from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, linked, list_of


def constant(type, value):
    """A constant."""
    return Constant(type, value)


def integers(*numbers):
    """A list of integers, as a constant."""
    return Constant(list_of(INTEGER_TYPE), linked(numbers))


def call(name, *arguments, variant="E"):
    """The result of a builtin: the value, where it is a constant. An argument that is no constant and whose kind has a type
    is taken to be a value of that type."""
    builtin = by_name(name)
    kinds = builtin.signature(variant)
    made = [
        argument if argument.__class__ is Constant or kind.type is None else Constant(kind.type, argument)
        for kind, argument in zip(kinds, arguments, strict=True)
    ]
    machine = semantics(variant)
    result = machine.call[builtin.number](*made)
    stepwise = machine.run[builtin.number](*machine.unlift[builtin.number](*made))
    if result.__class__ is not Constant:
        assert stepwise is result
        return result
    assert stepwise.type is result.type
    return result.value
