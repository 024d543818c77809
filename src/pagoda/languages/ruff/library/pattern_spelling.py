"""Spells a pattern's tree for a matching engine: the ``regex`` module, which knows all of it but may take very long, and RE2,
which lacks some of it and never does.
"""

from __future__ import annotations

from pagoda.languages.ruff.library.pattern_tree import (
    Alternation,
    Any,
    Assertion,
    Concat,
    Group,
    Klass,
    Literal,
    Property,
    Range,
    Repeat,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.ruff.library.pattern_tree import Item, Node


class Unsupported(Exception):
    """The engine has no way to say this."""


_WORD_PLACES = {"b": r"\b", "B": r"\B", "<": r"\m", ">": r"\M", "(": r"(?<!\w)", ")": r"(?!\w)"}
_ASCII = {"d": "0-9", "w": "0-9A-Z_a-z", "s": r"\t-\r\x20"}
_UNICODE = {"d": r"\p{Nd}", "w": r"\w\u200c\u200d", "s": r"\p{White_Space}"}
_RE2_UNICODE = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24b6}-\x{24e9}\x{200c}\x{200d}",
    "s": r"\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}",
}


class Spelling:
    """For the ``regex`` module, version 1 of its syntax."""

    start, end = r"\A", r"\Z"
    line_start, line_end = "(?m:^)", "(?m:$)"
    folded = "(?i-f:{})"
    kinds = _UNICODE

    def node(self, node: Node) -> str:
        """The text of a node, such that it can stand beside others."""
        if isinstance(node, Concat):
            return "(?:" + self.inner(node) + ")"
        if isinstance(node, Alternation):
            return "(?:" + "|".join([self.inner(branch) for branch in node.nodes]) + ")"
        if isinstance(node, Group):
            return "(" + self.inner(node.node) + ")"
        if isinstance(node, Repeat):
            bounds = f"{{{node.low},{'' if node.high is None else node.high}}}"
            counts = {"{0,}": "*", "{1,}": "+", "{0,1}": "?"}.get(bounds, bounds)
            single = isinstance(node.node, (Literal, Klass, Any, Group))
            part = self.node(node.node)
            return f"(?:{part if single else '(?:' + part + ')'}{counts}{'' if node.greedy else '?'})"
        if isinstance(node, Literal):
            text = self.char(node.char)
            return self.folded.format(text) if node.fold and node.char.lower() != node.char.upper() else text
        if isinstance(node, Any):
            return self.any(node)
        if isinstance(node, Klass):
            text = self.klass(node)
            return self.folded.format(text) if node.fold else text
        return self.assertion(node)

    def inner(self, node: Node) -> str:
        """The text of a node that stands alone. Characters of one kind go together, which engines like better."""
        if not isinstance(node, Concat):
            return self.node(node)
        pieces: list[str] = []
        run = ""
        for part in node.nodes:
            if isinstance(part, Literal) and part.fold:
                run += self.char(part.char)
                continue
            if run:
                pieces.append(self.folded.format(run))
                run = ""
            pieces.append(self.node(part))
        if run:
            pieces.append(self.folded.format(run))
        return "".join(pieces)

    def char(self, char: str) -> str:
        if char.isascii() and (char.isalnum() or char == "_"):
            return char
        return f"\\U{ord(char):08x}"

    def any(self, node: Any) -> str:
        return "[^" + "".join(map(self.char, node.lacks)) + "]" if node.lacks else "(?s:.)"

    def assertion(self, node: Assertion) -> str:
        if node.kind in ("A", "z"):
            return self.start if node.kind == "A" else self.end
        if node.kind in ("^", "$"):
            if node.crlf:
                return r"(?:\A|(?<=\n)|(?<=\r)(?!\n))" if node.kind == "^" else r"(?:\Z|(?=\r)|(?<!\r)(?=\n))"
            return self.line_start if node.kind == "^" else self.line_end
        return self.word_place(node)

    def word_place(self, node: Assertion) -> str:
        text = _WORD_PLACES[node.kind]
        return f"(?a:{text})" if node.ascii else text

    # -- classes

    def klass(self, node: Klass) -> str:
        if node.operator:
            left, right = node.items
            assert isinstance(left, Klass)
            assert isinstance(right, Klass)
            return f"[{'^' if node.negated else ''}{self.klass(left)}{node.operator}{self.klass(right)}]"
        if not node.items:  # nothing, or everything
            return r"[\s\S]" if node.negated else r"[^\s\S]"
        if len(node.items) == 1 and isinstance(node.items[0], Property):
            return self.kind(node.items[0], node.negated)
        return f"[{'^' if node.negated else ''}{''.join([self.item(item) for item in node.items])}]"

    def item(self, item: Item) -> str:
        if isinstance(item, Range):
            first = self.char(item.first)
            return first if item.first == item.last else f"{first}-{self.char(item.last)}"
        if isinstance(item, Property):
            return self.kind(item, False)
        return self.klass(item)

    def kind(self, item: Property, outside: bool) -> str:
        """A kind of characters as a class of its own."""
        negated = item.negated != outside
        if item.kind == "p":
            return f"[{self.property(item.name, negated)}]"
        return f"[{'^' if negated else ''}{(_ASCII if item.ascii else self.kinds)[item.kind]}]"

    def property(self, name: str, negated: bool) -> str:
        return f"\\{'P' if negated else 'p'}{{{name}}}"


class LinearSpelling(Spelling):
    """For RE2. Word boundaries there go by ASCII, so they are only right for ASCII texts: ``ascii`` says that this is one."""

    end = r"\z"
    folded = "(?i:{})"
    kinds = _RE2_UNICODE

    def __init__(self, ascii: bool) -> None:
        self.ascii = ascii

    def char(self, char: str) -> str:
        if char.isascii() and (char.isalnum() or char == "_"):
            return char
        return f"\\x{{{ord(char):x}}}"

    def assertion(self, node: Assertion) -> str:
        if node.crlf:
            raise Unsupported
        return super().assertion(node)

    def word_place(self, node: Assertion) -> str:
        if node.kind not in ("b", "B") or not (self.ascii or node.ascii):
            raise Unsupported
        return f"\\{node.kind}"

    def klass(self, node: Klass) -> str:
        if node.operator:
            raise Unsupported
        return super().klass(node) if node.items else (r"(?s:.)" if node.negated else r"[^\x00-\x{10FFFF}]")

    def item(self, item: Item) -> str:
        """Classes do not nest here: what is inside one stands without brackets."""
        if isinstance(item, Range):
            return super().item(item)
        if isinstance(item, Property):
            if item.kind == "p":
                return self.property(item.name, item.negated)
            if item.negated:
                raise Unsupported
            return (_ASCII if item.ascii else self.kinds)[item.kind]
        if item.negated or item.operator:
            raise Unsupported
        return "".join([self.item(inner) for inner in item.items])

    def property(self, name: str, negated: bool) -> str:
        # Names that RE2 has: one or two letters for a category, else a script.
        if not name.isalpha():
            raise Unsupported
        return super().property(name if len(name) <= 2 else name.capitalize(), negated)
