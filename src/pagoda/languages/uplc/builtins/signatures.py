"""Signatures. What is malformed makes the builtin fail; what is well formed but wrong makes it answer false."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure, library
from pagoda.languages.uplc.builtins.kinds import BYTES
from pagoda.languages.uplc.types import BOOL_TYPE

_SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def _need(what: str, data: bytes, length: int) -> None:
    if len(data) != length:
        raise BuiltinFailure(f"the {what} has {len(data)} bytes, not {length}")


@builtin(21, "verifyEd25519Signature", (BYTES, BYTES, BYTES), BOOL_TYPE)
def verify_ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 by libsodium's rules."""
    _need("public key", key, 32)
    _need("signature", signature, 64)
    signing = library("nacl.signing", "PyNaCl", "verifyEd25519Signature")
    errors = library("nacl.exceptions", "PyNaCl", "verifyEd25519Signature")
    try:
        signing.VerifyKey(key).verify(message, signature)
    except errors.BadSignatureError:
        return False
    return True


@builtin(52, "verifyEcdsaSecp256k1Signature", (BYTES, BYTES, BYTES), BOOL_TYPE, batch="3")
def verify_ecdsa(key: bytes, digest: bytes, signature: bytes) -> bool:
    """ECDSA over secp256k1, of a hash. The larger of the two possible values of s is not accepted."""
    _need("public key", key, 33)
    _need("hash", digest, 32)
    _need("signature", signature, 64)
    coincurve = library("coincurve", "coincurve", "verifyEcdsaSecp256k1Signature")
    try:
        public = coincurve.PublicKey(key)
    except ValueError:
        raise BuiltinFailure("the public key is no point of secp256k1") from None
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if r >= _SECP256K1_ORDER or s >= _SECP256K1_ORDER:
        raise BuiltinFailure("the signature has a number that is not below the order of secp256k1")
    return bool(public.verify(_der(r, s), digest, hasher=None))


def _der(r: int, s: int) -> bytes:
    """A signature in the encoding that the library reads: a sequence of two integers."""
    parts = b""
    for number in (r, s):
        digits = number.to_bytes(number.bit_length() // 8 + 1)
        parts += bytes((2, len(digits))) + digits
    return bytes((0x30, len(parts))) + parts


@builtin(53, "verifySchnorrSecp256k1Signature", (BYTES, BYTES, BYTES), BOOL_TYPE, batch="3")
def verify_schnorr(key: bytes, message: bytes, signature: bytes) -> bool:
    """Schnorr signatures over secp256k1 as BIP-340 has them, of a message of any length."""
    _need("public key", key, 32)
    _need("signature", signature, 64)
    coincurve = library("coincurve", "coincurve", "verifySchnorrSecp256k1Signature")
    try:
        public = coincurve.PublicKeyXOnly(key)
    except ValueError:
        raise BuiltinFailure("the public key is no point of secp256k1") from None
    return bool(public.verify(signature, message))
