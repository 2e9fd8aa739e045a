"""One form sent twice at the same moment: it is carried out once, and both answers say that it was."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from advocacy.models.contacts import Institution
from advocacy.models.patterns import PatternProposal
from awareness.models import AwarenessSession, Topic
from cases.models import LawChange
from core.audit.models import AuditEntry
from core.store.base import Base, db
from tests.access.test_tokens import SESSION, TOPIC
from tests.cases.pages.test_law import RULE
from tests.support.cast import found
from tests.support.racing import Race
from tests.support.world import World

LAW = {"source": "Resmî Gazete 2026/1"}
LENGTH = {
    "valid_from": ["1", "12", "2026"], "n": "9", "unit": "day", "roll": "yes", "recess": "none",
    "basis": "m. 1",
}  # fmt: skip # one form
COURT = {"code": "ADM-33", "ar": "محكمة", "tr": "Mahkeme", "en": "Court", "has_recess": "no"}
YEAR = {"ramadan": ["9", "3", "2027"], "sacrifice": ["16", "5", "2027"]}
FORMS: list[tuple[str, str, dict[str, Any], type[Base]]] = [
    ("caseworker", "/patterns/propose", {"issue": "A02", "text": "تعميم"}, PatternProposal),
    ("caseworker", "/sessions-held/add", SESSION, AwarenessSession),
    ("caseworker", "/topics/add", TOPIC, Topic),
    ("manager", "/institutions/new", {"kind": "media", "name_tr": "Gazete"}, Institution),
    ("admin", "/law/rules/DEP_SUIT/new", LENGTH | LAW, LawChange),
    ("admin", "/law/rules/new", RULE | {"code": "NEW9"}, LawChange),
    ("admin", "/law/courts/new", COURT | LAW, LawChange),
    ("admin", "/law/courts/ADM-01", {"has_recess": "yes"} | LAW, LawChange),
    ("admin", "/law/years/2027/confirm", YEAR | LAW, LawChange),
    ("admin", "/law/years/2027/day", {"day": ["8", "3", "2027"], "kind": "full"} | LAW, LawChange),
    ("lawyer", "/law/sign-off", {"table": "rules", "key": "LA_OBJ 2011-10-01"}, LawChange),
]
# Which page holds the form, where it is not the address that takes it.
PAGES = {"/law/sign-off": "/law/rules/LA_OBJ"}


@pytest.mark.parametrize("race", [pytest.param("postgres-commit", marks=pytest.mark.postgres)], indirect=True)
def test_two_clicks_are_one(race: Race) -> None:
    with race.app.app_context():
        world = World(race.app, found(race.app))
        db.session.rollback()
    for name, path, fields, table in FORMS:
        token = str(uuid4())
        clicks = [world.browser(name) for _ in range(2)]
        for click in clicks:
            click.get(PAGES.get(path, path))
        before = _number(race, table)
        answers = race.raw(*[partial(click.post, path, token=token, **fields) for click in clicks])
        assert [answer.status_code for answer in answers] == [303, 303], path
        assert answers[0].location == answers[1].location, path
        assert _number(race, table) == before + 1, path

    change = _proposed(race)
    for act, fields, state in (
        ("sign", {"version": "1"}, "signed"),
        ("withdraw", {"version": "2", "because": "mistaken"}, "withdrawn"),
    ):
        clicks = [world.browser("lawyer") for _ in range(2)]
        for click in clicks:
            click.get(f"/law/changes/{change}")
        answers = race.raw(*[partial(one.post, f"/law/changes/{change}/{act}", **fields) for one in clicks])
        assert [answer.status_code for answer in answers] == [303, 303], act
        with race.app.app_context():
            assert db.session.get_one(LawChange, change).state == state
            acts = select(func.count()).where(AuditEntry.object_id == change, AuditEntry.act == f"law.{act}")
            assert db.session.scalar(acts) == 1


def _proposed(race: Race) -> UUID:
    """The change of a rule that waits for a signature."""
    with race.app.app_context():
        waiting = select(LawChange.id).where(LawChange.state == "proposed", LawChange.table == "rules")
        return db.session.scalars(waiting.order_by(LawChange.proposed_at)).first() or UUID(int=0)


def _number(race: Race, table: type[Base]) -> int:
    with race.app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0
