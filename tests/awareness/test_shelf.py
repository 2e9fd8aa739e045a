"""The public list: in the groups of the taxonomy, what cannot wait first, what no longer holds last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from awareness.service import editing, public
from core import clock
from core.store.transaction import transaction
from tests.awareness.stage import begun, publish, texts
from tests.support.cast import Cast, found, on_stage
from tests.support.world import HOME, World, world

__all__ = ["world"]

SOON = dt.timedelta(days=100)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as made:
        yield made


def written(cast: Cast, issue: str, word: str, valid_to: dt.date | None = None) -> None:
    with transaction():
        author, review_by = cast["caseworker"], clock.today() + SOON
        topic_id = editing.add(author, uuid4(), issue, texts(word), review_by, valid_to)
    publish(cast, topic_id)


def listed(language: str = "en") -> list[tuple[str, list[str]]]:
    return [(group.code, [entry.title for entry in group.topics]) for group in public.shelf(language).groups]


def test_urgent_groups_come_first_and_urgent_topics_first_in_them(cast: Cast) -> None:
    for issue, word in (
        ("F02", "wages"),
        ("G03", "rent"),
        ("B10", "ban"),
        ("G02", "eviction"),
        ("A02", "id"),
    ):
        written(cast, issue, word)
    written(cast, "B01", "order")
    written(cast, "L01", "violence", valid_to=clock.today() + dt.timedelta(days=1))
    assert listed()[:2] == [
        ("B", ["Title order en", "Title ban en"]),
        ("G", ["Title eviction en", "Title rent en"]),
    ]
    assert [code for code, _titles in listed()] == ["B", "G", "L", "A", "F"]
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert [code for code, _titles in listed()] == ["B", "G", "A", "F", "L"]


def test_a_reader_sees_the_groups_by_name_and_the_emergency_number(world: World) -> None:
    with world.app.app_context():
        for topic_id in begun(world.cast).values():
            publish(world.cast, topic_id)
    for language, first, later in (
        ("ar", "الترحيل والاحتجاز والدخول", "العمل وأذونات العمل"),
        ("tr", "Sınır dışı, idari gözetim, giriş", "Çalışma ve iş hukuku"),
        ("en", "Deportation, detention, entry", "Labour and work permits"),
    ):
        page = world.app.test_client().get(f"/info/{language}", base_url=HOME).text
        assert page.index(f">{first}</h2>") < page.index(f">{later}</h2>"), language
        assert page.index("tel:112") < page.index(first)
        assert "Uydurma Dernek" not in page  # one organisation needs no name beside its topics


def test_with_two_organisations_each_topic_says_whose_it_is(cast: Cast) -> None:
    written(cast, "B01", "ours")
    other = found(cast.app, "YAD")
    written(other, "B01", "theirs")
    page = cast.app.test_client().get("/info/en", base_url=HOME).text
    assert page.count(">Deportation, detention, entry</h2>") == 1
    assert page.count("Invented Association") == 2
    assert page.count("Title ours en") == page.count("Title theirs en") == 1


def test_an_issue_that_the_taxonomy_has_lost_stands_with_everything_else(cast: Cast) -> None:
    written(cast, "Q99", "lost")
    assert listed()[-1] == ("Z", ["Title lost en"])
