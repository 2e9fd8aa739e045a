"""Legal information with a second organisation in the installation: what its people see and cannot do."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from awareness.models import AwarenessSession, Topic
from awareness.service import editing, office
from core.store.base import db
from core.store.transaction import transaction
from tests.awareness.stage import add, address_of, log, publish, session, version_of
from tests.support.cast import found
from tests.support.world import Browser, World, world

__all__ = ["world"]

DESK = ("caseworker", "lawyer", "coordinator", "admin")


@pytest.fixture(scope="module")
def theirs(world: World) -> World:
    """The second organisation, behind the same pages."""
    with world.app.app_context():
        cast = found(world.app, "YAD")
        db.session.rollback()
    return World(world.app, cast)


def brought_out(world: World, word: str, reach: str) -> tuple[UUID, str]:
    """A published topic of an organisation that says how it is reached."""
    with world.app.app_context():
        topic_id = add(world.cast, word)
        publish(world.cast, topic_id)
        with transaction():
            office.write(world.cast["admin"], 0, {"ar": reach, "tr": reach, "en": reach})
        return topic_id, address_of(topic_id)


def test_they_read_what_is_public_and_nothing_else(world: World, theirs: World) -> None:
    topic_id, address = brought_out(world, "olivetree", "First gate")
    their_id, their_address = brought_out(theirs, "figtree", "Second gate")
    with world.app.app_context():
        hidden = add(world.cast, "quince")
        with transaction():
            editing.send(world.cast["caseworker"], hidden, version_of(hidden))
        hidden_address = address_of(hidden)
    nobody = Browser(world.app.test_client())
    for reader in (nobody, *(theirs.browser(name) for name in DESK)):
        reader.get("/info/en")
        assert "Title olivetree en" in reader.text
        assert "Title figtree en" in reader.text
        assert "quince" not in reader.text
        assert "First gate" in reader.get(f"/info/en/{address}").text
        assert "Second gate" not in reader.page  # each page says how its own organisation is reached
        assert "Second gate" in reader.get(f"/info/en/{their_address}").text
        assert reader.get(f"/info/en/{hidden_address}").status_code == 404  # it waits for a lawyer of ours
    for name in DESK:
        browser = theirs.browser(name)
        browser.get("/topics")
        assert "figtree" in browser.text
        for word in ("olivetree", "quince"):
            assert word not in browser.text, name
        assert browser.get(f"/topics/{their_id}").status_code == 200
        for path in (topic_id, hidden, f"{topic_id}/edit", f"{topic_id}/versions/1"):
            assert browser.get(f"/topics/{path}").status_code == 404, (name, path)


def test_they_judge_publish_and_take_back_their_own_alone(world: World, theirs: World) -> None:
    with world.app.app_context():
        waiting, live = add(world.cast, "waiting"), add(world.cast, "live")
        with transaction():
            editing.send(world.cast["caseworker"], waiting, version_of(waiting))
        publish(world.cast, live)
    acts = (
        ("caseworker", live, "edit"),
        ("caseworker", live, "send"),
        ("caseworker", live, "versions/1/restore"),
        ("lawyer", waiting, "confirm"),
        ("lawyer", waiting, "return"),
        ("coordinator", live, "publish"),
        ("coordinator", live, "withdraw"),
        ("admin", live, "withdraw"),
    )
    for name, topic_id, step in acts:
        browser = theirs.browser(name)
        browser.get("/account")
        with world.app.app_context():
            version = str(version_of(topic_id))
            db.session.rollback()
        given = {"version": version, "remark": "words", "title_en": "Theirs", "issue": "B01"}
        answer = browser.post(f"/topics/{topic_id}/{step}", **given)
        assert answer.status_code == 404, (name, step)
    with world.app.app_context():
        rows = db.session.execute(
            select(Topic.id, Topic.version, Topic.latest, Topic.published).where(
                Topic.id.in_([waiting, live])
            )
        )
        assert {row.id: tuple(row)[1:] for row in rows} == {waiting: (2, 1, None), live: (4, 1, 1)}
        db.session.rollback()
    ours = world.browser("lawyer")
    ours.get(f"/topics/{waiting}")
    assert ours.post(f"/topics/{waiting}/confirm", version=ours.version).status_code == 303  # the control


def test_sessions_are_seen_counted_and_changed_by_those_who_held_them(world: World, theirs: World) -> None:
    with world.app.app_context():
        ours_id = log(world.cast["caseworker"], held=session(total=17, counts={"x": {"60+": 17}}))
        their_id = log(theirs.cast["caseworker"])
    manager = theirs.browser("manager")
    manager.get("/sessions-held")
    assert "Sessions: 1 Attendance: 19" in manager.text
    assert str(ours_id) not in manager.page
    assert manager.get(f"/sessions-held/{their_id}").status_code == 200
    for name in ("caseworker", "lawyer", "coordinator", "manager"):
        browser = theirs.browser(name)
        # To go on from a line of ours tells nothing of it: it is as if no line were named.
        assert str(their_id) in browser.get(f"/sessions-held?after={ours_id}").text
        for path in ("", "/correct", "/withdraw"):
            assert browser.get(f"/sessions-held/{ours_id}{path}").status_code == 404, (name, path)
        for path in ("correct", "withdraw"):
            answer = browser.post(f"/sessions-held/{ours_id}/{path}", version="1", because="twice")
            assert answer.status_code == 404, (name, path)
    with world.app.app_context():
        row = db.session.get_one(AwarenessSession, ours_id)
        assert (row.version, row.total, row.withdrawn_at) == (1, 17, None)
        db.session.rollback()
