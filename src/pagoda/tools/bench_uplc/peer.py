"""PyPI's ``uplc`` as a contestant: a virtual environment in the cache folder, and a child process that runs our driver in it.

Its own names are kept apart from ours that way, and so are the libraries it needs. The driver stands in
``benchmarks/uplc/peer_driver.py``; it is told what to do by lines of JSON and answers by lines of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from pagoda.native.cache import default_folder
from pagoda.tools import exits
from pagoda.tools.bench_uplc.contestants import Seen
from pagoda.tools.bench_uplc.samples import Sample

#: A newer cbor2 lacks names that the package's own dependencies import.
_PACKAGES = ("uplc", "cbor2<6")
_INSTALL_PATIENCE = 600
_HEAD = "peer-uplc"


class Peer:
    """A running peer. ``version`` is that of the package."""

    name = "peer"

    def __init__(self, driver: Path) -> None:
        if not driver.is_file():
            raise exits.UsageProblem("the peer's driver is in a clone only")
        self._child = subprocess.Popen(
            [_environment(), str(driver)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.version: str = self._ask(do="version")["version"]

    def _ask(self, **request: Any) -> Any:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps(request) + "\n")
            self._child.stdin.flush()
            line = self._child.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise exits.UsageProblem(f"the peer ended with exit code {self._child.wait()}")
        return json.loads(line)

    def load(self, sample: Sample) -> Seen:
        arguments = [argument.hex() for argument in sample.arguments]
        found = self._ask(do="load", flat=sample.flat.hex(), arguments=arguments)
        return Seen(found["ending"], found["cpu"], found["mem"])

    def time(self, quantity: str, count: int) -> float:
        seconds: float = self._ask(do=quantity, count=count)["seconds"]
        return seconds

    def allocated(self) -> int | None:
        return None  # tracing its allocations takes it several seconds for each script

    def close(self) -> None:
        """Ends the child."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait()


def _environment() -> str:
    """The Python of an environment that has the peer; makes one where there is none."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = Path(default_folder()) / f"{_HEAD}-{version}"
    python = folder / "bin" / "python"
    complete = folder / "complete"
    if complete.is_file() and python.exists():
        return str(python)
    print(f"pagoda: installing the peer ({', '.join(_PACKAGES)}) into the cache folder", file=sys.stderr)
    os.makedirs(folder, exist_ok=True)
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", *_PACKAGES],
        capture_output=True, encoding="utf-8", timeout=_INSTALL_PATIENCE,
    )  # fmt: skip
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise exits.UsageProblem(f"cannot install the peer: {reason}")
    complete.touch()
    return str(python)
