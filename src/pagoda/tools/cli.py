"""The command line through click: help, complaints and suggestions, made from the table in :mod:`.options`.

Reached only when :mod:`.arguments` did not understand the command line at once (or help was asked for).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from pagoda import __version__
from pagoda.tools import arguments, exits
from pagoda.tools.options import COMMANDS, Command, Option

_EXIT_NOTE = "Exit codes: 0 fine, 1 error in the program, 2 usage, 3 malformed input, 4 limit or budget, 130 interrupt."


if TYPE_CHECKING:
    _Base = click.ParamType[object]
else:
    _Base = click.ParamType  # generic in newer versions of click only


#: What stands for the text of an option that may be given without one, and was.
_NO_TEXT = "\0"


class _Value(_Base):
    """A click type over a plain parsing function."""

    def __init__(self, metavar: str, parse: Callable[[str], object]) -> None:
        self.name = metavar
        self._parse = parse

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The parsed value; a default is passed through, and so is the text of an option that was given none."""
        if not isinstance(value, str) or value == _NO_TEXT:
            return "" if value == _NO_TEXT else value
        try:
            return self._parse(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


class _Passing(click.Command):
    """A command of which :func:`arguments.split` tells options and operands apart: some operands are a program's, or some
    options may do without a text."""

    row: Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the words into an order click reads as we do."""
        parts = arguments.split(self.row, args)
        if parts is not None:
            pairs, operands = parts
            args = [option.flag if text is None else f"{option.flag}={text}" for option, text in pairs]
            args += ["--", *operands]
        return super().parse_args(ctx, args)


class _Group(click.Group):
    """The top level: knows what to say about a command that does not exist."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command, or complains with the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            close = difflib.get_close_matches(name, COMMANDS, n=1)
            if close:
                advice = f" Did you mean {close[0]}?"
            elif "." in name or "/" in name:
                advice = f" To run a program: pagoda run {name}"
            else:
                advice = f" There are: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command '{name}'.{advice}")
        return super().resolve_command(ctx, args)


def _parameter(option: Option) -> click.Option:
    if option.parse is None:
        return click.Option([option.flag, option.key], is_flag=True, default=False, help=option.help)
    if option.repeats:
        kind = _Value(option.metavar, option.parse)
        return click.Option(
            [option.flag, option.key],
            type=kind, metavar=option.metavar, multiple=True, is_flag=False, flag_value=_NO_TEXT, help=option.help,
        )  # fmt: skip
    help_text = option.help if option.default is None else f"{option.help} Default: {option.default}."
    kind = _Value(option.metavar, option.parse)
    return click.Option([option.flag, option.key], type=kind, metavar=option.metavar, default=option.default, help=help_text)


def _click_command(row: Command, dispatch: Callable[[Command, dict[str, object]], int]) -> click.Command:
    parameters: list[click.Parameter] = [_parameter(option) for option in row.options]
    if row.operand:
        shown = row.operand.upper() + ("..." if row.many else "")
        shown = shown if row.needs_operand else f"[{shown}]"
        number = -1 if row.many else 1
        parameters.append(click.Argument([row.operand], required=row.needs_operand, metavar=shown, nargs=number))
    if row.passes_on:
        parameters.append(click.Argument(["args"], nargs=-1, type=click.UNPROCESSED))

    def callback(**values: object) -> int:
        return dispatch(row, values)

    kind = _Passing if row.passes_on or any(option.repeats for option in row.options) else click.Command
    made = kind(row.name, params=parameters, callback=callback, help=row.summary, epilog=_EXIT_NOTE)
    if isinstance(made, _Passing):
        made.row = row
    return made


def main(words: Sequence[str], dispatch: Callable[[Command, dict[str, object]], int]) -> int:
    """Runs a command line through click and gives the exit code."""
    group = _Group(
        "pagoda",
        help="Runs programs of several languages on one tiered engine.",
        epilog=_EXIT_NOTE,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    group.params.append(
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
        )
    )
    for row in COMMANDS.values():
        group.add_command(_click_command(row, dispatch))
    try:
        code = group.main(list(words), prog_name="pagoda", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return exits.USAGE
    except click.Abort:
        return exits.INTERRUPTED
    return code if isinstance(code, int) else exits.OK


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"pagoda {__version__}")
        ctx.exit()
