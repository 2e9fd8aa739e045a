"""Sessions that were held: counts by sex and age alone, checked, written down once, seen by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from awareness.models import AwarenessSession
from awareness.service import sessions
from core import clock
from core.access.actors import Actor
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import found
from tests.support.world import World, world

__all__ = ["world"]

COUNTS = {"f": {"18-29": 12, "60+": 3, "0-11": 0}, "m": {"18-29": 4}, "x": {"18-29": 0}}


def values(**changes: Any) -> dict[str, Any]:
    day = clock.today() - dt.timedelta(days=3)
    held = {"held_on": day, "issue": "B01", "province": "27", "place": "school", "language": "ar"}
    return {**held, **changes}


def log(actor: Actor, token: UUID | None = None, total: int = 19, **changes: Any) -> UUID:
    with transaction():
        return sessions.log(actor, token or uuid4(), values(**changes), COUNTS, total)


def typed(**changes: Any) -> dict[str, Any]:
    """The form as a caseworker fills it in: nineteen people, in a school in Gaziantep."""
    return {
        "token": str(uuid4()),
        "held_on": ["2", "11", "2026"],
        "issue": "B01",
        "province": "27",
        "place": "school",
        "language": "ar",
        "total": "19",
        "f_18_29": "12",
        "f_60_more": "3",
        "m_18_29": "4",
        **changes,
    }


def test_only_counts_are_kept_and_a_double_click_is_one_session(world: World) -> None:
    with world.app.app_context():
        cast = found(world.app, "ONE")
        db.session.rollback()
        token = uuid4()
        assert log(cast["caseworker"], token) == log(cast["lawyer"], token) == token
        [row] = sessions.newest(cast["manager"])
        assert row.counts == {"f": {"18-29": 12, "60+": 3}, "m": {"18-29": 4}}
        kept = {column.name for column in AwarenessSession.__table__.columns}
        assert kept == {
            "id", "organisation_id", "held_on", "issue", "province", "place", "language", "counts", "total",
            "logged_by", "logged_at", "token", "version",
        }  # fmt: skip # nothing in which a name of somebody who came could stand
        db.session.rollback()
        [year] = sessions.totals(cast["manager"])
        assert (year.sessions, year.people) == (1, 19)
        assert year.by_sex == {"f": 15, "m": 4}
        assert year.by_age == {"18-29": 16, "60+": 3}


@pytest.mark.parametrize(
    ("counts", "total", "field"),
    [
        ({"f": {"18-29": 12}}, 11, "total"),
        ({"f": {"18-29": 0}}, 0, "total"),
        ({"f": {"18-29": -1}, "m": {"18-29": 2}}, 1, None),
        ({"f": {"18-29": 100_001}}, 100_001, None),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    world: World, counts: sessions.Counts, total: int, field: str | None
) -> None:
    token = uuid4()
    with world.app.app_context():
        with transaction(), pytest.raises(DomainError) as refused:
            sessions.log(world.cast["caseworker"], token, values(), counts, total)
        assert refused.value.field == field
        assert db.session.get(AwarenessSession, token) is None


def test_a_session_of_tomorrow_is_refused(world: World) -> None:
    with world.app.app_context(), pytest.raises(DomainError) as refused:
        log(world.cast["caseworker"], held_on=clock.today() + dt.timedelta(days=1))
    assert refused.value.field == "held_on"


def test_another_organisation_sees_and_changes_nothing(world: World) -> None:
    with world.app.app_context():
        token = log(world.cast["caseworker"])
        other = found(world.app, "YAD")
        db.session.rollback()
        assert sessions.newest(other["manager"]) == []
        assert sessions.totals(other["manager"]) == []
        with pytest.raises(NotFound):
            log(other["caseworker"], token)
        for name in ("manager", "admin"):
            with pytest.raises(Refused):
                log(world.cast[name])
        assert [row.id for row in sessions.newest(world.cast["manager"]) if row.id == token] == [token]


def test_who_may_write_and_who_may_read(world: World) -> None:
    for name, reads, writes in (
        ("caseworker", 200, 200),
        ("lawyer", 200, 200),
        ("coordinator", 200, 200),
        ("manager", 200, 404),
        ("admin", 404, 404),
        ("focal", 404, 404),
    ):
        browser = world.browser(name)
        assert browser.get("/sessions-held").status_code == reads, name
        assert browser.get("/sessions-held/add").status_code == writes, name


def test_from_the_form_to_the_totals(world: World) -> None:
    with world.app.app_context():
        house = World(world.app, found(world.app, "TWO"))
        db.session.rollback()
    browser = house.browser("caseworker")
    assert "Write one down after it was held" in browser.get("/sessions-held").text
    browser.get("/sessions-held/add")
    wrong = browser.post(
        "/sessions-held/add", **typed(total="20", f_30_44="many", held_on=["31", "2", "2026"])
    )
    assert wrong.status_code == 422
    said = " ".join(browser.errors)
    assert "Enter a whole number up to 100,000" in said
    assert "Enter a real date" in said
    assert 'value="many"' in browser.page  # what was typed is kept
    assert browser.post("/sessions-held/add", **typed(total="20")).status_code == 422
    assert "The numbers add up to 19, and 20 stands here" in browser.text
    form = typed(total="١٩", f_18_29="١٢")
    for _click in range(2):
        assert browser.post("/sessions-held/add", **form).status_code == 303
    manager = house.browser("manager")
    manager.get("/sessions-held")
    assert "Gaziantep · School" in manager.text
    assert "Sessions: 1 Attendance: 19" in manager.text
    assert "Female 15 Male 4" in manager.text
    assert "18 to 29 16 60 and over 3" in manager.text
    assert "Write down a session" not in manager.text
