"""Three years of two invented organisations, lived through in a few seconds."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterator
from math import sqrt
from typing import Final

from flask import Flask

from config.settings import Settings
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from demo.chance import Chance
from demo.lives import Life
from demo.names import Words
from demo.offices import PLANS, found, sign_ins
from demo.sign_ins import SignIn

CASES: Final = 300
HISTORY: Final = dt.timedelta(days=3 * 365)
_PREPARING: Final = dt.timedelta(days=7)  # from set-up to the first case
_STEPS: Final = 200  # of all lives together, in one transaction
_OPENS: Final = 9
_SHUTS: Final = 17
_SATURDAY: Final = 5


def load(app: Flask, cases: int = CASES, tell: Callable[[float], None] = lambda _share: None) -> list[SignIn]:
    """Fill an empty, migrated database through the services; gives the accounts.

    `tell` hears from time to time which share of the history is done. Only ids and keys differ between two
    loads of the same day. Raises RuntimeError in production mode.
    """
    settings: Settings = app.extensions["himaya"]
    if settings.mode == "production":
        raise RuntimeError("invented data does not belong into production")
    with app.app_context():
        present = clock.now()
        begin = present - HISTORY
        offices = [found(settings, plan, _at_work(begin - _PREPARING)) for plan in PLANS]
        words = Words()
        waiting: list[tuple[dt.datetime, int, Iterator[dt.timedelta]]] = []
        for number in range(cases):
            chance = Chance(number)
            office = chance.choices(offices, [office.plan.share for office in offices])[0]
            opened = begin + HISTORY * _growing((number + chance.random()) / cases)
            waiting.append((_at_work(opened), number, Life(office, words, chance).story()))
        heapq.heapify(waiting)
        while waiting and waiting[0][0] < present:
            tell((waiting[0][0] - begin) / HISTORY)
            with transaction():
                _live(waiting, present)
            db.session.expunge_all()
    tell(1)
    return sign_ins()


def _live(waiting: list[tuple[dt.datetime, int, Iterator[dt.timedelta]]], present: dt.datetime) -> None:
    """Go on with whichever life is next, some steps; all organisations and cases share one time."""
    for _ in range(_STEPS):
        if not waiting or waiting[0][0] >= present:
            return
        instant, number, life = waiting[0]
        with clock.at(instant):
            pause = next(life, None)
        if pause is None:
            heapq.heappop(waiting)
        else:
            heapq.heapreplace(waiting, (_resumed(instant, pause), number, life))


def _growing(share: float) -> float:
    """Shares spread over the history so that twice as many fall at its end as at its beginning."""
    return sqrt(1 + 3 * share) - 1


def _resumed(instant: dt.datetime, pause: dt.timedelta) -> dt.datetime:
    """When somebody goes on; what takes a day or more goes on in office hours."""
    return _at_work(instant + pause) if pause >= dt.timedelta(days=1) else instant + pause


def _at_work(instant: dt.datetime) -> dt.datetime:
    """The same instant, or the same minute of the next hour in which the office is open."""
    local = instant.astimezone(clock.ISTANBUL)
    while local.weekday() >= _SATURDAY or not _OPENS <= local.hour < _SHUTS:
        local += dt.timedelta(hours=1)
    return local.astimezone(dt.UTC)
