"""What people see of the law of their organisation: versions with who signed them, and what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from accounts.models import Person
from accounts.service.names import names_of
from cases.models import LawChange
from cases.service.law import OF_LAWYERS, law_of, preview, signing
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.errors import NotFound
from core.store.base import db
from domain.deadlines import engine
from domain.deadlines.changes import SIGNED, key_of
from domain.deadlines.law import Law
from domain.deadlines.questions import Question
from domain.deadlines.steps import Refusal, Unit
from domain.tables import Row

NOVEMBER: Final = 11  # from its first day on the next year should be confirmed
SHOWN: Final = 4  # worked examples that come out otherwise
AHEAD: Final = 400  # days of service that are tried for them
# By which the days of a year are shown: seven, thirty and sixty days, a week, two weeks.
COMMON: Final = ("DEP_SUIT", "IP_COURT30", "ADM60", "LA_OBJ", "CRIM_IST")


@dataclass(frozen=True)
class Line:
    """A row of a table as it counts now: its cells, whether it is signed, by whom and when."""

    key: str
    cells: Row
    signed: bool
    by: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Card:
    """A change, the row that it replaces or {}, the people behind it, what this reader may do with it."""

    row: LawChange
    before: Row
    proposed_by: str
    signed_by: str
    withdrawn_by: str
    may_sign: bool
    may_withdraw: bool


@dataclass(frozen=True)
class Example:
    """A day of service whose dates differ: the rule, the day, safe and due dates before and after."""

    rule: str
    served_on: dt.date
    before: engine.Deadline | None
    after: engine.Deadline | None

    @property
    def differs(self) -> bool:
        """Whether a date comes out otherwise, or something is said otherwise."""
        return _dates(self.before) != _dates(self.after) or self.warns

    @property
    def warns(self) -> bool:
        """Whether the dates stay and only a warning of a day is added or falls away."""
        return _dates(self.before) == _dates(self.after) and _warnings(self.before) != _warnings(self.after)


def lines(actor: Actor, table: str) -> list[Line]:
    """The rows of a table as they count now, in its order."""
    found = db.session.execute(
        select(LawChange.key, Person.name, LawChange.signed_at)
        .join(Person, Person.id == LawChange.signed_by)
        .where(
            LawChange.organisation_id == actor.organisation_id,
            LawChange.table == table,
            LawChange.state == "signed",
        )
        .order_by(LawChange.settled)
    )
    people = {key: (name, at) for key, name, at in found}
    column = SIGNED.get(table, ("source", ""))[0]
    made = []
    for row in law_of(actor.organisation_id).tables[table]:
        key, signed = key_of(table, row), bool(row[column])
        by, at = people.get(key, ("", None)) if signed else ("", None)
        made.append(Line(key, row, signed, by, at))
    return made


def history(actor: Actor, table: str, key: str = "") -> list[Card]:
    """The changes of a table, or of the rows whose key begins so; the newest first."""
    rows = reachable(actor, Permission.LAW_READ, LawChange).where(LawChange.table == table)
    found = db.session.scalars(rows.order_by(LawChange.proposed_at.desc(), LawChange.id))
    return _cards(actor, [row for row in found if not key or row.key.split(" ")[0] == key])


def waiting(actor: Actor) -> list[Card]:
    """What was proposed and is not signed yet, the oldest first."""
    rows = reachable(actor, Permission.LAW_READ, LawChange).where(LawChange.state == "proposed")
    return _cards(actor, list(db.session.scalars(rows.order_by(LawChange.proposed_at, LawChange.id))))


def waiting_for(actor: Actor) -> int:
    """How many changes this person may sign."""
    rows = reachable(actor, Permission.CALENDAR_SIGN, LawChange).where(
        LawChange.state == "proposed", LawChange.proposed_by != actor.person_id
    )
    if not may(actor, Permission.LAW_SIGN):
        rows = rows.where(LawChange.table.not_in(OF_LAWYERS))
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def year_to_confirm(actor: Actor) -> int | None:
    """This year, and from November on the next one, while nobody has confirmed it: the first of them."""
    today = clock.today()
    years = [today.year, today.year + 1] if today.month >= NOVEMBER else [today.year]
    confirmed = law_of(actor.organisation_id).calendar.confirmed
    return next((year for year in years if year not in confirmed), None)


def card(actor: Actor, change_id: UUID) -> Card:
    """One change. Raises NotFound."""
    found = reachable(actor, Permission.LAW_READ, LawChange).where(LawChange.id == change_id)
    row = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return _cards(actor, [row])[0]


def examples(row: LawChange, on: dt.date | None) -> list[Example]:
    """What a proposed change does: of the chosen day, and of the first days whose dates differ.

    Raises DomainError where the change does not fit any more.
    """
    now, then = law_of(row.organisation_id), preview(row)
    asked: list[tuple[str, dict[str, Any]]]
    if row.table == "rules":
        asked = [(row.cells["code"], {})]
    elif row.table == "courts":
        asked = [("ADM60", {"court": row.cells["code"]})]
    else:
        asked = [(code, {}) for code in COMMON]
    chosen = [_example(now, then, code, on, facts) for code, facts in asked] if on else []
    found: list[Example] = []
    for code, facts in asked:
        differing = (one for day in _days(row) if (one := _example(now, then, code, day, facts)).differs)
        first = [one for one, _number in zip(differing, range(SHOWN // len(asked) or 1), strict=False)]
        found += first
    return [*chosen, *found]


def _days(row: LawChange) -> Iterator[dt.date]:
    """The days of service that are tried: from where the change begins, and a little before."""
    begin = row.cells.get("valid_from") or row.cells.get("day") or ""
    if "year" in row.cells:
        begin = f"{row.cells['year']}-01-01"
    first = dt.date.fromisoformat(begin) if begin else clock.today()
    back = 0 if row.table == "rules" else 70
    for number in range(-back, AHEAD):
        yield first + dt.timedelta(days=number)


def _example(now: Law, then: Law, code: str, day: dt.date, facts: dict[str, Any]) -> Example:
    hours = then.rules.versions(code)[0].unit is Unit.HOUR
    served_on = day.isoformat() + ("T10:00" if hours else "")

    def answered(law: Law) -> engine.Deadline | None:
        # A court that is to be added is one of which nothing was known.
        known = {name: said for name, said in facts.items() if name != "court" or said in law.courts.codes}
        try:
            return engine.answer(law, Question.parse({"rule": code, "served_on": served_on, "facts": known}))
        except Refusal:
            return None

    return Example(code, day, answered(now), answered(then))


def _dates(found: engine.Deadline | None) -> tuple[dt.date, dt.date] | None:
    return (found.safe, found.due) if found else None


def _warnings(found: engine.Deadline | None) -> set[object]:
    """The days of which an account warns."""
    steps = found.steps if found else ()
    return {(one.code, one.params["day"]) for one in steps if one.code in {"closed_office", "half_day"}}


def _stands(cells: Row, row: LawChange) -> bool:
    """Whether this is what a change replaces: the same row, or the version in force when a new one begins."""
    if key_of(row.table, cells) == row.key:
        return True
    if row.table != "rules" or cells["code"] != row.cells["code"]:
        return False
    begins = row.cells["valid_from"]
    return cells["valid_from"] < begins and (not cells["valid_to"] or begins <= cells["valid_to"])


def _cards(actor: Actor, rows: list[LawChange]) -> list[Card]:
    who = {person for row in rows for person in (row.proposed_by, row.signed_by, row.withdrawn_by) if person}
    names = names_of(who)
    tables = law_of(actor.organisation_id).tables
    made = []
    for row in rows:
        second = may(actor, signing(row.table)) and row.proposed_by != actor.person_id
        before = next((one for one in tables[row.table] if _stands(one, row)), {})
        made.append(
            Card(
                row,
                before,
                names.get(row.proposed_by, ""),
                names.get(row.signed_by, ""),
                names.get(row.withdrawn_by, ""),
                may_sign=row.state == "proposed" and second,
                may_withdraw=second
                if row.state == "signed"
                else row.state == "proposed"
                and (may(actor, Permission.LAW_EDIT) or may(actor, signing(row.table))),
            )
        )
    return made
