"""The code caches that the storeys' runs find: the user's own, or one that holds no compiled function yet.

Must hold: what a storey builds once per version (the language's image) is there before anything is timed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pagoda.tools.conformance import pagoda_command

#: How a run may find the cache. Usual: the one that the user's programs have. Cold: each run has one of its own. Warm: all runs
#: share one, so that the run that is not timed fills it.
USUAL, COLD, WARM = "usual", "cold", "warm"


class Caches:
    """The caches of one benchmark; ``base`` is the folder that has the images only, ``None`` for the user's own cache."""

    def __init__(self, base: Path | None = None, *, shared: bool = False) -> None:
        self._base, self._shared = base, shared

    @contextmanager
    def for_run(self) -> Iterator[dict[str, str] | None]:
        """The environment of a run, for as long as it and what it started take; ``None`` is this process's own."""
        if self._base is None:
            yield None
        elif self._shared:
            yield _environment(self._base)
        else:
            with tempfile.TemporaryDirectory(prefix="pagoda-cache-") as place:
                for entry in self._base.iterdir():
                    _link(entry, Path(place) / entry.name)
                yield _environment(Path(place))


@contextmanager
def prepared(kind: str, storeys: Sequence[str], suffix: str) -> Iterator[Caches]:
    """Caches of that kind, in which those storeys have what they build at their first start.

    ``suffix``: of the programs that will run."""
    if kind == USUAL:
        yield Caches()
        return
    with (
        tempfile.TemporaryDirectory(prefix="pagoda-cache-") as place,
        tempfile.TemporaryDirectory(prefix="pagoda-bench-") as other,
    ):
        empty = Path(other) / f"empty{suffix}"
        empty.touch()
        for storey in storeys:
            command = pagoda_command("run", "--tier", storey, str(empty))
            subprocess.run(command, env=_environment(Path(place)), stdin=subprocess.DEVNULL, capture_output=True, check=False)
        yield Caches(Path(place), shared=kind == WARM)


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PAGODA_CACHE": str(folder)}


def _link(entry: Path, there: Path) -> None:
    # Entries of a cache are never written to, only replaced: a second name serves as well as a copy.
    try:
        os.link(entry, there)
    except OSError:
        shutil.copy2(entry, there)
