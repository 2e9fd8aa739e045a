"""File review: the list tells of no complaint, nobody looks at own work, no file and no word is lost."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from accounts.models import PersonRole
from cases.models import Case
from cases.review_models import DrawnFile, ReviewDraw
from cases.service import drawing, files, reviewing, timeline
from core.store.base import db
from core.store.transaction import transaction
from domain.file_reviews import QUESTIONS, month_before
from tests.cases.pages.test_reviews import answers, closed, drawn, last_month, send, soon, waiting
from tests.cases.pages.test_supervision import aged, part
from tests.cases.pages.test_todo import token
from tests.support.cast import COORDINATOR
from tests.support.world import World

LONG = "the power of attorney names another court"

pytestmark = pytest.mark.usefixtures("nothing_drawn")


def a_month_passes(world: World) -> None:
    """What was drawn this month was drawn in the month before."""
    with world.app.app_context(), transaction():
        db.session.execute(delete(ReviewDraw))
        for row in db.session.scalars(select(DrawnFile).order_by(DrawnFile.month)):
            row.month = month_before(row.month)
            db.session.flush()


def complained(monkeypatch: pytest.MonkeyPatch, *about: UUID) -> None:
    monkeypatch.setattr(drawing, "complained_about", [lambda _home, _first, _before: set(about)])


@pytest.mark.parametrize("kind", ["closed", "earlier", "new", "looked at"])
def test_a_complaint_changes_neither_what_may_be_drawn_nor_how_many(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Of each kind of file one is drawn in any case; a complaint only says which."""
    columns: dict[str, Any] = {
        "closed": {"state": "closed", "closed_on": last_month()},
        "earlier": {"state": "closed", "closed_on": last_month(1) - dt.timedelta(days=40)},
    }.get(kind, {})
    among = [world.record() for _ in range(4)]
    for case_id in among if columns else ():
        aged(world, case_id, **columns)
    if kind == "looked at":
        complained(monkeypatch)
        [first] = drawn(world)
        send(world.browser("coordinator"), f"/cases/{first}/review", **answers())
        a_month_passes(world)
        complained(monkeypatch, first)
        assert str(first) in waiting_after(world)
        return
    seen = set()
    for about in (None, *among):
        complained(monkeypatch, *([about] if about else []))
        with world.app.app_context(), transaction():
            db.session.execute(delete(DrawnFile))
            db.session.execute(delete(ReviewDraw))
        [came] = drawn(world)
        assert about in {None, came}
        seen.add(came)
    assert seen == set(among)


def waiting_after(world: World) -> str:
    """What waits, of files of which one is drawn at least, so that one seen before may come by chance."""
    drawn(world)
    with world.app.app_context():
        now = select(DrawnFile.case_id).where(DrawnFile.month == drawing.this_month())
        assert len(db.session.scalars(now).all()) == 1
        made = db.session.scalars(select(ReviewDraw)).one()
        assert len(made.open) == 4  # among them the one that was looked at
    return waiting(world.browser("coordinator"))


def test_who_set_a_step_or_closed_a_file_looks_at_none_of_it_but_a_carrying_session_does(
    world: World,
) -> None:
    lead, mine, carried = world.cast["coordinator"], world.record(urgency="U0"), world.record(urgency="U0")
    with world.app.app_context():
        with transaction():
            version = db.session.get_one(Case, mine).version
            files.set_next_step(lead, mine, version, "file the objection")
        with transaction(), timeline.carrying_out():
            version = db.session.get_one(Case, carried).version
            files.set_next_step(lead, carried, version, "as a change of law counts it")
    for case_id in (mine, carried):
        aged(world, case_id, state="closed", closed_on=last_month())
    assert drawn(world) == {mine, carried}
    browser = world.browser("coordinator")
    shown = part(browser, "/supervision", "reviews")
    assert str(carried) in shown
    assert str(mine) not in shown
    sent = browser.post(f"/cases/{mine}/review", **answers(), token=str(uuid4()), version="0")
    assert sent.status_code == 422
    send(browser, f"/cases/{carried}/review", **answers())


def test_a_file_that_nobody_can_look_at_is_said_month_after_month(world: World) -> None:
    others = PersonRole.role == str(COORDINATOR), PersonRole.person_id != world.cast["coordinator"].person_id
    with world.app.app_context(), transaction():
        db.session.execute(delete(PersonRole).where(*others))
    closed(world, by="coordinator")
    drawn(world)
    for _month in range(3):
        shown = part(world.browser("coordinator"), "/supervision", "reviews")
        assert "One file waits that no coordinator can look at" in shown
        assert "invite one more coordinator" in shown
        assert "for a colleague" not in shown
        a_month_passes(world)


def test_a_file_that_waits_is_not_drawn_again(world: World) -> None:
    waits = closed(world)
    drawn(world)
    a_month_passes(world)
    a_month_passes(world)
    aged(world, waits, closed_on=last_month())
    with world.app.app_context():
        with transaction():
            drawing.draw_all()
        assert len(db.session.scalars(select(DrawnFile).where(DrawnFile.case_id == waits)).all()) == 1
    lead = world.browser("coordinator")
    assert str(waits) in waiting(lead)
    assert "every file that was drawn is on the list" in lead.text
    send(lead, f"/cases/{waits}/review", **answers())
    assert str(waits) not in waiting(lead)


