"""Associations of the demonstration: who speaks for each, and what it owes to whom."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid4

from cases.models import Case
from cases.service import declarations, files, listing, matters, naming
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import COORDINATOR, Member, Office
from domain.declarations import end_of_year
from domain.lifecycle import State

_LOOKED_AT: Final = 100  # of a coordinator's cases
_TAKES: Final = frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING_AUTHORITY, State.WAITING_COURT})
_SPEAKS: Final = {"role": "representative", "name_ar": "نديم الصباغ", "name_latin": "NEDİM SABBAĞ"}
_SOON: Final = dt.timedelta(days=9)


def declare(office: Office) -> None:
    """The mandate of each association's representative, its annual declaration and a tax return."""
    coordinator = office.having(COORDINATOR)[0]
    with transaction():
        rows = listing.list_cases(coordinator.actor, limit=_LOOKED_AT).rows
    for row in rows:
        if row.readable and row.issue.startswith("R") and row.state in _TAKES:
            _speak(coordinator, row.id)
            _owe(coordinator, row.id)


def _speak(coordinator: Member, case_id: UUID) -> None:
    party, me = str(uuid4()), str(coordinator.actor.person_id)
    with transaction():
        naming.put(
            coordinator.actor, case_id, db.session.get_one(Case, case_id).version, {**_SPEAKS, "id": party}
        )
    today = clock.today()
    mandate = {
        "party": party,
        "power": "chair",
        "since": (today - dt.timedelta(days=400)).isoformat(),
        "until": (today + dt.timedelta(days=330)).isoformat(),
        "paper": "minutes",
        "seen_by": me,
        "seen_on": today.isoformat(),
    }
    with transaction():
        if files.takes_facts(coordinator.actor, case_id):
            matters.add(coordinator.actor, case_id, "mandate", mandate, uuid4())


def _owe(coordinator: Member, case_id: UUID) -> None:
    actor, year = coordinator.actor, clock.today().year
    about = {"after": "", "more": "", "period": str(year)}
    with transaction():
        if not files.takes_facts(actor, case_id):
            return
        case = files.open_case(actor, case_id)
        second = next((one.person_id for one in case.members if one.person_id != actor.person_id), None)
        if second is not None:
            annual = {**about, "what": "annual", "authority": "associations"}
            watching = (actor.person_id, second)
            declarations.plan_counted(actor, case_id, annual, uuid4(), end_of_year(year), watching)
        tax = {**about, "what": "tax", "authority": "tax_office", "every": "month"}
        declarations.plan(actor, case_id, tax, uuid4(), clock.today() + _SOON, actor.person_id)
