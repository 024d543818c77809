"""Paths as texts, and questions about what is there."""

from __future__ import annotations

import os

from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.capabilities import require, require_some
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _text(context: Any, function: str, value: Value) -> str:
    require_some(context, "filesystem-read", function)
    return text_of(function, value)


def _path(context: Any, function: str, value: Value, *, follow: bool = True) -> str:
    require(context, "filesystem-read", function, value, follow=follow)
    return text_of(function, value)


@builtin("join_path", 1, -1, also=("path_join",), needs_context=True)
def join_path(context: Any, *parts: Value) -> str:
    """The parts as one path; an absolute part starts anew."""
    require_some(context, "filesystem-read", "join_path")
    return os.path.join(*[text_of("join_path", part) for part in parts])


@builtin("dirname", 1, needs_context=True)
def dirname(context: Any, path: Value) -> str:
    """The path without its last part; ``.`` where there is none."""
    text = _text(context, "dirname", path)
    trimmed = text.rstrip("/") or text[:1]
    return os.path.dirname(trimmed) or ("/" if trimmed.startswith("/") else ".")


@builtin("basename", 1, needs_context=True)
def basename(context: Any, path: Value) -> str:
    """The last part."""
    return os.path.basename(_text(context, "basename", path).rstrip("/"))


@builtin("path_exists", 1, needs_context=True)
def path_exists(context: Any, path: Value) -> bool:
    """Whether something is there."""
    return os.path.exists(_clean(_path(context, "path_exists", path)))


@builtin("path_absolute", 1, needs_context=True)
def path_absolute(context: Any, path: Value) -> str:
    """The full path."""
    text = _path(context, "path_absolute", path)
    return os.path.realpath(text) if os.path.exists(_clean(text)) else os.path.join(os.getcwd(), text)


@builtin("path_is_dir", 1, needs_context=True)
def path_is_dir(context: Any, path: Value) -> bool:
    """Whether it is a directory."""
    return os.path.isdir(_clean(_path(context, "path_is_dir", path)))


@builtin("path_is_file", 1, needs_context=True)
def path_is_file(context: Any, path: Value) -> bool:
    """Whether it is a file."""
    return os.path.isfile(_clean(_path(context, "path_is_file", path)))


@builtin("path_is_symlink", 1, needs_context=True)
def path_is_symlink(context: Any, path: Value) -> bool:
    """Whether it is a symbolic link."""
    return os.path.islink(_clean(_path(context, "path_is_symlink", path, follow=False)))


@builtin("path_extension", 1, needs_context=True)
def path_extension(context: Any, path: Value) -> str:
    """The extension without its dot; empty where there is none."""
    name = os.path.basename(_text(context, "path_extension", path).rstrip("/"))
    return os.path.splitext(name)[1][1:]


def _clean(text: str) -> str:
    return text if "\0" not in text else ""
