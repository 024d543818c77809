"""Verbs: what an operation's body says to its surroundings. Each storey gives them meaning; no body asks where it runs.

``slow`` and ``call`` stand only in return position, and so do ``fail``, ``enter`` and ``leave``: a body leaves before its first
effect, or with its result. Called from plain CPython they have a meaning good for tests: a failure raises :class:`Raised`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, ParamSpec, TypeVar

from pagoda.native.intrinsics import Intrinsic
from pagoda.native.values import Abstract

P = ParamSpec("P")
R = TypeVar("R")


class Raised(Exception):
    """An operation failed while it ran unlowered; the context holds the error."""


class Left(Exception):
    """An operation left its frame (``enter``, ``leave``) while it ran unlowered."""

    def __init__(self, verb: str, *args: Any) -> None:
        super().__init__(verb)
        self.verb, self.arguments = verb, args


def _storey_only(b: Any, args: list[Abstract]) -> Abstract:
    raise TypeError("a verb stands in the body of an operation")


def _slow(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    result = function(*args, **kwargs)
    if has_failed(result):
        raise Raised
    return result


def has_failed(result: Any) -> bool:
    """Whether a native function's result says that it failed: its first word is negative."""
    first = next(iter(vars(result).values())) if hasattr(result, "__dict__") and vars(result) else result
    return not isinstance(first, bool) and isinstance(first, int) and first < 0


def _fail() -> NoReturn:
    raise Raised


def _enter(code: Any, window: Any) -> NoReturn:
    raise Left("enter", code, window)


def _leave(value: Any) -> NoReturn:
    raise Left("leave", value)


def _poll() -> None:
    return None


def _charge(units: int) -> None:
    return None


def _suspend(value: Any) -> NoReturn:
    raise Left("suspend", value)


class Verb(Intrinsic[..., Any]):
    """A verb; ``terminal`` ones stand only in return position."""

    def __init__(self, name: str, python: Callable[..., Any], terminal: bool) -> None:
        super().__init__(python, _storey_only)
        self.name = name
        self.terminal = terminal


slow = Verb("slow", _slow, True)
call = Verb("call", _slow, True)
fail = Verb("fail", _fail, True)
enter = Verb("enter", _enter, True)
leave = Verb("leave", _leave, True)
suspend = Verb("suspend", _suspend, True)
poll = Verb("poll", _poll, False)
charge = Verb("charge", _charge, False)

VERBS: dict[str, Verb] = {v.name: v for v in (slow, call, fail, enter, leave, suspend, poll, charge)}
