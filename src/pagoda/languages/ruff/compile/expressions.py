"""Expressions, and conditions as jumps."""

from __future__ import annotations

from pagoda.languages.ruff.compile.base import CompilerBase
from pagoda.languages.ruff.compile.chains import chain_of, is_text
from pagoda.languages.ruff.compile.folding import NOTHING, known
from pagoda.languages.ruff.compile.program import CodeRef, FunctionRef, ShapeRef, WordRef
from pagoda.languages.ruff.operations import arithmetic, comparison, control, data, generators, loops, model
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.function import Label, Moded
from pagoda.machine.ops import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HEADER = 2  # slots before a call window's arguments
WRITTEN_OUT = {"len": control.call_len, "sqrt": control.call_sqrt}  # builtins that have an operation of their own
MOST = 256  # items of a literal that are evaluated side by side

ARITHMETIC: dict[str, Op] = {"+": arithmetic.add, "-": arithmetic.sub, "*": arithmetic.mul, "/": arithmetic.div, "%":
arithmetic.mod}
COMPARISON: dict[str, tuple[Op, Op, Op]] = {
    "<": (comparison.lt, comparison.jump_lt, comparison.jump_not_lt),
    "<=": (comparison.le, comparison.jump_le, comparison.jump_not_le),
    ">": (comparison.gt, comparison.jump_gt, comparison.jump_not_gt),
    ">=": (comparison.ge, comparison.jump_ge, comparison.jump_not_ge),
    "==": (comparison.eq, comparison.jump_eq, comparison.jump_not_eq),
    "!=": (comparison.ne, comparison.jump_ne, comparison.jump_not_ne),
}


LOOPS: dict[str, Op] = {"<": loops.loop_lt, "<=": loops.loop_le, ">": loops.loop_gt, ">=": loops.loop_ge, "!=": loops.loop_ne}


