"""Warnings about names: undefined, unused, builtins replaced by accident, changes to what never changes."""

from __future__ import annotations

from pagoda.languages.ruff.check.facts import Facts, Variable
from pagoda.languages.ruff.check.hints import undefined_hint
from pagoda.languages.ruff.check.nodes import declarations
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.toplevel import pattern_names
from pagoda.machine.nearest import did_you_mean

#: So many undefined names get a hint, each of which costs a look at the whole program.
_ADVISED = 50
_MUTABLE = "declare it with 'mut' to change it"


def check_names(facts: Facts) -> None:
    """All warnings of this module."""
    _undefined(facts)
    _unused(facts)
    _builtins(facts)
    _changes(facts)
    _imports(facts)
    _members(facts)


def _undefined(facts: Facts) -> None:
    if facts.imports_unknown:
        return
    known = set(facts.top.defined) | set(facts.top.setup) | facts.builtins | facts.imported_names()
    known.update(facts.structs, facts.enums)
    declared_late = _declared_by_statements(facts)
    places = declarations(facts.program)
    count = 0
    for node, function in facts.nodes:
        if not isinstance(node, tree.Name) or node.binding.kind != "global" or node.name == "self":
            continue
        if node.name not in known:
            certain = id(function) not in facts.fieldy
        else:
            certain = function is facts.program.main and node.span[1] <= declared_late.get(node.name, -1)
        if certain:
            count += 1
            hint = ""
            if count <= _ADVISED:
                hint = undefined_hint(node.name, node.span[0], facts.source, facts.program, places)
            facts.warn("RUFCHK001", f"Undefined variable: {node.name}", node.span, hint)


def _declared_by_statements(facts: Facts) -> dict[str, int]:
    """Where each variable of the top level comes to be, for those that nothing else can give a value before."""
    places: dict[str, int] = {}
    for key, variable in facts.variables.items():
        if not isinstance(key, str) or variable.kind != "variable" or key in facts.builtins or not variable.spans:
            continue
        if key in facts.top.hoisted or key in facts.imported_names() or key in facts.structs or key in facts.enums:
            continue
        first = min(span[0] for span in variable.spans)
        # A function may assign it before the statement is reached.
        if key not in facts.reached_from_inside and all(span[0] >= first for span in variable.writes):
            places[key] = first
    return places


def _unused(facts: Facts) -> None:
    setup = facts.top.setup
    # A name that is out of reach where it is read is one mistake, not two.
    missed = {warning.message.rpartition(" ")[2] for warning in facts.found if warning.code == "RUFCHK001"}
    for key, variable in facts.variables.items():
        if variable.kind == "bound" or variable.reads or variable.exported or variable.name.startswith("_"):
            continue
        if variable.name in missed:
            continue
        if not variable.spans:
            continue
        if isinstance(key, str) and (variable.kind == "function" or key in setup or key in facts.builtins):
            continue
        if variable.kind == "function":
            if variable.function is not None:
                span = head_of(variable.function, variable.spans[0])
                facts.warn("RUFCHK002", f"Function '{variable.name}' is never used", span, "remove it, or call it")
            continue
        hint = "remove it, or write '_' in its place" if variable.value is None else "remove it, or begin its name with '_'"
        if variable.writes:
            message = f"Variable '{variable.name}' is assigned but never used"
        else:
            message = f"Variable '{variable.name}' is never used"
        facts.warn("RUFCHK002", message, variable.spans[0], hint)


def head_of(function: tree.Function, span: tree.Span) -> tree.Span:
    """A function's statement up to its body, which no marker should underline."""
    return (span[0], max(span[0] + 1, function.body.span[0] - 1))


def _builtins(facts: Facts) -> None:
    replaced: set[str] = set()
    for node, function in facts.nodes:
        if isinstance(node, tree.AssignName) and node.binding.kind == "global" and node.name in facts.builtins:
            if node.error is None and node.name not in facts.top.setup and node.name not in replaced:
                replaced.add(node.name)
                hint = "choose another name"
                if function is not facts.program.main:
                    hint = f"write 'mut {node.name} := ...' for a variable of the function's own, or choose another name"
                message = f"This replaces the builtin '{node.name}' in the whole program"
                facts.warn("RUFCHK005", message, node.name_span, hint)
        elif isinstance(node, tree.FunctionStatement):
            name = node.function.name
            if node.binding.kind == "global" and name in facts.builtins:
                message = f"This function replaces the builtin '{name}' in the whole program"
                facts.warn("RUFCHK005", message, head_of(node.function, node.span), "choose another name unless that is meant")
        elif isinstance(node, tree.Call) and isinstance(node.callee, tree.Name) and node.callee.name in facts.builtins:
            variable = facts.variable(node.callee, function)
            if variable is not None and variable.settled and _holds_no_function(variable):
                line = facts.line(variable.spans[0])
                message = f"'{variable.name}' is not the builtin here but the variable of line {line}"
                facts.warn("RUFCHK005", message, node.callee.span, "give the variable another name")


