"""The leaflet: two sides of A5, a picture that telephones read, and never yesterday's text."""

from __future__ import annotations

import datetime as dt

import pytest
import zxingcpp
from werkzeug.test import TestResponse

from awareness.service import editing, office
from core import clock
from core.store.transaction import transaction
from tests.awareness.stage import add, address_of, begun, publish, texts, version_of
from tests.support.rendering import inside, metadata, pages, text
from tests.support.world import HOME, World, world

__all__ = ["world"]

A5 = (420, 595)


def fetch(world: World, language: str, address: str, tag: str = "") -> TestResponse:
    headers = {"If-None-Match": tag} if tag else {}
    path = f"/info/{language}/{address}/leaflet"
    return world.app.test_client().get(path, base_url=HOME, headers=headers)


def starter(world: World, code: str) -> str:
    """The address of a first topic, public now."""
    with world.app.app_context():
        topic_id = begun(world.cast)[code]
        publish(world.cast, topic_id)
        return address_of(topic_id)


def test_a_telephone_reads_the_address_of_the_page_in_its_language(world: World) -> None:
    address = starter(world, "domestic_violence")
    base = world.app.extensions["himaya"].base_url
    for language, title in (("ar", "نشرة"), ("tr", "Evde güvende"), ("en", "You are not safe at home")):
        answer = fetch(world, language, address)
        assert answer.mimetype == "application/pdf"
        sheets = pages(answer.data)
        assert len(sheets) == 2, language  # one sheet of paper
        for sheet in sheets:
            assert sheet.size == pytest.approx((2 * A5[0], 2 * A5[1]), abs=3)
        read = [found.text for sheet in sheets for found in zxingcpp.read_barcodes(sheet)]
        assert read == [f"{base}/info/{language}/{address}"]
        words = " ".join(text(answer.data))
        if language != "ar":
            assert title in words
        for number in ("112", "183", "157", "6284"):
            assert number in words
        said = metadata(answer.data)
        assert said["Title"] in {"لستِ آمنة في البيت", "Evde güvende değilsiniz", "You are not safe at home"}
        assert {"Author", "Creator", "Keywords", "Subject"}.isdisjoint(said)
        assert world.cast.players["caseworker"].email.encode() not in inside(answer.data)


def test_a_new_text_is_on_paper_at_once(world: World) -> None:
    with world.app.app_context():
        topic_id = add(world.cast, "firstwords", valid_to=clock.today() + dt.timedelta(days=100))
        publish(world.cast, topic_id)
        address = address_of(topic_id)
    first = fetch(world, "en", address)
    assert fetch(world, "en", address).data == first.data
    assert fetch(world, "en", address, first.headers["ETag"]).status_code == 304
    soon = clock.today() + dt.timedelta(days=100)
    with world.app.app_context():
        with transaction():
            seen = version_of(topic_id)
            editing.save(world.cast["caseworker"], topic_id, seen, "B01", texts("secondwords"), soon, soon)
        publish(world.cast, topic_id)
    second = fetch(world, "en", address, first.headers["ETag"])
    assert second.status_code == 200
    assert "secondwords" in " ".join(text(second.data))
    assert "firstwords" not in " ".join(text(second.data))
    with world.app.app_context(), transaction():
        office.write(world.cast["admin"], 0, {"ar": "", "tr": "", "en": "Seventh gate"})
    assert "Seventh gate" in " ".join(text(fetch(world, "en", address).data))
    with clock.at(clock.now() + dt.timedelta(days=101)):
        assert "out of date" in " ".join(text(fetch(world, "en", address).data))
    with world.app.app_context(), transaction():
        editing.withdraw(world.cast["coordinator"], topic_id, version_of(topic_id))
    gone = fetch(world, "en", address, second.headers["ETag"])
    assert gone.status_code == 404
    assert "All topics" in gone.text
