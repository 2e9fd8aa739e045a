"""The duty rota: who reads what comes in, when, and who stands in. A coordinator writes it, the desk sees it.

In clear, as everything about staff is: alerts are sent while nobody is there to open anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, or_, select

from accounts.models import Person, PersonRole
from accounts.service import turns
from cases.service.law import law_of
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import RULES, may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from domain.deadlines.calendar_days import Calendar
from domain.intake.coverage import Reading, reading
from domain.intake.duty import Duty, Rota, Shift, on_duty
from intake.models import DutyShift

HOLIDAYS: Final = "holidays"
WEEKDAYS: Final = tuple(str(number) for number in range(7))  # Monday is "0"
LEAST: Final = dt.timedelta(days=1)  # a shift of the evening before goes on
_ORDER: Final = (DutyShift.weekday, DutyShift.on_date, DutyShift.begins, DutyShift.id)


@dataclass(frozen=True)
class Hours:
    """What is asked about a shift. Without a person: nobody reads, which only one date can say."""

    begins: dt.time
    ends: dt.time
    person_id: UUID | None
    second_id: UUID | None


@dataclass(frozen=True)
class Staffed:
    """The rota of an organisation with everything that it takes to ask it."""

    rota: Rota
    calendar: Calendar
    present: frozenset[UUID]

    def duty(self, at: dt.datetime) -> Duty:
        """Who is on duty at an instant."""
        return on_duty(self.rota, at, self.calendar, self.present)

    def reading(self, at: dt.datetime) -> Reading:
        """Whether somebody reads at an instant, and until when that stays so."""
        return reading(self.rota, at, self.calendar, self.present)


def staffed(organisation_id: UUID) -> Staffed:
    """The rota of an organisation as it holds now. Keyless: the public page and the worker ask it too."""
    rows = db.session.scalars(
        select(DutyShift)
        .where(DutyShift.organisation_id == organisation_id, DutyShift.removed_at.is_(None))
        .order_by(*_ORDER)
    ).all()
    return Staffed(rota_of(rows), law_of(organisation_id).calendar, frozenset(able(organisation_id)))


def rota_of(rows: Sequence[DutyShift]) -> Rota:
    """The rows as rules. A date with hours of nobody is a date on which nobody reads."""
    weekly: dict[int, list[Shift]] = {}
    holidays: list[Shift] = []
    days: dict[dt.date, list[Shift]] = {}
    for row in rows:
        if row.weekday is not None:
            place = weekly.setdefault(row.weekday, [])
        else:
            place = holidays if row.on_date is None else days.setdefault(row.on_date, [])
        if row.person_id is not None:
            place.append(Shift(row.begins, row.ends, row.person_id, row.second_id))
    return Rota(weekly, holidays, days)


def able(organisation_id: UUID) -> dict[UUID, str]:
    """Who may be on duty: everybody active whose role decides requests; ids and names, by name."""
    deciding = [str(role) for role in RULES[Permission.REQUEST_DECIDE]]
    holders = select(PersonRole.person_id).where(PersonRole.role.in_(deciding))
    return _active(organisation_id, holders)


def coordinators(organisation_id: UUID) -> Collection[UUID]:
    """Who is told when nobody else has answered."""
    holders = select(PersonRole.person_id).where(PersonRole.role == str(Role.COORDINATOR))
    return _active(organisation_id, holders).keys()


def shifts(actor: Actor) -> list[DutyShift]:
    """The rota of the own organisation, without the dates that are over."""
    coming = or_(DutyShift.on_date.is_(None), DutyShift.on_date >= clock.today() - LEAST)
    own = reachable(actor, Permission.ROTA_READ, DutyShift).where(coming, DutyShift.removed_at.is_(None))
    return list(db.session.scalars(own.order_by(*_ORDER).execution_options(populate_existing=True)))


def shift(actor: Actor, shift_id: UUID) -> DutyShift:
    """One shift, to be changed. Raises NotFound."""
    row = _locked(actor, shift_id)
    if row.removed_at is not None:
        raise NotFound
    return row


def add(
    actor: Actor, token: UUID, hours: Hours, *, days: Collection[str] = (), on: dt.date | None = None
) -> None:
    """Put hours on the rota: on each of the days (of `WEEKDAYS`, or `HOLIDAYS`), or on one date.

    The same token twice adds once. Raises Refused, and DomainError for people who cannot be on duty.
    """
    if not may(actor, Permission.ROTA_EDIT):
        raise Refused
    turns.take(actor.organisation_id)
    _check(actor, hours, nobody=on is not None)
    for day in [on.isoformat()] if on else sorted(set(days) & {*WEEKDAYS, HOLIDAYS}):
        shift_id = uuid5(token, day)
        if db.session.get(DutyShift, shift_id) is not None:
            continue
        weekday = int(day) if day in WEEKDAYS else None
        row = DutyShift(id=shift_id, organisation_id=actor.organisation_id, version=1, weekday=weekday)
        row.kind, row.on_date = "date" if on else HOLIDAYS if weekday is None else "weekday", on
        _fill(row, hours)
        db.session.add(row)
        audit.record(actor, "rota.add", object_kind="shift", object_id=shift_id)
    db.session.flush()


def change(actor: Actor, shift_id: UUID, version: int, hours: Hours) -> None:
    """Other hours or people for a shift. Raises NotFound, Conflict, DomainError."""
    row = shift(actor, shift_id)
    if row.version != version:
        raise Conflict
    _check(actor, hours, nobody=row.on_date is not None)
    _fill(row, hours)
    row.version += 1
    db.session.flush()
    audit.record(actor, "rota.change", object_kind="shift", object_id=shift_id)


def take_out(actor: Actor, shift_id: UUID, version: int) -> None:
    """Take a shift off the rota; again, it changes nothing. Raises NotFound, Conflict."""
    row = _locked(actor, shift_id)
    if row.removed_at is not None:
        return
    if row.version != version:
        raise Conflict
    row.removed_at = clock.now()
    row.version += 1
    db.session.flush()
    audit.record(actor, "rota.take_out", object_kind="shift", object_id=shift_id)


def vacated(actor: Actor) -> int:
    """How many shifts nobody has any more because somebody left."""
    return sum(row.vacated_at is not None for row in shifts(actor))


def person_left(_actor: Actor | None, person_id: UUID) -> None:
    """Whoever leaves drops out of the rota: the second moves up, and where there is none a hole is left."""
    theirs = or_(DutyShift.person_id == person_id, DutyShift.second_id == person_id)
    held = select(DutyShift).where(theirs, DutyShift.removed_at.is_(None))
    for row in db.session.scalars(held.order_by(DutyShift.id).with_for_update()):
        if row.person_id == person_id:
            row.person_id = row.second_id
        row.second_id = None
        if row.person_id is None:
            row.vacated_at = clock.now()
        row.version += 1


def _locked(actor: Actor, shift_id: UUID) -> DutyShift:
    own = reachable(actor, Permission.ROTA_EDIT, DutyShift).where(DutyShift.id == shift_id)
    row = db.session.scalars(own.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check(actor: Actor, hours: Hours, *, nobody: bool) -> None:
    here = able(actor.organisation_id)
    if hours.person_id is None and not nobody:
        raise DomainError(_("Choose who is on duty. Only on a single date can it be nobody."), field="person")
    for name, one in (("person", hours.person_id), ("second", hours.second_id)):
        if one is not None and one not in here:
            raise DomainError(_("This person cannot read requests. Choose somebody else."), field=name)
    if hours.second_id is not None and hours.second_id == hours.person_id:
        raise DomainError(_("The second person is somebody else."), field="second")
    if hours.second_id is not None and hours.person_id is None:
        raise DomainError(_("Without a first person there is no second one."), field="second")


def _fill(row: DutyShift, hours: Hours) -> None:
    row.begins, row.ends, row.vacated_at = hours.begins, hours.ends, None
    row.person_id, row.second_id = hours.person_id, hours.second_id


def _active(organisation_id: UUID, holders: Select[UUID]) -> dict[UUID, str]:
    found = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.organisation_id == organisation_id, Person.state == "active", Person.id.in_(holders))
        .order_by(Person.name, Person.id)
    )
    return {person_id: name for person_id, name in found}  # noqa: C416 - rows are no pairs to mypy
