"""Decisions served on the people of the demonstration lately: deadlines that run, and one that was met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from cases.models import Case
from cases.service import deadlines, files, reminders
from cases.service.views import OpenCase
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import COORDINATOR, Office
from domain.lifecycle import State

AT_MOST: Final = 8  # in an organisation
# What is served in a case of an issue group; in any other a written act of an authority.
RULES: Final = {"B": "DEP_SUIT", "C": "IP_COURT30", "F": "REINST", "G": "ICRA7", "N": "CRIM_IST"}
SOON: Final = "STAY_OBJ"  # seven days: each office has one of which somebody is reminded
AGO: Final = (1, 3, 5, 2, 6, 4, 8, 12)  # days since each was served
PROOF: Final = "Uydurma kayıt no. 2026/17"


def serve(office: Office) -> None:
    """Add deadlines to cases that are open, the newest first; where there are several, the last is met."""
    coordinator = office.having(COORDINATOR)[0]
    added: list[tuple[UUID, UUID]] = []
    for case, ago in zip(_open(office), AGO, strict=False):
        day = clock.today() - dt.timedelta(days=ago)
        asked = {
            "rule": RULES.get(case.record["issue"][0], "ADM60") if added else SOON,
            "served_on": day.isoformat(),
            "facts": {},
        }
        with transaction():
            watching = (case.members[-1].person_id, coordinator.actor.person_id)
            added.append((case.id, deadlines.add(coordinator.actor, case.id, uuid4(), asked, *watching)))
    if len(added) > 1:
        with transaction():
            deadlines.meet(coordinator.actor, *added[-1], 1, PROOF, clock.today())
    with transaction():  # the rest is the worker's; so the first desk that is opened has something on top
        reminders.write_due()


def _open(office: Office) -> Iterator[OpenCase]:
    coordinator = office.having(COORDINATOR)[0].actor
    newest = select(Case.id).where(
        Case.organisation_id == coordinator.organisation_id,
        Case.state.not_in([str(State.CLOSED), str(State.ERASED)]),
        Case.restricted.is_(False),
    )
    found = 0
    for case_id in db.session.scalars(newest.order_by(Case.number.desc())).all():
        db.session.rollback()
        with transaction():
            case = files.open_case(coordinator, case_id)
        others = {member.person_id for member in case.members} - {coordinator.person_id}
        if others and case.members[-1].person_id in others and found < AT_MOST:
            found += 1
            yield case
