"""Many files at once, as a promise. The files are taken one after the other: a disk has no use for more."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, text_of
from pagoda.languages.ruff.library.files import read_file, write_file
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import polling
from pagoda.languages.ruff.values import Array, Promise, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _limit(name: str, limit: Value) -> None:
    if limit is not None and int_of(name, limit) < 1:
        raise RuffError(f"{name}() limit must be positive")


@builtin("async_read_files", 1, 2, needs_context=True, charge=(0,))
def async_read_files(context: Any, paths: Value, limit: Value = None) -> Promise:
    """A promise of the texts of several files, in order; it fails with the first file that cannot be read."""
    _limit("async_read_files", limit)
    targets = [text_of("async_read_files", path) for path in array_of("async_read_files", paths).items]
    try:
        return Promise(Array([read_file(context, path) for path in polling(context, targets, 16)], False))
    except RuffError as error:
        return Promise(None, error.message)


@builtin("async_write_files", 2, 3, needs_context=True, charge=(0,))
def async_write_files(context: Any, paths: Value, contents: Value, limit: Value = None) -> Promise:
    """A promise of an array of true: each text is written to the file of its path, which may exist."""
    name = "async_write_files"
    _limit(name, limit)
    targets = [text_of(name, path) for path in array_of(name, paths).items]
    texts = [text_of(name, content) for content in array_of(name, contents).items]
    if len(targets) != len(texts):
        raise RuffError(f"{name}() requires as many contents as paths, got {len(texts)} for {len(targets)}")
    try:
        pairs = zip(polling(context, targets, 16), texts, strict=True)
        return Promise(Array([write_file(context, path, text, True) for path, text in pairs], False))
    except RuffError as error:
        return Promise(None, error.message)
