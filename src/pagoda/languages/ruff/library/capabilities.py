"""What a program may reach outside itself.

``context.capabilities`` is ``None`` where everything is granted, else the set of granted names: filesystem-read,
filesystem-write, filesystem-delete, process-exec, shell-exec, env-read, env-write, network-client, network-server,
database, clock, random.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FLAGS = {
    "filesystem-read": "fs-read",
    "filesystem-write": "fs-write",
    "filesystem-delete": "fs-delete",
    "network-client": "net-client",
    "network-server": "net-server",
}


def require(context: Any, capability: str, function: str) -> None:
    """Raise the catchable error unless the capability is granted."""
    granted = context.capabilities
    if granted is not None and capability not in granted:
        flag = _FLAGS.get(capability, capability)
        raise RuffError(f"Capability denied: {capability} required for {function}; rerun with --allow-{flag}")


def system_error(action: str, path: str, error: Exception) -> RuffError:
    """The error for a failed operation on a path."""
    reason = getattr(error, "strerror", None) or str(error)
    return RuffError(f"Cannot {action} '{path}': {reason}")
