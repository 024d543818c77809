"""Lowering, part two: expressions. Constants fold; words become instructions."""

from __future__ import annotations

import ast
import operator as op
from typing import Any, TypeAlias

from pagoda.native import types
from pagoda.native.environment import Edge, Environment, common_facts, common_reference
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import Intrinsic
from pagoda.native.lower_base import TROUBLE, Ended, LoweringBase
from pagoda.native.text import Block
from pagoda.native.values import Abstract, Known, Parts, Word, default_type, described, type_of, typed_integer

Outcome: TypeAlias = tuple[list[Edge], list[Edge]] | bool

INTEGER_OPS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}
FLOAT_OPS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
BIT_OPS = {ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor"}
FOLD: dict[type, Any] = {
    ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.BitAnd: op.and_, ast.BitOr: op.or_, ast.BitXor: op.xor,
    ast.LShift: op.lshift, ast.RShift: op.rshift, ast.FloorDiv: op.floordiv, ast.Mod: op.mod,
    ast.Div: lambda a, b: (a if type(a) in types.FIXED else types.F64.python(a)) / b,
}  # fmt: skip
COMPARE_FOLD: dict[type, Any] = {
    ast.Eq: op.eq, ast.NotEq: op.ne, ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge,
    ast.Is: op.is_, ast.IsNot: op.is_not,
}  # fmt: skip
PREDICATES = {
    ast.Eq: ("eq", "eq", "oeq"), ast.NotEq: ("ne", "ne", "une"), ast.Lt: ("slt", "ult", "olt"), ast.LtE: ("sle", "ule", "ole"),
    ast.Gt: ("sgt", "ugt", "ogt"), ast.GtE: ("sge", "uge", "oge"),
}  # fmt: skip
LIKELY, UNLIKELY = ", !prof !0", ", !prof !1"  # the metadata that every unit ends with
OPPOSITE = {LIKELY: UNLIKELY, UNLIKELY: LIKELY, "": ""}


class ExpressionLowering(LoweringBase):
    """Evaluates expressions over what is known of their operands."""

    def expression(self, node: ast.expr) -> Abstract:
        activation = self.activations[-1]
        if type(node) is ast.Name:  # the two most frequent, without the preparations for an error
            found = activation.environment.names.get(node.id)
            if found is not None:
                return self.settle(found) if activation.environment.facts else found
        elif type(node) is ast.Constant:
            return Known(node.value)
        before = activation.node
        activation.node = node
        try:
            method = self.methods.get(type(node)) or self.method(node, "lower_")
            value: Abstract = method(self, node)
            if type(value) is Word and activation.environment.facts:
                value = self.settle(value)
        except TROUBLE as problem:
            self.trouble(problem, node)
        activation.node = before
        return value

    def lower_Constant(self, node: ast.Constant) -> Abstract:
        return Known(node.value)

    def lower_Name(self, node: ast.Name) -> Abstract:
        activation = self.activations[-1]
        found = activation.environment.names.get(node.id)
        if found is not None:
            return found
        if node.id in activation.function.stored:
            self.error(f"{node.id!r} may not have a value here, or has different kinds on different paths")
        try:
            return Known(activation.function.lookup(node.id))
        except KeyError:
            self.error(f"{node.id!r} is not defined")

    def lower_Attribute(self, node: ast.Attribute) -> Abstract:
        owner = self.expression(node.value)
        if type(owner) is Parts and isinstance(owner.type, types.Aggregate):
            position = owner.type.layout.positions.get(node.attr)
            if position is None:
                self.error(f"{owner.type.name} has no field {node.attr!r}")
            return owner.items[position]
        if type(owner) is Known:
            if owner.value is None:
                self.error(f"nothing has no field {node.attr!r}")
            return Known(getattr(owner.value, node.attr))
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
            if not isinstance(index, Known) or not isinstance(index.value, int) or not isinstance(owner.type, types.Tuple):
                self.error("a tuple is indexed by a constant, a value class by its fields' names")
            if not -len(owner.items) <= index.value < len(owner.items):
                self.error(f"{owner.type.name} has no item {index.value}")
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

    def fold(self, operator: type[ast.operator], a: Any, b: Any) -> Abstract:
        """An operation on constants, as unlowered code does it."""
        if operator not in FOLD:
            self.error(f"{operator.__name__} does not lower")
        if operator is not ast.LShift and operator is not ast.RShift:
            a, b = same_width(a, b)
        fixed = types.FIXED.get(type(a)) or types.FIXED.get(type(b))
        if fixed is None and operator is ast.LShift and isinstance(b, int) and b > 4096:
            raise OverflowError(f"shift by {b}")
        try:
            result = FOLD[operator](a, b)
        except types.NativeOverflow:
            assert fixed is not None
            return self.impossible(fixed)
        return Known(plain_float(result))

    def binary(self, operator: type[ast.operator], left: Abstract, right: Abstract) -> Abstract:
        left, right = self.settle(left), self.settle(right)
        if type(left) is Known and type(right) is Known:
            return self.fold(operator, left.value, right.value)
        word = left if type(left) is Word else right
        if type(word) is not Word:
            raise TypeError(f"{type_of(word).name} has no operators")
        kind = word.type
        if operator is ast.LShift or operator is ast.RShift:
            return self.shift(operator, left, right)
        if not isinstance(kind, types.Scalar | types.Bool):
            raise TypeError(f"{kind.name} has no operators; use offset() to move a pointer")
        a, b = self.operand(left, kind), self.operand(right, kind)
        if isinstance(kind, types.Bool):
            if operator not in BIT_OPS:
                raise TypeError(f"{operator.__name__} on bool does not lower")
            return Word(kind, self.out.emit(f"{BIT_OPS[operator]} i1 {a}, {b}"))
        if kind.is_float:
            if operator not in FLOAT_OPS:
                raise TypeError(f"{operator.__name__} on f64 does not lower")
            return Word(kind, self.out.emit(f"{FLOAT_OPS[operator]} double {a}, {b}"))
        if operator in BIT_OPS:
            return Word(kind, self.out.emit(f"{BIT_OPS[operator]} {kind.text} {a}, {b}"))
        if operator not in INTEGER_OPS:
            if operator in (ast.Div, ast.FloorDiv, ast.Mod):
                raise TypeError("/ // % on integers do not lower; use divide_truncated or remainder_truncated")
            raise TypeError(f"{operator.__name__} does not lower")
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

    def shift(self, operator: type[ast.operator], left: Abstract, right: Abstract) -> Abstract:
        plain = isinstance(left, Known) and type(left.value) is int  # takes the amount's type, as in unlowered code
        kind = type_of(right) if plain else type_of(left)
        if not isinstance(kind, types.Scalar) or kind.is_float:
            raise TypeError(f"{kind.name} cannot be shifted")
        a = self.operand(left, kind)
        if isinstance(right, Known):
            if isinstance(right.value, bool) or not isinstance(right.value, int):
                raise TypeError("a shift's amount is an integer")
            if not 0 <= right.value < kind.bits:
                return self.impossible(kind)
            b = int.__repr__(right.value)
        else:
            amount_kind = type_of(right)
            if not isinstance(amount_kind, types.Scalar) or amount_kind.bits != kind.bits or amount_kind.is_float:
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
        kind = type_of(value)
        invert = isinstance(node.op, ast.Invert)
        if not isinstance(kind, types.Scalar) or isinstance(node.op, ast.UAdd) or (invert and kind.is_float):
            raise TypeError(f"{kind.name} has no such operator")
        if isinstance(value, Known):
            if invert:
                return Known(~value.value)
            try:
                return Known(-value.value)
            except types.NativeOverflow:
                return self.impossible(kind)
        if invert:
            return Word(kind, self.out.emit(f"xor {kind.text} {self.operand(value, kind)}, -1"))
        if kind.is_float:
            return Word(kind, self.out.emit(f"fneg double {self.operand(value, kind)}"))
        return self.binary(ast.Sub, Known(0), value)

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
        if type(left) is Known and type(right) is Known:
            if operator not in COMPARE_FOLD:
                self.error(f"{operator.__name__} does not lower")
            return Known(bool(COMPARE_FOLD[operator](left.value, right.value)))
        if operator not in PREDICATES:
            raise TypeError(f"{operator.__name__} does not lower")
        word = left if type(left) is Word else right
        if type(word) is not Word:
            raise TypeError("values are compared field by field")
        kind = word.type
        if isinstance(kind, types.Reference) and type(right) is Word and isinstance(right.type, types.Reference):
            kind = common_reference(kind, right.type)
        a, b = self.operand(left, kind), self.operand(right, kind)
        signed, unsigned, ordered = PREDICATES[operator]
        if not isinstance(kind, types.Scalar):
            if operator is not ast.Eq and operator is not ast.NotEq:
                raise TypeError(f"{kind.name} has no order")
            return Word(types.BOOL, self.out.emit(f"icmp {unsigned} {kind.text} {a}, {b}"))
        if kind.is_float:
            return Word(types.BOOL, self.out.emit(f"fcmp {ordered} double {a}, {b}"))
        result = self.out.emit(f"icmp {signed if kind.signed else unsigned} {kind.text} {a}, {b}")
        if operator is ast.Eq or operator is ast.NotEq:
            one, other = (left, right) if type(left) is Word else (right, left)
            if type(one) is Word and type(other) is Known:
                self.conditions[result] = (one.text, typed_integer(kind, other.value), operator is ast.Eq)
        return Word(types.BOOL, result)

    # -- conditions

    def condition(self, node: ast.expr, weights: str = "") -> Outcome:
        """Evaluates ``node`` for control: ``True`` or ``False`` where it is known, else the edges out of it where it is true
        and where it is false.

        An edge is (block, environment): the block is the target of a jump already written and is still to be entered. One
        list may be empty: then control never takes that way.
        """
        if isinstance(node, ast.BoolOp):
            try:
                return self.short_circuit(node, weights)
            except TROUBLE as problem:
                self.trouble(problem, node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.condition(node.operand, OPPOSITE[weights])
            return (not inner) if isinstance(inner, bool) else (inner[1], inner[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("likely", "unlikely"):
            likelihood = self.likelihood(node)
            if likelihood:
                return self.condition(node.args[0], likelihood)
        value = self.expression(node)
        try:
            return self.branch_on(value, weights)
        except TROUBLE as problem:
            self.trouble(problem, node)

    def branch_on(self, value: Abstract, weights: str = "") -> Outcome:
        """As :meth:`condition`, of a value."""
        value = self.settle(value)
        if type(value) is Known:
            if not isinstance(value.value, bool):
                raise TypeError("a condition is a bool; compare explicitly")
            return value.value
        if type_of(value) is not types.BOOL:
            raise TypeError("a condition is a bool; compare explicitly")
        text = self.operand(value, types.BOOL)
        yes, no = self.out.new_block("yes"), self.out.new_block("no")
        self.out.branch(text, yes, no, weights)
        environment = self.activations[-1].environment
        when_true, when_false = environment.copy(), environment.copy()
        when_true.facts[text], when_false.facts[text] = True, False
        equality = self.conditions.get(text)
        if equality is not None:
            word, number, truth = equality
            (when_true if truth else when_false).facts[word] = number
        return [(yes, when_true)], [(no, when_false)]

    def likelihood(self, node: ast.Call) -> str:
        """LLVM's branch weights for ``likely(...)`` and ``unlikely(...)``; nothing where the names mean something else."""
        assert isinstance(node.func, ast.Name)
        try:
            called = self.activation.function.lookup(node.func.id)
        except KeyError:
            return ""
        if not isinstance(called, Intrinsic) or len(node.args) != 1 or node.keywords or called in self.hooks:
            return ""
        return {"likely": LIKELY, "unlikely": UNLIKELY}.get(called.name, "")

    def short_circuit(self, node: ast.BoolOp, weights: str) -> Outcome:
        stop = isinstance(node.op, ast.Or)  # the truth that ends the evaluation
        if weights != (UNLIKELY if stop else LIKELY):
            weights = ""  # of "a and b, seldom" nothing follows for a
        ended: list[Edge] = []
        rest: list[Edge] = []
        for index, part in enumerate(node.values):
            last = index == len(node.values) - 1
            try:
                outcome = self.condition(part, weights)
            except Ended:
                if not ended:
                    raise
                break
            if isinstance(outcome, bool):
                if outcome is stop:
                    if not ended:
                        return stop
                    ended.extend(self.open_edge())
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
            elif going:
                self.enter_edges(going)
            else:
                break
        return (ended, rest) if stop else (rest, ended)

    def open_edge(self) -> list[Edge]:
        block = self.out.new_block("edge")
        self.out.jump(block)
        return [(block, self.environment.copy())]

    def enter_edges(self, edges: list[Edge]) -> None:
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
        self.environment = Environment(dict(edges[0][1].names), common_facts([e.facts for _, e in edges]))

    def lower_BoolOp(self, node: ast.BoolOp) -> Abstract:
        outcome = self.condition(node)
        if isinstance(outcome, bool):
            return Known(outcome)
        sources: list[tuple[Abstract, Block]] = []
        facts: list[dict[str, Any]] = []
        target = self.out.new_block("truth")
        for truth, edges in ((True, outcome[0]), (False, outcome[1])):
            if edges:
                self.enter_edges(edges)
                assert self.out.block is not None
                sources.append((Known(truth), self.out.block))
                facts.append(self.environment.facts)
                self.out.jump(target)
        self.out.enter(target)
        self.enter_facts(facts)
        return self.phi(target, sources, types.BOOL)

    def lower_IfExp(self, node: ast.IfExp) -> Abstract:
        outcome = self.condition(node.test)
        if isinstance(outcome, bool):
            return self.expression(node.body if outcome else node.orelse)
        target = self.out.new_block("either")
        sources: list[tuple[Abstract, Block]] = []
        facts: list[dict[str, Any]] = []
        for edges, part in ((outcome[0], node.body), (outcome[1], node.orelse)):
            if edges:
                self.enter_edges(edges)
                try:
                    value = self.expression(part)
                except Ended:
                    continue
                assert self.out.block is not None
                sources.append((value, self.out.block))
                facts.append(self.environment.facts)
                self.out.jump(target)
        if not sources:
            raise Ended
        self.out.enter(target)
        self.enter_facts(facts)
        return self.phi(target, sources)

    # -- calls

    def lower_Call(self, node: ast.Call) -> Abstract:
        target = self.expression(node.func)
        if type(target) is not Known:
            self.error("only functions known at compile time are called by name; use call_address()")
        called = target.value
        args = [self.expression(a) for a in node.args]
        value: Abstract
        if isinstance(called, Intrinsic | NativeFunction) and called in self.hooks:
            value = self.hooks[called](self, args, node)
        elif isinstance(called, NativeFunction):
            if node.keywords or len(args) != len(called.signature[0]):
                args = self.order_arguments(called.__name__, [name for name, _ in called.signature[0]], args, node)
            value = self.inline(called, args) if called.inlined else self.call(called, args)
        elif isinstance(called, Intrinsic):
            if node.keywords or not called.takes(len(args)):
                args = self.order_arguments(called.name, called.parameters, args, node)
            value = self.apply(called, args)
        elif isinstance(called, type):
            value = self.construct(called, args, node)
        else:
            self.error(f"{getattr(called, '__name__', described(called))!r} is not a native function")
        if self.out.block is None:
            raise Ended
        return value

    def apply(self, called: Intrinsic[..., Any], args: list[Abstract]) -> Abstract:
        """An intrinsic: its Python meaning where all arguments are constants and it only computes, else its instructions."""
        if called.folds and all(type(a) is Known for a in args):
            values = [a.value for a in args if type(a) is Known]
            if called.matches_widths:
                values = list(same_width(*values))
            try:
                result = called.python(*values)
            except types.NativeOverflow:
                return self.impossible(type_of(args[0]))
            if isinstance(result, tuple):
                return Parts(types.Tuple(tuple(default_type(item) for item in result)), tuple(map(Known, result)))
            return Known(plain_float(result))
        return called.lower(self, args)

    def order_arguments(self, called: str, parameters: list[str], args: list[Abstract], node: ast.Call) -> list[Abstract]:
        by_name = {k.arg: self.expression(k.value) for k in node.keywords}
        for name in parameters[len(args):]:
            if name in by_name:
                args.append(by_name.pop(name))
            else:
                break
        if by_name or len(args) != len(parameters):
            listed = ", ".join(parameters)
            self.error(f"{called}() takes {len(parameters)} arguments ({listed}), {len(args) + len(by_name)} given")
        return args

    def construct(self, called: type, args: list[Abstract], node: ast.Call) -> Abstract:
        try:
            kind = types.resolve_type(called)
        except TypeError:
            self.error(f"{called.__name__!r} is not a native type")
        if isinstance(kind, types.Aggregate):
            layout = kind.layout
            if node.keywords or len(args) != len(layout.kinds):
                args = self.order_arguments(kind.name, list(layout.positions), args, node)
            return Parts(kind, tuple(map(self.coerce, args, layout.kinds)))
        if isinstance(kind, types.Reference):
            self.error(f"a {kind.name} lives in memory; make one with pointer() or cast()")
        if len(args) != 1 or node.keywords:
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
        if not isinstance(have, types.Scalar | types.Bool):
            raise TypeError(f"{have.name} does not convert to {kind.name}")
        if isinstance(value, Known):
            if kind.is_float:
                return Known(float(value.value))
            if isinstance(value.value, float):
                raise TypeError("convert a float with i64_of_float()")
            if type(value.value) in types.FIXED:
                try:
                    return Known(kind.python(value.value))
                except types.NativeOverflow:
                    return self.impossible(kind)
            return Known(typed_integer(kind, int(value.value)))
        if isinstance(have, types.Bool):
            widened = "uitofp" if kind.is_float else "zext"
            return Word(kind, self.out.emit(f"{widened} i1 {self.operand(value, have)} to {kind.text}"))
        text = self.operand(value, have)
        if have.is_float:
            if kind.is_float:
                return value
            raise TypeError("convert a float with i64_of_float()")
        if kind.is_float:
            return Word(kind, self.out.emit(f"{'sitofp' if have.signed else 'uitofp'} {have.text} {text} to double"))
        if kind.bits > have.bits:
            if self.unit.checked and have.signed and not kind.signed:
                self.trap_if(self.out.emit(f"icmp slt {have.text} {text}, 0"))
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
        if called.external:  # C expects narrow numbers extended
            kinds = [part for _, kind in parameters if kind is not None for part in types.flatten(kind)]
            passed = [(t + extension(kind), x) for kind, (t, x) in zip(kinds, passed, strict=True)]
        listed = ", ".join(f"{t} {x}" for t, x in passed)
        shape = self.return_shape(result)
        if isinstance(result, types.Void):
            self.out.do(f"call void {name}({listed})")
            return Known(None)
        return self.unpack(result, self.out.emit(f"call {shape} {name}({listed})"))

    def return_shape(self, result: types.Type) -> str:
        return types.shape_text(result)

    def inline(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        raise NotImplementedError  # in StatementLowering: a body is statements


def plain_float(result: Any) -> Any:
    """A folded result; the class that unlowered code has for f64 is no help here, IEEE division aside."""
    return float(result) if isinstance(result, float) else result


def same_width(*numbers: Any) -> tuple[Any, ...]:
    """Constants with the i64 ones among them made the narrower class of the others: an i64 constant takes the width of what it
    meets."""
    narrow = next((type(n) for n in numbers if type(n) in types.FIXED and type(n) is not types.I64.python), None)
    if narrow is None:
        return numbers
    kind = types.FIXED[narrow]
    return tuple(typed_integer(kind, n) if type(n) is int or type(n) in types.FIXED else n for n in numbers)


def extension(kind: types.Type) -> str:
    """How the C ABI extends a narrow argument or result of ``kind``."""
    if isinstance(kind, types.Bool):
        return " zeroext"
    if isinstance(kind, types.Scalar) and kind.bits < 32:
        return " signext" if kind.signed else " zeroext"
    return ""
