"""Generators: a generator function's body becomes a Python generator, so ``yield`` works inside any statement.

Only statements that contain a ``yield`` of their own are translated this way; all others use the ordinary closures. A ``yield``
inside a larger expression is taken out by :mod:`pagoda.languages.ruff.walk.lifting`. The value of ``yield v`` is ``v``.

A generator runs on top of whoever resumes it: that is where its depth and an error's stack go on. An error ends it, and so does
``return``, whose value is dropped. Only the call that makes it costs fuel, not its being resumed.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.iterators import Iteration
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Value, share
from pagoda.languages.ruff.walk.lifting import Lifter, contains_yield, run_steps
from pagoda.languages.ruff.walk.state import (
    BREAK,
    CALLER,
    CONTINUE,
    DEPTH,
    NORMAL,
    Closure,
    EarlyReturn,
    Frame,
    State,
    depth_error,
    error_value,
)
from pagoda.languages.ruff.walk.statements import fits, iterate
from pagoda.languages.ruff.walk.translator import Translator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    Steps = Callable[[Frame], Generator[Value, None, Any]]
    """Runs a statement, yielding what the guest yields; returns the signal."""


class GeneratorValue(Iteration):
    """What a call of a generator function gives."""

    __slots__ = ()
    type_name = "generator"


def generator_body(translator: Translator, node: tree.Function) -> Closure:
    """The closure for a generator function's body: gives the generator."""
    builder = _Builder(translator, node)
    block = builder.block(node.body.statements)
    state, name = translator.state, node.name or "<lambda>"
    source = None if translator.module is None else translator.module.source

    def start(frame: Frame) -> GeneratorValue:
        frame.extend([None] * builder.lifter.extra)
        return GeneratorValue(_resumer(state, name, frame, _run(block, frame), source))

    return start


def _run(block: Steps, frame: Frame) -> Generator[Value, None, None]:
    try:
        yield from block(frame)
    except EarlyReturn:
        return


def _resumer(state: State, name: str, frame: Frame, steps: Any, source: Any) -> Callable[[], Value]:
    """What gives the generator's next value; ``state.frame`` and ``state.span`` tell who asks for it, and where."""

    def advance() -> Value:
        caller, span = state.frame, state.span
        if steps.gi_running:
            raise RuffError("Generator is already running")
        depth = caller[DEPTH] + 1
        if depth > state.max_depth:
            raise RuffError(depth_error(state.max_depth, name).message, span)
        frame[DEPTH], frame[CALLER] = depth, caller
        try:
            return next(steps)
        except RuffError as error:
            error.leave(name, span, source)
            raise
        finally:
            frame[CALLER] = None  # keeps nothing of the caller alive while it waits
            state.frame, state.span = caller, span

    return advance


class _Builder:
    """Builds the steps of one generator function."""

    def __init__(self, translator: Translator, node: tree.Function) -> None:
        self.translator = translator
        self.state = translator.state
        self.lifter = Lifter(translator, node.frame_size)
        self.lifted = self.lifter.lifted

    def block(self, statements: list[Any]) -> Steps:
        """Statements in order."""
        parts = [
            (True, self.statement(node)) if contains_yield(node) else (False, self.translator.statement(node))
            for node in statements
        ]

        def run(frame: Frame) -> Generator[Value, None, Any]:
            for yields, part in parts:
                result = (yield from part(frame)) if yields else part(frame)
                if result is not NORMAL:
                    return result
            return NORMAL

        return run

    def statement(self, node: Any) -> Steps:
        """A statement that contains a ``yield``."""
        if isinstance(node, tree.Block):
            return self.block(node.statements)
        if isinstance(node, tree.If):
            return self._if(node)
        if isinstance(node, tree.While):
            return self._while(node)
        if isinstance(node, tree.For):
            return self._for(node)
        if isinstance(node, tree.Match):
            return self._match(node)
        if isinstance(node, tree.TryExcept):
            return self._try(node)
        if isinstance(node, tree.Export):
            return self.statement(node.statement)
        before, rest = self.lifted(node)
        after = self.translator.statement(rest)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from run_steps(before, frame)
            return after(frame)

        return run

    def _if(self, node: tree.If) -> Steps:
        before, rest = self.lifted(node.condition)
        condition = self.translator.expression(rest)
        then = self.statement(node.then)
        otherwise = None if node.otherwise is None else self.statement(node.otherwise)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from run_steps(before, frame)
            if truthy(condition(frame)):
                return (yield from then(frame))
            return NORMAL if otherwise is None else (yield from otherwise(frame))

        return run

    def _while(self, node: tree.While) -> Steps:
        state = self.state
        before, rest = self.lifted(node.condition)
        condition = None if rest is None else self.translator.expression(rest)
        body = self.statement(node.body)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            while True:
                yield from run_steps(before, frame)
                if condition is not None and not truthy(condition(frame)):
                    return NORMAL
                state.charge(1)
                result = yield from body(frame)
                if result is BREAK:
                    return NORMAL
                if result is not NORMAL and result is not CONTINUE:
                    return result

        return run

    def _for(self, node: tree.For) -> Steps:
        state, span = self.state, node.iterable.span
        before, rest = self.lifted(node.iterable)
        iterable = self.translator.expression(rest)
        store = self.translator.store(node.name.binding)
        body = self.statement(node.body)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from run_steps(before, frame)
            for item in iterate(iterable(frame), state, span, frame):
                state.charge(1)
                if item.__class__ in CONTAINERS:
                    item.shared = True
                store(frame, item)
                result = yield from body(frame)
                if result is BREAK:
                    break
                if result is not NORMAL and result is not CONTINUE:
                    return result
            return NORMAL

        return run

    def _match(self, node: tree.Match) -> Steps:
        before, rest = self.lifted(node.subject)
        subject_of = self.translator.owned(rest)
        cases = [
            (
                pattern,
                [(position, self.translator.store(binding)) for position, binding in pattern.payload_bindings],
                self.statement(body),
            )
            for pattern, body in node.cases
        ]
        default = None if node.default is None else self.statement(node.default)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from run_steps(before, frame)
            subject = subject_of(frame)
            for pattern, stores, body in cases:
                if fits(subject, pattern.enum, pattern.tag):
                    for position, store in stores:
                        store(frame, share(subject.payload[position]) if position < len(subject.payload) else None)
                    return (yield from body(frame))
            return NORMAL if default is None else (yield from default(frame))

        return run

    def _try(self, node: tree.TryExcept) -> Steps:
        body, handler = self.statement(node.body), self.statement(node.handler)
        store = self.translator.store(node.name.binding)
        max_depth = self.state.max_depth

        def run(frame: Frame) -> Generator[Value, None, Any]:
            try:
                return (yield from body(frame))
            except RuffError as error:
                caught = error
            except RecursionError:
                caught = RuffError(f"Maximum VM call stack depth of {max_depth} exceeded", node.span)
            store(frame, error_value(caught, frame))
            return (yield from handler(frame))

        return run
