"""Text to tokens: the lexical rules of Ruff, with the diagnostics RUFLEX001 to RUFLEX010.

One compiled expression recognises every token, so that the cost is one match per token. Interpolations are lexed in place,
between their braces, so that spans inside them are positions of the file. A mistake never stops the lexer: it is recorded,
and a stand-in token (or none) takes the place of what was wrong. What must hold: time is linear in the text, and no text
raises anything but what :func:`tokenize` returns.
"""

from __future__ import annotations

import math
import re

from pagoda.languages.ruff.syntax.depth import allow_recursion
from pagoda.languages.ruff.syntax.strings import Hole, line_end, scan_string
from pagoda.languages.ruff.syntax.tokens import (
    KEYWORDS,
    MAX_ERRORS,
    MAX_EXPRESSION_NESTING,
    MAX_IDENTIFIER,
    MAX_INT,
    MAX_SOURCE_BYTES,
    MAX_STRING,
    PUNCTUATION,
    Template,
    TemplateText,
    Token,
)
from pagoda.machine.source import Diagnostic, Source

_TOKEN = re.compile(
    r"""(?P<space>(?:[\s\0]+|\#[^\n\r]*|//[^\n\r]*|/\*(?s:.*?)\*/)+)
    |(?P<identifier>[A-Za-z_]\w*)
    |(?P<plain>[0-9]+(?![\w.]))
    |(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<tail>\w*)
    |(?P<text>"[^"\\$\n\r]*")
    |(?P<quote>")
    |(?P<comment>/\*)
    |(?P<punctuation>"""
    + "|".join(re.escape(text) for text in PUNCTUATION)
    + ")",
    re.VERBOSE,
)

_SURROGATE = re.compile("[\ud800-\udfff]")

_HINTS = {
    "'": 'strings are written with double quotes: "text"',
    "`": 'strings are written with double quotes: "text"',
    "\u201c": 'strings are written with straight double quotes: "text"',
    "\u201d": 'strings are written with straight double quotes: "text"',
    "\u2018": 'strings are written with straight double quotes: "text"',
    "\u2019": 'strings are written with straight double quotes: "text"',
    "\u2013": "write '-'",
    "\u2014": "write '-'",
    "\u2212": "write '-'",
    "\u00d7": "write '*'",
    "\u00f7": "write '/'",
    "\u2264": "write '<='",
    "\u2265": "write '>='",
    "\u2260": "write '!='",
    "\u2026": "write '...'",
    "\u200b": "this character is invisible; delete it",
    "\\": "a statement may go on on the next line without a sign",
    "@": "Ruff has no decorators",
    "$": 'interpolation works inside strings only: "${value}"',
    "\ufeff": "save the file as UTF-8 without a byte order mark",
    "^": "use bit_xor(a, b) for bits, pow(a, b) for powers",
    "~": "use bit_not(a)",
}
_CLOSING = {"'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019"}


def tokenize(source: Source) -> tuple[list[Token], list[Diagnostic]]:
    """All tokens of a source, and what is lexically wrong with it (at most 20 findings)."""
    text = source.text
    end = Token("end", "", len(text), len(text))
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE_BYTES:
        message = f"Source is too long: {size} bytes, the limit is {MAX_SOURCE_BYTES}"
        return [end], [Diagnostic("RUFLEX010", "error", message, (0, 1), "split the program into modules")]
    allow_recursion()
    lexer = _Lexer(text)
    surrogate = None if text.isascii() else _SURROGATE.search(text)
    if surrogate is not None:
        lexer.report("RUFLEX001", "Invalid character: the source is not valid Unicode", *surrogate.span())
    nul = text.find("\0")
    while nul >= 0 and len(lexer.diagnostics) < MAX_ERRORS:
        lexer.report("RUFLEX002", "NUL character in source", nul, nul + 1)
        nul = text.find("\0", nul + 1)
    tokens: list[Token] = []
    lexer.run(0, len(text), tokens, 0)
    tokens.append(end)
    lexer.diagnostics.sort(key=lambda diagnostic: diagnostic.span)
    return tokens, lexer.diagnostics[:MAX_ERRORS]


