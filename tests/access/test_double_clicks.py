"""One form sent twice at the same moment: it is carried out once, and both answers say that it was."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from advocacy.models.contacts import Institution
from advocacy.models.patterns import PatternProposal
from awareness.models import AwarenessSession, Topic
from core.store.base import Base, db
from tests.access.test_tokens import SESSION, TOPIC
from tests.support.cast import found
from tests.support.racing import Race
from tests.support.world import World

FORMS: list[tuple[str, str, dict[str, Any], type[Base]]] = [
    ("caseworker", "/patterns/propose", {"issue": "A02", "text": "تعميم"}, PatternProposal),
    ("caseworker", "/sessions-held/add", SESSION, AwarenessSession),
    ("caseworker", "/topics/add", TOPIC, Topic),
    ("manager", "/institutions/new", {"kind": "media", "name_tr": "Gazete"}, Institution),
]


@pytest.mark.parametrize("race", [pytest.param("postgres-commit", marks=pytest.mark.postgres)], indirect=True)
def test_two_clicks_are_one(race: Race) -> None:
    with race.app.app_context():
        world = World(race.app, found(race.app))
        db.session.rollback()
    for name, path, fields, table in FORMS:
        token = str(uuid4())
        clicks = [world.browser(name) for _ in range(2)]
        for click in clicks:
            click.get(path)
        before = _number(race, table)
        answers = race.raw(*[partial(click.post, path, token=token, **fields) for click in clicks])
        assert [answer.status_code for answer in answers] == [303, 303], path
        assert answers[0].location == answers[1].location, path
        assert _number(race, table) == before + 1, path


def _number(race: Race, table: type[Base]) -> int:
    with race.app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0
