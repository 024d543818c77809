"""Parsing of what a program declares: functions, structs, enums, modules and tests."""

from __future__ import annotations

from abc import abstractmethod

from pagoda.languages.ruff.syntax.cursor import ParseAbort, ParseFailure
from pagoda.languages.ruff.syntax.expressions import ExpressionParser
from pagoda.languages.ruff.syntax.tokens import ASSIGNMENTS, KEYWORDS, Token
from pagoda.languages.ruff.syntax.tree import (
    Block,
    EnumStatement,
    Export,
    Function,
    FunctionStatement,
    Import,
    Spawn,
    Statement,
    StructStatement,
    Test,
    TypeAnnotation,
)
from pagoda.machine.source import Source
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    State: TypeAlias = "tuple[int, int, bool, tuple[str, ...], FunctionState, int]"


class FunctionState(Record):
    """What the parser must know about the function it is in."""

    is_generator: bool = False
    loops: int = 0


_MEMBERS = frozenset({"func", "async", "identifier"})


class DeclarationParser(ExpressionParser):
    """Declarations. Blocks come from :meth:`block`, any statement from :meth:`statement`."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self.function = FunctionState()
        self.awaited: tuple[str, ...] = ()

    @abstractmethod
    def block(self, hint: str = "", awaited: str = "") -> Block:
        """Statements in braces; ``hint`` is for a user who wrote something else."""

    @abstractmethod
    def statement(self) -> Statement:
        """Any statement."""

    def in_generator(self) -> bool:
        """Whether the function being read is a generator."""
        return self.function.is_generator

    # ------------------------------------------------------------ recovery

    def state(self) -> State:
        """What a failure leaves half-way and :meth:`recover` sets right."""
        return self._expression_depth, self._block_depth, self._structs, self.awaited, self.function, self.function.loops

    def recover(self, state: State, failure: ParseFailure) -> None:
        """Record a mistake and go back to the state before it; where to read on is the caller's to find."""
        self._expression_depth, self._block_depth, self._structs, self.awaited, self.function, self.function.loops = state
        self.record(failure.diagnostic)

    # ------------------------------------------------------------ functions

    def at_function_statement(self) -> bool:
        """Whether ``func`` or ``async`` here begins a function with a name."""
        distance = 1 if self.kind == "async" else 0
        if self.peek_kind(distance) != "func":
            return False
        distance += 1
        if self.peek_kind(distance) == "*":
            distance += 1
        return self.peek_kind(distance) != "("

    def function_statement(self) -> FunctionStatement:
        """``[async] func[*] name(...) {...}``."""
        start = self.token.start
        function = self._named_function(start)
        return FunctionStatement((start, self.previous_end), function)

    def _named_function(self, start: int) -> Function:
        is_async = self.accept("async")
        self.expect("func")
        is_generator = self.accept("*")
        name = str(self.name("for the function").value)
        return self.function_rest(start, name, is_async=is_async, is_generator=is_generator, self_allowed=True)

    def function_rest(self, start: int, name: str, *, is_async: bool, is_generator: bool, self_allowed: bool) -> Function:
        """Parameters, return type and body of a function."""
        parameters = self.parameters(self_allowed=self_allowed)
        annotation = self.return_annotation()
        if self.kind in ASSIGNMENTS:
            self.fail_expected("'{' to open block", "the body of a function is a block: { return ... }")
        body = self._body(FunctionState(is_generator))
        return Function((start, self.previous_end), name, parameters, body, is_async, is_generator, annotation)

    def _body(self, state: FunctionState) -> Block:
        outer, self.function = self.function, state
        awaited, self.awaited = self.awaited, ()
        body = self.block()
        self.function, self.awaited = outer, awaited
        return body

    def _bodied(self) -> Function:
        """A block as a function of its own, without name and parameters."""
        start = self.token.start
        body = self._body(FunctionState())
        return Function((start, self.previous_end), "", [], body)

    def spawn_statement(self) -> Spawn:
        """``spawn {...}``."""
        start = self.advance().start
        function = self._bodied()
        return Spawn((start, self.previous_end), function)

    def test_statement(self) -> Test:
        """``test "title" {...}``, ``test_group "title" {...}``, ``test_setup {...}`` and ``test_teardown {...}``."""
        start = self.token.start
        kind = self.advance().kind
        title = ""
        if kind in ("test", "test_group"):
            if self.kind != "text":
                self.fail_expected(f"a string as title of the {kind}")
            title = str(self.advance().value)
        if kind != "test_group":
            function = self._bodied()
            return Test((start, self.previous_end), kind, title, function)
        members = self._body(FunctionState())
        empty = Function(members.span, "", [], Block(members.span, []))
        return Test((start, self.previous_end), kind, title, empty, members.statements)

    # ------------------------------------------------------------ types

    def enum_statement(self) -> EnumStatement:
        """``enum Name { A, B }``."""
        start = self.advance().start
        name = str(self.name("for the enum").value)
        opened = self.expect("{", "to open enum")
        if self.kind == "}":
            self.fail_expected("a name of an enum tag", "an enum has at least one tag")
        tags = [str(self.name("of an enum tag").value)]
        while self.accept(",") and self.kind != "}":
            tags.append(str(self.name("of an enum tag").value))
        if self.kind != "}":
            hint = "is a ',' missing?" if self.kind == "identifier" else ""
            if self.kind == "(":
                hint = "tags are declared without payload; Enum::Tag(1, 2) works for every tag"
            elif self.kind in ASSIGNMENTS:
                hint = "tags have no values of their own"
            self.fail_expected("'}' to close enum", hint, (opened.start, opened.end))
        self.advance()
        return EnumStatement((start, self.previous_end), name, tags)

    def struct_statement(self) -> StructStatement:
        """``struct Name { field: type  func method(self) {...} }``."""
        start = self.advance().start
        name = str(self.name("for the struct").value)
        opened = self.expect("{", "to open struct")
        fields: list[tuple[str, TypeAnnotation | None]] = []
        methods: list[Function] = []
        self.enter_block()
        while self.kind not in ("}", "end"):
            if self.accept(",") or self.accept(";"):
                continue
            position, state = self.position, self.state()
            try:
                if self.kind == "func" or (self.kind == "async" and self.peek_kind() == "func"):
                    methods.append(self._method(name))
                else:
                    fields.append(self._field())
            except ParseAbort:
                raise
            except ParseFailure as failure:
                self.recover(state, failure)
                self.skip_to_member(position, _MEMBERS)
        if self.kind != "}":
            self.fail_expected("'}' to close struct", opened=(opened.start, opened.end))
        self.advance()
        self.leave_block()
        return StructStatement((start, self.previous_end), name, fields, methods)

    def _method(self, struct: str) -> Function:
        token = self.token
        method = self._named_function(token.start)
        method.is_method = True
        method.has_self = bool(method.parameters) and method.parameters[0].name == "self"
        if method.is_generator:
            message = f"Generator methods are not supported for structs: {struct}.{method.name}"
            self.report("RUFPARSE008", message, (token.start, token.end))
        return method

    def _field(self) -> tuple[str, TypeAnnotation | None]:
        if self.kind in KEYWORDS and self.peek_kind() == ":":
            token = self.advance()  # as after a dot, a reserved word may name a field
        elif self.kind == "identifier":
            token = self.advance()
        else:
            hint = ""
            before = self.tokens[self.position - 1]
            if self.kind in ("let", "mut", "const"):
                hint = f"a field is written 'name: type', without '{self.kind}'"
            elif self.kind in KEYWORDS and before.kind == "identifier":
                hint = f"a field is written '{before.value}: {self.kind}'"
            self.fail_expected("a field, 'func' or '}' in struct", hint)
        annotation = self._field_type() if self.accept(":") else None
        if self.kind in ASSIGNMENTS:
            self.advance()
            self.element()  # a default is read and has no effect, as the language is given
        return str(token.value), annotation

    def _field_type(self) -> TypeAnnotation | None:
        """The type of a field, which may be any name: fields are unchecked."""
        if self.kind != "identifier" or self.token.value in ("Result", "Option"):
            return self.type_annotation()
        self.advance()
        if self.accept("<"):
            self.enter_expression()
            self._field_type()
            while self.accept(","):
                self._field_type()
            self.expect(">", "to close type")
            self.leave_expression()
        return None

    # ------------------------------------------------------------ modules

    def import_statement(self) -> Import:
        """``import m`` or ``from a.b import x, y``."""
        start = self.token.start
        if self.advance().kind == "import":
            module = [self._module_name()]
            self._refuse_alias()
            if self.kind == "." and not self.on_new_line():
                self.fail_expected("the end of the import", "dotted modules are imported with 'from a.b import name'")
            return Import((start, self.previous_end), module, None)
        module = [self._module_name()]
        while self.accept("."):
            module.append(str(self.name("of a module after '.'").value))
        self.expect("import", "after module")
        if self.kind == "*":
            self.fail_expected("a name to import", f"'import {module[-1]}' imports everything that the module exports")
        names = [str(self.name("to import").value)]
        while self.accept(","):
            names.append(str(self.name("to import").value))
        self._refuse_alias()
        return Import((start, self.previous_end), module, names)

    def _module_name(self) -> str:
        if self.kind == "text":
            self.fail_expected("a name of a module", "the name is written without quotes and without '.ruff'")
        return str(self.name("of a module").value)

    def _refuse_alias(self) -> None:
        if self.kind == "identifier" and self.token.value == "as" and not self.on_new_line():
            self.fail_expected("the end of the import", "Ruff has no 'as'; assign the import to another name: short := name")

    def export_statement(self) -> Export:
        """``export`` before a statement."""
        start = self.advance().start
        if self.kind in ("export", "}", "end"):
            self.fail_expected("a declaration after 'export'")
        statement = self.statement()
        return Export((start, self.previous_end), statement)
