"""Images: the machine code of several units, built once per state of their sources, cached on disk, loaded without LLVM.

What must hold: the key covers the sources of everything that shapes the code; a warm load imports neither LLVM nor the modules
that the units came from. Units are loaded in the order of their imports, each linked to those before it.
"""

from __future__ import annotations

import os
import sys
import time

from pagoda.native.cache import Cache, digest, make_key
from pagoda.native.loader import LoadedUnit, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pagoda.native.unit import Unit


class Image:
    """Loaded machine code: ``symbols`` maps every exported name to its address."""

    def __init__(self) -> None:
        self.symbols: dict[str, int] = {}
        self.units: list[LoadedUnit] = []
        self.seconds_to_build = 0.0

    def add(self, object_bytes: bytes) -> None:
        """Loads one object, linked to what is loaded already."""
        unit = load(object_bytes, self.symbols)
        self.units.append(unit)
        self.symbols.update(unit.symbols)

    def __getitem__(self, symbol: str) -> int:
        return self.symbols[symbol]


def build_image(units: Iterable[Unit], *, level: int = 2) -> tuple[Image, list[bytes]]:
    """Emits and loads units; gives the image and the objects."""
    from pagoda.native.emit import emit_object

    image = Image()
    objects = [emit_object(unit.render(), level=level) for unit in units]
    for item in objects:
        image.add(item)
    return image, objects


def cached_image(
    name: str, state: str, build: Callable[[], Sequence[Callable[[], str]]], *,
    announce: Callable[[str], None] | None = None,
) -> Image:  # fmt: skip
    """The image ``name``, from the cache or built by ``build``: functions that each give a unit's LLVM text.

    ``state``: a hash of the sources that shape the code. ``announce`` gets a line before and after a build.
    """
    cache = Cache()
    key = make_key(["image", name, state])
    image = Image()
    head = cache.get(key)
    if head is not None:
        count = int(head.object)
        entries = [cache.get(digest([key, str(index)])) for index in range(count)]
        if all(entry is not None for entry in entries):
            for entry in entries:
                assert entry is not None
                image.add(entry.object)
            return image
    started = time.perf_counter()
    if announce is not None:
        announce(f"preparing machine code for {name} (once per version; takes some seconds)")
    objects = emit_all(build())
    image = Image()
    for item in objects:
        image.add(item)
    image.seconds_to_build = time.perf_counter() - started
    for index, item in enumerate(objects):
        cache.put(digest([key, str(index)]), item)
    cache.put(key, str(len(objects)).encode())
    if announce is not None:
        announce(f"prepared in {image.seconds_to_build:.1f} s")
    return image


def emit_all(texts: Sequence[Callable[[], str]]) -> list[bytes]:
    """Emits units, two at a time where forking is safe."""
    from pagoda.native.emit import emit_object

    if len(texts) < 2 or not hasattr(os, "fork") or sys.platform == "darwin":
        return [emit_object(text()) for text in texts]
    from concurrent.futures import ThreadPoolExecutor

    # LLVM runs without the GIL, but llvmlite serialises its calls: children of this process run it side by side.
    with ThreadPoolExecutor(min(len(texts), os.cpu_count() or 1)) as pool:
        return list(pool.map(_emit_in_child, texts))


def _emit_in_child(text: Callable[[], str]) -> bytes:
    from pagoda.native.emit import EmitError, emit_object

    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read)
            content = emit_object(text())
            with os.fdopen(write, "wb") as out:
                out.write(content)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as source:
        content = source.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        try:
            return emit_object(text())  # says what is wrong, in this process
        except EmitError:
            raise
    return content
