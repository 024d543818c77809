"""Statements: bindings, places, control flow, errors, definitions."""

from __future__ import annotations

from pagoda.languages.ruff.compile.base import Loop
from pagoda.languages.ruff.compile.chains import chain_of, is_plain, is_text, may_be_text, mentions, same_part, same_variable
from pagoda.languages.ruff.compile.expressions import HEADER, ExpressionCompiler
from pagoda.languages.ruff.compile.program import NO_ANSWER, ImportRequest, ObjectRef, WordRef
from pagoda.languages.ruff.operations import arithmetic, comparison, control, data, generators, model
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import StructDefinition
from pagoda.machine.function import Handler, Label, Moded, Span
from pagoda.machine.linker import TooLarge

MOST_STEPS = 60
PUSHES = ("push", "append")


class StatementCompiler(ExpressionCompiler):
    """Compiles statements."""

    def statements(self, nodes: list[tree.Statement]) -> None:
        for node in nodes:
            self.statement(node)

    def statement(self, node: tree.Statement) -> None:
        with self.at(node), self.scratch():
            method = getattr(self, "do_" + type(node).__name__, None)
            if method is None:
                raise self.unsupported(type(node).__name__, node)
            method(node)

    def block(self, node: tree.Block) -> None:
        self.statements(node.statements)

    do_Block = block

    def do_ExpressionStatement(self, node: tree.ExpressionStatement) -> None:
        if isinstance(node.value, tree.Name) and node.value.binding.kind == "local":
            return
        self.expression(node.value)

    # -- bindings

    def raise_message(self, message: str) -> None:
        """Raises a run-time error that the resolver foresaw."""
        self.emit(control.report, model.MESSAGE, self.literal(message))

    def do_Declaration(self, node: tree.Declaration) -> None:
        if node.error is not None:
            self.expression(node.value)
            self.raise_message(node.error)
            return
        if isinstance(node.pattern, tree.NamePattern):
            if node.pattern.name == "_":
                self.expression(node.value)
            else:
                self.assign(node.pattern.binding, node.value)
            return
        value = self.temporary()
        self.expression(node.value, value)
        self.take_apart(node.pattern, ("R", value))

    def do_AssignName(self, node: tree.AssignName) -> None:
        if node.error is not None:
            self.expression(node.value)
            self.raise_message(node.error)
            return
        if not self.in_place(node):
            self.assign(node.binding, node.value)

    def in_place(self, node: tree.AssignName) -> bool:
        """``x := x + e`` and ``x := push(x, e)`` change what ``x`` holds where it lies, if ``e`` runs no guest code."""
        value = node.value
        if node.binding.kind not in ("local", "capture", "global") or node.declares:
            return False
        if node.binding.kind == "global" and node.binding.name not in self.session.overwritten:
            return False
        if isinstance(value, tree.Binary) and self.add_in_place(node.binding, value):
            return True
        if isinstance(value, tree.Call) and self.is_push(value) and self.is_variable(value.args[0], node.binding):
            if node.binding.kind != "local" and self.may_call(value.args[1]):
                return False
            item = self.operand(value.args[1], "RTKI")
            self.emit(data.push_to, self.place_of(node.binding), item, span=value.span, variable=value.args[0])
            return True
        return False

    def is_variable(self, node: tree.Expression, binding: tree.Binding) -> bool:
        return isinstance(node, tree.Name) and same_variable(node.binding, binding)

    def add_in_place(self, binding: tree.Binding, value: tree.Binary) -> bool:
        """``x := x + a``; also ``x := x + a + b``, if ``b`` does not read ``x`` and nobody sees it with only ``a`` added."""
        variable, additions = chain_of(value, self.options.fold)
        if not additions or not self.is_variable(variable, binding):
            return False
        addends, local = [addition.right for addition in additions], binding.kind == "local"
        if not local and self.may_call(addends[0]):
            return False
        place = self.place_of(binding)
        if len(additions) > 1 and (not local or self.guarded):
            return self.add_text_in_place(binding, additions)
        if any(mentions(addend, binding) for addend in addends[1:]):
            return False
        for addition in additions:
            with self.scratch():
                right = self.operand(addition.right, "RTKI")
                self.emit(arithmetic.add_to, place, right, span=addition.span, variable=variable)
        return True

    def add_text_in_place(self, binding: tree.Binding, additions: list[tree.Binary]) -> bool:
        """The chain where a failure must leave ``x`` alone: strings can all be added, and anything else goes the usual way."""
        addends = [addition.right for addition in additions]
        if not any(map(is_text, addends)) or not all(map(is_plain, addends[1:])):
            return False
        if any(mentions(addend, binding) for addend in addends[1:]):
            return False
        place, operands, otherwise, done = self.place_of(binding), [], Label(), Label()
        for addend in addends:
            operand = self.operand(addend, "RK")
            if not is_text(addend):
                operand = self.fit(operand, "R")
                self.emit(comparison.jump_not_text, operand, otherwise)
            operands.append(operand)
        self.emit(comparison.jump_not_text, place, otherwise)
        for addition, operand in zip(additions, operands, strict=True):
            self.emit(arithmetic.add_to, place, operand, span=addition.span)
        self.emit(control.jump, done)
        self.place(otherwise)
        made = self.temporary()
        self.load_binding(binding, binding.name, made)
        for addition, operand in zip(additions, operands, strict=True):
            self.emit(arithmetic.add, made, ("R", made), operand, span=addition.span)
        self.store(binding, ("R", made))
        self.place(done)
        return True

    def assign(self, binding: tree.Binding, value: tree.Expression) -> None:
        """Evaluates into a variable. Guarded code goes by a temporary, so that a failure leaves the old value."""
        if binding.kind == "local" and not self.guarded:
            self.expression(value, binding.index)
            return
        self.store(binding, self.expression(value))

    def store(self, binding: tree.Binding, value: Moded) -> None:
        """Puts a value into a variable."""
        if binding.kind == "local":
            self.into(value, binding.index)
        else:
            self.emit(data.store, self.place_of(binding), value)

    def take_apart(self, pattern: tree.Pattern, value: Moded) -> None:
        """Binds a pattern's names to the parts of a value."""
        if isinstance(pattern, tree.NamePattern):
            if pattern.name != "_":
                self.store(pattern.binding, value)
            return
        if isinstance(pattern, tree.ArrayPattern):
            for index, item in enumerate(pattern.items):
                with self.scratch():
                    part = self.temporary()
                    self.emit(data.part, part, value, index, span=pattern.span)
                    self.take_apart(item, ("R", part))
            if pattern.rest is not None:
                with self.scratch():
                    rest = self.temporary()
                    self.emit(data.rest, rest, value, ("I", len(pattern.items)), span=pattern.span)
                    self.take_apart(pattern.rest, ("R", rest))
            return
        for name in pattern.names:
            with self.scratch():
                part = self.temporary()
                self.emit(data.part_named, part, value, self.literal(name.name), span=pattern.span)
                self.take_apart(name, ("R", part))
        if pattern.rest is not None:
            with self.scratch():
                keys = self.temporary()
                row = self.temporary(max(len(pattern.names), 1))
                for index, name in enumerate(pattern.names):
                    self.emit(data.move, row + index, self.literal(name.name))
                self.emit(data.array_literal, keys, row, len(pattern.names))
                rest = self.temporary()
                self.emit(data.rest, rest, value, ("R", keys), span=pattern.span)
                self.take_apart(pattern.rest, ("R", rest))

    # -- places

    def do_AssignPlace(self, node: tree.AssignPlace) -> None:
        steps: list[tree.FieldGet | tree.IndexGet] = []
        at: tree.Expression = node.target
        while isinstance(at, tree.FieldGet | tree.IndexGet):
            steps.append(at)
            at = at.receiver
        steps.reverse()
        if not isinstance(at, tree.Name) or at.binding.kind not in ("local", "capture", "global"):
            raise self.unsupported("an assignment to this place", node)
        if node.error is not None:
            self.expression(node.value)
            self.raise_message(node.error)
            return
        place = self.place_of(at.binding)
        if len(steps) == 1 and self.change_part(node.value, steps[0], at, node.target.span):
            return
        # The value comes first, then the indices from left to right, then the change.
        if len(steps) == 1:
            step = steps[0]
            value = self.operand(node.value, "RTKI")
            if isinstance(step, tree.FieldGet):
                self.emit(data.field_set, place, self.program.symbol(step.name), value, span=node.target.span, variable=at)
            else:
                index = self.operand(step.index, "RTKI")
                index, value = self.apart(index, at), self.apart(value, at)
                self.emit(data.index_set, place, index, value, span=node.target.span, variable=at)
            return
        window = self.temporary(len(steps) + 1)
        self.expression(node.value, window + len(steps))
        fields = 0
        for number, step in enumerate(steps):
            if isinstance(step, tree.FieldGet):
                fields |= 1 << number
                self.emit(data.move, window + number, self.literal(self.program.symbol(step.name)))
            else:
                self.expression(step.index, window + number)
        if len(steps) > MOST_STEPS:
            raise TooLarge(f"a place has more than {MOST_STEPS} steps, which is too many")
        which = self.constant(WordRef(fields))
        self.emit(data.path_set, place, window, len(steps) + 1, which, span=node.target.span, variable=at)

    def change_part(self, value: tree.Expression, step: tree.FieldGet | tree.IndexGet, at: tree.Name, span: Span) -> bool:
        """``a[i] := push(a[i], x)`` and ``a[i] := a[i] + x``: what the container holds changes where it lies.

        In the usual order; but before the change the part is taken out of its container, so that nobody else holds it.
        """
        grows = self.is_push(value)
        if grows and isinstance(value, tree.Call):
            part, added, tag, change = value.args[0], value.args[1], data.ARRAY_PART, data.push_to
        elif isinstance(value, tree.Binary) and value.operator == "+" and may_be_text(value.right):
            part, added, tag, change = value.left, value.right, data.TEXT_PART, arithmetic.add_to
        else:
            return False
        if not same_part(part, step, at, self.session.overloads):
            return False
        place, held, skip = self.place_of(at.binding), self.temporary(), Label()
        self.expression(part, held)
        more = self.operand(added, "RTKI")
        if not grows and not is_text(added):
            more = self.fit(more, "R")
            self.emit(comparison.jump_not_text, more, skip)
        if isinstance(step, tree.FieldGet):
            symbol = self.program.symbol(step.name)
            self.emit(data.detach_field, ("R", held), place, symbol, tag)
            self.place(skip)
            self.emit(change, ("R", held), more, span=value.span)
            self.emit(data.field_set, place, symbol, ("R", held), span=span, variable=at)
            return True
        index = self.operand(step.index, "RKI")
        self.emit(data.detach_item, ("R", held), place, index, tag)
        self.place(skip)
        self.emit(change, ("R", held), more, span=value.span)
        self.emit(data.index_set, place, index, ("R", held), span=span, variable=at)
        return True

    def is_push(self, value: tree.Expression) -> bool:
        """Whether a value is a call of the builtin that adds to an array."""
        return (
            isinstance(value, tree.Call) and len(value.args) == 2 and isinstance(value.callee, tree.Name)
            and value.callee.binding.kind == "global" and value.callee.name in PUSHES
            and self.session.builtin(value.callee.name) is not None
        )  # fmt: skip

    def apart(self, operand: Moded, variable: tree.Name) -> Moded:
        """``operand``, in a register of its own if it is the very variable that is changed."""
        if operand != ("R", variable.binding.index) or variable.binding.kind != "local":
            return operand
        kept = self.temporary()
        self.emit(data.move, kept, operand)
        return ("R", kept)

    # -- control flow

    def do_If(self, node: tree.If) -> None:
        otherwise, done = Label(), Label()
        self.jump_unless(node.condition, otherwise)
        self.block(node.then)
        if node.otherwise is not None:
            self.emit(control.jump, done)
        self.place(otherwise)
        if node.otherwise is not None:
            self.statement(node.otherwise)
        self.place(done)

    def do_While(self, node: tree.While) -> None:
        body, test, after = Label(), Label(), Label()
        if node.condition is None:
            self.place(test)
            self.place(body)
        else:
            self.emit(control.jump, test)
            self.place(body)
        self.emit(control.loop)
        begun = Label()
        self.place(begun)
        self.loops.append(Loop(after, test))
        self.block(node.body)
        self.loops.pop()
        if node.condition is None:
            self.emit(control.jump, body)
        else:
            self.place(test)
            self.begun[body] = begun
            self.jump_if(node.condition, body)
        self.place(after)

    def do_For(self, node: tree.For) -> None:
        items, index = self.temporary(), self.temporary()
        variable = node.name.binding.index if node.name.binding.kind == "local" else self.temporary()
        if not self.counted_range(node.iterable, items, index):
            with self.scratch():
                value = self.expression(node.iterable, self.temporary())
                self.emit(control.iterate, items, value, span=node.iterable.span)
            self.emit(data.move, index, ("I", 0))
        self.emit(data.move, variable, self.literal(None))
        body, again, after = Label(), Label(), Label()
        self.emit(control.jump, again)
        self.place(body)
        self.loops.append(Loop(after, again))
        if node.name.binding.kind not in ("local", "unresolved"):
            self.store(node.name.binding, ("R", variable))
        self.block(node.body)
        self.loops.pop()
        self.place(again)
        self.emit(control.next_item, ("R", variable), ("R", items), ("R", index), body, span=node.iterable.span)
        self.place(after)

    def counted_range(self, node: tree.Expression, items: int, index: int) -> bool:
        """``for i in range(a, b)`` counts, without making the array; it costs the same fuel."""
        if not (isinstance(node, tree.Call) and isinstance(node.callee, tree.Name) and node.callee.binding.kind == "global"):
            return False
        if node.callee.name != "range" or len(node.args) not in (1, 2):
            return False
        if self.session.builtin("range") is None or not self.options.fuse:
            return False
        with self.at(node):
            start = self.literal(0) if len(node.args) == 1 else self.operand(node.args[0], "RTKI")
            if start[0] == "R" and self.may_call(node.args[-1]):
                kept = self.temporary()
                self.emit(data.move, kept, start)
                start = ("R", kept)
            stop = self.operand(node.args[-1], "RTKI")
            self.emit(control.range_bound, index, start)
            self.emit(control.range_bound, items, stop)
            self.emit(control.range_charge, ("R", index), ("R", items))
        return True

    def do_Break(self, node: tree.Break) -> None:
        self.emit(control.jump, self.loops[-1].after)

    def do_Continue(self, node: tree.Continue) -> None:
        self.emit(control.jump, self.loops[-1].again)

    def do_Return(self, node: tree.Return) -> None:
        if self.node is self.session.main and self.program.growing:
            if node.value is not None:
                self.expression(node.value)
            self.leave(self.no_answer())
            return
        self.leave(self.literal(None) if node.value is None else self.operand(node.value, "RTKI"))

    def no_answer(self) -> Moded:
        """What a session's input gives that ends without a value."""
        return ("K", self.constant(ObjectRef(NO_ANSWER)))

    def do_Match(self, node: tree.Match) -> None:
        subject = self.temporary()
        self.expression(node.subject, subject)
        done = Label()
        for pattern, body in node.cases:
            following = Label()
            enum, tag = pattern.enum, pattern.tag
            names = WordRef((self.program.symbol(enum) << 32 if enum else 0) | self.program.symbol(tag))
            self.emit(control.jump_not_case, ("R", subject), self.constant(names), following, span=pattern.span)
            for index, binding in pattern.payload_bindings:
                with self.scratch():
                    part = self.temporary()
                    self.emit(control.payload, part, ("R", subject), index, span=pattern.span)
                    self.store(binding, ("R", part))
            self.block(body)
            self.emit(control.jump, done)
            self.place(following)
        if node.default is not None:
            self.block(node.default)
        self.place(done)

    def do_TryExcept(self, node: tree.TryExcept) -> None:
        start, end, caught, done = Label(), Label(), Label(), Label()
        register = node.name.binding.index if node.name.binding.kind == "local" else self.temporary()
        self.place(start)
        self.guarded += 1
        self.block(node.body)
        self.guarded -= 1
        self.place(end)
        self.emit(control.jump, done)
        self.place(caught)
        if node.name.binding.kind in ("global", "capture"):
            self.store(node.name.binding, ("R", register))
        if start.position < end.position:  # else nothing can fail
            self.function.handlers.append(Handler(start, end, caught, register))
        self.block(node.handler)
        self.place(done)

    def do_Spawn(self, node: tree.Spawn) -> None:
        made = self.temporary()
        self.make_function(node.function, made, "<spawn>")
        self.emit(generators.spawn, ("R", made))

    # -- definitions

    def do_FunctionStatement(self, node: tree.FunctionStatement) -> None:
        if node.error is not None:
            self.raise_message(node.error)
            return
        with self.scratch():
            made = self.temporary()
            self.make_function(node.function, made)
            self.store(node.binding, ("R", made))

    def do_EnumStatement(self, node: tree.EnumStatement) -> None:
        return

    def do_StructStatement(self, node: tree.StructStatement) -> None:
        owner = self.program.symbol(node.name)
        with self.scratch():
            nothing = self.temporary()
            self.emit(data.move, nothing, self.literal(None))
            self.emit(data.define_method, self.constant(WordRef(owner << 32)), ("R", nothing))
        for method in node.methods:
            symbol = self.program.symbol(method.name)
            with self.scratch():
                made = self.temporary()
                function = self.compile_method(method, f"{node.name}.{method.name}")
                self.program.methods.append((owner, symbol, function))
                self.closure_of(function, method, made)
                self.emit(data.define_method, self.constant(WordRef(owner << 32 | symbol)), ("R", made))
        if node.name in self.session.hoisted:  # a function of that name, such as one that makes the struct, stays
            return
        definition = ObjectRef(StructDefinition(node.name, [name for name, _ in node.fields], {}))
        self.emit(data.store, ("G", self.program.global_number(node.name)), ("K", self.constant(definition)))

    def do_Import(self, node: tree.Import) -> None:
        """A call of a constant that the host understands: it binds the names, and answers a dict of all of them."""
        request = ImportRequest(node.module, node.names, self.program, self.session.foreseen.get(id(node)))
        made, window = self.temporary(), self.temporary(HEADER)
        self.emit(data.move, window, ("K", self.constant(ObjectRef(request))))
        self.emit(control.call, made, window, 0)
        if node.names is None:
            self.emit(data.store, ("G", self.program.global_number(node.module[-1])), ("R", made))

    def do_Export(self, node: tree.Export) -> None:
        self.statement(node.statement)

    def do_Test(self, node: tree.Test) -> None:
        return
