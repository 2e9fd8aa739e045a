"""The path of a case through its pages, once on SQLite and once on PostgreSQL."""

from flask import Flask

from core.store.base import db
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
