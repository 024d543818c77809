"""What a program's top level defines, found before names are resolved.

A function may mention a global that the text declares later, so the whole list must be known first. Only statements that
stand directly at the top level count; ``test_setup`` blocks count too, since what they define is there for every test.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagoda.languages.ruff.syntax.tree import (
    ArrayPattern,
    AssignName,
    AssignPlace,
    Block,
    Declaration,
    DictPattern,
    EnumStatement,
    Export,
    Expression,
    FieldGet,
    For,
    FunctionStatement,
    If,
    Import,
    IndexGet,
    Match,
    Name,
    NamePattern,
    Pattern,
    Statement,
    StructStatement,
    Test,
    TryExcept,
    While,
)


def pattern_names(pattern: Pattern) -> Iterator[NamePattern]:
    """Every name a pattern binds, in order; ``_`` binds nothing."""
    if isinstance(pattern, NamePattern):
        if pattern.name != "_":
            yield pattern
        return
    if isinstance(pattern, ArrayPattern):
        for item in pattern.items:
            yield from pattern_names(item)
    elif isinstance(pattern, DictPattern):
        for name in pattern.names:
            yield from pattern_names(name)
    if pattern.rest is not None:
        yield from pattern_names(pattern.rest)


def mutability_of(keyword: str) -> str:
    """How a declaration with that keyword binds; destructuring without one is immutable."""
    return keyword or "let"


def root_name(place: Expression) -> Name | None:
    """The variable that a place such as ``a.b[0]`` is part of."""
    while isinstance(place, FieldGet | IndexGet):
        place = place.receiver
    return place if isinstance(place, Name) else None


class TopLevel:
    """The names of the top level.

    ``defined`` maps each to its mutability, in order of appearance. ``fixed`` are those that must be globals whoever
    mentions them: functions, structs, enums, imports and exports. ``hoisted`` are the functions that exist from the start.
    """

    def __init__(self, statements: list[Statement], builtins: frozenset[str], interactive: bool) -> None:
        self.builtins = builtins
        self.interactive = interactive
        self.defined: dict[str, str] = {}
        self.fixed: set[str] = set()
        self.hoisted: set[str] = set()
        self.setup: dict[str, str] = {}
        for statement in statements:
            self._collect(statement, exported=False)

    def knows(self, name: str) -> bool:
        """Whether a name that no scope declares is a global for certain."""
        return name in self.defined or name in self.builtins or name in self.setup

    def mutability(self, name: str) -> str:
        """How a global was declared, as far as this file tells."""
        return self.defined.get(name) or self.setup.get(name, "mut")

    def is_builtin(self, name: str) -> bool:
        """Whether declaring the name at the top level collides with a builtin."""
        return name in self.builtins and not self.interactive

    def _define(self, name: str, mutability: str, fixed: bool) -> None:
        self.defined.setdefault(name, mutability)
        if fixed:
            self.fixed.add(name)

    def _collect(self, statement: Statement, exported: bool) -> None:
        if isinstance(statement, Export):
            self._collect(statement.statement, exported=True)
        elif isinstance(statement, Declaration):
            for name in pattern_names(statement.pattern):
                # A declaration that collides with a builtin fails when reached and leaves the builtin as it is.
                if not self.is_builtin(name.name):
                    self._define(name.name, mutability_of(statement.keyword), exported)
        elif isinstance(statement, AssignName):
            self._define(statement.name, "mut", exported)
        elif isinstance(statement, FunctionStatement):
            self._define(statement.function.name, "mut", fixed=True)
            self.hoisted.add(statement.function.name)
        elif isinstance(statement, StructStatement | EnumStatement):
            self._define(statement.name, "mut", fixed=True)
        elif isinstance(statement, Import):
            for imported in statement.names if statement.names is not None else statement.module[-1:]:
                self._define(imported, "mut", fixed=True)
        elif isinstance(statement, Test):
            self._collect_test(statement)

    def _collect_test(self, test: Test) -> None:
        for member in test.members:
            if isinstance(member, Test):
                self._collect_test(member)
        if test.kind != "test_setup":
            return
        for statement in test.function.body.statements:
            if isinstance(statement, Declaration):
                for name in pattern_names(statement.pattern):
                    self.setup.setdefault(name.name, mutability_of(statement.keyword))
            elif isinstance(statement, AssignName):
                self.setup.setdefault(statement.name, "mut")
            elif isinstance(statement, FunctionStatement):
                self.setup.setdefault(statement.function.name, "mut")


def assigned_names(statements: list[Statement]) -> Iterator[str]:
    """The variables that statements assign, wholly or in part, outside functions of their own."""
    for statement in statements:
        if isinstance(statement, AssignName):
            yield statement.name
        elif isinstance(statement, AssignPlace):
            root = root_name(statement.target)
            if root is not None:
                yield root.name
        else:
            for block in _blocks(statement):
                yield from assigned_names(block.statements)


def _blocks(statement: Statement) -> Iterator[Block]:
    if isinstance(statement, Block):
        yield statement
    elif isinstance(statement, If):
        step: If | Block | None = statement
        while isinstance(step, If):
            yield step.then
            step = step.otherwise
        if step is not None:
            yield step
    elif isinstance(statement, While | For):
        yield statement.body
    elif isinstance(statement, Match):
        for _, body in statement.cases:
            yield body
        if statement.default is not None:
            yield statement.default
    elif isinstance(statement, TryExcept):
        yield statement.body
        yield statement.handler
    elif isinstance(statement, Export):
        yield Block(statement.span, [statement.statement])
