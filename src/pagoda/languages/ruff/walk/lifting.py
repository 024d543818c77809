"""Takes the ``yield`` out of expressions: an expression becomes steps that may suspend, and a rest that does not.

The walker's closures cannot be suspended half-way, so what an expression does before a ``yield`` in it is done by steps, which
leave their values in extra slots of the frame; the rest reads those slots. What must hold: everything is evaluated in the
order, and under the conditions, that the language has without lifting: operands from left to right, the right side of ``&&``,
``||`` and ``??`` only when it counts, and a spread is checked before what stands behind it is evaluated.
"""

from __future__ import annotations

from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import Value, share
from pagoda.languages.ruff.walk.state import BASE, Closure, Frame
from pagoda.languages.ruff.walk.translator import Translator, cannot_fail
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    Step = Callable[[Frame], Generator[Value, None, None] | None]
    """Does its work at once and gives ``None``, or gives a generator that does it."""


def contains_yield(node: Any) -> bool:
    """Whether the node has a ``yield`` that belongs to the function around it."""
    if isinstance(node, tree.Yield):
        return True
    if isinstance(node, (list, tuple)):
        return any(contains_yield(item) for item in node)
    if not isinstance(node, tree.Node) or isinstance(node, tree.Function):
        return False
    return any(contains_yield(getattr(node, field)) for field in node.__fields__)


def run_steps(steps: list[Step], frame: Frame) -> Generator[Value, None, None]:
    """Do the steps in order; yields what they yield."""
    for step in steps:
        suspending = step(frame)
        if suspending is not None:
            yield from suspending


