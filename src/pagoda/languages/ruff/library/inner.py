"""Two names that the reference registers for its own use: no program has to call them, and one of them no program can."""

from __future__ import annotations

from pagoda.languages.ruff.library.registry import builtin, get
from pagoda.languages.ruff.library.waiting import polling
from pagoda.languages.ruff.values import Array, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("Promise.all", 1, 2, needs_context=True, keeps=True)
def promise_all(context: Any, *arguments: Value) -> Value:
    """``promise_all`` under the name that the reference gives it too; the grammar has no way to call it."""
    function = get("promise_all")
    assert function is not None
    return function.call(context, *arguments) if function.needs_context else function.call(*arguments)


@builtin("__vm_for_iterable", 1, needs_context=True, keeps=True)
def for_iterable(context: Any, value: Value) -> Array:
    """An array of what ``for`` would walk over."""
    from pagoda.languages.ruff.walk.statements import iterate

    return Array(list(polling(context, iterate(value, context, context.span), 256)))
