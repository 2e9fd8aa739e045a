"""What a manager and those who propose see."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.advocacy.conftest import recur
from tests.support.world import World


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_from_the_facts_to_a_decision(world: World, language: str) -> None:
    with world.app.app_context():
        recur(world.cast, 5, issue="B05" if language == "en" else "G01" if language == "ar" else "K01")
    manager = world.browser("manager", language)
    answer = manager.get("/patterns")
    while answer.location:
        answer = manager.get(answer.location)
    link = manager.page.split('class="row-link" href="')[1].split('"')[0]
    assert re.fullmatch("/patterns/[0-9a-f-]{36}", link)  # neither issue nor province in the address
    manager.get(link)
    assert "<rect" in manager.page
    manager.post(link, last="", verdict="", reason="")
    assert len(manager.errors) == 2
    answer = manager.post(link, last="", verdict="watched", reason="üç hafta bekleyelim")
    assert answer.location == link
    manager.get(link)
    assert "üç hafta bekleyelim" in manager.text
    answer = manager.post(link, last="", verdict="accepted", reason="olmaz")
    assert answer.location == link
    manager.get(link)
    assert language != "en" or "This time nothing was done." in manager.text
    assert "olmaz" in manager.page


def test_a_proposal_and_its_answer(world: World) -> None:
    lawyer, manager = world.browser("lawyer"), world.browser("manager")
    lawyer.fill("/patterns/propose", token=str(uuid4()), issue="A02", text="")
    assert lawyer.errors
    lawyer.fill("/patterns/propose", token=str(uuid4()), issue="A02", text="A circular stops registration")
    assert "Waits for an answer" in (lawyer.get("/patterns/propose"), lawyer.text)[1]
    assert "Read the proposals" in (manager.get("/desk"), manager.text)[1]
    manager.get("/patterns/proposals")
    link = manager.page.split('class="row-link" href="')[1].split('"')[0]
    manager.get(link)
    assert "A circular stops registration" in manager.text
    manager.post(link, version="1", verdict="accepted", reason="We take it up.")
    assert "We take it up." in (lawyer.get("/patterns/propose"), lawyer.text)[1]


def test_partners_without_a_compared_root_cannot_be_told(world: World) -> None:
    manager = world.browser("manager")
    assert "other organisation" in (manager.get("/patterns/partners"), manager.text)[1]
    assert manager.post(f"/patterns/partners/{uuid4()}/tell").status_code in {303, 404}
