"""Tokens, encryption, signatures and password hashes: round trips, known answers, and what is refused."""

from __future__ import annotations

import time

import pytest

# The example of the standard's introduction: HS256 with the secret below.
KNOWN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)


def test_tokens(call, shown) -> None:
    assert shown("jwt_decode", KNOWN, "your-256-bit-secret") == '{"iat": 1516239022, "name": John Doe, "sub": 1234567890}'
    token = call("jwt_encode", {"user": "jö", "n": 1}, "s")
    assert shown("jwt_decode", token, "s") == '{"n": 1, "user": jö}'
    assert call("jwt_verify", token, "s") is True
    assert call("jwt_verify", token, "other") is False
    assert shown("jwt_decode", token, "other") == "!Invalid JWT: the signature does not match"
    assert shown("jwt_decode", "a.b", "s") == "!Invalid JWT: a token has three parts"
    assert shown("jwt_decode", "é.b.c", "s") == "!Invalid JWT: not base64"
    assert shown("jwt_decode", call("jwt_encode", {"exp": time.time() - 5}, "s"), "s") == "!Invalid JWT: the token has expired"
    assert call("jwt_verify", call("jwt_encode", {"nbf": time.time() + 500}, "s"), "s") is False
    assert shown("jwt_verify", 1, "s") == "!jwt_verify expects a string argument, got int"


def test_a_token_without_a_signature_is_refused(shown) -> None:
    none = "eyJhbGciOiJub25lIn0." + KNOWN.split(".")[1] + "."
    assert shown("jwt_decode", none, "s") == "!Invalid JWT: only the algorithm HS256 is accepted"


def test_aes(call, shown) -> None:
    pytest.importorskip("cryptography")
    sealed = call("aes_encrypt", "grüße", "pass")
    assert sealed != call("aes_encrypt", "grüße", "pass")
    assert call("aes_decrypt", sealed, "pass") == "grüße"
    assert shown("aes_decrypt", sealed, "wrong") == "!aes_decrypt failed: wrong key or damaged data"
    assert shown("aes_decrypt", "AAAA", "pass") == "!aes_decrypt failed: wrong key or damaged data"
    assert shown("aes_decrypt", "%", "pass") == "!aes_decrypt failed: the data is not base64"
    data = call("bytes", [0, 255])
    assert call("aes_decrypt_bytes", call("aes_encrypt_bytes", data, "k"), "k").data == bytes([0, 255])
    assert "use aes_decrypt_bytes" in shown("aes_decrypt", call("aes_encrypt_bytes", data, "k"), "k")


def test_rsa(call, shown) -> None:
    pytest.importorskip("cryptography")
    pair = call("rsa_generate_keypair", 2048).entries
    assert pair["public"].startswith("-----BEGIN PUBLIC KEY-----")
    assert call("rsa_decrypt", call("rsa_encrypt", "hi", pair["public"]), pair["private"]) == "hi"
    signature = call("rsa_sign", "text", pair["private"])
    assert call("rsa_verify", "text", signature, pair["public"]) is True
    assert call("rsa_verify", "texts", signature, pair["public"]) is False
    assert call("rsa_verify", "text", "AAAA", pair["public"]) is False
    assert shown("rsa_encrypt", "x" * 191, pair["public"]) == "!rsa_encrypt failed: a key of 2048 bits takes at most 190 bytes"
    assert shown("rsa_sign", "x", "no key").startswith("!rsa_sign failed: not a private key")
    assert shown("rsa_decrypt", "AAAA", pair["private"]) == "!rsa_decrypt failed: wrong key or damaged data"
    assert "between 2048 and 4096" in shown("rsa_generate_keypair", 512)


def test_passwords(call, shown) -> None:
    pytest.importorskip("bcrypt")
    hashed = call("hash_password", "secret")
    assert hashed.startswith("$2b$12$")
    assert call("verify_password", "secret", hashed) is True
    assert call("verify_password", "wrong", hashed) is False
    assert shown("verify_password", "secret", "nonsense") == "!Invalid password hash"
