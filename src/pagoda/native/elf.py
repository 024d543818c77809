"""Reader of relocatable ELF objects: sections, symbols and relocations, as Python data.

It reads what the emitter makes (64-bit little-endian `ET_REL` files) and refuses everything else with `LoadError`.
What must hold: no byte of the object is believed. Every offset, size and index is checked against the object before it is
used, so a damaged object ends in `LoadError` and never in a crash or an endless loop. Placing the sections in memory is
the loader's work; this file never touches memory outside the object.
"""

from __future__ import annotations

import struct

# The typing module takes longer to import than an object to load, so only the type checker sees it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

MACHINE_X86_64 = 62
MACHINE_AARCH64 = 183
MACHINE_NAMES = {3: "i386", MACHINE_X86_64: "x86-64", MACHINE_AARCH64: "aarch64", 243: "riscv", 22: "s390x", 21: "ppc64"}

SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_RELA, SHT_NOBITS, SHT_REL = 1, 2, 3, 4, 8, 9
_CONSTRUCTOR_KINDS = (14, 15, 16)  # arrays of initialisers and finalisers
SHT_X86_64_UNWIND = 0x70000001
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED, SHF_TLS = 1, 2, 4, 0x800, 0x400
SHN_UNDEF, SHN_LORESERVE, SHN_ABS, SHN_COMMON = 0, 0xFF00, 0xFFF1, 0xFFF2
STB_LOCAL = 0
STT_SECTION, STT_FILE, STT_TLS, STT_GNU_IFUNC = 3, 4, 6, 10

# Larger images could put two parts of one unit out of reach of a 32-bit displacement; real units are under 10 MB.
LARGEST_IMAGE = 1 << 30

_FILE_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
# r_info is (symbol << 32 | type); read as two words the type comes first.
RELOCATION = struct.Struct("<QIIq")


class LoadError(Exception):
    """An object that cannot be loaded: damaged, of another machine, or with symbols nobody provides."""


class Section:
    """One section header; `number` is its own place in the table, `name` is for messages."""

    __slots__ = ("number", "name", "kind", "flags", "offset", "size", "link", "info", "align", "entry_size")

    def __init__(self, number: int, name: str, header: tuple[int, ...]) -> None:
        self.number, self.name = number, name
        _name, self.kind, self.flags, _address, self.offset, self.size, self.link, self.info, align, self.entry_size = header
        self.align = max(align, 1)


# One row of the symbol table as it lies in the file: name, info (binding << 4 | kind), other, section, value, size. There are
# thousands, so they stay plain tuples.
Symbol: TypeAlias = "tuple[int, int, int, int, int, int]"


