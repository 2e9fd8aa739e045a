"""Administrator, coordinator, caseworker, lawyer and manager, from the set-up link to a case in progress."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accounts.service import setup
from tests.browser.player import PASSWORD, Player
from tests.support.databases import SqliteTemplate
from tests.support.servers import LiveServer, serving_at

DEVICES = [("ar", 360), ("tr", 1280)]  # every page is looked at in both widths
CALLED = {"coordinator": "سلام", "caseworker": "ندى", "lawyer": "ياسر", "manager": "هالة"}
STORY = "أُبطلت بطاقته دون إشعار مكتوب، ولديه ثلاثة أطفال."


@pytest.mark.parametrize(("language", "width"), DEVICES)
def test_from_the_empty_house_to_a_case_in_progress(
    browser: Browser, sqlite_template: SqliteTemplate, tmp_path: Path, language: str, width: int
) -> None:
    sqlite_template.copy(tmp_path / "himaya.db")
    with serving_at(tmp_path) as server:
        people = {
            name: Player(browser, server.url, language, width, f"{name}@dernek.example")
            for name in ("admin", "coordinator", "caseworker", "lawyer", "manager")
        }
        set_up(people["admin"], server)
        invite(people["admin"], people)
        make_keys(people)
        reference = record(people["caseworker"])
        assign(people["coordinator"], reference)
        work(people["lawyer"], reference)
        look_at_statistics(people["manager"])
        lock_and_unlock(people["caseworker"])


def set_up(admin: Player, server: LiveServer) -> None:
    """The one-time link makes the organisation, its papers and the first administrator."""
    admin.go(f"/set-up/{setup.new_link(server.settings)}")
    admin.read_authenticator()
    admin.fill(
        name_ar="جمعية مبتكرة", name_tr="Uydurma Dernek", name_en="Invented Association", prefix="UYD",
        person_name="Rana", email=admin.email, language=admin.language, password=PASSWORD, again=PASSWORD,
        holder_1="Birinci", holder_2="İkinci", holder_3="Üçüncü", totp_code=admin.code(),
    )  # fmt: skip # a form
    admin.send("name_ar")
    assert admin.page.locator("main .sheet").count() == 3
    admin.press("/sign-in")
    admin.sign_in()
    for path in ("/people", "/keys", "/roles", "/acts", "/account", "/account/devices"):
        admin.go(path)


def invite(admin: Player, people: dict[str, Player]) -> None:
    for name, person in people.items():
        if person is admin:
            continue
        admin.go("/people/invite")
        admin.confirm()
        admin.fill(name=CALLED[name], email=person.email, language=person.language, roles=[name])
        admin.send("email")
        link = re.search(r"https?://[^\s<\"]+/join/[\w=-]+", admin.page.content())
        assert link
        person.join(link[0])
        person.press("/sign-in")
        person.sign_in()


def make_keys(people: dict[str, Player]) -> None:
    """Until the keys exist, recording is closed and says who opens it."""
    caseworker, coordinator = people["caseworker"], people["coordinator"]
    caseworker.go("/cases/new")
    assert caseworker.page.locator("[name=narrative]").count() == 0
    for name, kinds in (("coordinator", ("supervision", "desk", "match")), ("manager", ("statistics",))):
        for kind in kinds:
            people[name].go(f"/keys/{kind}/make")
            people[name].confirm()
            people[name].send()
    for kind in ("desk", "match"):
        coordinator.go("/keys")
        coordinator.press(f"/keys/{kind}/give/")
        coordinator.confirm()
        coordinator.page.locator("[name=compared]").check()
        coordinator.send("compared")


def record(caseworker: Player) -> str:
    caseworker.go("/cases/new")
    caseworker.fill(
        **{
            "name_ar": "محمد الأحمد", "father": "خالد", "mother": "فاطمة",
            "sex": "m", "phones-0-number": "٠٥٣٢ ١٢٣ ٤٥ ٦٧", "province": "27", "issue": "A02",
            "narrative": STORY, "next_step": "dilekçe", "urgency": "U1",
        }
    )  # fmt: skip # a form
    caseworker.page.locator("main form:has([name=narrative]) button[name=save]").click()
    caseworker.page.wait_for_load_state()
    caseworker.look()
    assert re.search(r"/cases/[0-9a-f-]{36}$", caseworker.page.url), caseworker.text[:500]
    assert STORY in caseworker.text
    found = re.search(r"UYD-\d\d-\d{5}", caseworker.page.content())
    assert found
    assert "محمد" not in caseworker.page.title()
    caseworker.fill(kind="call", text="konuştuk 👋 <b>kalın</b>")
    caseworker.send("text")
    assert "konuştuk 👋 <b>kalın</b>" in caseworker.text
    return found[0]


def assign(coordinator: Player, reference: str) -> None:
    coordinator.go("/cases")
    coordinator.page.get_by_role("link", name="محمد الأحمد").first.click()
    coordinator.page.wait_for_load_state()
    coordinator.look()
    assert reference in coordinator.page.content()
    coordinator.press("/assign")
    coordinator.page.locator("[name=lawyer]").first.check()
    coordinator.send("lawyer")


def work(lawyer: Player, reference: str) -> None:
    lawyer.go("/desk")
    assert reference in lawyer.page.content()
    lawyer.press("/assignments/")
    assert STORY not in lawyer.text
    lawyer.page.locator("main form[action*=accept] button").click()
    lawyer.page.wait_for_load_state()
    lawyer.look()
    assert STORY in lawyer.text
    lawyer.fill(text="dosya incelendi")
    lawyer.send("text")
    assert "dosya incelendi" in lawyer.text
    lawyer.go("/cases")
    assert "محمد الأحمد" in lawyer.text


def look_at_statistics(manager: Player) -> None:
    """No quarter is closed yet: the page says when one will be. The cases are not there for a manager."""
    manager.go("/statistics")
    answer = manager.page.goto(manager.url + "/cases")
    assert answer is not None
    assert answer.status == 404
    manager.complaints.clear()  # the browser reports the 404


def lock_and_unlock(caseworker: Player) -> None:
    caseworker.go("/desk")
    caseworker.page.locator("[data-lock] button").click()
    caseworker.page.wait_for_load_state()
    assert "/unlock" in caseworker.page.url
    caseworker.fill(code=caseworker.code())
    caseworker.send("code")
    assert caseworker.page.url.endswith("/desk")
