"""What the machine must know of a language's values: their shape, how references are kept, how failure is spelled.

What must hold: ``retain`` and ``release`` fold away where an operand's kind is known to own nothing; ``failed`` is true only
of the value that ``failure`` makes, which no guest ever sees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pagoda.machine.context import CALL_WORDS, Code, Context
from pagoda.machine.polling import poll_slow
from pagoda.native.functions import NativeFunction
from pagoda.native.types import Aggregate, Type, layout_of, resolve_type
from pagoda.records import Record, fresh


class PlaceMode(Record):
    """A letter for operands that live outside the registers: ``locate`` (inline; context, registers, number) gives its address.

    One with a fourth parameter gets the table of constants too. ``noun`` is the word for it. ``captured``: it lies in the value
    that the function was called as.
    """

    letter: str
    locate: NativeFunction[Any, Any]
    noun: str
    captured: bool = False


class ValueModel(Record):
    """The values of one language.

    ``value``: a value class of one or two words. ``from_immediate``: a value from a small integer (inline). ``empty``: what a
    dead register holds. ``retain(value)`` and ``release(context, value)`` are inline, or ``None`` where values own nothing.
    ``failed(value)``: whether a native function's result says that it failed. ``catch(context)``: the value a handler gets for
    the error that the context holds; ``None`` for a language without handlers. ``name`` names the machine built from it.
    ``release_lightly(value)``: gives a reference back where that destroys nothing; answers False, having done nothing, where it
    might.

    For a language whose code is not made by :mod:`pagoda.machine.linker`, or that counts otherwise: ``code``, the class of its
    codes (without traces and with one table of constants, ``entry`` and ``frame_bytes`` are all that the machine looks at).
    ``charge_entry(context, code)`` takes what entering a function costs, instead of a unit of fuel, and ``exhausted(context)``
    is negative once too much was taken; a program that is exhausted raises. ``constants(context)``: the one table of constants
    that all code refers to. These three are inline. Without ``traces`` no frames are kept to tell where a failure came from: it
    ends the native entry at once, and only ``resume_pc`` says at which instruction. ``look``: what answers polls, if not
    :func:`pagoda.machine.polling.poll_slow`. ``call_words``: the length of each instruction that calls.
    """

    name: str
    value: type
    context: type[Context]
    from_immediate: NativeFunction[Any, Any]
    empty: NativeFunction[Any, Any]
    failed: NativeFunction[Any, Any]
    retain: NativeFunction[Any, Any] | None = None
    release: NativeFunction[Any, Any] | None = None
    catch: NativeFunction[Any, Any] | None = None
    places: dict[str, PlaceMode] = fresh(factory=dict)
    constant: Callable[[Any], tuple[int, ...]] | None = None
    release_lightly: NativeFunction[Any, Any] | None = None
    code: type = Code
    charge_entry: NativeFunction[Any, Any] | None = None
    exhausted: NativeFunction[Any, Any] | None = None
    constants: NativeFunction[Any, Any] | None = None
    traces: bool = True
    look: NativeFunction[Any, Any] = poll_slow
    call_words: int = CALL_WORDS

    @property
    def type(self) -> Type:
        return resolve_type(self.value)

    @property
    def slot_size(self) -> int:
        """Bytes of one register."""
        return layout_of(self.value).size

    @property
    def header_slots(self) -> int:
        """Slots of a call window before its arguments: the callee, then two words of header."""
        return 1 + 2 // self.words

    @property
    def words(self) -> int:
        kind = self.type
        assert isinstance(kind, Aggregate)
        return len(kind.fields)
