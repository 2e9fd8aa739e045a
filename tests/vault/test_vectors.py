"""Known answers: the primitives agree with others' vectors, and what was sealed once opens for ever."""

import json
from hashlib import shake_256
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tests.vault import make_vectors as made
from tests.vault.cast import FAST, NOW, PEPPER
from vault import (
    Certificate,
    Context,
    Pair,
    Profile,
    ReceiptKey,
    RecoveryBox,
    SealedGrant,
    SignedCertificate,
    Signer,
    TrustRoot,
    Unreadable,
    Verified,
    accept,
    accept_private,
    open_recovery,
    open_secret,
    open_stream,
    ring_unwrap,
    unlock_with_code,
    unlock_with_password,
    unpack,
    unseal,
    unseal_committed,
    unwrap,
    verify,
)
from vault.keys import hkdf
from vault.passwords import argon2id

VECTORS: dict[str, Any] = json.loads(made.FILE.read_text())
SEALED: dict[str, str] = VECTORS["sealed"]


def external(start: str) -> Any:
    (found,) = (vectors for name, vectors in VECTORS["external"].items() if name.startswith(start))
    return found


def sealed(name: str) -> bytes:
    return bytes.fromhex(SEALED[name])


# Others' vectors


@pytest.mark.parametrize("vector", external("AES-256-GCM-SIV"), ids=lambda vector: vector["ciphertext"][-8:])
def test_records_use_rfc_8452(vector: dict[str, str]) -> None:
    key, nonce, aad, plaintext, ciphertext = (
        bytes.fromhex(vector[name]) for name in ("key", "nonce", "aad", "plaintext", "ciphertext")
    )
    assert AESGCMSIV(key).encrypt(nonce, plaintext, aad) == ciphertext
    assert AESGCMSIV(key).decrypt(nonce, ciphertext, aad) == plaintext


@pytest.mark.parametrize("vector", external("AES-256-GCM,"), ids=lambda vector: vector["ciphertext"][-8:])
def test_files_use_the_gcm_of_its_authors(vector: dict[str, str]) -> None:
    key, nonce, aad, plaintext, ciphertext = (
        bytes.fromhex(vector[name]) for name in ("key", "nonce", "aad", "plaintext", "ciphertext")
    )
    assert AESGCM(key).encrypt(nonce, plaintext, aad) == ciphertext
    assert AESGCM(key).decrypt(nonce, ciphertext, aad) == plaintext


@pytest.mark.parametrize("vector", external("HKDF"), ids=lambda vector: vector["out"][:8])
def test_keys_are_derived_by_rfc_5869(vector: dict[str, Any]) -> None:
    secret, salt, info, out = (bytes.fromhex(vector[name]) for name in ("secret", "salt", "info", "out"))
    assert hkdf(secret, info, salt=salt or None, length=vector["length"]) == out


@pytest.mark.parametrize("vector", external("Ed25519"), ids=lambda vector: vector["public"][:8])
def test_signatures_are_rfc_8032(vector: dict[str, str]) -> None:
    signer = Signer(bytes.fromhex(vector["seed"]))
    assert signer.public.hex() == vector["public"]
    assert signer._key.sign(bytes.fromhex(vector["message"])).hex() == vector["signature"]


@pytest.mark.parametrize("vector", external("Argon2id"), ids=lambda vector: vector["profile"])
def test_passwords_cost_what_another_implementation_computes(vector: dict[str, str]) -> None:
    secret, salt = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["salt"])
    assert argon2id(secret, salt, Profile(vector["profile"])).hex() == vector["out"]


def test_pairs_are_the_hybrid_of_the_hpke_draft() -> None:
    """The draft's vector has another AEAD than ours; key pair, encapsulation and schedule are the same."""
    vector = external("HPKE")
    enc, ciphertext, plaintext, info, aad = (
        bytes.fromhex(vector[name]) for name in ("enc", "ciphertext", "plaintext", "info", "aad")
    )
    pair = Pair(shake_256(bytes.fromhex(vector["seed"])).digest(96))
    assert pair.public.hex() == vector["public"]
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    opened = openssl.hpke._decrypt_with_aad(suite, enc + ciphertext, pair._hybrid, info, aad)
    assert opened == plaintext


