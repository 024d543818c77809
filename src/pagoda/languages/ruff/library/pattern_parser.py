"""Reads a regular expression. The syntax is that of Rust's ``regex`` crate, which is what the language means by a pattern.

So there are neither look-around nor references back; ``\\d \\w \\s \\b`` and case go by Unicode unless ``(?-u)`` is set;
classes nest and have ``&& -- ~~``; an octal escape, an unknown escape or a stray brace is an error. What must hold: whatever
the text, the answer is a tree or :class:`PatternError`, and nesting is bounded.
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

MAX_NESTING = 200
MAX_WEIGHT = 200_000
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_HEX = {"x": 2, "u": 4, "U": 8}
_WHITE = " \t\n\r\x0b\x0c\x85\u200e\u200f\u2028\u2029"
_POSIX = {
    "alnum": "09AZaz", "alpha": "AZaz", "ascii": "\0\x7f", "blank": "\t\t  ", "cntrl": "\0\x1f\x7f\x7f", "digit": "09",
    "graph": "!~", "lower": "az", "print": " ~", "punct": "!/:@[`{~", "space": "\t\r  ", "upper": "AZ", "word": "09AZ__az",
    "xdigit": "09AFaf",
}  # fmt: skip


class PatternError(Exception):
    """The text is not a pattern."""


class Pattern:
    """A pattern that was read: its tree, and the numbers of its named groups."""

    __slots__ = ("groups", "names", "tree")

    def __init__(self, tree: Node, groups: int, names: dict[str, int]) -> None:
        self.tree = tree
        self.groups = groups
        self.names = names


class _Flags:
    """The flags in force; ``u`` is on at first."""

    __slots__ = ("on",)

    def __init__(self, on: frozenset[str] = frozenset("u")) -> None:
        self.on = on

    def changed(self, text: str) -> _Flags:
        on, adding, seen = set(self.on), True, set()
        for char in text:
            if char == "-" and adding:
                adding = False
            elif char not in "imsUuxR" or char in seen:
                raise PatternError(f"no flag '{char}'")
            else:
                seen.add(char)
                (on.add if adding else on.discard)(char)
        if not text or text.endswith("-"):
            raise PatternError("flag missing")
        return _Flags(frozenset(on))

    def __contains__(self, flag: str) -> bool:
        return flag in self.on


def read(text: str) -> Pattern:
    """Reads a pattern; raises :class:`PatternError`."""
    reader = _Reader(text)
    tree, _ = reader.alternation(_Flags(), 0)
    if reader.at < len(text):
        raise PatternError("unopened group")
    if tree.weight > MAX_WEIGHT:
        raise PatternError("too large")
    return Pattern(tree, reader.groups, reader.names)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self.names: dict[str, int] = {}

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.text[place] if place < len(self.text) else ""

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise PatternError("it ends too early")
        self.at += 1
        return char

    def accept(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def until(self, end: str) -> str:
        place = self.text.find(end, self.at)
        if place < 0:
            raise PatternError(f"'{end}' is missing")
        found, self.at = self.text[self.at : place], place + len(end)
        return found

    def skip_space(self, flags: _Flags) -> None:
        while "x" in flags and self.peek():
            if self.peek() in _WHITE:
                self.at += 1
            elif self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end + 1
            else:
                return

    # -- structure

    def alternation(self, flags: _Flags, depth: int) -> tuple[Node, _Flags]:
        """Up to a closing parenthesis or the end. Flags that are set inside hold for what follows, up to there."""
        if depth > MAX_NESTING:
            raise PatternError("nested too deeply")
        branches: list[Node] = []
        nodes: list[Node] = []
        while True:
            self.skip_space(flags)
            char = self.peek()
            if char in ("", ")"):
                break
            if char == "|":
                self.at += 1
                branches.append(Concat(nodes))
                nodes = []
            elif char in "*+?" or char == "{":
                if not nodes:
                    raise PatternError("nothing to repeat")
                nodes.append(self.repeated(nodes.pop(), flags))
            elif char == "(":
                self.at += 1
                node, flags = self.group(flags, depth)
                if node is not None:
                    nodes.append(node)
                elif nodes:
                    # nothing may be repeated across a change of flags
                    nodes = [Concat(nodes), Concat([])]
            else:
                nodes.append(self.atom(flags, depth))
        branches.append(Concat(nodes))
        return (branches[0] if len(branches) == 1 else Alternation(branches)), flags

    def group(self, flags: _Flags, depth: int) -> tuple[Node | None, _Flags]:
        """After an opening parenthesis: a group; or nothing, and the flags that hold from here on."""
        inner, number = flags, 0
        if self.accept("?P<") or (self.peek() == "?" and self.peek(1) == "<" and self.peek(2) not in ("=", "!")):
            self.accept("?<")
            name = self.until(">")
            plain = name.replace(".", "_").replace("[", "_").replace("]", "_")
            if not plain.isidentifier() or name[0] in ".[]" or name in self.names:
                raise PatternError(f"'{name}' is not a new name for a group")
            number = self.groups = self.groups + 1
            self.names[name] = number
        elif self.accept("?"):
            start = self.at
            while self.peek().isalpha() or self.peek() == "-":
                self.at += 1
            written, end = self.text[start : self.at], self.take()
            if end == ")":
                return None, flags.changed(written)
            if end != ":":
                raise PatternError("no such group")
            inner = flags.changed(written) if written else flags
        else:
            number = self.groups = self.groups + 1
        node, _ = self.alternation(inner, depth + 1)
        if self.take() != ")":
            raise PatternError("unclosed group")
        return (Group(node) if number else Concat([node])), flags

    def repeated(self, node: Node, flags: _Flags) -> Repeat:
        char = self.take()
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char, (0, 0))
        if char == "{":
            low, high = self.bounds(self.until("}"))
        self.skip_space(flags)
        greedy = not self.accept("?")
        made = Repeat(node, low, high, greedy != ("U" in flags))
        if made.weight > MAX_WEIGHT:
            raise PatternError("too large")
        return made

    def bounds(self, text: str) -> tuple[int, int | None]:
        first, comma, last = (part.strip() for part in text.partition(","))
        low = self.count(first or "0") if comma else self.count(first)
        if not comma:
            return low, low
        if not first and not last:
            raise PatternError("a repetition without a number")
        if not last:
            return low, None
        high = self.count(last)
        if high < low:
            raise PatternError("a repetition that ends before it begins")
        return low, high

    def count(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise PatternError("a repetition without a number")
        return int(text)

    # -- single characters

    def atom(self, flags: _Flags, depth: int) -> Node:
        char = self.take()
        crlf = "R" in flags
        if char == "[":
            return self.klass(flags, depth + 1)
        if char == ".":
            return Any("" if "s" in flags else ("\r\n" if crlf else "\n"))
        if char == "^":
            return Assertion("^", crlf=crlf) if "m" in flags else Assertion("A")
        if char == "$":
            return Assertion("$", crlf=crlf) if "m" in flags else Assertion("z")
        if char != "\\":
            return Literal(char, "i" in flags)
        following = self.peek()
        ascii = "u" not in flags
        if following and following in "AzbB<>":
            self.at += 1
            return self.boundary(following, ascii)
        made = self.escape(flags)
        return Literal(made, "i" in flags) if isinstance(made, str) else Klass([made], fold="i" in flags)

    def boundary(self, kind: str, ascii: bool) -> Assertion:
        if kind == "b":
            for word, meaning in (("{start}", "<"), ("{end}", ">"), ("{start-half}", "("), ("{end-half}", ")")):
                if self.accept(word):
                    return Assertion(meaning, ascii)
        return Assertion(kind, ascii)

    def escape(self, flags: _Flags) -> str | Property:
        """After a backslash: a character, or a kind of characters."""
        char = self.take()
        ascii = "u" not in flags
        if char in "dwsDWS":
            return Property(char.lower(), char.isupper(), ascii=ascii)
        if char in "pP":
            if ascii:
                raise PatternError("Unicode properties need the flag u")
            return self.property(char == "P")
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _HEX:
            return self.code(self.until("}") if self.accept("{") else "".join(self.take() for _ in range(_HEX[char])))
        if char.isascii() and not char.isalnum() and char not in "<>" and (char.isprintable() or "x" in flags):
            return char
        raise PatternError(f"no escape '\\{char}'")

    def property(self, negated: bool) -> Property:
        name = self.until("}") if self.accept("{") else self.take()
        if name.startswith("^"):
            negated, name = not negated, name[1:]
        if not name or not all(char.isalnum() or char in "_=:-. " for char in name):
            raise PatternError("no such property")
        return Property("p", negated, name)

    def code(self, digits: str) -> str:
        try:
            number = int(digits, 16) if digits.isalnum() else -1
        except ValueError:
            number = -1
        if not 0 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise PatternError("no such character")
        return chr(number)

    # -- classes

    def klass(self, flags: _Flags, depth: int) -> Klass:
        """After an opening bracket, up to the closing one."""
        if depth > MAX_NESTING:
            raise PatternError("nested too deeply")
        negated = self.accept("^")
        fold = "i" in flags
        items: list[Item] = []
        left: Klass | None = None
        operator = ""
        self.skip_space(flags)
        while self.peek() == "-":  # at the start it stands for itself
            self.at += 1
            items.append(Range("-", "-"))
        if not items and self.accept("]"):
            items.append(Range("]", "]"))
        while True:
            self.skip_space(flags)
            if self.accept("]"):
                break
            ahead = self.text[self.at : self.at + 2]
            if ahead in ("&&", "--", "~~"):
                self.at += 2
                left = self.joined(left, operator, items, fold)
                operator, items = ahead, []
            elif self.accept("["):
                items.append(self.posix() or self.klass(flags, depth + 1))
            else:
                items.append(self.member(flags))
        if left is None:
            return Klass(items, negated, fold=fold)
        whole = self.joined(left, operator, items, fold)
        return Klass([whole], negated, fold=fold)

    def joined(self, left: Klass | None, operator: str, items: list[Item], fold: bool) -> Klass:
        right = Klass(items, fold=fold)
        return right if left is None else Klass([left, right], operator=operator, fold=fold)

    def posix(self) -> Klass | None:
        if self.peek() != ":":
            return None
        end = self.text.find(":]", self.at + 1)
        name = self.text[self.at + 1 : end] if end > 0 else ""
        ends = _POSIX.get(name.removeprefix("^"))
        if ends is None:
            return None
        self.at = end + 2
        ranges: list[Item] = [Range(ends[place], ends[place + 1]) for place in range(0, len(ends), 2)]
        return Klass(ranges, name.startswith("^"))

    def member(self, flags: _Flags) -> Item:
        first = self.single(flags)
        if isinstance(first, Property):
            return first
        self.skip_space(flags)
        if self.peek() != "-" or self.peek(1) in ("]", "-", ""):
            return Range(first, first)
        self.at += 1
        self.skip_space(flags)
        last = self.single(flags)
        if isinstance(last, Property) or last < first:
            raise PatternError("a range without an end")
        return Range(first, last)

    def single(self, flags: _Flags) -> str | Property:
        char = self.take()
        return self.escape(flags) if char == "\\" else char
