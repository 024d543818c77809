"""Generators: a generator function's body becomes a Python generator, so ``yield`` works inside any statement.

Only statements that contain a ``yield`` of their own are translated this way; all others use the ordinary closures. A
``yield`` inside a larger expression is lifted out: it is evaluated before the rest of that expression. The value of
``yield v`` is ``v``.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.iterators import Iteration
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Value
from pagoda.languages.ruff.walk.state import BASE, BREAK, CONTINUE, NORMAL, Closure, EarlyReturn, Frame, error_value
from pagoda.languages.ruff.walk.statements import fits, iterate
from pagoda.languages.ruff.walk.translator import Translator
from pagoda.records import changed

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


def contains_yield(node: Any) -> bool:
    """Whether the node has a ``yield`` that belongs to the function around it."""
    if isinstance(node, tree.Yield):
        return True
    if isinstance(node, (list, tuple)):
        return any(contains_yield(item) for item in node)
    if not isinstance(node, tree.Node) or isinstance(node, tree.Function):
        return False
    return any(contains_yield(getattr(node, field)) for field in node.__fields__)


def generator_body(translator: Translator, node: tree.Function) -> Closure:
    """The closure for a generator function's body: gives the generator."""
    builder = _Builder(translator, node)
    block = builder.block(node.body.statements)

    def start(frame: Frame) -> GeneratorValue:
        frame.extend([None] * builder.extra)

        def run() -> Generator[Value, None, None]:
            try:
                yield from block(frame)
            except EarlyReturn:
                return
            except RuffError as error:
                error.stack.append((node.name or "<lambda>", node.span))
                raise

        steps = run()

        def advance() -> Value:
            try:
                return next(steps)
            except ValueError:
                raise RuffError("Generator is already running") from None

        return GeneratorValue(advance)

    return start


class _Builder:
    """Builds the steps of one generator function."""

    def __init__(self, translator: Translator, node: tree.Function) -> None:
        self.translator = translator
        self.state = translator.state
        self.size = node.frame_size
        self.extra = 0

    # -- expressions -------------------------------------------------------------------------------------------------

    def lift(self, node: Any, found: list[tuple[Closure | None, int]]) -> Any:
        """The node with every ``yield`` in it replaced by a slot; ``found`` gets what to yield and the slot for it."""
        if isinstance(node, tree.Yield):
            value = None if node.value is None else self.translator.owned(self.lift(node.value, found))
            slot = self.size + self.extra
            self.extra += 1
            found.append((value, BASE + slot))
            return tree.Name(node.span, "", tree.Binding("local", index=slot))
        if isinstance(node, list):
            return [self.lift(item, found) for item in node]
        if isinstance(node, tuple):
            return tuple(self.lift(item, found) for item in node)
        if not isinstance(node, tree.Node) or isinstance(node, (tree.Function, tree.Block)) or not contains_yield(node):
            return node
        changes = {field: self.lift(getattr(node, field), found) for field in node.__fields__}
        return changed(node, **changes)

    def lifted(self, node: Any) -> tuple[Steps, Any]:
        """The steps that run a node's yields, and the node without them."""
        found: list[tuple[Closure | None, int]] = []
        rest = self.lift(node, found)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            for value_of, slot in found:
                value = None if value_of is None else value_of(frame)
                frame[slot] = value
                yield value

        return run, rest

    # -- statements --------------------------------------------------------------------------------------------------

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
        before, rest = self.lifted(node)
        after = self.translator.statement(rest)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from before(frame)
            return after(frame)

        return run

    def _if(self, node: tree.If) -> Steps:
        before, rest = self.lifted(node.condition)
        condition = self.translator.expression(rest)
        then = self.statement(node.then)
        otherwise = None if node.otherwise is None else self.statement(node.otherwise)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            yield from before(frame)
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
                yield from before(frame)
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
            yield from before(frame)
            for item in iterate(iterable(frame), state, span):
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
            yield from before(frame)
            subject = subject_of(frame)
            for pattern, stores, body in cases:
                if fits(subject, pattern.enum, pattern.tag):
                    for position, store in stores:
                        store(frame, subject.payload[position] if position < len(subject.payload) else None)
                    return (yield from body(frame))
            return NORMAL if default is None else (yield from default(frame))

        return run

    def _try(self, node: tree.TryExcept) -> Steps:
        body, handler = self.statement(node.body), self.statement(node.handler)
        store = self.translator.store(node.name.binding)

        def run(frame: Frame) -> Generator[Value, None, Any]:
            try:
                return (yield from body(frame))
            except RuffError as error:
                caught = error
            store(frame, error_value(caught, frame))
            return (yield from handler(frame))

        return run
