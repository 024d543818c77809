"""The environment of the process: variables, arguments, working directory, exit, and the argument parser."""

from __future__ import annotations

import os

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import ExitRequest, RuffError
from pagoda.languages.ruff.library.arguments import int_of, text_of
from pagoda.languages.ruff.library.capabilities import require, system_error
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Array, Dict, Value, canonical_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _variable(context: Any, function: str, name: Value) -> str | None:
    require(context, "env-read", function)
    return os.environ.get(text_of(function, name))


def _required(context: Any, function: str, name: Value) -> str:
    value = _variable(context, function, name)
    if value is None:
        raise RuffError(f"Environment variable '{name}' not found")
    return value


@builtin("env", 1, needs_context=True)
def env(context: Any, name: Value) -> str:
    """A variable's value; empty when it is not set."""
    return _variable(context, "env", name) or ""


@builtin("env_or", 2, needs_context=True)
def env_or(context: Any, name: Value, default: Value) -> Value:
    """A variable's value, or the default."""
    value = _variable(context, "env_or", name)
    return default if value is None else value


@builtin("env_int", 1, needs_context=True)
def env_int(context: Any, name: Value) -> int:
    """A variable's value as an int."""
    from pagoda.languages.ruff.library.types import parse_int

    value = _required(context, "env_int", name)
    try:
        return int(parse_int(value))
    except RuffError:
        raise RuffError(f"Environment variable '{name}' value '{value}' is not a valid integer") from None


@builtin("env_float", 1, needs_context=True)
def env_float(context: Any, name: Value) -> float:
    """A variable's value as a float."""
    from pagoda.languages.ruff.library.types import parse_float

    value = _required(context, "env_float", name)
    try:
        return float(parse_float(value))
    except RuffError:
        raise RuffError(f"Environment variable '{name}' value '{value}' is not a valid float") from None


@builtin("env_bool", 1, needs_context=True)
def env_bool(context: Any, name: Value) -> bool:
    """A variable's value as a bool: true, 1, yes, on or false, 0, no, off."""
    value = _required(context, "env_bool", name)
    if value.lower() in ("true", "1", "yes", "on"):
        return True
    if value.lower() in ("false", "0", "no", "off", ""):
        return False
    raise RuffError(f"Environment variable '{name}' value '{value}' is not a valid boolean")


@builtin("env_required", 1, needs_context=True)
def env_required(context: Any, name: Value) -> str:
    """A variable's value; an error when it is not set."""
    value = _variable(context, "env_required", name)
    if value is None:
        raise RuffError(f"Required environment variable '{name}' is not set")
    return value


@builtin("env_set", 2, needs_context=True)
def env_set(context: Any, name: Value, value: Value) -> None:
    """Set a variable for this process."""
    require(context, "env-write", "env_set")
    try:
        os.environ[text_of("env_set", name)] = text_of("env_set", value)
    except ValueError as error:
        raise RuffError(f"Cannot set environment variable: {error}") from None


@builtin("env_list", 0, also=("os_environ",), needs_context=True)
def env_list(context: Any) -> Dict:
    """All variables."""
    require(context, "env-read", "env_list")
    return Dict({canonical_key(name): value for name, value in os.environ.items()}, False)


@builtin("args", 0, needs_context=True)
def args(context: Any) -> Array:
    """The program's arguments."""
    return Array(list(context.arguments), False)


@builtin("exit", 0, 1)
def leave(code: Value = 0) -> None:
    """End the program."""
    raise ExitRequest(int_of("exit", code))


@builtin("os_getcwd", 0, needs_context=True)
def os_getcwd(context: Any) -> str:
    """The working directory."""
    require(context, "filesystem-read", "os_getcwd", ".")
    return os.getcwd()


@builtin("os_chdir", 1, needs_context=True)
def os_chdir(context: Any, path: Value) -> bool:
    """Change the working directory."""
    require(context, "filesystem-read", "os_chdir", path)
    target = text_of("os_chdir", path)
    try:
        os.chdir(target)
    except (OSError, ValueError) as error:
        raise system_error("change directory to", target, error) from None
    return True


@builtin("arg_parser", 0, needs_context=True)
def arg_parser(context: Any) -> Value:
    """A parser of the program's arguments."""
    from pagoda.languages.ruff.library.argument_parser import new_parser

    return new_parser([display(argument) for argument in context.arguments])
