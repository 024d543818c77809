"""Programs: a version and a closed term, with every form that a script is kept in.

What must hold: a program is never changed; one that was read from bytes keeps them, so that they and the script's hash come
back as they were, whatever encoder wrote them; terms of any depth are read, applied, written and compared.
"""

from __future__ import annotations

from pagoda.languages.uplc import terms
from pagoda.languages.uplc.scripts import FlatProgram
from pagoda.machine.source import DiagnosticError, Source
from pagoda.uplc.arguments import argument_term, closed
from pagoda.uplc.data import bytes_of_hex
from pagoda.uplc.errors import RAISED_BELOW, MalformedScript, public

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.uplc.storeys import Ready


class Program:
    """A version and a closed term. Two programs are equal when both are, up to the names of variables.

    ``language``: the language of the ledger (``"V1"`` to ``"V4"``) that the script's text envelope names, else ``None``.
    """

    __slots__ = ("__weakref__", "_flat", "_language", "_program", "_ready", "_serialised")

    _program: terms.Program
    _flat: bytes | None
    _serialised: bytes | None
    _language: str | None
    _ready: dict[tuple[str | None, int, int], Ready]  # by language, protocol version and the cost model's identity

    def __init__(self, term: Term | str, version: tuple[int, int, int] = (1, 1, 0)) -> None:
        """``term``: a term or its text. Raises :class:`MalformedScript` for a text that is none and for an open term."""
        if isinstance(term, str):
            from pagoda.languages.uplc.syntax.parser import parse_term

            try:
                term = parse_term(Source("term", term), version)
            except DiagnosticError as problem:
                raise public(problem) from None
        self._set(terms.Program(version, closed(term, "term")))

    def _set(
        self,
        program: terms.Program,
        flat: bytes | None = None,
        serialised: bytes | None = None,
        language: str | None = None,
    ) -> Program:
        self._program, self._flat, self._serialised, self._language = program, flat, serialised, language
        self._ready = {}
        return self

    @classmethod
    def _of(cls, program: terms.Program) -> Program:
        """A program of what is known to be closed."""
        return object.__new__(cls)._set(program)

    # ------------------------------------------------------------ reading

    @classmethod
    def from_flat(cls, data: bytes) -> Program:
        """The program in flat bytes. Raises :class:`MalformedScript`."""
        data = bytes(data)
        return object.__new__(cls)._set(FlatProgram(data), data)._decoded()

    @classmethod
    def from_cbor(cls, data: bytes, language: str | None = None) -> Program:
        """The program in flat bytes that are wrapped in CBOR bytes, once or twice.

        ``language``: the ledger's; V1 and V2 tolerate bytes after the script. Raises :class:`MalformedScript`.
        """
        data = bytes(data)
        if not data or data[0] >> 5 != 2:
            raise MalformedScript("the script is not wrapped in CBOR bytes", 0, "byte")
        return cls.from_bytes(data, language)

    @classmethod
    def from_bytes(cls, data: bytes, language: str | None = None) -> Program:
        """The program in bytes of any kind: flat, wrapped in CBOR once or twice, those as hexadecimal digits, a text envelope.
        Parameters and errors as for :meth:`from_cbor`."""
        return cls._of_bytes(data, language)._decoded()

    @classmethod
    def _of_bytes(cls, data: bytes, language: str | None) -> Program:
        """As :meth:`from_bytes`, but the flat bytes are decoded when the term is first asked for."""
        from pagoda.languages.uplc.encoding.script import open_script

        try:
            script = open_script(bytes(data), language)
        except RAISED_BELOW as problem:
            raise public(problem) from None
        return object.__new__(cls)._set(FlatProgram(script.flat), script.flat, script.serialised, script.language)

    def _decoded(self) -> Program:
        """The program, decoded by now."""
        try:
            _ = self._program.term
        except RAISED_BELOW as problem:
            raise public(problem) from None
        return self

    @classmethod
    def from_hex(cls, text: str, language: str | None = None) -> Program:
        """The program in the hexadecimal digits of bytes of any kind. Parameters and errors as for :meth:`from_cbor`."""
        return cls.from_bytes(bytes_of_hex(text), language)

    @classmethod
    def from_text(cls, text: str, name: str = "script") -> Program:
        """The program that a text is. ``name``: what messages call it. Raises :class:`MalformedScript`."""
        from pagoda.languages.uplc.syntax.parser import parse_program

        try:
            return object.__new__(cls)._set(parse_program(Source(name, text)))
        except DiagnosticError as problem:
            raise public(problem) from None

    @classmethod
    def from_file(cls, path: str | PathLike[str], language: str | None = None) -> Program:
        """The program in a file: a text where its name ends in ``.uplc``, else bytes of any kind. Raises :class:`OSError` and
        :class:`MalformedScript`."""
        with open(path, "rb") as file:
            data = file.read()
        name = str(path)
        if not name.endswith(".uplc"):
            return cls.from_bytes(data, language)
        try:
            return cls.from_text(data.decode("utf-8-sig"), name)
        except UnicodeDecodeError:
            raise MalformedScript(f"'{name}' is not UTF-8 text") from None

    # ------------------------------------------------------------ what it is

    @property
    def version(self) -> tuple[int, int, int]:
        """The version, ``(1, 1, 0)`` for instance."""
        return self._program.version

    @property
    def term(self) -> Term:
        """The term (:mod:`pagoda.uplc.terms`)."""
        return self._program.term

    @property
    def language(self) -> str | None:
        """The language that the script's envelope named."""
        return self._language

    # ------------------------------------------------------------ making another one

    def apply(self, *arguments: Any) -> Program:
        """The program applied to arguments (:mod:`pagoda.uplc.arguments`). Raises :class:`MalformedScript` and
        :class:`TypeError` for what is no argument."""
        version, term = self.version, self.term
        for position, argument in enumerate(arguments, 1):
            if isinstance(argument, Program):
                version = max(version, argument.version)
            term = terms.Apply(term, argument_term(argument, f"argument {position}"))
        return Program._of(terms.Program(version, term)) if arguments else self

    # ------------------------------------------------------------ writing

    def to_flat(self) -> bytes:
        """The flat bytes. Raises :class:`Unencodable`, for a point of a curve for instance."""
        if self._flat is None:
            from pagoda.languages.uplc.encoding.flat import write_program

            try:
                self._flat = write_program(self._program)
            except RAISED_BELOW as problem:
                raise public(problem) from None
        return self._flat

    def to_cbor(self, double: bool = False) -> bytes:
        """The flat bytes wrapped in CBOR bytes: once, as a chain has them, or twice, as most tools have. Raises
        :class:`Unencodable`."""
        from pagoda.languages.uplc.encoding.script import wrap

        if self._serialised is None:
            self._serialised = wrap(self.to_flat())
        return wrap(self._serialised) if double else self._serialised

    def to_hex(self, double: bool = False) -> str:
        """What :meth:`to_cbor` gives, as hexadecimal digits."""
        return self.to_cbor(double).hex()

    def to_envelope(self, language: str, description: str = "") -> str:
        """The text envelope that ``cardano-cli`` reads. Raises :class:`Unencodable`, :class:`ValueError` for a language that
        there is not."""
        from pagoda.languages.uplc.encoding.envelope import write_envelope
        from pagoda.languages.uplc.encoding.ledger import check_language

        check_language(language)
        return write_envelope(self.to_cbor(double=True), language, description)

    def to_text(self, width: int | None = 100) -> str:
        """The text, in lines of about ``width`` characters, or in one (``None``)."""
        from pagoda.languages.uplc.syntax.printer import program_text

        return program_text(self._program, width)

    def hash(self, language: str) -> str:
        """The 28 bytes that name the script on a chain, as hexadecimal digits. Raises :class:`Unencodable`,
        :class:`ValueError` for a language that there is not."""
        from pagoda.languages.uplc.encoding.script import serialised_hash

        return serialised_hash(self.to_cbor(), language).hex()

    # ------------------------------------------------------------ as a Python object

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        from pagoda.languages.uplc.terms_scope import same_program

        return same_program(self._program, other._program)

    def __hash__(self) -> int:
        # Not the bytes: they may be other ones for an equal program. What the term begins with is enough.
        return hash((self.version, type(self.term)))

    def __repr__(self) -> str:
        return f"<program {'.'.join(map(str, self.version))} of {type(self.term).__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self._flat is not None and self._serialised is not None:
            return _restored, (self._flat, self._serialised, self._language)
        return Program.from_text, (self.to_text(None),)


def _restored(flat: bytes, serialised: bytes, language: str | None) -> Program:
    made = Program.from_flat(flat)
    return made._set(made._program, flat, serialised, language)
