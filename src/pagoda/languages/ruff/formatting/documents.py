"""Documents: texts, the places where a line may break, and groups of such places, which break together or not at all.

Every node knows when it is made whether it must break (``forced``) and whether it ends in a comment after which nothing may
stand on the same line (``dangling``), so that nobody has to look into it again. Nodes are never changed once made and may be
shared.
"""

from __future__ import annotations

from collections.abc import Sequence


class Document:
    """A node. ``texty``: it prints something other than comments."""

    __slots__ = ("dangling", "forced", "texty")

    def __init__(self, *, forced: bool = False, dangling: bool = False, texty: bool = False) -> None:
        self.forced = forced
        self.dangling = dangling
        self.texty = texty


class Text(Document):
    """Text without line ends."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__(texty=bool(text))
        self.text = text


class Line(Document):
    """A place where a line may break; ``flat`` is printed where it does not. ``blank``: an empty line follows where it does."""

    __slots__ = ("blank", "flat")

    def __init__(self, flat: str = " ", blank: bool = False) -> None:
        super().__init__()
        self.flat = flat
        self.blank = blank


class Hard(Document):
    """The end of a line; with ``blank``, followed by an empty one."""

    __slots__ = ("blank",)

    def __init__(self, blank: bool = False) -> None:
        super().__init__(forced=True)
        self.blank = blank


class Note(Document):
    """A comment after which the line ends. ``own_line``: it begins a line, too; ``blank``: below an empty one."""

    __slots__ = ("blank", "own_line", "text")

    def __init__(self, text: str, own_line: bool, blank: bool = False) -> None:
        super().__init__(forced=own_line, dangling=True)
        self.text = text
        self.own_line = own_line
        self.blank = blank


class Concat(Document):
    """Nodes one after another."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Document]) -> None:
        forced = dangling = texty = False
        for part in parts:
            forced = forced or part.forced or (dangling and part.texty)
            dangling = part.dangling if part.texty else dangling or part.dangling
            texty = texty or part.texty
        super().__init__(forced=forced, dangling=dangling, texty=texty)
        self.parts = parts


class Wrapper(Document):
    """A node around another one."""

    __slots__ = ("part",)

    def __init__(self, part: Document) -> None:
        super().__init__(forced=part.forced, dangling=part.dangling, texty=part.texty)
        self.part = part


class Indent(Wrapper):
    """Lines that begin inside are indented one step more."""

    __slots__ = ()


class Group(Wrapper):
    """The places inside break together: if they must, or if the line would be too long."""

    __slots__ = ()


class Broken(Wrapper):
    """A group whose places break."""

    __slots__ = ()

    def __init__(self, part: Document) -> None:
        super().__init__(part)
        self.forced = True


class IfBroken(Document):
    """Text that is printed only where the group around it is broken."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Flat(Wrapper):
    """What never breaks."""

    __slots__ = ()


class Fill(Document):
    """Items and the places between them (alternating nodes, from ``start`` on); each place breaks for itself.

    The items are texts, which neither break nor hold comments.
    """

    __slots__ = ("parts", "start")

    def __init__(self, parts: Sequence[Document], start: int = 0) -> None:
        super().__init__(texty=True)
        self.parts = parts
        self.start = start


class Choice(Document):
    """Three ways to print the same: on one line; with the last part's lines hugging the first line; one item a line."""

    __slots__ = ("exploded", "flat", "hugging")

    def __init__(self, flat: Document, hugging: Document, exploded: Document) -> None:
        super().__init__(forced=flat.forced, dangling=flat.dangling, texty=flat.texty)
        self.flat = flat
        self.hugging = hugging
        self.exploded = exploded


EMPTY = Text("")
SPACE = Text(" ")