class ExpressionCompiler(CompilerBase):
    """Compiles expressions to operands."""

    def expression(self, node: tree.Expression, want: int | None = None) -> Moded:
        """The value of ``node`` as an operand: where it lies, or in the register ``want``."""
        constant = known(node, self.options.fold)
        if constant is not NOTHING:
            operand = self.literal(constant)
            if want is None:
                return operand
            self.emit(data.move, want, operand, span=node.span)
            return ("R", want)
        if isinstance(node, tree.Name) and node.binding.kind == "local" and want is None:
            return ("R", node.binding.index)
        register = self.temporary() if want is None else want
        with self.at(node), self.scratch():
            method = getattr(self, "value_" + type(node).__name__, None)
            if method is None:
                raise self.unsupported(type(node).__name__, node)
            method(node, register)
        return ("R", register)

    def operand(self, node: tree.Expression, modes: str) -> Moded:
        """The value of ``node`` in one of ``modes``."""
        return self.fit(self.expression(node), modes)

    def register_of(self, node: tree.Expression) -> Moded:
        return self.operand(node, "R")

    def place_of(self, binding: tree.Binding) -> Moded:
        """Where a variable lives, as a place operand."""
        if binding.kind == "local":
            return ("R", binding.index)
        if binding.kind == "capture":
            return ("C", binding.index)
        return ("G", self.program.global_number(binding.name))

    # -- names

    def value_Name(self, node: tree.Name, register: int) -> None:
        self.load_binding(node.binding, node.name, register)

    def load_binding(self, binding: tree.Binding, name: str, register: int) -> None:
        """Puts a variable's value into a register."""
        if binding.kind == "local":
            self.emit(data.move, register, ("R", binding.index))
        elif binding.kind == "self_function":
            self.emit(data.callee, register)
        elif binding.kind == "field":
            place = ("G", self.program.global_number(binding.name or name))
            self.emit(data.load_own, register, ("R", 0), self.program.symbol(binding.name or name), place)
        else:
            self.emit(data.load, register, self.place_of(binding))

    # -- operators

    def value_Binary(self, node: tree.Binary, register: int) -> None:
        if node.operator == "+" and self.text_chain(node, register):
            return
        if node.operator in ARITHMETIC:
            left = self.operand(node.left, "RTK")
            right = self.operand(node.right, "RTKI")
            if left[0] == "K" and right[0] in "KI":
                left = self.fit(left, "R")
            self.emit(ARITHMETIC[node.operator], register, left, right)
            return
        op = COMPARISON[node.operator][0]
        left = self.operand(node.left, "RT")
        self.emit(op, register, left, self.operand(node.right, "RTKI"))

    def text_chain(self, node: tree.Binary, register: int) -> bool:
        """``a + b + "c"``: what ``a + b`` makes grows in place. Numbers are better off without."""
        first, additions = chain_of(node, self.options.fold)
        if len(additions) < 2 or not any(is_text(addition.right) for addition in additions):
            return False
        made = register if register >= self.locals else self.temporary()
        with self.scratch():
            left = self.operand(first, "RTK")
            right = self.operand(additions[0].right, "RTKI")
            if left[0] == "K" and right[0] in "KI":
                left = self.fit(left, "R")
            self.emit(arithmetic.add, made, left, right, span=additions[0].span)
        for addition in additions[1:]:
            with self.scratch():
                self.emit(arithmetic.add_to, ("R", made), self.operand(addition.right, "RTKI"), span=addition.span)
        if made != register:
            self.emit(data.move, register, ("R", made))
        return True

    def value_Unary(self, node: tree.Unary, register: int) -> None:
        op = arithmetic.neg if node.operator == "-" else arithmetic.invert
        self.emit(op, register, self.register_of(node.operand))

    def value_Logical(self, node: tree.Logical, register: int) -> None:
        done = Label()
        if node.operator == "??":
            self.expression(node.left, register)
            self.emit(comparison.jump_not_null, ("R", register), done)
            self.expression(node.right, register)
            self.place(done)
            return
        no = Label()
        self.jump_unless(node, no)
        self.emit(data.move, register, self.literal(True))
        self.emit(control.jump, done)
        self.place(no)
        self.emit(data.move, register, self.literal(False))
        self.place(done)

    # -- conditions

    def gives_bool(self, node: tree.Expression) -> bool:
        """Whether the value is a bool whatever happens (an overload may return anything, so comparisons are not)."""
        return isinstance(node, tree.BoolLiteral) or (isinstance(node, tree.Logical) and node.operator != "??")

    def jump_if(self, node: tree.Expression, target: Label) -> None:
        """Goes to ``target`` if ``node`` counts as true."""
        self.branch(node, target, True)

    def jump_unless(self, node: tree.Expression, target: Label) -> None:
        """Goes to ``target`` if ``node`` counts as false."""
        self.branch(node, target, False)

    def branch(self, node: tree.Expression, target: Label, sense: bool) -> None:
        constant = known(node, self.options.fold)
        if constant is not NOTHING:
            from pagoda.languages.ruff.operators import truthy

            if truthy(constant) is sense:
                self.emit(control.jump, target)
            return
        with self.at(node), self.scratch():
            if isinstance(node, tree.Logical) and node.operator in ("&&", "||"):
                if (node.operator == "&&") is sense:
                    skip = Label()
                    self.branch(node.left, skip, not sense)
                    self.branch(node.right, target, sense)
                    self.place(skip)
                else:
                    self.branch(node.left, target, sense)
                    self.branch(node.right, target, sense)
                return
            if isinstance(node, tree.Unary) and node.operator == "!" and self.gives_bool(node.operand):
                self.branch(node.operand, target, not sense)
                return
            if isinstance(node, tree.Binary) and node.operator in COMPARISON and self.options.fuse:
                _, yes, no = COMPARISON[node.operator]
                left = self.operand(node.left, "RT")
                right = self.operand(node.right, "RTKI")
                if sense and target in self.begun and node.operator in LOOPS:
                    yes, target = LOOPS[node.operator], self.begun[target]
                self.emit(yes if sense else no, left, right, target)
                return
            value = self.register_of(node)
            self.emit(comparison.jump_true if sense else comparison.jump_false, value, target)

    # -- elements, fields, calls

    def may_call(self, node: tree.Expression) -> bool:
        """Whether evaluating ``node`` may run guest code, which could change a global or captured variable."""
        return has_call(node, self.session.overloads)

    def container(self, node: tree.Expression) -> Moded:
        """What is indexed: a register, or a global where it lies."""
        if isinstance(node, tree.Name) and node.binding.kind == "global" and node.binding.name in self.session.overwritten:
            return ("G", self.program.global_number(node.binding.name))
        return self.register_of(node)  # a global that nothing defines is an error before the index is looked at

    def value_IndexGet(self, node: tree.IndexGet, register: int) -> None:
        # A call in the index could change the global before it is read, so the container is then read first.
        container = self.register_of(node.receiver) if self.may_call(node.index) else self.container(node.receiver)
        self.emit(data.index_get, register, container, self.operand(node.index, "RTKI"), variable=node.receiver)

    def value_FieldGet(self, node: tree.FieldGet, register: int) -> None:
        symbol = self.program.symbol(node.name)
        if not node.optional:
            self.emit(data.field_get, register, self.container(node.receiver), symbol, variable=node.receiver)
            return
        self.emit(data.field_if_any, register, self.register_of(node.receiver), symbol)

    def arguments(self, args: list[tree.Expression], first: int) -> None:
        """Evaluates arguments into registers from ``first`` on; the window is reserved already."""
        for index, argument in enumerate(args):
            if isinstance(argument, tree.Spread):
                raise self.unsupported("spread in a call", argument)
            self.expression(argument, first + index)

    def value_Call(self, node: tree.Call, register: int) -> None:
        callee, args = node.callee, node.args
        if isinstance(callee, tree.Name) and callee.binding.kind == "global":
            name = callee.binding.name or callee.name
            number = self.session.builtin(name)
            if number is not None:
                window = self.temporary(max(len(args), 1))
                self.arguments(args, window)
                called = WRITTEN_OUT.get(name, control.call_builtin)
                self.emit(called, register, window, len(args), number)
                return
            if self.session.function(name):
                window = self.temporary(HEADER + len(args))
                self.arguments(args, window + HEADER)
                self.emit(control.call_global, register, window, len(args), ("G", self.program.global_number(name)))
                return
        window = self.temporary(HEADER + len(args))
        if node.piped and args:
            self.expression(args[0], window + HEADER)
            self.expression(callee, window)
            self.arguments(args[1:], window + HEADER + 1)
        else:
            self.expression(callee, window)
            self.arguments(args, window + HEADER)
        self.emit(control.call, register, window, len(args))

    def value_MethodCall(self, node: tree.MethodCall, register: int) -> None:
        window = self.temporary(HEADER + 1 + len(node.args))
        self.expression(node.receiver, window + HEADER)
        self.arguments(node.args, window + HEADER + 1)
        self.emit(control.call_method, register, window, 1 + len(node.args), self.program.symbol(node.name))

    # -- literals

    def row(self, nodes: list[tree.Expression]) -> int:
        """Evaluates expressions into a row of registers; the first one."""
        first = self.temporary(max(len(nodes), 1))
        for index, node in enumerate(nodes):
            self.expression(node, first + index)
        return first

    def value_ArrayLiteral(self, node: tree.ArrayLiteral, register: int) -> None:
        runs = _runs(node.items, lambda item: isinstance(item, tree.Spread))
        if not runs or (len(runs) == 1 and not isinstance(node.items[0], tree.Spread)):
            self.emit(data.array_literal, register, self.row(node.items), len(node.items))
            return
        made = self.temporary()
        first = [] if isinstance(node.items[0], tree.Spread) else runs.pop(0)
        with self.scratch():
            self.emit(data.array_literal, made, self.row(first), len(first))
        for run in runs:
            with self.scratch():
                if isinstance(run[0], tree.Spread):
                    self.emit(data.extend, ("R", made), self.register_of(run[0].value))
                elif len(run) == 1:
                    self.emit(data.push_to, ("R", made), self.operand(run[0], "RTKI"))
                else:
                    more = self.temporary()
                    with self.scratch():
                        self.emit(data.array_literal, more, self.row(run), len(run))
                    self.emit(data.extend, ("R", made), ("R", more))
        self.emit(data.move, register, ("R", made))

    def value_DictLiteral(self, node: tree.DictLiteral, register: int) -> None:
        # The keys of a run are checked when its values are there, as on the walker.
        runs = _runs(node.entries, lambda entry: entry[0] is None)
        if not runs or (len(runs) == 1 and node.entries[0][0] is not None):
            self.dict_run(node.entries, register)
            return
        made = self.temporary()
        self.dict_run([] if node.entries[0][0] is None else runs.pop(0), made)
        for run in runs:
            with self.scratch():
                key, value = run[0]
                if key is None:
                    spread = value.value if isinstance(value, tree.Spread) else value
                    self.emit(data.extend_dict, ("R", made), self.register_of(spread))
                else:
                    more = self.temporary()
                    self.dict_run(run, more)
                    self.emit(data.extend_dict, ("R", made), ("R", more))
        self.emit(data.move, register, ("R", made))

    def dict_run(self, entries: list[Any], register: int) -> None:
        """Entries without a spread, as a dict."""
        with self.scratch():
            parts = [part for entry in entries for part in entry]
            self.emit(data.dict_literal, register, self.row(parts), len(parts))

    def value_StructLiteral(self, node: tree.StructLiteral, register: int) -> None:
        symbols = [self.program.symbol(name) for name, _ in node.fields]
        window = self.row([value for _, value in node.fields])
        last = {symbol: index for index, symbol in enumerate(symbols)}
        kept = sorted(last.values())
        for position, index in enumerate(kept):
            if position != index:  # a field that is given twice keeps its last value
                self.emit(data.move, window + position, ("R", window + index))
        shape = ShapeRef(self.program.symbol(node.name), tuple(symbols[index] for index in kept))
        self.emit(data.struct_literal, register, window, len(kept), self.constant(shape))

    def value_Interpolation(self, node: tree.Interpolation, register: int) -> None:
        window = self.row(node.parts)
        self.emit(data.interpolate, register, window, len(node.parts))

    def value_ResultValue(self, node: tree.ResultValue, register: int) -> None:
        if node.value is None:
            self.make_tagged("Option", "None", [], register)
            return
        self.emit(control.wrap, register, self.register_of(node.value), self.program.symbol(node.tag))

    def value_EnumValue(self, node: tree.EnumValue, register: int) -> None:
        self.make_tagged(node.enum, node.tag, node.args or [], register)

    def make_tagged(self, enum: str, tag: str, args: list[tree.Expression], register: int) -> None:
        names = WordRef(self.program.symbol(enum) << 32 | self.program.symbol(tag))
        self.emit(control.tagged, register, self.row(args), len(args), self.constant(names))

    def value_Function(self, node: tree.Function, register: int) -> None:
        self.make_function(node, register)

    def make_function(self, node: tree.Function, register: int, name: str = "") -> None:
        """A function value: a constant, or a closure with copies of what it captures."""
        self.closure_of(self.compile_function(node, name), node, register)

    def closure_of(self, function: Any, node: tree.Function, register: int) -> None:
        """The value of a compiled function."""
        if not node.captures:
            self.emit(data.move, register, ("K", self.constant(FunctionRef(function))))
            return
        window = self.temporary(len(node.captures))
        for index, binding in enumerate(node.captures):
            self.load_binding(binding, binding.name, window + index)
        code = CodeRef(function, tuple(binding.name for binding in node.captures))
        self.emit(data.closure, register, window, len(node.captures), self.constant(code))

    def compile_function(self, node: tree.Function, name: str = "") -> Any:
        raise NotImplementedError  # in function.py, which ties the rooms together

    def compile_method(self, node: tree.Function, name: str) -> Any:
        raise NotImplementedError  # likewise

    # -- control inside expressions

    def value_Throw(self, node: tree.Throw, register: int) -> None:
        self.emit(control.throw, self.operand(node.value, "RTKI"))

    def value_Try(self, node: tree.Try, register: int) -> None:
        good = Label()
        value = self.register_of(node.operand)
        self.emit(control.jump_ok, value, good)
        self.leave(value)
        self.place(good)
        self.emit(control.payload, register, value, 0)

    def value_Await(self, node: tree.Await, register: int) -> None:
        self.emit(generators.await_value, register, self.register_of(node.value))

    def value_Yield(self, node: tree.Yield, register: int) -> None:
        if not self.node.is_generator:
            self.emit(control.report, model.MESSAGE, self.literal("yield can only be used inside a generator function"))
            return
        if node.value is None:
            self.emit(data.move, register, self.literal(None))
        else:
            self.expression(node.value, register)
        self.emit(generators.produce, ("R", register))

    def leave(self, value: Moded) -> None:
        """Returns a value from the function."""
        if self.node.is_async:
            made = self.temporary()
            self.emit(generators.promise, made, value, 0)
            value = ("R", made)
        self.emit(control.give, ("T", value[1]) if value[0] == "R" else value)  # nothing outlives the frame


def has_call(node: object, overloads: bool) -> bool:
    """Whether evaluating ``node`` may run guest code; ``overloads``: operators may."""
    if isinstance(node, tree.Binary):
        return overloads or has_call(node.left, False) or has_call(node.right, False)
    if isinstance(node, tree.Unary):
        return overloads or has_call(node.operand, False)
    if isinstance(node, tree.FieldGet):
        return has_call(node.receiver, overloads)
    if isinstance(node, tree.IndexGet):
        return has_call(node.receiver, overloads) or has_call(node.index, overloads)
    return not isinstance(
        node, tree.Name | tree.IntLiteral | tree.FloatLiteral | tree.StringLiteral | tree.BoolLiteral | tree.NullLiteral
    )


def _runs(items: list[Any], stands_alone: Callable[[Any], bool]) -> list[list[Any]]:
    """Neighbouring items in lists of at most ``MOST`` (each takes registers at once); some stand alone."""
    runs: list[list[Any]] = []
    for item in items:
        if runs and len(runs[-1]) < MOST and not stands_alone(item) and not stands_alone(runs[-1][0]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs
