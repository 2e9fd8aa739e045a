"""Talks about the work: for the two who had them, and unreadable to everybody else with whatever keys."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import vault
from cases.service import work_talks
from cases.talk_models import WorkTalk, WorkTalkReader
from core.access.permissions import Role
from core.store.base import db
from core.store.transaction import transaction
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
        assert [one.text for one in work_talks.mine(second)] == [None]
        db.session.rollback()
