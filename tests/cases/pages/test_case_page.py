"""The page of a case: notes, states, consents, closing and reopening."""

import re
from uuid import uuid4

import pytest

from tests.support.cast import record_of
from tests.support.world import Browser, World


def move(browser: Browser, path: str, to: str, reason: str = "") -> int:
    browser.get(f"{path}/state")
    return browser.post(f"{path}/state", version=browser.version, to=to, reason=reason).status_code


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
@pytest.mark.parametrize(
    "page", ["", "/edit", "/state", "/close", "/members", "/step-off", "/restrict", "/assign"]
)
def test_every_page_of_a_case_opens_in_every_language(world: World, language: str, page: str) -> None:
    browser, case = world.browser("coordinator", language), world.record(by="coordinator")
    path = f"/cases/{case}{page}"
    assert browser.get(path).status_code == 200
    assert "محمد" not in browser.title
    assert f'lang="{language}"' in browser.page


@pytest.mark.parametrize("kind", ["note", "call", "visit", "step"])
def test_a_line_is_written_once_however_often_it_is_sent(world: World, kind: str) -> None:
    browser, path, token = world.browser("caseworker"), f"/cases/{world.record()}", str(uuid4())
    browser.get(path)
    for _ in range(2):
        answer = browser.post(f"{path}/notes", token=token, kind=kind, text="تحدثنا بالهاتف\nوعد بالعودة")
        assert answer.status_code == 303
    browser.get(path)
    assert browser.page.count("تحدثنا بالهاتف\nوعد بالعودة") == 1


