"""A consent that is given again moves the last day of what was released, without a second release."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select

from accounts.models import PartnerRoot
from core.store.base import db
from core.store.transaction import transaction
from domain.consents import ConsentWording
from referrals.models.referrals import ReferralLine
from referrals.service import ending, lines, listing, reach, receiving, talking
from referrals.service.views import Received, Sent
from tests.referrals.conftest import NAME, Pair, entry_of
from tests.referrals.test_changed_entries import by_hand, change
from tests.support.clock import FrozenClock

APRIL = dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC)
FIRST, SECOND = dt.date(2027, 5, 1), dt.date(2027, 9, 30)
"""The last day of an answer of November, and of one of April."""


def after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(21, 30), dt.UTC)  # past midnight in Istanbul


def both(pair: Pair, referral_id: UUID) -> tuple[Sent, Received]:
    with transaction():
        ours = listing.open_sent(pair.ours["caseworker"], referral_id)
        return ours, receiving.open_received(pair.theirs["focal"], referral_id, "tr")


def expired() -> int:
    """What the worker ends."""
    with transaction():
        return ending.expire_packets()


def test_what_was_released_may_be_read_until_the_new_consent_ends(
    clock: FrozenClock, one_database: Pair
) -> None:
    pair = one_database
    case_id, referral_id = pair.released()
    both(pair, referral_id)
    version = pair.version(referral_id)
    clock.set(APRIL)
    with transaction():
        talking.say_to_partner(pair.ours["caseworker"], referral_id, f"{NAME} bekliyor", uuid4())
    pair.consent(case_id)
    row = pair.row(referral_id)
    assert (row.state, row.version, row.access_until) == ("released", version + 2, SECOND)
    assert row.waits_sender
    assert row.waits_partner
    # Another answer about somebody else renews nothing twice.
    pair.consent(case_id, answer="refused", recipient=str(entry_of(pair, "sydv")), fields=[], purposes=[])
    clock.set(after(FIRST))
    assert expired() == 0
    ours, theirs = both(pair, referral_id)
    assert ours.access_until == theirs.access_until == SECOND
    assert NAME in str(theirs.packet)
    assert NAME in str(theirs.lines)
    for said in (ours.lines, theirs.lines):
        assert [line.kind for line in said][-2:] == ["message", "consent_renewed"]
        assert said[-1].content == {"until": SECOND.isoformat()}
    clock.set(after(SECOND))
    assert NAME not in str(both(pair, referral_id)[1])
    assert expired() == 1
    assert both(pair, referral_id)[0].lines[-1].kind == "expired"


def test_by_hand_the_day_to_phone_them_moves_too(clock: FrozenClock, one_database: Pair) -> None:
    pair, case_id = one_database, one_database.case()
    office = str(entry_of(pair, "sydv"))
    referral_id, moved = by_hand(pair, case_id), by_hand(pair, case_id)
    pair.consent(case_id, recipient=office)
    pair.release(referral_id)
    clock.set(APRIL)
    pair.consent(case_id, recipient=office)
    pair.release(moved)
    # Whoever is there now is not who has what was released.
    change(pair, UUID(office), name_ar="مكتب", name_tr="Başka Ofis", name_en="Another office")
    clock.advance(days=10)
    pair.consent(case_id, recipient=office)
    assert pair.row(moved).access_until == SECOND
    clock.set(after(FIRST))
    assert expired() == 0
    assert pair.row(referral_id).access_until == SECOND
    clock.set(after(SECOND))
    assert expired() == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_a_consent_that_ends_sooner_ends_access_sooner(
    clock: FrozenClock, one_database: Pair, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    """The wording lasts less; also where nothing can be sealed to the partner any more."""
    pair = one_database
    case_id, referral_id = pair.released()
    monkeypatch.setattr(ConsentWording, "until", lambda _wording, given: given + dt.timedelta(days=30))
    if not trusted:
        with transaction():
            db.session.execute(delete(PartnerRoot))
    clock.advance(hours=1)
    pair.consent(case_id)
    sooner = dt.date(2026, 12, 2)
    assert pair.row(referral_id).access_until == sooner
    clock.set(after(sooner))
    assert (pair.packet(referral_id) is None) == trusted  # else the clock ends it
    assert expired() == 1
    assert pair.packet(referral_id) is None


def test_who_cannot_be_sealed_to_keeps_the_day_and_the_answer_is_recorded(
    clock: FrozenClock, one_database: Pair
) -> None:
    pair = one_database
    case_id, referral_id = pair.released()
    clock.set(APRIL)
    with transaction():
        db.session.execute(delete(PartnerRoot))
    pair.consent(case_id)
    written = select(func.count()).where(ReferralLine.kind == lines.CONSENT_RENEWED)
    assert db.session.scalar(written) == 0
    assert pair.row(referral_id).access_until == FIRST


def test_the_partner_gives_itself_no_later_day(clock: FrozenClock, one_database: Pair) -> None:
    """A focal point with the database writes the line that only the sender writes."""
    pair = one_database
    _case_id, referral_id = pair.released()
    with transaction():
        case, referral = reach.received(pair.theirs["focal"], referral_id)
        content = {"until": "2040-01-01"}
        lines.write(pair.theirs["focal"], case, referral, lines.CONSENT_RENEWED, content)
    assert both(pair, referral_id)[1].access_until == FIRST
    clock.set(after(FIRST))
    assert pair.packet(referral_id) is None


def test_a_day_that_lost_its_key_opens_nothing(one_database: Pair, clock: FrozenClock) -> None:
    """Whoever takes the key off the line cannot bring the day of the packet back."""
    pair = one_database
    case_id, referral_id = pair.released()
    clock.set(APRIL)
    pair.consent(case_id)
    assert pair.packet(referral_id) is not None
    row = db.session.scalars(select(ReferralLine).where(ReferralLine.kind == lines.CONSENT_RENEWED)).one()
    row.partner_wrap = None
    db.session.commit()
    assert pair.packet(referral_id) is None
