"""File review: files are drawn by chance, looked at by somebody else, mended, and looked at again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from cases.models import Case
from cases.review_models import DrawnFile, ReviewDraw
from cases.service import drawing, keys, records
from core.store.base import db
from core.store.transaction import transaction
from domain.file_reviews import QUESTIONS, month_before
from tests.cases.pages.test_supervision import aged, part
from tests.cases.pages.test_todo import token
from tests.support.world import Browser, World

WRONG = "the receipt of the court is not in the file"

pytestmark = pytest.mark.usefixtures("nothing_drawn")


def last_month(day: int = 20) -> dt.date:
    return month_before(drawing.this_month()).replace(day=day)


def closed(world: World, by: str = "caseworker", **columns: Any) -> UUID:
    case_id = world.record(by=by)
    aged(world, case_id, **{"state": "closed", "closed_on": last_month(), **columns})
    return case_id


def drawn(world: World) -> set[UUID]:
    """Draw as the worker does, and give what came out."""
    with world.app.app_context():
        with transaction():
            drawing.draw_all()
        return set(db.session.scalars(select(DrawnFile.case_id)))


def answers(no: str = "", **more: object) -> dict[str, object]:
    return {f"answer_{name}": "no" if name == no else "yes" for name in QUESTIONS} | more


def send(browser: Browser, path: str, **fields: object) -> None:
    """Open a form and send it twice, as a double click does."""
    browser.get(path)
    sent = {"token": token(browser), "version": browser.version, "mend_by": ["", "", ""], **fields}
    for _click in range(2):
        assert browser.post(path, **sent).status_code == 303, browser.errors


def soon() -> list[str]:
    day = dt.date.today() + dt.timedelta(days=10)  # noqa: DTZ011 - only that it has not passed
    return [str(day.day), str(day.month), str(day.year)]


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_what_a_review_finds_is_mended_in_a_closed_file_and_looked_at_again(
    world: World, language: str
) -> None:
    case_id = closed(world)
    review, owner = f"/cases/{case_id}/review", str(world.cast["caseworker"].person_id)
    lead, worker = world.browser("coordinator", language), world.browser("caseworker", language)
    assert f'href="{review}"' in part(lead, "/supervision", "reviews")
    lead.get(review)
    fields = {"token": token(lead), "version": "0", "mend_by": soon()}
    assert lead.post(review, **fields).status_code == 422  # each question is answered
    assert len(lead.errors) == len(QUESTIONS)
    no_words = answers("deadline_proof", **fields, owner_deadline_proof=owner)
    assert lead.post(review, **no_words).status_code == 422
    assert re.search("اكتب ما الخلل|neyin yanlış olduğunu", " ".join(lead.errors))
    send(
        lead, review, **answers("deadline_proof"), words_deadline_proof=WRONG,
        owner_deadline_proof=owner, mend_by=soon(),
    )  # fmt: skip # one form
    shown = part(worker, "/desk", "todo")
    [task] = re.findall(rf'href="(/cases/{case_id}/todo/[0-9a-f-]+)"', shown)
    worker.get(task)
    assert WRONG in worker.text
    worker.get(f"{task}/end")
    form = {"token": token(worker), "version": worker.version}
    assert worker.post(f"{task}/end", **form, how="done", word="filed now").status_code == 303
    assert task not in part(worker, "/desk", "todo")
    # It stands apart from the story of the case, and a worker finds no review.
    worker.get(f"/cases/{case_id}")
    assert WRONG not in part(worker, f"/cases/{case_id}", "timeline")
    assert worker.get(review).status_code == 404
    lead.get(review)
    assert "filed now" in lead.text
    assert f'href="{review}"' in part(lead, "/desk", "todo")
    send(lead, review, **answers())
    assert f'href="{review}"' not in part(lead, "/desk", "todo")
    shown = part(lead, "/supervision", "reviews")
    assert re.search("ملف واحد من هذا الشهر سليم|1 dosyası düzenli", shown)
    assert re.search("يمكن إثبات الوفاء|her süre kanıtlanabiliyor", part(lead, "/supervision", "again"))


def test_the_draw_is_made_once_and_any_other_list_is_found(world: World) -> None:
    for _ in range(12):
        closed(world)
    urgent = closed(world, urgency="U0")
    earlier = closed(world, closed_on=last_month(1) - dt.timedelta(days=3))
    fresh = world.record()
    first = drawn(world)
    assert {urgent, earlier, fresh} <= first  # of one open file and one closed earlier it is that one
    assert 4 <= len(first) <= 5  # and two of thirteen closed ones, of which one may be the urgent one
    lead = world.browser("coordinator")
    lead.get("/supervision")
    assert drawn(world) == first
    assert "every file that was drawn is on the list" in lead.text
    with world.app.app_context():
        kept = db.session.scalars(select(ReviewDraw)).one()
        seed, number = kept.seed, db.session.get_one(Case, urgent).number
        others = [one for one in kept.drawn if one != number]
    assert seed not in lead.page
    spared = delete(DrawnFile).where(DrawnFile.case_id == urgent)
    for change in (spared, update(ReviewDraw).values(drawn=others), update(ReviewDraw).values(id=uuid4())):
        with world.app.app_context(), transaction():
            db.session.execute(change)
        lead.get("/supervision")
        assert "Somebody has changed it" in lead.text


def test_who_looked_before_the_end_or_before_a_complaint_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, actor = world.browser("coordinator"), world.cast["coordinator"]
    seen = world.record()
    with world.app.app_context(), transaction():
        case = db.session.get_one(Case, seen)
        drawing.take_in(case)
    send(lead, f"/cases/{seen}/review", **answers())
    assert str(seen) not in waiting(lead)
    with world.app.app_context(), transaction():
        case = db.session.get_one(Case, seen)
        key = keys.case_key(actor, case)
        drawing.closed(case, key, {"once_urgent": True})
    aged(world, seen, state="closed", closed_on=dt.date.today())  # noqa: DTZ011 - only that it is this month
    assert str(seen) in waiting(lead)
    send(lead, f"/cases/{seen}/review", **answers())
    assert str(seen) not in waiting(lead)
    with world.app.app_context(), transaction():
        db.session.execute(delete(ReviewDraw))  # as in the month after
        db.session.execute(update(DrawnFile).values(month=month_before(drawing.this_month())))
    monkeypatch.setattr(drawing, "complained_about", [lambda _home, _first, _before: {seen}])
    assert seen in drawn(world)
    assert str(seen) in waiting(lead)


def waiting(lead: Browser) -> str:
    """The files that wait for a look."""
    return part(lead, "/supervision", "reviews").partition("<details")[0]


def test_nobody_looks_at_a_file_on_which_they_worked(world: World) -> None:
    recorded, written, other = closed(world, by="coordinator"), world.record(), world.record()
    lead = world.browser("coordinator")
    lead.get(f"/cases/{written}")
    lead.post(f"/cases/{written}/notes", kind="note", text="spoke with the court", token=str(uuid4()))
    aged(world, written, state="closed", closed_on=last_month(), urgency="U0")
    aged(world, other, state="closed", closed_on=last_month(), urgency="U0")
    aged(world, recorded, urgency="U0")
    assert drawn(world) == {recorded, written, other}
    shown = part(lead, "/supervision", "reviews")
    assert str(recorded) not in shown
    assert "One file waits that no coordinator can look at" not in shown
    assert "2 files wait that no coordinator can look at" in shown  # nor is there another one
    assert "invite one more coordinator" in shown
    for case_id in (recorded, written):
        lead.get(f"/cases/{case_id}/review")
        assert "so did every other coordinator" in lead.text
        refused = lead.post(f"/cases/{case_id}/review", **answers(), token=str(uuid4()), version="0")
        assert refused.status_code == 422  # the page says so once more
        with world.app.app_context():
            assert db.session.scalar(select(DrawnFile.review_id).where(DrawnFile.case_id == case_id)) is None
    lead.get(f"/cases/{world.record()}/review")
    assert "not among those" in lead.text


def test_an_urgent_closing_is_looked_at_once_and_a_restricted_file_by_those_named(world: World) -> None:
    lead = world.browser("coordinator")
    case_id, actor = world.record(urgency="U1"), world.cast["coordinator"]
    with world.app.app_context(), transaction():
        case = db.session.get_one(Case, case_id)
        record = records.open_record(keys.case_key(actor, case), case)
        key = keys.case_key(actor, case)
        drawing.closed(case, key, record)
        assert db.session.scalar(select(DrawnFile.case_id)) is None
        drawing.closed(case, key, {**record, "once_urgent": True})  # lowered before it was closed
    with world.app.app_context():
        assert list(db.session.scalars(select(DrawnFile.case_id))) == [case_id]
    # The second one who looks before a closing uses the checklist, and nobody is asked again.
    seen = world.record()
    aged(world, seen, state="in_review", urgency="U0")
    send(lead, f"/cases/{seen}/review", **answers())
    aged(world, seen, state="closed", closed_on=last_month())
    assert seen in drawn(world)
    with world.app.app_context():
        assert len(db.session.scalars(select(DrawnFile).where(DrawnFile.case_id == seen)).all()) == 1
    named = world.record(restricted=True, named=[world.cast["colleague"].person_id])
    aged(world, named, state="closed", closed_on=last_month(), urgency="U0")
    with world.app.app_context(), transaction():
        db.session.execute(delete(ReviewDraw))
    assert named in drawn(world)
    assert str(named) not in part(lead, "/supervision", "reviews")
    assert lead.get(f"/cases/{named}/review").status_code == 404


def test_a_file_about_which_somebody_complained_is_drawn_and_nothing_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(11):
        closed(world)
    about = closed(world)
    monkeypatch.setattr(drawing, "complained_about", [lambda _home, _first, _before: {about}])
    assert about in drawn(world)
    lead = world.browser("coordinator")
    shown = part(lead, "/supervision", "reviews")
    lines = re.findall(r'<tr role="row">(.*?)</tr>', shown, re.DOTALL)
    said = {" ".join(re.sub(r"<[^>]+>|HAM-\S+", " ", line).split()) for line in lines}
    assert len(lines) > 2  # one at least by chance
    assert len(said) == 2  # the head of the table, and every file alike


def test_the_review_lies_sealed(world: World) -> None:
    case_id = closed(world)
    lead = world.browser("coordinator")
    lead.get("/supervision")
    owner = str(world.cast["caseworker"].person_id)
    send(
        lead, f"/cases/{case_id}/review", **answers("identity"), words_identity=WRONG, owner_identity=owner,
        mend_by=soon(),
    )  # fmt: skip # one form
    with world.app.app_context(), db.engine.connect() as connection:
        for table in ("case_items", "drawn_files", "review_draws", "audit_entries"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):  # noqa: S608 - names of ours
                for cell in row:
                    assert WRONG.encode() not in (cell if isinstance(cell, bytes) else str(cell).encode())
