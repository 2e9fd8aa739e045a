"""Ask other organisations, without a name, whether they act for the other side; read what they answer.

No referral: an answer is neither an acceptance nor a refusal, and stands in no figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select, update

from accounts.models import Organisation
from accounts.service import partners
from accounts.service.partners import PartnerLine
from cases.models import Case
from cases.service import keys, records, rows, timeline
from cases.service.decisions import Asked
from cases.service.reach import find
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import conflict_enquiries as rules
from domain import lifecycle
from domain.conflict_enquiries import CHECKABLE, State, sign
from referrals.models.conflicts import ConflictEnquiry
from referrals.service import conflict_seal, lines
from vault import Key, Pair, VaultError

NOT_THE_OTHER_SIDE: Final = frozenset({"client", "staff", "member_organisation"})
NEWS: Final = 20


def askable(actor: Actor, language: str) -> list[PartnerLine]:
    """The organisations that can be asked: compared by voice, with a focal point who holds a key."""
    return [one for one in partners.lines(actor, language) if one.confirmed and one.receives]


def facts_of(actor: Actor, case_id: UUID, chosen: dict[str, Any], token: UUID) -> dict[str, str]:
    """What would leave, word for word: codes only, and a sign that tells nothing.

    chosen: `kind`, `role`, `priority` and, in `along`, which facts of the case go with it. Raises NotFound,
    Locked, DomainError for a code that the lists do not have.
    """
    case = find(actor, Permission.CONFLICT_DECIDE, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return _facts(case, records.open_record(key, case), chosen, token)


def ask(
    actor: Actor, case_id: UUID, partner_ids: Collection[UUID], chosen: dict[str, Any], token: UUID
) -> None:
    """Ask each of these organisations; the same form twice asks once.

    Raises NotFound, DomainError, and Locked while nothing can be sealed to one of them.
    """
    case = find(actor, Permission.CONFLICT_DECIDE, case_id)
    if case.state in {lifecycle.State.CLOSED, lifecycle.State.ERASED}:
        raise DomainError(_("A closed file asks nobody. A coordinator can reopen it."))
    if not partner_ids:
        raise DomainError(_("Choose at least one organisation."), field="to")
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    facts, now = _facts(case, records.open_record(key, case), chosen, token), clock.now()
    remind_at, due_at = rules.clock(facts["priority"], now)
    names = []
    for partner_id in sorted(set(partner_ids)):
        enquiry_id = uuid5(token, partner_id.hex)
        if db.session.get(ConflictEnquiry, enquiry_id) is not None:
            continue
        home = db.session.get(Organisation, partner_id)
        if home is None or partner_id == actor.organisation_id:
            raise NotFound
        row = ConflictEnquiry(
            id=enquiry_id,
            organisation_id=case.organisation_id,
            case_id=case.id,
            partner_id=partner_id,
            asked_by=actor.person_id,
            asked_at=now,
            priority=facts["priority"],
            state=str(State.ASKED),
            due_at=due_at,
            remind_at=remind_at,
            news=False,
            version=1,
        )
        conflict_seal.ask(actor, case, row, lines.partner_key(actor, partner_id), facts)
        db.session.add(row)
        names.append(home.name(actor.language))
    if not names:
        return
    db.session.flush()
    timeline.write(actor, case, key, "conflict_asked", "", data={"names": sorted(names)})
    case.changed_at = now
    rows.written(actor, "conflict.ask", key, case)


def of_case(actor: Actor, case: Case, key: Key) -> list[Asked]:
    """What was asked about a case and answered, newest first."""
    found = select(ConflictEnquiry).where(ConflictEnquiry.case_id == case.id)
    ours = list(db.session.scalars(found.order_by(ConflictEnquiry.asked_at.desc(), ConflictEnquiry.id)))
    if not ours:
        return []
    inbox = keys.inbox(case, key)
    wanted = select(Organisation).where(Organisation.id.in_({row.partner_id for row in ours}))
    names = {one.id: one.name(actor.language) for one in db.session.scalars(wanted)}
    return [_asked(row, names.get(row.partner_id, ""), inbox) for row in ours]


def looked_at(case: Case) -> None:
    """Somebody looks at the check of a case: what was answered is no news any more."""
    mine = update(ConflictEnquiry).where(ConflictEnquiry.case_id == case.id, ConflictEnquiry.news)
    db.session.execute(mine.values(news=False).execution_options(synchronize_session=False))


def withdraw(actor: Actor, enquiry_id: UUID) -> UUID:
    """Take an enquiry back and give the id of its case; it vanishes where it was asked. Twice is once."""
    mine = reachable(actor, Permission.CONFLICT_DECIDE, ConflictEnquiry)
    case_id = db.session.scalar(
        mine.where(ConflictEnquiry.id == enquiry_id).with_only_columns(ConflictEnquiry.case_id)
    )
    if case_id is None:
        raise NotFound
    case = find(actor, Permission.CONFLICT_DECIDE, case_id)
    [row] = _locked(ConflictEnquiry.id == enquiry_id)
    if row.state == State.ASKED:
        _end(row, State.WITHDRAWN)
        audit.record(actor, "conflict.withdraw", object_kind="case", object_id=case.id)
    elif row.state == State.ANSWERED:
        raise DomainError(_("It was answered just now. The answer stands below."))
    return case.id


def decided(_actor: Actor, case: Case, _key: Key) -> None:
    """A conflict was decided, or the case closed: what still waits is over, and nobody asked reads on."""
    for row in _locked(ConflictEnquiry.case_id == case.id):
        if row.state == State.ASKED:
            _end(row, State.CLOSED)
        row.partner_wrap, row.partner_key_id = None, None
    db.session.flush()


def rotated(case: Case, _old: Key, _new: Key, old_inbox: Pair) -> None:
    """The case has a new key and inbox."""
    for row in _locked(ConflictEnquiry.case_id == case.id):
        conflict_seal.reseal(case, row, old_inbox)


def news(actor: Actor) -> list[tuple[UUID, str]]:
    """Cases, by id and reference, in which somebody answered or kept silent and nobody has looked."""
    mine = reachable(actor, Permission.CONFLICT_DECIDE, ConflictEnquiry).where(ConflictEnquiry.news)
    ids = db.session.scalars(mine.with_only_columns(ConflictEnquiry.case_id).distinct().limit(NEWS)).all()
    if not ids:
        return []
    ours = reachable(actor, Permission.CONFLICT_DECIDE, Case).where(Case.id.in_(ids))
    found = ours.with_only_columns(Case.id, Case.reference).order_by(Case.reference)
    return [(case_id, known) for case_id, known in db.session.execute(found)]


def run_clock() -> None:
    """Remind once, and end what nobody answered in time. Keyless; twice is once."""
    now = clock.now()
    waits = ConflictEnquiry.state == str(State.ASKED)
    due = select(ConflictEnquiry.id).where(
        waits, or_(ConflictEnquiry.due_at <= now, ConflictEnquiry.remind_at <= now)
    )
    for enquiry_id in db.session.scalars(due).all():
        for row in _locked(ConflictEnquiry.id == enquiry_id, waits):
            _tick(row, now)
    db.session.flush()


def _tick(row: ConflictEnquiry, now: dt.datetime) -> None:
    if row.due_at <= now:
        _end(row, State.SILENT)
        row.news, act = True, "conflict.expire"
    else:
        row.remind_at, row.reminded_at, act = None, now, "conflict.remind"
    home = row.organisation_id
    audit.record(None, act, organisation_id=home, object_kind="case", object_id=row.case_id)


def _end(row: ConflictEnquiry, state: State) -> None:
    row.state, row.remind_at, row.version = str(state), None, row.version + 1
    row.partner_wrap, row.partner_key_id = None, None
    db.session.flush()


def _locked(*where: Any) -> list[ConflictEnquiry]:
    found = select(ConflictEnquiry).where(*where).order_by(ConflictEnquiry.id).with_for_update()
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _asked(row: ConflictEnquiry, name: str, inbox: Pair) -> Asked:
    """One line; what does not open, or was signed by nobody who may, is no answer and says so."""
    try:
        key = conflict_seal.of_case(row, inbox)
        facts, said, broken = conflict_seal.facts(row, key), conflict_seal.answered(row, key), False
    except (VaultError, rows.Tampered):
        facts, said, broken = {}, {}, True
    return Asked(
        row.id,
        name,
        row.state,
        facts,
        said.get("reply", ""),
        said.get("contact", ""),
        row.asked_at,
        row.answered_at,
        row.due_at,
        broken,
    )


def _facts(case: Case, record: dict[str, Any], chosen: dict[str, Any], token: UUID) -> dict[str, str]:
    lists = reference().lists
    known = {
        "kind": lists["conflict_other_side"].codes,
        "role": [code for code in lists["party_role"].codes if code not in NOT_THE_OTHER_SIDE],
        "priority": lists["referral_priority"].codes,
    }
    for name, codes in known.items():
        if chosen.get(name) not in codes:
            raise DomainError(_("Choose one."), field=name)
    ours = {
        "issue": record.get("issue") or "",
        "province": record.get("province") or "",
        "month": f"{case.opened_on:%Y-%m}",
    }
    along = {name: ours[name] if name in chosen.get("along", ()) else "" for name in CHECKABLE}
    return {**{name: str(chosen[name]) for name in known}, **along, "sign": sign(token.hex)}
