"""Nobody confirms words of their own, nothing out of date passes, and what nobody confirmed stays marked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask

from awareness.models import TopicVersion
from awareness.service import editing, reading
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.errors import DomainError
from core.store.transaction import transaction
from domain.topics import Texts
from tests.awareness.stage import add, begun, publish, texts, version_of
from tests.support.cast import Cast, on_stage
from tests.support.world import World, world

__all__ = ["world"]

SOON = dt.timedelta(days=100)
OWN = "Words of yours stand in this text. Another lawyer reviews it."


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as made:
        yield made


def save(actor: Actor, topic_id: UUID, text: Texts, **days: dt.date | None) -> None:
    with transaction():
        review_by = days.get("review_by") or clock.today() + SOON
        seen = version_of(topic_id)
        editing.save(actor, topic_id, seen, "B01", text, review_by, days.get("valid_to"))


def restore(cast: Cast, topic_id: UUID, number: int) -> None:
    with transaction():
        editing.restore(cast["coordinator"], topic_id, version_of(topic_id), number)


def judge(actor: Actor, topic_id: UUID, *, good: bool = True) -> None:
    with transaction():
        editing.review(actor, topic_id, version_of(topic_id), good=good, remark="the days")


def with_line(text: Texts, line: str) -> Texts:
    return {**text, "en": {**text["en"], "deadlines": line}}


def test_words_of_ones_own_are_not_confirmed_whoever_saved_them(cast: Cast) -> None:
    both = cast.join("both", Role.CASEWORKER, Role.LAWYER)
    topic_id = add(cast, "first")
    written = with_line(texts("first"), "You have fifteen days.")
    save(both, topic_id, written)  # version 2
    save(cast["caseworker"], topic_id, texts("first"))  # 3: the words are gone
    ways: list[Callable[[], None]] = [
        lambda: restore(cast, topic_id, 2),
        lambda: save(cast["caseworker"], topic_id, written),
        lambda: save(cast["caseworker"], topic_id, with_line(texts("new"), "YOU have fifteen days")),
    ]
    for way in ways:
        way()
        with transaction():
            editing.send(cast["caseworker"], topic_id, version_of(topic_id))
        for good in (True, False):
            with pytest.raises(DomainError):
                judge(both, topic_id, good=good)
        with transaction():
            assert not reading.lines(both, "en")[0].waits_for_me
            assert reading.lines(cast["lawyer"], "en")[0].waits_for_me
        judge(cast["lawyer"], topic_id, good=False)
    save(cast["caseworker"], topic_id, texts("other"))
    with transaction():
        editing.send(cast["caseworker"], topic_id, version_of(topic_id))
    judge(both, topic_id)  # none of their words is left


def test_a_day_that_has_passed_is_refused(cast: Cast) -> None:
    yesterday = clock.today() - dt.timedelta(days=1)
    topic_id = add(cast)
    for field, days in (("review_by", {"review_by": yesterday}), ("valid_to", {"valid_to": yesterday})):
        with pytest.raises(DomainError) as refused:
            save(cast["caseworker"], topic_id, texts(), **days)
        assert refused.value.field == field
        with transaction(), pytest.raises(DomainError) as refused:
            review_by, valid_to = days.get("review_by", clock.today() + SOON), days.get("valid_to")
            editing.add(cast["caseworker"], UUID(int=9), "B01", texts(), review_by, valid_to)
        assert refused.value.field == field
    save(cast["caseworker"], topic_id, texts(), review_by=clock.today(), valid_to=clock.today())
    with transaction():
        editing.send(cast["caseworker"], topic_id, version_of(topic_id))
    with clock.at(clock.now() + dt.timedelta(days=1)):
        with pytest.raises(DomainError) as refused:
            judge(cast["lawyer"], topic_id)
        assert refused.value.field == "review_by"
        judge(cast["lawyer"], topic_id, good=False)  # back to those who can set a new day
        with transaction(), pytest.raises(DomainError):
            editing.send(cast["caseworker"], topic_id, version_of(topic_id))


def test_a_text_that_grew_old_between_review_and_publication_is_not_published(cast: Cast) -> None:
    topic_id = add(cast, valid_to=clock.today() + dt.timedelta(days=1))
    with transaction():
        editing.send(cast["caseworker"], topic_id, version_of(topic_id))
    judge(cast["lawyer"], topic_id)
    with (
        clock.at(clock.now() + dt.timedelta(days=2)),
        transaction(),
        pytest.raises(DomainError) as refused,
    ):
        editing.publish(cast["coordinator"], topic_id, version_of(topic_id))
    assert refused.value.field == "valid_to"


def test_the_page_says_beside_the_field_that_a_day_has_passed(world: World) -> None:
    with world.app.app_context():
        topic_id = add(world.cast)
    browser = world.browser("caseworker")
    browser.get(f"/topics/{topic_id}/edit")
    answer = browser.post(
        f"/topics/{topic_id}/edit",
        version=browser.version,
        issue="B01",
        title_en="Kept words",
        review_by=["1", "6", "2025"],
    )
    assert answer.status_code == 422
    assert any("The day of the next review has passed" in error for error in browser.errors)
    assert "Kept words" in browser.page


def test_a_text_that_grew_old_while_it_waited_shows_its_day_and_is_not_confirmed(world: World) -> None:
    with world.app.app_context():
        topic_id = add(world.cast, "waiting")
        with transaction():
            editing.send(world.cast["caseworker"], topic_id, version_of(topic_id))
        with transaction() as session:
            newest = session.get_one(TopicVersion, (topic_id, 1))
            newest.review_by = clock.today() - dt.timedelta(days=1)
    lawyer, path = world.browser("lawyer"), f"/topics/{topic_id}"
    lawyer.get(path)
    assert re.search(r"A lawyer looks again by [^.]* Has passed The text holds until", lawyer.text)
    assert lawyer.post(f"{path}/confirm", version=lawyer.version).status_code == 422
    assert "The day of the next review has passed. Enter today or a later day." in lawyer.text
    assert lawyer.post(f"{path}/return", version=lawyer.version, remark="a new day").status_code == 303


def test_a_lawyer_learns_before_confirming_that_the_public_reads_the_name(world: World) -> None:
    with world.app.app_context():
        topic_id = add(world.cast, "named")
        with transaction():
            editing.send(world.cast["caseworker"], topic_id, version_of(topic_id))
    lawyer, path = world.browser("lawyer"), f"/topics/{topic_id}"
    lawyer.get(path)
    told = "Your name stands on the public page and on the leaflet, with the day of your review: Kişi lawyer"
    assert told in lawyer.text
    world.browser("caseworker").get(path)
    assert lawyer.post(f"{path}/confirm", version=lawyer.version).status_code == 303
    with world.app.app_context(), transaction():
        editing.publish(world.cast["coordinator"], topic_id, version_of(topic_id))
    coordinator = world.browser("coordinator")
    coordinator.get(path)
    [public] = [part.split('"')[0] for part in coordinator.page.split('href="') if part.startswith("/info/")]
    assert "Kişi lawyer" in world.app.test_client().get(public, base_url="https://localhost").text


def test_a_lawyer_is_told_why_their_own_words_wait_for_another(world: World) -> None:
    with world.app.app_context():
        both = world.cast.join("both", Role.CASEWORKER, Role.LAWYER)
        topic_id = add(world.cast, "theirs")
        save(both, topic_id, with_line(texts("theirs"), "You have fifteen days."))
        restore(world.cast, topic_id, 2)
        with transaction():
            editing.send(world.cast["caseworker"], topic_id, version_of(topic_id))
    browser = world.browser("both")
    browser.get(f"/topics/{topic_id}")
    assert OWN in browser.text
    assert "/confirm" not in browser.page
    browser.get(f"/topics/{topic_id}/edit")
    answer = browser.post(f"/topics/{topic_id}/confirm", version=browser.version)
    assert answer.status_code == 422


def marked(page: str) -> int:
    return page.count("To be confirmed by a lawyer:")


def test_the_mark_of_what_nobody_confirmed_outlives_an_edit(world: World) -> None:
    with world.app.app_context():
        topic_id = begun(world.cast)["birth_registration"]
    path, browser = f"/topics/{topic_id}", world.browser("caseworker")
    browser.get(path)
    every = marked(browser.page)
    assert every > 30  # three languages, six parts
    assert f"came with the product. Statements to be confirmed by a lawyer: {every}." in browser.text
    with world.app.app_context():
        with transaction():
            text = reading.opened(world.cast["caseworker"], topic_id).newest.texts
        save(world.cast["caseworker"], topic_id, {**text, "en": {**text["en"], "title": "Another title"}})
    browser.get(path)
    assert marked(browser.page) == every  # the edited one and those that nobody touched
    assert f"Statements to be confirmed by a lawyer: {every}." in browser.text
    with world.app.app_context():
        publish(world.cast, topic_id)
        save(world.cast["caseworker"], topic_id, with_line(text, "Thirty days.\n\nOr sixty."))
    browser.get(path)
    assert marked(browser.page) == 3  # the title as it was, and two new ones
    assert "Statements to be confirmed by a lawyer: 3." in browser.text
    browser.get(f"{path}/versions/2")
    assert marked(browser.page) == 0  # what the public reads is confirmed
    browser.get(f"{path}/versions/1")
    assert marked(browser.page) == every
