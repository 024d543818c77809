"""How an operation answers with what an inline function of natives gives."""

from __future__ import annotations

from pagoda.languages.uplc.ops.model import Value
from pagoda.machine.verbs import fail
from pagoda.native import inline
from pagoda.native.intrinsics import unlikely


@inline
def given(answer: tuple[bool, Value]) -> Value:
    """The value of an answer that says whether there is one; without one the operation fails."""
    fits, found = answer
    if unlikely(not fits):
        return fail()
    return found
