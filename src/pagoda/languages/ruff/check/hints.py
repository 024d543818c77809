"""Advice for an error at run time, made when the error is reported: the nearest name, or what is meant instead.

The message of an error is part of the language and stays as it is; the advice is Pagoda's. What must hold: nothing here raises
or runs guest code, and an error that the program threw itself gets no advice.
"""

from __future__ import annotations

import re

from pagoda.languages.ruff.check.exports import module_exports, modules_beside
from pagoda.languages.ruff.check.habits import BUILTIN_FOR, VALUE_FOR
from pagoda.languages.ruff.check.nodes import declarations, declared_elsewhere, every_node, path_to, visible_names
from pagoda.languages.ruff.library.registry import builtin_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import Handle
from pagoda.machine.nearest import did_you_mean, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pagoda.machine.source import Source

_OPERATION = re.compile(r"(\w+) (\S+) (\w+)")
_MUTABLE = "declare it with 'mut' to change it"
_PLAIN = {
    "Invalid unary operation: ! ": "'!' takes a bool; compare instead, for example value == 0",
    "Cannot reassign immutable let binding: ": _MUTABLE,
    "Cannot mutate immutable let binding: ": _MUTABLE,
    "Cannot reassign const binding: ": "a constant never changes; declare it with 'mut'",
    "Cannot mutate const binding: ": "a constant never changes; declare it with 'mut'",
    "Index out of bounds: ": "indexes run from 0 to len - 1; negative ones count from the end",
    "Missing map key: ": "test with has_key(dict, key), or read with get_default(dict, key, value)",
    "Dict keys must be strings": "a bare name as key is a variable: write {\"name\": value}",
    "Integer overflow: ": "integers have 64 bits; floats go further: start from 1.0",
    "Maximum VM call stack depth of ": "does the recursion come to an end? --max-depth sets the limit",
    "Cannot call non-function": "the name before '(' holds a value, or the '(' begins a new statement: put ';' before it",
}  # fmt: skip


def runtime_hint(message: str, span: tree.Span | None, source: Source, program: tree.Program) -> str:
    """One sentence of advice for a run-time error, or an empty text. ``program`` is the resolved tree of ``source``."""
    if span is not None and source.text.startswith(("throw", "error("), span[0]):
        return ""
    at = span if span is not None else (0, 0)
    for beginning, hint in _PLAIN.items():
        if message.startswith(beginning):
            return hint
    for beginning, make in _MADE.items():
        if message.startswith(beginning):
            return make(message[len(beginning) :], at, source, program)
    if " expects " in message and " arguments, got " in message:
        return _signature(message.partition(" expects ")[0], program)
    if " has no method '" in message:
        return _handle_method(message)
    return ""


def undefined_hint(name: str, offset: int, source: Source, program: tree.Program, places: dict[str, list[tree.Span]]) -> str:
    """Advice for a name that means nothing at a place; ``places`` are the program's :func:`declarations`."""
    if name in VALUE_FOR:
        return VALUE_FOR[name]
    hidden = declared_elsewhere(places.get(name, []), offset)
    if hidden is not None:
        line = source.position(hidden[0])[0]
        around = path_to(program, offset)
        if any(isinstance(n, tree.AssignName | tree.Declaration) and n.span[0] <= hidden[0] < n.span[1] for n in around):
            if any(isinstance(node, tree.Function) and node.span[0] > hidden[0] for node in around):
                return f"a function that calls itself is declared with 'func {name}(...)'"
            return f"'{name}' cannot be used in its own declaration"
        if hidden[0] > offset:
            return f"'{name}' is declared further down, on line {line}"
        return f"'{name}' is declared inside another block, on line {line}; declare it before that block to use it here"
    found = nearest(name, visible_names(program, offset))
    if found:
        return f"did you mean '{found}'?"
    if name in BUILTIN_FOR:
        return f"did you mean '{BUILTIN_FOR[name]}'?"
    return did_you_mean(name, builtin_names())


