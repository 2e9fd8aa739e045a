"""The sender's side: draft, enquiry, withdrawal, reminder, feedback, end; and answers recorded by hand.

An enquiry is made of codes only, so that it cannot name anybody.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from cases.models import Case
from cases.service import gate, keys, records, rows, timeline
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import lifecycle
from domain import referrals as rules
from domain.referrals import Side, State
from referrals.models.referrals import Referral
from referrals.service import directory, lines, moving
from referrals.service.reach import Moved, sent
from vault import Key, Pair

NAMELESS: Final = ("need", "province", "language")


def draft(
    actor: Actor, case_id: UUID, entry_id: UUID, priority: str, enquiry: dict[str, str], token: UUID
) -> UUID:
    """Begin a referral and give its id. The same token twice begins once. Raises DomainError, NotFound.

    `enquiry`: codes of need, province and language.
    """
    case = find(actor, Permission.REFERRAL_SEND, case_id)
    again = select(Referral.id).where(Referral.token == token, Referral.created_by == actor.person_id)
    already = db.session.scalar(again)
    if already is not None:
        return already
    if case.state in {lifecycle.State.CLOSED, lifecycle.State.ERASED}:
        raise DomainError(_("A closed file refers nobody. A coordinator can reopen it."))
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    gate.require(case, records.open_record(key, case), gate.Act.REFER)
    entry = directory.entry(actor, entry_id)
    if entry.retired:
        raise DomainError(_("This entry is no longer in the directory. Choose another one."), field="entry")
    now = clock.now()
    referral = Referral(
        id=uuid4(),
        organisation_id=case.organisation_id,
        case_id=case.id,
        partner_id=entry.partner_id,
        created_by=actor.person_id,
        state=str(State.DRAFT),
        priority=_priority(priority),
        created_at=now,
        changed_at=now,
        chases=0,
        lines=0,
        waits_sender=False,
        waits_partner=False,
        written=0,
        details=b"",
        token=token,
        version=1,
    )
    details = {"entry": str(entry.id), "entry_name": entry.name(actor.language), **_coded(enquiry)}
    keep_details(key, case, referral, details)
    db.session.add(referral)
    db.session.flush()
    note(actor, case, key, "referral.draft", "draft", details)
    return referral.id


def edit_draft(actor: Actor, referral_id: UUID, version: int, priority: str, enquiry: dict[str, str]) -> None:
    """Change what an unsent referral asks. Raises Moved for a stale version, DomainError once it was sent."""
    case, referral = sent(actor, referral_id, version)
    if referral.state != State.DRAFT:
        raise DomainError(_("It was sent already and stays as it is. Withdraw it and begin another one."))
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = {**open_details(key, case, referral), **_coded(enquiry)}
    referral.priority = _priority(priority)
    keep_details(key, case, referral, details)
    referral.version += 1
    referral.changed_at = clock.now()
    note(actor, case, key, "referral.draft", "draft", details)


def send(actor: Actor, referral_id: UUID, version: int) -> None:
    """Send the enquiry; twice is once. Raises Locked while nothing can be sealed to the partner."""
    case, referral = sent(actor, referral_id)
    key, details = _opened(actor, case, referral)
    gate.require(case, records.open_record(key, case), gate.Act.REFER)
    content = {**{name: details[name] for name in NAMELESS}, "priority": referral.priority}
    if referral.version != version:
        inbox: dict[UUID | None, Pair] = {None: keys.inbox(case, key)}
        if referral.state == State.ENQUIRY and lines.ends_with(
            actor, referral, State.ENQUIRY, content, inbox
        ):
            return
        raise Moved
    entry = directory.entry(actor, UUID(details["entry"]))
    if entry.retired:
        raise DomainError(
            _(
                "This entry was taken out of the directory since the draft was written. Nothing was sent, "
                "and the draft is kept. Throw it away and choose somebody else."
            )
        )
    # The entry may have been linked to a partner, taken off one or renamed since the draft was written.
    referral.partner_id = entry.partner_id
    details = {**details, "entry_name": entry.name(actor.language)}
    keep_details(key, case, referral, details)
    moving.step(actor, case, referral, State.ENQUIRY, Side.SENDER, content)
    note(actor, case, key, "referral.send", "sent", details)


def discard(actor: Actor, referral_id: UUID, version: int) -> UUID:
    """Throw a draft away and give the id of its case. Raises DomainError once it was sent."""
    case, referral = sent(actor, referral_id, version)
    if referral.state != State.DRAFT:
        raise DomainError(_("It was sent already and stays as it is. Withdraw it and begin another one."))
    key, details = _opened(actor, case, referral)
    db.session.delete(referral)
    note(actor, case, key, "referral.discard", "discarded", details)
    return case.id


def withdraw(actor: Actor, referral_id: UUID, version: int, reason: str) -> None:
    """Take the referral back, with a reason; the partner's access ends with it."""
    case, referral = sent(actor, referral_id, version)
    key, details = _opened(actor, case, referral)
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    moving.step(actor, case, referral, State.WITHDRAWN, Side.SENDER, {"text": reason})
    note(actor, case, key, "referral.withdraw", "withdrawn", details)


