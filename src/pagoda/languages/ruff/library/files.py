"""Files and directories. At most 8 MiB are read or written at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, text_of
from pagoda.languages.ruff.library.capabilities import require, require_moving, system_error
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside, polling, stepwise
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Array, Bytes, Dict, Value

MAX_SIZE = 8 * 1024 * 1024
STORE = ".ruff_kv.json"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


def guarded(action: str, path: str, operation: Callable[[], T]) -> T:
    """Run an operation on a path; its failure becomes a catchable error."""
    try:
        return operation()
    except (OSError, ValueError) as error:
        raise system_error(action, path, error) from None


def unwaited(context: Any, path: str, operation: Callable[[], T]) -> T:
    """Run an operation that opens a path: aside where that may wait, as for a pipe that nobody writes to."""
    try:
        waits = not stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        waits = False
    return aside(context, operation) if waits else operation()


def read_bytes(context: Any, path: str) -> bytes:
    """A file's bytes, if it is not too large."""

    def read() -> bytes:
        with open(path, "rb") as stream:
            data = stream.read(MAX_SIZE + 1)
        if len(data) > MAX_SIZE:
            raise RuffError(f"File '{path}' exceeds the limit of {MAX_SIZE} bytes")
        return data

    return guarded("read file", path, lambda: unwaited(context, path, read))


def write_bytes(context: Any, path: str, data: bytes, mode: str) -> None:
    """Write or append bytes."""
    if len(data) > MAX_SIZE:
        raise RuffError(f"Data exceeds the limit of {MAX_SIZE} bytes")

    def write() -> None:
        with open(path, mode) as stream:
            stream.write(data)

    guarded("write file", path, lambda: unwaited(context, path, write))


def _may_overwrite(options: Value) -> bool:
    if isinstance(options, Dict):
        return truthy(options.entries.get("overwrite"))
    return options is True


@builtin("read_file", 1, needs_context=True)
def read_file(context: Any, path: Value) -> str:
    """A file's text."""
    require(context, "filesystem-read", "read_file", path)
    target = text_of("read_file", path)
    try:
        return read_bytes(context, target).decode("utf-8")
    except UnicodeDecodeError:
        raise RuffError(f"Cannot read file '{target}': stream did not contain valid UTF-8") from None


@builtin("read_file_lossy", 1, needs_context=True)
def read_file_lossy(context: Any, path: Value) -> str:
    """A file's text; what is no UTF-8 becomes a replacement character."""
    require(context, "filesystem-read", "read_file_lossy", path)
    return read_bytes(context, text_of("read_file_lossy", path)).decode("utf-8", "replace")


def _write(context: Any, name: str, path: Value, data: bytes, options: Value) -> bool:
    require(context, "filesystem-write", name, path)
    target = text_of(name, path)
    if not _may_overwrite(options) and os.path.exists(target.replace("\0", "")):
        raise RuffError(f"File '{target}' already exists; pass true or {{\"overwrite\": true}} to overwrite")
    write_bytes(context, target, data, "wb")
    return True


@builtin("write_file", 2, 3, needs_context=True)
def write_file(context: Any, path: Value, content: Value, options: Value = None) -> bool:
    """Write a new file; an existing one only if the options say so."""
    return _write(context, "write_file", path, text_of("write_file", content).encode("utf-8", "replace"), options)


@builtin("write_binary_file", 2, 3, needs_context=True)
def write_binary_file(context: Any, path: Value, content: Value, options: Value = None) -> bool:
    """As write_file, with bytes."""
    return _write(context, "write_binary_file", path, bytes_of("write_binary_file", content), options)


@builtin("append_file", 2, needs_context=True)
def append_file(context: Any, path: Value, content: Value) -> bool:
    """Write at the end of a file."""
    require(context, "filesystem-write", "append_file", path)
    write_bytes(context, text_of("append_file", path), text_of("append_file", content).encode("utf-8", "replace"), "ab")
    return True


@builtin("read_binary_file", 1, needs_context=True)
def read_binary_file(context: Any, path: Value) -> Bytes:
    """A file's bytes."""
    require(context, "filesystem-read", "read_binary_file", path)
    return Bytes(read_bytes(context, text_of("read_binary_file", path)))