def test_an_empty_line_is_asked_for(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    assert browser.post(f"{path}/notes", kind="note", text=" \n ").status_code == 422
    assert browser.errors == ["What to remember: Write something first"]


def test_a_case_goes_its_way_and_comes_back(world: World) -> None:
    caseworker, coordinator = world.browser("caseworker"), world.browser("coordinator")
    path = f"/cases/{world.record()}"
    assert move(caseworker, path, "in_review") == 303
    caseworker.get(f"{path}/close")
    assert "This case cannot be closed now" in caseworker.page
    coordinator.get(f"{path}/close")
    version = coordinator.version
    assert coordinator.post(f"{path}/close", version=version).status_code == 422
    closing = {
        "level": "S2",
        "code": "A",
        "outcome": "achieved",
        "benefit": "document",
        "why": "completed",
    }
    assert coordinator.post(f"{path}/close", version=version, **closing).status_code == 303
    coordinator.get(path)
    assert "Counsel and advice" in coordinator.page
    assert "Service completed" in coordinator.page
    coordinator.get(f"{path}/reopen")
    answer = coordinator.post(f"{path}/reopen", version=coordinator.version, why="new_facts", reason="رسالة")
    assert answer.status_code == 303, coordinator.errors
    coordinator.get(path)
    assert "New facts or documents" in coordinator.page


@pytest.mark.parametrize(
    ("language", "level", "paid", "waits"),
    [
        ("ar", "مساعدة قانونية", "١٢٬٥٠٠ ليرة", "اقترح أحدهم إغلاق هذا الملف."),
        ("tr", "Hukuki destek", "12.500 lira", "Bu dosyanın kapatılması önerildi."),
    ],
)
def test_a_closing_is_proposed_and_looked_at(
    world: World, language: str, level: str, paid: str, waits: str
) -> None:
    case = f"/cases/{world.record()}"
    caseworker, coordinator = (world.browser(name, language) for name in ("caseworker", "coordinator"))
    caseworker.get(case)
    assert f"{case}/close" in caseworker.page
    caseworker.get(f"{case}/close")
    ended = {"level": "S3", "code": "H", "outcome": "partly", "benefit": "paid", "why": "completed"}
    wrong = {**ended, "version": caseworker.version, "amount": "çok"}
    assert caseworker.post(f"{case}/close", **wrong).status_code == 422
    assert 'value="çok"' in caseworker.page
    given = {**ended, "version": caseworker.version, "amount": "١٢٬٥٠٠", "reason": "Ücret ödendi"}
    assert caseworker.post(f"{case}/close", **given).location == case
    caseworker.get(f"{case}/close")  # now somebody else's
    assert 'name="level"' not in caseworker.page
    coordinator.get("/desk")
    assert case in coordinator.page
    coordinator.get(f"{case}/close")
    assert waits in coordinator.text
    assert paid in coordinator.text
    assert 'value="12500"' in coordinator.page
    assert 'name="despite"' not in coordinator.page
    given = {**ended, "version": coordinator.version, "amount": "12500"}
    assert coordinator.post(f"{case}/close", **given).location == case
    coordinator.get(case)
    assert level in coordinator.text
    coordinator.get(f"{case}/reopen")
    coordinator.post(f"{case}/reopen", version=coordinator.version, why="appeal", reason="İtiraz var")
    coordinator.get(case)
    assert 'class="disclosure"' in coordinator.page
    assert coordinator.text.count("İtiraz var") == 2  # in the timeline, and with the closing that it undid
    assert coordinator.text.count(paid) == 3


def test_a_state_moved_meanwhile_is_a_conflict(world: World) -> None:
    one, other, path = world.browser("caseworker"), world.browser("coordinator"), f"/cases/{world.record()}"
    one.get(f"{path}/state")
    stale = one.version
    assert move(other, path, "in_review") == 303
    assert one.post(f"{path}/state", version=stale, to="open", reason="back").location != path
    one.get(path)
    assert "In review before closing" in one.page


def test_a_move_that_needs_a_reason_asks_for_it(world: World) -> None:
    browser, path = world.browser("coordinator"), f"/cases/{world.record()}"
    assert move(browser, path, "in_review") == 303
    assert move(browser, path, "open") == 422
    assert any(error.startswith("Reason") for error in browser.errors)
    assert move(browser, path, "open", "more papers came") == 303


def test_a_consent_is_asked_later_and_withdrawn(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    assert browser.get(f"{path}/consents/statistics").status_code == 200
    asked = {"kind": "statistics", "version": "1", "how": "oral", "language": "ar"}
    assert browser.post(f"{path}/consents/statistics", **asked, answer="not_asked").status_code == 422
    assert browser.post(f"{path}/consents/statistics", **asked, answer="given").status_code == 303
    browser.get(path)
    assert "Consent given" in browser.page
    [withdraw] = re.findall(r'action="([^"]+/withdraw)"', browser.page)
    assert browser.post(withdraw).status_code == 303
    browser.get(path)
    assert "Consent withdrawn" in browser.page


def test_an_unknown_consent_or_one_for_another_page_is_not_there(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    assert browser.get(f"{path}/consents/everything").status_code == 404
    browser.get(f"{path}/consents/story")
    other = {"kind": "statistics", "version": "1", "how": "oral", "language": "ar", "answer": "given"}
    assert browser.post(f"{path}/consents/story", **other).status_code == 404


def test_safe_contact_is_on_the_page(world: World) -> None:
    phone = {
        "number": "+90 532 000 00 00",
        "whose": "spouse",
        "channels": ["none"],
        "hours": "",
        "message_ok": "no",
        "cover_name": "",
        "others": "her husband",
    }
    with world.app.app_context():
        record = record_of(phones=[phone])
    browser = world.browser("caseworker")
    browser.get(f"/cases/{world.record(record=record)}")
    assert "Do not contact; the person comes to us" in browser.page
    assert browser.page.index("Do not contact") < browser.page.index("Add to the timeline")  # also on a phone
    assert "Spouse’s phone" in browser.page


def test_a_manager_and_an_administrator_find_nothing(world: World) -> None:
    case = world.record()
    for name in ("manager", "admin", "lawyer", "colleague"):
        browser = world.browser(name)
        browser.get("/desk")
        for page in ("", "/edit", "/members", "/state", "/close"):
            assert browser.get(f"/cases/{case}{page}").status_code == 404, (name, page)
        assert browser.post(f"/cases/{case}/notes", kind="note", text="x").status_code == 404


def test_a_half_written_line_is_kept_and_goes_once_it_is_sent(world: World) -> None:
    with world.app.app_context():
        case_id = world.cast.record()
    caseworker, stranger = world.browser("caseworker"), world.browser("other_lawyer")
    page = f"/cases/{case_id}"
    caseworker.get(page)
    assert caseworker.post(f"{page}/notes/draft", kind="call", text="Half a sentence").status_code == 204
    assert "Half a sentence" in (caseworker.get(page), caseworker.page)[1]
    assert "typed last time" in caseworker.text
    stranger.get("/account")
    assert stranger.post(f"{page}/notes/draft", kind="call", text="x").status_code == 404
    caseworker.get(page)
    caseworker.post(f"{page}/notes", token=str(uuid4()), kind="call", text="The whole sentence")
    assert "typed last time" not in (caseworker.get(page), caseworker.text)[1]
    caseworker.post(f"{page}/notes/draft", kind="call", text="A third one")
    caseworker.get(page)
    assert caseworker.post("/desk/drafts/discard", form="cases.note", about=str(case_id)).location == page
    assert "A third one" not in (caseworker.get(page), caseworker.page)[1]
