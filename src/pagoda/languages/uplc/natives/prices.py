"""Rows of prices: the figures of one builtin as native code reads them, and the expressions that reckon with them.

A row has ``PRICE_WORDS`` words: the bounds and flags of the semantics variant, the largest sizes that may be reckoned with, the
numbers of the two expressions (cpu, mem), and the figures of each. The expressions are those of
:mod:`pagoda.languages.uplc.costs.shapes`, with ``p[i]`` for the figures; ``EXPRESSIONS`` has each that a form of the default
models leads to, so cost models that differ in figures only are priced by the same code.

What must hold: with sizes up to the row's limit no step of the reckoning leaves 64 bits, and no cost passes ``MOST_COST``.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.builtins.kinds import VARIANTS
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.costs import shapes
from pagoda.languages.uplc.costs.model import default_model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagoda.languages.uplc.costs.shapes import Form

# The words of a row.
LIMIT: Final = 0  # the largest size that may be reckoned with, -1 where the forms have no native expression
FLAGS: Final = 1
LONGEST: Final = 2  # of a bytestring that is worked on, in bytes
EXPRESSION: Final = 3  # of cpu; that of mem follows
FIGURES: Final = 5  # MOST_FIGURES of cpu, then as many of mem
MOST_FIGURES: Final = 8
PRICE_WORDS: Final = 24

# Flags.
TAG_IS_WORD64: Final = 1  # constrData takes tags of 64 bits without sign only
BYTE_IS_CHECKED: Final = 2  # consByteString takes 0 to 255 only
TEXT_BY_BYTES: Final = 4  # a string's size is a quarter of the bytes of its UTF-8, not the count of its characters

NO_LIMIT: Final = (1 << 62) - 1
MOST_COST: Final = 1 << 60
MOST_SIZE: Final = 1 << 40

SIZES: Final = ("x", "y", "z", "u")


class _Figure(int):
    """The place of a figure in a row, where :func:`shapes.expression` wants the figure."""

    def __str__(self) -> str:
        return f"p[{int(self)}]"

    __format__ = object.__format__


def figures_of(form: Form) -> Iterator[int]:
    """The figures of a form, in order."""
    if isinstance(form, int):
        yield form
        return
    for part in form[1:]:
        yield from figures_of(part)


def expression_of(form: Form, arity: int) -> str:
    """The text of a form's cost, with sizes ``x`` to ``u`` and figures ``p[i]``."""
    count = sum(1 for _ in figures_of(form))
    placed = shapes.replaced(form, iter([_Figure(place) for place in range(count)]))
    return shapes.expression(placed, SIZES[:arity])


def is_native(text: str) -> bool:
    """Whether native code can reckon a text: it names sizes, figures and ``max``, and there are not too many figures."""
    return "exp_mod_cost" not in text and f"p[{MOST_FIGURES}]" not in text


def texts_of(forms: tuple[Form, Form], arity: int) -> tuple[str, str]:
    """The texts of cpu and mem."""
    return expression_of(forms[0], arity), expression_of(forms[1], arity)


def _collect() -> tuple[tuple[str, ...], dict[str, frozenset[tuple[str, str]]]]:
    numbered: dict[str, None] = {}
    known: dict[str, frozenset[tuple[str, str]]] = {}
    for variant in VARIANTS:
        forms = default_model(variant).forms
        for builtin in BUILTINS:
            texts = texts_of(forms.get(builtin.name, (0, 0)), builtin.arity)
            if all(map(is_native, texts)):
                numbered.update(dict.fromkeys(texts))
                known[builtin.name] = known.get(builtin.name, frozenset()) | {texts}
    return tuple(numbered), known


_COLLECTED: Final = _collect()
EXPRESSIONS: Final = _COLLECTED[0]
"""The texts, by number."""
KNOWN: Final = _COLLECTED[1]
"""The pairs of texts, of cpu and mem, that the default models have for a builtin. A native body finds out no other sizes."""