@builtin("file_exists", 1, needs_context=True)
def file_exists(context: Any, path: Value) -> bool:
    """Whether something is there."""
    require(context, "filesystem-read", "file_exists", path)
    return os.path.exists(text_of("file_exists", path).replace("\0", ""))


@builtin("read_lines", 1, needs_context=True)
def read_lines(context: Any, path: Value) -> Array:
    """A file's lines without their ends."""
    text = read_file(context, path)
    lines = [line.removesuffix("\r") for line in stepwise(context, text.split("\n"))]
    if lines and not lines[-1]:
        lines.pop()
    return Array(list(lines), False)


@builtin("list_dir", 1, needs_context=True)
def list_dir(context: Any, path: Value) -> Array:
    """The names in a directory, sorted."""
    require(context, "filesystem-read", "list_dir", path)
    target = text_of("list_dir", path)

    def names() -> list[Value]:
        with os.scandir(target) as entries:
            return sorted([entry.name for entry in polling(context, entries, 512)])

    return Array(guarded("read directory", target, names), False)


@builtin("create_dir", 1, needs_context=True)
def create_dir(context: Any, path: Value) -> bool:
    """Make a directory and those above it."""
    require(context, "filesystem-write", "create_dir", path)
    target = text_of("create_dir", path)
    guarded("create directory", target, lambda: os.makedirs(os.path.realpath(target), exist_ok=True))
    return True


@builtin("file_size", 1, needs_context=True)
def file_size(context: Any, path: Value) -> int:
    """How many bytes a file has."""
    require(context, "filesystem-read", "file_size", path)
    target = text_of("file_size", path)
    return guarded("read file size of", target, lambda: os.path.getsize(target))


@builtin("delete_file", 1, needs_context=True)
def delete_file(context: Any, path: Value) -> bool:
    """Remove a file."""
    require(context, "filesystem-delete", "delete_file", path, follow=False)
    target = text_of("delete_file", path)
    guarded("delete file", target, lambda: os.remove(target))
    return True


@builtin("os_rmdir", 1, needs_context=True)
def os_rmdir(context: Any, path: Value) -> bool:
    """Remove an empty directory."""
    require(context, "filesystem-delete", "os_rmdir", path, follow=False)
    target = text_of("os_rmdir", path)
    guarded("remove directory", target, lambda: os.rmdir(target))
    return True


@builtin("rename_file", 2, needs_context=True)
def rename_file(context: Any, old: Value, new: Value) -> bool:
    """Give a file another name."""
    require_moving(context, "rename_file", old, new)
    source, target = text_of("rename_file", old), text_of("rename_file", new)
    guarded("rename file", source, lambda: os.replace(source, target))
    return True


@builtin("copy_file", 2, needs_context=True)
def copy_file(context: Any, source: Value, target: Value) -> bool:
    """Copy a file's content."""
    require(context, "filesystem-read", "copy_file", source)
    require(context, "filesystem-write", "copy_file", target)
    write_bytes(context, text_of("copy_file", target), read_bytes(context, text_of("copy_file", source)), "wb")
    return True


@builtin("kv_set", 2, needs_context=True)
def kv_set(context: Any, key: Value, value: Value) -> bool:
    """Keep a value under a key in a file of the working directory."""
    import json

    from pagoda.languages.ruff.library.json_format import json_text

    require(context, "filesystem-write", "kv_set", STORE)
    entries = _stored(context)
    entries[text_of("kv_set", key)] = json.loads(json_text(value, context))
    write_bytes(context, STORE, json.dumps(entries).encode(), "wb")
    return True


@builtin("kv_get", 1, needs_context=True)
def kv_get(context: Any, key: Value) -> Value:
    """The value kept under a key, or null."""
    from pagoda.languages.ruff.library.json_format import from_plain

    require(context, "filesystem-read", "kv_get", STORE)
    return from_plain(_stored(context).get(text_of("kv_get", key)), 64)


def _stored(context: Any) -> dict[str, Any]:
    import json

    if not os.path.exists(STORE):
        return {}
    try:
        entries = json.loads(read_bytes(context, STORE))
    except ValueError:
        return {}
    return entries if isinstance(entries, dict) else {}
