"""Lowering, part two: expressions. Constants fold; words become instructions."""

from __future__ import annotations

import ast
from typing import Any

from pagoda.native import types
from pagoda.native.environment import Environment
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import Intrinsic
from pagoda.native.lower_base import LoweringBase
from pagoda.native.text import Block
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

INTEGER_OPS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}
FLOAT_OPS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
BIT_OPS = {ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor"}
FOLD: dict[type, Any] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.BitAnd: lambda a, b: a & b,
    ast.BitOr: lambda a, b: a | b, ast.BitXor: lambda a, b: a ^ b, ast.LShift: lambda a, b: a << b, ast.RShift: lambda a, b: a >> b,
    ast.FloorDiv: lambda a, b: a // b, ast.Mod: lambda a, b: a % b, ast.Div: lambda a, b: types.F64.python(a) / b,
}  # fmt: skip
COMPARE_FOLD: dict[type, Any] = {
    ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b, ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b, ast.Is: lambda a, b: a is b, ast.IsNot: lambda a, b: a is not b,
}  # fmt: skip
PREDICATES = {ast.Eq: ("eq", "eq", "oeq"), ast.NotEq: ("ne", "ne", "une"), ast.Lt: ("slt", "ult", "olt"), ast.LtE: ("sle", "ule", "ole"),
              ast.Gt: ("sgt", "ugt", "ogt"), ast.GtE: ("sge", "uge", "oge")}  # fmt: skip


