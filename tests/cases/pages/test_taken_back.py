"""What was said of a hearing or a duty to sign is corrected, and what followed from it goes along."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from cases.service import files, signing
from cases.service.views import OpenItem
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_todo import boxes, items_of, send, today, token
from tests.support.world import Browser, World

HEARING = {"title": "Duruşma", "where": "4. İdare", "authority": "administrative_court"}


def things(world: World, case: str, *kinds: str) -> list[OpenItem]:
    """What stands in a case and is open."""
    with world.app.app_context():
        with transaction():
            found = files.open_case(world.cast["coordinator"], UUID(case.rpartition("/")[2])).items
        db.session.rollback()
    return [one for one in found if one.is_open and one.kind in kinds]


def heard(world: World, browser: Browser, case: str, ahead: int = -1) -> str:
    me = str(world.cast["caseworker"].person_id)
    send(browser, f"{case}/todo/new/hearing", **HEARING, day=boxes(today(ahead)), owner=me)
    return items_of(browser, case)[0]


def again(browser: Browser, one: str) -> None:
    """Open it again, by a double click."""
    browser.get(one)
    sent = {"version": browser.version, "token": token(browser)}
    for _click in range(2):
        assert browser.post(f"{one}/again", **sent).status_code == 303


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_wrong_next_date_goes_with_the_outcome_that_is_taken_back(world: World, language: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    one = heard(world, browser, case)
    send(browser, f"{one}/end", came="postponed", next_on=boxes(today(30)))
    [wrong] = things(world, case, "hearing")
    again(browser, one)
    browser.get(one)
    assert {"ar": "وأُزيل أيضًا الموعد التالي", "tr": "sonraki tarih veya görevler de kaldırıldı"}[
        language
    ] in browser.text
    assert f"{case}/todo/{wrong.id}" not in (browser.get("/todo"), browser.page)[1]
    send(browser, f"{one}/end", came="postponed", next_on=boxes(today(20)))
    assert [now.due_on for now in things(world, case, "hearing")] == [today(20)]


def test_the_task_to_find_out_the_next_date_goes_with_the_outcome_that_left_it(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    one = heard(world, browser, case)
    for came, left in (("held", 1), ("postponed", 1), ("decided", 0)):
        send(browser, f"{one}/end", came=came)
        assert len(things(world, case, "task")) == left, came
        again(browser, one)
        assert things(world, case, "task") == []
    assert len(things(world, case, "hearing")) == 1


def test_before_its_day_a_hearing_is_put_off_or_called_off_and_no_more(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    one = heard(world, browser, case, 20)
    browser.get(f"{one}/end")
    assert 'value="decided"' not in browser.page
    sent = {"token": token(browser), "version": browser.version, "text": ""}
    assert browser.post(f"{one}/end", **sent, came="decided").status_code == 422
    assert len(things(world, case, "hearing")) == 1
    send(browser, f"{one}/end", came="cancelled")
    assert things(world, case, "hearing") == []


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_an_appointment_that_was_never_one_is_said_to_be_a_mistake(world: World, language: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    one = heard(world, browser, case, 20)
    browser.get(f"{one}/end")
    sent = {"token": token(browser), "version": browser.version, "came": "mistake", "text": "Başka dosyanın"}
    assert browser.post(f"{one}/end", **sent, next_on=boxes(today(30))).status_code == 422  # it has none
    send(browser, f"{one}/end", came="mistake", text="Başka dosyanın")
    assert things(world, case, "hearing") == []
    browser.get(one)
    assert {"ar": "إدخال بالخطأ", "tr": "Yanlışlıkla girildi"}[language] in browser.text
    assert "Başka dosyanın" in browser.text
    again(browser, one)
    assert len(things(world, case, "hearing")) == 1


def test_a_duty_that_goes_on_says_no_more_that_it_was_lifted(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    me = str(world.cast["caseworker"].person_id)
    duty = {"where": "İl Göç", "owner": me, "first": boxes(today()), "how": "every", "days": "1"}
    send(browser, f"{case}/todo/new/signature", **duty)
    [one] = items_of(browser, case)
    send(browser, f"{one}/end", kept="lifted", note="Mahkeme kaldırdı")
    send(browser, f"{one}/change", **duty, last=boxes(today()))
    send(browser, f"{one}/end", kept="yes")
    browser.get(one)
    assert "What became of it" in browser.text
    assert "Mahkeme kaldırdı" not in browser.text


def missed_twice(world: World) -> tuple[str, dict[str, object]]:
    """A daily duty, missed yesterday and today; the page of its case, and what its form says."""
    case_id, actor = world.record(), world.cast["caseworker"]
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker")
    duty = {"where": "İl Göç", "owner": str(actor.person_id), "first": boxes(today()), "how": "every"}
    send(browser, f"{case}/todo/new/signature", **duty, days="1")
    for day in range(2):
        [one] = things(world, case, "signature")
        with world.app.app_context(), clock.at(clock.now() + dt.timedelta(days=day)):
            with transaction():
                signing.mark(actor, case_id, one.id, one.version, uuid4(), kept=False, note="yok")
            db.session.rollback()
    return case, {**duty, "days": "1", "last": ["", "", ""]}


@pytest.mark.parametrize("way", ["change", "again"])
def test_a_duty_that_was_no_mistake_warns_again_of_the_days_that_were_missed(world: World, way: str) -> None:
    """By a slip the warning was silenced for good, and what took the slip back took a day."""
    case, duty = missed_twice(world)
    browser = world.browser("caseworker")
    done, *rest = things(world, case, "task")
    send(browser, f"{case}/todo/{done.id}/end", how="done", word="")
    [one] = things(world, case, "signature")
    url = f"{case}/todo/{one.id}"
    send(browser, f"{url}/end", kept="mistake", note="yanlış düğme")
    assert things(world, case, "task") == []
    if way == "again":
        again(browser, url)
    else:
        send(browser, f"{url}/change", **duty)
    [stands] = things(world, case, "signature")
    assert (stands.data["marks"], stands.due_on) == (one.data["marks"], one.due_on)
    told = [(task.owner_id, task.data["missed"]) for task in things(world, case, "task")]
    assert sorted(told) == sorted((task.owner_id, task.data["missed"]) for task in rest)
    if way == "again":  # and the next click is for the day
        again(browser, url)
        [stands] = things(world, case, "signature")
        assert len(stands.data["marks"]) == 1


@pytest.mark.parametrize("kept", ["mistake", "lifted"])
def test_a_duty_that_ended_before_any_day_was_said_is_open_again(world: World, kept: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    me = str(world.cast["caseworker"].person_id)
    duty = {"where": "İl Göç", "owner": me, "first": boxes(today(3)), "how": "every", "days": "7"}
    send(browser, f"{case}/todo/new/signature", **duty)
    [one] = items_of(browser, case)
    send(browser, f"{one}/end", kept=kept, note="yanlış dosya")
    browser.get(one)
    assert f'action="{one}/again"' in browser.page
    again(browser, one)
    assert [(now.due_on, now.data.get("end")) for now in things(world, case, "signature")] == [
        (today(3), None)
    ]


def test_who_was_warned_of_a_day_that_was_not_missed_is_warned_anew_once_it_is(world: World) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser, actor = f"/cases/{case_id}", world.browser("caseworker"), world.cast["caseworker"]
    duty = {"where": "İl Göç", "owner": str(actor.person_id), "first": boxes(today()), "how": "every"}
    send(browser, f"{case}/todo/new/signature", **duty, days="1")

    def say(day: int, *, missed: bool) -> list[str]:
        """On that day; gives the days of which somebody is warned."""
        [one] = things(world, case, "signature")
        with world.app.app_context(), clock.at(clock.now() + dt.timedelta(days=day)):
            with transaction():
                if missed:
                    signing.mark(actor, case_id, one.id, one.version, uuid4(), kept=False, note="yok")
                else:
                    signing.unmark(actor, case_id, one.id, one.version, uuid4())
            db.session.rollback()
        return sorted(task.data["missed"] for task in things(world, case, "task"))

    second, third = today(1).isoformat(), today(2).isoformat()
    assert say(0, missed=True) == []
    assert say(1, missed=True) == [second] * 2  # the lawyer and the coordinator
    assert say(1, missed=False) == []
    assert say(1, missed=True) == [second] * 2
    assert say(2, missed=True) == [second] * 2 + [third] * 2
    assert say(2, missed=False) == [second] * 2
