"""Scripts to be timed: a fully applied script comes apart into the script as its author wrote it and what it was applied to.

What must hold: nothing that is timed is given the same bytes twice, so that nobody can answer from memory: arguments are new
objects, and a script can be spelled in :data:`SPELLINGS` ways that mean the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.terms import Apply, Const, Program
from pagoda.languages.uplc.types import DATA_TYPE
from pagoda.tools import exits

_MOST_PADDING = 8
SPELLINGS = _MOST_PADDING**3
"""How many spellings :func:`spelled` knows."""


class Sample(NamedTuple):
    """A script: its name, the whole of it as it was found, the bare script in flat bytes, its arguments in CBOR, in order."""

    name: str
    path: Path
    whole: Program
    flat: bytes
    arguments: tuple[bytes, ...]

    def fresh_arguments(self) -> tuple[bytes, ...]:
        """The arguments as new objects."""
        return tuple([bytes(bytearray(argument)) for argument in self.arguments])


def find(place: Path, only: str | None) -> list[Sample]:
    """The scripts in a folder, or the one in a file, by name. Raises ``UsageProblem`` where there is none."""
    paths = sorted(place.glob("*.flat")) if place.is_dir() else [place]
    by_name = {path.stem: path for path in paths if path.is_file()}
    if not by_name:
        raise exits.UsageProblem(f"no scripts (*.flat) in '{place}'")
    if only is not None:
        wanted = [name.strip() for name in only.split(",")]
        absent = [name for name in wanted if name not in by_name]
        if absent:
            raise exits.UsageProblem(f"no script '{absent[0]}' in '{place}'")
        by_name = {name: by_name[name] for name in wanted}
    return [read(path) for path in by_name.values()]


def read(path: Path) -> Sample:
    """Reads a script and takes it apart. Raises ``MalformedScript``."""
    whole = read_program(path.read_bytes())
    term, arguments = whole.term, []
    while isinstance(term, Apply) and isinstance(term.argument, Const) and term.argument.constant.type is DATA_TYPE:
        arguments.append(write_data(term.argument.constant.value))
        term = term.function
    flat = write_program(Program(whole.version, term))
    return Sample(path.stem, path, whole, flat, tuple(reversed(arguments)))


def spelled(flat: bytes, number: int) -> bytes:
    """A script in one of its spellings: the three numbers of its version with zeros in front, up to seven each.

    They are numbers below 128, so each takes a byte, the highest bit of which says that another one follows.
    """
    assert max(flat[:3]) < 128, "a version of a script that is in use"
    made = bytearray()
    for byte in flat[:3]:
        number, padding = divmod(number, _MOST_PADDING)
        made += bytes([byte, *(0,) * padding])
        for at in range(len(made) - padding - 1, len(made) - 1):
            made[at] |= 128
    return bytes(made + flat[3:])