class ExpressionLowering(LoweringBase):
    """Evaluates expressions over what is known of their operands."""

    def expression(self, node: ast.expr) -> Abstract:
        with self.at(node):
            if not self.reachable:
                self.error("this code cannot be reached")
            method = getattr(self, "lower_" + type(node).__name__, None)
            if method is None:
                self.error(f"{type(node).__name__} is not in the native subset")
            return self.settle(method(node))

    def lower_Constant(self, node: ast.Constant) -> Abstract:
        return Known(node.value)

    def lower_Name(self, node: ast.Name) -> Abstract:
        names = self.environment.names
        if node.id in names:
            return names[node.id]
        if node.id in self.activation.declared or any(
            isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id == node.id
            for part in ast.walk(self.activation.function.tree)
        ):
            self.error(f"{node.id!r} may not have a value here, or has different kinds on different paths")
        try:
            return Known(self.activation.function.lookup(node.id))
        except KeyError:
            self.error(f"{node.id!r} is not defined")

    def lower_Attribute(self, node: ast.Attribute) -> Abstract:
        owner = self.expression(node.value)
        if isinstance(owner, Known):
            try:
                return Known(getattr(owner.value, node.attr))
            except AttributeError as problem:
                self.error(str(problem))
        kind = type_of(owner)
        if isinstance(owner, Parts) and isinstance(kind, types.Aggregate):
            names = list(kind.fields)
            if node.attr not in names:
                self.error(f"{kind.name} has no field {node.attr!r}")
            return owner.items[names.index(node.attr)]
        field, address = self.field_address(owner, node.attr)
        return self.load(field, address)

    def field_address(self, owner: Abstract, name: str) -> tuple[types.Type, str]:
        kind = type_of(owner)
        if not isinstance(kind, types.Reference):
            self.error(f"{kind.name} has no field {name!r}")
        fields = types.layout_of(kind.python).fields
        if name not in fields:
            self.error(f"{kind.name} has no field {name!r}")
        field, at = fields[name]
        return field, self.offset(self.operand(owner, kind), at)

    def lower_Subscript(self, node: ast.Subscript) -> Abstract:
        owner = self.expression(node.value)
        index = self.expression(node.slice)
        if isinstance(owner, Parts):
            if not isinstance(index, Known):
                self.error("a tuple is indexed by a constant")
            return owner.items[index.value]
        if isinstance(owner, Known):
            if not isinstance(index, Known):
                self.error("a compile-time object is indexed by a constant")
            try:
                return Known(owner.value[index.value])
            except (KeyError, IndexError, TypeError) as problem:
                self.error(f"compile-time index: {problem}")
        kind, address = self.element_address(owner, index)
        if isinstance(kind, types.Reference):
            return Word(kind, address)
        return self.load(kind, address)

    def lower_Tuple(self, node: ast.Tuple) -> Abstract:
        items = tuple(self.expression(item) for item in node.elts)
        if all(isinstance(item, Known) and isinstance(item.value, type) for item in items):
            return Known(tuple(item.value for item in items if isinstance(item, Known)))
        return Parts(types.Tuple(tuple(type_of(item) for item in items)), items)

    # -- operators

    def lower_BinOp(self, node: ast.BinOp) -> Abstract:
        return self.binary(type(node.op), self.expression(node.left), self.expression(node.right))

    def binary(self, operator: type[ast.operator], left: Abstract, right: Abstract) -> Abstract:
        left, right = self.settle(left), self.settle(right)
        if isinstance(left, Known) and isinstance(right, Known):
            if operator not in FOLD:
                self.error(f"{operator.__name__} does not lower")
            result = FOLD[operator](left.value, right.value)
            return Known(float(result) if isinstance(result, float) else int(result) if not isinstance(result, bool) else result)
        word = left if isinstance(left, Word) else right
        if not isinstance(word, Word):
            raise TypeError(f"{type_of(word).name} has no operators")
        kind = word.type
        if operator in (ast.LShift, ast.RShift):
            return self.shift(operator, left, right)
        a, b = self.operand(left, kind), self.operand(right, kind)
        if isinstance(kind, types.Bool) and operator in BIT_OPS:
            return Word(kind, self.out.emit(f"{BIT_OPS[operator]} i1 {a}, {b}"))
        if not isinstance(kind, types.Scalar):
            raise TypeError(f"{kind.name} has no operators; use offset() to move a pointer")
        if kind.is_float:
            if operator not in FLOAT_OPS:
                raise TypeError(f"{operator.__name__} on f64 does not lower")
            return Word(kind, self.out.emit(f"{FLOAT_OPS[operator]} double {a}, {b}"))
        if operator in BIT_OPS:
            return Word(kind, self.out.emit(f"{BIT_OPS[operator]} {kind.text} {a}, {b}"))
        if operator not in INTEGER_OPS:
            raise TypeError("/ // % on integers do not lower; use divide_truncated or remainder_truncated")
        name = INTEGER_OPS[operator]
        if self.unit.checked:
            return self.trapping(name, kind, a, b)
        flag = "nsw" if kind.signed else "nuw"
        return Word(kind, self.out.emit(f"{name} {flag} {kind.text} {a}, {b}"))

    def overflowing(self, name: str, kind: types.Scalar, a: str, b: str) -> tuple[str, str]:
        """The wrapped result and the overflow bit of an integer operation."""
        intrinsic = f"llvm.{'s' if kind.signed else 'u'}{name}.with.overflow.{kind.text}"
        self.unit.declare(intrinsic, f"declare {{{kind.text}, i1}} @{intrinsic}({kind.text}, {kind.text})")
        both = self.out.emit(f"call {{{kind.text}, i1}} @{intrinsic}({kind.text} {a}, {kind.text} {b})")
        shape = f"{{{kind.text}, i1}}"
        return self.out.emit(f"extractvalue {shape} {both}, 0"), self.out.emit(f"extractvalue {shape} {both}, 1")

    def trapping(self, name: str, kind: types.Scalar, a: str, b: str) -> Abstract:
        result, overflow = self.overflowing(name, kind, a, b)
        self.trap_if(overflow)
        return Word(kind, result)

    def trap_if(self, condition: str) -> None:
        self.unit.declare("llvm.trap", "declare void @llvm.trap() cold noreturn nounwind")
        bad, good = self.out.new_block("trap"), self.out.new_block("fine")
        self.out.branch(condition, bad, good)
        self.out.enter(bad)
        self.out.do("call void @llvm.trap()")
        self.out.finish("unreachable")
        self.out.enter(good)

    def shift(self, operator: type[ast.operator], left: Abstract, right: Abstract) -> Abstract:
        kind = left.type if isinstance(left, Word) else types.I64
        if not isinstance(kind, types.Scalar) or kind.is_float:
            raise TypeError(f"{kind.name} cannot be shifted")
        amount_kind = type_of(right)
        a = self.operand(left, kind)
        if isinstance(right, Known):
            b = self.operand(right, kind)
        else:
            if not isinstance(amount_kind, types.Scalar) or amount_kind.bits != kind.bits:
                raise TypeError("a shift's amount has the width of what is shifted")
            b = self.operand(right, amount_kind)
            if self.unit.checked:
                self.trap_if(self.out.emit(f"icmp uge {kind.text} {b}, {kind.bits}"))
        name = "shl" if operator is ast.LShift else "ashr" if kind.signed else "lshr"
        return Word(kind, self.out.emit(f"{name} {kind.text} {a}, {b}"))

    def lower_UnaryOp(self, node: ast.UnaryOp) -> Abstract:
        value = self.expression(node.operand)
        if isinstance(node.op, ast.Not):
            return self.negate(value)
        if isinstance(value, Known):
            if isinstance(node.op, ast.USub):
                return Known(-value.value)
            if isinstance(node.op, ast.Invert):
                return Known(~value.value)
        kind = type_of(value)
        if not isinstance(kind, types.Scalar):
            raise TypeError(f"{kind.name} has no such operator")
        if isinstance(node.op, ast.USub):
            if kind.is_float:
                return Word(kind, self.out.emit(f"fneg double {self.operand(value, kind)}"))
            return self.binary(ast.Sub, Known(0), value)
        if isinstance(node.op, ast.Invert) and not kind.is_float:
            return Word(kind, self.out.emit(f"xor {kind.text} {self.operand(value, kind)}, -1"))
        raise TypeError(f"{kind.name} has no such operator")

    def negate(self, value: Abstract) -> Abstract:
        if isinstance(value, Known):
            if not isinstance(value.value, bool):
                raise TypeError("not takes a bool")
            return Known(not value.value)
        text = self.operand(value, types.BOOL)
        result = self.out.emit(f"xor i1 {text}, true")
        if text in self.conditions:
            word, number, truth = self.conditions[text]
            self.conditions[result] = (word, number, not truth)
        return Word(types.BOOL, result)

    def lower_Compare(self, node: ast.Compare) -> Abstract:
        if len(node.ops) != 1:
            self.error("compare two things at a time")
        return self.compare(type(node.ops[0]), self.expression(node.left), self.expression(node.comparators[0]))

    def compare(self, operator: type[ast.cmpop], left: Abstract, right: Abstract) -> Abstract:
        left, right = self.settle(left), self.settle(right)
        if isinstance(left, Known) and isinstance(right, Known):
            if operator not in COMPARE_FOLD:
                self.error(f"{operator.__name__} does not lower")
            return Known(bool(COMPARE_FOLD[operator](left.value, right.value)))
        if operator not in PREDICATES:
            raise TypeError(f"{operator.__name__} does not lower")
        word = left if isinstance(left, Word) else right
        if not isinstance(word, Word):
            raise TypeError("values are compared field by field")
        kind = word.type
        a, b = self.operand(left, kind), self.operand(right, kind)
        signed, unsigned, ordered = PREDICATES[operator]
        if isinstance(kind, types.Scalar) and kind.is_float:
            return Word(types.BOOL, self.out.emit(f"fcmp {ordered} double {a}, {b}"))
        predicate = signed if isinstance(kind, types.Scalar) and kind.signed else unsigned
        result = self.out.emit(f"icmp {predicate} {kind.text} {a}, {b}")
        if operator in (ast.Eq, ast.NotEq) and isinstance(kind, types.Scalar):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, Word) and isinstance(other, Known):
                    self.conditions[result] = (one.text, other.value, operator is ast.Eq)
        return Word(types.BOOL, result)

    # -- conditions

    def condition(self, node: ast.expr) -> tuple[list[tuple[Block, Environment]], list[tuple[Block, Environment]]] | bool:
        """Evaluates ``node`` for control: ``True`` or ``False`` where it is known, else the edges out of it.

        The edges are (block that jumps, environment) pairs whose jumps are still to be written: each block ends open, on a
        ``br`` to a fresh block that stands for the edge.
        """
        if isinstance(node, ast.BoolOp):
            with self.at(node):
                return self.short_circuit(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.condition(node.operand)
            return (not inner) if isinstance(inner, bool) else (inner[1], inner[0])
        with self.at(node):
            value, weights = self.weighed(node)
            if isinstance(value, Known):
                if not isinstance(value.value, bool):
                    raise TypeError("a condition is a bool; compare explicitly")
                return value.value
            text = self.operand(value, types.BOOL)
            yes, no = self.out.new_block("yes"), self.out.new_block("no")
            self.out.branch(text, yes, no, weights)
            before = self.environment
            edges = []
            for block, truth in ((yes, True), (no, False)):
                environment = before.copy()
                if text in self.conditions and self.conditions[text][2] is truth:
                    word, number, _ = self.conditions[text]
                    environment.facts[word] = number
                environment.facts[text] = truth
                edges.append([(block, environment)])
            return edges[0], edges[1]

    def weighed(self, node: ast.expr) -> tuple[Abstract, str]:
        """The condition's value and, for ``likely`` and ``unlikely``, LLVM's branch weights."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            try:
                called = self.activation.function.lookup(node.func.id)
            except KeyError:
                called = None
            if isinstance(called, Intrinsic) and called.name in ("likely", "unlikely"):
                return self.expression(node.args[0]), f", !prof !{0 if called.name == 'likely' else 1}"
        return self.expression(node), ""

    def short_circuit(self, node: ast.BoolOp) -> tuple[list[tuple[Block, Environment]], list[tuple[Block, Environment]]] | bool:
        stop = isinstance(node.op, ast.Or)  # the truth that ends the evaluation
        ended: list[tuple[Block, Environment]] = []
        rest: list[tuple[Block, Environment]] = []
        for index, part in enumerate(node.values):
            outcome = self.condition(part)
            last = index == len(node.values) - 1
            if isinstance(outcome, bool):
                if outcome is stop:
                    if not ended and self.reachable:
                        return stop
                    ended.extend(self.open_edge())
                    rest = []
                    break
                if last:
                    if not ended:
                        return not stop
                    rest = self.open_edge()
                continue
            yes, no = outcome
            leaving, going = (yes, no) if stop else (no, yes)
            ended.extend(leaving)
            if last:
                rest = going
            else:
                self.enter_edges(going)
        return (ended, rest) if stop else (rest, ended)

    def open_edge(self) -> list[tuple[Block, Environment]]:
        block = self.out.new_block("edge")
        self.out.jump(block)
        return [(block, self.environment.copy())]

    def enter_edges(self, edges: list[tuple[Block, Environment]]) -> None:
        """Continues where ``edges`` meet (no names differ between the edges of one condition)."""
        if len(edges) == 1:
            block, environment = edges[0]
            self.out.enter(block)
            self.environment = environment
            return
        target = self.out.new_block("meet")
        for block, _ in edges:
            self.out.enter(block)
            self.out.jump(target)
        self.out.enter(target)
        first = edges[0][1]
        facts = {k: v for k, v in first.facts.items() if all(k in e.facts and e.facts[k] == v for _, e in edges[1:])}
        self.environment = Environment(dict(first.names), facts)

    def lower_BoolOp(self, node: ast.BoolOp) -> Abstract:
        outcome = self.condition(node)
        if isinstance(outcome, bool):
            return Known(outcome)
        before = self.environment
        sources: list[tuple[Abstract, Block]] = []
        target = self.out.new_block("truth")
        for truth, edges in ((True, outcome[0]), (False, outcome[1])):
            if edges:
                self.enter_edges(edges)
                assert self.out.block is not None
                sources.append((Known(truth), self.out.block))
                self.out.jump(target)
        self.out.enter(target)
        self.environment = Environment(before.names, before.facts)
        return self.phi(target, sources, types.BOOL)

    def lower_IfExp(self, node: ast.IfExp) -> Abstract:
        outcome = self.condition(node.test)
        if isinstance(outcome, bool):
            return self.expression(node.body if outcome else node.orelse)
        before = self.environment
        target = self.out.new_block("either")
        sources: list[tuple[Abstract, Block]] = []
        for edges, part in ((outcome[0], node.body), (outcome[1], node.orelse)):
            if edges:
                self.enter_edges(edges)
                value = self.expression(part)
                assert self.out.block is not None
                sources.append((value, self.out.block))
                self.out.jump(target)
        self.out.enter(target)
        self.environment = Environment(before.names, before.facts)
        return self.phi(target, sources)

    # -- calls

    def lower_Call(self, node: ast.Call) -> Abstract:
        target = self.expression(node.func)
        if not isinstance(target, Known):
            self.error("only functions known at compile time are called by name; use call_address()")
        called = target.value
        if any(isinstance(a, ast.Starred) for a in node.args):
            self.error("native calls have no starred arguments")
        args = [self.expression(a) for a in node.args]
        if called in self.hooks if isinstance(called, Intrinsic | NativeFunction) else False:
            return self.hooks[called](self, args, node)
        if isinstance(called, Intrinsic):
            return self.settle(called.lower(self, args))
        if isinstance(called, NativeFunction):
            args = self.order_arguments(called, args, node)
            return self.inline(called, args) if called.inlined else self.call(called, args)
        if isinstance(called, type):
            return self.construct(called, args)
        self.error(f"{getattr(called, '__name__', called)!r} is not a native function")

    def order_arguments(self, called: NativeFunction[Any, Any], args: list[Abstract], node: ast.Call) -> list[Abstract]:
        parameters, _ = called.signature
        by_name = {k.arg: self.expression(k.value) for k in node.keywords}
        for name, _ in parameters[len(args):]:
            if name in by_name:
                args.append(by_name.pop(name))
        if by_name or len(args) != len(parameters):
            self.error(f"{called.__name__} takes {len(parameters)} arguments, {len(args) + len(by_name)} given")
        return args

    def construct(self, called: type, args: list[Abstract]) -> Abstract:
        try:
            kind = types.resolve_type(called)
        except TypeError:
            self.error(f"{called.__name__!r} is not a native type")
        if isinstance(kind, types.Aggregate):
            fields = kind.fields
            if len(args) != len(fields):
                self.error(f"{kind.name} takes {len(fields)} fields, {len(args)} given")
            return Parts(kind, tuple(self.coerce(a, t) for a, (t, _) in zip(args, fields.values(), strict=True)))
        if len(args) != 1:
            self.error(f"{kind.name}() takes one number")
        return self.number(kind, args[0])

    def number(self, kind: types.Type, value: Abstract) -> Abstract:
        """The value-preserving conversion ``kind(value)``."""
        value = self.settle(value)
        have = type_of(value)
        if not isinstance(kind, types.Scalar):
            if isinstance(kind, types.Bool) and isinstance(have, types.Bool):
                return value
            raise TypeError(f"{have.name} does not convert to {kind.name}")
        if isinstance(value, Known):
            if kind.is_float:
                return Known(float(value.value))
            if isinstance(value.value, float):
                raise TypeError("convert a float with i64_of_float()")
            return self.coerce(Known(int(value.value)), kind)
        if isinstance(have, types.Bool) and not kind.is_float:
            return Word(kind, self.out.emit(f"zext i1 {self.operand(value, have)} to {kind.text}"))
        if not isinstance(have, types.Scalar):
            raise TypeError(f"{have.name} does not convert to {kind.name}")
        text = self.operand(value, have)
        if have.is_float:
            if kind.is_float:
                return value
            raise TypeError("convert a float with i64_of_float()")
        if kind.is_float:
            return Word(kind, self.out.emit(f"{'sitofp' if have.signed else 'uitofp'} {have.text} {text} to double"))
        if kind.bits > have.bits:
            return Word(kind, self.out.emit(f"{'sext' if have.signed else 'zext'} {have.text} {text} to {kind.text}"))
        result = text if kind.bits == have.bits else self.out.emit(f"trunc {have.text} {text} to {kind.text}")
        if self.unit.checked and (kind.bits < have.bits or kind.signed != have.signed):
            if kind.bits < have.bits:
                back = self.out.emit(f"{'sext' if kind.signed else 'zext'} {kind.text} {result} to {have.text}")
                self.trap_if(self.out.emit(f"icmp ne {have.text} {back}, {text}"))
            if kind.signed != have.signed:
                self.trap_if(self.out.emit(f"icmp slt {have.text} {text}, 0"))
        return Word(kind, result)

    def call(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        """A call of a function that stands on its own, here or in another unit."""
        parameters, result = called.signature
        passed: list[tuple[str, str]] = []
        for (_, kind), value in zip(parameters, args, strict=True):
            assert kind is not None
            passed.extend(self.scalars(value, kind))
        assert result is not None
        name = self.unit.reference(called)
        listed = ", ".join(
            f"{t} {'zeroext ' if t == 'i1' and called.external else ''}{x}" for t, x in passed
        )
        shape = self.return_shape(result)
        if isinstance(result, types.Void):
            self.out.do(f"call void {name}({listed})")
            return Known(None)
        return self.unpack(result, self.out.emit(f"call {shape} {name}({listed})"))

    def return_shape(self, result: types.Type) -> str:
        if isinstance(result, types.Aggregate | types.Tuple):
            return "{" + ", ".join(t.text for t in types.flatten(result)) + "}"
        return result.text

    def inline(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        raise NotImplementedError  # in StatementLowering: a body is statements
