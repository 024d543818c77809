"""``arg_parser()``: options added one by one, each giving a new parser; ``parse()`` gives a dict, ``help()`` a text."""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Array, Dict, Handle, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MISSING = object()
_KINDS = ("string", "int", "float", "bool")
_SETTINGS = ("short", "type", "help", "default", "required")


class Option:
    """One option of a parser."""

    __slots__ = ("default", "help", "kind", "name", "required", "short")

    def __init__(self, name: str) -> None:
        self.name = name
        self.short = ""
        self.kind = "string"
        self.help = ""
        self.default: Value = _MISSING
        self.required = False

    @property
    def key(self) -> str:
        """The key in the result."""
        return self.name.lstrip("-")


class ArgumentParser(Handle):
    """A parser; never changed once made."""

    __slots__ = ("arguments", "options")
    type_name = "struct"

    def __init__(self, arguments: list[str], options: list[Option]) -> None:
        self.arguments = arguments
        self.options = options


def new_parser(arguments: list[str]) -> ArgumentParser:
    """A parser without options."""
    return ArgumentParser(arguments, [])


def _add(context: Any, parser: ArgumentParser, values: list[Value]) -> ArgumentParser:
    if not values:
        raise RuffError("add_argument expects at least 1 arguments, got 0")
    option = Option(text_of("add_argument", values[0]))
    rest = values[1:]
    if rest and isinstance(rest[0], str) and rest[0].startswith("-"):
        option.short, rest = rest[0], rest[1:]
    if len(rest) % 2:
        raise RuffError("add_argument expects pairs of setting and value")
    for position in range(0, len(rest), 2):
        name, value = text_of("add_argument", rest[position]), rest[position + 1]
        if name not in _SETTINGS:
            raise RuffError(f"add_argument has no setting '{name}'")
        if name == "type":
            if value not in _KINDS:
                raise RuffError(f"Unknown argument type: {display(value)}")
            option.kind = value
        elif name == "required":
            option.required = truthy(value)
        elif name == "default":
            option.default = value
        else:
            setattr(option, name, display(value))
    return ArgumentParser(parser.arguments, [*parser.options, option])


def _convert(option: Option, text: str) -> Value:
    from pagoda.languages.ruff.library.types import parse_float, parse_int

    try:
        if option.kind == "int":
            return parse_int(text)
        if option.kind == "float":
            return parse_float(text)
    except RuffError:
        raise RuffError(f"Invalid {option.kind} value for {option.name}: {text}") from None
    if option.kind == "bool":
        return text.lower() in ("true", "1", "yes")
    return text


def _parse(context: Any, parser: ArgumentParser, values: list[Value]) -> Dict:
    found: dict[int | str, Value] = {}
    positional: list[Value] = []
    names = {option.name: option for option in parser.options} | {
        option.short: option for option in parser.options if option.short
    }
    position, given = 0, parser.arguments
    while position < len(given):
        text = given[position]
        position += 1
        name, mark, value = text.partition("=")
        option = names.get(text) or (names.get(name) if mark else None)
        if option is None:
            if text.startswith("-") and len(text) > 1 and not text[1].isdigit():
                raise RuffError(f"Unknown argument: {text}")
            positional.append(text)
        elif mark and text not in names:
            found[option.key] = _convert(option, value)
        elif option.kind == "bool":
            found[option.key] = True
        elif position < len(given):
            found[option.key] = _convert(option, given[position])
            position += 1
        else:
            raise RuffError(f"Missing value for argument: {option.name}")
    for option in parser.options:
        if option.key in found:
            continue
        if option.default is not _MISSING:
            found[option.key] = _convert(option, option.default) if isinstance(option.default, str) else option.default
        elif option.required:
            raise RuffError(f"Required argument missing: {option.name}")
        elif option.kind == "bool":
            found[option.key] = False
    if positional:
        found["_positional"] = Array(positional, False)
    return Dict(found, False)


def _help(context: Any, parser: ArgumentParser, values: list[Value]) -> str:
    lines = ["", "", "", "", "Options:"]
    for option in parser.options:
        head = f"  {option.short}, {option.name}" if option.short else f"      {option.name}"
        if option.kind != "bool":
            head += f" <{option.kind}>"
        if option.required:
            head += " (required)"
        if option.default is not _MISSING:
            head += f" [default: {display(option.default)}]"
        lines.append(head)
        if option.help:
            lines.append(f"        {option.help}")
    return "\n".join(lines) + "\n"


ArgumentParser.methods = {"add_argument": _add, "parse": _parse, "help": _help}