class Lifter:
    """Lifts for one generator function; ``extra`` counts the slots that its frames need beyond the function's own."""

    def __init__(self, translator: Translator, frame_size: int) -> None:
        self.translator = translator
        self.size = frame_size
        self.extra = 0

    def lifted(self, node: Any) -> tuple[list[Step], Any]:
        """The steps of an expression, or of a simple statement, and the rest of it."""
        steps: list[Step] = []
        return steps, self.rest(node, steps)

    def rest(self, node: Any, steps: list[Step]) -> Any:
        """The node without ``yield``, to be evaluated after the steps that are added to ``steps``."""
        if not contains_yield(node):
            return node
        special = _SPECIAL.get(node.__class__)
        if special is not None:
            return special(self, node, steps)
        fields = _OPERANDS[node.__class__]
        operands: list[Any] = []
        for field in fields:
            value = getattr(node, field)
            operands += value if isinstance(value, list) else [value]
        done = iter(self.in_order(operands, steps))
        changes: dict[str, Any] = {}
        for field in fields:
            value = getattr(node, field)
            changes[field] = [next(done) for _ in value] if isinstance(value, list) else next(done)
        return changed(node, **changes)

    def in_order(self, operands: list[Any], steps: list[Step]) -> list[Any]:
        """Operands of which at least one has a ``yield``: those before the last such one go into slots."""
        last = max(position for position, operand in enumerate(operands) if contains_yield(operand))
        before = [self.held(operand, steps) for operand in operands[:last]]
        return [*before, self.rest(operands[last], steps), *operands[last + 1 :]]

    def held(self, node: Any, steps: list[Step]) -> Any:
        """A node that reads what the given one is worth at this point."""
        if isinstance(node, tree.Spread):
            return changed(node, value=self.held(node.value, steps))
        rest = self.rest(node, steps)
        if cannot_fail(rest):
            return rest  # nobody else writes this frame's slots
        slot, reading = self.slot(node.span)
        steps.append(_set(self.translator.owned(rest), slot))
        return reading

    def slot(self, span: tree.Span) -> tuple[int, tree.Name]:
        """A new slot: its position in the frame, and the node that reads it."""
        index = self.size + self.extra
        self.extra += 1
        return BASE + index, tree.Name(span, "", tree.Binding("local", index=index))

    # -- what has an order or a condition of its own -------------------------------------------------------------------

    def yielded(self, node: tree.Yield, steps: list[Step]) -> Any:
        """``yield v`` is worth ``v``."""
        value_of = None if node.value is None else self.translator.owned(self.rest(node.value, steps))
        slot, reading = self.slot(node.span)

        def step(frame: Frame) -> Generator[Value, None, None]:
            value = frame[slot] = None if value_of is None else share(value_of(frame))
            yield value

        steps.append(step)
        return reading

    def logical(self, node: tree.Logical, steps: list[Step]) -> Any:
        """The steps of the right side are done only if it is evaluated."""
        if not contains_yield(node.right):
            return changed(node, left=self.rest(node.left, steps))
        left = self.translator.owned(self.rest(node.left, steps))
        slot, reading = self.slot(node.span)
        inner, rest = self.lifted(node.right)
        inner.append(_set(self.translator.owned(rest), slot))
        wanted = _GOES_ON[node.operator]

        def step(frame: Frame) -> Generator[Value, None, None]:
            frame[slot] = left(frame)
            if wanted(frame[slot]):
                yield from run_steps(inner, frame)

        steps.append(step)
        if node.operator == "??":
            return reading
        # Either side may be what the slot holds by now; what is left to do is to make a bool of it.
        return tree.Logical(node.span, node.operator, reading, tree.BoolLiteral(node.span, node.operator == "&&"))

    def array(self, node: tree.ArrayLiteral, steps: list[Step]) -> Any:
        """A spread item is checked when it is evaluated."""
        last = max(position for position, item in enumerate(node.items) if contains_yield(item))
        items: list[Any] = []
        for item in node.items[:last]:
            part = self.held(item, steps)
            if isinstance(part, tree.Spread):
                self.check(tree.ArrayLiteral(node.span, [part]), steps)
            items.append(part)
        return changed(node, items=[*items, self.rest(node.items[last], steps), *node.items[last + 1 :]])

    def dictionary(self, node: tree.DictLiteral, steps: list[Step]) -> Any:
        """Keys are checked at the end of their run, and a spread dict before the next entry."""
        last = max(position for position, entry in enumerate(node.entries) if contains_yield(entry))
        entries: list[Any] = []
        run: list[Any] = []
        for key, value in node.entries[:last]:
            if key is None:
                if run:
                    self.check(tree.DictLiteral(node.span, run), steps)
                    run = []
                entries.append((None, self.held(value, steps)))
                self.check(tree.DictLiteral(node.span, entries[-1:]), steps)
            else:
                run = [*run, (self.held(key, steps), self.held(value, steps))]
                entries.append(run[-1])
        key, value = node.entries[last]
        if key is None:
            if run:
                self.check(tree.DictLiteral(node.span, run), steps)
            entries.append((None, self.rest(value, steps)))
        else:
            entries.append(tuple(self.in_order([key, value], steps)))
        return changed(node, entries=[*entries, *node.entries[last + 1 :]])

    def call(self, node: tree.Call, steps: list[Step]) -> Any:
        """The callee, then the arguments; what is piped comes before the callee."""
        if node.piped:
            first, callee, *others = self.in_order([node.args[0], node.callee, *node.args[1:]], steps)
            return changed(node, callee=callee, args=[first, *others])
        callee, *args = self.in_order([node.callee, *node.args], steps)
        return changed(node, callee=callee, args=args)

    def structure(self, node: tree.StructLiteral, steps: list[Step]) -> Any:
        """Fields in order."""
        values = self.in_order([value for _, value in node.fields], steps)
        return changed(node, fields=[(name, value) for (name, _), value in zip(node.fields, values, strict=True)])

    def place(self, node: tree.AssignPlace, steps: list[Step]) -> Any:
        """The value first, then the indices; the variable itself is looked at last of all."""
        if node.error is not None:
            return changed(node, value=self.rest(node.value, steps))  # fails before it comes to the indices
        path: list[Any] = []
        base: Any = node.target
        while isinstance(base, (tree.FieldGet, tree.IndexGet)):
            path.insert(0, base)
            base = base.receiver
        indices = [level.index for level in path if isinstance(level, tree.IndexGet)]
        value, *done = self.in_order([node.value, *indices], steps)
        left = iter(done)
        for level in path:
            more = {"index": next(left)} if isinstance(level, tree.IndexGet) else {}
            base = changed(level, receiver=base, **more)
        return changed(node, target=base, value=value)

    def check(self, node: Any, steps: list[Step]) -> None:
        """A step that evaluates a node for the error that it may raise."""
        evaluate = self.translator.expression(node)

        def step(frame: Frame) -> None:
            evaluate(frame)

        steps.append(step)


def _set(value_of: Closure, slot: int) -> Step:
    def step(frame: Frame) -> None:
        frame[slot] = value_of(frame)

    return step


_GOES_ON: dict[str, Callable[[Value], bool]] = {
    "&&": truthy,
    "||": lambda value: not truthy(value),
    "??": lambda value: value is None,
}
"""Whether the right side counts, given the left side's value."""

_SPECIAL: dict[type, Any] = {
    tree.Yield: Lifter.yielded,
    tree.Logical: Lifter.logical,
    tree.ArrayLiteral: Lifter.array,
    tree.DictLiteral: Lifter.dictionary,
    tree.Call: Lifter.call,
    tree.StructLiteral: Lifter.structure,
    tree.AssignPlace: Lifter.place,
}

_OPERANDS: dict[type, tuple[str, ...]] = {
    tree.Interpolation: ("parts",),
    tree.Spread: ("value",),
    tree.Unary: ("operand",),
    tree.Binary: ("left", "right"),
    tree.MethodCall: ("receiver", "args"),
    tree.FieldGet: ("receiver",),
    tree.IndexGet: ("receiver", "index"),
    tree.Try: ("operand",),
    tree.EnumValue: ("args",),
    tree.ResultValue: ("value",),
    tree.Throw: ("value",),
    tree.Await: ("value",),
    tree.ExpressionStatement: ("value",),
    tree.Declaration: ("value",),
    tree.AssignName: ("value",),
    tree.Return: ("value",),
}
"""The operands of all other nodes, in the order of evaluation."""
