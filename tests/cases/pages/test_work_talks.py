"""Talks about the work: for the two who had them, and unreadable to everybody else with whatever keys."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import vault
from cases.service import work_talks
from cases.talk_models import WorkTalk, WorkTalkReader
from core.access.permissions import Role
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.cases import held
from tests.cases.pages.test_todo import send
from tests.support.world import World
from vault import Unreadable

AGREED = "twelve files at once are too many; until spring ten"


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_the_two_who_had_a_talk_read_it_and_nobody_else(world: World, language: str) -> None:
    lead, worker = world.browser("coordinator", language), world.browser("caseworker", language)
    lead.get("/talks/new")
    assert lead.post("/talks/new", held_on=["", "", ""], text="").status_code == 422
    assert len(lead.errors) == 3
    words = f"{AGREED} {language}"
    send(
        lead,
        "/talks/new",
        other=str(world.cast["caseworker"].person_id),
        text=words,
        held_on=["2", "11", "2026"],
    )
    for browser in (lead, worker):
        browser.get("/talks")
        assert browser.text.count(words) == 1
    colleague = world.browser("colleague", language)
    assert colleague.get("/talks").status_code == 200
    assert AGREED not in colleague.text
    assert worker.get("/talks/new").status_code == 404
    assert world.browser("manager").get("/talks").status_code == 404
    manager = str(world.cast["manager"].person_id)
    lead.get("/talks/new")
    assert lead.post("/talks/new", other=manager, text="x", held_on=["2", "11", "2026"]).status_code == 422


def test_with_the_database_and_every_other_key_no_note_opens(world: World) -> None:
    lead, words = world.browser("coordinator"), f"{AGREED} sealed"
    send(
        lead,
        "/talks/new",
        other=str(world.cast["caseworker"].person_id),
        text=words,
        held_on=["2", "11", "2026"],
    )
    with world.app.app_context():
        second = world.cast.join("second_lead", Role.COORDINATOR)
        talk = db.session.scalars(select(WorkTalk).order_by(WorkTalk.written_at.desc())).first()
        assert talk is not None
        readers = db.session.scalars(select(WorkTalkReader).where(WorkTalkReader.talk_id == talk.id)).all()
        assert len(readers) == 2
        for row in readers:
            for player in ("colleague", "lawyer", "manager", "admin"):
                with pytest.raises(Unreadable):
                    world.cast[player].secret.pair.unwrap(
                        row.wrapped, work_talks._wrap(talk.id, row.person_id)
                    )
        assert words.encode() not in talk.sealed
        # Somebody who writes themselves into the list of readers has a row, and no key.
        worker = world.cast["caseworker"]
        own = next(row for row in readers if row.person_id == worker.person_id)
        key = worker.secret.pair.unwrap(own.wrapped, work_talks._wrap(talk.id, worker.person_id))
        assert words.encode() in vault.unseal(key, talk.sealed, work_talks._context(talk.id))
        with transaction():
            db.session.add(WorkTalkReader(talk_id=talk.id, person_id=second.person_id, wrapped=own.wrapped))
        assert [one.text for one in work_talks.mine(second).talks] == [None]
        db.session.rollback()


@pytest.mark.parametrize(
    ("language", "taken_out", "corrected"),
    [("ar", "حُذف نص هذه الملاحظة", "صُحّح"), ("tr", "Bu notta yazanlar kaldırıldı", "Düzeltildi")],
)
def test_a_talk_noted_with_the_wrong_colleague_is_taken_out_and_a_wrong_word_corrected(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, taken_out: str, corrected: str
) -> None:
    monkeypatch.setattr(work_talks, "SHOWN", 2)
    lead, worker = world.browser("coordinator", language), world.browser("caseworker", language)
    with world.app.app_context():
        who = world.cast["coordinator"], world.cast["caseworker"].person_id
        earlier, wrong, right = (
            held.talk(*who, f"{name} {language}") for name in ("eski", "yorgun", "on dosy")
        )
        db.session.rollback()
    lead.get("/talks")
    assert f"eski {language}" not in lead.text
    lead.get("/talks?page=1")  # behind the newest
    assert f"eski {language}" in lead.text
    lead.get(f"/talks/{wrong}/change")
    stale = lead.version
    for _click in range(2):
        assert lead.post(f"/talks/{wrong}/remove").status_code == 303
    assert lead.get(f"/talks/{wrong}/change").status_code == 404
    lead.get(f"/talks/{right}/change")
    assert lead.version == stale == "1"
    form = {"held_on": ["2", "11", "2026"], "text": f"on dosya {language}", "version": 1}
    for _click in range(2):
        assert lead.post(f"/talks/{right}/change", **form).location == "/talks"
    assert lead.post(f"/talks/{right}/change", **{**form, "text": "başka"}).location != "/talks"
    worker.get("/talks")
    assert f"yorgun {language}" not in worker.text
    assert taken_out in worker.text
    assert f"on dosya {language}" in worker.text
    assert corrected in worker.text
    assert "/change" not in worker.page
    with world.app.app_context():
        second = world.cast.join(f"another_{language}", Role.COORDINATOR)
        for act in (work_talks.one, work_talks.remove):
            with pytest.raises(NotFound), transaction():
                act(second, earlier)
