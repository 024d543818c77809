"""Maps a relocatable object into the process and links it, without LLVM.

Steps: read the object (`elf.py`), lay its sections out in one mapping - code and stubs, then read-only data and the address
table, then writable data - copy them, apply the relocations while the mapping is read-write, and give every part its final
rights with mprotect. What must hold: memory is never writable and executable at once; an object that is damaged or does not
fit ends in `LoadError` with nothing left mapped; nothing is unmapped behind anybody's back (see `LoadedUnit`).
"""

from __future__ import annotations

import ctypes
import struct
from _ctypes import dlsym

from pagoda.native.elf import (
    LARGEST_IMAGE,
    MACHINE_NAMES,
    MACHINE_X86_64,
    RELOCATION,
    SHF_EXECINSTR,
    SHF_WRITE,
    SHN_ABS,
    SHN_COMMON,
    SHN_UNDEF,
    SHT_NOBITS,
    STB_LOCAL,
    STT_FILE,
    STT_SECTION,
    ElfObject,
    LoadError,
    Section,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

__all__ = ["LoadError", "LoadedUnit", "default_imports", "load"]

_PAGE = 4096
_READ, _WRITE, _EXEC = 1, 2, 4
_MAP_PRIVATE_ANONYMOUS = 0x22
_STUB_SIZE = 8
# Groups in the order of the mapping. Constants with addresses in them are read-only once relocated.
_CODE, _CONSTANT, _WRITABLE = 0, 1, 2

_R_64, _R_PC32, _R_PLT32, _R_GOTPCREL, _R_32, _R_32S, _R_PC64 = 1, 2, 4, 9, 10, 11, 24
_R_GOTPCRELX, _R_REX_GOTPCRELX = 41, 42
_GOT_KINDS = frozenset((_R_GOTPCREL, _R_GOTPCRELX, _R_REX_GOTPCRELX))

_put_i32 = struct.Struct("<i").pack_into
_put_u32 = struct.Struct("<I").pack_into
_put_i64 = struct.Struct("<q").pack_into
_put_u64 = struct.Struct("<Q").pack_into

# The GIL is kept: these calls take microseconds, and a thread that lets go of it may wait for milliseconds to have it back.
_libc = ctypes.PyDLL(None, use_errno=True)
_mmap = _libc.mmap
_mmap.restype = ctypes.c_void_p
_mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
_mprotect = _libc.mprotect
_mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_munmap = _libc.munmap
_munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)


class LoadedUnit:
    """One object in memory: `symbols` maps every global function and datum to its address.

    The code stays mapped until `unmap()` is called, also when this object is garbage: an address may live on in a table, a
    frame or another thread, and Python's reference counts know nothing of those. So a unit that is used for the life of the
    process needs no care at all; whoever calls `unmap()` answers for nobody using the code any more.
    """

    __slots__ = ("symbols", "base", "size", "code_size", "_mapped")

    def __init__(self, symbols: dict[str, int], base: int, size: int, code_size: int) -> None:
        self.symbols, self.base, self.size, self.code_size = symbols, base, size, code_size
        self._mapped = True

    def __getitem__(self, name: str) -> int:
        return self.symbols[name]

    def __contains__(self, address: int) -> bool:
        return self._mapped and self.base <= address < self.base + self.size

    def unmap(self) -> None:
        """Give the memory back and forget the addresses. Calling it twice is harmless."""
        if self._mapped:
            self._mapped = False
            self.symbols.clear()
            _munmap(self.base, self.size)


def load(object_bytes: bytes, imports: Mapping[str, int] | None = None, *, defaults: bool = True) -> LoadedUnit:
    """Map the object; outside symbols come from `imports` (name -> address), then, unless forbidden, `default_imports`."""
    image = ElfObject(object_bytes)
    if image.machine != MACHINE_X86_64:
        name = MACHINE_NAMES.get(image.machine, f"machine {image.machine}")
        raise LoadError(f"cannot load code for {name}: only x86-64 objects can be loaded so far")
    outside = _outside_addresses(image, imports or {}, defaults)
    layout = _Layout(image)
    base = _mmap(None, layout.size, _READ | _WRITE, _MAP_PRIVATE_ANONYMOUS, -1, 0)
    if base is None or base == ctypes.c_void_p(-1).value:
        raise LoadError(f"cannot map {layout.size} bytes of memory")
    try:
        memory = memoryview((ctypes.c_ubyte * layout.size).from_address(base)).cast("B")
        _copy_sections(image, layout, memory)
        values = _symbol_values(image, layout, base, outside)
        _Linker(image, layout, memory, base, values).link()
        memory.release()
        _protect(base, 0, layout.code_end, _READ | _EXEC)
        _protect(base, layout.code_end, layout.constant_end, _READ)
    except BaseException:
        _munmap(base, layout.size)
        raise
    symbols = {
        image.symbol_name(symbol): value for symbol, value in zip(image.symbols, values, strict=True)
        if symbol[1] >> 4 != STB_LOCAL and symbol[3] != SHN_UNDEF and symbol[1] & 15 not in (STT_SECTION, STT_FILE)
    }
    return LoadedUnit(symbols, base, layout.size, layout.code_end)