def _holds_no_function(variable: Variable) -> bool:
    literals = (
        tree.IntLiteral, tree.FloatLiteral, tree.StringLiteral, tree.BoolLiteral, tree.NullLiteral, tree.Interpolation,
        tree.ArrayLiteral, tree.DictLiteral, tree.StructLiteral, tree.Binary,
    )  # fmt: skip
    return isinstance(variable.value, literals)


def _changes(facts: Facts) -> None:
    """What the resolver found, as errors for when the statement is reached."""
    for node, _ in facts.nodes:
        if not isinstance(node, tree.AssignName | tree.AssignPlace | tree.Declaration | tree.FunctionStatement):
            continue
        if node.error is None:
            continue
        name = node.error.rpartition(": ")[2]
        if node.error.startswith("Duplicate"):
            hint = f"write '{name} := ...' to assign to the one that is there, or choose another name"
            if name in facts.builtins and name not in facts.top.defined:
                hint = f"'{name}' is a builtin; choose another name"
            facts.warn("RUFCHK007", node.error, _place_of(node, name), hint)
        else:
            hint = _MUTABLE if "let" in node.error else "a constant never changes; declare it with 'mut'"
            facts.warn("RUFCHK006", node.error, _place_of(node, name), hint)


def _place_of(node: tree.AssignName | tree.AssignPlace | tree.Declaration | tree.FunctionStatement, name: str) -> tree.Span:
    if isinstance(node, tree.AssignName):
        return node.name_span
    if isinstance(node, tree.AssignPlace):
        return node.target.span
    if isinstance(node, tree.Declaration):
        for pattern in pattern_names(node.pattern):
            if pattern.name == name:
                return pattern.span
        return node.pattern.span
    return head_of(node.function, node.span)


def _imports(facts: Facts) -> None:
    read = set(facts.type_names)
    for node, _ in facts.nodes:
        if isinstance(node, tree.Name) and node.binding.kind in ("global", "field"):
            read.add(node.name)
    for node, exports in facts.imports:
        title = ".".join(node.module)
        if node.names is None:
            if exports is not None and not (exports.names | {node.module[-1]}) & read:
                facts.warn("RUFCHK003", f"Module '{title}' is imported but never used", node.span, "remove the import")
            continue
        for name in node.names:
            span = _name_in(facts, node, name)
            if exports is not None and name not in exports.names:
                message = f"Symbol '{name}' not found in module '{title}'"
                hint = did_you_mean(name, exports.names)
                if name in exports.hidden:
                    hint = f"'{name}' is there but not exported; write 'export' before it"
                facts.warn("RUFCHK014", message, span, hint)
            elif name not in read:
                facts.warn("RUFCHK003", f"'{name}' is imported but never used", span, "remove it from the import")


def _name_in(facts: Facts, node: tree.Import, name: str) -> tree.Span:
    """Where an import names something: the last place, as the module's own name may be the same."""
    text = facts.source.text
    start = node.span[1]
    while True:
        start = text.rfind(name, node.span[0], start)
        if start < 0:
            return node.span
        end = start + len(name)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return (start, end)
        start = end - 1


def _members(facts: Facts) -> None:
    """Fields of struct literals and tags of enums, where the one declaration there is does not have them."""
    for node, _ in facts.nodes:
        if isinstance(node, tree.StructLiteral):
            structs = facts.structs.get(node.name, [])
            if len(structs) != 1 or not structs[0].fields:
                continue
            fields = {name for name, _ in structs[0].fields}
            for name, value in node.fields:
                if name not in fields:
                    hint = did_you_mean(name, fields) or f"it declares: {', '.join(sorted(fields))}"
                    message = f"Struct '{node.name}' declares no field '{name}'"
                    facts.warn("RUFCHK013", message, _before(facts, node, name, value), hint)
        elif isinstance(node, tree.EnumValue | tree.CasePattern) and node.enum:
            enums = facts.enums.get(node.enum, [])
            if len(enums) == 1 and node.tag not in enums[0].tags:
                hint = did_you_mean(node.tag, enums[0].tags) or f"it declares: {', '.join(enums[0].tags)}"
                facts.warn("RUFCHK013", f"Enum '{node.enum}' declares no tag '{node.tag}'", _tag_span(facts, node), hint)


def _before(facts: Facts, node: tree.StructLiteral, name: str, value: tree.Expression) -> tree.Span:
    start = facts.source.text.rfind(name, node.span[0], value.span[0])
    return (start, start + len(name)) if start >= 0 else node.span


def _tag_span(facts: Facts, node: tree.EnumValue | tree.CasePattern) -> tree.Span:
    start = facts.source.text.find(node.tag, node.span[0] + len(node.enum), node.span[1])
    return (start, start + len(node.tag)) if start >= 0 else node.span
