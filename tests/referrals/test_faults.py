"""Bad input and faults: what must not slip through, and what both sides are told."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases.service import files
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from referrals.models.referrals import Referral, ReferralLine, ReferralPacket
from referrals.service import ending, listing, receiving, sending, talking
from tests.referrals.conftest import ENQUIRY, NAME, Pair, entry_of
from tests.support.cast import FOCAL_POINT
from tests.support.clock import FrozenClock


def lines_of(pair: Pair, referral_id: object) -> list[str]:
    statement = select(ReferralLine.kind).where(ReferralLine.referral_id == referral_id)
    return list(db.session.scalars(statement.order_by(ReferralLine.number)))


def test_a_consent_withdrawn_between_enquiry_and_release_releases_nothing(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.consent(case_id)
    pair.accept(referral_id)
    pair.withdraw_consent(case_id)
    with pytest.raises(DomainError, match="no longer covered"):
        pair.release(referral_id)
    assert pair.row(referral_id).state == "accepted"
    assert db.session.get(ReferralPacket, referral_id) is None
    pair.consent(case_id)
    pair.release(referral_id)
    assert pair.packet(referral_id) is not None


@pytest.mark.parametrize("how", ["withdrawn", "refused", "fewer fields"])
def test_access_ends_with_the_consent_and_both_are_told(one_database: Pair, how: str) -> None:
    pair = one_database
    case_id, referral_id = pair.released()
    with transaction():
        talking.say_to_partner(pair.ours["caseworker"], referral_id, NAME, uuid4())
    if how == "withdrawn":
        pair.withdraw_consent(case_id)
    elif how == "refused":
        pair.consent(case_id, answer="refused", fields=[], purposes=[])
    else:
        pair.consent(case_id, fields=["birth"])
    with transaction():
        got = receiving.open_received(pair.theirs["focal"], referral_id, "tr")
        news = listing.desk_sent(pair.ours["caseworker"], 20)
    assert got.packet is None
    assert NAME not in str(got)
    assert got.lines[-1].kind == ("consent_narrowed" if how == "fewer fields" else "consent_ended")
    assert [row.waits for row in news if row.id == referral_id] == [True]
    packet = db.session.get_one(ReferralPacket, referral_id)
    assert (packet.sealed, packet.partner_wrap) == (None, None)


def test_another_recipients_consent_changes_nothing(one_database: Pair) -> None:
    pair = one_database
    case_id, referral_id = pair.released()
    other = str(entry_of(pair, "sydv"))
    pair.consent(case_id, answer="refused", recipient=other)
    assert pair.packet(referral_id) is not None
    with transaction():
        case = files.open_case(pair.ours["caseworker"], case_id)
    assert {(one.recipient, one.answer) for one in case.consents} == {
        (str(pair.entry), "given"),
        (other, "refused"),
    }


def test_the_clock_ends_access_on_the_day_even_before_the_worker_comes(
    clock: FrozenClock, one_database: Pair
) -> None:
    pair = one_database
    _case_id, referral_id = pair.released()
    until = pair.row(referral_id).access_until
    assert until == dt.date(2027, 5, 1)
    clock.set(dt.datetime(2027, 5, 1, 20, 0, tzinfo=dt.UTC))
    assert pair.packet(referral_id) is not None
    clock.set(dt.datetime(2027, 5, 2, 0, 0, tzinfo=dt.UTC))
    assert pair.packet(referral_id) is None
    with transaction():
        assert ending.expire_packets() == 1
        assert ending.expire_packets() == 0
    assert pair.row(referral_id).state == "expired"
    assert pair.row(referral_id).waits_sender
    assert lines_of(pair, referral_id)[-1] == "expired"


@pytest.mark.parametrize(
    ("priority", "chased", "back"), [("emergency", 4, 24), ("urgent", 24, 72), ("normal", 168, 336)]
)
def test_an_enquiry_is_chased_once_and_comes_back(
    clock: FrozenClock, one_database: Pair, priority: str, chased: int, back: int
) -> None:
    pair = one_database
    referral_id = pair.enquire(pair.case(), priority=priority)
    run(0)
    assert lines_of(pair, referral_id) == ["enquiry"]
    clock.advance(hours=chased)
    run(2)
    assert lines_of(pair, referral_id) == ["enquiry", "chased"]
    clock.advance(hours=back - chased)
    run(2)
    assert lines_of(pair, referral_id) == ["enquiry", "chased", "expired"]
    row = pair.row(referral_id)
    assert (row.state, row.waits_sender, row.waits_partner) == ("expired", True, True)
    with transaction():
        [counted] = listing.answers(pair.ours["coordinator"], "tr")
    assert counted.silent >= 1
    with pytest.raises(DomainError):
        pair.accept(referral_id)


def run(times: int) -> None:
    """What the worker does, as often as it likes."""
    for _ in range(times or 1):
        with transaction():
            ending.expire_enquiries()
            ending.expire_packets()
            ending.chase()


def test_what_was_released_is_asked_after_until_it_may_be_closed_without(
    clock: FrozenClock, one_database: Pair
) -> None:
    pair = one_database
    _case_id, referral_id = pair.released()
    caseworker = pair.ours["caseworker"]
    with pytest.raises(DomainError, match="twice"), transaction():
        sending.close(caseworker, referral_id, pair.version(referral_id), "")
    clock.advance(days=7)
    run(2)
    assert pair.row(referral_id).chases == 1
    with transaction():
        sending.chase(caseworker, referral_id, pair.version(referral_id), "aradım")
    with transaction():
        sending.close(caseworker, referral_id, pair.version(referral_id), "yanıt yok")
    assert pair.packet(referral_id) is None


def test_refusals_are_counted_by_partner(one_database: Pair) -> None:
    pair = one_database
    referral_id = pair.enquire(pair.case())
    with pytest.raises(DomainError, match="Choose one"), transaction():
        receiving.decline(pair.theirs["focal"], referral_id, pair.version(referral_id), "because", "")
    with transaction():
        receiving.decline(pair.theirs["focal"], referral_id, pair.version(referral_id), "capacity", "dolu")
    with transaction():
        [line] = listing.answers(pair.ours["coordinator"], "en")
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert (line.accepted, line.declined, line.silent) == (0, 1, 0)
    assert sent.lines[-1].content == {"code": "capacity", "text": "dolu"}


def test_a_second_click_of_the_partner_is_the_first_and_a_colleague_is_told(one_database: Pair) -> None:
    pair = one_database
    referral_id, focal = pair.enquire(pair.case()), pair.theirs["focal"]
    pair.theirs.join("second", FOCAL_POINT)
    pair.theirs.hand_over()
    version = pair.version(referral_id)
    for _ in range(2):
        with transaction():
            receiving.accept(focal, referral_id, version)
    with pytest.raises(Conflict), transaction():
        receiving.accept(pair.theirs["second"], referral_id, version)
    later = version + 1
    for _ in range(2):
        with transaction():
            receiving.decline(focal, referral_id, later, "capacity", "dolu")
    with pytest.raises(Conflict), transaction():
        receiving.decline(focal, referral_id, later, "capacity", "other words")
    with pytest.raises(Conflict), transaction():
        receiving.accept(focal, referral_id, version)
    assert lines_of(pair, referral_id) == ["enquiry", "accepted", "declined"]


@pytest.mark.parametrize(
    ("how", "counted"), [("ran out", (1, 0, 0)), ("withdrawn", (1, 0, 0)), ("declined after all", (1, 1, 0))]
)
def test_what_was_accepted_once_is_counted_as_that_whatever_came_later(
    clock: FrozenClock, one_database: Pair, how: str, counted: tuple[int, int, int]
) -> None:
    pair = one_database
    if how == "declined after all":
        referral_id = pair.enquire(pair.case())
        pair.accept(referral_id)
        with transaction():
            receiving.decline(pair.theirs["focal"], referral_id, pair.version(referral_id), "capacity", "")
    else:
        case_id, referral_id = pair.released()
        if how == "withdrawn":
            pair.withdraw_consent(case_id)
    if how == "ran out":
        clock.set(dt.datetime(2027, 5, 2, 0, 0, tzinfo=dt.UTC))
        run(1)
    assert pair.row(referral_id).state == {"ran out": "expired", "withdrawn": "withdrawn"}.get(
        how, "declined"
    )
    # Taken back before anybody answered: nobody said anything.
    unanswered = pair.enquire(pair.case())
    with transaction():
        sending.withdraw(pair.ours["caseworker"], unanswered, pair.version(unanswered), "gerek kalmadı")
    with transaction():
        [line] = listing.answers(pair.ours["coordinator"], "en")
    assert (line.accepted, line.declined, line.silent) == counted


def test_an_enquiry_takes_codes_only(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    for name in ENQUIRY:
        with pytest.raises(DomainError), transaction():
            enquiry = {**ENQUIRY, name: NAME}
            sending.draft(pair.ours["caseworker"], case_id, pair.entry, "urgent", enquiry, uuid4())
    with pytest.raises(DomainError), transaction():
        sending.draft(pair.ours["caseworker"], case_id, pair.entry, NAME, ENQUIRY, uuid4())


def test_nobody_writes_before_the_acceptance(one_database: Pair) -> None:
    pair = one_database
    referral_id = pair.enquire(pair.case())
    with pytest.raises(DomainError, match="opens with the acceptance"), transaction():
        talking.say_to_partner(pair.ours["caseworker"], referral_id, NAME, uuid4())
    pair.accept(referral_id)
    token = uuid4()
    for _ in range(2):
        with transaction():
            talking.say_to_partner(pair.ours["caseworker"], referral_id, "merhaba", token)
    assert lines_of(pair, referral_id) == ["enquiry", "accepted", "message"]


def test_a_double_click_drafts_once_and_a_stale_page_moves_nothing(one_database: Pair) -> None:
    pair = one_database
    case_id, token = pair.case(), uuid4()
    made = set()
    for _ in range(2):
        with transaction():
            made.add(sending.draft(pair.ours["caseworker"], case_id, pair.entry, "urgent", ENQUIRY, token))
    [referral_id] = made
    with transaction():
        sending.edit_draft(pair.ours["caseworker"], referral_id, 1, "normal", {**ENQUIRY, "need": "cash"})
    with pytest.raises(Conflict), transaction():
        sending.send(pair.ours["caseworker"], referral_id, 1)
    with transaction():
        sending.send(pair.ours["caseworker"], referral_id, 2)
        assert listing.open_sent(pair.ours["caseworker"], referral_id).details["need"] == "cash"
    with transaction():  # a second click
        sending.send(pair.ours["caseworker"], referral_id, 2)
    assert lines_of(pair, referral_id) == ["enquiry"]
    with pytest.raises(DomainError), transaction():
        sending.discard(pair.ours["caseworker"], referral_id, pair.version(referral_id))


def test_a_draft_is_nobody_elses_and_goes_without_a_trace(one_database: Pair) -> None:
    pair = one_database
    referral_id = pair.draft(pair.case())
    with pytest.raises(NotFound), transaction():
        receiving.open_received(pair.theirs["focal"], referral_id, "tr")
    with transaction():
        sending.discard(pair.ours["caseworker"], referral_id, 1)
    assert db.session.scalar(select(func.count()).where(Referral.id == referral_id)) == 0
