"""Who is on duty in an invented organisation: office hours, a weekend of half a day, a night in between."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Final
from uuid import uuid4

from core.store.transaction import transaction
from demo.offices import CASEWORKER, COORDINATOR, Office
from intake.service import rota
from intake.service.rota import HOLIDAYS, WEEKDAYS, Hours

_DAY: Final = (dt.time(9), dt.time(18))
_HALF: Final = (dt.time(10), dt.time(14))
_EVENING: Final = (dt.time(18), dt.time(0))


def write(office: Office) -> None:
    """One after the other from Monday to Friday; coordinators on half of Saturday, nobody on Sunday."""
    coordinators = office.having(COORDINATOR)
    staff = [one.actor.person_id for one in office.having(CASEWORKER, COORDINATOR)]
    turns = [*staff, staff[0]]
    lead, work, saturday = coordinators[0].actor, WEEKDAYS[:5], WEEKDAYS[5]
    with transaction():
        for number, (first, second) in enumerate(pairwise(turns)):
            days = work[number :: len(staff)]
            rota.add(lead, uuid4(), Hours(*_DAY, first, second), days=days)
        rota.add(lead, uuid4(), Hours(*_HALF, staff[-1], None), days=(saturday, HOLIDAYS))
        rota.add(lead, uuid4(), Hours(*_EVENING, staff[0], None), days=work[:1])
