"""What a program may reach outside itself: asked by every builtin before its effect.

``context.capabilities`` is ``None`` where everything is granted, else the run's :class:`~pagoda.languages.grants.Grants`.
Must hold: a builtin that touches a path gives it to :func:`require`; without one, a grant that is limited to folders is not
enough. A denial is an ordinary error, which a program may catch.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def require(
    context: Any, capability: str, function: str, path: object = None, *, follow: bool = True, whole: bool = False
) -> None:
    """Raise the catchable error unless the capability is granted, for the path if one is given.

    ``follow=False`` for what acts on a symbolic link itself (removing, renaming); ``whole`` for what acts on all that is below
    the path. A ``path`` that is no string is left to the builtin's own check of its arguments: it cannot be reached.
    """
    grants = context.capabilities
    if grants is None:
        return
    place = path if isinstance(path, str) else None
    if path is not None and place is None:
        verdict = grants.some(capability)
    else:
        verdict = grants.judge(capability, place, follow=follow, whole=whole)
    if verdict != "granted":
        raise _denied(capability, function, verdict, place if grants.some(capability) == "granted" else None)


def require_moving(context: Any, function: str, old: object, new: object) -> None:
    """As :func:`require` for what gives a file or folder another place: writing at both.

    Reading, too, where the old place may not be read and the new one may: a move must not open what is closed.
    """
    grants = context.capabilities
    if grants is None:
        return
    for path in (old, new):
        require(context, "filesystem-write", function, path, follow=False, whole=True)
    if isinstance(new, str) and grants.judge("filesystem-read", new, follow=False) == "granted":
        require(context, "filesystem-read", function, old, follow=False, whole=True)


def require_some(context: Any, capability: str, function: str) -> None:
    """As :func:`require` for a builtin that reaches nothing, such as one that takes a path's text apart."""
    grants = context.capabilities
    if grants is not None:
        verdict = grants.some(capability)
        if verdict != "granted":
            raise _denied(capability, function, verdict, None)


def _denied(capability: str, function: str, verdict: str, path: str | None) -> RuffError:
    from pagoda.languages.grants import FLAGS

    flag = FLAGS[capability]
    subject = function if path is None else f"{function} on '{path}'"
    advice = f"rerun without --deny-{flag}" if verdict == "denied" else f"rerun with --allow-{flag}"
    if path is not None and verdict != "denied":
        import os

        advice += f"={os.path.dirname(path) or '.'}"
    return RuffError(f"Capability denied: {capability} required for {subject}; {advice}")


def system_error(action: str, path: str, error: Exception) -> RuffError:
    """The error for a failed operation on a path."""
    reason = getattr(error, "strerror", None) or str(error)
    return RuffError(f"Cannot {action} '{path}': {reason}")


# ---------------------------------------------------------------- destinations on the network


def destination_allowed(context: Any, host: str) -> bool:
    """Whether a program may connect to a host: a name, or an address with or without brackets.

    Under a policy of public destinations only, every address of the host must be public; a name that has none is not
    allowed. Resolving a name may take time. To connect to exactly what was judged, see :func:`require_destination`.
    """
    grants = context.capabilities
    if grants is None or not grants.public_only:
        return True
    addresses = _addresses(host)
    return bool(addresses) and all(_is_public(address) for address in addresses)


def require_destination(context: Any, function: str, host: str) -> list[str]:
    """Raise the catchable error unless a program may connect to a host; give the addresses to connect to.

    Where there is no policy that is the host as it was given. Under one they are the addresses that were judged: connecting
    to them, not to the name, leaves no room for a second answer to the same question.
    """
    grants = context.capabilities
    if grants is None or not grants.public_only:
        return [host]
    addresses = _addresses(host)
    if not addresses:
        raise RuffError(f"{function} failed: cannot resolve host '{host}'")
    if not all(_is_public(address) for address in addresses):
        raise RuffError(
            f"Network destination denied: {function} to '{host}', which is not a public address; "
            "rerun with RUFF_ALLOW_PRIVATE_NETWORK_DESTINATIONS=1 in the environment"
        )
    return addresses


def _addresses(host: str) -> list[str]:
    import socket

    name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(text: str) -> bool:
    import ipaddress

    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        # An IPv4 address may be hidden in one of version 6, in several ways.
        hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            hidden.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(inner is not None and not _is_public(str(inner)) for inner in hidden):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast
