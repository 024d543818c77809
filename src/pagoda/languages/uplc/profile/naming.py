"""How a profile names the terms of a script: their place, the beginning of their text, a label for a function."""

from __future__ import annotations

from pagoda.languages.uplc.profile.tree import NAMES
from pagoda.languages.uplc.syntax.names import builtin_names
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Builtin, Case, Constr, Lam
from pagoda.languages.uplc.walk.locate import _name as step_name
from pagoda.languages.uplc.walk.locate import path_text
from pagoda.languages.uplc.walk.readback import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.uplc.profile.layout import Layout
    from pagoda.machine.source import Source

_CODE_WIDTH = 60
#: A term with more parts is not written out to show its beginning.
_MOST_WRITTEN = 200
_LONGEST_NAME = 40


class Naming:
    """Names terms by their numbers in a layout. ``arguments``: the terms that the script was applied to, from no text."""

    def __init__(self, layout: Layout, script: Any, source: Source, arguments: Sequence[Any]) -> None:
        self._layout, self._source = layout, source
        starts = [layout.number[id(argument)] for argument in arguments]
        self._arguments = [(start, layout.end[start]) for start in starts]
        self._inside = range(layout.number[id(script)], layout.end[layout.number[id(script)]])

    def place(self, number: int) -> str:
        """``line:column`` of a term read from a text, else the way to it from the script's root."""
        if number < 0:
            return ""
        for position, (start, end) in enumerate(self._arguments, 1):
            if start <= number < end:
                return f"argument {position}"
        if number not in self._inside:
            return "the arguments"
        term = self._layout.terms[number]
        if term.place is not None:
            return "{}:{}".format(*self._source.position(term.place[0]))
        return path_text(self._way(number), 6)

    def _way(self, number: int) -> tuple[str, ...]:
        """The steps from the script's root to a term in it, by the numbers that each part spans."""
        layout, steps, at = self._layout, [], self._inside.start
        while at != number:
            term = layout.terms[at]
            for position, part in enumerate(children(term)):
                at = layout.number[id(part)]
                if number < layout.end[at]:
                    steps.append(step_name(term, position))
                    break
        return tuple(steps)

    def place_of_term(self, number: int) -> str:
        """The place, behind the term's number where that is a way."""
        place = self.place(number)
        is_way = number in self._inside and self._layout.terms[number].place is None
        return f"#{self._shown(number)} {place}" if is_way else place

    def _shown(self, number: int) -> int:
        """A term's number as people see it: the script is 0. That of an argument's term is negative or beyond the script."""
        return number - self._inside.start

    def code(self, number: int) -> str:
        """The beginning of a term's text, on one line."""
        if number < 0:
            return ""
        term = self._layout.terms[number]
        if term.place is not None and number in self._inside:
            start, end = term.place
            # No more is looked at than can be shown, leaving room for indentation.
            text = " ".join(self._source.text[start : min(end, start + 40 * _CODE_WIDTH)].split())
        elif self._layout.end[number] - number <= _MOST_WRITTEN:
            text = term_text(term)
        else:
            text = f"{_opening(term)} ... of {self._layout.end[number] - number} terms"
        return shortened(text, _CODE_WIDTH)

    def function(self, number: int) -> str:
        """The label of a function; no two functions share one."""
        if number < 0:
            return NAMES[number]
        term = self._layout.terms[number]
        name = self._layout.hints.get(number)
        if name is None:
            name = f"lam {term.name}".rstrip() if term.__class__ is Lam else "delay"
        name = shortened(name, _LONGEST_NAME)
        if term.place is None or number not in self._inside:
            return f"{name} #{self._shown(number)}"
        return f"{name} {self.place(number)}"


def _opening(term: Any) -> str:
    shape = term.__class__
    if shape is Lam:
        return f"(lam {term.name or '_'}"
    if shape is Constr:
        return f"(constr {term.tag}"
    return f"({shape.__name__.lower()}" if shape is Case or hasattr(term, "body") else "[...]"


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most, all of them printable."""
    if len(text) > most:
        text = text[: most - 3] + "..."
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def term_name(term: Any) -> str:
    """What a row about one term begins with: its kind."""
    if term.__class__ is Builtin:
        return f"builtin {builtin_names()[term.number]}"
    return str(term.__class__.__name__).lower()
