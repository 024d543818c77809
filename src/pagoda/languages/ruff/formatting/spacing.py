"""Where a space stands between two tokens that are on one line."""

from __future__ import annotations

from pagoda.languages.ruff.formatting.facts import Facts
from pagoda.languages.ruff.syntax.tokens import PUNCTUATION, Token

_NONE_BEFORE = frozenset({",", ";", ":", ")", "]", ".", "?.", "::", "?"})
_NONE_AFTER = frozenset({"(", "[", ".", "?.", "::", "..."})
_PUNCTUATION = frozenset(PUNCTUATION)


def spaced(tokens: list[Token], facts: Facts, right: int) -> bool:
    """Whether a space stands before a token."""
    left = right - 1
    before, after = tokens[left].kind, tokens[right].kind
    return _wanted(before, after, left, right, facts) or _merge(before, after)


def _wanted(before: str, after: str, left: int, right: int, facts: Facts) -> bool:
    if after in _NONE_BEFORE or before in _NONE_AFTER or left in facts.unary:
        return False
    kind = facts.kinds.get(right, "")
    if after == "(":
        return kind not in ("call", "parameters") and before != "identifier"
    if after == "[":
        return kind in ("array", "pattern")
    if before == "{" or after == "}":
        return False  # where there is one, it is a place where the line may break
    if before == "func" and after == "*":
        return False
    if after in ("<", ">") and right in facts.types:
        return False
    return not (before == "<" and left in facts.types)


def _merge(before: str, after: str) -> bool:
    """Whether two tokens would be read as another one if nothing stood between them: ``?`` and ``.``, for example."""
    if before not in _PUNCTUATION or after not in _PUNCTUATION:
        return False
    together = before + after
    return any(len(text) > len(before) and together.startswith(text) for text in PUNCTUATION)
