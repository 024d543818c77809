"""What leaves the machines of this storey when a script fails."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class EvaluationFailure(Exception):
    """The script failed: ``cause`` is one of those of :mod:`pagoda.languages.uplc.outcome`, ``term`` the term that did it."""

    def __init__(self, cause: str, message: str, term: Any = None) -> None:
        super().__init__(message)
        self.cause, self.message, self.term = cause, message, term
