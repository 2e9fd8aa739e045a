"""How long a request may still wait: for somebody to take it on, then for the decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import clock
from domain.deadlines.calendar_days import Calendar
from domain.intake.clocks import Breach, clocks
from intake.models import Request
from intake.service.reach import OPEN


@dataclass(frozen=True)
class Wait:
    """Until when something has to happen, and where the request stands with it now."""

    until: dt.datetime
    breach: Breach
    claimed: bool  # it waits for the decision, no longer for somebody to take it on


def wait_of(request: Request, calendar: Calendar) -> Wait | None:
    """The clock that runs for a request; None once it is decided."""
    if request.state not in OPEN:
        return None
    both, claimed = clocks(request.urgency, request.created_at, calendar), request.claimed_by is not None
    runs = both.decision if claimed else both.claim
    return Wait(runs.over, both.breach(clock.now(), claimed=claimed), claimed)
