"""Who works on a case: adding, removing, stepping off, restricting. The key changes behind whoever leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select, update

from accounts.models import Person
from cases.models import Assignment, Case, CaseMember
from cases.service import (
    begun,
    due,
    keys,
    lawyer_notes,
    named_people,
    note_keys,
    offered,
    records,
    reminders,
    rotation,
    rows,
    searching,
    states,
    team,
    timeline,
    walls,
    withdrawing,
)
from cases.service.reach import find, is_member, lock
from cases.service.views import MemberLine
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import service as audit
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from domain.lifecycle import UNDER_WAY, State
from vault import Key

# What features above must do once a case opens to named people only.
on_restricted: list[Callable[[Actor, Case, Key], None]] = []


def people_to_add(actor: Actor, case_id: UUID) -> list[Person]:
    """Colleagues who are not on the case and may be put on it by hand."""
    case = find(actor, Permission.CASE_MEMBERS, case_id)
    present, key = team.live(case.id), keys.held(actor, case)
    walled = walls.of(records.open_record(key, case)) if key else frozenset()
    return [one for one in team.colleagues(actor) if one.id not in present and one.id not in walled]


def add(actor: Actor, case_id: UUID, person_id: UUID, *, until: dt.datetime | None = None) -> None:
    """Put a colleague on the case with a grant of its key, for good or until an instant. Twice is once.

    Who reaches the case without holding its key leaves an order for the next key holder, but for nothing that
    ends: the order would not know when. Raises NotFound, Locked, DomainError.
    """
    case = find(actor, Permission.CASE_MEMBERS, case_id)
    if person_id in team.live(case.id):
        return
    team.require_colleagues(actor, [person_id])
    if until is not None and until <= clock.now():
        raise DomainError(_("Choose a day in the future."), field="until")
    key = keys.held(actor, case) if until is None else keys.case_key(actor, case)
    if key is None:
        find(actor, Permission.CASE_MEMBERS, case_id)  # who lost the case while waiting for it orders nothing
        due.grant_due(actor, case, person_id)
        audit.record(actor, "case.grant_due", object_kind="case", object_id=case.id)
        return
    rows.check_head(key, case)
    team.admit(actor, case, key, person_id, until)


def remove(actor: Actor, case_id: UUID, person_id: UUID, *, why: str = "", reason: str = "") -> bool:
    """Take somebody off, their wraps go at once; gives whether they were on the case. Twice is once.

    The key changes in the same act; who does not hold it leaves that to the next key holder.
    why, reason: where the lawyer answers for the case by a power of attorney, or may as far as the actor can
    look; only a coordinator ends that.
    """
    case = find(actor, Permission.CASE_MEMBERS, case_id)
    works = team.lines(case)
    line = next((one for one in works if one.person_id == person_id), None)
    if line is None:
        return False
    key = keys.held(actor, case)
    cut = withdrawing.require_cut(actor, case, key, line, why, reason)
    if key is None:
        find(actor, Permission.CASE_MEMBERS, case_id)
        named_people.require_two_staying(case, works, person_id)
        end_membership(case, person_id)
        due.rotation_due(actor, case, person_id)
        audit.record(actor, "case.rotation_due", object_kind="case", object_id=case.id)
    else:
        leave(actor, case, key, works, person_id, "removed", reason if cut else "", cut)
    return True


def step_off(
    actor: Actor,
    case_id: UUID,
    reason: str,
    *,
    power: bool = False,
    notice_on: dt.date | None = None,
    hands_on: bool = False,
) -> bool:
    """Leave a case oneself, with a reason; gives whether the file stays readable for some time.

    The own wraps go at once and the next key holder changes the key; a lawyer of the case with a power of
    attorney and without a successor stays for fifteen days from the notice to the client (`withdrawing`).
    hands_on: without one, stay as long from today for the sake of the lawyers' notes that nobody else reads.
    """
    case = find(actor, Permission.CASE_STEP_OFF, case_id)
    if not is_member(actor, case):
        raise NotFound
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if actor.person_id in withdrawing.of(case.id):
        return True
    works = team.lines(case)
    if withdrawing.goes_on(case, key, actor.person_id, said=power, notice_on=notice_on):
        named_people.require_two_staying(case, works, actor.person_id)
        withdrawing.begin(actor, case, key, reason, notice_on)
        withdrawing.bound(case, key, actor.person_id)
        return True
    if hands_on and lawyer_notes.reads_alone(actor, case, records.open_record(key, case)):
        named_people.require_two_staying(case, works, actor.person_id)
        withdrawing.begin(actor, case, key, reason, None)
        withdrawing.no_later(case, actor.person_id)
        return True
    with suppress(Locked):  # whoever holds no note key has none to hand on
        lawyer_notes.hand_on(actor, case, key)
    leave(actor, case, key, works, actor.person_id, "stepped_off", reason)
    return False


def notified(actor: Actor, case_id: UUID, person_id: UUID, notice_on: dt.date, reason: str = "") -> None:
    """Keep the day of the notice for whoever is giving a case up: they do it themselves, or a colleague.

    reason: why it is later than the recorded one, which only a coordinator says. Where the time is over
    already, their wraps go at once. Raises NotFound, DomainError.
    """
    own = actor.person_id == person_id
    case = find(actor, Permission.CASE_STEP_OFF if own else Permission.CASE_MEMBERS, case_id)
    if person_id not in withdrawing.of(case.id):
        raise NotFound
    withdrawing.note_notice(actor, case, person_id, notice_on, reason)
    until = team.live(case.id)[person_id]
    if until is not None and until <= clock.now():
        key = keys.case_key(actor, case)
        leave(actor, case, key, team.lines(case), person_id, "stepped_off", "")


def succeeded(actor: Actor, case: Case, key: Key) -> None:
    """A lawyer has accepted the case: whoever was giving it up is off it, and the key changes.

    Who still has to hand on the key of the lawyers' notes is off with the session in which they do; who holds
    a power of attorney once the successor does (`represented`). Fifteen days from now at the latest.
    """
    giving_up = [one for one in withdrawing.of(case.id) if one != actor.person_id]
    leaving = [
        one
        for one in giving_up
        if not note_keys.lacks(case.id, actor.person_id, of=one) and withdrawing.relieved(case, key, one)
    ]
    for person_id in giving_up:
        if person_id not in leaving:
            withdrawing.no_later(case, person_id)
    _succeed(actor, case, key, leaving)


def handed_on(actor: Actor, case: Case, key: Key) -> None:
    """Who gives the case up has handed on the key of the lawyers' notes; with a successor they are off it."""
    if actor.person_id in withdrawing.of(case.id) and withdrawing.relieved(case, key, actor.person_id):
        leave(actor, case, key, team.lines(case), actor.person_id, "succeeded", "")


