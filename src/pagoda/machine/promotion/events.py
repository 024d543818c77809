"""What happens to functions on their way to compiled code, as one line each: ``tier: EVENT NAME key=value ...``.

The format is documented in docs/opt.md. What must hold: one event is one line, written at once; no value has a blank in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Write = Callable[[str], object]


def silent(event: str, name: str, **facts: object) -> None:
    """Tells nobody."""


class Trace:
    """Writes events. ``ms`` counts from when it was made."""

    def __init__(self, write: Write) -> None:
        self.write, self.began = write, time.perf_counter()

    def __call__(self, event: str, name: str, **facts: object) -> None:
        now = (time.perf_counter() - self.began) * 1e3
        told = "".join(f" {key}={_text(item)}" for key, item in facts.items() if item is not None)
        self.write(f"tier: {event} {_text(name)} ms={now:.1f}{told}\n")


def _text(item: object) -> str:
    text = f"{item:.1f}" if isinstance(item, float) else str(item)
    return "_".join(text.split()) or "-"
