"""Lists of referrals: of a case, of the sender's desk, of the partner's desk; and how often who said no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy import case as if_

from accounts.models import Organisation
from cases.models import Case
from cases.service import keys, rows
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.errors import Refused
from core.store.base import db
from domain import referrals as rules
from domain.referrals import OPEN, READABLE, Side, State, Why
from referrals.models.referrals import Referral, ReferralLine
from referrals.service import lines, moving, packets, sending
from referrals.service.reach import sent
from referrals.service.views import Answered, ReceivedRow, Sent, SentRow
from vault import Key, VaultError

MOST: Final = 100
_COUNTED: Final = dt.timedelta(days=365)
_OPEN: Final = [str(state) for state in sorted(OPEN)]


def open_sent(actor: Actor, referral_id: UUID) -> Sent:
    """A referral as its sender sees it, whole. Raises NotFound, Locked, rows.Tampered."""
    case, referral = sent(actor, referral_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    said = lines.read(actor, referral, {None: keys.inbox(case, key)})
    moving.looked_at(referral, Side.SENDER)
    by_hand = referral.partner_id is None
    details = sending.open_details(key, case, referral)
    return Sent(
        id=referral.id,
        case_id=case.id,
        reference=case.reference,
        state=referral.state,
        priority=referral.priority,
        partner_id=referral.partner_id,
        details=details,
        lines=said,
        due_at=referral.due_at,
        access_until=dt.date.fromisoformat(details["released"]["until"]) if "released" in details else None,
        chases=referral.chases,
        moved=packets.moved(referral, details) if referral.state in OPEN else None,
        changed=referral.state in READABLE and packets.uncovered(case, key, referral, details) is Why.CHANGED,
        readable=referral.state in READABLE and not by_hand,
        next_states=[
            str(to)
            for to in rules.next_states(referral.state, Side.SENDER, by_hand=by_hand, chases=referral.chases)
        ],
        version=referral.version,
    )


def of_case(_actor: Actor, case: Case, key: Key) -> list[SentRow]:
    """The referrals of an opened case, newest first. One statement."""
    found = db.session.scalars(
        select(Referral).where(Referral.case_id == case.id).order_by(Referral.created_at.desc())
    )
    return [_sent_row(case, referral, key) for referral in found]


def index(actor: Actor, *, everything: bool = False) -> list[SentRow]:
    """Referrals of the actor's cases: open ones and news, or all of them; what is due first."""
    if not may(actor, Permission.REFERRAL_SEND):
        raise Refused
    statement = _sent(actor)
    if not everything:
        statement = statement.where(or_(Referral.state.in_([*_OPEN, "draft"]), Referral.waits_sender))
    return _open_rows(actor, statement.limit(MOST))


def desk_sent(actor: Actor, limit: int) -> list[SentRow]:
    """What waits for the sender: what it has to do, and what it has not looked at."""
    return _open_rows(actor, _sent(actor).where(Referral.waits_sender.is_(True)).limit(limit))


def desk_received(actor: Actor, language: str, limit: int) -> list[ReceivedRow]:
    """The same for the partner: enquiries without an answer, what was released, and news."""
    return _received(actor, language, Referral.waits_partner.is_(True), limit)


def inbox(actor: Actor, language: str, *, everything: bool = False) -> list[ReceivedRow]:
    """What was sent to the actor's organisation: open and new, or all of it; what is due first."""
    open_or_new = or_(Referral.state.in_(_OPEN), Referral.waits_partner)
    return _received(actor, language, Referral.id.is_not(None) if everything else open_or_new, MOST)


def answers(actor: Actor, language: str) -> list[Answered]:
    """How often each partner accepted, declined or kept silent in the last year; nothing about a person.

    What was accepted once counts as that, whatever came later; who declined after accepting did both. Silent
    is what ran out without an acceptance. Why somebody declined is sealed, so it is not counted here.
    Organisations without an account here are counted together under an empty name.
    """
    if not may(actor, Permission.REFERRAL_COUNT):
        raise Refused
    # A withdrawn or expired referral does not say itself whether it was accepted; its lines do, in clear.
    taken = exists().where(ReferralLine.referral_id == Referral.id, ReferralLine.kind == str(State.ACCEPTED))
    declined = Referral.state == str(State.DECLINED)
    silent = and_(Referral.state == str(State.EXPIRED), ~taken)
    found = db.session.execute(
        select(
            Referral.partner_id,
            *(func.sum(if_((which, 1), else_=0)) for which in (taken, declined, silent)),
        )
        .where(
            Referral.organisation_id == actor.organisation_id,
            Referral.created_at >= clock.now() - _COUNTED,
            or_(taken, declined, silent),
        )
        .group_by(Referral.partner_id)
    ).all()
    names = _names([partner_id for partner_id, *_counts in found if partner_id], language)
    counted = [
        Answered(names.get(partner_id, ""), int(yes), int(no), int(none))
        for partner_id, yes, no, none in found
    ]
    return sorted(counted, key=lambda line: (line.to == "", line.to))


def _sent(actor: Actor) -> Select[Referral]:
    return reachable(actor, Permission.REFERRAL_SEND, Referral).order_by(
        Referral.due_at.is_(None), Referral.due_at, Referral.created_at.desc()
    )


def _open_rows(actor: Actor, statement: Select[Referral]) -> list[SentRow]:
    """A fixed number of statements for any number of rows."""
    found = list(db.session.scalars(statement))
    if not found:
        return []
    ours = reachable(actor, Permission.REFERRAL_SEND, Case)
    about = {
        case.id: case
        for case in db.session.scalars(ours.where(Case.id.in_({referral.case_id for referral in found})))
    }
    opened = keys.case_keys(actor, list(about.values()))
    return [_sent_row(about[referral.case_id], referral, opened.get(referral.case_id)) for referral in found]


def _sent_row(case: Case, referral: Referral, key: Key | None) -> SentRow:
    details: dict[str, Any] = {}
    if key is not None:
        try:
            details = sending.open_details(key, case, referral)
        except VaultError:
            details = {}
    return SentRow(
        referral.id,
        case.id,
        case.reference,
        details.get("entry_name", ""),
        details.get("need", ""),
        referral.state,
        referral.priority,
        referral.due_at,
        referral.chases,
        referral.waits_sender,
    )


def _received(actor: Actor, language: str, condition: Any, limit: int) -> list[ReceivedRow]:
    statement = reachable(actor, Permission.REFERRAL_ANSWER, Referral).where(condition)
    found = list(
        db.session.scalars(
            statement.order_by(Referral.due_at.is_(None), Referral.due_at, Referral.created_at.desc()).limit(
                limit
            )
        )
    )
    if not found:
        return []
    names = _names({referral.organisation_id for referral in found}, language)
    asked = lines.firsts([referral.id for referral in found])
    pairs = lines.partner_pairs(actor)
    enquiries = {
        referral.id: lines.open_checked(referral, asked[referral.id], pairs)
        for referral in found
        if referral.id in asked
    }
    return [
        ReceivedRow(
            referral.id,
            names.get(referral.organisation_id, ""),
            enquiries.get(referral.id, {}).get("need", ""),
            enquiries.get(referral.id, {}).get("province", ""),
            referral.state,
            referral.priority,
            referral.due_at,
            referral.waits_partner,
        )
        for referral in found
    ]


def _names(ids: Sequence[UUID] | set[UUID], language: str) -> dict[UUID, str]:
    rows_ = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.id: one.name(language) for one in rows_}