def test_a_second_look_changes_the_task_and_ends_it_with_the_review(world: World) -> None:
    case_id = closed(world)
    drawn(world)
    lead, review = world.browser("coordinator"), f"/cases/{case_id}/review"
    worker, other = world.cast["caseworker"], world.cast["coordinator"]
    said = answers("identity") | {"words_identity": "first words", "mend_by": soon()}
    send(lead, review, **said, owner_identity=str(worker.person_id))
    shown = part(world.browser("caseworker"), "/desk", "todo")
    [task] = re.findall(rf'href="(/cases/{case_id}/todo/[0-9a-f-]+)"', shown)
    send(lead, review, **(said | {"words_identity": LONG}), owner_identity=str(other.person_id))
    assert task not in part(world.browser("caseworker"), "/desk", "todo")
    assert task in part(lead, "/desk", "todo")
    lead.get(task)
    assert LONG in lead.text
    lead.get(review)
    assert re.search(rf'name="owner_identity".*?selected value="{other.person_id}"', lead.page, re.DOTALL)
    send(lead, review, **answers())
    with world.app.app_context(), transaction():
        standing = reviewing.of_case(other, case_id)
    assert [one.state for one in standing.tasks] == ["done"]
    assert task not in part(lead, "/desk", "todo")


def test_what_was_typed_stays_where_the_file_or_the_note_is_gone(world: World) -> None:
    case_id = world.record()
    aged(world, case_id, state="in_review")
    lead, worker = world.browser("coordinator"), world.browser("caseworker")
    lead.get(f"/cases/{case_id}/review")
    form = {"token": token(lead), "version": "0", "mend_by": soon()}
    aged(world, case_id, state="in_progress")
    owner = str(world.cast["caseworker"].person_id)
    said = answers("consent") | {"words_consent": LONG, "owner_consent": owner}
    assert lead.post(f"/cases/{case_id}/review", **form, **said).status_code == 422
    assert LONG in lead.page
    assert len(re.findall(r'<input[^>]*checked[^>]*value="yes"', lead.page)) == len(QUESTIONS) - 1
    assert "not among those" in " ".join(lead.errors)
    lead.get(f"/cases/{case_id}/ask")
    asked = {"token": token(lead), "whom": owner, "text": "why?", "due_on": ["", "", ""]}
    assert lead.post(f"/cases/{case_id}/ask", **asked).status_code == 303
    worker.get(f"/cases/{case_id}")
    [note] = set(re.findall(rf'href="(/cases/{case_id}/asked/[0-9a-f-]+)"', worker.page))
    worker.get(note)
    answer = {"token": token(worker), "version": worker.version, "how": "answer", "text": LONG}
    lead.get(note)
    settled = {"token": token(lead), "version": lead.version, "how": "settle", "text": ""}
    assert lead.post(note, **settled).status_code == 303
    assert worker.post(note, **answer).status_code == 422
    assert LONG in worker.page
    assert "settled meanwhile" in " ".join(worker.errors)
    # The same where the session was over: both pages give it back, to be copied.
    for browser, page, typed in ((worker, note, answer), (lead, f"/cases/{case_id}/review", form | said)):
        carried = browser.csrf
        browser.post("/sign-out")
        browser.post(page, csrf_token=carried, **typed)
        again = world.browser("caseworker" if browser is worker else "coordinator")
        again.get(page)
        assert LONG in again.page
        assert "It can be sent here no more" in again.text


def test_what_the_page_has_no_room_for_is_no_colleague_s(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        world.cast.join("second", COORDINATOR)
    for by in ("caseworker", "caseworker", "coordinator"):
        closed(world, by=by, urgency="U0")
    assert len(drawn(world)) == 3
    monkeypatch.setattr(reviewing, "SHOWN", 1)
    shown = part(world.browser("coordinator"), "/supervision", "reviews")
    assert "One more file follows once these are looked at" in shown
    assert "One more file is for a colleague" in shown
    assert "no coordinator can look at" not in shown


def test_the_page_counts_no_file_that_is_restricted_to_others(world: World) -> None:
    world.record()
    lead = world.browser("coordinator")

    def numbers() -> list[str]:
        shown = part(lead, "/supervision", "reviews")
        return re.findall(r"(?<=<dd>).*?(?=</dd>)|more file[^<]*colleague[^<]*", shown, re.DOTALL)[1:]

    drawn(world)
    before = numbers()
    with world.app.app_context(), transaction():
        db.session.execute(delete(DrawnFile))
        db.session.execute(delete(ReviewDraw))
    for _ in range(3):
        hidden = world.record(restricted=True, named=[world.cast["colleague"].person_id])
        aged(world, hidden, state="closed", closed_on=last_month(), urgency="U0")
    assert len(drawn(world)) > 3
    assert numbers() == before
