"""Lowering, part three: statements, joins, loops, inlined bodies, and whole functions.

The body is read as syntax and evaluated over constants and SSA words. A condition that folds leaves one branch; two paths
that meet bring phis only for the names in which they differ; several ``return``\\ s meet at the end, and a field that every return
leaves at the same constant stays a constant for the caller.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pagoda.native import types
from pagoda.native.environment import Edge, Environment, join, part_type
from pagoda.native.functions import NativeFunction
from pagoda.native.lower_base import Activation, UnitText
from pagoda.native.lower_expressions import ExpressionLowering
from pagoda.native.text import Block, FunctionText
from pagoda.native.values import Abstract, Known, Parts, Word, default_type

INLINE_LIMIT = 60


class Lowering(ExpressionLowering):
    """Lowers statements; see the module's docstring."""

    def statements(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not self.reachable:
                return
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        with self.at(node):
            method = getattr(self, "do_" + type(node).__name__, None)
            if method is None:
                self.error(f"{type(node).__name__} is not in the native subset")
            method(node)

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
        if isinstance(value, Known):
            if value.value:
                self.error("this assertion never holds")
            return
        self.trap_if(self.operand(value, types.BOOL))

    def do_Assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            self.error("assign to one target at a time")
        self.assign(node.targets[0], self.expression(node.value))

    def do_AnnAssign(self, node: ast.AnnAssign) -> None:
        annotation = self.annotation(node.annotation)
        if not isinstance(node.target, ast.Name):
            self.error("only a name is declared")
        self.activation.declared[node.target.id] = annotation
        if node.value is not None:
            self.assign(node.target, self.expression(node.value))

    def annotation(self, node: ast.expr) -> types.Type:
        """The type an annotation in the body means."""
        scope = dict(self.activation.function.python.__globals__)  # type: ignore[attr-defined]
        scope.update(self.activation.function._closure_names())
        code = compile(ast.Expression(node), self.activation.function.file, "eval")
        return types.resolve_type(eval(code, scope))  # an annotation of the project's own source

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            current = self.expression(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            self.assign(node.target, self.binary(type(node.op), current, self.expression(node.value)))
            return
        kind, address = self.place(node.target)
        current = self.load(kind, address)
        self.store(kind, address, self.binary(type(node.op), current, self.expression(node.value)))

    def place(self, target: ast.expr) -> tuple[types.Type, str]:
        """The type and address that a field or element target names."""
        if isinstance(target, ast.Attribute):
            return self.field_address(self.expression(target.value), target.attr)
        if isinstance(target, ast.Subscript):
            return self.element_address(self.expression(target.value), self.expression(target.slice))
        self.error("this cannot be assigned to")

    def assign(self, target: ast.expr, value: Abstract) -> None:
        if isinstance(target, ast.Name):
            declared = self.activation.declared.get(target.id)
            if declared is not None:
                value = self.coerce(value, declared)
            self.environment.names[target.id] = value
            return
        if isinstance(target, ast.Tuple):
            if not isinstance(value, Parts) or len(value.items) != len(target.elts):
                self.error(f"expected {len(target.elts)} values")
            for part, item in zip(target.elts, value.items, strict=True):
                self.assign(part, item)
            return
        kind, address = self.place(target)
        if isinstance(kind, types.Reference) and isinstance(target, ast.Subscript):
            self.error("an element that is a struct is changed field by field")
        self.store(kind, address, value)

    def do_Return(self, node: ast.Return) -> None:
        value: Abstract = Known(None) if node.value is None else self.expression(node.value)
        if not self.reachable:
            return
        activation = self.activation
        if activation.result is not None:
            value = self.coerce(value, activation.result)
        if activation.on_return is not None:
            activation.on_return(value)
            return
        assert activation.exit is not None and self.out.block is not None
        activation.returns.append((value, self.out.block, dict(self.environment.facts)))
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
            self.enter_edges([(block, environment) for block, environment in sources])
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
        self.loop(node.test, node.body, [], assigned_names(node.body))

    def do_For(self, node: ast.For) -> None:
        if node.orelse or not isinstance(node.target, ast.Name) or not isinstance(node.iter, ast.Call):
            self.error("a native for is 'for name in range(...)'")
        called = self.expression(node.iter.func)
        if not isinstance(called, Known) or called.value is not range:
            self.error("a native for is 'for name in range(...)'")
        bounds = [self.expression(a) for a in node.iter.args]
        start = bounds[0] if len(bounds) > 1 else Known(0)
        stop = bounds[1] if len(bounds) > 1 else bounds[0]
        step = bounds[2] if len(bounds) > 2 else Known(1)
        if not isinstance(step, Known) or not isinstance(step.value, int) or step.value == 0:
            self.error("the step of a native range is a constant")
        counter, limit = f"{node.target.id}.counter", f"{node.target.id}.limit"
        names = self.environment.names
        kind = next((v.type for v in (start, stop) if isinstance(v, Word)), types.I64)
        self.activation.declared[counter] = kind
        names[counter], names[limit] = self.coerce(start, kind), self.coerce(stop, kind)
        where = node.iter
        test = ast.Compare(_name(counter, where), [ast.Lt() if step.value > 0 else ast.Gt()], [_name(limit, where)])
        ast.copy_location(test, where)
        advance = ast.AugAssign(_name(counter, where, store=True), ast.Add(), ast.copy_location(ast.Constant(step.value), where))
        ast.copy_location(advance, where)
        take = ast.copy_location(ast.Assign([node.target], _name(counter, where)), node)
        self.loop(test, [take, *node.body], [advance], assigned_names(node.body) | {counter, node.target.id})

    def loop(self, test: ast.expr, body: list[ast.stmt], advance: list[ast.stmt], changed: set[str]) -> None:
        """A loop whose header has a phi for every name that the body changes."""
        assert self.out.block is not None
        before, source = self.environment.copy(), self.out.block
        header, latch, after = self.out.new_block("loop"), self.out.new_block("latch"), self.out.new_block("after")
        self.out.jump(header)
        self.out.enter(header)
        slots: list[tuple[str, str, list[tuple[str, types.Type, str]]]] = []
        names = dict(before.names)
        for name in sorted(changed & set(before.names)):
            try:
                value, pending = self.open_phi(before.names[name], self.activation.declared.get(name))
            except TypeError:
                del names[name]
                continue
            names[name] = value
            slots.append((name, "", pending))
        self.environment = Environment(names, dict(before.facts))
        exits: list[Edge] = []
        continues: list[Edge] = []
        outcome = self.condition(test)
        if isinstance(outcome, bool):
            if not outcome:
                exits.append(self.leave(after))
        else:
            if outcome[1]:
                kept = self.environment
                self.enter_edges(outcome[1])
                exits.append(self.leave(after))
                self.environment = kept
            self.enter_edges(outcome[0])
        self.activation.loops.append((exits, continues, after, latch))
        self.statements(body)
        self.activation.loops.pop()
        if self.out.block is not None:
            continues.append(self.leave(latch))
        back: tuple[Block, Environment] | None = None
        if continues:
            self.meet(latch, continues)
            self.statements(advance)
            if self.out.block is not None:
                back = (self.out.block, self.environment)
                self.out.jump(header)
        for name, _, pending in slots:
            self.close_phi(header, name, pending, before.names[name], source, back)
        if exits:
            self.meet(after, exits)

    def leave(self, target: Block) -> Edge:
        assert self.out.block is not None
        edge = (self.out.block, self.environment.copy())
        self.out.jump(target)
        return edge

    def open_phi(self, value: Abstract, declared: types.Type | None) -> tuple[Abstract, list[tuple[str, types.Type, str]]]:
        """A loop value whose phi is written when the loop's end is known."""
        if isinstance(value, Parts):
            items, pending = [], []
            for index, item in enumerate(value.items):
                opened, more = self.open_phi(item, part_type(value.type, index))
                items.append(opened)
                pending.extend(more)
            return Parts(value.type, tuple(items)), pending
        kind = declared or (value.type if isinstance(value, Word) else default_type(value.value))
        if isinstance(kind, types.Void):
            raise TypeError("no value")
        name = self.out.fresh()
        return Word(kind, name), [(name, kind, "")]

    def close_phi(
        self, header: Block, name: str, pending: list[tuple[str, types.Type, str]], initial: Abstract, source: Block,
        back: tuple[Block, Environment] | None,
    ) -> None:  # fmt: skip
        first = list(leaves(initial))
        last: list[Abstract] = []
        if back is not None:
            if name not in back[1].names:
                self.error(f"{name!r} has different kinds at the start and the end of the loop")
            last = list(leaves(back[1].names[name]))
            if len(last) != len(first):
                self.error(f"{name!r} has different kinds at the start and the end of the loop")
        for index, (phi, kind, _) in enumerate(pending):
            sources = [f"[ {self.operand_plain(first[index], kind)}, %{source.label} ]"]
            if back is not None:
                sources.append(f"[ {self.operand_plain(last[index], kind)}, %{back[0].label} ]")
            header.phis.append(f"  {phi} = phi {kind.text} {', '.join(sources)}")

    def operand_plain(self, value: Abstract, kind: types.Type) -> str:
        """As :meth:`operand`, without the facts of this place, which need not hold at the loop's head."""
        from pagoda.native.environment import materialise

        if isinstance(value, Word) and not self.compatible(value.type, kind) and value.type.name != kind.name:
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
        if len(self.activations) > INLINE_LIMIT:
            self.error(f"{called.__name__} is inlined into itself")
        parameters, result = called.signature
        names: dict[str, Abstract] = {}
        for (name, kind), value in zip(parameters, args, strict=True):
            names[name] = value if kind is None else self.coerce(value, kind)
        facts = self.environment.facts if self.activations else {}
        activation = Activation(called, Environment(names, dict(facts)), result)
        activation.declared.update({name: kind for name, kind in parameters if kind is not None})
        activation.exit = self.out.new_block("done")
        activation.node = called.tree
        self.activations.append(activation)
        try:
            self.statements(called.tree.body)
            if self.out.block is not None:
                if result is not None and not isinstance(result, types.Void):
                    self.error(f"{called.__name__} may end without a result", called.tree)
                activation.returns.append((Known(None), self.out.block, dict(self.environment.facts)))
                self.out.jump(activation.exit)
            if not activation.returns:
                return Known(None)
            self.out.enter(activation.exit)
            with self.at(called.tree):
                value = self.phi(activation.exit, [(v, b) for v, b, _ in activation.returns], result)
            if len(self.activations) > 1:
                shared = activation.returns[0][2]
                self.activations[-2].environment.facts = {
                    k: v for k, v in shared.items() if all(k in f and f[k] == v for _, _, f in activation.returns[1:])
                }
            return value
        finally:
            self.activations.pop()

    def inline_apart(
        self, called: NativeFunction[Any, Any], args: list[Abstract], on_return: Callable[[Abstract], None]
    ) -> None:
        """The body of ``called`` with what follows it written once per ``return``, each knowing what held on its path.

        ``on_return`` gets the value and must finish the block.
        """
        parameters, result = called.signature
        names: dict[str, Abstract] = {}
        for (name, kind), value in zip(parameters, args, strict=True):
            names[name] = value if kind is None else self.coerce(value, kind)
        activation = Activation(called, Environment(names, {}), result)
        activation.declared.update({name: kind for name, kind in parameters if kind is not None})
        activation.on_return = on_return
        activation.node = called.tree
        self.activations.append(activation)
        try:
            self.statements(called.tree.body)
            if self.out.block is not None:
                if result is not None and not isinstance(result, types.Void):
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


def assigned_names(body: list[ast.stmt]) -> set[str]:
    """The local names that statements may assign."""
    return {
        part.id
        for statement in body
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    } | {
        f"{part.target.id}.counter"
        for statement in body
        for part in ast.walk(statement)
        if isinstance(part, ast.For) and isinstance(part.target, ast.Name)
    }


def _name(name: str, where: ast.AST, store: bool = False) -> ast.Name:
    return ast.copy_location(ast.Name(name, ast.Store() if store else ast.Load()), where)


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
    shape = "{" + ", ".join(t.text for t in types.flatten(result)) + "}" if isinstance(
        result, types.Aggregate | types.Tuple) else result.text
    flags = "nounwind cold noinline" if function.cold else "nounwind"
    header = f'define dso_local {shape} @"{function.symbol}"({", ".join(listed)}) {flags}'
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