def _protect(base: int, start: int, end: int, rights: int) -> None:
    if end > start and _mprotect(base + start, end - start, rights):
        raise LoadError(f"the system refused to change the rights of code memory (error {ctypes.get_errno()})")


class _Layout:
    """Where everything goes, as offsets from the start of the mapping."""

    def __init__(self, image: ElfObject) -> None:
        self.places: dict[int, int] = {}
        groups: tuple[list[Section], list[Section], list[Section]] = ([], [], [])
        for section in image.loaded_sections():
            if section.align > _PAGE:
                raise LoadError(f"section {section.name} wants an alignment of {section.align}")
            if section.flags & SHF_EXECINSTR:
                groups[_CODE].append(section)
            elif section.flags & SHF_WRITE and not section.name.startswith(".data.rel.ro"):
                groups[_WRITABLE].append(section)
            else:
                groups[_CONSTANT].append(section)
        undefined = sum(1 for symbol in image.symbols if symbol[3] == SHN_UNDEF)
        # Room for a stub per outside symbol and a table word per symbol: pages nobody touches cost nothing.
        self.stubs = _round_up(self._place(groups[_CODE], 0), _STUB_SIZE)
        self.code_end = _round_up(self.stubs + undefined * _STUB_SIZE, _PAGE)
        self.table = _round_up(self._place(groups[_CONSTANT], self.code_end), 8)
        self.constant_end = _round_up(self.table + 8 * len(image.symbols), _PAGE)
        end = self._place(groups[_WRITABLE], self.constant_end)
        self.commons: dict[int, int] = {}
        for index, symbol in enumerate(image.symbols):
            if symbol[3] == SHN_COMMON:
                # For a common symbol the value is its alignment.
                align, size = symbol[4], symbol[5]
                if align & (align - 1) or align > _PAGE or size > LARGEST_IMAGE:
                    raise LoadError(f"symbol {image.symbol_name(symbol)!r} has an impossible size or alignment")
                self.commons[index] = end = _round_up(end, max(align, 1))
                end += size
        self.size = max(_round_up(end, _PAGE), _PAGE)
        if self.size > LARGEST_IMAGE:
            raise LoadError(f"the object wants {self.size} bytes of memory")

    def _place(self, sections: list[Section], offset: int) -> int:
        for section in sections:
            offset = _round_up(offset, section.align)
            self.places[section.number] = offset
            offset += section.size
        return offset


def _round_up(value: int, unit: int) -> int:
    return (value + unit - 1) & -unit


def _copy_sections(image: ElfObject, layout: _Layout, memory: memoryview) -> None:
    for index, offset in layout.places.items():
        section = image.sections[index]
        if section.kind != SHT_NOBITS:
            memory[offset:offset + section.size] = image.section_bytes(section)


def _outside_addresses(image: ElfObject, imports: Mapping[str, int], defaults: bool) -> dict[str, int]:
    wanted = image.undefined()
    found = {name: imports[name] for name in wanted if name in imports}
    missing = [name for name in wanted if name not in found]
    if missing and defaults:
        found.update(default_imports(missing, missing_ok=True))
        missing = [name for name in missing if name not in found]
    if missing:
        raise LoadError(f"nobody provides {', '.join(sorted(missing))}")
    return found


def _symbol_values(image: ElfObject, layout: _Layout, base: int, outside: dict[str, int]) -> list[Any]:
    """The address of every symbol, by its index; None where it has none (then only a broken object refers to it)."""
    starts: list[Any] = [None] * len(image.sections)
    for index, offset in layout.places.items():
        starts[index] = base + offset
    values: list[Any] = []
    for index, (_name, _info, _other, section, value, _size) in enumerate(image.symbols):
        if section == SHN_UNDEF:
            values.append(outside.get(image.symbol_name(image.symbols[index])))
        elif section == SHN_ABS:
            values.append(value)
        elif section == SHN_COMMON:
            values.append(base + layout.commons[index])
        else:
            start = starts[section]
            values.append(None if start is None else start + value)
    return values


