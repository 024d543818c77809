"""Hashes, signatures and curves; and a package that is not installed."""

from __future__ import annotations

import importlib

import pytest

from pagoda.languages.uplc.builtins import curves
from pagoda.languages.uplc.builtins.failure import BuiltinFailure, MissingPackage
from pagoda.languages.uplc.types import linked

from .calling import call


@pytest.mark.parametrize(
    ("name", "start", "length"),
    [
        ("sha2_256", "e3b0c442", 32),
        ("sha3_256", "a7ffc6f8", 32),
        ("blake2b_256", "0e5751c0", 32),
        ("blake2b_224", "836cc689", 28),
        ("keccak_256", "c5d24601", 32),
        ("ripemd_160", "9c1185a5", 20),
    ],
)
def test_hashes_of_nothing(name, start, length):
    digest = call(name, b"")
    assert len(digest) == length
    assert digest.hex().startswith(start)
    assert call(name, b"a") != digest


def test_ripemd_without_openssl(monkeypatch):
    import hashlib

    known = call("ripemd_160", b"abc")

    def refuse(name, *arguments):
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", refuse)
    assert call("ripemd_160", b"abc") == known


def test_ed25519():
    signing = pytest.importorskip("nacl.signing")
    key = signing.SigningKey(bytes(range(32)))
    public, message = bytes(key.verify_key), b"message"
    signature = key.sign(message).signature
    assert call("verifyEd25519Signature", public, message, signature) is True
    assert call("verifyEd25519Signature", public, b"another", signature) is False
    assert call("verifyEd25519Signature", bytes(32), message, signature) is False
    for arguments in ((public[1:], message, signature), (public, message, signature + b"0")):
        with pytest.raises(BuiltinFailure, match=r"the (public key|signature) has"):
            call("verifyEd25519Signature", *arguments)


def test_ecdsa():
    coincurve = pytest.importorskip("coincurve")
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    key = coincurve.PrivateKey(bytes(range(1, 33)))
    public, digest = key.public_key.format(), call("sha2_256", b"message")
    signature = key.sign_recoverable(digest, hasher=None)[:64]
    name = "verifyEcdsaSecp256k1Signature"
    assert call(name, public, digest, signature) is True
    assert call(name, public, bytes(32), signature) is False
    high = signature[:32] + (order - int.from_bytes(signature[32:])).to_bytes(32)
    assert call(name, public, digest, high) is False
    assert call(name, public, digest, bytes(64)) is False
    wrong = {
        "the public key has 65 bytes": (key.public_key.format(compressed=False), digest, signature),
        "the hash has 31 bytes": (public, digest[1:], signature),
        "the signature has 63 bytes": (public, digest, signature[1:]),
        "the public key is no point": (bytes(33), digest, signature),
        "not below the order": (public, digest, order.to_bytes(32) + signature[32:]),
    }
    for message, arguments in wrong.items():
        with pytest.raises(BuiltinFailure, match=message):
            call(name, *arguments)


def test_schnorr():
    coincurve = pytest.importorskip("coincurve")
    key = coincurve.PrivateKey(bytes(range(1, 33)))
    public, message = coincurve.PublicKeyXOnly.from_secret(key.secret).format(), bytes(32)
    signature = key.sign_schnorr(message, None)
    name = "verifySchnorrSecp256k1Signature"
    assert call(name, public, message, signature) is True
    assert call(name, public, b"", signature) is False
    assert call(name, public, message, bytes(64)) is False
    for arguments in ((b"\xff" * 32, message, signature), (public + b"0", message, signature), (public, message, b"")):
        with pytest.raises(BuiltinFailure):
            call(name, *arguments)


