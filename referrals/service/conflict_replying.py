"""The other organisation's side of an enquiry about a conflict: read the codes, answer with one word."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Organisation, Person, PersonRole
from accounts.service import partners
from accounts.service.trust import VerifiedOrganisationKey
from cases.service import due
from cases.service.rows import Tampered
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.conflict_enquiries import Reply, State
from referrals.models.conflicts import ConflictEnquiry
from referrals.service import conflict_seal, lines
from referrals.service.reach import Moved
from vault import Pair, VaultError

CONTACTS: Final = (Role.FOCAL_POINT, Role.COORDINATOR)
STEP: Final = 50  # wraps moved to a new key with one page


@dataclass(frozen=True)
class Enquiry:
    """What somebody asks us, in codes; `facts` is empty for what does not open or nobody signed."""

    id: UUID
    sender: str
    sender_compared: bool
    facts: dict[str, Any]
    state: str
    priority: str
    due_at: dt.datetime
    reminded: bool
    reply: str
    contact: str
    version: int


def received(actor: Actor, language: str, limit: int, *, open_only: bool) -> list[Enquiry]:
    """What was asked of the actor's organisation: what waits, or what was answered too; due first."""
    found = reachable(actor, Permission.REFERRAL_ANSWER, ConflictEnquiry)
    if open_only:
        found = found.where(ConflictEnquiry.state == str(State.ASKED))
    found = found.order_by(ConflictEnquiry.state.desc(), ConflictEnquiry.due_at, ConflictEnquiry.id)
    rows = list(db.session.scalars(found.limit(limit)))
    if not rows:
        return []
    wanted = select(Organisation).where(Organisation.id.in_({row.organisation_id for row in rows}))
    names = {one.id: one.name(language) for one in db.session.scalars(wanted)}
    pairs = lines.partner_pairs(actor)
    return [_enquiry(row, names.get(row.organisation_id, ""), pairs, compared=True) for row in rows]


def read(actor: Actor, enquiry_id: UUID, language: str) -> Enquiry:
    """One enquiry, opened; the act is on the chain. Raises NotFound."""
    row = _found(actor, enquiry_id)
    audit.record(actor, "conflict.read", object_kind="conflict_enquiry", object_id=row.id)
    sender = db.session.get_one(Organisation, row.organisation_id)
    compared = partners.compared(actor, sender.id)
    return _enquiry(row, sender.name(language), lines.partner_pairs(actor), compared=compared)


def reply(actor: Actor, enquiry_id: UUID, version: int, said: str, contact: UUID | None) -> None:
    """Answer, with a colleague to call where one is named; the same answer twice is once.

    Raises NotFound, DomainError, Moved where a colleague or the clock was faster, rows.Tampered.
    """
    if said not in reference().lists["conflict_reply"].codes:
        raise DomainError(_("Choose one."), field="reply")
    row = _found(actor, enquiry_id)
    key = conflict_seal.of_partner(row, lines.partner_pairs(actor))
    conflict_seal.facts(row, key)
    content = {"reply": said, "contact": _contact(actor, contact) if said != Reply.NO else ""}
    if row.version != version or row.state != State.ASKED:
        if row.answered_by == actor.person_id and conflict_seal.answered(row, key) == content:
            return
        raise Moved
    row.answered_by, row.answered_at = actor.person_id, clock.now()
    conflict_seal.answer(actor, row, key, content)
    row.state, row.remind_at, row.news, row.version = str(State.ANSWERED), None, True, row.version + 1
    due.hear_due(row.organisation_id, row.case_id)
    db.session.flush()
    audit.record(actor, "conflict.reply", object_kind="conflict_enquiry", object_id=row.id)


def contacts(actor: Actor) -> list[tuple[UUID, str]]:
    """Colleagues whom the other side may call about such a thing, by name."""
    found = (
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.state == "active",
            PersonRole.role.in_([str(role) for role in CONTACTS]),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in db.session.execute(found)]


def renew(actor: Actor, pairs: dict[UUID | None, Pair], newest: VerifiedOrganisationKey) -> None:
    """Move what waits to the newest epoch of the partner key, some with each page."""
    ours = reachable(actor, Permission.REFERRAL_ANSWER, ConflictEnquiry)
    older = ours.where(ConflictEnquiry.partner_key_id.in_(pairs.keys() - {newest.id})).limit(STEP)
    for row in db.session.scalars(older).all():
        conflict_seal.rewrap(row, pairs[row.partner_key_id], newest)


def _found(actor: Actor, enquiry_id: UUID) -> ConflictEnquiry:
    """An enquiry to the actor's organisation that is not over, locked. Raises NotFound."""
    theirs = reachable(actor, Permission.REFERRAL_ANSWER, ConflictEnquiry)
    locked = theirs.where(ConflictEnquiry.id == enquiry_id).with_for_update(of=ConflictEnquiry)
    row = db.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _contact(actor: Actor, person_id: UUID | None) -> str:
    if person_id is None:
        return ""
    name = dict(contacts(actor)).get(person_id)
    if name is None:
        raise DomainError(_("Choose one."), field="contact")
    return name


def _enquiry(row: ConflictEnquiry, sender: str, pairs: dict[UUID | None, Pair], *, compared: bool) -> Enquiry:
    try:
        key = conflict_seal.of_partner(row, pairs)
        facts, said = conflict_seal.facts(row, key), conflict_seal.answered(row, key)
    except (VaultError, Tampered):
        facts, said = {}, {}
    return Enquiry(
        row.id,
        sender,
        compared,
        facts,
        row.state,
        row.priority,
        row.due_at,
        row.reminded_at is not None,
        said.get("reply", ""),
        said.get("contact", ""),
        row.version,
    )
