"""Topics brought to the public, as those who work there do it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from awareness.models import Topic
from awareness.service import editing, sessions
from awareness.service.held import CAMPAIGN, SESSION, Held
from core import clock
from core.access.actors import Actor
from core.store.base import db
from core.store.transaction import transaction
from domain.topics import Texts
from tests.support.cast import Cast


def texts(word: str = "ordinary") -> Texts:
    """A whole text; `word` tells it apart."""
    parts = {
        "what": word,
        "now": "1. ask",
        "deadlines": "seven days",
        "helps": "[112](tel:112)",
        "sources": "law",
    }
    return {language: {"title": f"Title {word} {language}", **parts} for language in ("ar", "tr", "en")}


def begun(cast: Cast) -> dict[str, UUID]:
    """The first topics, by code."""
    with transaction():
        editing.begin(cast["caseworker"])
    rows = db.session.scalars(select(Topic).where(Topic.organisation_id == cast.organisation_id))
    return {row.code: row.id for row in rows if row.code}


def publish(cast: Cast, topic_id: UUID) -> None:
    """Draft, review, public."""
    with transaction():
        editing.send(cast["caseworker"], topic_id, version_of(topic_id))
    with transaction():
        editing.review(cast["lawyer"], topic_id, version_of(topic_id), good=True)
    with transaction():
        editing.publish(cast["coordinator"], topic_id, version_of(topic_id))


def version_of(topic_id: UUID) -> int:
    """The version of the topic now; asked inside a transaction."""
    return db.session.scalars(select(Topic.version).where(Topic.id == topic_id)).one()


def add(cast: Cast, word: str = "ordinary", valid_to: dt.date | None = None) -> UUID:
    """A new topic, not public."""
    review_by = clock.today() + dt.timedelta(days=100)
    with transaction():
        return editing.add(cast["caseworker"], uuid4(), "B01", texts(word), review_by, valid_to)


def session(**changes: Any) -> Held:
    """Nineteen people in a school in Gaziantep, three days ago."""
    day = clock.today() - dt.timedelta(days=3)
    counts = {"f": {"18-29": 12, "60+": 3}, "m": {"18-29": 4}}
    return replace(Held(SESSION, day, "B01", "27", "school", "ar", 19, counts=counts), **changes)


def campaign(**changes: Any) -> Held:
    """Leaflets in several provinces for ten days, which ended three days ago."""
    last = clock.today() - dt.timedelta(days=3)
    first = last - dt.timedelta(days=9)
    made = Held(CAMPAIGN, first, "A02", "", "", "ar", 2400, last, "leaflets", {}, 800)
    return replace(made, **changes)


def log(actor: Actor, token: UUID | None = None, held: Held | None = None) -> UUID:
    """Write a session or campaign down."""
    with transaction():
        return sessions.log(actor, token or uuid4(), held or session())


def address_of(topic_id: UUID) -> str:
    """Where the public finds it."""
    address = db.session.scalars(select(Topic.address).where(Topic.id == topic_id)).one()
    db.session.rollback()
    return address