def operation_hint(left: str, operator: str, right: str) -> str:
    """Advice for an operator between two types that it does not take."""
    pair = {left, right}
    if "null" in pair:
        return "one side is null; compare with null first, or give a value for it: value ?? 0"
    if pair & {"function", "native_function"}:
        return "one side is a function; call it with '()'"
    if operator == "+":
        if "string" in pair:
            return 'write to_string(value), or interpolation: "text ${value}"'
        if left == right == "array":
            return "arrays are joined with concat(a, b), and an item is added with push(array, item)"
        if left == "array":
            return "an item is added with push(array, item)"
        if left == right == "dict":
            return "dicts are joined with merge(a, b)"
    if operator == "*" and "string" in pair and "int" in pair:
        return "a string is repeated with repeat(text, count)"
    if left == "struct":
        return f"a struct takes part in '{operator}' when it has the method {_METHODS.get(operator, 'op_...')}"
    if "string" in pair and pair & {"int", "float"}:
        return "convert the string first: to_int(text) or to_float(text)"
    return ""


_METHODS = {
    "+": "op_add", "-": "op_sub", "*": "op_mul", "/": "op_div", "%": "op_mod", "<": "op_lt", ">": "op_gt", "<=": "op_le",
    ">=": "op_ge",
}  # fmt: skip


def member_hint(name: str, called: bool) -> str:
    """Advice for ``value.name`` or ``value.name(...)`` on a value that has no members."""
    builtin = name if name in builtin_names() else BUILTIN_FOR.get(name, "")
    if not builtin:
        builtin = nearest(name, builtin_names())
        return f"builtins are functions: did you mean {builtin}(value)?" if builtin else ""
    if called or builtin != name:
        return f"builtins are functions: write {builtin}(value)"
    return f"builtins are functions: write {builtin}(value) instead of value.{name}"


# ---------------------------------------------------------------- one kind of message each


def _undefined(name: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    return undefined_hint(name, span[0], source, program, declarations(program))


def _operation(rest: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    match = _OPERATION.fullmatch(rest)
    return operation_hint(*match.groups()) if match is not None else ""


def _duplicate(name: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    if name in builtin_names() and name not in program.globals:
        return f"'{name}' is a builtin; choose another name"
    return f"write '{name} := ...' to assign to the one that is there, or choose another name"


def _field(name: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    return did_you_mean(name, field_names(program))


def _method(name: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    found = did_you_mean(name, method_names(program))
    return found or (member_hint(name, called=True) if name in builtin_names() else "")


def _member(rest: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    name = rest.partition("'")[0]
    return member_hint(name, called=isinstance(path_to(program, *span)[-1], tree.MethodCall))


def _module(rest: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    title = rest.partition(";")[0]
    return did_you_mean(title, modules_beside(source))


def _symbol(rest: str, span: tree.Span, source: Source, program: tree.Program) -> str:
    name, _, module = rest.partition("' not found in module '")
    exports = module_exports(source, module.rstrip("'").split("."))
    if exports is None:
        return ""
    if name in exports.hidden:
        return f"'{name}' is there but not exported; write 'export' before it"
    return did_you_mean(name, exports.names)


_MADE: dict[str, Callable[[str, tree.Span, Source, tree.Program], str]] = {
    "Undefined variable: ": _undefined,
    "Invalid binary operation: ": _operation,
    "Duplicate declaration in the same scope: ": _duplicate,
    "Field not found: ": _field,
    "Unknown method: ": _method,
    "Cannot access field or method '": _member,
    "Module not found: ": _module,
    "Symbol '": _symbol,
}


def _signature(name: str, program: tree.Program) -> str:
    """How the one function of that name is declared."""
    found = []
    for node in every_node(program):
        if isinstance(node, tree.Function) and node.name and node.name == name.rpartition(".")[2]:
            found.append(node)
    if len(found) != 1:
        return ""
    names = [parameter.name for parameter in found[0].parameters if parameter.name != "self"]
    return f"it is declared as {found[0].name}({', '.join(names)})"


def _handle_method(message: str) -> str:
    title, _, name = message.partition(" has no method '")
    name = name.rstrip("'")
    for kind in Handle.__subclasses__():
        if kind.type_name.lower() == title.lower():
            return did_you_mean(name, kind.methods)
    return ""


def field_names(program: tree.Program) -> set[str]:
    """Every field that the program declares or writes in a struct literal."""
    found: set[str] = set()
    for node in every_node(program):
        if isinstance(node, tree.StructStatement | tree.StructLiteral):
            found.update(name for name, _ in node.fields)
    return found


def method_names(program: tree.Program) -> set[str]:
    """Every method that the program declares."""
    found: set[str] = set()
    for node in every_node(program):
        if isinstance(node, tree.StructStatement):
            found.update(method.name for method in node.methods)
    return found
