"""Legal information of the invented organisations: texts that invented lawyers confirmed, sessions held."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from sqlalchemy import select

from awareness.models import Topic
from awareness.service import editing, office, sessions
from awareness.service.held import CAMPAIGN, SESSION, Held
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from demo.offices import ADMINISTRATOR, CASEWORKER, COORDINATOR, LAWYER, Office

_REACH = {
    "ar": "عنوان غير حقيقي: شارع الزيتون 12.\n\nمن الاثنين إلى الجمعة، [0342 000 00 00](tel:+903420000000)",
    "tr": "Uydurma adres: Zeytin Sokağı 12.\n\nPazartesi-cuma, [0342 000 00 00](tel:+903420000000)",
    "en": "An invented address: Zeytin street 12.\n\nMonday to Friday, [0342 000 00 00](tel:+903420000000)",
}

# Days ago, what about, where, and how many women and men of the two bands that come most.
_HELD = (
    (9, "B01", "community_centre", (14, 9), (6, 3)),
    (37, "F02", "workplace", (2, 1), (17, 8)),
    (120, "I01", "health_centre", (21, 12), (3, 1)),
    (410, "L01", "community_centre", (18, 11), (0, 0)),
)


def publish(houses: list[Office]) -> None:
    """Take every first text through review to the public, and say how the public reaches each house.

    The first house alone publishes: what two organisations of one installation tell stands there twice.
    """
    for house in houses:
        with transaction():
            office.write(house.having(ADMINISTRATOR)[0].actor, 0, dict(_REACH))
    writer, reviewer = houses[0].having(COORDINATOR)[0].actor, houses[0].having(LAWYER)[0].actor
    with transaction():
        editing.begin(writer)
        for topic in db.session.scalars(select(Topic).where(Topic.organisation_id == writer.organisation_id)):
            editing.send(writer, topic.id, 1)
            editing.review(reviewer, topic.id, 2, good=True)
            editing.publish(writer, topic.id, 3)


def hold(house: Office) -> None:
    """Sessions of the last two years and a campaign, written down by a caseworker."""
    who, [province, *_others] = house.having(CASEWORKER)[0].actor, house.plan.provinces
    for ago, issue, place, women, men in _HELD:
        counts = {
            sex: dict(zip(("18-29", "30-44"), numbers, strict=True))
            for sex, numbers in (("f", women), ("m", men))
        }
        day, total = clock.today() - dt.timedelta(days=ago), sum(women) + sum(men)
        with transaction():
            sessions.log(who, uuid4(), Held(SESSION, day, issue, province, place, "ar", total, counts=counts))
    first, last = clock.today() - dt.timedelta(days=60), clock.today() - dt.timedelta(days=47)
    told = Held(CAMPAIGN, first, "A02", province, "", "ar", 2400, last, "leaflets", {}, 800)
    with transaction():
        sessions.log(who, uuid4(), told)
