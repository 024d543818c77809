"""Hash functions, from :mod:`hashlib` where it has them, else from pycryptodome."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import library
from pagoda.languages.uplc.builtins.kinds import BYTES
from pagoda.languages.uplc.types import BYTESTRING_TYPE


@builtin(18, "sha2_256", (BYTES,), BYTESTRING_TYPE)
def sha2_256(data: bytes) -> bytes:
    """SHA-256: 32 bytes."""
    from hashlib import sha256

    return sha256(data).digest()


@builtin(19, "sha3_256", (BYTES,), BYTESTRING_TYPE)
def sha3_256(data: bytes) -> bytes:
    """SHA3-256 of the standard: 32 bytes."""
    from hashlib import sha3_256 as sha3

    return sha3(data).digest()


@builtin(20, "blake2b_256", (BYTES,), BYTESTRING_TYPE)
def blake2b_256(data: bytes) -> bytes:
    """BLAKE2b: 32 bytes."""
    from hashlib import blake2b

    return blake2b(data, digest_size=32).digest()


@builtin(72, "blake2b_224", (BYTES,), BYTESTRING_TYPE, batch="4a")
def blake2b_224(data: bytes) -> bytes:
    """BLAKE2b: 28 bytes."""
    from hashlib import blake2b

    return blake2b(data, digest_size=28).digest()


@builtin(71, "keccak_256", (BYTES,), BYTESTRING_TYPE, batch="4a")
def keccak_256(data: bytes) -> bytes:
    """Keccak with the padding it had before it became SHA-3: 32 bytes."""
    keccak = library("Crypto.Hash.keccak", "pycryptodome", "keccak_256")
    return bytes(keccak.new(digest_bits=256, data=data).digest())


@builtin(86, "ripemd_160", (BYTES,), BYTESTRING_TYPE, batch="5")
def ripemd_160(data: bytes) -> bytes:
    """RIPEMD-160: 20 bytes."""
    import hashlib

    try:
        return hashlib.new("ripemd160", data).digest()
    except ValueError:  # OpenSSL 3 has it only with its collection of old algorithms
        ripemd = library("Crypto.Hash.RIPEMD160", "pycryptodome", "ripemd_160")
        return bytes(ripemd.new(data).digest())
