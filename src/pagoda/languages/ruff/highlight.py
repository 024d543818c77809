"""A Pygments lexer for Ruff: colours in a session and in documentation. It is registered as ``rufflang``.

Only here is Pygments imported. What must hold: the tokens of a text joined give the text, whatever it is; a mistake spoils the
colours of its line at most (of the rest, where a comment has no end).
"""

from __future__ import annotations

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from pagoda.languages.ruff.library.registry import CONSTANTS, builtin_names
from pagoda.languages.ruff.syntax.tokens import KEYWORDS, PUNCTUATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

_TYPES = {"int", "float", "string", "bool"}
_LITERALS = {"true", "false", "null"}
_DECLARING = {"let", "mut", "const", "func", "enum", "struct", "import", "export", "from"}
_BRACKETS = {"(", ")", "[", "]", "{", "}", ",", ";", ":"}


def _exactly(names: set[str] | frozenset[str]) -> object:
    return words(tuple(sorted(names)), prefix=r"\b", suffix=r"\b")


class RuffLexer(RegexLexer):  # type: ignore[misc]
    """Tokens of Ruff as Pygments knows them."""

    name = "rufflang"
    aliases: ClassVar = ["rufflang"]
    filenames: ClassVar = ["*.ruff"]

    tokens: ClassVar = {
        "root": [(r"[\s\0]+", Whitespace), (r"[{}]", Punctuation), include("code")],
        "code": [
            (r"(?:\#|//)[^\n\r]*", Comment.Single),
            (r"/\*(?s:.*?)\*/", Comment.Multiline),
            (r"/\*(?s:.*)", Comment.Multiline),
            (r"(func)\b([^\S\n\r]*\*?[^\S\n\r]*)([A-Za-z_]\w*)", bygroups(Keyword.Declaration, Operator, Name.Function)),
            (r"(struct|enum)([^\S\n\r]+)([A-Za-z_]\w*)", bygroups(Keyword.Declaration, Whitespace, Name.Class)),
            (r"([A-Za-z_]\w*)(::)([A-Za-z_]\w*)", bygroups(Name.Class, Operator, Name.Constant)),
            (r"(\?\.|\.)([A-Za-z_]\w*)", bygroups(Operator, Name.Attribute)),
            (_exactly(_LITERALS), Keyword.Constant),
            (_exactly(_TYPES), Keyword.Type),
            (_exactly(_DECLARING), Keyword.Declaration),
            (_exactly(KEYWORDS), Keyword),
            (_exactly({"Ok", "Err", "Some", "None", "throw"}), Name.Builtin.Pseudo),
            (_exactly(frozenset(CONSTANTS)), Name.Constant),
            (_exactly(builtin_names() - frozenset(CONSTANTS)), Name.Builtin),
            (r"[A-Za-z_]\w*", Name),
            (r"[0-9]+\.[0-9]+(?!\w)", Number.Float),
            (r"[0-9]+(?!\w)", Number.Integer),
            (r"[0-9]\w*", Error),
            (r'"', String.Double, "string"),
            (words(tuple(text for text in PUNCTUATION if text not in _BRACKETS)), Operator),
            (r"[()\[\],;:]", Punctuation),
        ],
        # A string ends with its line at the latest, and all that is open inside it does too.
        "string": [
            (r"(?=[\n\r])", String.Double, "#pop"),
            (r'"', String.Double, "#pop"),
            (r"\\[^\n\r]", String.Escape),
            (r"\$\{", String.Interpol, "interpolation"),
            (r'[^"\\$\n\r]+', String.Double),
            (r"\$", String.Double),
            (r"\\", Error),
        ],
        "interpolation": [
            (r"(?=[\n\r])", String.Double, "#pop"),
            (r"\}", String.Interpol, "#pop"),
            include("inside"),
        ],
        "braces": [
            (r"(?=[\n\r])", String.Double, "#pop"),
            (r"\}", Punctuation, "#pop"),
            include("inside"),
        ],
        "inside": [
            (r"[^\S\n\r]+", Whitespace),
            (r"\{", Punctuation, "braces"),
            include("code"),
        ],
    }
