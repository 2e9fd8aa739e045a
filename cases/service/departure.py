"""What leaving and coming back of a colleague mean for cases; registered with accounts by the application."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, exists, or_, select

from accounts.models import Person, PersonRole
from accounts.service.recovery import OpenRecovery
from accounts.service.trust import VerifiedPersonKey
from cases.list_models import OwnList
from cases.models import Assignment, Case, CaseGrant, CaseKeyRing, CaseMember, Deadline, SearchBlock
from cases.service import due, keys, letter_seal, members, note_keys, offered, reminders, team
from cases.service.importing import store
from cases.service.reach import lock
from core.access.actors import Actor
from core.access.permissions import Role
from core.audit import service as audit
from core.store.base import db
from domain.lifecycle import State


def person_left(actor: Actor | None, person_id: UUID) -> None:
    """Every wrap of the person goes at once; each case touched waits for a new key; offers are given back."""
    _lock_all(person_id)
    _give_back_offers(person_id)
    supervised = select(Person.organisation_id).join(PersonRole, PersonRole.person_id == Person.id)
    home = db.session.scalar(
        supervised.where(Person.id == person_id, PersonRole.role == str(Role.COORDINATOR))
    )
    if home is not None:
        due.supervision_left(actor, home, person_id)
    reminders.left(person_id)
    # A wrap without membership is a coordinator's: those cases have their order already.
    store.forget_of(person_id)
    note_keys.drop_person(person_id)
    letter_seal.drop_person(person_id)
    for table, holder in (
        (CaseGrant, CaseGrant.holder_id),
        (CaseKeyRing, CaseKeyRing.person_id),
        (SearchBlock, SearchBlock.person_id),
        (OwnList, OwnList.person_id),
    ):
        db.session.execute(delete(table).where(holder == person_id))
    mine = select(Case).join(CaseMember, CaseMember.case_id == Case.id)
    live = mine.where(CaseMember.person_id == person_id, CaseMember.ended_at.is_(None))
    for case in db.session.scalars(live).all():
        members.end_membership(case, person_id)
        due.rotation_due(actor, case, person_id)
        if actor is not None:
            audit.record(actor, "case.rotation_due", object_kind="case", object_id=case.id)


def person_recovered(recovery: OpenRecovery, person: VerifiedPersonKey) -> None:
    """Grant the keys of the own cases to somebody's new key; what was wrapped for the lost one goes."""
    person_id = person.person_id
    _lock_all(person_id)
    for table in (CaseKeyRing, SearchBlock, OwnList):
        db.session.execute(delete(table).where(table.person_id == person_id))
    db.session.execute(
        delete(CaseGrant).where(CaseGrant.holder_id == person_id, CaseGrant.released.is_(True))
    )
    note_keys.drop_person(person_id)
    letter_seal.drop_person(person_id)
    _give_back_offers(person_id)
    mine = select(Case, CaseMember.until).join(CaseMember, CaseMember.case_id == Case.id)
    live = mine.where(CaseMember.person_id == person_id, CaseMember.ended_at.is_(None))
    for case, until in db.session.execute(live).all():
        keys.grant_by_recovery(recovery, case, person, until)
        if person_id in note_keys.lawyers(case.id):
            note_keys.grant_by_recovery(recovery, case.id, person)
    if Role.COORDINATOR in person.roles:
        for case in _orphans(person.organisation_id):
            team.put_on(case, person_id)
            keys.grant_by_recovery(recovery, case, person, None)


def _lock_all(person_id: UUID) -> None:
    """Nobody changes the key, the members or the offer of the person's cases until this is through."""
    works = select(CaseMember.case_id).where(CaseMember.person_id == person_id, CaseMember.ended_at.is_(None))
    asked = select(Assignment.case_id).where(Assignment.lawyer_id == person_id, Assignment.state == "offered")
    watches = select(Deadline.case_id).where(
        Deadline.state == "open",
        or_(Deadline.responsible_id == person_id, Deadline.second_id == person_id),
    )
    lock(db.session.scalars(works.union(asked, watches)))


def _give_back_offers(person_id: UUID) -> None:
    """End what was offered to somebody who can no longer answer with the key it was sealed to."""
    asked = select(Assignment).where(Assignment.lawyer_id == person_id, Assignment.state == "offered")
    for row in db.session.scalars(asked).all():
        offered.give_back(row, db.session.get_one(Case, row.case_id), offered.LEFT)


def _orphans(organisation_id: UUID) -> list[Case]:
    """Restricted cases whose last named person has left: only recovery opens them."""
    somebody = exists().where(CaseMember.case_id == Case.id, CaseMember.ended_at.is_(None))
    orphans = select(Case).where(
        Case.organisation_id == organisation_id,
        Case.restricted.is_(True),
        Case.state != State.ERASED,
        ~somebody,
    )
    return list(db.session.scalars(orphans))
