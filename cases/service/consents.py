"""Consents, one by one: given, refused, withdrawn; each with the version and language of the wording.

A consent to sharing names its recipient, the services for which it is given and the fields that may go; the
newest answer for each recipient counts. Every answer ends after the months of its wording.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from cases.models import Case, Consent
from cases.service import facts, keys, records, rows, team, timeline
from cases.service.reach import find
from cases.service.views import OpenConsent
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.errors import Conflict, DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain.consents import STORY
from domain.identity import is_child
from domain.stories.levels import ASKED, PUBLIC, carries, child_may
from referrals.models.directory import DirectoryEntry
from vault import Key

ANSWERS = ("given", "refused")
SHARING: Final = "partner_sharing"
_SHARED: Final = (
    "recipient", "recipient_name", "recipient_names", "recipient_partner", "purposes", "fields",
)  # fmt: skip # what a consent to sharing says
_STATE: Final = 32  # hex digits: enough that nobody makes another entry with the same
STORIES: Final = frozenset({"advocacy", STORY})

# What else must happen when an answer about sharing changed; features above register here.
sharing_changed: list[Callable[[Actor, Case, Key], None]] = []
# And when one about advocacy or a story changed.
stories_changed: list[Callable[[Actor, Case, Key], None]] = []


def record_consent(actor: Actor, case_id: UUID, consent: dict[str, Any], token: UUID) -> None:
    """Record one answer, which takes the place of an earlier one. The same token twice records once.

    `shown`, of an answer about sharing: the entries as the page named them (`state_of`). Raises Conflict
    where the recipient has become another since.
    """
    case = find(actor, Permission.CASE_CONSENT, case_id)
    if timeline.case_of_token(actor, token) is not None:
        return
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if consent.get("recipient"):
        consent = {**consent, **_recipient(actor, consent["recipient"], consent.get("shown"))}
    if consent["kind"] == STORY:
        _require_may_ask(actor, case, key, consent)
    _write(case, key, consent)
    said = {"kind": consent["kind"], "answer": consent["answer"]}
    timeline.write(actor, case, key, "consent", "", data=said, token=token)
    _carry_on(actor, case, key, consent["kind"])
    rows.written(actor, "case.consent", key, case)


def withdraw(actor: Actor, case_id: UUID, consent_id: UUID) -> None:
    """Withdraw a consent; what rested on it stops. Twice is once."""
    case = find(actor, Permission.CASE_CONSENT, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    row = db.session.get(Consent, consent_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    content = rows.open_row(key, case, "case_consents", row.id, row.version, row.sealed)
    if content["answer"] == "withdrawn":
        return
    if content["answer"] != "given":
        raise DomainError(_("Only a consent that was given can be withdrawn."))
    row.version += 1
    content = {**content, "answer": "withdrawn", "withdrawn_at": clock.now().isoformat()}
    row.sealed = rows.seal_row(key, case, "case_consents", row.id, row.version, content)
    row.epoch = key.epoch
    timeline.write(actor, case, key, "consent", "", data={"kind": content["kind"], "answer": "withdrawn"})
    _carry_on(actor, case, key, content["kind"])
    rows.written(actor, "case.consent", key, case)


def write_all(case: Case, key: Key, consents: Iterable[dict[str, Any]]) -> bool:
    """Write the answers taken while recording; True when use in statistics was agreed to."""
    agreed = False
    for consent in consents:
        _write(case, key, consent)
        agreed = agreed or (consent["kind"] == facts.CONSENT and consent["answer"] == "given")
    return agreed


def read(case: Case, key: Key) -> list[OpenConsent]:
    """The answer that counts for each kind asked, and for each recipient, in the order of the wordings."""
    found = select(Consent).where(Consent.case_id == case.id)
    opened = [
        _opened(row, rows.open_row(key, case, "case_consents", row.id, row.version, row.sealed))
        for row in db.session.scalars(found)
    ]
    in_time = sorted(opened, key=lambda one: (one.recorded_at, one.id))
    latest = {(one.kind, one.recipient): one for one in in_time}
    codes = reference().consents.codes
    return sorted(latest.values(), key=lambda one: (codes.index(one.kind), one.recipient_name))


def stands(case: Case, key: Key, kind: str) -> bool:
    """Whether a consent of this kind is given, not withdrawn and not run out."""
    return any(consent.kind == kind and consent.holds for consent in read(case, key))


def sharing(case: Case, key: Key) -> list[OpenConsent]:
    """The answers about sharing, at most one for each recipient."""
    return [consent for consent in read(case, key) if consent.kind == SHARING]


def until_for_story(case: Case, key: Key, level: str) -> dt.date | None:
    """Until when the consents of a case carry a story of a level; None where none does today."""
    child = _is_child(case, key)
    return max(
        (
            one.until
            for one in read(case, key)
            if one.holds and carries(one.kind, one.level, level) and (not child or child_may(level, one.how))
        ),
        default=None,
    )


def check_stories(actor: Actor, case: Case, key: Key) -> None:
    """The person is known better: the story of one who turns out to be a child may stand no more."""
    db.session.flush()
    for hook in stories_changed:
        hook(actor, case, key)


def recipients(actor: Actor, language: str) -> list[tuple[str, str, str]]:
    """Id, name and state of everybody in the directory, for whom a consent to sharing can be asked."""
    found = db.session.scalars(
        reachable(actor, Permission.DIRECTORY_READ, DirectoryEntry).where(DirectoryEntry.retired.is_(False))
    )
    named = ((str(entry.id), entry.name(language), state_of(entry)) for entry in found)
    return sorted(named, key=lambda one: one[1])


def state_of(entry: DirectoryEntry) -> str:
    """Whom an entry stands for, as a digest that a page carries: the answer is about who was read out."""
    said = vault.pack(entry.id, entry.partner_id, entry.name_ar, entry.name_tr, entry.name_en)
    return hashlib.sha256(said).hexdigest()[:_STATE]


def _recipient(actor: Actor, entry_id: str, shown: Collection[str] | None) -> dict[str, Any]:
    """The entry as the person was told it: its name, and who is behind it. Raises NotFound, Conflict."""
    ours = reachable(actor, Permission.DIRECTORY_READ, DirectoryEntry)
    entry = db.session.scalar(ours.where(DirectoryEntry.id == UUID(entry_id)))
    if entry is None:
        raise NotFound
    if shown is not None and state_of(entry) not in shown:
        raise Conflict
    return {
        "recipient_name": entry.name(actor.language),
        "recipient_names": sorted(entry.names),
        "recipient_partner": str(entry.partner_id or ""),
    }


def _opened(row: Consent, content: dict[str, Any]) -> OpenConsent:
    # The column orders rows for the database alone; what counts is the instant that was sealed.
    at = dt.datetime.fromisoformat(content["recorded_at"]) if "recorded_at" in content else row.recorded_at
    given = at.astimezone(clock.ISTANBUL).date()
    until = reference().consents.wording(content["kind"], content["version"]).until(given)
    return OpenConsent(
        row.id,
        content["kind"],
        content["answer"],
        content["version"],
        content["language"],
        content["how"],
        at,
        row.version,
        until,
        content.get("recipient") or "",
        # An answer from before recipients were chosen says in words with whom.
        content.get("recipient_name") or content.get("detail") or "",
        tuple(content.get("purposes") or ()),
        tuple(content.get("fields") or ()),
        # None: from before it was kept.
        recipient_partner=content.get("recipient_partner"),
        recipient_names=tuple(content.get("recipient_names") or ()),
        # An answer from before levels were asked goes as far as its wording: anonymous.
        level=content.get("level") or (PUBLIC if content["kind"] == STORY else ""),
        expired=until < clock.today(),
    )


def _is_child(case: Case, key: Key) -> bool:
    return is_child(records.open_record(key, case)["client"].get("birth") or "", clock.today())


def _require_may_ask(actor: Actor, case: Case, key: Key, consent: dict[str, Any]) -> None:
    """Raise DomainError for who should not ask this person, or an answer that would not hold."""
    if actor.person_id in team.lawyers(case.id):
        raise DomainError(
            _(
                "You are the lawyer of this case, so it is hard to say no to you. "
                "Let a colleague ask for the story."
            ),
            field="answer",
        )
    if consent["answer"] != "given":
        return
    if consent.get("level") not in ASKED:
        raise DomainError(_("Choose how far the story may go."), field="level")
    if not _is_child(case, key):
        return
    if consent["level"] != PUBLIC:
        raise DomainError(
            _("Nobody may be able to recognise a child. Choose the anonymous story."), field="level"
        )
    if consent["how"] != "guardian":
        raise DomainError(
            _("For a child the guardian agrees too. Choose that the guardian did."), field="how"
        )
    if not consent.get("detail", "").strip():
        raise DomainError(
            _("Say why telling the story is in the best interests of the child, who agrees as well."),
            field="detail",
        )


def _write(case: Case, key: Key, consent: dict[str, Any]) -> None:
    catalogue = reference().consents
    if consent["kind"] not in catalogue.codes or consent["answer"] not in ANSWERS:
        raise NotFound
    row_id, now = uuid4(), clock.now()
    content = {
        "recorded_at": now.isoformat(),
        "kind": consent["kind"],
        "answer": consent["answer"],
        "version": catalogue.current(consent["kind"], clock.today()).version,
        "language": consent["language"],
        "how": consent["how"],
        "detail": consent.get("detail", ""),
    }
    if consent["kind"] == SHARING and consent.get("recipient"):
        content |= {name: consent[name] for name in _SHARED}
    if consent["kind"] == STORY and consent["answer"] == "given":
        content["level"] = consent.get("level") or PUBLIC
    db.session.add(
        Consent(
            id=row_id,
            case_id=case.id,
            recorded_at=now,
            version=1,
            epoch=key.epoch,
            sealed=rows.seal_row(key, case, "case_consents", row_id, 1, content),
        )
    )


def _carry_on(actor: Actor, case: Case, key: Key, kind: str) -> None:
    """A changed answer about statistics changes the fact; others may end what was released or written."""
    db.session.flush()
    if kind == facts.CONSENT:
        record = records.open_record(key, case)
        facts.append(actor, case, record, consented=stands(case, key, kind))
    hooks = sharing_changed if kind == SHARING else stories_changed if kind in STORIES else []
    for hook in hooks:
        hook(actor, case, key)
