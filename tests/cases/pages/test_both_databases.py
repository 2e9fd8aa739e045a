"""The path of a case through its pages, once on SQLite and once on PostgreSQL."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from cases.models import Case
from cases.review_models import DrawnFile, ReviewDraw
from cases.service import drawing
from core.store.base import db
from core.store.transaction import transaction
from domain.file_reviews import QUESTIONS, month_before
from tests.cases.pages.conftest import long_form
from tests.support.cast import found
from tests.support.world import World


def test_recorded_twice_listed_found_edited_and_noted(app: Flask) -> None:
    with app.app_context():
        cast = found(app)
        db.session.rollback()
    browser, form = World(app, cast).browser("caseworker"), long_form()
    browser.get("/cases/new")
    path = browser.post("/cases/new", **form).location
    assert browser.post("/cases/new", **form).location == path
    browser.get("/cases")
    assert browser.page.count("سلمى الخطيب") == 1
    browser.post("/cases/search", q="selma")
    assert "سلمى الخطيب" in browser.page
    browser.get(f"{path}/edit")
    stale = browser.version
    changed = {**form, "version": stale, "father": "يوسف"}
    assert browser.post(f"{path}/edit", **changed).status_code == 303
    assert browser.post(f"{path}/edit", **{**changed, "father": "سامر"}).status_code == 409
    browser.get(path)
    assert browser.post(f"{path}/notes", kind="call", text="تحدثنا").status_code == 303
    assert browser.get("/desk").status_code == 200
    assert browser.get("/cases?before=999999999").status_code == 200


def test_two_who_open_the_month_at_once_draw_once_and_the_file_is_looked_at(app: Flask) -> None:
    with app.app_context():
        cast = found(app)
        cases = {cast.record() for _ in range(3)}
        db.session.rollback()
        with transaction():
            long_ago = month_before(drawing.this_month())
            db.session.execute(update(Case).values(state="closed", closed_on=long_ago))

    def draw(_number: int) -> UUID:
        with app.app_context(), transaction():
            return drawing.draw(cast.organisation_id).id

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(draw, range(2)))) == 1
    with app.app_context():
        assert len(db.session.scalars(select(ReviewDraw)).all()) == 1
        [drawn] = db.session.scalars(select(DrawnFile.case_id))
        assert drawn in cases
    lead = World(app, cast).browser("coordinator")
    lead.get("/supervision")
    [review] = set(re.findall(r'href="(/cases/[0-9a-f-]+/review)"', lead.page))
    lead.get(review)
    answers = {f"answer_{name}": "yes" for name in QUESTIONS}
    assert lead.post(review, **answers, version="0", token=str(drawn)).status_code == 303
    lead.get("/supervision")
    assert "One file of this month is in order" in lead.text
    assert lead.get(review).status_code == 200
