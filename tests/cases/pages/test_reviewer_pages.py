"""Lawyers who are there to review a draft, on pages: nothing leads them to what they would not find."""

from __future__ import annotations

import datetime as dt
import html
import re
from uuid import UUID, uuid4

import pytest

from cases.service import lawyer_notes, matters, members, supervising, todo
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.pages.test_legal_drafts import accept, ask, begun, case_of, hidden, judge
from tests.cases.pages.test_organisations import hidden as carried
from tests.cases.pages.test_organisations import record
from tests.support.world import Browser, World, as_written

SECRET = "ما قاله الموكّل لمحاميه"


def boxes(day: dt.date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


def full(world: World) -> str:
    """The case of an organisation with something of everything that its page leads to."""
    caseworker, cast = world.browser("caseworker"), world.cast
    case = record(caseworker, name_ar="", name_latin="İnceleme Derneği", issue="R01")
    page = as_written(world, f"{case}/declarations/new/tax")
    caseworker.get(page)
    told = {"authority": "tax_office", "period": "Mart", "every": "month"}
    day, owner = boxes(clock.today() + dt.timedelta(days=20)), str(cast["caseworker"].person_id)
    assert caseworker.post(page, **carried(caseworker), **told, owner=owner, day=day).status_code == 303
    case_id = UUID(case.rpartition("/")[2])
    with world.app.app_context():
        cast.assign(case_id)
        fee = {"basis": "free", "since": "", "amount": "", "number": "", "note": "", "ended_on": ""}
        with transaction():
            matters.add(cast["caseworker"], case_id, "fee", fee, uuid4())
        with transaction():
            whom = cast["caseworker"].person_id
            supervising.ask(cast["coordinator"], case_id, whom, "?", None, uuid4())
        with transaction():
            what = {"title": "x", "more": ""}
            todo.add(cast["caseworker"], case_id, "task", what, uuid4(), owner_id=whom, on=None)
        with transaction():
            lawyer_notes.write(cast["lawyer"], case_id, SECRET, uuid4())
        db.session.rollback()
    return case


def test_every_link_on_the_case_page_of_a_reviewer_is_found(world: World) -> None:
    case = full(world)
    draft, other = begun(world, case), begun(world, case, "مسودة أخرى")
    ask(world, draft)
    reviewer = accept(world)
    reviewer.get(case)
    for name in ("matter", "declarations", "supervision"):
        assert f'id="{name}"' in reviewer.page
    assert other not in reviewer.page
    assert "lawyer-notes" not in reviewer.page
    for told in (SECRET, "مسودة أخرى"):
        assert told not in reviewer.text
    led = {html.unescape(one) for one in re.findall(r'href="(/[^"#]+)"', reviewer.page)}
    assert draft in led
    for address in sorted(one for one in led if not one.startswith("/static")):
        assert reviewer.get(address).status_code in {200, 303}, address
    for address in (other, f"{other}/write", f"{case}/lawyer-notes"):
        assert reviewer.get(address).status_code == 404
    reviewer.get(f"{case}/step-off")
    assert 'name="power"' not in reviewer.page
    assert "fifteen days" not in reviewer.text


@pytest.mark.parametrize(
    ("language", "ends", "off"),
    [
        ("ar", "إنهاء المراجعة", "لم تعد الآن على هذا الملف"),
        ("tr", "İncelemeyi sona erdir", "Artık bu dosyada değilsiniz"),
    ],
)
def test_a_review_is_ended_from_the_page_or_by_what_is_said_of_it(
    world: World, language: str, ends: str, off: str
) -> None:
    case = case_of(world)
    draft = begun(world, case)
    ask(world, draft)
    reviewer = accept(world)
    reviewer.get(draft)
    assert f"{draft}/end-review" not in reviewer.page
    lawyer = world.browser("lawyer", language)
    lawyer.get(draft)
    assert ends in lawyer.text
    given = hidden(lawyer, "version", "token")
    for _click in range(2):
        assert lawyer.post(f"{draft}/end-review", **given).location == draft
    assert reviewer.get(case).status_code == 404
    ask(world, draft)
    accept(world)
    reviewer = world.browser("other_lawyer", language)
    assert judge(reviewer, draft, "approved") == 303
    reviewer.get("/desk")
    assert off in reviewer.text


def test_whoever_loses_the_case_by_an_act_is_led_to_their_desk(world: World) -> None:
    cast, case_id = world.cast, world.record()
    with world.app.app_context():
        cast.assign(case_id)
        held = {"result": "given", "on": "2026-01-05", "lawyer": str(cast["lawyer"].person_id)}
        with transaction():
            matters.add(cast["lawyer"], case_id, "power", held, uuid4())
        with transaction():
            members.step_off(cast["lawyer"], case_id, "x", power=True)
        cast.assign(case_id, "other_lawyer")
        db.session.rollback()
    case, lawyer = f"/cases/{case_id}", world.browser("lawyer")
    lawyer.get(f"{case}/matter/power/new")
    given = {"result": "given", "on": boxes(clock.today()), "lawyer": str(cast["other_lawyer"].person_id)}
    carried_ = carried(lawyer)
    for _click in range(2):
        assert lawyer.post(f"{case}/matter/power/new", **carried_, **given).location == "/desk"
    lawyer.get("/desk")
    assert "You are off this case now" in lawyer.text
    caseworker: Browser = world.browser("caseworker")
    own = f"{case}/members/{cast['caseworker'].person_id}/remove"
    caseworker.get(own)
    for _click in range(2):
        assert caseworker.post(own).location == "/desk"
    caseworker.get("/account")
    assert caseworker.post(f"/cases/{uuid4()}/step-off").status_code == 404
