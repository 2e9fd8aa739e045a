"""A few referrals between the two invented organisations, one in each place where a referral can stand."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

import vault
from accounts.service import partners, trust
from cases.service import consents, listing
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import CASEWORKER, COORDINATOR, FOCAL_POINT, Member, Office
from referrals.models.referrals import Referral
from referrals.service import directory, packets, receiving, sending

_SERVICES: Final = ["legal_representation", "psychosocial", "housing"]
_FIELDS: Final = ["name", "language", "phones", "summary"]
_SUMMARY: Final = "تحتاج الأسرة إلى مسكن قبل نهاية الشهر، ولديها طفلان في المدرسة."
# How far each goes; `hand`: to a public service, by phone.
_WAYS: Final = ("enquiry", "declined", "accepted", "released", "outcome", "hand")


def live(offices: list[Office]) -> None:
    """Both compare roots; the first refers, the second answers."""
    ours, theirs = offices
    for one, other in ((ours, theirs), (theirs, ours)):
        _compare(one, other)
    sender, focal = ours.having(CASEWORKER)[0], theirs.having(FOCAL_POINT)[0]
    entry = _link(ours, theirs)
    with transaction():
        rows = listing.list_cases(sender.actor, mine=True, limit=100).rows
    open_cases = [row.id for row in rows if row.state not in {"closed", "erased"}]
    for way, case_id in zip(_WAYS, open_cases, strict=False):
        _refer(sender, focal, case_id, entry, way)


def _compare(one: Office, other: Office) -> None:
    partner_id = other.members[0].actor.organisation_id
    with transaction():
        fingerprint = vault.fingerprint(trust.root(partner_id).root_public)
        partners.confirm(one.having(COORDINATOR)[0].actor, partner_id, fingerprint)


def _link(ours: Office, theirs: Office) -> UUID:
    """The partner's entry in our directory."""
    coordinator = ours.having(COORDINATOR)[0].actor
    name_ar, name_tr, name_en = theirs.plan.names
    values: dict[str, Any] = {
        "name_ar": name_ar, "name_tr": name_tr, "name_en": name_en, "services": _SERVICES,
        "provinces": [], "languages": ["ar", "tr"], "capacity": "open",
        "address": "Örnek Mahallesi, Deneme Sokak 7, Gaziantep",
        "hours": "09:00-17:00", "focal_person": "Nalan Güneş", "phone": "0212 000 00 00", "confirmed": True,
        "partner_id": theirs.members[0].actor.organisation_id, "review_on": directory.next_review(),
    }  # fmt: skip # one entry
    with transaction():
        directory.begin(coordinator)
        return directory.add(coordinator, uuid4(), values)


def _refer(sender: Member, focal: Member, case_id: UUID, partner: UUID, way: str) -> None:
    """One referral, as far as it goes."""
    by_hand, actor = way == "hand", sender.actor
    with transaction():
        found = directory.search(actor, "tr", need="cash")
        entry = found[0].id if by_hand else partner
        enquiry = {"need": "cash" if by_hand else "housing", "province": "27", "language": "ar_levantine"}
        referral_id = sending.draft(actor, case_id, entry, "urgent", enquiry, uuid4())
        sending.send(actor, referral_id, 1)
        if way == "declined":
            receiving.decline(focal.actor, referral_id, 2, "capacity", "Ocakta yeniden sorabilirsiniz.")
        elif way in {"accepted", "released", "outcome"}:
            receiving.accept(focal.actor, referral_id, 2)
    if way in {"released", "outcome"}:
        _release(sender, case_id, referral_id, partner)
    if way == "outcome":
        with transaction():
            version = db.session.get_one(Referral, referral_id).version
            receiving.tell_outcome(focal.actor, referral_id, version, "provided", "Bir daire bulundu.")


def _release(sender: Member, case_id: UUID, referral_id: UUID, partner: UUID) -> None:
    """The person agrees, and what was agreed to goes."""
    asked = {
        "kind": consents.SHARING, "answer": "given", "language": "ar", "how": "oral",
        "recipient": str(partner),
        "purposes": ["housing"], "fields": _FIELDS,
    }  # fmt: skip # one answer
    with transaction():
        consents.record_consent(sender.actor, case_id, asked, uuid4())
        written = {"summary": _SUMMARY, "services": "", "needs": []}
        version = db.session.get_one(Referral, referral_id).version
        packets.release(sender.actor, referral_id, version, _FIELDS, written)
