"""A compiled program in memory: its context, globals, code and symbols, ready to run once.

What must hold: everything native code points at is kept alive here; references that constants and globals own are given back by
:meth:`LoadedProgram.close`, after which ``live_objects`` is what guest code leaked, which is nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pagoda.languages.ruff.compile.program import CodeRef, CompiledProgram, FunctionRef, ObjectRef, ShapeRef, WordRef
from pagoda.languages.ruff.errors import Leaving, LimitError, RuffError
from pagoda.languages.ruff.execute.host import (
    CANCELLED,
    END,
    FAILED,
    FUNCTION_TAG,
    HOLE_TAG,
    Host,
    VmFunction,
    VmGenerator,
    VmState,
    word_at,
)  # fmt: skip
from pagoda.languages.ruff.library.numbering import BUILTINS, NUMBERS
from pagoda.languages.ruff.library.registry import CONSTANTS, get
from pagoda.languages.ruff.natives import BODIES
from pagoda.languages.ruff.operations import context, model, recall
from pagoda.languages.ruff.tasks import Cancelled
from pagoda.languages.ruff.values import Array, Builtin, Dict, ResultValue, Struct, Tagged, Value
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.state import STACK_SHOWN
from pagoda.machine.function import Function, Instruction
from pagoda.machine.linker import Linked, Linker, TooLarge
from pagoda.native.image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from typing import Any

    from pagoda.languages.ruff.execute.modules import VmModules
    from pagoda.machine.source import Source

    FramePlace = tuple[str, tuple[int, int], Source | None]  # function, where it had come, its module's source

STACK_BYTES = 64 << 20
MOST_STACK_BYTES = 1 << 30
USUAL_FRAME = 512  # bytes that a call takes, more or less
SPARE_BYTES = 4096  # above the stack's end, for the window of a call that is refused
UNLIMITED = 1 << 60
MOST_GLOBALS = 1 << 16
STRING_TAG, OBJECT_TAG = 16, 17
HEADER_BYTES = 32  # before a frame: the callee and two words
COUNTED_TAG = 16  # values of this tag and above are counted
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
        self._modules: VmModules | None = None
        self.linked: dict[int, Linked] = {}
        self.by_code: dict[int, Linked] = {}
        self.sources: dict[int, Source] = {}  # by code: those of modules
        self.names: list[str] = []
        self.symbols = compiled.symbols
        self.global_names = compiled.names.globals
        self.globals_made = 0
        self.methods: dict[tuple[str, str], VmFunction] = {}
        self.method_rows: dict[tuple[int, int], int] = {}
        self.method_table = self.name_row = (ctypes.c_int64 * 0)()
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
        self.linker = Linker(self, recall().table, self.layouts["Code"])
        self.main_code = self.extend(compiled)

    # -- the context's memory

    def entry_points(self) -> None:
        word, pointer = ctypes.c_int64, ctypes.c_void_p
        symbol = self.image.symbols
        bridge = "languages.ruff.bridge."
        self._start = ctypes.PYFUNCTYPE(word, pointer, word)(symbol[bridge + "start"])
        self._call = ctypes.PYFUNCTYPE(pointer, pointer, word, word, pointer)(symbol[bridge + "call_guest"])
        self._next = ctypes.PYFUNCTYPE(pointer, pointer, word)(symbol["languages.ruff.ops.generators.next_for_python"])
        self._task = ctypes.PYFUNCTYPE(pointer, pointer, word, word)(symbol[bridge + "start_task"])
        self._retain_row = ctypes.PYFUNCTYPE(None, pointer, word)(symbol[bridge + "retain_row"])
        self._release_row = ctypes.PYFUNCTYPE(None, pointer, pointer, word)(symbol["languages.ruff.ops.slow.release_row"])
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

        self.counted = counted
        self.stack_map = self.lay_stack()
        self.set("trace", self.keep((ctypes.c_int64 * (context.TRACE_FRAMES * 2))()))
        self.heap = self._heap_new()
        self.set("heap", self.heap)
        if memory is not None:
            self.heap_word("bytes_limit", memory)
        # Address space for as many globals as instructions can name: places of globals stay valid while modules bring more.
        row = mmap.mmap(-1, 16 * MOST_GLOBALS)
        self.globals_row = (ctypes.c_int64 * (2 * MOST_GLOBALS)).from_buffer(row)
        self.set("globals", ctypes.addressof(self.globals_row))
        host, pack, unpack = self.host, self.host.pack, self.host.unpack
        for name, item in (("host", host), ("pack", pack), ("unpack", unpack), ("failed_answer", FAILED), ("end_answer", END)):
            self.set(name, self.keep(item))
        self.set("none", id(None))
        self.set("true", id(True))
        self.set("false", id(False))
        kinds = (int, float, str, Array, Dict, Struct, Tagged, ResultValue, VmFunction, Builtin, VmGenerator)
        self.set("types", self.keep((ctypes.c_int64 * len(kinds))(*(id(kind) for kind in kinds))))
        bodies = [self.image.symbols.get(BODIES.get(name, ""), 0) for name in BUILTINS]
        self.set("natives", self.keep((ctypes.c_int64 * len(bodies))(*bodies)))
        self.set("run_entry", self.image["ruff.run"])
        self.set("resume_entry", self.image["ruff.resume"])
        self.set("push_number", NUMBERS["push"])
        self.set("max_depth", self.limits.max_depth)
        self.set("holds_gil", 1)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Before a run: the whole of the limits, and nothing left of how the one before ended."""
        self.host.pending = self.host.exit = self.host.escaped = None
        for name in ("stop", "poll_word", "error_kind", "trace_count", "trace_kept", "depth", "outer"):
            self.set(name, 0)
        self.set("fuel", UNLIMITED if self.limits.fuel is None else self.limits.fuel)
        if self.limits.timeout is not None:
            import time

            self.set("deadline", time.monotonic_ns() + int(self.limits.timeout * 1e9))

    def lay_stack(self) -> mmap.mmap:
        """An empty register stack, which the context uses from now on; it lives as long as what is returned."""
        import mmap

        room = STACK_BYTES
        if self.counted:
            room = max(room, min(self.limits.max_depth * USUAL_FRAME, MOST_STACK_BYTES))
        made = mmap.mmap(-1, room + SPARE_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        start = ctypes.addressof(ctypes.c_char.from_buffer(made))
        self.set("stack_start", start)
        self.set("stack_end", start if self.counted else start + room)
        self.set("exact_end", start + room if self.counted else 0)
        return made

    def heap_word(self, name: str, number: int | None = None) -> int:
        at = self.heap + self.layouts["Heap"][1][name]
        if number is not None:
            ctypes.c_int64.from_address(at).value = number
        return word_at(at)

    # -- code

    def extend(self, compiled: CompiledProgram, source: Source | None = None) -> int:
        """Adds code to the living program, which may be running; the address of its main function, which nobody has run yet.

        ``compiled`` shares its names with the program. ``source``: the module's own. Raises ``TooLarge``.
        """
        self.show_names()
        for function in compiled.functions:
            linked = self.linker.link(function, len(self.linked))
            self.linked[id(function)] = linked
            self.by_code[linked.address] = linked
            if source is not None:
                self.sources[linked.address] = source
        self.show_globals()
        self.add_methods(compiled.methods)
        if compiled.overloads:
            self.set("overloads", 1)
        assert compiled.main is not None
        return self.linked[id(compiled.main)].address

    def show_globals(self) -> None:
        """Gives new globals what they hold before anybody defines them. Raises ``TooLarge``."""
        if len(self.global_names) > MOST_GLOBALS:
            raise TooLarge("the program has too many global variables")
        for number in range(self.globals_made, len(self.global_names)):
            self.globals_row[2 * number], self.globals_row[2 * number + 1] = self.first_value(self.global_names[number], number)
        self.globals_made = len(self.global_names)

    def add_methods(self, methods: list[tuple[int, int, Function]]) -> None:
        """Makes room for methods in the table, in which they are holes until the struct's definition is reached."""
        known = dict.fromkeys(self.method_rows)
        known.update(dict.fromkeys((owner, symbol) for owner, symbol, _ in methods))
        if len(known) == len(self.method_rows) and self.method_table:
            return
        size = 8
        while size < 2 * len(known):
            size *= 2
        rows = (ctypes.c_int64 * (4 * size))()
        for owner, symbol in known:
            at = (owner * 31 + symbol) & (size - 1)
            while rows[4 * at]:
                at = (at + 1) & (size - 1)
            before = self.method_rows.get((owner, symbol))
            value = [HOLE_TAG, 0] if before is None else self.method_table[before : before + 2]
            rows[4 * at : 4 * at + 4] = [owner, symbol, *value]
            self.method_rows[owner, symbol] = 4 * at + 2
        self.method_table = rows
        self.set("methods", ctypes.addressof(rows))
        self.set("method_mask", size - 1)

    @property
    def modules(self) -> VmModules:
        """The modules of the program, once it imports."""
        if self._modules is None:
            from pagoda.languages.ruff.execute.modules import VmModules

            self._modules = VmModules(self)
        return self._modules

    def enter_free(self, function: VmFunction) -> Value:
        """As :meth:`call` without arguments, for an entry that costs no fuel: the top level of a module."""
        self.set("fuel", self.get("fuel") + 1)
        try:
            return self.call(function, [])
        except RuffError as error:
            if not error.stack:  # it was refused before the entry was paid for
                self.set("fuel", self.get("fuel") - 1)
            raise

    def get_global(self, number: int) -> tuple[int, int]:
        """The two words of a global's value, borrowed."""
        return self.globals_row[2 * number], self.globals_row[2 * number + 1]

    def set_global(self, number: int, words: tuple[int, int]) -> None:
        """Gives a global a value, which is borrowed."""
        before = self.get_global(number)
        self.retain(*words)
        self.globals_row[2 * number], self.globals_row[2 * number + 1] = words
        self.release(*before)

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
            number = self.symbols[name] = len(self.symbols)
            self.show_names()
        return number

    def show_names(self) -> None:
        """Gives native code the strings of all symbols; there is room for more, which the row takes as they come."""
        count = len(self.names)
        self.names += list(self.symbols)[count:]
        if len(self.names) > len(self.name_row):
            self.name_row = (ctypes.c_int64 * (2 * len(self.names)))(*map(id, self.names))
            self.set("names", ctypes.addressof(self.name_row))
            return
        for number in range(count, len(self.names)):
            self.name_row[number] = id(self.names[number])

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

    def retain(self, tag: int, payload: int) -> None:
        if tag in (STRING_TAG, OBJECT_TAG):
            ctypes.pythonapi.Py_IncRef(ctypes.cast(payload, ctypes.py_object))
        elif tag >= COUNTED_TAG:
            ctypes.c_int64.from_address(payload).value += 1

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
            raise self.failure_in(code)
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        return item

    def advance(self, generator: VmGenerator) -> Value:
        """A generator's next value. Raises ``StopIteration`` at its end, and what the guest raised."""
        answer = self._next(self.context, generator.payload)
        if not answer:
            raise self.failure_in(word_at(generator.payload + 16))
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        if item is END:
            raise StopIteration
        return item

    def start_task(self, function: VmFunction) -> Value:
        """Runs a guest function without parameters at the bottom of an empty stack. Raises what the guest raised."""
        code = function.payload if function.tag == FUNCTION_TAG else word_at(function.payload + 16)
        expected = self.by_code[code].function
        if expected.parameters:
            raise RuffError(arity_message(expected, 0))
        answer = self._task(self.context, function.tag, function.payload)
        if not answer:
            raise self.failure_in(code, expected.span)
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        return item

    def retain_row(self, row: Any, first: int = 0) -> None:
        """One more reference to every value in a row of words, from ``first`` on."""
        self._retain_row(ctypes.addressof(row) + 16 * first, (len(row) >> 1) - first)

    def release_row(self, row: Any, first: int = 0, end: int | None = None) -> None:
        """Gives up the references of a row of words, from ``first`` up to ``end``."""
        count = (len(row) >> 1 if end is None else end) - first
        if self.heap and count > 0:
            self._release_row(self.context, ctypes.addressof(row) + 16 * first, count)

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
            if stop == CANCELLED:
                return Cancelled()
            if self.host.exit is not None:
                return self.host.exit
            kind, message = {
                1: ("fuel", f"Fuel limit of {self.limits.fuel} exceeded"), 2: ("timeout", "Time limit exceeded"),
                4: ("memory", "Memory limit exceeded"), 5: ("interrupt", "Exit"),
            }.get(stop, ("interrupt", "Interrupted"))  # fmt: skip
            limit = LimitError(kind, message)
            places = self.trace()
            if places:
                limit.span = places[0][1]
            leave(limit, places)
            return limit
        pair = [(self.get_at("error_a", 0), self.get_at("error_a", 8)), (self.get_at("error_b", 0), self.get_at("error_b", 8))]
        kind_ = self.get("error_kind")
        return self.take_error(kind_, *(self.plain(tag, payload) for tag, payload in pair))

    def failure_in(self, code: int, place: tuple[int, int] = NO_PLACE) -> BaseException:
        """As :meth:`failure`, of a native entry that Python made, at ``place``, to run ``code``."""
        entered = self.get("trace_count") > 0
        error = self.failure()
        if entered and isinstance(error, RuffError):
            error.leave(self.by_code[code].function.name, place, self.sources.get(code))
        return error

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
            return self.value_of(tag, payload)
        return None

    def value_of(self, tag: int, payload: int) -> Value:
        """A value, borrowed, as Python has it: taken over the bridge by asking for it."""
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
            error = RuffError(f"Undefined variable: {self.global_names[first]}")
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
        elif kind == model.GENERATOR_RUNS:
            error = RuffError("Generator is already running")
        else:
            error = RuffError("Maximum data nesting depth exceeded")
        places = self.trace()
        if places:
            span = places[0][1]
            if kind == model.UNDEFINED:
                span = self.failed_instruction().operand_span or span
            if error.span is None:
                error.span = span
            if kind == model.HOST and error.stack and error.stack[-1][1] is NO_PLACE:
                error.stack[-1] = (error.stack[-1][0], span)
            leave(error, places)
        return error

    def failed_instruction(self) -> Instruction:
        """The innermost instruction of the trace."""
        rows = self.get("trace")
        return self.by_code[word_at(rows)].instruction_at(word_at(rows + 8))

    def trace(self) -> list[FramePlace]:
        """Where the frames of the native entry that failed had come, innermost first."""
        rows = self.get("trace")
        places = []
        for index in range(self.get("trace_count")):
            code = word_at(rows + 16 * index)
            linked = self.by_code[code]
            span = linked.instruction_at(word_at(rows + 16 * index + 8)).span
            places.append((linked.function.name, span, self.sources.get(code)))
        return places

    def outer_names(self) -> list[str]:
        """After an error that is handled in the native entry that runs: the entry's own function, and those around it,
        innermost first. Top levels have no name."""
        names = []
        count = self.get("trace_count")
        if count:
            names.append(self.by_code[word_at(self.get("trace") + 16 * (count - 1))].function.name)
        record = self.get("outer")
        while record and len(names) <= STACK_SHOWN:
            frame, record = word_at(record + 8), word_at(record + 24)
            while frame and len(names) <= STACK_SHOWN:
                names.append(self.by_code[-word_at(frame + 8 * context.HEADER_CODE)].function.name)
                back = word_at(frame + 8 * context.HEADER_RETURN)
                frame = frame - (word_at(back) >> 32 & 0xFFFF) - HEADER_BYTES if back else 0
        return [name for name in names if name != "<main>"]

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

    def run_more(self, code: int) -> Value:
        """Runs the main function of code that :meth:`extend` has added when nothing runs; what it gives. Raises as :meth:`run`."""
        if self._start(self.context, code):
            raise self.failure()
        words = self.get_at("result", 0), self.get_at("result", 8)
        try:
            return self.value_of(*words)
        finally:
            self.set("result", 0)
            self.release(*words)

    def close(self) -> int:
        """Gives back what globals and constants own; answers how many objects are left alive."""
        self.methods.clear()
        if self._modules is not None:
            self._modules.close()
        self._release_globals(self.context, self.globals_made)
        left = self.heap_word("live_objects")
        self._heap_destroy(self.heap)
        self.heap = 0
        return left


def leave(error: Leaving, places: list[FramePlace]) -> None:
    """Adds the frames that an error left to its stack; the outermost is known only by what is called in it."""
    for (name, _, source), (_, span, _) in zip(places, places[1:], strict=False):
        error.leave(name, span, source)


def arity_message(function: Function, given: int) -> str:
    """The text of a wrong number of arguments; a method's receiver does not count."""
    own = 1 if function.flags & 1 else 0
    return f"{function.name} expects {function.parameters - own} arguments, got {given - own}"
