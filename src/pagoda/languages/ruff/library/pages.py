"""The ``ssg_`` builtins: pages of a static site, from sources to files, many at a time.

A page is its source in a fixed HTML frame with its number. The checksum is the total length of the pages in code points.
"""

from __future__ import annotations

import os

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.files import read_bytes, write_bytes
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import polling
from pagoda.languages.ruff.values import Array, Dict, Promise, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_PAGES = 1_000_000


def _texts(context: Any, name: str, value: Value) -> list[str]:
    return [text_of(name, item) for item in polling(context, array_of(name, value).items)]


def _page(number: int, source: str) -> str:
    return f"<html><body><h1>Post {number}</h1><article>{source}</article></body></html>"


@builtin("ssg_render_pages", 1, needs_context=True, charge=(0,))
def ssg_render_pages(context: Any, sources: Value) -> Dict:
    """``{pages, checksum}`` of an array of sources."""
    texts = _texts(context, "ssg_render_pages", sources)
    pages: list[Value] = [_page(number, source) for number, source in enumerate(polling(context, texts))]
    return Dict({"pages": Array(pages, False), "checksum": sum(map(len, pages))}, False)


@builtin("ssg_build_output_paths", 2, needs_context=True)
def ssg_build_output_paths(context: Any, folder: Value, count: Value) -> Array:
    """``folder/post_0.html`` and so on."""
    base, size = text_of("ssg_build_output_paths", folder), int_of("ssg_build_output_paths", count)
    if not 0 <= size <= MAX_PAGES:
        raise RuffError(f"ssg_build_output_paths() count must be between 0 and {MAX_PAGES}")
    context.charge(size >> 6)
    return Array([os.path.join(base, f"post_{number}.html") for number in polling(context, range(size))], False)


def _limit(name: str, limit: Value) -> None:
    if limit is not None and int_of(name, limit) < 1:
        raise RuffError(f"{name}() limit must be positive")


def _written(context: Any, name: str, sources: list[str], paths: list[str]) -> Dict:
    if len(sources) != len(paths):
        raise RuffError(f"{name}() requires as many paths as pages, got {len(paths)} for {len(sources)}")
    checksum = 0
    for number, path in enumerate(polling(context, paths, 64)):
        require(context, "filesystem-write", name, path)
        page = _page(number, sources[number])
        checksum += len(page)
        write_bytes(context, path, page.encode("utf-8", "replace"), "wb")
    return Dict({"files": len(paths), "checksum": checksum}, False)


@builtin("ssg_render_and_write_pages", 2, 3, needs_context=True, charge=(0,))
def ssg_render_and_write_pages(context: Any, sources: Value, paths: Value, limit: Value = None) -> Promise:
    """A promise of ``{files, checksum}``: each source as a page in the file of its path."""
    name = "ssg_render_and_write_pages"
    _limit(name, limit)
    texts, targets = _texts(context, name, sources), _texts(context, name, paths)
    try:
        return Promise(_written(context, name, texts, targets))
    except RuffError as error:
        return Promise(None, error.message)


@builtin("ssg_read_render_and_write_pages", 2, 3, needs_context=True, charge=(0,))
def ssg_read_render_and_write_pages(context: Any, sources: Value, paths: Value, limit: Value = None) -> Promise:
    """As ssg_render_and_write_pages, from files that hold the sources; adds ``read_ms`` and ``render_write_ms``."""
    import time

    name = "ssg_read_render_and_write_pages"
    _limit(name, limit)
    origins, targets = _texts(context, name, sources), _texts(context, name, paths)
    started = time.perf_counter()
    try:
        texts = []
        for path in polling(context, origins, 64):
            require(context, "filesystem-read", name, path)
            texts.append(read_bytes(context, path).decode("utf-8", "replace"))
        read = time.perf_counter()
        result = _written(context, name, texts, targets)
    except RuffError as error:
        return Promise(None, error.message)
    result.entries["read_ms"] = (read - started) * 1000.0
    result.entries["render_write_ms"] = (time.perf_counter() - read) * 1000.0
    return Promise(result)
