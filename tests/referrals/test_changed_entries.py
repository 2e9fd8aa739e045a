"""A consent is for whom the person was told, not for what the entry of the directory becomes later."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from referrals.models.referrals import ReferralPacket
from referrals.service import directory, listing, packets, paper, sending
from tests.referrals.conftest import ENQUIRY, NAME, PHONE, Pair, entry_of
from tests.support.cast import founded
from tests.support.clock import FrozenClock


def change(pair: Pair, entry_id: UUID, **changes: Any) -> None:
    """What a coordinator does with an entry."""
    coordinator = pair.ours["coordinator"]
    with transaction():
        entry = directory.entry(coordinator, entry_id)
        names = (*directory.TEXTS, *directory.LISTS, "capacity", "partner_id", "confirmed", "review_on")
        values = {name: getattr(entry, name) for name in names}
        directory.change(coordinator, entry_id, entry.version, {**values, **changes})


def by_hand(pair: Pair, case_id: UUID) -> UUID:
    """A referral to a public service that has accepted on the phone."""
    caseworker, entry = pair.ours["caseworker"], entry_of(pair, "sydv")
    with transaction():
        referral_id = sending.draft(caseworker, case_id, entry, "normal", ENQUIRY, uuid4())
    with transaction():
        sending.send(caseworker, referral_id, 1)
    with transaction():
        sending.answer_by_hand(caseworker, referral_id, pair.version(referral_id), "accepted", "", "")
    return referral_id


def test_a_consent_for_an_entry_does_not_cover_the_organisation_it_is_linked_to_later(
    one_database: Pair,
) -> None:
    """The person agreed to a public office; the entry was renamed and linked to a partner afterwards."""
    pair = one_database
    case_id, office = pair.case(), entry_of(pair, "sydv")
    pair.consent(case_id, recipient=str(office))
    change(pair, office, name_tr="Başka Dernek", partner_id=pair.theirs.organisation_id)
    with transaction():
        referral_id = sending.draft(pair.ours["caseworker"], case_id, office, "urgent", ENQUIRY, uuid4())
    with transaction():
        sending.send(pair.ours["caseworker"], referral_id, 1)
    pair.accept(referral_id)
    with transaction():
        _details, offers = packets.offers(pair.ours["caseworker"], referral_id)
    assert {offer.why for offer in offers} == {"changed"}
    with pytest.raises(DomainError, match="Ask the person again"):
        pair.release(referral_id)
    assert db.session.get(ReferralPacket, referral_id) is None
    assert pair.row(referral_id).state == "accepted"
    pair.consent(case_id, recipient=str(office))
    pair.release(referral_id)
    assert pair.packet(referral_id) is not None


def test_a_draft_goes_to_nobody_who_left_the_directory_and_names_who_is_there_now(one_database: Pair) -> None:
    pair, office = one_database, entry_of(one_database, "sydv")
    caseworker, coordinator = pair.ours["caseworker"], pair.ours["coordinator"]
    case_id = pair.case()
    with transaction():
        referral_id = sending.draft(caseworker, case_id, office, "normal", ENQUIRY, uuid4())
    with transaction():
        directory.retire(coordinator, office, directory.entry(coordinator, office).version)
    with pytest.raises(DomainError, match="the draft is kept"), transaction():
        sending.send(caseworker, referral_id, 1)
    assert pair.row(referral_id).state == "draft"
    with transaction():
        directory.restore(coordinator, office, directory.entry(coordinator, office).version)
    change(pair, office, name_ar="مكتب", name_tr="Yeni Vakıf", name_en="New office")
    with transaction():
        sending.send(caseworker, referral_id, 1)
    with transaction():
        sent = listing.open_sent(caseworker, referral_id)
    assert sent.details["entry_name"] in {"Yeni Vakıf", "New office", "مكتب"}
    assert not sent.moved


def test_a_partner_may_be_renamed_but_not_exchanged(one_database: Pair) -> None:
    pair = one_database
    case_id = pair.case()
    referral_id = pair.enquire(case_id)
    pair.accept(referral_id)
    pair.consent(case_id)
    change(pair, pair.entry, name_tr="Yad Yardım Derneği")
    with transaction():
        assert not listing.open_sent(pair.ours["caseworker"], referral_id).moved
    change(pair, pair.entry, partner_id=None)
    with transaction():
        assert listing.open_sent(pair.ours["caseworker"], referral_id).moved
    with pytest.raises(DomainError, match="begin another one"):
        pair.release(referral_id)
    change(pair, pair.entry, partner_id=pair.theirs.organisation_id)
    pair.release(referral_id)
    assert pair.packet(referral_id) is not None


def test_a_renamed_office_is_told_nothing_and_its_form_names_nobody(one_database: Pair) -> None:
    """The enquiry was made on the phone before; the name in one language is enough to be another office."""
    pair = one_database
    case_id, office = pair.case(), entry_of(pair, "sydv")
    referral_id = by_hand(pair, case_id)
    pair.consent(case_id, recipient=str(office))
    pair.release(referral_id)
    change(pair, office, name_ar="مكتب آخر")
    with transaction():
        assert paper.facts(pair.ours["caseworker"], referral_id, "tr").values == {}
    again = by_hand(pair, case_id)
    with pytest.raises(DomainError, match="Ask the person again"):
        pair.release(again)
    change(pair, office, name_tr="Başka Ofis", name_en="Another office")
    pair.consent(case_id, recipient=str(office))
    with pytest.raises(DomainError, match="begin another one"):
        pair.release(again)


def printed(pair: Pair, referral_id: UUID) -> paper.FormFacts:
    with transaction():
        return paper.facts(pair.ours["caseworker"], referral_id, "tr")


@pytest.mark.parametrize("linked", [True, False])
def test_the_form_for_a_partner_is_never_addressed_to_somebody_else(
    one_database: Pair, *, linked: bool
) -> None:
    """Released to one partner; a coordinator then renames the entry, and links it to another one."""
    pair = one_database
    _case_id, referral_id = pair.released()
    before = printed(pair, referral_id)
    assert NAME in str(before.values)
    assert PHONE in str(before.values)
    assert not before.elsewhere
    renamed: dict[str, Any] = {"name_tr": "Üçüncü Kuruluş", "focal_person": "Kişi Üç", "phone": "0312 333"}
    if linked:
        renamed["partner_id"] = founded(pair.ours.app, "UCU").organisation_id
    change(pair, pair.entry, **renamed)
    after = printed(pair, referral_id)
    # The partner's own name, and no contact that may be another's.
    assert after.receiver == {"name": "Uydurma Dernek", "person": "", "phone": ""}
    assert after.elsewhere is linked
    assert (NAME in str(after), PHONE in str(after)) == (not linked, not linked)
    assert (after.consent_until is None) is linked


def test_what_was_written_on_paper_for_an_office_is_not_written_for_another(one_database: Pair) -> None:
    pair = one_database
    case_id, office = pair.case(), entry_of(pair, "sydv")
    referral_id = by_hand(pair, case_id)
    pair.consent(case_id, recipient=str(office))
    pair.release(referral_id)
    asked = printed(pair, referral_id).receiver["name"]
    change(pair, office, name_ar="مكتب", name_tr="Başka Ofis", name_en="Another office", phone="0312 333")
    facts = printed(pair, referral_id)
    assert (facts.values, facts.elsewhere) == ({}, True)
    assert facts.receiver == {"name": asked, "person": "", "phone": ""}


@pytest.mark.parametrize("to", ["partner", "office"])
def test_nothing_is_released_to_who_left_the_directory(one_database: Pair, to: str) -> None:
    pair = one_database
    coordinator, case_id = pair.ours["coordinator"], pair.case()
    if to == "partner":
        entry_id, referral_id = pair.entry, pair.enquire(case_id)
        pair.accept(referral_id)
    else:
        entry_id, referral_id = entry_of(pair, "sydv"), by_hand(pair, case_id)
    pair.consent(case_id, recipient=str(entry_id))
    with transaction():
        directory.retire(coordinator, entry_id, directory.entry(coordinator, entry_id).version)
    with transaction():
        _details, offers = packets.offers(pair.ours["caseworker"], referral_id)
    assert {offer.why for offer in offers} == {"retired"}
    with pytest.raises(DomainError, match="taken out of the directory"):
        pair.release(referral_id)
    assert pair.row(referral_id).state == "accepted"
    assert db.session.get(ReferralPacket, referral_id) is None
    with transaction():
        directory.restore(coordinator, entry_id, directory.entry(coordinator, entry_id).version)
    pair.release(referral_id)
    assert pair.row(referral_id).state == "released"


def test_a_renamed_entry_ends_nothing_that_nobody_took_back(one_database: Pair) -> None:
    """An answer about somebody else is no reason to say that the person took this consent back."""
    pair = one_database
    case_id, office = pair.case(), entry_of(pair, "sydv")
    referral_id = by_hand(pair, case_id)
    pair.consent(case_id, recipient=str(office))
    pair.release(referral_id)
    change(pair, office, name_tr="Başka Ofis")
    pair.consent(case_id, answer="refused", fields=[], purposes=[])
    with transaction():
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert (sent.state, sent.changed) == ("released", True)
    assert "consent_ended" not in [line.kind for line in sent.lines]
    # What the person does take back ends, whatever the entry is called now.
    pair.consent(case_id, answer="refused", recipient=str(office), fields=[], purposes=[])
    with transaction():
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert (sent.state, sent.changed, sent.lines[-1].kind) == ("withdrawn", False, "consent_ended")


def test_a_consent_that_ran_out_is_not_called_taken_back(clock: FrozenClock, one_database: Pair) -> None:
    """An answer about somebody else comes before the clock does."""
    pair = one_database
    case_id, referral_id = pair.released()
    clock.set(dt.datetime(2027, 5, 2, 0, 0, tzinfo=dt.UTC))
    pair.consent(case_id, answer="refused", recipient=str(entry_of(pair, "sydv")), fields=[], purposes=[])
    with transaction():
        sent = listing.open_sent(pair.ours["caseworker"], referral_id)
    assert (sent.state, sent.lines[-1].kind) == ("expired", "expired")
    assert pair.packet(referral_id) is None
