"""Addressees, contacts, letters and outcomes in the browser, in three languages."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from core import clock
from tests.advocacy.test_contact_outcomes import reach, tell
from tests.advocacy.test_contacts import listed, printed
from tests.advocacy.test_dossier_pages import begin
from tests.advocacy.test_stories import approved, told
from tests.support.world import Browser, World


def day() -> dict[str, str]:
    return {"on": clock.today().isoformat()}


def places(world: World) -> dict[str, UUID]:
    with world.app.app_context():
        return listed(world.cast)


def hidden(browser: Browser, name: str) -> str:
    return str(re.findall(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)[0])


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_the_list_of_addressees_is_kept(world: World, language: str) -> None:
    manager = world.browser("manager", language)
    manager.get("/institutions")
    assert manager.page.count("row-link") > 30
    assert manager.fill("/institutions/new", kind="", name_tr="").status_code == 422
    assert len(manager.errors) == 1
    made = manager.fill("/institutions/new", kind="media", name_tr="Gazete").location
    manager.get(made)
    assert "Gazete" in manager.text
    manager.get(f"{made}/people/new")
    person = {"token": hidden(manager, "token"), "version": "1", "name": "Zeynep Kurt", "phone": "٠٣١٢٥٥٥"}
    assert manager.post(f"{made}/people/new", **person).location == made
    manager.get(made)
    assert "Zeynep Kurt" in manager.text
    assert "0312555" in manager.text
    manager.get(f"{made}/edit")
    assert manager.post(f"{made}/edit", version="1", kind="media", name_tr="Dergi").location == made
    stale = manager.post(f"{made}/edit", version="1", kind="media", name_tr="Bülten")
    assert stale.status_code == 409
    assert "Dergi" in manager.page
    assert "Bülten" in manager.page
    administrator = world.browser("admin", language)
    administrator.get(made)
    assert "Zeynep" not in administrator.text
    coordinator = world.browser("coordinator", language)
    assert "Zeynep" in (coordinator.get(made), coordinator.text)[1]
    manager.get(f"{made}/retire")
    assert manager.post(f"{made}/retire", version="2").location == "/institutions"
    manager.get(made)
    assert "Zeynep Kurt" in manager.text
    assert f"{made}/contacts/new" not in manager.page
    manager.get("/institutions")
    assert f'href="{made}"' in manager.page
    assert manager.post(f"{made}/restore", version="3").location == made
    person_page = re.findall(rf'href="({made}/people/[0-9a-f-]+)"', (manager.get(made), manager.page)[1])[0]
    manager.get(f"{person_page}/forget")
    assert "Zeynep Kurt" in manager.text  # asked once more
    assert manager.post(f"{person_page}/forget", version="1").location == made
    assert "Zeynep" not in (manager.get(made), manager.text)[1]


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_a_contact_and_an_outcome_are_written(world: World, language: str) -> None:
    manager, there = world.browser("manager", language), places(world)
    path = f"{begin(manager)}/contacts"
    manager.get(path)
    manager.get(f"{path}/new?institution={there['kdk']}")
    fields = {"token": hidden(manager, "token"), "institution": str(there["kdk"]), "language": "tr", **day()}
    assert manager.post(f"{path}/new", kind="promise", **fields).status_code == 422
    assert manager.errors
    assert manager.post(f"{path}/new", kind="meeting", words="Dinlediler", **fields).location == path
    manager.get(path)
    assert "Dinlediler" in manager.text
    edit = re.findall(r'href="(/contacts/[0-9a-f-]+/edit)"', manager.page)[0]
    manager.get(edit)
    assert "Dinlediler" in manager.page
    assert manager.post(edit, version="1", kind="promise", **fields).status_code == 422
    assert manager.post(edit, version="1", kind="meeting", words="Dinlediler, not aldılar", **fields).location
    assert manager.post(edit, version="1", kind="meeting", words="Geç kaldım", **fields).location == edit
    manager.get(edit)
    assert "Geç kaldım" in manager.page
    assert "not aldılar" in manager.page
    manager.get(path)
    assert "not aldılar" in manager.text
    assert "Geç kaldım" not in manager.text
    new = path.replace("/contacts", "/outcomes/new")
    manager.get(new)
    outcome = {"token": hidden(manager, "token"), "evidence": "Tutanak", **day()}
    assert manager.post(new, step="practice_changed", later_cases="3", **outcome).status_code == 422
    assert manager.post(new, step="practice_changed", later_cases="bes", **outcome).status_code == 422
    assert manager.post(new, step="practice_changed", later_cases="٧", **outcome).location == path
    assert "Tutanak" in (manager.get(path), manager.text)[1]
    review = path.replace("/contacts", "/outcomes/review")
    assert manager.fill(review, found="Hâlâ").status_code == 422  # no review is due yet
    coordinator = world.browser("coordinator", language)
    coordinator.get(path)
    assert "Dinlediler" in coordinator.text
    assert "/contacts/new" not in coordinator.page
    assert coordinator.get("/contacts").status_code == 200
    assert manager.get(f"/dossiers/{uuid4()}/contacts").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_a_letter_is_proposed_changed_and_printed(world: World, language: str) -> None:
    with world.app.app_context():
        dossier_id = printed(world.cast)
    manager, there = world.browser("manager", language), places(world)
    path = f"/dossiers/{dossier_id}/letter"
    assert manager.get(f"{path}?kind=cover").status_code == 422
    chosen = manager.get(f"{path}?kind=cover&language=tr&institution={there['pmm']}").location
    manager.get(chosen)
    assert "Kaydı pasife alınan kimlikler" in manager.text
    assert "savunuculuk dosyamızı" in manager.text  # in the letter's language, whatever the desk speaks
    assert manager.post(chosen, body="", format="pdf").status_code == 422
    answer = manager.post(chosen, body="Bilginize sunarız.", format="docx")
    assert answer.data.startswith(b"PK")
    assert "Kaydı" not in answer.headers["Content-Disposition"]
    answer = manager.post(chosen, body="Bilginize sunarız.", format="pdf")
    assert answer.data.startswith(b"%PDF")
    named = "Bilginize sunarız. Fatma Yılmaz 12 Mart'ta sınır dışı edildi."
    assert manager.post(chosen, body=named, format="docx").status_code == 422
    assert "<mark" in manager.page
    assert "Fatma Yılmaz" in manager.page
    seen = hidden(manager, "seen")
    more = f"{named} Ahmet Kaya da oradaydı."
    assert manager.post(chosen, body=more, read="y", seen=seen, format="docx").status_code == 422
    assert manager.post(chosen, body=named, read="y", seen=seen, format="docx").data.startswith(b"PK")


def test_the_result_reaches_the_desk_of_those_who_hold_the_case(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        dossier_id, case_id, _story = told(cast)
        approved(cast, dossier_id)
        tell(cast, dossier_id, reach(cast, dossier_id, "instruction"))
    caseworker, manager = world.browser("caseworker"), world.browser("manager")
    assert "/results" in (caseworker.get("/desk"), caseworker.page)[1]
    caseworker.get("/results")
    assert f"/cases/{case_id}" in caseworker.page
    seen = re.findall(r'action="(/results/[^"]+/seen)"', caseworker.page)[0]
    caseworker.post(seen)
    assert 'href="/results"' not in (caseworker.get("/desk"), caseworker.page)[1]
    manager.get(f"/dossiers/{dossier_id}/contacts")
    assert str(case_id) not in manager.page
    assert manager.get("/results").status_code == 404
    assert manager.get(f"/cases/{case_id}").status_code == 404
