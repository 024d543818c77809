"""Runs native bodies of builtins, lowered, on constants."""

from __future__ import annotations

import ctypes
import functools

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.semantics import semantics
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.natives import calling, pricing, trees, values
from pagoda.languages.uplc.natives.builtins import NATIVES
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import types
from pagoda.native.image import build_image
from pagoda.native.unit import Unit
from uplc.natives.words import Memory, constant_of

PLENTY = 1 << 61
FUNCTIONS = (calling.call_builtin, calling.apply_builtin, calling.force_builtin, trees.data_size, trees.same_data)


@functools.cache
def image(checked):
    """The machine code of all bodies."""
    unit = Unit("uplc.natives.tested", checked=checked, whole=True)
    for function in (*NATIVES.values(), *FUNCTIONS):
        unit.define(function)
    made, _ = build_image([unit])
    return made


def table(numbers):
    """Words in memory."""
    return (ctypes.c_int64 * len(numbers))(*numbers)


class Native:
    """A context under a cost model, with an arena. ``asked``: the numbers of the builtins that the host was asked for."""

    def __init__(self, model, *, checked=True, size=1 << 22, built=None):
        self.model = model
        self.image = built or image(checked)
        self.memory = Memory(size)
        self.asked = []
        native = pricing.native_numbers(model)
        self.kept = [
            table([self.image[NATIVES[n].symbol] if n in native else 0 for n in range(len(BUILTINS))]),
            table(pricing.charged_rows(model)),
            table(pricing.price_rows(model)),
            ctypes.create_string_buffer(pricing.signature_rows()),
            self.host,
        ]
        layout = types.layout_of(UplcContext)
        self.block = ctypes.create_string_buffer(layout.size)
        self.context = UplcContext(ctypes.addressof(self.block))
        for name, kept in zip(("natives", "charged", "prices", "signatures"), self.kept, strict=False):
            self.set(name, ctypes.addressof(kept))
        self.set("host", id(self.kept[-1]))
        self.reset()

    def set(self, name, number):
        offset = types.layout_of(UplcContext).fields[name][1]
        ctypes.c_int64.from_address(self.context.address + offset).value = number

    def get(self, name):
        offset = types.layout_of(UplcContext).fields[name][1]
        return ctypes.c_int64.from_address(self.context.address + offset).value

    def host(self, number):
        """Notes that it was asked, and gives no result."""
        self.asked.append(number)

    def reset(self, cpu=PLENTY, mem=PLENTY):
        self.memory.top = self.memory.start
        self.asked.clear()
        for name, number in (("cpu", cpu), ("mem", mem), ("logs", 0), ("log_count", 0), ("arena_end", self.memory.end)):
            self.set(name, number)

    def function(self, function, *arguments):
        """Calls a native function with the context and some words."""
        self.set("arena_top", self.memory.top)
        made = ctypes.PYFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, *[ctypes.c_int64] * len(arguments))
        answer = made(self.image[function.symbol])(self.context.address, *arguments)
        self.memory.top = self.get("arena_top")
        return answer

    def words(self, number, words):
        """The word that a builtin gives for words; what is charged in advance is taken here."""
        for place, word in enumerate(words):
            offset = types.layout_of(UplcContext).fields["arguments"][1]
            ctypes.c_int64.from_address(self.context.address + offset + 8 * place).value = word
        charged = self.kept[1]
        self.set("cpu", self.get("cpu") - charged[2 * number])
        self.set("mem", self.get("mem") - charged[2 * number + 1])
        return self.function(calling.call_builtin, number)

    def call(self, number, constants):
        """The result of a builtin with its cpu and mem; ``None`` where it failed."""
        self.reset()
        word = self.words(number, [self.memory.constant(constant) for constant in constants])
        if word == values.FAILED:
            return None
        result = constant_of(word)
        return result.type, result.value, PLENTY - self.get("cpu"), PLENTY - self.get("mem")


def walked(model, number, constants):
    """What the builtin gives and costs by its definition; ``None`` where it fails."""
    machine = semantics(model.variant)
    try:
        given = machine.unlift[number](*constants)
        result = machine.run[number](*given)
    except BuiltinFailure:
        return None
    return result.type, result.value, *model.cost_of[number](*given)
