"""Zip archives. Extracting refuses paths that lead outside, and archives that grow beyond bounds."""

from __future__ import annotations

import os
import zipfile

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.files import guarded
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Array, Handle, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_ENTRIES = 1024
MAX_ENTRY = 16 * 1024 * 1024
MAX_TOTAL = 64 * 1024 * 1024


class Archive(Handle):
    """An archive that is being written."""

    __slots__ = ("archive",)
    type_name = "ziparchive"

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive


def _open(name: str, value: Value) -> zipfile.ZipFile:
    if not isinstance(value, Archive):
        raise RuffError(f"{name} requires a zip archive, got {type_name(value)}")
    if value.archive.fp is None:
        raise RuffError("Zip archive is closed")
    return value.archive


@builtin("zip_create", 1, needs_context=True)
def zip_create(context: Any, path: Value) -> Archive:
    """A new archive."""
    require(context, "filesystem-write", "zip_create", path)
    target = text_of("zip_create", path)
    return Archive(guarded("create zip file", target, lambda: zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)))


@builtin("zip_add_file", 2, needs_context=True)
def zip_add_file(context: Any, archive: Value, path: Value) -> bool:
    """Add a file under its own name."""
    require(context, "filesystem-read", "zip_add_file", path)
    opened, source = _open("zip_add_file", archive), text_of("zip_add_file", path)
    guarded("add file", source, lambda: opened.write(source, os.path.basename(source)))
    return True


@builtin("zip_add_dir", 2, needs_context=True)
def zip_add_dir(context: Any, archive: Value, path: Value) -> bool:
    """Add a folder and all that is in it; symbolic links are passed over."""
    require(context, "filesystem-read", "zip_add_dir", path, whole=True)
    opened, source = _open("zip_add_dir", archive), text_of("zip_add_dir", path)
    if not os.path.isdir(source.replace("\0", "")):
        raise RuffError(f"Not a directory: {source}")

    def add() -> None:
        for folder, _, names in sorted(os.walk(source)):
            for name in sorted(names):
                full = os.path.join(folder, name)
                if not os.path.islink(full):
                    opened.write(full, os.path.relpath(full, source))

    guarded("add directory", source, add)
    return True


@builtin("zip_close", 1)
def zip_close(archive: Value) -> bool:
    """Finish the archive."""
    opened = _open("zip_close", archive)
    guarded("close", "zip archive", opened.close)
    return True


@builtin("unzip", 2, needs_context=True)
def unzip(context: Any, path: Value, target: Value) -> Array:
    """Extract everything into a folder; gives the paths of the files."""
    require(context, "filesystem-read", "unzip", path)
    require(context, "filesystem-write", "unzip", target)
    source, folder = text_of("unzip", path), text_of("unzip", target)
    try:
        with zipfile.ZipFile(source) as opened:
            return Array(_extract(context, opened, folder), False)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise RuffError(f"Cannot unzip '{source}': {getattr(error, 'strerror', None) or error}") from None


def _extract(context: Any, archive: zipfile.ZipFile, folder: str) -> list[Value]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise RuffError("Zip archive exceeds the limits for extraction")
    made: list[Value] = []
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith("/") or ".." in parts or (entry.external_attr >> 28) == 0xA:
            raise RuffError(f"Unsafe path in zip archive: {entry.filename}")
        full = os.path.join(folder, *parts)
        require(context, "filesystem-write", "unzip", full)
        if entry.is_dir():
            os.makedirs(full, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(full) or ".", exist_ok=True)
        with archive.open(entry) as stream:
            data = stream.read(MAX_ENTRY + 1)
        if len(data) > MAX_ENTRY:
            raise RuffError(f"Zip entry is too large: {entry.filename}")
        with open(full, "wb") as out:
            out.write(data)
        made.append(full)
    return made
