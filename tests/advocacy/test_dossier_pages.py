"""A dossier in the browser of a manager, of approvers, and of those who write its stories."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from core import clock
from domain.dossiers import NEEDED
from tests.support.world import Browser, World


def begin(manager: Browser) -> str:
    answer = manager.fill("/dossiers/new", token=str(uuid4()), title_tr="Kayıtlar", title_ar="القيود")
    return str(answer.location)


def write(manager: Browser, path: str, section: str, **texts: str) -> None:
    form = f"{path}/sections/{section}"
    manager.get(form)
    versions = dict(re.findall(r'name="(version_\w\w)"[^>]*value="(\d+)"', manager.page))
    assert manager.post(form, **versions, **texts).location == path


def hidden(page: str, name: str) -> str:
    return str(re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[0])


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_from_title_to_file(world: World, language: str) -> None:
    manager = world.browser("manager", language)
    path = begin(manager)
    for section in sorted(NEEDED):
        write(manager, path, section, text_tr=f"Metin {section}", text_ar="نص", ready_tr="y")
    manager.get(path)
    assert "Kayıtlar" in manager.text or "القيود" in manager.text
    manager.post(f"{path}/review", version=hidden(manager.page, "version"))
    for name in ("lawyer", "coordinator", "manager"):
        reader = world.browser(name, language)
        reader.get(f"{path}/review")
        assert "Metin problem" in reader.text
        first = re.findall(r'action="(/dossiers/[^"]+/approve/[^"]+)"', reader.page)[0]
        assert reader.post(first).location == path
    manager.get(path)
    answer = manager.post(f"{path}/files", paper="paper", language="tr", format="docx")
    assert answer.location == path, manager.errors
    manager.get(path)
    file = re.findall(r'href="(/dossiers/[^"]+/files/[^"]+)"', manager.page)[0]
    answer = manager.get(file)
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    manager.get(path)
    manager.post(f"{path}/files", paper="full", language="en", format="pdf")
    assert manager.errors  # nothing is written in English


def test_two_managers_write_the_same_section(world: World) -> None:
    manager = world.browser("manager")
    path = begin(manager)
    write(manager, path, "problem", text_tr="İlk")
    stale = {"version_tr": "0", "version_ar": "0", "version_en": "0", "text_tr": "Benimki"}
    answer = manager.post(f"{path}/sections/problem", **stale)
    assert answer.status_code == 409
    assert "Benimki" in manager.page  # what was typed is kept
    assert "İlk" in manager.page  # and what stands there is shown


def test_bad_input_is_explained(world: World) -> None:
    manager = world.browser("manager")
    manager.fill("/dossiers/new", token=str(uuid4()), title_tr=" ")
    assert manager.errors
    path = begin(manager)
    assert manager.get(f"{path}/sections/nothing").status_code == 404
    assert manager.get(f"/dossiers/{uuid4()}").status_code == 404
    manager.get(path)
    assert manager.post(f"{path}/review", version="x").status_code == 409
    manager.fill(f"{path}/sections/problem", text_tr="x" * 20_001, version_tr="0")
    assert manager.errors
    assert manager.get(f"{path}/review").status_code == 404


def test_a_story_is_asked_for_written_and_signed(world: World) -> None:
    cast = world.cast
    with world.app.app_context():
        cast.record(
            consents=[{"kind": "story", "answer": "given", "language": "ar", "how": "oral"}], token=uuid4()
        )
    manager, caseworker = world.browser("manager"), world.browser("caseworker")
    path = begin(manager)
    manager.fill(f"{path}/ask", people=str(cast["caseworker"].person_id), text="One example")
    assert "You are asked" in (caseworker.get("/desk"), caseworker.text)[1]
    caseworker.get("/stories")
    caseworker.get(re.findall(r'href="(/stories/new/[^"]+)"', caseworker.page)[0])
    form = re.findall(r'href="(/stories/new/[^"]+/summary)"', caseworker.page)[0]
    caseworker.get(form)
    case = re.findall(r'<option value="([0-9a-f-]{36})"', caseworker.page)[0]
    token = hidden(caseworker.page, "token")
    story = {"token": token, "version": "0", "case": case, "level": "3", "agreed": clock.today().isoformat()}
    caseworker.post(form, **story, text_tr="Fatma Yılmaz 0532 123 45 67 numarasından aradı.")
    assert "<mark" in caseworker.page
    assert caseworker.errors
    text = "Bir anne, kaydının neden pasife alındığını öğrenemedi."
    assert caseworker.post(form, **story, text_tr=text).location == "/stories"
    manager.get(path)
    reading = re.findall(r'href="(/dossiers/[^"]+/stories/[^"]+)"', manager.page)[0]
    manager.get(reading)
    assert text in manager.text
    assert case not in manager.page
    assert "HAM-" not in manager.page
    assert manager.post(f"{reading}/confirm", version="1").location == path
    caseworker.get("/stories")
    back = re.findall(r'action="(/stories/[^"]+/take-back)"', caseworker.page)[0]
    caseworker.post(back)
    assert "Its author took it back." in (manager.get(path), manager.text)[1]
