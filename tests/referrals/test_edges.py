"""Partners that leave or are exchanged, cases that close, answers by hand, new keys, two at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select

from accounts.models import Organisation, PartnerRoot
from accounts.service import keys, people, trust
from cases.models import Case
from cases.service import consents, files, members, progress
from core import clock
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from referrals.models.referrals import ReferralLine, ReferralPacket
from referrals.service import directory, listing, packets, paper, receiving, sending, talking
from tests.referrals.conftest import ENQUIRY, NAME, Pair, entry_of
from tests.support.cast import FOCAL_POINT


def lines_of(pair: Pair, referral_id: object) -> list[str]:
    statement = select(ReferralLine.kind).where(ReferralLine.referral_id == referral_id)
    return list(db.session.scalars(statement.order_by(ReferralLine.number)))


def test_a_partner_that_left_gets_nothing_and_the_sender_can_end_it(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id)
    with transaction():
        people.depart(pair.theirs["admin"], pair.theirs["focal"].person_id, forced=True)
    with pytest.raises(Locked, match="has left"):
        pair.release(referral_id)
    assert db.session.get(ReferralPacket, referral_id) is None
    with transaction():
        sending.withdraw(pair.ours["caseworker"], referral_id, pair.version(referral_id), "ayrıldılar")
    assert pair.row(referral_id).state == "withdrawn"


def test_an_exchanged_root_receives_nothing(one_database: Pair) -> None:
    """Database and secrets name another root for the partner: nothing is sealed to it."""
    pair = one_database
    draft = pair.draft(pair.case())
    case_id = pair.case()
    accepted = pair.enquire(case_id)
    pair.accept(accepted)
    pair.consent(case_id)
    with transaction():
        theirs = db.session.get_one(Organisation, pair.theirs.organisation_id)
        theirs.root_public = bytes(32)
    trust.remember_root(pair.ours.settings, pair.theirs.organisation_id, bytes(32))
    with pytest.raises(Locked, match="not the one that was compared"), transaction():
        sending.send(pair.ours["caseworker"], draft, 1)
    with pytest.raises(DomainError):
        pair.release(accepted)
    assert db.session.get(ReferralPacket, accepted) is None
    with transaction():
        sending.withdraw(pair.ours["caseworker"], accepted, pair.version(accepted), "kök değişmiş")


def test_an_uncompared_partner_receives_nothing_and_says_so(one_database: Pair) -> None:
    pair = one_database
    with transaction():
        db.session.execute(delete(PartnerRoot))
    draft = pair.draft(pair.case())
    with pytest.raises(Locked, match="compared"), transaction():
        sending.send(pair.ours["caseworker"], draft, 1)


def test_a_case_with_an_open_referral_closes_only_with_a_reason(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    pair.enquire(case_id)
    coordinator = pair.ours["coordinator"]
    closing = {"level": "S2", "code": "A", "outcome": "achieved"}
    for to in ("in_review",):
        with transaction():
            version = db.session.get_one(Case, case_id).version
            progress.move(coordinator, case_id, version, to)
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with pytest.raises(DomainError, match="still open") as refused, transaction():
        progress.move(coordinator, case_id, version, "closed", reason="bitti", closing=closing)
    assert refused.value.field == "despite"
    with transaction():
        despite = {**closing, "despite": "ortak sonucu kişiye doğrudan bildirecek"}
        progress.move(coordinator, case_id, version, "closed", reason="bitti", closing=despite)
    with pytest.raises(DomainError, match="closed file"), transaction():
        sending.draft(coordinator, case_id, pair.entry, "urgent", ENQUIRY, uuid4())


def test_by_hand_the_sender_records_what_they_said(one_database: Pair) -> None:
    """No account there: a phone, a form, and the same life; nothing is sealed to anybody else."""
    pair = one_database
    case_id, caseworker = pair.case(), pair.ours["caseworker"]
    entry = entry_of(pair, "sydv")
    enquiry = {**ENQUIRY, "need": "cash"}
    with transaction():
        referral_id = sending.draft(caseworker, case_id, entry, "normal", enquiry, uuid4())
    with transaction():
        sending.send(caseworker, referral_id, 1)
    with transaction():
        sending.answer_by_hand(
            caseworker, referral_id, pair.version(referral_id), "accepted", "", "Ayşe Hanım"
        )
    pair.consent(case_id, recipient=str(entry), purposes=["cash"], fields=["birth"])
    with transaction():
        facts = paper.facts(caseworker, referral_id, "tr")
    assert facts.values == {}
    with pytest.raises(DomainError, match="no longer covered"):
        pair.release(referral_id, ["name", "birth"])
    pair.release(referral_id, ["birth"])
    assert db.session.get(ReferralPacket, referral_id) is None
    with transaction():
        facts = paper.facts(caseworker, referral_id, "tr")
    assert facts.values == {"birth": "1987"}
    assert NAME not in str(facts)
    with transaction():
        sending.answer_by_hand(caseworker, referral_id, pair.version(referral_id), "outcome", "provided", "")
    with pytest.raises(NotFound), transaction():
        sending.answer_by_hand(caseworker, referral_id, pair.version(referral_id), "closed", "", "")
    with pytest.raises(DomainError), transaction():
        talking.say_to_partner(caseworker, referral_id, "merhaba", uuid4())


def test_a_partner_is_not_answered_for_by_hand(one_database: Pair) -> None:
    pair = one_database
    referral_id = pair.enquire(pair.case())
    with pytest.raises(NotFound), transaction():
        sending.answer_by_hand(
            pair.ours["caseworker"], referral_id, pair.version(referral_id), "accepted", "", ""
        )


def test_a_new_key_of_the_case_keeps_the_referral_readable(one_database: Pair) -> None:
    pair = one_database
    case_id, referral_id = pair.released()
    with transaction():
        members.add(pair.ours["caseworker"], case_id, pair.ours["colleague"].person_id)
    with transaction():
        members.remove(pair.ours["caseworker"], case_id, pair.ours["colleague"].person_id)
    with transaction():
        talking.say_to_sender(pair.theirs["focal"], referral_id, "yeni anahtarla", uuid4())
    with transaction():
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert sent.details["entry"] == str(pair.entry)
    assert sent.lines[-1].content == {"text": "yeni anahtarla"}
    with pytest.raises(NotFound), transaction():
        listing.open_sent(pair.ours["colleague"], referral_id)


def test_a_partner_key_of_a_new_epoch_opens_what_waited(one_database: Pair) -> None:
    pair = one_database
    _case_id, referral_id = pair.released()
    pair.theirs.join("second", FOCAL_POINT)
    pair.theirs.hand_over()
    with transaction():
        kept = keys.open_key(pair.theirs["focal"], "partner")
        people.depart(pair.theirs["admin"], pair.theirs["focal"].person_id)
    with transaction():
        receiving.renew(pair.theirs["second"])
        assert listing.inbox(pair.theirs["second"], "tr")[0].need == "housing"
    packet = pair.packet(referral_id, by="second")
    assert packet is not None
    assert packet["name"]["name_ar"] == NAME
    row = db.session.get_one(ReferralPacket, referral_id)
    assert row.partner_key_id != kept.id
    assert packets.open_packet(pair.row(referral_id), {kept.id: kept.pair}) is None
    with pytest.raises(DomainError), transaction():
        receiving.open_received(pair.theirs["focal"], referral_id, "tr")


def test_a_legacy_answer_keeps_working_and_covers_nobody(one_database: Pair) -> None:
    pair = one_database
    given = {"kind": "partner_sharing", "answer": "given", "language": "ar", "how": "oral", "detail": "SYDV"}
    case_id = pair.case(consents=[given])
    with transaction():
        [consent] = files.open_case(pair.ours["caseworker"], case_id).consents
    assert (consent.recipient, consent.recipient_name, consent.holds) == ("", "SYDV", True)
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    with transaction():
        _details, offers = packets.offers(pair.ours["caseworker"], referral_id)
    assert {one.why for one in offers} == {"other_recipient"}
    with transaction():
        consents.withdraw(pair.ours["caseworker"], case_id, consent.id)


def test_an_unknown_recipient_is_refused(one_database: Pair) -> None:
    pair = one_database
    with pytest.raises(NotFound):
        pair.consent(pair.case(), recipient=str(uuid4()))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_focal_points_accept_at_the_same_second(pair: Pair, app: Flask) -> None:
    pair.theirs.join("second", FOCAL_POINT)
    pair.theirs.hand_over()
    referral_id = pair.enquire(pair.case())
    version = pair.version(referral_id)
    db.session.rollback()
    gate, ends = threading.Barrier(2), []

    def accept(name: str) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                gate.wait()
                try:
                    with transaction():
                        receiving.accept(pair.theirs[name], referral_id, version)
                    ends.append("accepted")
                except Conflict:
                    ends.append("too late")
                finally:
                    db.session.remove()

        return run

    both = [threading.Thread(target=accept(name)) for name in ("focal", "second")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(ends) == ["accepted", "too late"]
    assert lines_of(pair, referral_id) == ["enquiry", "accepted"]


def test_the_directory_begins_once_and_two_do_not_overwrite(one_database: Pair) -> None:
    pair = one_database
    coordinator = pair.ours["coordinator"]
    with transaction():
        directory.begin(coordinator)
        before = directory.search(coordinator, "tr")
    entry = directory.entry(coordinator, entry_of(pair, "sydv"))
    assert not entry.confirmed
    values = {
        name: getattr(entry, name)
        for name in (*directory.TEXTS, *directory.LISTS, "capacity", "partner_id", "confirmed", "review_on")
    }
    db.session.rollback()
    with transaction():
        changed = {**values, "confirmed": True, "review_on": clock.today() - dt.timedelta(days=1)}
        directory.change(coordinator, entry.id, 1, changed)
    with pytest.raises(Conflict), transaction():
        directory.change(coordinator, entry.id, 1, values)
    found = {line.id: line for line in directory.search(coordinator, "tr", need="cash", province="31")}
    assert pair.entry in found
    assert found[entry.id].overdue
    with transaction():
        directory.retire(coordinator, entry.id, 2)
    with transaction():  # a second click
        directory.retire(coordinator, entry.id, 2)
    with pytest.raises(NotFound), transaction():
        directory.retire(coordinator, entry.id, 3)
    with transaction():
        directory.begin(coordinator)
        assert len(directory.search(coordinator, "tr")) == len(before) - 1
    for _ in range(2):
        with transaction():
            directory.restore(coordinator, entry.id, 3)
    assert directory.entry(coordinator, entry.id).version == 4
    db.session.rollback()
    with pytest.raises(Conflict), transaction():
        directory.retire(coordinator, entry.id, 2)  # an older page
    with transaction():
        directory.retire(coordinator, entry.id, 4)
    wrongs: list[dict[str, Any]] = [
        {"name_ar": "", "name_tr": "", "name_en": ""},
        {"services": []},
        {"partner_id": uuid4()},
    ]
    for wrong in wrongs:
        with pytest.raises(DomainError), transaction():
            directory.add(coordinator, uuid4(), {**values, **wrong})
    with pytest.raises(DomainError), transaction():
        directory.add(pair.ours["caseworker"], uuid4(), values)
