"""13. Planted personal data: never in logs, jobs, tracebacks, URLs, titles, browser cache."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from cases.service import searching, timeline
from config.logs import configure_logs
from core.jobs.models import OutboxMessage
from core.store.base import db
from tests.attacks import thief
from tests.cases.pages.conftest import long_form
from tests.support.world import World

NAME, FATHER, STORY, PHONE = (
    "Zülküfnâr Eşsizoğlu",
    "Benzersizbaba",
    "Yalnızca-bu-dosyada-geçen",
    "0532 111 22 33",
)
PLANTED = (NAME, FATHER, STORY, PHONE, "+905321112233", "05321112233", "Eşsizoğlu")


def refuse(*_args: object, **_kwargs: object) -> None:
    raise ValueError(f"{NAME} {STORY}")


def test_planted_data_stays_where_it_belongs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    configure_logs("debug", log)
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    fields = {
        "name_ar": NAME, "name_latin": NAME, "father": FATHER, "narrative": STORY, "phones-0-number": PHONE,
    }  # fmt: skip # what is planted
    answer = browser.post("/cases/new", **long_form(**fields))
    assert answer.status_code == 303
    path = answer.location
    answers = [answer, browser.get(path)]
    assert NAME in browser.page  # it is there, for its caseworker
    titles = [browser.title]
    answers.append(browser.post("/cases/search", q=NAME))
    assert NAME in browser.page
    titles.append(browser.title)
    answers.append(browser.post("/cases/draft", name_ar=NAME, narrative=STORY))
    answers.append(browser.post("/cases/new", **long_form(**fields, issue="nonsense")))
    # Faults whose messages hold what was typed.
    monkeypatch.setattr(timeline, "add_note", refuse)
    monkeypatch.setattr(searching, "search_cases", refuse)
    world.app.testing = False
    answers.append(browser.post(f"{path}/notes", kind="note", text=STORY))
    assert answers[-1].status_code == 500
    assert STORY not in browser.page
    answers.append(browser.post("/cases/search", q=NAME))
    assert NAME not in browser.page
    world.app.testing = True
    answers.append(browser.get(f"/{NAME}"))
    assert NAME not in browser.page

    with world.app.app_context():
        jobs = " ".join(str(vars(row)) for row in db.session.scalars(select(OutboxMessage)))
        clear = " ".join(str(value) for value in thief.values(binary=False))
    on_disk = b" ".join(thief.files(world.cast.settings.home))
    headers = " ".join(str(answer.headers) for answer in answers)
    assert "ValueError" in log.getvalue()  # the fault was logged, by its class
    for word in PLANTED:
        for place in (log.getvalue(), jobs, clear, headers, " ".join(titles)):
            assert word not in place
        assert word.encode() not in on_disk
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"[?&](q|name|text)=", answer.headers.get("Location", ""))
