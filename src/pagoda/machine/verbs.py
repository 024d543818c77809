"""Verbs: what an operation's body says to its surroundings. Each storey gives them meaning; no body asks where it runs.

``slow`` and ``call`` stand only in return position, and so do ``fail``, ``enter`` and ``leave``: a body leaves before its first
effect, or with its result. Called from plain CPython they have a meaning good for tests: a failure raises :class:`Raised`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def _slow(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Any:
    result = function(*args, **kwargs)
    if isinstance(result, int):  # as lowered code has it: negative is failure, else the truth of a branch
        if result < 0:
            raise Raised
        return result != 0
    if result is not None and _failed(result):
        raise Raised
    return result


def first_word_negative(result: Any) -> bool:
    """What failure looks like where no language says otherwise: the value's first word is negative."""
    return bool(next(iter(vars(result).values())) < 0)


_failed: Callable[[Any], bool] = first_word_negative


@contextmanager
def failure_is(test: Callable[[Any], bool]) -> Iterator[None]:
    """Makes ``test`` (a value model's ``failed``) what unlowered bodies take for failure, for a while."""
    global _failed
    before, _failed = _failed, test
    try:
        yield
    finally:
        _failed = before


_charged: Any = None  # the context that unlowered bodies charge, if any


@contextmanager
def charged_to(context: Any) -> Iterator[None]:
    """Makes unlowered bodies take fuel from ``context`` and poll it, for a while."""
    global _charged
    before, _charged = _charged, context
    try:
        yield
    finally:
        _charged = before


def _fail() -> NoReturn:
    raise Raised


def _enter(code: Any, window: Any, *placed: Any) -> NoReturn:
    raise Left("enter", code, window, *placed)


def _become(code: Any, callee: Any, *args: Any) -> NoReturn:
    raise Left("become", code, callee, *args)


def _leave(value: Any) -> NoReturn:
    raise Left("leave", value)


def _poll() -> None:
    if _charged is not None and (_charged.fuel < 0 or _charged.poll_word != 0):
        from pagoda.machine.polling import poll_slow

        if poll_slow(_charged) != 0:
            raise Raised


def _charge(units: int) -> None:
    if _charged is not None:
        _charged.fuel = _charged.fuel - units


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
become = Verb("become", _become, True)
leave = Verb("leave", _leave, True)
suspend = Verb("suspend", _suspend, True)
poll = Verb("poll", _poll, False)
charge = Verb("charge", _charge, False)

VERBS: dict[str, Verb] = {v.name: v for v in (slow, call, fail, enter, become, leave, suspend, poll, charge)}