# Our own


@pytest.mark.parametrize("name", VECTORS["computed"])
def test_what_is_computed_never_changes(name: str) -> None:
    now = made.computed()[name]
    assert (now if isinstance(now, str) else now.hex()) == VECTORS["computed"][name]


def test_every_vector_is_there() -> None:
    assert set(VECTORS["computed"]) == set(made.computed())
    assert set(SEALED) == set(made.sealed())


def test_old_records_open() -> None:
    assert unseal(made.KEY, sealed("record"), made.CONTEXT) == made.PLAINTEXT
    assert unseal_committed(made.KEY, sealed("committed"), made.CONTEXT) == made.PLAINTEXT
    assert unwrap(sealed("wrap"), made.KEY, made.CONTEXT) == made.OTHER_KEY


def test_what_was_sealed_to_a_pair_opens() -> None:
    context = Context("message", 1)
    assert made.PAIR.open(sealed("to pair"), context) == made.PLAINTEXT
    assert made.PAIR.unwrap(sealed("key to pair"), context) == made.OTHER_KEY


def test_old_locks_open() -> None:
    person, password = made.PERSON, made.PASSWORD
    assert unlock_with_password(sealed("password lock"), password, person, PEPPER) == made.SECRET
    assert unlock_with_password(sealed("fast password lock"), password, person, PEPPER, FAST) == made.SECRET
    assert unlock_with_code(sealed("code lock"), made.CODE, person, PEPPER) == made.SECRET
    with pytest.raises(Unreadable):
        unlock_with_password(sealed("password lock"), password, person, bytes(33))


def test_old_files_open() -> None:
    stream = [sealed("stream")]
    assert b"".join(open_stream(made.KEY, stream, made.CONTEXT)) == made.PLAINTEXT
    assert list(open_stream(made.KEY, [sealed("empty stream")], made.CONTEXT)) == [b""]


def test_old_session_rows_open() -> None:
    assert open_secret(made.TOKEN, sealed("session row"), made.ROW) == made.PLAINTEXT


def test_old_certificates_hold() -> None:
    signed = SignedCertificate.from_bytes(bytes.fromhex(VECTORS["computed"]["certificate"]))
    assert TrustRoot(made.ORGANISATION, made.SIGNER.public).person(signed, NOW) == made.CERTIFICATE


def test_old_signatures_hold() -> None:
    verify(made.SIGNER.public, "label", b"message", bytes.fromhex(VECTORS["computed"]["signature"]))


def stored_grant(name: str) -> SealedGrant:
    match unpack(sealed(name)):
        case (bytes() as inner, bytes() as signature, int() as epoch):
            return SealedGrant(inner, signature, epoch)
        case _:
            pytest.fail("The vector is no grant.")


def test_old_grants_are_accepted() -> None:
    granter = Verified(made.CERTIFICATE)
    assert accept(stored_grant("grant"), made.SCOPE, made.PAIR, granter) == made.OTHER_KEY
    private = stored_grant("private grant")
    assert accept_private(private, made.DESK_SCOPE, made.PAIR, granter) == made.PLAINTEXT
    assert ring_unwrap(sealed("key on ring"), 2, made.RING, made.SCOPE) == made.OTHER_KEY


def test_old_papers_open_recovery() -> None:
    certificate = Certificate(
        organisation_id=made.ORGANISATION,
        kind="recovery",
        subject_id=made.ROW,
        hpke_public=made.PAIR.public,
        sign_public=made.SIGNER.public,
        not_before=NOW,
        not_after=NOW + 1,
    )
    box = RecoveryBox.from_bytes(sealed("recovery box"))
    one, _, other = SEALED["papers"].split(" ")
    assert open_recovery({1: one, 3: other}, box, Verified(certificate)) == made.RECOVERY


def test_a_receipt_opens_for_ever() -> None:
    key = ReceiptKey.of(made.RECEIPT, PEPPER)
    assert key.open(sealed("receipt pair"), made.ROW).public == made.PAIR.public
