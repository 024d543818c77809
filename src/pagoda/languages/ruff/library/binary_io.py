"""Reading and writing parts of binary files."""

from __future__ import annotations

import os
from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.files import MAX_SIZE, guarded, unwaited, write_bytes
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Bytes, Dict, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


def _position(name: str, value: Value) -> int:
    number = int_of(name, value)
    if number < 0:
        raise RuffError(f"{name}() requires a non-negative number")
    return number


def _on_file(context: Any, path: str, mode: str, action: str, operation: Callable[[Any], T]) -> T:
    def run() -> T:
        with open(path, mode) as stream:
            return operation(stream)

    return guarded(action, path, lambda: unwaited(context, path, run))


def _read(context: Any, name: str, path: Value, offset: Value, count: Value) -> Bytes:
    require(context, "filesystem-read", name, path)
    first, most = _position(name, offset), _position(name, count)
    if most > MAX_SIZE:
        raise RuffError(f"{name}() size exceeds the limit of {MAX_SIZE} bytes")

    def read(stream: Any) -> bytes:
        stream.seek(first)
        return bytes(stream.read(most))

    return Bytes(_on_file(context, text_of(name, path), "rb", "read file", read))


@builtin("io_read_bytes", 2, needs_context=True)
def io_read_bytes(context: Any, path: Value, count: Value) -> Bytes:
    """The first so many bytes."""
    return _read(context, "io_read_bytes", path, 0, count)


@builtin("io_read_at", 3, needs_context=True)
def io_read_at(context: Any, path: Value, offset: Value, count: Value) -> Bytes:
    """So many bytes from an offset on."""
    return _read(context, "io_read_at", path, offset, count)


@builtin("io_seek_read", 2, needs_context=True)
def io_seek_read(context: Any, path: Value, offset: Value) -> Bytes:
    """Everything from an offset on."""
    found = _read(context, "io_seek_read", path, offset, MAX_SIZE)
    if len(found.data) == MAX_SIZE and os.path.getsize(path) > offset + MAX_SIZE:
        raise RuffError(f"io_seek_read() size exceeds the limit of {MAX_SIZE} bytes")
    return found


@builtin("io_write_bytes", 2, needs_context=True)
def io_write_bytes(context: Any, path: Value, data: Value) -> bool:
    """Write a file."""
    require(context, "filesystem-write", "io_write_bytes", path)
    write_bytes(context, text_of("io_write_bytes", path), bytes_of("io_write_bytes", data), "wb")
    return True


@builtin("io_append_bytes", 2, needs_context=True)
def io_append_bytes(context: Any, path: Value, data: Value) -> bool:
    """Write at the end of a file."""
    require(context, "filesystem-write", "io_append_bytes", path)
    write_bytes(context, text_of("io_append_bytes", path), bytes_of("io_append_bytes", data), "ab")
    return True


@builtin("io_write_at", 3, needs_context=True)
def io_write_at(context: Any, path: Value, data: Value, offset: Value) -> bool:
    """Write over a part of an existing file."""
    require(context, "filesystem-write", "io_write_at", path)
    content, position = bytes_of("io_write_at", data), _position("io_write_at", offset)

    def write(stream: Any) -> None:
        stream.seek(position)
        stream.write(content)

    _on_file(context, text_of("io_write_at", path), "r+b", "write file", write)
    return True


@builtin("io_truncate", 2, needs_context=True)
def io_truncate(context: Any, path: Value, size: Value) -> bool:
    """Cut a file (or fill it up with zeros) to a size."""
    require(context, "filesystem-write", "io_truncate", path)
    length = _position("io_truncate", size)
    if length > MAX_SIZE:
        raise RuffError(f"io_truncate() size exceeds the limit of {MAX_SIZE} bytes")
    _on_file(context, text_of("io_truncate", path), "r+b", "truncate file", lambda stream: stream.truncate(length))
    return True


@builtin("io_copy_range", 4, needs_context=True)
def io_copy_range(context: Any, source: Value, target: Value, offset: Value, count: Value) -> bool:
    """A part of one file as another file."""
    require(context, "filesystem-write", "io_copy_range", target)
    part = _read(context, "io_copy_range", source, offset, count)
    write_bytes(context, text_of("io_copy_range", target), part.data, "wb")
    return True


@builtin("io_file_metadata", 1, needs_context=True)
def io_file_metadata(context: Any, path: Value) -> Dict:
    """Size, times, kind and permission of a file."""
    require(context, "filesystem-read", "io_file_metadata", path)
    target = text_of("io_file_metadata", path)
    status = guarded("read metadata of", target, lambda: os.stat(target))
    return Dict(
        {
            "size": status.st_size,
            "is_file": os.path.isfile(target),
            "is_dir": os.path.isdir(target),
            "readonly": not status.st_mode & 0o222,
            "modified": int(status.st_mtime),
            "accessed": int(status.st_atime),
            "created": int(status.st_ctime),
        },
        False,
    )
