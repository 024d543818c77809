"""The tokens of Ruff and the limits of its source text.

A token's ``kind`` is its own text for keywords and punctuation (``"let"``, ``":="``), and otherwise one of ``identifier``,
``integer``, ``decimal``, ``text``, ``template`` or ``end``, none of which is a keyword. ``start`` and ``end`` are character
offsets into the source. The list a lexer makes always ends with one ``end`` token.
"""

from __future__ import annotations

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

MAX_SOURCE_BYTES = 1_048_576
MAX_IDENTIFIER = 256
MAX_STRING = 8_192
MAX_ITEMS = 4_096
MAX_EXPRESSION_NESTING = 256
MAX_BLOCK_NESTING = 128
# Chains such as a + b + c ... and else-if ladders nest in the tree though not in the text; consumers recurse over them.
MAX_TREE_HEIGHT = 1_000
MAX_ELSE_IFS = 256
MAX_ERRORS = 20
MAX_INT = 9_223_372_036_854_775_807

KEYWORDS = frozenset(
    {"let", "mut", "const", "func", "return", "enum", "match", "case", "default", "if", "else", "loop", "while", "for", "in",
     "break", "continue", "try", "except", "int", "float", "string", "bool", "import", "export", "from", "struct", "impl",
     "self", "null", "spawn", "test", "test_setup", "test_teardown", "test_group", "yield", "async", "await", "true", "false"}
)  # fmt: skip

PUNCTUATION = (
    "...", ":=", "::", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "->", "??", "?.", "&&", "||", "|>", "..",
    ":", "=", "<", ">", "+", "-", "*", "/", "%", "!", "?", "&", "|", ".", "(", ")", "{", "}", "[", "]", ",", ";",
)  # fmt: skip

ASSIGNMENTS = frozenset({":=", "="})
COMPOUND_ASSIGNMENTS = {"+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%"}
SCALAR_TYPES = frozenset({"int", "float", "string", "bool"})


class Template(Record, frozen=True):
    """The value of a ``template`` token: texts (with their spans) and the tokens of each ``${...}``, in order."""

    parts: list[TemplatePart]


class Token(Record, frozen=True):
    """One token. ``value`` is the number, the text of a string or identifier, or a :class:`Template`."""

    kind: str
    value: int | float | str | Template
    start: int
    end: int


class TemplateText(Record, frozen=True):
    """Literal text inside a template."""

    text: str
    start: int
    end: int


TemplatePart: TypeAlias = TemplateText | list[Token]


_NAMED = {
    "end": "end of file",
    "identifier": "a name",
    "text": "a string",
    "template": "a string",
}


def describe(token: Token) -> str:
    """A token as an error message names it."""
    kind = token.kind
    if kind == "identifier":
        name = str(token.value)
        return f"name '{name if len(name) <= 40 else name[:37] + '...'}'"
    if kind in KEYWORDS:
        return f"keyword '{kind}'"
    if kind == "end" and token.value:
        return f"end of {token.value}"
    if kind in ("integer", "decimal"):
        return f"number {token.value}"
    return _NAMED.get(kind, f"'{kind}'")