def answer_by_hand(actor: Actor, referral_id: UUID, version: int, to: str, code: str, text: str) -> None:
    """Record what somebody without an account here said on the phone or on paper.

    `to`: a state that the recipient decides. `code`: why it declines, or what came of it.
    """
    case, referral = sent(actor, referral_id, version)
    if referral.partner_id is not None or to not in rules.ANSWERED_BY_PARTNER:
        raise NotFound
    key, details = _opened(actor, case, referral)
    moving.step(actor, case, referral, State(to), Side.SENDER, answer(to, code, text))
    note(actor, case, key, "referral.by_hand", to, details)


def chase(actor: Actor, referral_id: UUID, version: int, text: str) -> None:
    """Record that the other side was reminded."""
    case, referral = sent(actor, referral_id, version)
    if referral.state not in {State.ENQUIRY, State.RELEASED, State.IN_PROGRESS}:
        raise DomainError(_("There is nothing to remind them of now."))
    key, details = _opened(actor, case, referral)
    lines.write(actor, case, referral, lines.CHASED, {"text": text})
    referral.chases += 1
    moving.told(referral, Side.SENDER)
    note(actor, case, key, "referral.chase", "chased", details)


def close(actor: Actor, referral_id: UUID, version: int, text: str) -> None:
    """End the referral: after feedback, or after two reminders that nobody answered."""
    case, referral = sent(actor, referral_id, version)
    key, details = _opened(actor, case, referral)
    moving.step(actor, case, referral, State.CLOSED, Side.SENDER, {"text": text})
    note(actor, case, key, "referral.close", "closed", details)


def answer(to: str, code: str, text: str) -> dict[str, str]:
    """The content of an answer. Raises DomainError for a code that the list does not have."""
    needed = {State.DECLINED: "referral_decline_reason", State.OUTCOME: "referral_outcome"}.get(State(to))
    if needed is not None and code not in reference().lists[needed]:
        raise DomainError(_("Choose one."), field="code")
    return {"code": code if needed else "", "text": text}


def keep_details(key: Key, case: Case, referral: Referral, details: dict[str, Any]) -> None:
    """Seal what only the sender reads, as the next writing of it."""
    referral.written += 1
    referral.details = vault.seal(key, orjson.dumps(details), _context(case, referral))


def open_details(key: Key, case: Case, referral: Referral) -> dict[str, Any]:
    """The sender's own part of a referral. Raises vault.Unreadable when anything about it was changed."""
    details: dict[str, Any] = orjson.loads(vault.unseal(key, referral.details, _context(case, referral)))
    return details


def reseal_details(case: Case, referral: Referral, old: Key, new: Key) -> None:
    """Seal the same under the new key of the case."""
    context = _context(case, referral)
    referral.details = vault.seal(new, vault.unseal(old, referral.details, context), context)


def _opened(actor: Actor, case: Case, referral: Referral) -> tuple[Key, dict[str, Any]]:
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return key, open_details(key, case, referral)


def note(actor: Actor, case: Case, key: Key, act: str, change: str, details: dict[str, Any]) -> None:
    """A line in the timeline of the case, and the act on the chain."""
    said = {"change": change, "name": details["entry_name"]}
    timeline.write(actor, case, key, "referral", "", data=said)
    case.changed_at = clock.now()
    rows.written(actor, act, key, case)


def _priority(code: str) -> str:
    if code not in rules.CLOCKS:
        raise DomainError(_("Choose how soon."), field="priority")
    return code


def _coded(enquiry: dict[str, str]) -> dict[str, str]:
    """The enquiry as codes that the lists have: nothing that was typed. Raises DomainError."""
    known = {
        "need": reference().lists["service"].codes,
        "province": tuple(reference().places.provinces),
        "language": reference().lists["language"].codes,
    }
    for name, codes in known.items():
        if enquiry[name] not in codes:
            raise DomainError(_("Choose one."), field=name)
    return {name: enquiry[name] for name in NAMELESS}


def _context(case: Case, referral: Referral) -> vault.Context:
    return vault.row_context(
        case.organisation_id, case.id, "referrals.details", referral.id, referral.written
    )
