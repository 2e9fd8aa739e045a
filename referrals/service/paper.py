"""The inter-agency referral form (IASC MHPSS Reference Group, 2017): what stands on it, and nothing more.

It names a person only where a live consent covers the name; otherwise the reference of the case stands there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Organisation, Person
from cases.service import keys, rows
from core import clock
from core.access.actors import Actor
from core.audit import service as audit
from core.store.base import db
from referrals.models.directory import DirectoryEntry
from referrals.models.referrals import Referral
from referrals.service import packets, sending
from referrals.service.reach import sent


@dataclass(frozen=True)
class FormFacts:
    """Everything on the form; codes stay codes, the page turns them into words of its language."""

    reference: str
    state: str
    priority: str
    day: dt.date
    sender: Organisation
    person: str  # of the sender, who answers for it
    receiver: dict[str, str]
    need: str
    province: str
    language: str
    values: dict[str, Any]  # fields that were released and are covered now
    elsewhere: bool  # they do not stand here, because the entry is not whom the person was told of
    consent_how: str
    consent_on: dt.date | None
    consent_until: dt.date | None


def facts(actor: Actor, referral_id: UUID, language: str) -> FormFacts:
    """What is printed; the act is on the chain. Raises NotFound, Locked."""
    case, referral = sent(actor, referral_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = sending.open_details(key, case, referral)
    values, elsewhere = packets.covered_values(case, key, referral, details)
    consent = packets.consent_for(case, key, referral, details)[1]
    audit.record(actor, "referral.print", object_kind="referral", object_id=referral.id)
    return FormFacts(
        reference=case.reference,
        state=referral.state,
        priority=referral.priority,
        day=clock.today(),
        sender=db.session.get_one(Organisation, actor.organisation_id),
        person=db.session.get_one(Person, actor.person_id).name,
        receiver=_receiver(referral, details, language),
        need=details["need"],
        province=details["province"],
        language=details["language"],
        values=values,
        elsewhere=elsewhere,
        consent_how=consent.how if consent and values else "",
        consent_on=consent.recorded_at.astimezone(clock.ISTANBUL).date() if consent and values else None,
        consent_until=consent.until if consent and values else None,
    )


def _receiver(referral: Referral, details: dict[str, Any], language: str) -> dict[str, str]:
    """Name, contact and phone of the recipient.

    A partner is called by its own name, whatever the entry says. Contact and phone are those of the
    directory, unless the entry has another name since the enquiry: they may be those of somebody else.
    """
    entry = db.session.get(DirectoryEntry, UUID(details["entry"]))
    if entry is None or packets.moved(referral, details) or details["entry_name"] not in entry.names:
        name, person, phone = details["entry_name"], "", ""
    else:
        name, person, phone = entry.name(language), entry.focal_person, entry.phone
    if referral.partner_id is not None:
        name = db.session.get_one(Organisation, referral.partner_id).name(language)
    return {"name": name, "person": person, "phone": phone}
