"""What a program may reach outside itself, as the user granted it: twelve capabilities, alike for every language.

A run without grants (``None`` where a :class:`Grants` may stand) may do everything. Must hold: what is denied beats what is
granted, and a path is judged as the file system resolves it, never as it is written. A language asks :meth:`Grants.judge`
before each effect and words its own error.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    #: For each capability the folders it is limited to, all resolved; an empty tuple is everywhere.
    Scopes = Mapping[str, tuple[str, ...]]

#: Each capability and what its flags end in: ``--allow-fs-read``, ``--deny-fs-read``.
FLAGS: dict[str, str] = {
    "filesystem-read": "fs-read",
    "filesystem-write": "fs-write",
    "filesystem-delete": "fs-delete",
    "process-exec": "process-exec",
    "shell-exec": "shell-exec",
    "env-read": "env-read",
    "env-write": "env-write",
    "network-client": "net-client",
    "network-server": "net-server",
    "database": "database",
    "clock": "clock",
    "random": "random",
}

#: Flags that stand for several capabilities.
GROUPS: dict[str, tuple[str, ...]] = {"net": ("network-client", "network-server"), "all": tuple(FLAGS)}

#: Capabilities that can be limited to folders.
ON_PATHS = ("filesystem-read", "filesystem-write", "filesystem-delete")

#: What :meth:`Grants.judge` says.
GRANTED, MISSING, DENIED = "granted", "missing", "denied"


class Grants:
    """The grants of one run; never changed once made.

    ``granted`` and ``denied`` map capabilities to the folders (or files) they hold for, the empty tuple being everywhere.
    ``public_only``: connections go to public addresses alone.
    """

    __slots__ = ("denied", "granted", "public_only")

    def __init__(self, granted: Scopes, denied: Scopes | None = None, *, public_only: bool = False) -> None:
        self.granted = _resolved(granted)
        self.denied = _resolved(denied or {})
        self.public_only = public_only

    def judge(self, capability: str, path: str | None = None, *, follow: bool = True, whole: bool = False) -> str:
        """``GRANTED``, ``MISSING`` or ``DENIED`` for a use of a capability.

        Without a ``path`` the use may reach anything: a grant for some folders is then not enough. ``follow=False``: the use
        is of a symbolic link itself, not of what it leads to. ``whole``: it is of everything below the path as well.
        """
        granted, denied = self.granted.get(capability), self.denied.get(capability)
        if denied == ():
            return DENIED
        if granted is None:
            return MISSING
        if not granted and not denied:
            return GRANTED
        place = None if path is None else resolve(path, follow=follow)
        if denied:
            if place is None or any(_within(place, folder) for folder in denied):
                return DENIED
            if whole and any(_within(folder, place) for folder in denied):
                return DENIED
        if granted and (place is None or not any(_within(place, folder) for folder in granted)):
            return MISSING
        return GRANTED

    def some(self, capability: str) -> str:
        """As :meth:`judge` for a use that reaches nothing at all: a grant for any folder is enough."""
        if self.denied.get(capability) == ():
            return DENIED
        return MISSING if self.granted.get(capability) is None else GRANTED


def _resolved(scopes: Scopes) -> dict[str, tuple[str, ...]]:
    made = {}
    for capability, folders in scopes.items():
        if capability not in FLAGS:
            raise ValueError(f"'{capability}' is not a capability (there are: {', '.join(FLAGS)})")
        if folders and capability not in ON_PATHS:
            raise ValueError(f"'{capability}' cannot be limited to folders")
        made[capability] = tuple(os.path.realpath(folder) for folder in folders)
    return made


def resolve(path: str, *, follow: bool = True) -> str | None:
    """Where a path leads, links and ``..`` resolved (the last part only with ``follow``); ``None`` where nothing can be."""
    try:
        folder, name = os.path.split(path)
        if follow or name in ("", ".", ".."):
            return os.path.realpath(path)
        return os.path.join(os.path.realpath(folder), name)
    except (OSError, ValueError):
        return None


def _within(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder if folder.endswith("/") else folder + "/")
