"""A lawyer with a power of attorney gives up a case: the file stays readable until somebody else has it.

Source: Avukatlık Kanunu 1136, art. 41. The lawyer works on for fifteen days from the notice to the client; a
successor who accepts ends that earlier, and so does a coordinator where there is a conflict or misconduct, or
where the lawyer cannot act.
Who has no power but alone reads the lawyers' notes may stay in the same way, to hand on their key.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select, true, update
from sqlalchemy.orm import aliased

from accounts.models import Person, PersonRole
from cases.models import Case, CaseGrant, CaseMember
from cases.service import keys, matters, rows, states, team, timeline
from cases.service.law import law_of
from cases.service.reach import find
from cases.service.views import MemberLine
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.base import db
from domain import withdrawing
from domain.deadlines.steps import Refusal
from domain.happened import is_plausible
from domain.lifecycle import UNDER_WAY, State
from vault import Key


@dataclass(frozen=True)
class Unnoticed:
    """Somebody who gives a case up without a recorded notice to the person, on a desk."""

    case_id: UUID
    reference: str
    urgency: str
    person_id: UUID
    name: str
    mine: bool
    since: dt.datetime


def of(case_id: UUID) -> list[UUID]:
    """Who is giving the case up and still works on it."""
    leaving = select(CaseMember.person_id).where(
        CaseMember.case_id == case_id,
        CaseMember.ended_at.is_(None),
        CaseMember.withdrawing_since.is_not(None),
    )
    return list(db.session.scalars(leaving))


def successors(case: Case) -> set[UUID]:
    """The lawyers of a case who are not giving it up."""
    return team.lawyers(case.id, (str(Role.LAWYER),)).keys() - set(of(case.id))


def relieved(case: Case, key: Key, person_id: UUID) -> bool:
    """Whether another lawyer stands in for somebody: with a power of attorney, where they hold one."""
    after = successors(case) - {person_id}
    if not matters.holds(case, key, person_id):
        return bool(after)
    return any(matters.holds(case, key, one) for one in after)


def goes_on(case: Case, key: Key, person_id: UUID, *, said: bool, notice_on: dt.date | None) -> bool:
    """Whether whoever leaves answers for the case for some time: with a power, and without a successor.

    Only who accepted the case as its lawyer does: whoever is there to review a draft, or as anything else,
    whatever their account may be, leaves at once. said: that they hold one, as they say. Raises DomainError
    where the case says otherwise, and for a day of notice that cannot be.
    """
    if person_id not in team.lawyers(case.id, (str(Role.LAWYER),)):
        return False
    known = matters.holds(case, key, person_id)
    if known and not said:
        raise DomainError(
            _("A power of attorney that you hold stands in this case. End it there first, or leave with it."),
            field="power",
        )
    if not said or relieved(case, key, person_id):
        return False
    return notice_on is None or _end(case, notice_on) > clock.now()


def begin(actor: Actor, case: Case, key: Key, reason: str, notice_on: dt.date | None) -> None:
    """The actor is giving the case up; it is open for somebody else from now on. `stay` takes it back."""
    led = team.has_lawyer(case.id)
    row = db.session.get_one(CaseMember, (case.id, actor.person_id))
    row.withdrawing_since = clock.now()
    told = team.named(actor.person_id, "withdrawing")
    if notice_on is not None:
        told |= _ends(case, actor.person_id, notice_on, latest=row.until)
    db.session.flush()
    timeline.write(actor, case, key, "member", reason, data=told)
    if led and case.state in UNDER_WAY and not team.has_lawyer(case.id):
        states.set_state(actor, case, key, State.OPEN, "")
    rows.written(actor, "case.withdrawing", key, case)


def stay(actor: Actor, case_id: UUID) -> None:
    """The actor takes back that they give the case up, while they still work on it. Twice is once.

    Raises NotFound, and DomainError once somebody else is its lawyer or is asked to be.
    """
    case = find(actor, Permission.CASE_STEP_OFF, case_id)
    row = team.capacity(case.id, actor.person_id)
    if row is None:
        raise NotFound
    if row.withdrawing_since is None:
        return
    if successors(case):
        raise DomainError(_("Another lawyer has accepted this case by now. Speak to a coordinator."))
    states.no_open_offer(case)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    row.withdrawing_since = None
    _set_end(case, actor.person_id, None)
    timeline.write(actor, case, key, "member", "", data=team.named(actor.person_id, "stays"))
    if case.state == State.OPEN:
        states.set_state(actor, case, key, State.IN_PROGRESS, "")
    rows.written(actor, "case.stays", key, case)


def note_notice(actor: Actor, case: Case, person_id: UUID, notice_on: dt.date, reason: str = "") -> None:
    """Keep the day on which the client was notified; from then on the time runs. The same day twice is once.

    Once known, the end moves to an earlier day only, or else by a coordinator who writes why, never for
    themselves and never once a successor is on the case. Raises DomainError.
    """
    known, until = team.live(case.id).get(person_id), _end(case, notice_on)
    if known == until:
        return
    later = known is not None and until > known
    if later:
        _require_later(actor, case, person_id, reason)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    told = team.named(person_id, "notified") | _ends(case, person_id, notice_on)
    timeline.write(actor, case, key, "member", reason.strip() if later else "", data=told)
    rows.written(actor, "case.withdrawing", key, case)


def _require_later(actor: Actor, case: Case, person_id: UUID, reason: str) -> None:
    """Access that would go on longer than it is known to: nobody gives themselves that."""
    if team.has_lawyer(case.id, besides=person_id):
        words = _("Another lawyer is on the case already: the time gets no longer.")
        raise DomainError(words, field="notice_on")
    if actor.person_id == person_id or Role.COORDINATOR not in actor.roles:
        words = _(
            "An earlier day is recorded already. Only a coordinator, not this lawyer, records a later one."
        )
        raise DomainError(words, field="notice_on")
    if not reason.strip():
        raise DomainError(_("Write why the day is later than the recorded one."), field="later")


def bound(case: Case, key: Key, person_id: UUID) -> None:
    """Let time run from today at last, unless somebody alone answers by a power of attorney on record.

    What is only said to be held would otherwise keep a file open for ever, where nobody records a notice.
    """
    if successors(case) - {person_id} or not matters.holds(case, key, person_id):
        no_later(case, person_id)


def no_later(case: Case, person_id: UUID) -> None:
    """A successor is on record, or no power of attorney is: time runs from today at last."""
    until, latest = team.live(case.id)[person_id], _end(case, clock.today())
    if until is None or until > latest:
        _set_end(case, person_id, latest)


def require_cut(actor: Actor, case: Case, key: Key | None, line: MemberLine, why: str, reason: str) -> str:
    """What is written where somebody who answers for the case is shut out; "" for anybody else.

    Without the key of the case every lawyer may answer for it. Raises DomainError unless a coordinator does
    it, for a reason of the list and in a sentence.
    """
    held = may_hold(line.person_id) if key is None else matters.holds(case, key, line.person_id)
    if not held and not line.withdrawing:
        return ""
    if Role.COORDINATOR not in actor.roles and key is None:
        raise DomainError(
            _(
                "Whether this lawyer holds a power of attorney stands in the file, which does not open for "
                "you yet. Until it does, only a coordinator takes them off."
            )
        )
    if Role.COORDINATOR not in actor.roles:
        raise DomainError(
            _(
                "This lawyer answers for the case by a power of attorney, or stays to hand on the lawyers’ "
                "notes. Only a coordinator may end that."
            )
        )
    if why not in reference().lists["cut_reason"]:
        raise DomainError(_("Choose why"), field="why")
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    return why


def may_hold(person_id: UUID) -> bool:
    """Whether somebody is a lawyer, for whoever cannot look into the case for a power of attorney."""
    mine = select(PersonRole.role).where(
        PersonRole.person_id == person_id, PersonRole.role == str(Role.LAWYER)
    )
    return db.session.scalar(mine) is not None


def unnoticed(actor: Actor, limit: int) -> list[Unnoticed]:
    """Who gives a case up while no notice to the person is recorded, so that no time runs; oldest first.

    Of the actor, and for coordinators of everybody in cases within reach. Nothing is opened.
    """
    leaver, who = aliased(CaseMember), aliased(Person)  # by their names both stand in the rule of reach
    mine = leaver.person_id == actor.person_id
    statement = (
        reachable(actor, Permission.CASE_READ, Case)
        .join(leaver, leaver.case_id == Case.id)
        .join(who, who.id == leaver.person_id)
        .where(
            leaver.withdrawing_since.is_not(None),
            leaver.ended_at.is_(None),
            leaver.until.is_(None),
            true() if Role.COORDINATOR in actor.roles else mine,
        )
        .order_by(leaver.withdrawing_since, Case.number)
        .limit(limit)
    )
    columns: list[Any] = [Case.id, Case.reference, Case.urgency, who.id, who.name, mine]
    columns.append(leaver.withdrawing_since)
    found = db.session.execute(statement.with_only_columns(*columns))
    return [Unnoticed(*line) for line in found]


def _ends(
    case: Case, person_id: UUID, notice_on: dt.date, *, latest: dt.datetime | None = None
) -> dict[str, str]:
    """Let membership and grant end with the time of the law; gives what the timeline says of it.

    latest: an end that stands already, beyond which nobody comes by giving the case up.
    """
    until = min(filter(None, (_end(case, notice_on), latest)))
    last = (until - dt.timedelta(seconds=1)).astimezone(clock.ISTANBUL).date()
    _set_end(case, person_id, until)
    return {"notice_on": notice_on.isoformat(), "until": last.isoformat()}


def _set_end(case: Case, person_id: UUID, until: dt.datetime | None) -> None:
    db.session.get_one(CaseMember, (case.id, person_id)).until = until
    mine = update(CaseGrant).where(CaseGrant.case_id == case.id, CaseGrant.holder_id == person_id)
    db.session.execute(mine.values(expires_at=until))
    db.session.flush()


def _end(case: Case, notice_on: dt.date) -> dt.datetime:
    """The instant after the last day. Raises DomainError for a day on which nothing can have happened."""
    if not is_plausible(notice_on, clock.today()):
        raise DomainError(_("Look at the day of the notice once more."), field="notice_on")
    try:
        last = withdrawing.last_day(notice_on, law_of(case.organisation_id).calendar)
    except Refusal:
        raise DomainError(_("Look at the day of the notice once more."), field="notice_on") from None
    return clock.end_of(last)
