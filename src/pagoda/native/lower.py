"""Lowering, part three: statements, joins, loops, inlined bodies, and whole functions.

The body is read as syntax and evaluated over constants and SSA words. A condition that folds leaves one branch; two paths
that meet bring phis only for the names in which they differ; the paths of several returns meet at the end, and a field that
every return leaves at the same constant stays a constant for the caller.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pagoda.native import types
from pagoda.native.environment import Edge, Environment, join, materialise, part_type
from pagoda.native.functions import NativeFunction
from pagoda.native.lower_base import TROUBLE, Activation, Ended, UnitText
from pagoda.native.lower_expressions import ExpressionLowering, Outcome, extension
from pagoda.native.text import Block, FunctionText
from pagoda.native.values import Abstract, Known, Parts, Word, default_type, type_of

INLINE_LIMIT = 60


class Lowering(ExpressionLowering):
    """Lowers statements; see the module's docstring."""

    def statements(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not self.reachable:
                return
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        activation = self.activations[-1]
        before = activation.node
        activation.node = node
        try:
            method = self.methods.get(type(node)) or self.method(node, "do_")
            method(self, node)
        except Ended:
            pass
        except TROUBLE as problem:
            self.trouble(problem, node)
        activation.node = before

    # -- simple statements

    def do_Pass(self, node: ast.Pass) -> None:
        pass

    def do_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.expression(node.value)

    def do_Assert(self, node: ast.Assert) -> None:
        if not self.unit.checked:
            return
        value = self.negate(self.expression(node.test))
        if not isinstance(value, Known):
            self.trap_if(self.operand(value, types.BOOL))
        elif value.value:
            self.trap()

    def do_Assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            self.error("assign to one target at a time")
        self.assign(node.targets[0], self.expression(node.value))

    def do_AnnAssign(self, node: ast.AnnAssign) -> None:
        if not isinstance(node.target, ast.Name):
            self.error("only a name is declared")
        self.activation.declared[node.target.id] = self.activation.function.annotation(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.expression(node.value))
        else:
            self.environment.names.pop(node.target.id, None)

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            current = self.settle(self.lower_Name(node.target))
            self.assign(node.target, self.binary(type(node.op), current, self.expression(node.value)))
            return
        kind, address = self.place(node.target)
        current = self.load(kind, address)
        self.store(kind, address, self.binary(type(node.op), current, self.expression(node.value)))

    def place(self, target: ast.expr) -> tuple[types.Type, str]:
        """The type and address that a field or element target names."""
        if isinstance(target, ast.Attribute):
            owner = self.expression(target.value)
            if isinstance(owner, Parts):
                self.error(f"a {owner.type.name} is immutable; assign a new one")
            return self.field_address(owner, target.attr)
        if not isinstance(target, ast.Subscript):
            self.error("this cannot be assigned to")
        return self.element_address(self.expression(target.value), self.expression(target.slice))

    def assign(self, target: ast.expr, value: Abstract) -> None:
        if isinstance(target, ast.Name):
            declared = self.activation.declared.get(target.id)
            if declared is not None:
                value = self.coerce(value, declared)
            elif type(value) is Known and type(value.value) is int:
                value = Known(self.untyped(value.value))
            self.environment.names[target.id] = value
            return
        if isinstance(target, ast.Tuple):
            if isinstance(value, Known) and isinstance(value.value, tuple):  # a table of compile time
                value = Parts(types.Tuple(tuple(default_type(item) for item in value.value)), tuple(map(Known, value.value)))
            if not isinstance(value, Parts) or len(value.items) != len(target.elts):
                self.error(f"expected {len(target.elts)} values")
            for part, item in zip(target.elts, value.items, strict=True):
                self.assign(part, item)
            return
        kind, address = self.place(target)
        if isinstance(kind, types.Reference) and isinstance(target, ast.Subscript):
            self.error("an element that is a struct is changed field by field")
        self.store(kind, address, value)

    def untyped(self, number: int) -> Any:
        """A plain number as a name without declaration holds it: as i64."""
        try:
            return types.I64.python(number)
        except types.NativeOverflow:
            self.error(f"{number} does not fit i64; declare the name's type")

    def do_Return(self, node: ast.Return) -> None:
        value: Abstract = Known(None) if node.value is None else self.expression(node.value)
        activation = self.activation
        if activation.result is not None:
            value = self.coerce(value, activation.result)
        if activation.on_return is not None:
            activation.on_return(value)
            return
        assert activation.exit is not None
        assert self.out.block is not None
        activation.returns.append((value, self.out.block, self.environment))
        self.out.jump(activation.exit)

    # -- control

    def do_If(self, node: ast.If) -> None:
        outcome = self.condition(node.test)
        if isinstance(outcome, bool):
            self.statements(node.body if outcome else node.orelse)
            return
        edges: list[Edge] = []
        target = self.out.new_block("join")
        for sources, body in ((outcome[0], node.body), (outcome[1], node.orelse)):
            if not sources:
                continue
            self.enter_edges(sources)
            self.statements(body)
            if self.out.block is not None:
                edges.append((self.out.block, self.environment))
                self.out.jump(target)
        self.meet(target, edges)

    def meet(self, target: Block, edges: list[Edge]) -> None:
        """Continues at ``target``, reached by ``edges``; nowhere if there are none."""
        if not edges:
            return
        self.out.enter(target)
        self.environment = join(self.out, target, edges, self.activation.declared)

    def do_While(self, node: ast.While) -> None:
        if node.orelse:
            self.error("a native loop has no else")
        changed = self.activation.function.changed(node)
        self.loop(changed, lambda: self.condition(node.test), lambda: self.statements(node.body), lambda exits, after: None)

    def do_For(self, node: ast.For) -> None:
        call, target = node.iter, node.target
        if node.orelse or not isinstance(target, ast.Name) or not isinstance(call, ast.Call):
            self.error("a native for is 'for name in range(...)'")
        called = self.expression(call.func)
        if not isinstance(called, Known) or called.value is not range or call.keywords or not 1 <= len(call.args) <= 3:
            self.error("a native for is 'for name in range(...)'")
        bounds = [self.expression(a) for a in call.args]
        start = bounds[0] if len(bounds) > 1 else Known(0)
        stop = bounds[1] if len(bounds) > 1 else bounds[0]
        step = bounds[2] if len(bounds) > 2 else Known(1)
        if not isinstance(step, Known) or isinstance(step.value, bool) or not isinstance(step.value, int) or step.value == 0:
            self.error("the step of a native range is a constant")
        stride = int(step.value)
        kind = next((type_of(v) for v in (start, stop) if isinstance(v, Word)), None) or next(
            (k for k in map(type_of, bounds) if k is not types.I64), types.I64
        )
        if not isinstance(kind, types.Scalar) or kind.is_float:
            self.error("the bounds of a native range are integers")
        # The loop's own counter, which the body cannot change; its name cannot be one of the body's, nor an inner loop's.
        counter = f"{target.id}.counter{len(self.activation.loops)}"
        names = self.environment.names
        names[counter] = self.coerce(start, kind)
        limit = self.coerce(stop, kind)

        def more() -> Outcome:
            return self.branch_on(self.compare(ast.Lt if stride > 0 else ast.Gt, self.environment.names[counter], limit))

        def body() -> None:
            self.assign(target, self.environment.names[counter])
            self.statements(node.body)

        def advance(exits: list[Edge], after: Block) -> None:
            number = self.operand(self.environment.names[counter], kind)
            operation = "add" if stride > 0 else "sub"
            if abs(stride) == 1:  # short of the limit: cannot overflow
                flag = "nsw" if kind.signed else "nuw"
                number = self.out.emit(f"{operation} {flag} {kind.text} {number}, 1")
            else:
                if abs(stride) >= 1 << (kind.bits - kind.signed):  # no second round
                    exits.append(self.leave(after))
                    return
                number, overflow = self.overflowing(operation, kind, number, str(abs(stride)))
                fine, past = self.out.new_block("fine"), self.out.new_block("past")
                self.out.branch(overflow, past, fine)
                self.out.enter(past)
                exits.append(self.leave(after))
                self.out.enter(fine)
            self.environment.names[counter] = Word(kind, number)

        self.loop(self.activation.function.changed(node) | {counter, target.id}, more, body, advance)
        if self.reachable:
            self.environment.names.pop(counter, None)

    def loop(
        self, changed: frozenset[str], test: Callable[[], Outcome], body: Callable[[], None],
        advance: Callable[[list[Edge], Block], None],
    ) -> None:  # fmt: skip
        """A loop whose header has a phi for every name that the body changes.

        ``advance`` is written where the body's end and every ``continue`` meet; it may add exits, which jump to the block it is
        given.
        """
        assert self.out.block is not None
        before, source = self.environment.copy(), self.out.block
        header, latch, after = self.out.new_block("loop"), self.out.new_block("latch"), self.out.new_block("after")
        self.out.jump(header)
        self.out.enter(header)
        slots: list[tuple[str, list[tuple[str, types.Type]]]] = []
        names = dict(before.names)
        for name in sorted(changed & before.names.keys()):
            try:
                names[name], pending = self.open_phi(before.names[name], self.activation.declared.get(name))
            except TypeError:  # nothing that a phi can hold
                del names[name]
                continue
            slots.append((name, pending))
        self.environment = Environment(names, before.facts)
        exits: list[Edge] = []
        continues: list[Edge] = []
        try:
            outcome = test()
        except Ended:
            outcome = [], []
        if isinstance(outcome, bool):
            if not outcome:
                exits.append(self.leave(after))
        else:
            if outcome[1]:
                self.enter_edges(outcome[1])
                exits.append(self.leave(after))
            if outcome[0]:
                self.enter_edges(outcome[0])
        if self.out.block is not None:
            self.activation.loops.append((exits, continues, after, latch))
            body()
            self.activation.loops.pop()
        if self.out.block is not None:
            continues.append(self.leave(latch))
        back: tuple[Block, Environment] | None = None
        if continues:
            self.meet(latch, continues)
            advance(exits, after)
            if self.out.block is not None:
                back = (self.out.block, self.environment)
                self.out.jump(header)
        for name, pending in slots:
            self.close_phi(header, name, pending, before.names[name], source, back)
        self.meet(after, exits)

    def leave(self, target: Block) -> Edge:
        assert self.out.block is not None
        edge = (self.out.block, self.environment.copy())
        self.out.jump(target)
        return edge

    def open_phi(self, value: Abstract, declared: types.Type | None) -> tuple[Abstract, list[tuple[str, types.Type]]]:
        """A loop value whose phi is written when the loop's end is known."""
        if isinstance(value, Parts):
            items: list[Abstract] = []
            pending: list[tuple[str, types.Type]] = []
            for index, item in enumerate(value.items):
                opened, more = self.open_phi(item, part_type(value.type, index))
                items.append(opened)
                pending.extend(more)
            return Parts(value.type, tuple(items)), pending
        kind = declared or type_of(value)
        if isinstance(kind, types.Void):
            raise TypeError("no value")
        name = self.out.fresh()
        return Word(kind, name), [(name, kind)]

    def close_phi(
        self, header: Block, name: str, pending: list[tuple[str, types.Type]], initial: Abstract, source: Block,
        back: tuple[Block, Environment] | None,
    ) -> None:  # fmt: skip
        first = list(leaves(initial))
        last: list[Abstract] = []
        if back is not None:
            found = back[1].names.get(name)
            if found is None or shape_of(found) != shape_of(initial):
                self.error(f"{name!r} has different types at the start and the end of the loop")
            last = list(leaves(found))
        for index, (phi, kind) in enumerate(pending):
            try:
                sources = [f"[ {self.operand_plain(first[index], kind)}, %{source.label} ]"]
                if back is not None:
                    sources.append(f"[ {self.operand_plain(last[index], kind)}, %{back[0].label} ]")
            except (TypeError, OverflowError) as problem:
                self.error(f"{name.split('.')[0]!r} has different types at the start and the end of the loop: {problem}")
            header.phis.append(f"  {phi} = phi {kind.text} {', '.join(sources)}")

    def operand_plain(self, value: Abstract, kind: types.Type) -> str:
        """As :meth:`operand`, without the facts of this place, which need not hold at the loop's head."""
        if isinstance(value, Word) and not self.compatible(value.type, kind):
            raise TypeError(f"expected {kind.name}, got {value.type.name}")
        return materialise(value, kind)

    def do_Break(self, node: ast.Break) -> None:
        exits, _, after, _ = self.activation.loops[-1]
        exits.append(self.leave(after))

    def do_Continue(self, node: ast.Continue) -> None:
        _, continues, _, latch = self.activation.loops[-1]
        continues.append(self.leave(latch))

    # -- functions

    def inline(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        """The body of ``called`` right here, over what is known of ``args``."""
        activation = self.activate(called, args)
        outer = self.activations[-1] if self.activations else None
        self.activations.append(activation)
        try:
            body = called.tree.body
            last = body[-1]
            alone = len(body) == 1 or (len(body) == 2 and is_docstring(body[0]))
            if alone and type(last) is ast.Return and last.value is not None:
                value = self.only_return(last, last.value, activation.result)
                paths = [activation.environment.facts]
                carried = {name: activation.environment.names[name] for name in activation.carried}
            else:
                activation.exit = self.out.new_block("done")
                self.statements(body)
                if self.out.block is not None:
                    if activation.result is not None and not isinstance(activation.result, types.Void):
                        self.error(f"{called.__name__} may end without a result", called.tree)
                    activation.returns.append((Known(None), self.out.block, self.environment))
                    self.out.jump(activation.exit)
                if not activation.returns:
                    return Known(None)
                self.out.enter(activation.exit)
                try:
                    value = self.phi(activation.exit, [(v, b) for v, b, _ in activation.returns], activation.result)
                except TROUBLE as problem:
                    self.trouble(problem, called.tree)
                paths = [environment.facts for _, _, environment in activation.returns]
                carried = {
                    name: self.phi(activation.exit, [(e.names[name], b) for _, b, e in activation.returns], None)
                    for name in activation.carried
                }
        except RecursionError:
            self.error(f"{called.__name__} is nested or inlined too deeply")
        finally:
            self.activations.pop()
        if outer is not None:
            self.enter_facts(paths)
            self.environment.names.update(carried)
        return value

    def only_return(self, node: ast.Return, result: ast.expr, kind: types.Type | None) -> Abstract:
        """The value of a body that is nothing but a ``return``: no exit block, no join."""
        self.activations[-1].node = node
        try:
            value = self.expression(result)
            return value if kind is None else self.coerce(value, kind)
        except Ended:
            return Known(None)
        except TROUBLE as problem:
            self.trouble(problem, node)

    def activate(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Activation:
        """The start of ``called``, its parameters bound to ``args``."""
        if len(self.activations) > INLINE_LIMIT:
            self.error(f"{called.__name__} is inlined into itself")
        parameters, result = called.signature
        names: dict[str, Abstract] = {}
        declared: dict[str, types.Type] = {}
        for (name, kind), value in zip(parameters, args, strict=True):
            if kind is not None:
                value = self.coerce(value, kind)
                declared[name] = kind
            elif type(value) is Known and type(value.value) is int:
                value = Known(self.untyped(value.value))
            names[name] = value
        activation = Activation(called, Environment(names, self.environment.facts if self.activations else {}), result)
        activation.declared = declared
        activation.node = called.tree
        if self.carried and self.activations:
            outer = self.environment.names
            activation.carried = tuple(name for name in self.carried if name in outer)
            names.update({name: outer[name] for name in activation.carried})
        return activation

    def inline_apart(
        self, called: NativeFunction[Any, Any], args: list[Abstract], on_return: Callable[[Abstract], None]
    ) -> None:
        """The body of ``called`` with what follows it written once per ``return``, each knowing what held on its path.

        ``on_return`` gets the value and must finish the block.
        """
        activation = self.activate(called, args)
        activation.on_return = on_return
        self.activations.append(activation)
        try:
            self.statements(called.tree.body)
            if self.out.block is not None:
                if activation.result is not None and not isinstance(activation.result, types.Void):
                    self.error(f"{called.__name__} may end without a result", called.tree)
                on_return(Known(None))
        finally:
            self.activations.pop()

    def function(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        """The body of ``called`` as the whole of the text being written; the caller writes the ``ret``."""
        return self.inline(called, args)


def leaves(value: Abstract) -> list[Abstract]:
    """The scalars of a value, in order."""
    if isinstance(value, Parts):
        return [leaf for item in value.items for leaf in leaves(item)]
    return [value]


def shape_of(value: Abstract) -> Any:
    """What a loop's name must keep: its class, where it is a value class or tuple."""
    if isinstance(value, Parts):
        return (value.type.python if isinstance(value.type, types.Aggregate) else None, *map(shape_of, value.items))
    return None


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def lower_function(unit: UnitText, function: NativeFunction[Any, Any]) -> str:
    """The LLVM text of one native function."""
    parameters, result = function.signature
    assert result is not None
    listed: list[str] = []
    args: list[Abstract] = []
    counter = 0
    for _, kind in parameters:
        assert kind is not None
        names = []
        for part in types.flatten(kind):
            listed.append(f"{part.text} %a{counter}")
            names.append(f"%a{counter}")
            counter += 1
        args.append(assemble(kind, names))
    shape = types.shape_text(result)
    flags = "nounwind cold noinline" if function.cold else "nounwind"
    extended = f"{extension(result)[1:]} {shape}" if extension(result) else shape  # so that C may call it
    header = f'define dso_local {extended} @"{function.symbol}"({", ".join(listed)}) {flags}'
    out = FunctionText(header)
    lowering = Lowering(unit, out)
    value = lowering.function(function, args)
    if out.block is not None:
        lowering.activations.append(Activation(function, Environment({}, {}), result))
        lowering.activation.node = function.tree
        with lowering.at(function.tree):
            kind_text, text = lowering.pack(value, result)
        out.finish("ret void" if kind_text == "void" else f"ret {kind_text} {text}")
    return out.render()


def assemble(kind: types.Type, names: list[str]) -> Abstract:
    """A parameter's value out of its scalars' names, which it consumes from the front."""
    if isinstance(kind, types.Aggregate):
        return Parts(kind, tuple(assemble(t, names) for t, _ in kind.fields.values()))
    if isinstance(kind, types.Tuple):
        return Parts(kind, tuple(assemble(t, names) for t in kind.items))
    return Word(kind, names.pop(0))
