"""Who steals, swaps, substitutes or comes from elsewhere reads nothing; each with the loot shown first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import vault
from accounts.service import keys as organisation_keys
from cases.service.rows import Tampered
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from referrals.models.referrals import Referral, ReferralLine, ReferralPacket
from referrals.service import ending, lines, listing, packets, receiving, talking
from tests.attacks import thief
from tests.referrals.conftest import NAME, PHONE, Pair, compare
from tests.support.cast import founded
from tests.support.clock import FrozenClock

SUMMARY = "تحتاج إلى مأوى"


def packet_of(referral_id: UUID) -> tuple[Referral, ReferralPacket]:
    return db.session.get_one(Referral, referral_id), db.session.get_one(ReferralPacket, referral_id)


def test_a_stolen_server_reads_nothing(pair: Pair) -> None:
    _case_id, referral_id = pair.released()
    read = pair.packet(referral_id)
    assert read is not None
    assert read["summary"] == SUMMARY  # the loot is there, for its focal point
    stored = [*thief.values(binary=True), *thief.files(pair.ours.settings.home)]
    text = " ".join(str(value) for value in thief.values(binary=False))
    for word in (NAME, PHONE, SUMMARY, "Yad Derneği yardım"):
        assert word not in text
        assert not any(word.encode() in value for value in stored)
    for name, values in thief.rows():
        if name.startswith("referral"):
            assert not {"housing", "31", "ar_levantine", str(pair.entry)} & {
                str(value) for value in values.values()
            }
    referral, row = packet_of(referral_id)
    context = packets._context(referral, row)
    for key in thief.stored_keys(pair.ours.settings):
        with pytest.raises(vault.Unreadable):
            vault.unseal(key, row.sealed or b"", context)


def test_no_other_role_and_no_other_partner_opens_it(one_database: Pair) -> None:
    pair = one_database
    _case_id, referral_id = pair.released()
    third = founded(pair.ours.app, "UCU")
    compare(third, pair.ours)
    strangers: list[Actor] = [
        *(pair.theirs[name] for name in ("coordinator", "caseworker", "lawyer", "manager", "admin")),
        pair.ours["focal"],
        third["focal"],
    ]
    acts: list[Callable[[Actor], Any]] = [
        lambda actor: receiving.open_received(actor, referral_id, "tr"),
        lambda actor: receiving.accept(actor, referral_id, 1),
        lambda actor: talking.say_to_sender(actor, referral_id, "x", UUID(int=1)),
        lambda actor: listing.open_sent(actor, referral_id),
    ]
    for actor in strangers:
        for act in acts:
            with pytest.raises(NotFound), transaction():
                act(actor)
    with pytest.raises(NotFound), transaction():
        listing.open_sent(pair.ours["colleague"], referral_id)
    # The second lock: with the row in hand, no other key opens it.
    referral, row = packet_of(referral_id)
    context = packets._context(referral, row)
    opened = organisation_keys.open_key(pair.theirs["focal"], "partner").pair
    assert opened.unwrap(row.partner_wrap or b"", context).epoch == 1
    for actor in strangers:
        held = [actor.secret.pair, *(one.pair for one in organisation_keys.open_all(actor, "partner"))]
        for key in held:
            with pytest.raises(vault.Unreadable):
                key.unwrap(row.partner_wrap or b"", context)


def swap_packets(one: UUID, other: UUID) -> None:
    mine, theirs = db.session.get_one(ReferralPacket, one), db.session.get_one(ReferralPacket, other)
    mine.sealed, theirs.sealed = theirs.sealed, mine.sealed
    mine.partner_wrap, theirs.partner_wrap = theirs.partner_wrap, mine.partner_wrap


def swap_lines(one: UUID, other: UUID) -> None:
    first, second = (
        db.session.scalars(
            select(ReferralLine).where(ReferralLine.referral_id == referral_id, ReferralLine.number == 1)
        ).one()
        for referral_id in (one, other)
    )
    first.sealed, second.sealed = second.sealed, first.sealed
    first.partner_wrap, second.partner_wrap = second.partner_wrap, first.partner_wrap


def drop_a_line(one: UUID, _other: UUID) -> None:
    db.session.delete(
        db.session.scalars(
            select(ReferralLine).where(ReferralLine.referral_id == one, ReferralLine.number == 2)
        ).one()
    )


def other_kind(one: UUID, _other: UUID) -> None:
    db.session.scalars(
        select(ReferralLine).where(ReferralLine.referral_id == one, ReferralLine.number == 2)
    ).one().kind = "declined"


def other_author(one: UUID, _other: UUID) -> None:
    row = db.session.scalars(
        select(ReferralLine).where(ReferralLine.referral_id == one, ReferralLine.number == 2)
    ).one()
    first = db.session.scalars(
        select(ReferralLine).where(ReferralLine.referral_id == one, ReferralLine.number == 1)
    ).one()
    row.author_id, row.organisation_id = first.author_id, first.organisation_id


def nobody_wrote_it(one: UUID, _other: UUID) -> None:
    row = db.session.scalars(
        select(ReferralLine).where(ReferralLine.referral_id == one, ReferralLine.number == 2)
    ).one()
    row.author_id, row.organisation_id, row.signature = None, None, None


@pytest.mark.parametrize(
    "attack", [swap_packets, swap_lines, drop_a_line, other_kind, other_author, nobody_wrote_it]
)
def test_what_was_moved_or_changed_does_not_open(
    one_database: Pair, attack: Callable[[UUID, UUID], None]
) -> None:
    pair = one_database
    _one_case, one = pair.released()
    _other_case, other = pair.released()
    assert pair.packet(one) is not None
    attack(one, other)
    db.session.commit()  # as somebody with the database would
    with pytest.raises((Tampered, vault.VaultError)):
        pair.packet(one)


def test_a_state_in_the_database_is_no_acceptance(one_database: Pair) -> None:
    """Whoever can write to the database says "accepted"; without the partner's signature nothing goes."""
    pair = one_database
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.consent(case_id)
    pair.row(referral_id).state = "accepted"
    db.session.commit()
    with pytest.raises(Tampered):
        pair.release(referral_id)
    assert db.session.get(ReferralPacket, referral_id) is None


