"""How a Ruff program stops: errors that the guest may catch, limits that it may not, and the request to exit.

What must hold: only :class:`RuffError` reaches a guest handler. :class:`LimitError` and :class:`ExitRequest` are not
``Exception`` so that no ``except Exception`` of a library function swallows them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


Span = tuple[int, int]


class Leaving:
    """Of an error or a limit: the calls that it left. See :class:`RuffError` for what the fields hold."""

    stack: list[tuple[str, Span]]
    sources: dict[int, Any]

    def leave(self, name: str, span: Span, source: Any = None) -> None:
        """Notes that the error left a function that was called at ``span``; ``source`` is the function's, in a module."""
        if source is not None:
            self.sources[len(self.stack)] = source
        self.stack.append((name, span))


class RuffError(Leaving, Exception):
    """A run-time error of the guest.

    ``span`` is the place of the offending expression (``None`` until the evaluator knows it).
    ``stack`` lists the calls that were left, innermost first, as pairs of function name and span of the call.
    ``sources`` has the sources of those functions of the stack, by position, that are not the program's own but a module's.
    ``cause`` is the thrown struct's ``cause``, if ``has_cause``.
    ``from_builtin``: raised by a library function, whose errors show an empty stack to a handler.
    """

    def __init__(self, message: str, span: Span | None = None, *, from_builtin: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.stack: list[tuple[str, Span]] = []
        self.sources: dict[int, Any] = {}
        self.cause: Any = None
        self.has_cause = False
        self.from_builtin = from_builtin

    @property
    def source(self) -> Any:
        """The source that ``span`` lies in; ``None`` for the program's own."""
        return self.sources.get(0)


class LimitError(Leaving, BaseException):
    """A limit was reached. ``kind`` is ``fuel``, ``timeout``, ``memory`` or ``interrupt``. No guest handler sees it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.span: Span | None = None
        self.stack: list[tuple[str, Span]] = []
        self.sources: dict[int, Any] = {}


class ExitRequest(BaseException):
    """The guest called ``exit(code)``."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
