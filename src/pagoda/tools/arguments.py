"""Parses an ordinary command line by the table in :mod:`.options`, without click.

Gives ``None`` for anything else, be it ``--help`` or a mistake: then click, made from the same table, explains. So there is one
definition of the options and one place that words complaints, and ``pagoda run FILE`` does not pay for importing click.
"""

from __future__ import annotations

from pagoda.tools.options import COMMANDS, RESERVED, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Pairs = list[tuple[Option, str | None]]


def split(command: Command, words: Sequence[str]) -> tuple[Pairs, list[str]] | None:
    """Tells options (with their texts) from operands; ``None`` where a word is neither.

    Where a command passes words on to a program, the options known to Pagoda may still follow FILE. The first other word
    ends them, and so does ``--``: it and all that follows belong to the program (without the ``--``).
    """
    known = {option.flag: option for option in command.options}
    pairs: Pairs = []
    operands: list[str] = []
    rest = iter(range(len(words)))
    for index in rest:
        word = words[index]
        if word == "--":
            return pairs, [*operands, *words[index + 1 :]]
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is not None:
            if option.repeats:
                pairs.append((option, value if equals else None))
                continue
            if option.parse is None:
                if equals:
                    return None
                pairs.append((option, None))
                continue
            if not equals:
                following = next(rest, None)
                if following is None:
                    return None
                value = words[following]
            pairs.append((option, value))
        elif command.passes_on and operands and not word.startswith(RESERVED):
            return pairs, [*operands, *words[index:]]
        elif len(word) > 1 and word.startswith("-"):
            return None
        else:
            operands.append(word)
    return pairs, operands


def parse(words: Sequence[str]) -> tuple[Command, dict[str, object]] | None:
    """The command and its values by key, or ``None`` when click has to look at it."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        return None
    parts = split(command, words[1:])
    if parts is None:
        return None
    pairs, operands = parts
    values: dict[str, Any] = {option.key: option.default for option in command.options}
    for option, text in pairs:
        try:
            if option.repeats and option.parse is not None:
                given = "" if text is None else option.parse(text)
                values[option.key] = (*values[option.key], given)
            else:
                values[option.key] = True if option.parse is None else option.parse(text or "")
        except ValueError:
            return None
    if command.operand:
        if command.needs_operand and not operands:
            return None
        if command.many:
            values[command.operand] = tuple(operands)
            operands.clear()
        else:
            values[command.operand] = operands[0] if operands else None
            del operands[:1]
    if command.passes_on:
        values["args"] = tuple(operands)
    elif operands:
        return None
    return command, values
