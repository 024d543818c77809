"""Parsing of what binds names and of types: ``let`` patterns, ``case`` patterns, parameters, annotations."""

from __future__ import annotations

from pagoda.languages.ruff.syntax.cursor import Cursor
from pagoda.languages.ruff.syntax.tokens import SCALAR_TYPES
from pagoda.languages.ruff.syntax.tree import (
    ArrayPattern,
    CasePattern,
    DictPattern,
    NamePattern,
    Parameter,
    Pattern,
    TypeAnnotation,
)


class PatternParser(Cursor):
    """Patterns, parameters and type annotations."""

    def pattern(self) -> Pattern:
        """``IDENT``, ``_``, ``[...]`` or ``{...}``."""
        if self.kind == "[":
            return self._array_pattern()
        if self.kind == "{":
            return self._dict_pattern()
        return self.name_pattern("to declare")

    def name_pattern(self, purpose: str) -> NamePattern:
        """One name that is bound."""
        token = self.name(purpose)
        return NamePattern((token.start, token.end), str(token.value))

    def _array_pattern(self) -> ArrayPattern:
        opened = self.advance()
        self.enter_expression()
        items: list[Pattern] = []
        rest: NamePattern | None = None
        while self.kind != "]":
            if self.accept("..."):
                rest = self.name_pattern("after '...'")
                self.accept(",")
                break
            items.append(self.pattern())
            if not self.accept(",") and self.kind != "...":
                break
        if self.kind != "]":
            self.fail_expected("']' to close array pattern", opened=(opened.start, opened.end))
        self.advance()
        self.leave_expression()
        return ArrayPattern((opened.start, self.previous_end), items, rest)

    def _dict_pattern(self) -> DictPattern:
        opened = self.advance()
        names: list[NamePattern] = []
        rest: NamePattern | None = None
        while True:
            if self.accept("..."):
                rest = self.name_pattern("after '...'")
                self.accept(",")
                break
            names.append(self.name_pattern("in dict pattern"))
            if not self.accept(",") and self.kind != "...":
                break
            if self.kind == "}":
                break
        if self.kind != "}":
            self.fail_expected("'}' to close dict pattern", opened=(opened.start, opened.end))
        self.advance()
        return DictPattern((opened.start, self.previous_end), names, rest)

    def case_pattern(self) -> CasePattern:
        """``Tag``, ``Enum::Tag`` or either with one name in parentheses."""
        start = self.token.start
        if self.kind in ("integer", "decimal", "text", "template", "true", "false", "null", "-", "[", "{"):
            hint = "a case is a tag such as Ok(x) or Color::Red; compare values with 'if'"
            self.fail_expected("a name as case pattern", hint)
        enum, tag = "", str(self.name("as case pattern").value)
        if self.accept("::"):
            enum, tag = tag, str(self.name("of a tag after '::'").value)
        payload: str | None = None
        if self.accept("("):
            payload = str(self.name("for the payload").value)
            if self.kind == ",":
                hint = f"one name stands for all: further values are {payload}_1, {payload}_2 and so on"
                self.fail_expected("')' to close case pattern", hint)
            self.expect(")", "to close case pattern")
        return CasePattern((start, self.previous_end), enum, tag, payload)

    def parameters(self, *, self_allowed: bool) -> list[Parameter]:
        """``(a, b: int)`` with its parentheses."""
        opened = self.expect("(", "to open parameters")
        parameters: list[Parameter] = []
        names: set[str] = set()
        while self.kind != ")":
            parameter = self._parameter(self_allowed, first=not parameters)
            if parameter.name in names:
                self.report("RUFPARSE004", f"Duplicate parameter name: {parameter.name}", parameter.span)
            names.add(parameter.name)
            parameters.append(parameter)
            if not self.accept(","):
                break
        if self.kind != ")":
            hint = ""
            if self.kind in ("=", ":="):
                hint = "parameters have no default values"
            elif self.kind == "identifier":
                hint = "is a ',' missing? A type follows its name: a: int"
            self.fail_expected("')' to close parameters", hint, (opened.start, opened.end))
        self.advance()
        return parameters

    def _parameter(self, self_allowed: bool, first: bool) -> Parameter:
        token = self.token
        if token.kind == "self":
            span = (token.start, token.end)
            if not self_allowed:
                self.report("RUFPARSE003", "'self' cannot be a parameter of a function without a name", span)
            elif not first:
                self.report("RUFPARSE003", "'self' must be the first parameter", span)
            self.advance()
            name = "self"
        else:
            if token.kind == "...":
                self.fail_expected("a parameter name", "Ruff has no variadic parameters")
            if token.kind in SCALAR_TYPES:
                self.fail_expected("a name as parameter", f"the type follows the name: value: {token.kind}")
            if token.kind == "{":
                self.fail_expected("a name as parameter", "is a ')' missing?")
            name = str(self.name("as parameter").value)
        annotation = self.type_annotation() if self.accept(":") else None
        return Parameter((token.start, self.previous_end), name, annotation)

    def type_annotation(self) -> TypeAnnotation | None:
        """A type; ``None`` after an unknown one, which is reported."""
        token = self.token
        if token.kind in SCALAR_TYPES:
            self.advance()
            return TypeAnnotation((token.start, token.end), token.kind)
        if token.kind != "identifier":
            from pagoda.languages.ruff.syntax.advice import TYPE_HINT

            self.fail_expected("a type", TYPE_HINT)
        name = str(token.value)
        wanted = {"Result": 2, "Option": 1}.get(name)
        if wanted is None:
            from pagoda.languages.ruff.syntax.advice import type_hint

            message = f"Unknown type '{name}'"
            if self.peek_kind() == "<":
                self.fail("RUFPARSE006", message, (token.start, token.end), type_hint(name))
            self.report("RUFPARSE006", message, (token.start, token.end), type_hint(name))
            self.advance()
            return None
        self.advance()
        self.expect("<", f"after type {name}")
        self.enter_expression()
        arguments: list[TypeAnnotation] = []
        for index in range(wanted):
            if index:
                self.expect(",", f"between the types of {name}")
            argument = self.type_annotation()
            if argument is not None:
                arguments.append(argument)
        self.expect(">", f"to close type {name}")
        self.leave_expression()
        return TypeAnnotation((token.start, self.previous_end), name, arguments)

    def return_annotation(self) -> TypeAnnotation | None:
        """``-> scalar``, where it is written."""
        if not self.accept("->"):
            return None
        if self.kind not in SCALAR_TYPES:
            hint = "a return type is int, float, string or bool"
            if self.kind == "identifier":
                hint += "; for others leave '-> " + str(self.token.value) + "' out"
            self.fail_expected("a return type", hint)
        token = self.advance()
        return TypeAnnotation((token.start, token.end), token.kind)