def represented(actor: Actor, case: Case, key: Key) -> None:
    """A power of attorney is on record: where a successor holds it, whoever was giving the case up is off.

    Where the own one has ended, or was a mistake, their time runs from today at last.
    """
    leads, giving_up = withdrawing.successors(case), withdrawing.of(case.id)
    relieved = [one for one in giving_up if withdrawing.relieved(case, key, one)]
    for person_id in giving_up:
        withdrawing.bound(case, key, person_id)
    waiting = {one for one in relieved if any(note_keys.lacks(case.id, lead, of=one) for lead in leads)}
    _succeed(actor, case, key, [one for one in relieved if one not in waiting])


def _succeed(actor: Actor, case: Case, key: Key, leaving: list[UUID]) -> None:
    for person_id in leaving:
        _part(actor, case, key, person_id, "succeeded")
    if not leaving:
        return
    rows.written(actor, "case.removed", key, case)
    if actor.person_id in leaving:  # who must not choose the key of those who stay
        due.rotation_due(actor, case, actor.person_id)
    else:
        rotation.rotate(actor, case, key=key)
        due.key_made(actor, case)


def restrict(actor: Actor, case_id: UUID, named: Iterable[UUID]) -> None:
    """Open the case to its named people only: supervision and every other member lose it with the new key."""
    case = find(actor, Permission.CASE_RESTRICT, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    people = {actor.person_id, *named}
    untils = team.live(case.id)
    present = untils.keys()
    team.require_colleagues(actor, people - present)  # who works here already may stay, lawyers too
    named_people.require_two(people - set(withdrawing.of(case.id)), untils)
    if case.restricted:
        return
    for person_id in people - present:
        team.put_on(case, person_id)
    for offer in _open_offers(case):
        if offer.lawyer_id not in people:
            offered.give_back(offer, case, "withdrawn")
            timeline.write(actor, case, key, "assignment", "", data=team.named(offer.lawyer_id, "withdrawn"))
    for person_id in present - people:
        _part(actor, case, key, person_id, "removed")
    timeline.write(actor, case, key, "restricted", "")
    rows.written(actor, "case.restrict", key, case)
    key = rotation.rotate(actor, case, key=key, restricted=True)
    begun.shut_out(case)
    for hook in on_restricted:
        hook(actor, case, key)


def wall(actor: Actor, case: Case, key: Key, outside: Collection[UUID], named: Iterable[UUID]) -> None:
    """Shut people out for good: their wraps go, and the key changes, known to named people alone.

    The supervision key opens to every coordinator there will ever be, so it does not go with a wall.
    `outside` stands in the record already, so that no later grant lets them in. Raises DomainError where
    fewer than two people stay.
    """
    untils = team.live(case.id)
    present = untils.keys()
    people = {actor.person_id, *named, *present} - set(outside)
    team.require_colleagues(actor, people - present)
    named_people.require_two(people - set(withdrawing.of(case.id)), untils)
    for person_id in people - present:
        team.put_on(case, person_id)
    for offer in _asked(case, outside, "offered"):
        offered.give_back(offer, case, "withdrawn")
    for person_id in present & set(outside):
        _part(actor, case, key, person_id, "removed")
    first = not case.restricted
    if first:
        timeline.write(actor, case, key, "restricted", "")
    rows.written(actor, "case.restrict", key, case)
    key = rotation.rotate(actor, case, key=key, restricted=True)
    begun.shut_out(case)
    for hook in on_restricted if first else ():
        hook(actor, case, key)


def _open_offers(case: Case) -> list[Assignment]:
    """Everything that lawyers were asked about the case and nobody has answered."""
    asked = select(Assignment).where(Assignment.case_id == case.id, Assignment.state == "offered")
    return list(db.session.scalars(asked))


def _asked(case: Case, people: Collection[UUID], *states: str) -> list[Assignment]:
    """What these people were asked about the case, as far as it stands so."""
    asked = select(Assignment).where(
        Assignment.case_id == case.id, Assignment.lawyer_id.in_(people), Assignment.state.in_(states)
    )
    return list(db.session.scalars(asked))


def unrestrict(actor: Actor, case_id: UUID, reason: str) -> None:
    """Give the case back to the coordinators, with a reason; only a named member can."""
    case = find(actor, Permission.CASE_RESTRICT, case_id)
    if not case.restricted:
        return
    if not is_member(actor, case):
        raise NotFound
    if not reason.strip():
        raise DomainError(_("Write the reason in a sentence."), field="reason")
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if walls.of(records.open_record(key, case)):
        raise DomainError(_("A wall keeps people out of this case. It stays open to named people only."))
    timeline.write(actor, case, key, "unrestricted", reason)
    rows.written(actor, "case.unrestrict", key, case)
    rotation.rotate(actor, case, key=key, restricted=False)
    due.key_made(actor, case)


def expire() -> int:
    """End access whose time has run out and return how many; keyless, and the same when run twice."""
    late = or_(CaseMember.until <= clock.now(), CaseMember.person_id.in_(team.departed()))
    over = select(CaseMember).where(CaseMember.ended_at.is_(None), late)
    cases = {case.id: case for case in lock(db.session.scalars(over.with_only_columns(CaseMember.case_id)))}
    ended = db.session.scalars(over.where(CaseMember.case_id.in_(cases))).all()
    for row in ended:
        case = cases[row.case_id]
        end_membership(case, row.person_id)
        due.rotation_due(None, case, row.person_id)
        audit.record(
            None,
            "case.expired",
            organisation_id=case.organisation_id,
            object_kind="case",
            object_id=case.id,
        )
    return len(ended)


def end_membership(case: Case, person_id: UUID) -> None:
    """End somebody's part in a case without its key; a file whose last lawyer this was is open again."""
    led = team.has_lawyer(case.id)
    _end(case, person_id)
    if led and case.state in UNDER_WAY and not team.has_lawyer(case.id):
        case.state = str(State.OPEN)
        case.changed_at = clock.now()


def _end(case: Case, person_id: UUID, *, new_key: bool = False) -> None:
    """Delete every wrap of a person, end membership and offers; the key changes afterwards.

    new_key: whether it does so at once, which deletes all wraps of the keys before and what is searched in.
    """
    if not new_key:
        keys.drop_person(case.id, person_id)
        searching.forget(case)
    note_keys.drop_person(person_id, case.id)
    reminders.look_again(case.id)  # a deadline that somebody leaves is told to others the same day
    works = CaseMember.case_id == case.id, CaseMember.person_id == person_id, CaseMember.ended_at.is_(None)
    ended = update(CaseMember).where(*works).values(ended_at=clock.now())
    db.session.execute(ended, execution_options={"synchronize_session": False})
    for one in [one for one in db.session if isinstance(one, CaseMember)]:
        db.session.expire(one)
    for row in _asked(case, [person_id], "offered", "accepted"):
        if row.state == "offered":
            offered.give_back(row, case, offered.LEFT)
        else:
            row.state, row.brief = "ended", None
    db.session.flush()
    begun.shut_out(case, person_id)


def leave(
    actor: Actor,
    case: Case,
    key: Key,
    works: Sequence[MemberLine],
    person_id: UUID,
    change: str,
    reason: str,
    why: str = "",
) -> Key:
    """One way out: wraps, key, line; gives the key from now on. works: all who work here until now."""
    name = next(one.name for one in works if one.person_id == person_id)
    staying = [one for one in works if one.person_id != person_id]
    named_people.require_two_staying(case, works, person_id)
    told = team.told(person_id, name, change) | ({"cut": why} if why else {})
    alone = team.is_led(works) and not team.is_led(staying)
    case.changed_at = clock.now()
    if actor.person_id == person_id:
        # Whoever leaves must not choose the key of those who stay.
        team.ends_own(case.id, person_id)
        _end(case, person_id)
        _tell(actor, case, key, told, reason, alone=alone)
        rows.written(actor, f"case.{change}", key, case)
        due.rotation_due(actor, case, person_id)
        return key
    _end(case, person_id, new_key=True)
    new = rotation.renew(actor, case, key)
    _tell(actor, case, new, told, reason, alone=alone)
    audit.record(actor, f"case.{change}", object_kind="case", object_id=case.id)
    rows.written(actor, "case.rotate", new, case)
    due.key_made(actor, case)
    return new


def _part(actor: Actor, case: Case, key: Key, person_id: UUID, change: str) -> None:
    """End somebody's part in a case, with its line."""
    led = team.has_lawyer(case.id)
    told = team.named(person_id, change)
    _end(case, person_id)
    _tell(actor, case, key, told, "", alone=led and not team.has_lawyer(case.id))


def _tell(actor: Actor, case: Case, key: Key, told: dict[str, str], reason: str, *, alone: bool) -> None:
    """The line about whoever left; a file whose last lawyer this was is open again."""
    timeline.write(actor, case, key, "member", reason, data=told)
    if alone and case.state in UNDER_WAY:
        states.set_state(actor, case, key, State.OPEN, "")
