"""How a run ends when there are tasks: apart from :mod:`pagoda.languages.ruff.tasks`, which only programs with tasks import."""

from __future__ import annotations

from pagoda.languages.ruff.attention import attending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Cancelled(BaseException):
    """The task ends here, wherever it is; no guest handler sees it."""


class ProgramEnded(BaseException):
    """The program ends because of what happened in another task, which is ``reason``; no guest handler sees it."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__()
        self.reason = reason


def with_tasks(action: Callable[[], None], context: Any) -> None:
    """Runs a program's top level and then the tasks it has started; whatever ends it, no task is left."""
    try:
        attending(context.poll, action)
        if context.tasks is not None:
            context.tasks.finish()
    except ProgramEnded as end:
        raise end.reason from None
    finally:
        if context.tasks is not None:
            context.tasks.abandon()
            context.tasks = None