class ElfObject:
    """A checked view of one relocatable object. Sections and symbols are parsed when the view is made."""

    __slots__ = ("data", "machine", "sections", "symbols", "_names", "_relocations")

    def __init__(self, data: bytes) -> None:
        self.data = memoryview(data)
        self.machine, table_offset, count, names_index = self._file_header()
        self.sections = self._section_table(table_offset, count, names_index)
        self._relocations: list[Section] = []
        symbol_tables = []
        for section in self.sections:
            if section.kind == SHT_RELA:
                self._relocations.append(section)
            elif section.kind == SHT_SYMTAB:
                symbol_tables.append(section)
            elif section.kind == SHT_REL and self._is_loaded(section.info):
                raise LoadError(f"section {section.name}: relocations without addends are not supported")
        if len(symbol_tables) > 1:
            raise LoadError("the object has more than one symbol table")
        self._names = b"\0"
        self.symbols = self._symbol_table(symbol_tables[0]) if symbol_tables else []

    def _file_header(self) -> tuple[int, int, int, int]:
        data = self.data
        if len(data) < _FILE_HEADER.size:
            raise LoadError("the object is shorter than an ELF header")
        (ident, kind, machine, version, _entry, _phoff, section_offset, _flags, _ehsize, _phentsize, _phnum,
         section_size, section_count, names_index) = _FILE_HEADER.unpack_from(data, 0)
        if ident[:4] != b"\x7fELF":
            raise LoadError("not an ELF object")
        if ident[4] != 2 or ident[5] != 1 or ident[6] != 1 or version != 1:
            raise LoadError("not a 64-bit little-endian ELF object")
        if kind != 1:
            raise LoadError("not a relocatable ELF object")
        if section_size != _SECTION.size or section_count == 0:
            raise LoadError("the object has no usable section table")
        if section_offset > len(data) or section_count * _SECTION.size > len(data) - section_offset:
            raise LoadError("the section table lies outside the object")
        if names_index >= section_count:
            raise LoadError("the section name table does not exist")
        return machine, section_offset, section_count, names_index

    def _section_table(self, table_offset: int, count: int, names_index: int) -> list[Section]:
        data = self.data
        raw = list(_SECTION.iter_unpack(data[table_offset:table_offset + count * _SECTION.size]))
        length = len(data)
        for index, (_name, kind, _flags, _address, offset, size, _link, _info, align, _entry_size) in enumerate(raw):
            if index and kind != SHT_NOBITS and (offset > length or size > length - offset):
                raise LoadError(f"section {index} lies outside the object")
            if size > LARGEST_IMAGE:
                raise LoadError(f"section {index} is too large")
            if align & (align - 1):
                raise LoadError(f"section {index} has the alignment {align}")
        names = self._strings(raw[names_index])
        return [
            Section(index, _string(names, header[0]), header) for index, header in enumerate(raw)
        ]

    def _strings(self, raw: tuple[int, ...]) -> bytes:
        if raw[1] != SHT_STRTAB:
            raise LoadError("a string table is not a string table")
        strings = bytes(self.data[raw[4]:raw[4] + raw[5]])
        if not strings or strings[-1]:
            raise LoadError("a string table is not terminated")
        return strings

    def _symbol_table(self, table: Section) -> list[Symbol]:
        if table.entry_size != _SYMBOL.size or table.size % _SYMBOL.size:
            raise LoadError("the symbol table has entries of a wrong size")
        if table.link >= len(self.sections):
            raise LoadError("the symbol table has no names")
        linked = self.sections[table.link]
        self._names = self._strings((0, linked.kind, 0, 0, linked.offset, linked.size))
        sizes = [section.size for section in self.sections]
        count = len(sizes)
        symbols: list[Symbol] = list(_SYMBOL.iter_unpack(self.section_bytes(table)))
        for symbol in symbols:
            section = symbol[3]
            if section < SHN_LORESERVE:
                if section >= count:
                    raise LoadError(f"{self.symbol_name(symbol)} lies in section {section}, which does not exist")
                if section and symbol[4] > sizes[section]:
                    raise LoadError(f"{self.symbol_name(symbol)} lies outside its section")
            elif section not in (SHN_ABS, SHN_COMMON):
                raise LoadError(f"{self.symbol_name(symbol)} has the section index {section:#x}")
            if symbol[1] & 15 in (STT_TLS, STT_GNU_IFUNC):
                raise LoadError(f"{self.symbol_name(symbol)} is thread-local or indirect, which is not supported")
        return symbols

    def symbol_name(self, symbol: Symbol) -> str:
        """The symbol's name, "" if it has none."""
        return _string(self._names, symbol[0])

    def _is_loaded(self, index: int) -> bool:
        if index >= len(self.sections):
            raise LoadError("relocations for a section that does not exist")
        return self.sections[index].flags & SHF_ALLOC != 0

    def section_bytes(self, section: Section) -> memoryview:
        """The bytes of a section that has bytes (not `SHT_NOBITS`)."""
        return self.data[section.offset:section.offset + section.size]

    def loaded_sections(self) -> list[Section]:
        """The sections that belong in memory; refuses those that need a run-time this loader does not have.

        Unwind tables are left out: generated code returns its errors as values and is never unwound.
        """
        chosen = []
        for section in self.sections:
            if not section.flags & SHF_ALLOC or section.size == 0 or section.kind == SHT_X86_64_UNWIND:
                continue
            if section.name.startswith(".eh_frame"):
                continue
            if section.flags & (SHF_TLS | SHF_COMPRESSED):
                raise LoadError(f"section {section.name}: thread-local and compressed sections are not supported")
            if section.kind in _CONSTRUCTOR_KINDS or section.name.startswith((".ctors", ".dtors")):
                raise LoadError(f"section {section.name}: constructors and destructors are not run")
            if section.flags & SHF_WRITE and section.flags & SHF_EXECINSTR:
                raise LoadError(f"section {section.name} is both writable and executable")
            chosen.append(section)
        return chosen

    def relocations(self) -> list[tuple[Section, memoryview]]:
        """(target section, packed relocation records) for every loaded section, to be read with `RELOCATION`."""
        found = []
        for section in self._relocations:
            if not self._is_loaded(section.info):
                continue
            if section.entry_size != RELOCATION.size or section.size % RELOCATION.size:
                raise LoadError(f"section {section.name} has entries of a wrong size")
            found.append((self.sections[section.info], self.section_bytes(section)))
        return found

    def undefined(self) -> list[str]:
        """Names of the symbols the object takes from outside, in the order of its table."""
        return [self.symbol_name(symbol) for symbol in self.symbols if symbol[3] == SHN_UNDEF and symbol[0]]


def _string(table: bytes, offset: int) -> str:
    if offset >= len(table):
        raise LoadError("a name lies outside its string table")
    # The table ends in NUL (checked), so the search always succeeds.
    return table[offset:table.index(0, offset)].decode("utf-8", "replace")
