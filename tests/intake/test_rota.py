"""The duty rota: a coordinator writes it, the desk and the public read what follows from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from accounts.service import people
from core.clock import ISTANBUL
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from domain.intake.coverage import Reading
from domain.intake.duty import Duty
from intake.models import DutyShift
from intake.service import places, rota, week
from intake.service.rota import Hours
from tests.intake.stage import asked, open_door, phone
from tests.intake.urgent import EVERY_DAY, NINE, SIX, ask, on_rota
from tests.support.cast import Cast, found, on_stage
from tests.support.clock import FrozenClock
from tests.support.world import Browser, World

WORK = ("0", "1", "2", "3", "4")
MIDNIGHT = dt.time()


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    """Monday 2 November 2026, noon in Türkiye."""
    with on_stage(app) as here:
        yield here


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ISTANBUL)


def rows(cast: Cast) -> list[DutyShift]:
    found_ = rota.shifts(cast["caseworker"])
    db.session.rollback()
    return found_


def duty(cast: Cast, day: int, hour: int) -> Duty:
    found_ = rota.staffed(cast.organisation_id).duty(at(day, hour))
    db.session.rollback()
    return found_


def test_weekdays_holidays_and_a_single_date(cast: Cast) -> None:
    first, second = cast["caseworker"].person_id, cast["colleague"].person_id
    on_rota(cast, days=WORK)
    on_rota(cast, "colleague", "", dt.time(10), dt.time(12), days=(rota.HOLIDAYS,))
    on_rota(cast, "", "", MIDNIGHT, MIDNIGHT, on=dt.date(2026, 11, 5))
    assert duty(cast, 3, 12) == Duty(first, second)
    assert duty(cast, 5, 12) == Duty()  # a Thursday on which nobody reads
    assert duty(cast, 8, 12) == Duty()
    feast = rota.staffed(cast.organisation_id).duty(dt.datetime(2027, 4, 23, 11, tzinfo=ISTANBUL))
    assert feast == Duty(second)
    db.session.rollback()


def test_the_week_says_which_hours_are_of_nobody_and_of_two(cast: Cast) -> None:
    on_rota(cast, days=WORK)
    on_rota(cast, "coordinator", "", dt.time(17), dt.time(20), days=("1",))
    shown = week.week(cast["caseworker"])
    db.session.rollback()
    names = {player.id: name for name, player in cast.players.items()}

    def lines(number: int) -> list[tuple[str, str, list[str]]]:
        return [
            (
                f"{one.begins.astimezone(ISTANBUL):%H:%M}",
                f"{one.ends.astimezone(ISTANBUL):%H:%M}",
                [names[who] for who in (one.duty.person, *one.others) if who],
            )
            for one in shown.days[number].lines
        ]

    assert [day.day.day for day in shown.days] == [2, 3, 4, 5, 6, 7, 8]
    assert lines(1) == [
        ("00:00", "09:00", []),
        ("09:00", "17:00", ["caseworker"]),
        ("17:00", "18:00", ["coordinator", "caseworker"]),
        ("18:00", "20:00", ["coordinator"]),
        ("20:00", "00:00", []),
    ]
    assert lines(6) == [("00:00", "00:00", [])]
    assert [one.duty for one in shown.feasts] == [Duty()]


def test_two_coordinators_and_double_clicks_lose_nothing(cast: Cast) -> None:
    token, lead = uuid4(), cast["coordinator"]
    hours = Hours(NINE, SIX, cast["caseworker"].person_id, None)
    for _ in range(2):
        with transaction():
            rota.add(lead, token, hours, days=WORK)
    assert len(rows(cast)) == 5
    shift_id = rows(cast)[0].id
    later = Hours(NINE, dt.time(17), cast["colleague"].person_id, None)
    with transaction():
        rota.change(lead, shift_id, 1, later)
    with pytest.raises(Conflict), transaction():
        rota.change(lead, shift_id, 1, hours)
    with pytest.raises(Conflict), transaction():
        rota.take_out(lead, shift_id, 1)
    for _ in range(2):
        with transaction():
            rota.take_out(lead, shift_id, 2)
    assert len(rows(cast)) == 4
    with pytest.raises(NotFound), transaction():
        rota.change(lead, shift_id, 3, hours)


@pytest.mark.parametrize(
    ("person", "second", "field"),
    [
        ("", "", "person"),
        ("lawyer", "", "person"),
        ("caseworker", "manager", "second"),
        ("caseworker", "caseworker", "second"),
        ("caseworker", "foreign", "second"),
    ],
)
def test_who_cannot_be_on_duty(cast: Cast, person: str, second: str, field: str) -> None:
    foreign = found(cast.app, "YAD")["caseworker"].person_id
    two: list[UUID | None] = [
        foreign if name == "foreign" else cast[name].person_id if name else None for name in (person, second)
    ]
    with pytest.raises(DomainError) as refused, transaction():
        rota.add(cast["coordinator"], uuid4(), Hours(NINE, SIX, *two), days=WORK)
    assert refused.value.field == field
    assert rows(cast) == []


def test_a_date_of_nobody_has_no_second_and_only_coordinators_write(cast: Cast) -> None:
    hours = Hours(NINE, SIX, None, cast["caseworker"].person_id)
    with pytest.raises(DomainError), transaction():
        rota.add(cast["coordinator"], uuid4(), hours, on=dt.date(2026, 11, 5))
    with pytest.raises(Refused), transaction():
        rota.add(cast["caseworker"], uuid4(), hours, days=WORK)
    shift_id = on_rota(cast)
    for stranger in (cast["caseworker"], found(cast.app, "YAD")["coordinator"]):
        with pytest.raises(NotFound), transaction():
            rota.shift(stranger, shift_id)
        with pytest.raises(NotFound), transaction():
            rota.take_out(stranger, shift_id, 1)


def test_whoever_leaves_drops_out_and_coordinators_see_the_hole(cast: Cast) -> None:
    lead = cast["coordinator"]
    on_rota(cast, days=("0",))
    on_rota(cast, "colleague", "", days=("1",))
    on_rota(cast, "coordinator", "colleague", days=("2",))
    on_rota(cast, "colleague", "", on=dt.date(2026, 11, 4))
    with transaction():
        people.depart(cast["admin"], cast["caseworker"].person_id)
    assert duty(cast, 2, 12) == Duty(cast["colleague"].person_id)
    assert rota.vacated(lead) == 0
    db.session.rollback()
    with transaction():
        people.depart(cast["admin"], cast["colleague"].person_id)
    assert [duty(cast, day, 12) for day in (2, 3)] == [Duty(), Duty()]
    assert (
        duty(cast, 4, 12) == Duty()
    )  # the date stays one of its own: the weekday does not come back by itself
    assert duty(cast, 11, 12) == Duty(lead.person_id)
    assert rota.vacated(lead) == 3
    db.session.rollback()
    assert not any(cast[gone].person_id in {row.person_id, row.second_id}
                   for row in rows(cast) for gone in ("caseworker", "colleague"))  # fmt: skip # one question
    hole = next(row for row in rows(cast) if row.vacated_at and row.weekday == 0)
    with transaction():
        rota.change(lead, hole.id, hole.version, Hours(NINE, SIX, lead.person_id, None))
    assert rota.vacated(lead) == 2
    db.session.rollback()


def test_what_the_public_page_promises(cast: Cast, clock: FrozenClock) -> None:
    asked(cast)  # opens the door

    def said() -> Reading:
        found_ = places.told("tr").reading
        db.session.rollback()
        return found_

    assert said() == Reading(False, None)
    on_rota(cast, days=WORK)
    assert said() == Reading(True, at(2, 18))
    clock.set(at(6, 18))
    assert said() == Reading(False, at(9, 9))
    other = found(cast.app, "YAD")
    asked(other)
    assert said() == Reading(False, None)  # the other organisation, which also takes requests, has no rota
    on_rota(other, days=("5",))
    assert said() == Reading(False, at(9, 9))
    clock.set(at(7, 12))
    assert said() == Reading(False, at(9, 9))  # one of two reads: that is no promise to everybody
    clock.set(at(9, 12))
    assert said() == Reading(False, at(14, 9))
    on_rota(other, begins=MIDNIGHT, ends=MIDNIGHT)
    assert said() == Reading(True, at(9, 18))


@pytest.fixture(scope="module")
def desk(world: World) -> World:
    open_door(world)
    return world


@pytest.fixture
def lead(desk: World) -> Browser:
    return desk.browser("coordinator")


def add(desk: World, lead: Browser, **changes: object) -> int:
    person = str(desk.cast["caseworker"].person_id)
    fields = {"days": list(EVERY_DAY), "begins": "09:00", "ends": "24:00", "person": person, "second": ""}
    return lead.fill("/requests/rota/add", token=str(uuid4()), **{**fields, **changes}).status_code


def test_pages_of_the_rota(desk: World, lead: Browser) -> None:
    lead.get("/requests/rota")
    assert "No hours are on the rota yet" in lead.text
    assert "Nobody reads at this moment." in phone(desk).get("/m/en").text
    assert add(desk, lead, begins="٩", ends="1830") == 303
    lead.get("/requests/rota")
    for words in ("Kişi caseworker", "09:00 – 18:30", "18:30 – 24:00", "Nobody is on duty"):
        assert words in lead.text
    colleague = desk.browser("caseworker")
    assert "Kişi caseworker" in colleague.get("/requests/rota").text
    assert "/requests/rota/add" not in colleague.page
    lead.get("/requests/rota")
    [path, *_others] = re.findall(r'href="(/requests/rota/[0-9a-f-]{36})"', lead.page)
    lead.get(path)
    person = str(desk.cast["colleague"].person_id)
    changed = {"begins": "10:00", "ends": "12:00", "person": person, "second": ""}
    assert lead.post(path, version=1, **changed).status_code == 303
    lead.get("/requests/rota")
    assert "10:00 – 12:00" in lead.text
    lead.get(path)
    assert lead.post(f"{path}/out", version=2).status_code == 303
    assert "10:00 – 12:00" not in lead.get("/requests/rota").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"begins": "25:00"}, "Write the time like this"),
        ({"ends": "morning"}, "Write the time like this"),
        ({"begins": ""}, "Answer this question"),
        ({"days": []}, "Choose days, or write a date."),
        ({"on": ["5", "11", "2026"]}, "not both"),
        ({"person": ""}, "Choose who is on duty"),
        ({"person": "nobody"}, "Choose one of the answers"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    desk: World, lead: Browser, changes: dict[str, object], words: str
) -> None:
    assert add(desk, lead, **{"ends": "17:45", **changes}) == 422
    assert any(words in error for error in lead.errors), lead.errors
    assert "ends" in changes or 'value="17:45"' in lead.page


def test_the_urgent_request_on_desk_queue_and_page(desk: World, lead: Browser) -> None:
    assert add(desk, lead, begins="0:00") == 303
    with desk.app.app_context():
        request_id = ask(desk.cast)
        db.session.rollback()
    told = desk.browser("caseworker")
    told.get("/desk")
    assert "Urgent, and nobody has taken it on yet" in told.text
    assert f"/requests/{request_id}/on-it" in told.page
    told.get("/requests")
    assert "take on by" in told.text
    told.get(f"/requests/{request_id}")
    assert "To have opened it stops nothing" in told.text
    assert told.post(f"/requests/{request_id}/on-it").status_code == 303
    assert "For 15 minutes nobody else is alarmed" in told.get("/requests").text
    for page in ("/desk", "/requests"):
        assert "people are alarmed again from" in told.get(page).text
    told.get(f"/requests/{request_id}")
    assert "Somebody said to be on it: Kişi caseworker" in told.text
    assert "Who was told that it is urgent" in told.text
    assert "Kişi caseworker" in told.text
