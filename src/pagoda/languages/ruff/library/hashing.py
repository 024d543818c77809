"""Digests and password hashes."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, text_of
from pagoda.languages.ruff.library.capabilities import require, system_error
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PIECE = 1 << 20


@builtin("sha256", 1, charge=(0,))
def sha256(value: Value) -> str:
    """The SHA-256 digest in hexadecimal."""
    import hashlib

    return hashlib.sha256(bytes_of("sha256", value)).hexdigest()


@builtin("md5", 1, charge=(0,))
def md5(value: Value) -> str:
    """The MD5 digest in hexadecimal."""
    import hashlib

    return hashlib.md5(bytes_of("md5", value), usedforsecurity=False).hexdigest()


def _digest_file(context: Any, algorithm: str, path: Value) -> str:
    import hashlib

    name = f"{algorithm}_file"
    target = text_of(name, path)
    require(context, "filesystem-read", name, target)
    try:
        with open(target, "rb") as stream:
            digest = hashlib.new(algorithm, usedforsecurity=False)
            while piece := stream.read(_PIECE):
                digest.update(piece)
                context.poll()
            return digest.hexdigest()
    except (OSError, ValueError) as error:
        raise system_error("read file", target, error) from None


@builtin("sha256_file", 1, needs_context=True)
def sha256_file(context: Any, path: Value) -> str:
    """The SHA-256 digest of a file."""
    return _digest_file(context, "sha256", path)


@builtin("md5_file", 1, needs_context=True)
def md5_file(context: Any, path: Value) -> str:
    """The MD5 digest of a file."""
    return _digest_file(context, "md5", path)


def _bcrypt() -> Any:
    try:
        import bcrypt  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise RuffError("bcrypt is unavailable: install bcrypt") from None
    return bcrypt


@builtin("hash_password", 1, needs_context=True)
def hash_password(context: Any, password: Value) -> str:
    """A bcrypt hash; bcrypt looks at the first 72 bytes only."""
    bcrypt, secret = _bcrypt(), bytes_of("hash_password", password)[:72]
    require(context, "random", "hash_password")
    return str(aside(context, lambda: bcrypt.hashpw(secret, bcrypt.gensalt())).decode("ascii"))


@builtin("verify_password", 2, needs_context=True)
def verify_password(context: Any, password: Value, hashed: Value) -> bool:
    """Whether the password has that hash."""
    bcrypt, secret, known = _bcrypt(), bytes_of("verify_password", password)[:72], bytes_of("verify_password", hashed)
    try:
        return bool(aside(context, lambda: bcrypt.checkpw(secret, known)))
    except ValueError:
        raise RuffError("Invalid password hash") from None
