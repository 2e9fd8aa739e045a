"""Sessions and campaigns that were held: counts alone, checked, written down once, seen by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from awareness.models import AwarenessSession
from awareness.service import session_log, sessions
from awareness.service.held import Counts, Held
from core import clock
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.awareness.stage import campaign, log, session
from tests.support.cast import found
from tests.support.world import World, world

__all__ = ["world"]

TOMORROW = dt.timedelta(days=1)


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


def a_campaign(**changes: Any) -> dict[str, Any]:
    """The other form: leaflets in several provinces."""
    return {
        "token": str(uuid4()),
        "held_on": ["1", "10", "2026"],
        "ended_on": ["10", "10", "2026"],
        "issue": "A02",
        "channel": "leaflets",
        "language": "ar",
        "total": "2400",
        "leaflets": "800",
        **changes,
    }


def test_only_counts_are_kept_and_a_double_click_is_one_session(world: World) -> None:
    with world.app.app_context():
        cast = found(world.app, "ONE")
        db.session.rollback()
        token = uuid4()
        given = session(counts={"f": {"18-29": 12, "60+": 3, "0-11": 0}, "m": {"18-29": 4}, "x": {"60+": 0}})
        assert log(cast["caseworker"], token, given) == log(cast["lawyer"], token, given) == token
        [row] = session_log.page(cast["manager"]).lines
        assert row.counts == {"f": {"18-29": 12, "60+": 3}, "m": {"18-29": 4}}
        kept = {column.name for column in AwarenessSession.__table__.columns}
        assert kept == {
            "id", "organisation_id", "kind", "held_on", "ended_on", "issue", "province", "place", "channel",
            "language", "counts", "total", "leaflets", "logged_by", "logged_at", "token", "withdrawn_by",
            "withdrawn_at", "withdrawn_because", "version",
        }  # fmt: skip # nothing in which a name of somebody who came could stand
        db.session.rollback()
        [year] = session_log.totals(cast["manager"])
        assert (year.sessions, year.people, year.campaigns) == (1, 19, 0)
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
    world: World, counts: Counts, total: int, field: str | None
) -> None:
    with world.app.app_context():
        refuses(world, session(counts=counts, total=total), field)


def refuses(world: World, held: Held, field: str | None) -> None:
    token = uuid4()
    with transaction(), pytest.raises(DomainError) as refused:
        sessions.log(world.cast["caseworker"], token, held)
    assert refused.value.field == field
    assert db.session.get(AwarenessSession, token) is None
    db.session.rollback()


def test_days_and_figures_of_a_campaign_are_checked(world: World) -> None:
    with world.app.app_context():
        first, last = campaign().held_on, campaign().ended_on
        assert last is not None
        for changes, field in (
            ({"ended_on": first - TOMORROW}, "ended_on"),
            ({"ended_on": None}, "ended_on"),
            ({"ended_on": clock.today() + TOMORROW}, "ended_on"),
            ({"held_on": clock.today() + TOMORROW}, "held_on"),
            ({"total": 0, "leaflets": 0}, "total"),
            ({"total": -1}, "total"),
            ({"total": 10_000_001}, "total"),
            ({"leaflets": 10_000_001}, "leaflets"),
        ):
            refuses(world, campaign(**changes), field)
        refuses(world, session(held_on=clock.today() + TOMORROW), "held_on")
        for fits in ({"ended_on": first}, {"total": 0}, {"leaflets": 0}):
            log(world.cast["caseworker"], held=campaign(**fits))


def test_another_organisation_sees_and_changes_nothing(world: World) -> None:
    with world.app.app_context():
        token = log(world.cast["caseworker"])
        other = found(world.app, "YAD")
        db.session.rollback()
        assert session_log.page(other["manager"]).lines == []
        assert session_log.totals(other["manager"]) == []
        with pytest.raises(NotFound):
            session_log.opened(other["manager"], token)
        for act in (
            lambda: sessions.log(other["caseworker"], token, session()),
            lambda: sessions.correct(other["caseworker"], token, 1, session(total=20)),
            lambda: sessions.withdraw(other["coordinator"], token, 1, "twice"),
        ):
            with transaction(), pytest.raises(NotFound):
                act()
        for name in ("manager", "admin"):
            with pytest.raises(Refused):
                log(world.cast[name])
        assert session_log.opened(world.cast["manager"], token).held == session()


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
        for page in ("add", "add-campaign"):
            assert browser.get(f"/sessions-held/{page}").status_code == writes, name


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
    path = "/sessions-held/add-campaign"
    browser.get(path)
    assert browser.post(path, **a_campaign(ended_on=["1", "9", "2026"])).status_code == 422
    assert "The last day is before the first" in " ".join(browser.errors)
    assert browser.post(path, **a_campaign(channel="")).status_code == 422
    poster = a_campaign(leaflets="٨٠٠")
    for _click in range(2):
        assert browser.post(path, **poster).status_code == 303
    manager = house.browser("manager")
    manager.get("/sessions-held")
    assert "Gaziantep · School" in manager.text
    assert "Several provinces · Leaflets and posters" in manager.text
    counted = "Sessions: 1 Attendance: 19 Campaigns: 1 Reached, estimated: 2,400 Leaflets: 800"
    assert counted in manager.text
    assert "Female 15 Male 4" in manager.text
    assert "18 to 29 16 60 and over 3" in manager.text
    assert "Write down a session" not in manager.text


def test_every_line_is_reached_page_by_page(world: World) -> None:
    manager, made = world.cast["manager"], []
    with world.app.app_context():
        with transaction():
            for number in range(101):  # three on each day
                held = session(held_on=clock.today() - dt.timedelta(days=number // 3))
                made.append(sessions.log(world.cast["caseworker"], uuid4(), held))
        seen, page = list[AwarenessSession](), session_log.page(manager, size=7)
        while page.next:
            seen += page.lines
            page = session_log.page(manager, page.next, size=7)
        seen += page.lines
        assert len(seen) == len({line.id for line in seen})
        assert set(made) <= {line.id for line in seen}
        days = [line.held_on for line in seen]
        assert days == sorted(days, reverse=True)
        db.session.rollback()
    browser = world.browser("manager")
    browser.get("/sessions-held")
    assert browser.page.count('class="row-link"') == 100
    address = browser.page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    browser.get(address)
    assert browser.page.count('class="row-link"') == len(seen) - 100
    assert "Back to the beginning" in browser.text
    for nothing in ("nothing", uuid4()):
        assert "Show more" in browser.get(f"/sessions-held?after={nothing}").text
