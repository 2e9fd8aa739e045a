"""Sealing under symmetric keys: round trips, attacks, and the layout read with the bare primitives."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped, many
from vault import (
    Context,
    Key,
    Unreadable,
    key_to_bytes,
    pack,
    row_context,
    seal,
    seal_committed,
    sealed_epoch,
    unseal,
    unseal_committed,
    unwrap,
    wrap,
)

KEY = Key(bytes(range(32)), 4)
CONTEXT = Context("test", 1)

Seal = Callable[[Key, bytes, Context], bytes]
FORMS: list[tuple[Seal, Seal]] = [(seal, unseal), (seal_committed, unseal_committed)]
both = pytest.mark.parametrize(("close", "open_"), FORMS, ids=["record", "committed"])


@both
@few
@given(st.binary(max_size=700), st.integers(1, 2**32 - 1))
def test_what_is_sealed_opens(close: Seal, open_: Seal, plaintext: bytes, epoch: int) -> None:
    key = Key.new(epoch)
    sealed = close(key, plaintext, CONTEXT)
    assert open_(key, sealed, CONTEXT) == plaintext
    assert sealed_epoch(sealed) == epoch


@both
@many
@given(st.integers(0, 10_000))
def test_any_changed_bit_keeps_it_closed(close: Seal, open_: Seal, bit: int) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    assert open_(KEY, sealed, CONTEXT) == b"narrative"
    with pytest.raises(Unreadable):
        open_(KEY, flipped(sealed, bit), CONTEXT)


@both
def test_a_cut_or_lengthened_seal_keeps_closed(close: Seal, open_: Seal) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    for wrong in [sealed[:end] for end in range(len(sealed))] + [sealed + b"\0", b"", sealed + sealed]:
        with pytest.raises(Unreadable):
            open_(KEY, wrong, CONTEXT)


@both
@few
@given(st.text(max_size=5), st.lists(st.integers(0, 3), max_size=3))
def test_another_context_keeps_it_closed(close: Seal, open_: Seal, purpose: str, parts: list[int]) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    if (purpose, parts) != ("test", [1]):
        with pytest.raises(Unreadable):
            open_(KEY, sealed, Context(purpose, *parts))


@both
def test_another_key_or_epoch_keeps_it_closed(close: Seal, open_: Seal) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    for wrong in (Key.new(4), Key(KEY.material, 5), Key(KEY.material, 3)):
        with pytest.raises(Unreadable):
            open_(wrong, sealed, CONTEXT)


@both
def test_a_relabelled_epoch_keeps_it_closed(close: Seal, open_: Seal) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    relabelled = sealed[:1] + (5).to_bytes(4) + sealed[5:]
    assert sealed_epoch(relabelled) == 5
    with pytest.raises(Unreadable):
        open_(Key(KEY.material, 5), relabelled, CONTEXT)


@both
def test_unknown_versions_are_refused(close: Seal, open_: Seal) -> None:
    sealed = close(KEY, b"narrative", CONTEXT)
    for version in set(range(256)) - {sealed[0]}:
        with pytest.raises(Unreadable):
            open_(KEY, bytes([version]) + sealed[1:], CONTEXT)


def test_one_form_never_opens_as_another() -> None:
    wrapped = wrap(Key.new(), KEY, CONTEXT)
    for sealed in (seal(KEY, b"a", CONTEXT), seal_committed(KEY, b"a", CONTEXT)):
        with pytest.raises(Unreadable):
            unwrap(sealed, KEY, CONTEXT)
    for open_ in (unseal, unseal_committed):
        with pytest.raises(Unreadable):
            open_(KEY, wrapped, CONTEXT)


@both
def test_sealing_twice_gives_nothing_to_compare(close: Seal, open_: Seal) -> None:
    one, other = close(KEY, b"same", CONTEXT), close(KEY, b"same", CONTEXT)
    assert one[5:] != other[5:]
    assert open_(KEY, one, CONTEXT) == open_(KEY, other, CONTEXT)


def test_the_length_tells_only_steps_of_256_bytes() -> None:
    lengths = {len(seal(KEY, b"x" * size, CONTEXT)) for size in range(256)}
    assert lengths == {1 + 4 + 12 + 256 + 16}


def test_rows_cannot_be_swapped_between_rows_tables_cases_or_versions() -> None:
    organisation, case, row = uuid4(), uuid4(), uuid4()
    here = row_context(organisation, case, "notes", row, 2)
    sealed = seal(KEY, b"note", here)
    assert unseal(KEY, sealed, row_context(organisation, case, "notes", row, 2)) == b"note"
    elsewhere = [
        row_context(uuid4(), case, "notes", row, 2),
        row_context(organisation, uuid4(), "notes", row, 2),
        row_context(organisation, None, "notes", row, 2),
        row_context(organisation, case, "parties", row, 2),
        row_context(organisation, case, "notes", uuid4(), 2),
        row_context(organisation, case, "notes", row, 1),
    ]
    for other in elsewhere:
        with pytest.raises(Unreadable):
            unseal(KEY, sealed, other)


def test_a_wrapped_key_comes_back_with_its_epoch() -> None:
    key = Key.new(9)
    wrapped = wrap(key, KEY, CONTEXT)
    assert unwrap(wrapped, KEY, CONTEXT) == key
    assert sealed_epoch(wrapped) == KEY.epoch
    for bit in range(8 * len(wrapped)):
        with pytest.raises(Unreadable):
            unwrap(flipped(wrapped, bit), KEY, CONTEXT)
    with pytest.raises(Unreadable):
        unwrap(wrapped, Key.new(4), CONTEXT)
    with pytest.raises(Unreadable):
        unwrap(wrapped, KEY, Context("test", 2))


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01\0\0\0", b"\x00\0\0\0\1", b"\x02\0\0\0\1", b"\x31\0\0\0\1"]
)
def test_only_known_forms_have_an_epoch(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        sealed_epoch(sealed)


def test_a_record_is_aes_256_gcm_siv_with_header_and_context_bound() -> None:
    sealed = seal(KEY, b"record", CONTEXT)
    header, nonce, ciphertext = sealed[:5], sealed[5:17], sealed[17:]
    assert header == b"\x01\0\0\0\x04"
    padded = AESGCMSIV(KEY.material).decrypt(nonce, ciphertext, header + pack("test", 1))
    assert padded == b"record\x80" + bytes(249)


def test_a_wrap_is_aes_256_gcm_siv_over_epoch_and_key() -> None:
    key = Key.new(2)
    sealed = wrap(key, KEY, CONTEXT)
    opened = AESGCMSIV(KEY.material).decrypt(sealed[5:17], sealed[17:], b"\x11\0\0\0\x04" + pack("test", 1))
    assert opened == key_to_bytes(key) == b"\0\0\0\x02" + key.material


def test_a_committed_seal_has_a_key_and_commitment_of_its_own() -> None:
    sealed = seal_committed(KEY, b"secret", CONTEXT)
    header, salt, commitment, ciphertext = sealed[:5], sealed[5:37], sealed[37:69], sealed[69:]
    info = pack("committed seal", header, pack("test", 1))
    both_keys = HKDF(hashes.SHA256(), 64, salt, info).derive(KEY.material)
    assert commitment == both_keys[32:]
    padded = AESGCMSIV(both_keys[:32]).decrypt(bytes(12), ciphertext, header + pack("test", 1))
    assert padded == b"secret\x80" + bytes(249)


def test_a_ciphertext_made_to_fit_another_key_is_caught_by_the_commitment() -> None:
    """Whoever knows both keys can re-encrypt under the other, but the commitment still names the first."""
    victim, attacker = Key.new(), Key.new()
    theirs = seal_committed(attacker, b"chosen", CONTEXT)
    header, salt, ciphertext = theirs[:5], theirs[5:37], theirs[69:]
    info = pack("committed seal", header, CONTEXT)
    commitment_of_victim = HKDF(hashes.SHA256(), 64, salt, info).derive(victim.material)[32:]
    forged = header + salt + commitment_of_victim + ciphertext
    assert unseal_committed(attacker, theirs, CONTEXT) == b"chosen"
    for key in (victim, attacker):
        with pytest.raises(Unreadable):
            unseal_committed(key, forged, CONTEXT)