def test_a_later_day_in_the_database_keeps_no_packet_open(clock: FrozenClock, one_database: Pair) -> None:
    """The day in clear only tells the clock when to come; the one that counts is sealed in the packet."""
    pair = one_database
    _case_id, referral_id = pair.released()
    with transaction():
        talking.say_to_partner(pair.ours["caseworker"], referral_id, NAME, UUID(int=2))
    with transaction():
        until = receiving.open_received(pair.theirs["focal"], referral_id, "tr").access_until
    assert until == dt.date(2027, 5, 1)
    pair.row(referral_id).access_until = dt.date(2040, 1, 1)
    db.session.commit()
    clock.set(dt.datetime(2027, 5, 1, 20, 0, tzinfo=dt.UTC))
    with transaction():
        got = receiving.open_received(pair.theirs["focal"], referral_id, "tr")
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert NAME in str(got.packet)
    assert NAME in str(got.lines)
    assert got.access_until == sent.access_until == until
    clock.set(dt.datetime(2027, 5, 2, 0, 0, tzinfo=dt.UTC))
    with transaction():
        assert ending.expire_packets() == 0  # the clock believes the database
        got = receiving.open_received(pair.theirs["focal"], referral_id, "tr")
    assert (got.state, got.packet, got.access_until) == ("released", None, None)
    assert NAME not in str(got)


def test_a_packet_signed_by_nobody_of_the_sender_is_refused(one_database: Pair) -> None:
    """HPKE does not say who sealed: somebody seals a packet of their own to the partner's public key."""
    pair = one_database
    _case_id, referral_id = pair.released()
    referral, row = packet_of(referral_id)
    context = packets._context(referral, row)
    partner = lines.partner_key(pair.theirs["focal"], pair.theirs.organisation_id)
    key = vault.Key.new()
    row.sealed = vault.seal(key, b'{"summary": "sahte"}', context)
    row.partner_wrap = vault.wrap_to(partner.public, key, context)
    row.signature = pair.theirs["caseworker"].secret.signer.sign(
        "referral packet", packets._statement(referral, row)
    )
    db.session.commit()
    with pytest.raises(Tampered):
        pair.packet(referral_id)


def test_the_sender_reads_no_conversation_that_was_forged(one_database: Pair) -> None:
    pair = one_database
    _case_id, referral_id = pair.released()
    row = db.session.scalars(
        select(ReferralLine).where(ReferralLine.referral_id == referral_id, ReferralLine.number == 2)
    ).one()
    row.signature = bytes(64)
    db.session.commit()
    with pytest.raises(DomainError), transaction():
        listing.open_sent(pair.ours["caseworker"], referral_id)