class _Linker:
    """Applies x86-64 relocations to one mapped image; makes stubs and table words as they are needed."""

    def __init__(self, image: ElfObject, layout: _Layout, memory: memoryview, base: int, values: list[Any]) -> None:
        self.image, self.layout, self.memory, self.base, self.values = image, layout, memory, base, values
        self.words: dict[int, int] = {}
        self.stubs: dict[int, int] = {}

    def link(self) -> None:
        """Apply every relocation of every loaded section."""
        for section, records in self.image.relocations():
            place = self.layout.places.get(section.number)
            # Sections left out of memory (unwind tables, empty ones) need no relocation.
            if place is not None:
                try:
                    self._relocate(section, records, place)
                except (struct.error, IndexError, TypeError) as error:
                    raise LoadError(f"section {section.name}: a relocation does not fit ({error})") from None

    def _relocate(self, section: Section, records: memoryview, place: int) -> None:
        # The slice ends with the section, so pack_into refuses every place outside it; offsets are unsigned.
        window = self.memory[place:place + section.size]
        base, values = self.base + place, self.values
        # Locals and one path for the common kinds: this loop is most of the time of a load.
        direct, call, put = _R_PC32, _R_PLT32, _put_i32
        # A value of None makes the additions below fail with TypeError, an index outside the table with IndexError.
        for offset, kind, symbol, addend in RELOCATION.iter_unpack(records):
            if kind == call or kind == direct:  # noqa: SIM109 - twice as fast as a membership test
                try:
                    put(window, offset, values[symbol] + addend - base - offset)
                except struct.error:
                    if kind == direct:
                        raise LoadError(f"{self._name(symbol)} is out of reach of a direct reference") from None
                    put(window, offset, self._stub(symbol) + addend - base - offset)
            elif kind == _R_64:
                _put_u64(window, offset, (values[symbol] + addend) & 0xFFFFFFFFFFFFFFFF)
            elif kind in _GOT_KINDS:
                if kind == _R_REX_GOTPCRELX and offset >= 3 and addend == -4 and window[offset - 2] == 0x8B:
                    # mov symbol@table, register: when the symbol is near, lea gives the same without the load.
                    distance = values[symbol] + addend - base - offset
                    if -0x80000000 <= distance <= 0x7FFFFFFF:
                        _put_i32(window, offset, distance)
                        window[offset - 2] = 0x8D
                        continue
                _put_i32(window, offset, self._word(symbol) + addend - base - offset)
            elif kind == _R_32S:
                _put_i32(window, offset, values[symbol] + addend)
            elif kind == _R_32:
                _put_u32(window, offset, values[symbol] + addend)
            elif kind == _R_PC64:
                _put_i64(window, offset, values[symbol] + addend - base - offset)
            elif kind:
                raise LoadError(f"section {section.name}: relocation type {kind} is not supported")

    def _word(self, symbol: int) -> int:
        """Address of the table word that holds the symbol's address."""
        address = self.words.get(symbol)
        if address is None:
            offset = self.layout.table + 8 * len(self.words)
            _put_u64(self.memory, offset, self.values[symbol] & 0xFFFFFFFFFFFFFFFF)
            self.words[symbol] = address = self.base + offset
        return address

    def _stub(self, symbol: int) -> int:
        """Address of a stub that jumps to the symbol through its table word; only for symbols from outside."""
        address = self.stubs.get(symbol)
        if address is None:
            if self.image.symbols[symbol][3] != SHN_UNDEF:
                raise LoadError(f"{self._name(symbol)} is out of reach of a call")
            offset = self.layout.stubs + _STUB_SIZE * len(self.stubs)
            # jmp *distance(%rip); the distance counts from the end of the six-byte instruction.
            self.memory[offset:offset + 2] = b"\xff\x25"
            _put_i32(self.memory, offset + 2, self._word(symbol) - (self.base + offset + 6))
            self.stubs[symbol] = address = self.base + offset
        return address

    def _name(self, symbol: int) -> str:
        return f"symbol {self.image.symbol_name(self.image.symbols[symbol]) or symbol!r}"


# Libraries searched after the process itself: a Python that is linked without the mathematical library, and the compiler's
# helpers for 128-bit division, which no library of the process need contain.
_EXTRA_LIBRARIES = ("libm.so.6", "libgcc_s.so.1")
_handles: list[int] = [_libc._handle]
_resolved: dict[str, int] = {}


def default_imports(names: Iterable[str], *, missing_ok: bool = False) -> dict[str, int]:
    """Addresses of functions and data of libc, libm and the CPython C API, found by name in this process.

    Names that do not exist raise `LoadError` naming them all, or are left out if `missing_ok`.
    """
    found, missing = {}, []
    for name in names:
        address = _resolved.get(name)
        if address is None:
            address = _find(name)
            if address is None:
                missing.append(name)
                continue
            _resolved[name] = address
        found[name] = address
    if missing and not missing_ok:
        raise LoadError(f"this process has no {', '.join(sorted(missing))}")
    return found


def _find(name: str) -> int | None:
    position = 0
    while True:
        if position == len(_handles):
            if position > len(_EXTRA_LIBRARIES):
                return None
            try:
                _handles.append(ctypes.CDLL(_EXTRA_LIBRARIES[position - 1])._handle)
            except OSError:
                _handles.append(0)
        try:
            if _handles[position]:
                return dlsym(_handles[position], name)
        except OSError:
            pass
        position += 1
