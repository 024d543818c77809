"""Images are left out; ``load_image`` still tells a missing file from an image that it cannot load."""

from __future__ import annotations

import os

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("load_image", 1, needs_context=True)
def load_image(context: Any, path: Value) -> Value:
    """An error: that the file is not there, or that images are not available."""
    from pagoda.languages.ruff.library.excluded import unavailable

    target = text_of("load_image", path)
    require(context, "filesystem-read", "load_image", path)
    if not os.path.exists(target.replace("\0", "")):
        raise RuffError(f"Cannot load image '{target}': No such file or directory (os error 2)")
    raise unavailable("load_image")
