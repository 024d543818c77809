"""From the options ``--untrusted``, ``--allow-*`` and ``--deny-*`` to the grants of a run.

No such option: everything is granted. ``--untrusted`` or any ``--allow-*``: nothing but what is allowed. A ``--deny-*`` takes
away from either.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.grants import Grants

#: Set to this, connections go to public addresses alone, whatever else is granted.
POLICY, PUBLIC_ONLY = "RUFF_NET_DESTINATION_POLICY", "deny_private"
#: Set to 1, ``--untrusted`` leaves private addresses open to whoever may connect at all.
PRIVATE_TOO = "RUFF_ALLOW_PRIVATE_NETWORK_DESTINATIONS"


def from_values(values: dict[str, Any]) -> Grants | None:
    """The grants that a command line asks for; ``None`` is everything."""
    asked = [key for key, value in values.items() if value and key.startswith(("allow_", "deny_"))]
    public_only = os.environ.get(POLICY) == PUBLIC_ONLY
    if not asked and not values["untrusted"] and not public_only:
        return None

    from pagoda.languages.grants import FLAGS, Grants

    allowed: dict[str, tuple[str, ...]] = {}
    denied: dict[str, tuple[str, ...]] = {}
    for key in asked:
        verb, _, flag = key.partition("_")
        _add(allowed if verb == "allow" else denied, flag.replace("_", "-"), values[key])
    if not values["untrusted"] and not any(key.startswith("allow_") for key in asked):
        allowed = dict.fromkeys(FLAGS, ())
    if values["untrusted"] and os.environ.get(PRIVATE_TOO) != "1":
        public_only = True
    return Grants(allowed, denied, public_only=public_only)


def given(values: dict[str, Any]) -> list[str]:
    """The options about capabilities that a command line has, as words for another one."""
    words = ["--untrusted"] if values["untrusted"] else []
    for key, value in values.items():
        if not value or not key.startswith(("allow_", "deny_")):
            continue
        flag = "--" + key.replace("_", "-")
        words += [flag] if value is True else [f"{flag}={folder}" if folder else flag for folder in value]
    return words


def _add(scopes: dict[str, tuple[str, ...]], flag: str, value: Any) -> None:
    """Enters one flag. Its value is true, or the folders it was given with; the one that names none stands for all."""
    from pagoda.languages.grants import FLAGS, GROUPS

    capabilities = GROUPS.get(flag) or tuple(name for name, end in FLAGS.items() if end == flag)
    folders = () if value is True or "" in value else tuple(os.path.expanduser(folder) for folder in value)
    for capability in capabilities:
        before = scopes.get(capability)
        if before == ():
            continue
        scopes[capability] = (*(before or ()), *folders) if folders else ()
