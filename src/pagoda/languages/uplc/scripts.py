"""Reads scripts and their arguments from what a user names: texts, flat bytes, CBOR, envelopes, hexadecimal data."""

from __future__ import annotations

from pagoda.languages.binary import BinarySource
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.terms import Const, Program
from pagoda.languages.uplc.types import DATA_TYPE, Constant
from pagoda.machine.source import DiagnosticError, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.terms import Term

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
#: No argument of a script is this large.
_LARGEST = 64 * 1024 * 1024


class UnreadableArgument(Exception):
    """An argument that is no term and no data. The message is for the user."""


class FlatProgram(Program):
    """A program in flat bytes, which are decoded when its term or version is first asked for.

    That raises ``MalformedScript``, also for a script that does not bind all its variables.
    """

    __slots__ = ("_decoded", "flat")

    def __init__(self, flat: bytes) -> None:
        self.flat = flat
        self._decoded: Program | None = None

    def decoded(self) -> Program:
        """The program that the bytes stand for."""
        if self._decoded is None:
            self._decoded = read_closed(self.flat)
        return self._decoded

    @property
    def version(self) -> tuple[int, int, int]:  # type: ignore[override]
        """The version."""
        return self.decoded().version

    @property
    def term(self) -> Term:  # type: ignore[override]
        """The term."""
        return self.decoded().term


def read_script(source: Source, language: str | None = None, *, later: bool = False) -> tuple[Program, str | None]:
    """The program in a source, and the language of the ledger that its envelope names, if it has one.

    ``language``: the one that decides whether bytes may follow. ``later``: flat bytes are not looked into, the program is a
    :class:`FlatProgram`. Raises ``DiagnosticError`` for a text, ``MalformedScript`` for bytes.
    """
    if isinstance(source, BinarySource):
        read = FlatProgram if later else read_closed
        if source.name.endswith(".flat"):
            return read(source.data), None
        from pagoda.languages.uplc.encoding.script import open_script

        script = open_script(source.data, language)
        return read(script.flat), script.language
    from pagoda.languages.uplc.syntax.parser import parse_program

    return parse_program(source), None


def read_closed(flat: bytes) -> Program:
    """The program in flat bytes, which must bind all its variables. Raises ``MalformedScript``."""
    from pagoda.languages.uplc.encoding.flat import read_program

    program = read_program(flat)
    check_closed(program)
    return program


def check_closed(program: Program) -> None:
    """Raises ``MalformedScript`` for a program with a variable that nothing binds."""
    from pagoda.languages.uplc.terms_scope import check_scope

    free = check_scope(program.term)
    if free is not None:
        raise MalformedScript(f"the script is open: nothing binds a variable of index {free.index}")


def read_argument(text: str, position: int) -> Term:
    """The term that one argument of a script stands for: a term's text, hexadecimal CBOR data, or the name of a file
    (``.uplc``, ``.flat``, ``.plutus``: its term; ``.cbor``: data, in bytes or hexadecimal). Raises :class:`UnreadableArgument`.
    """
    name = f"argument {position}"
    try:
        if text.endswith((".uplc", ".flat", ".plutus", ".cbor")):
            return _from_file(text, name)
        if text and not len(text) % 2 and _HEXADECIMAL.issuperset(text):
            return _data(bytes.fromhex(text))
        from pagoda.languages.uplc.syntax.parser import parse_program, parse_term

        if text.lstrip().startswith("(program"):
            return parse_program(Source(name, text)).term
        return parse_term(Source(name, text))
    except DiagnosticError as problem:
        first = problem.diagnostics[0]
        line, column = problem.source.position(first.span[0])
        raise UnreadableArgument(f"{problem.source.name}:{line}:{column}: {first.message}") from None
    except MalformedScript as problem:
        raise UnreadableArgument(f"{name}: {problem}") from None


def _data(raw: bytes) -> Const:
    from pagoda.languages.uplc.encoding.data_cbor import read_data

    return Const(Constant(DATA_TYPE, read_data(raw)))


def _from_file(path: str, name: str) -> Term:
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise UnreadableArgument(f"{name}: cannot read '{path}': {reason.lower()}") from None
    if len(raw) > _LARGEST:
        raise UnreadableArgument(f"{name}: '{path}' is larger than {_LARGEST >> 20} MiB")
    if path.endswith(".cbor"):
        text = raw.strip()
        if text and not len(text) % 2 and not text.strip(b"0123456789abcdefABCDEF"):
            raw = bytes.fromhex(text.decode("ascii"))
        return _data(raw)
    if path.endswith(".uplc"):
        try:
            return read_script(Source(path, raw.decode("utf-8-sig")))[0].term
        except UnicodeDecodeError:
            raise UnreadableArgument(f"{name}: '{path}' is not UTF-8 text") from None
    return read_script(BinarySource(path, raw))[0].term
