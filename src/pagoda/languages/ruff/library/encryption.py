"""Encryption with a passphrase (AES-256-GCM) and with key pairs (RSA). Keys are PEM text, results are base64 text.

The passphrase's SHA-256 digest is the AES key; the nonce, fresh for each message, stands before the ciphertext.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import bytes_of, int_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside
from pagoda.languages.ruff.values import Bytes, Dict, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NONCE = 12
SMALLEST_KEY, LARGEST_KEY = 2048, 4096


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _from_base64(name: str, value: Value) -> bytes:
    import base64
    import binascii

    if isinstance(value, Bytes):
        return value.data
    try:
        return base64.b64decode(text_of(name, value).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise RuffError(f"{name} failed: the data is not base64") from None


def _missing() -> RuffError:
    return RuffError("Encryption is unavailable: install cryptography")


# ---------------------------------------------------------------- AES


def _cipher(name: str, key: Value) -> Any:
    import hashlib

    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise _missing() from None
    return AESGCM(hashlib.sha256(bytes_of(name, key)).digest())


def _encrypt(context: Any, name: str, data: bytes, key: Value) -> str:
    import os

    require(context, "random", name)
    nonce = os.urandom(_NONCE)
    return _base64(nonce + bytes(_cipher(name, key).encrypt(nonce, data, None)))


def _decrypt(name: str, data: Value, key: Value) -> bytes:
    cipher = _cipher(name, key)
    from cryptography.exceptions import InvalidTag

    sealed = _from_base64(name, data)
    try:
        return bytes(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
    except (InvalidTag, ValueError):
        raise RuffError(f"{name} failed: wrong key or damaged data") from None


@builtin("aes_encrypt", 2, needs_context=True)
def aes_encrypt(context: Any, text: Value, key: Value) -> str:
    """A string, encrypted with a passphrase, as base64."""
    return _encrypt(context, "aes_encrypt", text_of("aes_encrypt", text).encode("utf-8", "surrogatepass"), key)


@builtin("aes_decrypt", 2)
def aes_decrypt(data: Value, key: Value) -> str:
    """The string that aes_encrypt was given."""
    try:
        return _decrypt("aes_decrypt", data, key).decode("utf-8")
    except UnicodeDecodeError:
        raise RuffError("aes_decrypt failed: what was encrypted is not text; use aes_decrypt_bytes") from None


@builtin("aes_encrypt_bytes", 2, needs_context=True)
def aes_encrypt_bytes(context: Any, data: Value, key: Value) -> str:
    """Bytes, encrypted with a passphrase, as base64."""
    return _encrypt(context, "aes_encrypt_bytes", bytes_of("aes_encrypt_bytes", data), key)


@builtin("aes_decrypt_bytes", 2)
def aes_decrypt_bytes(data: Value, key: Value) -> Bytes:
    """The bytes that aes_encrypt_bytes was given."""
    return Bytes(_decrypt("aes_decrypt_bytes", data, key))


# ---------------------------------------------------------------- RSA


def _library() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: F401
    except ImportError:
        raise _missing() from None
    return serialization


def _public(name: str, pem: Value) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        key = _library().load_pem_public_key(text_of(name, pem).encode())
    except (ValueError, UnsupportedAlgorithm):
        raise RuffError(f"{name} failed: not a public key in PEM form") from None
    if not isinstance(key, RSAPublicKey):
        raise RuffError(f"{name} failed: not an RSA key")
    return key


def _private(name: str, pem: Value) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    try:
        key = _library().load_pem_private_key(text_of(name, pem).encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise RuffError(f"{name} failed: not a private key in PEM form without a password") from None
    if not isinstance(key, RSAPrivateKey):
        raise RuffError(f"{name} failed: not an RSA key")
    return key


def _oaep() -> Any:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


@builtin("rsa_generate_keypair", 0, 1, needs_context=True)
def rsa_generate_keypair(context: Any, bits: Value = 2048) -> Dict:
    """``{public, private}``: a new pair of keys of that many bits, as PEM text."""
    require(context, "random", "rsa_generate_keypair")
    size = int_of("rsa_generate_keypair", bits)
    if not SMALLEST_KEY <= size <= LARGEST_KEY:
        raise RuffError(f"rsa_generate_keypair() size must be between {SMALLEST_KEY} and {LARGEST_KEY} bits")
    forms = _library()
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = aside(context, lambda: rsa.generate_private_key(65537, size))
    private = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    public = key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    return Dict({"public": public.decode(), "private": private.decode()}, False)


@builtin("rsa_encrypt", 2, needs_context=True)
def rsa_encrypt(context: Any, text: Value, public_key: Value) -> str:
    """A short string or bytes for the holder of the private key, as base64."""
    require(context, "random", "rsa_encrypt")
    _library()
    data, key = bytes_of("rsa_encrypt", text), _public("rsa_encrypt", public_key)
    most = key.key_size // 8 - 66
    if len(data) > most:
        raise RuffError(f"rsa_encrypt failed: a key of {key.key_size} bits takes at most {most} bytes")
    return _base64(key.encrypt(data, _oaep()))


@builtin("rsa_decrypt", 2)
def rsa_decrypt(data: Value, private_key: Value) -> str:
    """The string that rsa_encrypt was given."""
    _library()
    sealed, key = _from_base64("rsa_decrypt", data), _private("rsa_decrypt", private_key)
    try:
        return str(key.decrypt(sealed, _oaep()).decode("utf-8"))
    except ValueError:
        raise RuffError("rsa_decrypt failed: wrong key or damaged data") from None


@builtin("rsa_sign", 2)
def rsa_sign(message: Value, private_key: Value) -> str:
    """A signature of a string or bytes, as base64."""
    _library()
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key = _private("rsa_sign", private_key)
    return _base64(key.sign(bytes_of("rsa_sign", message), padding.PKCS1v15(), hashes.SHA256()))


@builtin("rsa_verify", 3)
def rsa_verify(message: Value, signature: Value, public_key: Value) -> bool:
    """Whether the holder of the private key has signed that message so."""
    _library()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key, data = _public("rsa_verify", public_key), bytes_of("rsa_verify", message)
    try:
        key.verify(_from_base64("rsa_verify", signature), data, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, RuffError):
        return False
    return True