@pytest.mark.parametrize("group", [1, 2])
class TestGroup:
    def point(self, group, message=b"message"):
        return call(f"bls12_381_G{group}_hashToGroup", message, b"tag")

    def neutral(self, group):
        return curves.uncompress(group, b"\xc0" + bytes(48 * group - 1))

    def test_group_laws(self, group):
        add, negate, equal, multiply = (f"bls12_381_G{group}_{what}" for what in ("add", "neg", "equal", "scalarMul"))
        one, other = self.point(group), self.point(group, b"another")
        assert call(equal, call(add, one, other), call(add, other, one)) is True
        assert call(equal, one, other) is False
        assert call(equal, call(add, one, call(negate, one)), self.neutral(group)) is True
        assert call(equal, call(multiply, 3, one), call(add, one, call(add, one, one))) is True
        assert call(equal, call(multiply, -1, one), call(negate, one)) is True
        assert call(equal, call(multiply, 0, one), self.neutral(group)) is True
        assert call(equal, call(multiply, curves.ORDER + 1, one), one) is True

    def test_sums_of_products(self, group):
        name = f"bls12_381_G{group}_multiScalarMul"
        one, other = self.point(group), self.point(group, b"another")
        expected = curves.add(curves.multiply(5, one), curves.multiply(-7, other))
        assert call(name, linked([5, -7]), linked([one, other])) == expected
        assert call(name, linked([5, -7, 9]), linked([one, other])) == expected
        assert call(name, linked([5, -7]), linked([one, other, one])) == expected
        assert call(name, (), linked([one])) == self.neutral(group)
        assert call(name, linked([2**4095 - 1]), linked([one])) == curves.multiply(2**4095 - 1, one)
        for scalar in (2**4095, -(2**4095) - 1):
            with pytest.raises(BuiltinFailure, match="more than 4095 bits"):
                call(name, linked([1, scalar]), linked([one]))

    def test_bytes(self, group):
        compress, uncompress = f"bls12_381_G{group}_compress", f"bls12_381_G{group}_uncompress"
        point = self.point(group)
        data = call(compress, point)
        assert len(data) == 48 * group
        assert call(uncompress, data) == point
        for wrong in (b"", data[1:], data + b"0", bytes(48 * group), bytes([data[0] & 127]) + data[1:], b"\xff" * 48 * group):
            with pytest.raises(BuiltinFailure):
                call(uncompress, wrong)

    def test_tags(self, group):
        name = f"bls12_381_G{group}_hashToGroup"
        call(name, b"", bytes(255))
        with pytest.raises(BuiltinFailure, match="tag has 256 bytes; at most 255"):
            call(name, b"", bytes(256))


def test_points_outside_the_group():
    # x = 4: on the curve, but not of the order of the group
    with pytest.raises(BuiltinFailure, match="outside the group"):
        curves.uncompress(1, bytes([0x80]) + bytes(46) + b"\x04")


def test_pairing():
    first, second = (curves.hash_to_group(group, b"message", b"tag") for group in (1, 2))
    loop, verify = "bls12_381_millerLoop", "bls12_381_finalVerify"
    left = call(loop, curves.multiply(6, first), second)
    right = call(loop, first, curves.multiply(6, second))
    assert call(verify, left, right) is True
    assert call(verify, left, call(loop, first, second)) is False
    product = call("bls12_381_mulMlResult", call(loop, curves.multiply(2, first), second), call(loop, first, second))
    assert call(verify, product, call(loop, curves.multiply(3, first), second)) is True


@pytest.mark.parametrize(
    ("package", "name", "arguments"),
    [
        ("PyNaCl", "verifyEd25519Signature", (bytes(32), b"", bytes(64))),
        ("coincurve", "verifyEcdsaSecp256k1Signature", (bytes(33), bytes(32), bytes(64))),
        ("coincurve", "verifySchnorrSecp256k1Signature", (bytes(32), b"", bytes(64))),
        ("pycryptodome", "keccak_256", (b"",)),
        ("pyblst", "bls12_381_G1_uncompress", (bytes(48),)),
    ],
)
def test_a_package_that_is_not_installed(monkeypatch, package, name, arguments):
    def missing(module):
        raise ImportError(module)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingPackage, match=rf"needs the package {package}: pip install") as failure:
        call(name, *arguments)
    assert failure.value.package == package
    assert not isinstance(failure.value, BuiltinFailure)
