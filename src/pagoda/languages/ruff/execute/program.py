"""A compiled program in memory: its context, globals, code and symbols, ready to run once.

What must hold: everything native code points at is kept alive here; references that constants and globals own are given back by
:meth:`LoadedProgram.close`, after which ``live_objects`` is what guest code leaked, which is nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pagoda.languages.ruff.compile.program import CodeRef, CompiledProgram, FunctionRef, ObjectRef, ShapeRef, WordRef
from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.execute.host import FAILED, FUNCTION_TAG, Host, VmFunction, VmState, word_at
from pagoda.languages.ruff.library.numbering import BUILTINS, NUMBERS
from pagoda.languages.ruff.library.registry import CONSTANTS, get
from pagoda.languages.ruff.natives import BODIES
from pagoda.languages.ruff.operations import context, model, recall
from pagoda.languages.ruff.values import Array, Builtin, Dict, ResultValue, Struct, Tagged, Value
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.machine.function import Function, Instruction
from pagoda.machine.linker import Linked, Linker
from pagoda.native.image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STACK_BYTES = 64 << 20
MOST_STACK_BYTES = 1 << 30
USUAL_FRAME = 512  # bytes that a call takes, more or less
SPARE_BYTES = 4096  # above the stack's end, for the window of a call that is refused
UNLIMITED = 1 << 60
HOLE_TAG = 5
NO_PLACE = (-1, -1)  # of a call that Python made: it is where the native code around it called Python


class LoadedProgram:
    """A program, its context and its host. ``limits``: fuel, seconds, depth; ``memory`` in bytes.

    ``counted``: calls are counted, and fail at the very depth that ``limits`` has; else where the stack is full.
    """

    def __init__(
        self, compiled: CompiledProgram, image: Image, limits: Limits, *, write: Callable[[str], Any],
        args: tuple[str, ...] = (), memory: int | None = None, counted: bool = False,
    ) -> None:  # fmt: skip
        self.compiled, self.image, self.limits = compiled, image, limits
        self.linked: dict[int, Linked] = {}
        self.by_code: dict[int, Linked] = {}
        self.names = list(compiled.symbols)
        self.symbols = compiled.symbols
        self.shapes: dict[int, tuple[str, tuple[str, ...]]] = {}
        self.kept: list[Any] = []
        self.owned: list[Any] = []
        self.layouts, self.slot_size = recall().layouts, recall().slot_size
        size, self.fields = self.layouts["RuffContext"]
        self.memory_block = ctypes.create_string_buffer(size)
        self.context = ctypes.addressof(self.memory_block)
        self.entry_points()
        self.state = VmState(self, limits, write, args)
        self.host = Host(self, self.state)
        self.fill_context(memory, counted)
        self.show_names()
        self.link_all()

    # -- the context's memory

    def entry_points(self) -> None:
        word, pointer = ctypes.c_int64, ctypes.c_void_p
        symbol = self.image.symbols
        bridge = "languages.ruff.bridge."
        self._start = ctypes.PYFUNCTYPE(word, pointer, word)(symbol[bridge + "start"])
        self._call = ctypes.PYFUNCTYPE(pointer, pointer, word, word, pointer)(symbol[bridge + "call_guest"])
        self._release = ctypes.PYFUNCTYPE(None, pointer, word, word)(symbol[bridge + "release_value"])
        self._release_globals = ctypes.PYFUNCTYPE(None, pointer, word)(symbol[bridge + "release_globals"])
        self._heap_new = ctypes.PYFUNCTYPE(word)(symbol["runtime.heap.heap_new"])
        self._heap_destroy = ctypes.PYFUNCTYPE(None, word)(symbol["runtime.heap.heap_destroy"])
        self._shape_find = ctypes.PYFUNCTYPE(word, word, word, pointer, word)(symbol["runtime.structs.shape_find"])

    def get(self, name: str) -> int:
        return word_at(self.context + self.fields[name])

    def set(self, name: str, number: int) -> None:
        ctypes.c_int64.from_address(self.context + self.fields[name]).value = number

    def keep(self, item: Any) -> int:
        """The address of a ctypes array or Python object that lives as long as the program."""
        self.kept.append(item)
        return ctypes.addressof(item) if isinstance(item, ctypes.Array) else id(item)

    def fill_context(self, memory: int | None, counted: bool) -> None:
        import mmap

        room = STACK_BYTES
        if counted:
            room = max(room, min(self.limits.max_depth * USUAL_FRAME, MOST_STACK_BYTES))
        self.stack_map = mmap.mmap(-1, room + SPARE_BYTES)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.stack_map))
        self.set("stack_start", start)
        self.set("stack_end", start if counted else start + room)
        self.set("exact_end", start + room if counted else 0)
        self.set("fuel", UNLIMITED if self.limits.fuel is None else self.limits.fuel)
        self.set("trace", self.keep((ctypes.c_int64 * (context.TRACE_FRAMES * 2))()))
        self.heap = self._heap_new()
        self.set("heap", self.heap)
        if memory is not None:
            self.heap_word("bytes_limit", memory)
        count = len(self.compiled.globals)
        self.globals_row = (ctypes.c_int64 * (2 * max(count, 1)))()
        self.set("globals", self.keep(self.globals_row))
        host, pack, unpack = self.host, self.host.pack, self.host.unpack
        for name, item in (("host", host), ("pack", pack), ("unpack", unpack), ("failed_answer", FAILED)):
            self.set(name, self.keep(item))
        self.set("none", id(None))
        self.set("true", id(True))
        self.set("false", id(False))
        kinds = (int, float, str, Array, Dict, Struct, Tagged, ResultValue, VmFunction, Builtin)
        self.set("types", self.keep((ctypes.c_int64 * len(kinds))(*(id(kind) for kind in kinds))))
        bodies = [self.image.symbols.get(BODIES.get(name, ""), 0) for name in BUILTINS]
        self.set("natives", self.keep((ctypes.c_int64 * len(bodies))(*bodies)))
        self.set("run_entry", self.image["ruff.run"])
        self.set("overloads", int(self.compiled.overloads))
        self.set("push_number", NUMBERS["push"])
        self.set("max_depth", self.limits.max_depth)
        self.set("holds_gil", 1)
        if self.limits.timeout is not None:
            import time

            self.set("deadline", time.monotonic_ns() + int(self.limits.timeout * 1e9))

    def heap_word(self, name: str, number: int | None = None) -> int:
        at = self.heap + self.layouts["Heap"][1][name]
        if number is not None:
            ctypes.c_int64.from_address(at).value = number
        return word_at(at)

    # -- code

    def link_all(self) -> None:
        linker = Linker(self, recall().table, self.layouts["Code"])
        for index, function in enumerate(self.compiled.functions):
            linked = linker.link(function, index)
            self.linked[id(function)] = linked
            self.by_code[linked.address] = linked
        main = self.compiled.main
        assert main is not None
        self.main_code = self.linked[id(main)].address
        for name, number in self.compiled.globals.items():
            self.globals_row[2 * number], self.globals_row[2 * number + 1] = self.first_value(name, number)
        size = 8
        while size < 2 * len(self.compiled.methods):
            size *= 2
        rows = (ctypes.c_int64 * (4 * size))()
        self.methods: dict[tuple[str, str], VmFunction] = {}
        self.method_rows: dict[tuple[int, int], int] = {}
        for owner, symbol, _ in self.compiled.methods:
            at = (owner * 31 + symbol) & (size - 1)
            while rows[4 * at] and (rows[4 * at], rows[4 * at + 1]) != (owner, symbol):
                at = (at + 1) & (size - 1)
            rows[4 * at : 4 * at + 3] = [owner, symbol, HOLE_TAG]  # until the definition is reached
            self.method_rows[owner, symbol] = 4 * at + 2
        self.method_table = rows
        self.set("methods", self.keep(rows))
        self.set("method_mask", size - 1)

    def first_value(self, name: str, number: int) -> tuple[int, int]:
        """What a global holds before the program runs."""
        if name in NUMBERS:
            return 4, NUMBERS[name]
        if name in CONSTANTS:
            return self.constant(CONSTANTS[name])
        return 5, number

    def constant(self, item: Any) -> tuple[int, int]:
        """A constant as the two words of its value."""
        if item is None:
            return 0, 0
        if item is True or item is False:
            return 1, int(item)
        if isinstance(item, int):
            return 2, item
        if isinstance(item, float):
            return 3, ctypes.c_int64.from_buffer(ctypes.c_double(item)).value
        if isinstance(item, str):
            return 16, self.keep(item)
        if isinstance(item, CodeRef):
            return 2, self.linked[id(item.function)].address
        if isinstance(item, FunctionRef):
            return FUNCTION_TAG, self.linked[id(item.function)].address
        if isinstance(item, ShapeRef):
            return 2, self.shape_address(self.names[item.name], tuple(self.names[f] for f in item.fields))
        if isinstance(item, WordRef):
            return 2, item.number
        assert isinstance(item, ObjectRef)
        return 17, self.keep(item.item)

    # -- what the host asks

    def symbol(self, name: str) -> int:
        number = self.symbols.get(name)
        if number is None:
            number = self.symbols[name] = len(self.names)
            self.names.append(name)
            if number == len(self.name_row):
                self.show_names()
            self.name_row[number] = id(name)
        return number

    def show_names(self) -> None:
        """Gives native code the strings of all symbols, with room for as many more."""
        self.name_row = (ctypes.c_int64 * (2 * len(self.names)))(*map(id, self.names))
        self.set("names", ctypes.addressof(self.name_row))

    def symbol_name(self, number: int) -> str:
        return self.names[number]

    def shape_address(self, name: str, fields: tuple[str, ...]) -> int:
        symbols = (ctypes.c_int64 * max(len(fields), 1))(*(self.symbol(field) for field in fields))
        address: int = self._shape_find(self.heap, self.symbol(name), symbols, len(fields))
        if not address:
            raise MemoryError
        self.shapes.setdefault(address, (name, fields))
        return address

    def shape(self, address: int) -> tuple[str, tuple[str, ...]]:
        found = self.shapes.get(address)
        if found is None:
            at = {name: word_at(address + place) for name, place in self.layouts["Shape"][1].items()}
            row = tuple(self.names[word_at(at["symbols"] + 8 * index)] for index in range(at["count"]))
            found = self.shapes[address] = (self.names[at["name"]], row)
        return found

    def method(self, owner: str, name: str) -> VmFunction | None:
        return self.methods.get((owner, name))

    def define_method(self, owner: int, symbol: int, function: VmFunction | None) -> None:
        """A struct's definition was reached: without a function, all its methods end; with one, that is another."""
        if function is not None:
            at = self.method_rows.get((owner, symbol), -1)
            if at < 0 or not isinstance(function, VmFunction):
                raise RuffError("Not a method")  # no compiler asks for that
            self.methods[self.names[owner], self.names[symbol]] = function
            self.method_table[at], self.method_table[at + 1] = function.tag, function.payload
            return
        for (type_symbol, name), at in self.method_rows.items():
            if type_symbol == owner and self.methods.pop((self.names[owner], self.names[name]), None) is not None:
                self.method_table[at] = HOLE_TAG

    def builtin(self, number: int) -> Builtin:
        found = get(BUILTINS[number])
        assert found is not None
        return found

    def builtin_number(self, builtin: Builtin) -> int:
        return NUMBERS[builtin.name]

    def function_name(self, kind: int, identity: int) -> str:
        code = identity if kind == 2 else word_at(identity + 16)
        return self.by_code[code].function.name

    def release(self, tag: int, payload: int) -> None:
        if self.heap:
            self._release(self.context, tag, payload)

    def call(self, function: VmFunction, arguments: list[Value]) -> Value:
        """Runs a guest function from Python. Raises what the guest raised."""
        code = function.payload if function.tag == FUNCTION_TAG else word_at(function.payload + 16)
        expected = self.by_code[code].function
        if expected.parameters != len(arguments):
            raise RuffError(arity_message(expected, len(arguments)))
        answer = self._call(self.context, function.tag, function.payload, id(arguments))
        if not answer:
            entered = self.get("trace_count") > 0
            error = self.failure()
            if entered and isinstance(error, RuffError):
                error.stack.append((expected.name, NO_PLACE))
            raise error
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        return item

    def charge(self, units: int) -> None:
        left = self.get("fuel") - units
        self.set("fuel", left)
        if left < 0:
            raise LimitError("fuel", f"Fuel limit of {self.limits.fuel} exceeded")

    def stop(self, reason: int) -> None:
        self.set("stop", reason)
        self.set("poll_word", 1)

    def poll(self) -> None:
        """For builtins that wait: raises if the program is to stop."""
        if self.get("stop"):
            raise self.failure()
        deadline = self.get("deadline")
        if deadline:
            import time

            if time.monotonic_ns() > deadline:
                raise LimitError("timeout", "Time limit exceeded")

    # -- errors

    def failure(self) -> BaseException:
        """The exception for the error or limit that the context holds."""
        stop = self.get("stop")
        if stop:
            if self.host.escaped is not None:
                return self.host.escaped
            if self.host.exit is not None:
                return self.host.exit
            kind, message = {
                1: ("fuel", f"Fuel limit of {self.limits.fuel} exceeded"), 2: ("timeout", "Time limit exceeded"),
                4: ("memory", "Memory limit exceeded"), 5: ("interrupt", "Exit"),
            }.get(stop, ("interrupt", "Interrupted"))  # fmt: skip
            limit = LimitError(kind, message)
            limit.span, limit.stack = self.trace()
            return limit
        pair = [(self.get_at("error_a", 0), self.get_at("error_a", 8)), (self.get_at("error_b", 0), self.get_at("error_b", 8))]
        kind_ = self.get("error_kind")
        return self.take_error(kind_, *(self.plain(tag, payload) for tag, payload in pair))

    def get_at(self, name: str, offset: int) -> int:
        return word_at(self.context + self.fields[name] + offset)

    def plain(self, tag: int, payload: int) -> Value:
        """A value of the context as Python has it; containers only as far as an error message needs them."""
        if tag == 16 or tag == 17:
            return ctypes.cast(payload, ctypes.py_object).value
        if tag == 3:
            return ctypes.c_double.from_buffer(ctypes.c_int64(payload)).value
        if tag == 1:
            return bool(payload)
        if tag in (2, 4):
            return payload
        if tag >= 18:
            return self.thrown_value(tag, payload)
        return None

    def thrown_value(self, tag: int, payload: int) -> Value:
        """A container that the context's error holds, taken over the bridge by asking for it."""
        box: list[Value] = []
        self.host.services[255] = box.append
        answer = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
        show = answer(self.image["languages.ruff.bridge.show_value"])
        show(self.context, tag, payload)
        del self.host.services[255]
        return box[0] if box else None

    def take_error(self, kind: int, first: Value, second: Value) -> RuffError:
        """The guest error of a kind with its two values, placed by the trace."""
        if kind == model.HOST:
            error = self.host.pending or RuffError("Unknown error")
            self.host.pending = None
        elif kind == model.UNDEFINED:
            error = RuffError(f"Undefined variable: {list(self.compiled.globals)[first]}")
        elif kind == model.ARITY:
            error = RuffError(arity_message(self.by_code[first].function, second))
        elif kind == model.DEPTH:
            from pagoda.languages.ruff.walk.state import depth_error

            error = depth_error(self.limits.max_depth, self.by_code[first].function.name)
        elif kind == model.THROWN:
            from pagoda.languages.ruff.walk.expressions import thrown

            error = thrown(first, None)  # type: ignore[arg-type]
        elif kind == model.MESSAGE:
            error = RuffError(first)
        else:
            error = RuffError("Maximum data nesting depth exceeded")
        span, stack = self.trace()
        if kind == model.UNDEFINED and span is not None:
            span = self.failed_instruction().operand_span or span
        if error.span is None:
            error.span = span
        if span is not None and kind == model.HOST and error.stack and error.stack[-1][1] is NO_PLACE:
            error.stack[-1] = (error.stack[-1][0], span)
        error.stack.extend(stack)
        return error

    def failed_instruction(self) -> Instruction:
        """The innermost instruction of the trace."""
        rows = self.get("trace")
        return self.by_code[word_at(rows)].instruction_at(word_at(rows + 8))

    def trace(self) -> tuple[tuple[int, int] | None, list[tuple[str, tuple[int, int]]]]:
        """The place of the raise, and the calls around it, innermost first."""
        rows = self.get("trace")
        places = []
        for index in range(self.get("trace_count")):
            linked = self.by_code[word_at(rows + 16 * index)]
            places.append((linked.function.name, linked.instruction_at(word_at(rows + 16 * index + 8)).span))
        if not places:
            return None, []
        return places[0][1], [(name, places[i + 1][1]) for i, (name, _) in enumerate(places[:-1])]

    # -- running

    @property
    def fuel_left(self) -> int:
        """The units of fuel that are left; below zero once the limit was hit."""
        return self.get("fuel")

    def run(self) -> None:
        """Runs the program. Raises ``RuffError``, ``LimitError`` or ``ExitRequest`` as it ends."""
        status = self._start(self.context, self.main_code)
        if status:
            raise self.failure()

    def close(self) -> int:
        """Gives back what globals and constants own; answers how many objects are left alive."""
        self.methods.clear()
        self._release_globals(self.context, len(self.compiled.globals))
        left = self.heap_word("live_objects")
        self._heap_destroy(self.heap)
        self.heap = 0
        return left


def arity_message(function: Function, given: int) -> str:
    """The text of a wrong number of arguments; a method's receiver does not count."""
    own = 1 if function.flags & 1 else 0
    return f"{function.name} expects {function.parameters - own} arguments, got {given - own}"
