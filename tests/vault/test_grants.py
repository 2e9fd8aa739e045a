"""Grants: forged, re-addressed, relabelled or unentitled ones open nothing."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.vault.cast import Member, Organisation, flipped
from vault import (
    Context,
    GrantScope,
    Key,
    Pair,
    RecoverySecret,
    SealedGrant,
    Unreadable,
    Untrusted,
    Verified,
    accept,
    accept_private,
    check_grant,
    grant,
    grant_private,
    grants,
    ring_open_private,
    ring_seal_private,
    ring_unwrap,
    ring_wrap,
    wrap_to,
)

HOUSE = Organisation()
GRANTER = HOUSE.member("coordinator")
HOLDER = HOUSE.member("lawyer")
CASE = GrantScope(HOUSE.id, "case", uuid4(), HOLDER.id)
DESK = GrantScope(HOUSE.id, "desk", uuid4(), HOLDER.id)
KEY = Key.new(3)
PRIVATE = Pair.new().private_bytes()


def given_to(holder: Member, scope: GrantScope = CASE, key: Key = KEY) -> SealedGrant:
    return grant(key, scope, holder.secret.pair.public, GRANTER.id, GRANTER.secret.signer)


GIVEN = given_to(HOLDER)
GIVEN_PRIVATE = grant_private(PRIVATE, 2, DESK, HOLDER.secret.pair.public, GRANTER.id, GRANTER.secret.signer)


def refused(
    given: SealedGrant, scope: GrantScope = CASE, holder: Member = HOLDER, granter: Member = GRANTER
) -> None:
    with pytest.raises(Untrusted):
        accept(given, scope, holder.secret.pair, granter.verified)


def test_a_granted_key_is_accepted_with_its_epoch() -> None:
    assert accept(GIVEN, CASE, HOLDER.secret.pair, GRANTER.verified) == KEY
    assert GIVEN.epoch == 3


def test_a_granted_private_half_is_accepted() -> None:
    assert accept_private(GIVEN_PRIVATE, DESK, HOLDER.secret.pair, GRANTER.verified) == PRIVATE
    assert GIVEN_PRIVATE.epoch == 2


def test_somebody_elses_grant_can_be_checked_without_opening() -> None:
    check_grant(GIVEN, CASE, HOLDER.secret.pair.public, GRANTER.verified)
    with pytest.raises(Untrusted):
        check_grant(GIVEN, CASE, GRANTER.secret.pair.public, GRANTER.verified)


def test_a_grant_opens_for_its_holder_only() -> None:
    thief = HOUSE.member("lawyer")
    refused(GIVEN, holder=thief)
    refused(GIVEN, scope=replace(CASE, holder_id=thief.id), holder=thief)
    with pytest.raises(Unreadable):
        thief.secret.pair.unwrap(GIVEN.sealed, CASE.context("granted key", 3))


def test_a_grant_is_not_moved_to_another_place() -> None:
    refused(GIVEN, scope=replace(CASE, organisation_id=uuid4()))
    refused(GIVEN, scope=replace(CASE, subject_id=uuid4()))
    refused(GIVEN, scope=replace(CASE, holder_id=uuid4()))


def test_a_grant_is_not_taken_for_another_kind() -> None:
    refused(GIVEN, scope=replace(CASE, kind="notes"))


def test_a_grant_is_not_moved_to_another_epoch() -> None:
    refused(replace(GIVEN, epoch=4))
    with pytest.raises(Untrusted):
        accept_private(replace(GIVEN_PRIVATE, epoch=3), DESK, HOLDER.secret.pair, GRANTER.verified)


def test_a_changed_grant_is_refused_before_it_is_opened() -> None:
    for bit in range(0, 8 * len(GIVEN.sealed), 211):
        refused(replace(GIVEN, sealed=flipped(GIVEN.sealed, bit)))
    for bit in range(0, 512, 5):
        refused(replace(GIVEN, signature=flipped(GIVEN.signature, bit)))
    refused(replace(GIVEN, sealed=b"", signature=b""))


def test_a_key_chosen_by_an_attacker_is_refused() -> None:
    """Whoever knows the public key can seal to it; only the signature says who did."""
    chosen = Key.new(3)
    attacker = HOUSE.member("lawyer")
    forged = grant(chosen, CASE, HOLDER.secret.pair.public, GRANTER.id, attacker.secret.signer)
    refused(forged)
    refused(replace(GIVEN, sealed=forged.sealed))
    as_themselves = grant(chosen, CASE, HOLDER.secret.pair.public, attacker.id, attacker.secret.signer)
    refused(as_themselves)
    # It holds as the attacker's own: the caller passes only the certificate of who was entitled.
    assert accept(as_themselves, CASE, HOLDER.secret.pair, attacker.verified) == chosen


def test_a_grant_names_its_granter() -> None:
    colleague = HOUSE.member("coordinator")
    refused(GIVEN, granter=colleague)
    in_another_name = grant(KEY, CASE, HOLDER.secret.pair.public, colleague.id, GRANTER.secret.signer)
    refused(in_another_name)
    refused(in_another_name, granter=colleague)


def test_a_granter_of_another_organisation_is_refused() -> None:
    abroad = Organisation().member("coordinator")
    refused(grant(KEY, CASE, HOLDER.secret.pair.public, abroad.id, abroad.secret.signer), granter=abroad)


def test_recovery_grants_and_other_keys_do_not() -> None:
    secret = RecoverySecret.new()
    recovery = HOUSE.recovery(secret)
    given = grant(KEY, CASE, HOLDER.secret.pair.public, recovery.subject_id, secret.signer)
    assert accept(given, CASE, HOLDER.secret.pair, recovery) == KEY
    invitation = Verified(replace(recovery, kind="invitation", hpke_public=b""))
    with pytest.raises(Untrusted):
        accept(given, CASE, HOLDER.secret.pair, invitation)


def test_a_sealed_key_of_another_epoch_than_signed_is_refused() -> None:
    """An entitled granter who seals epoch 2 and signs it as epoch 3 gains nothing."""
    sealed = wrap_to(HOLDER.secret.pair.public, Key.new(2), CASE.context("granted key", 3))
    lying = _signed_by_granter(sealed, 3)
    refused(lying)


def _signed_by_granter(sealed: bytes, epoch: int) -> SealedGrant:
    return grants._signed(sealed, epoch, CASE, HOLDER.secret.pair.public, GRANTER.id, GRANTER.secret.signer)


def test_a_signed_grant_that_does_not_open_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        accept(_signed_by_granter(b"\x41" + bytes(1172), 3), CASE, HOLDER.secret.pair, GRANTER.verified)


def test_a_key_is_no_private_half_and_the_other_way_round() -> None:
    same_place = replace(DESK, kind="case")
    given = given_to(HOLDER, same_place)
    with pytest.raises(Unreadable):
        accept_private(given, same_place, HOLDER.secret.pair, GRANTER.verified)
    private = grant_private(
        PRIVATE, 3, same_place, HOLDER.secret.pair.public, GRANTER.id, GRANTER.secret.signer
    )
    with pytest.raises(Unreadable):
        accept(private, same_place, HOLDER.secret.pair, GRANTER.verified)


def test_the_ring_keeps_keys_and_private_halves_in_their_place() -> None:
    ring = HOLDER.secret.ring
    wrapped, sealed = ring_wrap(KEY, ring, CASE), ring_seal_private(PRIVATE, 2, ring, DESK)
    assert ring_unwrap(wrapped, 3, ring, CASE) == KEY
    assert ring_open_private(sealed, 2, ring, DESK) == PRIVATE
    for scope in (
        replace(CASE, subject_id=uuid4()),
        replace(CASE, kind="notes"),
        replace(CASE, holder_id=uuid4()),
        replace(CASE, organisation_id=uuid4()),
    ):
        with pytest.raises(Unreadable):
            ring_unwrap(wrapped, 3, ring, scope)
    with pytest.raises(Unreadable):
        ring_unwrap(wrapped, 2, ring, CASE)
    with pytest.raises(Unreadable):
        ring_unwrap(wrapped, 3, Key.new(), CASE)
    with pytest.raises(Unreadable):
        ring_open_private(sealed, 1, ring, DESK)
    with pytest.raises(Unreadable):
        ring_open_private(sealed, 2, ring, replace(DESK, subject_id=uuid4()))


def test_scopes_of_different_forms_never_share_a_context() -> None:
    forms = {CASE.context(form, 3) for form in ("granted key", "key on ring", "grant")}
    assert len(forms) == 3
    assert all(isinstance(context, Context) for context in forms)
