"""Prepares the environment of a clone: makes ``.venv``, installs the project into it, writes the marker the launcher reads.

Runs under whatever Python the launcher found, before the project is installed: standard library only, and no import of
``pagoda``. Must hold: the marker is written last, so an interrupted preparation is simply done again; two first runs at once
are told apart by a file lock that the system releases when its holder dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path


class PreparationError(Exception):
    """The environment could not be made; the message says why."""


def say(text: str) -> None:
    """Progress goes to stderr: stdout belongs to the program that is about to run."""
    print(f"pagoda: {text}", file=sys.stderr, flush=True)


def fingerprint(root: Path) -> str:
    """What an installation depends on: the project's metadata, which names its dependencies and entry points."""
    return hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()


def is_current(root: Path, marker: Path) -> bool:
    """Whether the marker describes this folder and this pyproject.toml, and its Python still starts."""
    try:
        lines = marker.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return lines == [str(root), fingerprint(root)] and starts(root / ".venv" / "bin" / "python")


def starts(python: Path) -> bool:
    """Whether the interpreter runs and is one the project supports (its base may have been upgraded or removed)."""
    check = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        return subprocess.run([str(python), "-I", "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def run(command: list[str], what: str) -> None:
    """Runs one quiet step; its output is shown only when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise PreparationError(f"{what} failed (see above)")


def prepare(root: Path) -> None:
    """Brings ``.venv`` up to date. Call with the lock held."""
    started = time.monotonic()
    folder = root / ".venv"
    python = folder / "bin" / "python"
    marker = folder / "pagoda-ready"
    if starts(python):
        say("pyproject.toml or the folder's name changed: updating .venv ...")
    else:
        version = ".".join(str(part) for part in sys.version_info[:3])
        say(f"first use: making a virtual environment in .venv with Python {version} ...")
        run([sys.executable, "-I", "-m", "venv", "--clear", str(folder)], "making the virtual environment")
    say("installing the project and its development tools (this downloads LLVM, about 60 MB) ...")
    pip = [str(python), "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "install", "--editable", f"{root}[dev]"], "installing the project")
    unfinished = marker.with_suffix(".new")
    unfinished.write_text(f"{root}\n{fingerprint(root)}\n", encoding="utf-8")
    os.replace(unfinished, marker)
    say(f"ready after {time.monotonic() - started:.1f} s.")


def main(root: Path) -> int:
    """Prepares the clone at ``root``; 0 when its environment is ready."""
    marker = root / ".venv" / "pagoda-ready"
    with open(root / ".venv.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is preparing the environment; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(root, marker):
            os.utime(marker)  # newer than pyproject.toml again: the launcher's quick test passes next time
            return 0
        prepare(root)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1])))
    except PreparationError as problem:
        say(str(problem))
    except OSError as problem:
        say(f"cannot prepare the environment: {problem}")
    except KeyboardInterrupt:
        say("interrupted; the next run continues.")
        sys.exit(130)
    sys.exit(69)