class _Lexer:
    """The text and the findings so far; ``run`` may be entered again for the inside of an interpolation."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        # A file of nothing but mistakes must not fill the memory with findings that nobody will see.
        if len(self.diagnostics) < 10 * MAX_ERRORS:
            self.diagnostics.append(Diagnostic(code, "error", message, (start, end), hint))

    def run(self, start: int, stop: int, tokens: list[Token], depth: int) -> None:
        """Append the tokens of ``text[start:stop]``."""
        text = self.text
        match_token = _TOKEN.match
        append = tokens.append
        position = start
        while position < stop:
            match = match_token(text, position, stop)
            if match is None:
                position = self._invalid(position, stop, tokens)
                continue
            end = match.end()
            group = match.lastgroup
            if group == "punctuation":
                word = match.group()
                append(Token(word, word, position, end))
            elif group == "identifier":
                word = match.group()
                if word in KEYWORDS:
                    append(Token(word, word, position, end))
                else:
                    if end - position > MAX_IDENTIFIER:
                        message = f"Identifier is too long: {end - position} characters, the limit is {MAX_IDENTIFIER}"
                        self.report("RUFLEX008", message, position, end)
                    append(Token("identifier", word, position, end))
            elif group == "text" and end - position <= MAX_STRING:
                append(Token("text", match.group()[1:-1], position, end))
            elif group in ("quote", "text"):
                end = self._string(position, stop, tokens, depth)
            elif group == "plain":
                append(self._int(match.group(), position, end))
            elif group == "tail":
                append(self._number(match, position, end))
            elif group == "comment":
                hint = "comments of this form end at the first '*/'"
                self.report("RUFLEX004", "Unterminated comment: expected '*/'", position, position + 2, hint)
                end = stop
            position = end

    def _invalid(self, position: int, stop: int, tokens: list[Token]) -> int:
        """Report what cannot start a token, and skip it with everything like it that follows."""
        char = self.text[position]
        closing = _CLOSING.get(char)
        if closing is not None:
            end = self.text.find(closing, position + 1, line_end(self.text, position, stop))
            if end >= 0:  # a string, but for its quotes
                self.report("RUFLEX001", f"Invalid character: '{char}'", position, end + 1, _HINTS[char])
                tokens.append(Token("text", self.text[position + 1 : end], position, end + 1))
                return end + 1
        shown = char if char.isprintable() else f"\\u{{{ord(char):x}}}"
        hint = _HINTS.get(char, "")
        end = position + 1
        if char.isalpha():
            hint = "names start with an ASCII letter or '_'"
            while end < stop and (self.text[end].isalnum() or self.text[end] == "_"):
                end += 1
        self.report("RUFLEX001", f"Invalid character: '{shown}'", position, position + 1, hint)
        return end

    def _int(self, digits: str, start: int, end: int) -> Token:
        value = 0
        # int() refuses very long texts, and they cannot fit anyway.
        significant = digits if len(digits) <= 19 else digits.lstrip("0")
        if len(significant) <= 19:
            value = int(significant or "0")
        if value > MAX_INT or len(significant) > 19:
            shown = digits if len(digits) <= 40 else digits[:37] + "..."
            hint = f"integers go up to {MAX_INT}"
            self.report("RUFLEX006", f"Numeric literal out of range: {shown}", start, end, hint)
            value = 0
        return Token("integer", value, start, end)

    def _number(self, match: re.Match[str], start: int, end: int) -> Token:
        digits = match.group("number")
        if match.group("tail"):
            word = match.group()
            shown = word if len(word) <= 40 else word[:37] + "..."
            hint = _number_hint(word)
            self.report("RUFLEX007", f"Malformed numeric literal: {shown}", start, end, hint)
            return Token("integer", 0, start, end)
        if "." not in digits:
            return self._int(digits, start, end)
        value = float(digits)
        if value == math.inf:
            self.report("RUFLEX006", "Numeric literal out of range", start, end)
            value = 0.0
        return Token("decimal", value, start, end)

    def _string(self, start: int, stop: int, tokens: list[Token], depth: int) -> int:
        """Append the string or template that starts at a quote; return where it ends."""
        end, pieces = scan_string(self.text, start, stop, self.report)
        if not any(isinstance(piece, Hole) for piece in pieces):
            value = "".join(piece.text for piece in pieces if isinstance(piece, TemplateText))
            tokens.append(Token("text", value, start, end))
            return end
        template = Template([])
        for piece in pieces:
            if isinstance(piece, TemplateText):
                template.parts.append(piece)
                continue
            inner_start, inner_stop = piece.start, piece.stop
            inner: list[Token] = []
            if depth < MAX_EXPRESSION_NESTING:
                self.run(inner_start, inner_stop, inner, depth + 1)
            else:
                message = f"Interpolation is nested more than {MAX_EXPRESSION_NESTING} levels deep"
                self.report("RUFLEX009", message, inner_start, inner_stop)
            inner.append(Token("end", "interpolation", inner_stop, inner_stop))
            template.parts.append(inner)
        tokens.append(Token("template", template, start, end))
        return end


def _number_hint(word: str) -> str:
    """Advice for digits that letters follow."""
    if re.fullmatch("[0-9]+(?:_[0-9]+)+", word):
        return f"write {word.replace('_', '')}" if len(word) < 30 else "write the digits without '_'"
    if word[:2] in ("0x", "0X", "0b", "0o"):
        return "numbers are written in decimal digits only"
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?[eE][0-9]*", word):
        return "numbers have no exponent; write the digits, or use pow(10, n)"
    return "numbers are plain decimal digits, and a name cannot begin with one"
