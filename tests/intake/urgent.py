"""Requests as they lie with the desk, without the pages that they came by; and a rota."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4, uuid5

from accounts.service import trust, turns
from core.store.transaction import transaction
from intake.service import alerts, rota, sealing, sending
from intake.service.rota import Hours
from tests.support.cast import Cast
from vault import Key

NINE, SIX = dt.time(9), dt.time(18)
EVERY_DAY = (*rota.WEEKDAYS, rota.HOLIDAYS)


def ask(cast: Cast, urgency: str = "U0", **answers: Any) -> UUID:
    """Somebody sends a request now."""
    desk = trust.organisation_key(cast.organisation_id, sealing.DESK)
    assert desk is not None
    request_id, key = uuid4(), Key.new()
    with transaction():
        home = turns.take(cast.organisation_id)
        row = sending.blank(home.id, home.prefix, request_id, urgency, uuid4())
        row.desk_wrap, row.desk_key_id = sealing.for_desk(key, desk, request_id), desk.id
        sending.seal_with(row, key, None, {"text": "ساعدوني", **answers})
        alerts.came(row)
    return request_id


def on_rota(
    cast: Cast,
    person: str = "caseworker",
    second: str = "colleague",
    begins: dt.time = NINE,
    ends: dt.time = SIX,
    days: tuple[str, ...] = EVERY_DAY,
    on: dt.date | None = None,
) -> UUID:
    """Hours on every day, or on some, or on one date; "" is nobody. Gives the first of them."""
    token, first = uuid4(), on.isoformat() if on else days[0]
    two = [cast[name].person_id if name else None for name in (person, second)]
    with transaction():
        rota.add(cast["coordinator"], token, Hours(begins, ends, *two), days=() if on else days, on=on)
    return uuid5(token, first)
