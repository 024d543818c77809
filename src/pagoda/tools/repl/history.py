"""Where the inputs of earlier sessions are kept: a file per language in the user's state folder."""

from __future__ import annotations

import os


def path(language: str) -> str | None:
    """The history file of a language, made if it is not there; ``None`` where none can be written.

    Below ``$XDG_STATE_HOME``, by default ``~/.local/state``. Only its owner may read it: inputs may hold secrets.
    """
    base = os.environ.get("XDG_STATE_HOME") or ""
    if not os.path.isabs(base):  # what the standard says about relative ones: ignore
        base = os.path.join(os.path.expanduser("~"), ".local", "state")
    folder = os.path.join(base, "pagoda")
    file = os.path.join(folder, f"history-{language}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    except OSError:
        return None
    return file
