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
from demo import (
    advocacy,
    coming_in,
    conflicts,
    contacts,
    deadlines,
    drafts,
    law,
    letters,
    organisations,
    referrals,
    requests,
    rota,
    supervision,
    together,
    topics,
)
from demo.chance import Chance
from demo.lives import Life
from demo.names import Words
from demo.offices import PLANS, found, in_office_hours, sign_ins
from demo.sign_ins import SignIn

CASES: Final = 300
HISTORY: Final = dt.timedelta(days=3 * 365)
_PREPARING: Final = dt.timedelta(days=7)  # from set-up to the first case
_BUSY: Final = dt.timedelta(days=6)
_HOUSES: Final = 2  # associations among those who came last
_STEPS: Final = 200  # of all lives together, in one transaction


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
        offices = [found(settings, plan, in_office_hours(begin - _PREPARING)) for plan in PLANS]
        words = Words()
        waiting: list[tuple[dt.datetime, int, Iterator[dt.timedelta]]] = []
        for number, opening in enumerate(openings(cases, begin, Chance(cases))):
            chance = Chance(number)
            office = chance.choices(offices, [office.plan.share for office in offices])[0]
            group = "R" if number >= cases - _HOUSES else ""
            waiting.append((opening, number, Life(office, words, chance, group).story()))
        waiting.append((present - contacts.BEFORE, cases, contacts.carried(offices[0])))
        waiting.append((present - requests.BEFORE, cases + 1, requests.came(settings, offices)))
        heapq.heapify(waiting)
        while waiting and waiting[0][0] < present:
            tell((waiting[0][0] - begin) / HISTORY)
            with transaction():
                _live(waiting, present)
            db.session.expunge_all()
        with clock.at(present):
            referrals.live(offices)
            conflicts.ask(offices)
            coming_in.told(offices[0])
            together.join(offices[0])
            advocacy.carry_on(offices[0])
            for office in offices:
                law.confirm(office)
                rota.write(office)
                deadlines.serve(office)
                organisations.declare(office)
                topics.hold(office)
                supervision.look(office, words)
            letters.bring(offices[0])
            drafts.ask(offices[0], words)
            topics.publish(offices)
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
            heapq.heapreplace(waiting, (instant + pause, number, life))


def openings(cases: int, begin: dt.datetime, chance: Chance) -> Iterator[dt.datetime]:
    """When the cases come: more from quarter to quarter, so that the last closed ones have figures to show.

    Many come in the last days, so that desks are full.
    """
    lately = cases // 20
    for number in range(cases - lately):
        share = sqrt((number + chance.random()) / (cases - lately))
        yield in_office_hours(begin + (HISTORY - _BUSY) * share)
    for _ in range(lately):  # at any hour: waiting for the next working day would pass the present
        yield begin + HISTORY - _BUSY * chance.random()
