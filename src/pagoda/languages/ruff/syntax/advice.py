"""Advice for mistakes of syntax: what people coming from other languages write, and what they mean by it.

Everything here looks at tokens only, a few around the mistake, and never fails. The parser imports it when there is a mistake.
"""

from __future__ import annotations

from pagoda.languages.ruff.syntax.cursor import FOREIGN_WORDS
from pagoda.languages.ruff.syntax.tokens import ASSIGNMENTS, COMPOUND_ASSIGNMENTS, KEYWORDS, SCALAR_TYPES, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.machine.source import Source

_VALUES = frozenset({"integer", "decimal", "text", "template", "identifier", "true", "false", "null", "self"})
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??", "|>", "!"})
COMMA_MISSING = "is a ',' missing?"
ARROW = "Ruff has no '=>'; a function is written 'func(x) { return ... }'"
_TERNARY = "Ruff has no 'a ? b : c'; use 'if' and 'else' statements"
#: Names of types elsewhere.
_TYPES = {
    "str": "did you mean 'string'?", "String": "did you mean 'string'?", "text": "did you mean 'string'?",
    "integer": "did you mean 'int'?", "Int": "did you mean 'int'?", "i64": "did you mean 'int'?", "i32": "did you mean 'int'?",
    "long": "did you mean 'int'?", "Integer": "did you mean 'int'?", "double": "did you mean 'float'?",
    "f64": "did you mean 'float'?", "Float": "did you mean 'float'?", "number": "write 'int' or 'float'",
    "boolean": "did you mean 'bool'?", "Bool": "did you mean 'bool'?", "void": "leave the type out where there is no value",
}  # fmt: skip
TYPE_HINT = "the types are int, float, string, bool, Result<T, E> and Option<T>"


def type_hint(name: str) -> str:
    """Advice for an unknown type."""
    return _TYPES.get(name, TYPE_HINT + "; for others leave the annotation out")


def touching(tokens: list[Token], position: int) -> bool:
    """Whether nothing stands between the token before ``position`` and the one there."""
    return 0 < position < len(tokens) and tokens[position - 1].end == tokens[position].start


def is_arrow(tokens: list[Token], position: int) -> bool:
    """Whether ``=>`` stands at a position: the lexer makes two tokens of it."""
    following = position + 1
    return tokens[position].kind == "=" and tokens[following].kind == ">" and touching(tokens, following)


def guess(tokens: list[Token], position: int) -> str:
    """Advice for a token that does not belong where it stands, or an empty text."""
    token = tokens[position]
    before = tokens[position - 1] if position else token
    for candidate in (token, before):
        if candidate.kind == "identifier" and str(candidate.value) in FOREIGN_WORDS:
            return f"'{candidate.value}' is not a word of Ruff; {FOREIGN_WORDS[str(candidate.value)]}"
    kind = token.kind
    if before.kind == "?" and position:
        return _TERNARY
    if kind == "=":
        if position + 1 < len(tokens) and is_arrow(tokens, position):
            return ARROW
        if before.kind not in KEYWORDS:
            return "'=' assigns; compare with '=='"
    if kind == "->" or (kind == ">" and before.kind == "=" and touching(tokens, position)):
        return ARROW
    return _TOKENS.get(kind, "")


_TOKENS = {
    "||": "put parentheses around an expression with '||' here",
    "&&": "put parentheses around an expression with '&&' here",
    "??": "put parentheses around an expression with '??' here",
    "|>": "put parentheses around an expression with '|>' here",
    "&": "write '&&', or bit_and(a, b) for the bits of integers",
    "|": "write '||', or bit_or(a, b) for the bits of integers",
    "..": "Ruff has no '..'; use range(first, last), or '...' to spread an array",
}


def expression_hint(tokens: list[Token], position: int) -> str:
    """Advice where a value is missing, or an empty text."""
    kind = tokens[position].kind
    before = tokens[position - 1].kind if position else ""
    earlier = tokens[position - 2].kind if position > 1 else ""
    close = touching(tokens, position)
    if kind in SCALAR_TYPES:
        return f"'{kind}' is the name of a type; convert with to_{kind}(value)"
    if kind in KEYWORDS:
        return f"'{kind}' is a reserved word; it cannot be used as a variable"
    if kind in ("+", "-") and before == kind:
        return f"Ruff has no '{kind}{kind}'; write 'x {kind}= 1'"
    if before == earlier == "-" and touching(tokens, position - 1):
        return "Ruff has no '--'; write 'x -= 1'"
    if kind == "*" and before == "*":
        return "Ruff has no '**'; use pow(a, b)"
    if kind == "=" and before in ("==", "!=") and close:
        return f"Ruff has no '{before}='; write '{before}'"
    if kind in ("<", ">") and before == kind and close:
        return f"Ruff has no '{kind}{kind}'; use {'bit_shl' if kind == '<' else 'bit_shr'}(a, b)"
    if kind == ".":
        return "a float needs a digit before its dot: 0.5"
    if kind == "end" and tokens[position].value == "interpolation" and not before:
        return "an interpolation holds an expression: ${value}"
    usual = guess(tokens, position)
    if usual:
        return usual
    if before in _OPERATORS or before in ASSIGNMENTS or before in COMPOUND_ASSIGNMENTS:
        return f"a value must follow '{before}'"
    return ""


def block_hint(tokens: list[Token], position: int) -> str:
    """Advice where the ``{`` of a block is missing, or an empty text."""
    token = tokens[position]
    kind = token.kind
    if kind == ":":
        return "a block stands in braces, without ':': { ... }"
    if kind == "else":
        return "Ruff has no 'a if b else c'; use 'if' and 'else' statements"
    usual = guess(tokens, position)
    if usual:
        return usual
    if kind in _VALUES or kind in ("return", "break", "continue", "(", "["):
        return "a block stands in braces, even a single statement: { ... }"
    return ""


def bracket_hint(tokens: list[Token], position: int) -> str:
    """Advice where a closing bracket or a comma is missing, or an empty text."""
    token = tokens[position]
    before = tokens[position - 1] if position else token
    if before.kind == "identifier" and token.kind in ("text", "template") and touching(tokens, position):
        return f"strings have no prefix '{before.value}'; every string interpolates: \"${{value}}\""
    if token.kind == "." and before.kind == "}":
        return "put parentheses around the struct literal: (Name { ... }).member"
    if token.kind in ("=", ":="):
        if position + 1 < len(tokens) and is_arrow(tokens, position):
            return ARROW
        if token.kind == "=" and before.kind == "identifier":
            return "arguments have no names; '==' compares"
    usual = guess(tokens, position)
    if not usual and token.kind in _VALUES and before.kind != "?":
        return COMMA_MISSING
    return usual


def missing_brace(source: Source, tokens: list[Token]) -> str:
    """Where a ``}`` is most likely missing, told from how the lines are indented; an empty text where that tells nothing."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "{":
            opened.append(token)
        elif token.kind == "}" and opened:
            start = opened.pop()
            (first, outer), (last, inner) = _indentation(source, start), _indentation(source, token)
            if first != last and inner < outer:
                closed = f"its '}}' closes the '{{' of line {first}, which stands further right"
                return f"a '}}' is missing before line {last}: {closed}"
    return ""


def _indentation(source: Source, token: Token) -> tuple[int, int]:
    """The line a token stands on, and how far that line is indented."""
    line = source.position(token.start)[0]
    text = source.line_text(line)
    return line, len(text) - len(text.lstrip())
