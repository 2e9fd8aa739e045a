"""A form that stands open while somebody signs out in another tab, and who may still send it."""

import re
from uuid import uuid4

import pytest

from accounts.identity import COOKIE
from accounts.service import drafts
from core.store.transaction import transaction
from tests.cases.pages.conftest import long_form
from tests.support.cast import code_now
from tests.support.world import Browser, World, as_written, too_late


def pass_doors(browser: Browser, world: World, name: str, door: str = "/sign-in") -> str:
    """Sign in through the doors of the page, from where one was sent; gives where the way ends."""
    player = world.cast.players[name]
    browser.get(door)
    answer = browser.post(door, email=player.email, password=player.password)
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    with world.app.app_context():
        code = code_now(player.totp_secret)
    answer = browser.post(answer.location, code=code)
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


def test_what_was_typed_in_another_tab_is_kept_and_comes_back_where_it_belongs(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    form = browser.csrf
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.get(path).location.startswith("/sign-in")
    answer = browser.post(f"{path}/notes", csrf_token=form, kind="note", text="كُتب في نافذة أخرى")
    assert answer.location == f"/sign-in?next={path}"
    browser.get(answer.location)
    assert "What you typed was kept sealed." in browser.page
    assert pass_doors(browser, world, "caseworker", answer.location) == path
    browser.get(path)
    assert "كُتب في نافذة أخرى" in browser.page
    assert browser.post(f"{path}/notes", kind="note", text="كُتب في نافذة أخرى").status_code == 303


def test_a_form_left_open_can_be_sent_after_signing_in_again(world: World) -> None:
    browser, path = world.browser("colleague"), f"/cases/{world.record(by='colleague')}"
    browser.get(path)
    form = browser.csrf
    browser.post("/sign-out")
    assert pass_doors(browser, world, "colleague") == "/desk"
    assert browser.post(f"{path}/notes", csrf_token=form, kind="note", text="ما زال هنا").status_code == 303


def test_whoever_signs_in_next_cannot_send_it_as_their_own(world: World) -> None:
    case = world.record(by="coordinator")
    browser, path = world.browser("lawyer"), f"/cases/{case}"
    browser.get("/desk")
    form = browser.csrf
    browser.post("/sign-out")
    pass_doors(browser, world, "coordinator")
    refused = browser.post(f"{path}/notes", csrf_token=form, kind="note", text="كتبه غيري")
    assert refused.status_code == 400
    assert browser.get(path).status_code == 200
    assert "كتبه غيري" not in browser.page
    assert browser.post(f"{path}/notes", kind="note", text="كتبته بنفسي").status_code == 303


@pytest.mark.parametrize("stays", [True, False])
def test_the_cookie_outlives_its_session_for_an_hour_and_opens_nothing(world: World, stays: bool) -> None:
    browser = world.browser("manager")
    browser.get("/desk")
    if not stays:
        browser.client.set_cookie(COOKIE, "x" * 64, domain="localhost", secure=True)
    given = [one for one in browser.post("/sign-out").headers.getlist("Set-Cookie") if COOKIE in one]
    assert ("Max-Age=3600" in given[0]) is stays
    assert ("Max-Age=0" in given[0]) is not stays
    assert browser.get("/desk").location.startswith("/sign-in")


CLOSING = {"level": "S2", "code": "A", "outcome": "achieved", "why": "completed", "reason": "سُوّي الأمر"}


def test_a_kept_form_can_be_sent_although_the_case_went_on_meanwhile(world: World) -> None:
    path = f"/cases/{world.record()}"
    browser = too_late(world, "coordinator", f"{path}/state", to="in_review", reason="ما كتبته")
    assert "typed last time" in browser.text
    stale, other = browser.version, world.browser("caseworker")
    other.get(f"{path}/edit")
    assert other.post(f"{path}/edit", **{**long_form(), "version": other.version}).status_code == 303
    browser.get(f"{path}/state")
    assert "ما كتبته" in browser.page
    assert "changed after you began" in browser.text
    assert browser.version != stale
    sent = browser.post(f"{path}/state", version=browser.version, to="in_review", reason="ما كتبته")
    assert sent.location == path, browser.errors
    browser.get(f"{path}/state")
    assert "ما كتبته" not in browser.page


def test_whoever_comes_second_keeps_the_reason_and_sees_how_things_stand(world: World) -> None:
    """Every step: it is not done, and what was typed comes back on its page, from where it can be sent."""
    first, second = world.browser("caseworker"), world.browser("coordinator")
    path = f"/cases/{world.record()}"
    first.get(f"{path}/edit")
    assert first.post(f"{path}/edit", **{**long_form(), "version": first.version}).status_code == 303
    for step, mine in (
        ("state", {"to": "in_review", "reason": "سببي"}),
        ("close", {**CLOSING, "reason": "سببي"}),
        ("reopen", {"why": "new_facts", "reason": "سببي"}),
    ):
        second.get(f"{path}/{step}")
        lost = second.post(f"{path}/{step}", version="1", **mine)  # edited since the case was recorded
        assert lost.location == f"{path}/{step}", (step, lost.status_code, second.errors)
        second.get(lost.location)
        assert "This time nothing was done." in second.text
        assert "سببي" in second.page
        assert second.post(f"{path}/{step}", version=second.version, **mine).location == path, second.errors


def test_when_no_step_is_left_what_was_typed_can_still_be_read_and_let_go(world: World) -> None:
    case = world.record()
    browser, path = world.browser("coordinator"), f"/cases/{case}/close"
    browser.get(f"/cases/{case}/state")
    browser.post(f"/cases/{case}/state", version=browser.version, to="in_review")
    other = world.browser("coordinator")
    other.get(path)
    stale = other.version
    assert browser.post(path, **CLOSING, version=stale).status_code == 303
    mine = {**CLOSING, "reason": "كتبته أنا"}
    assert other.post(path, **mine, version=stale).location == path
    other.get(path)
    assert "This case cannot be closed now" in other.text
    assert "كتبته أنا" in other.page
    assert other.post("/desk/drafts/discard", form="cases.close", about=str(case)).location == path
    assert "كتبته أنا" not in (other.get(path), other.page)[1]


def test_a_record_that_changed_meanwhile_is_never_overwritten_by_a_kept_one(world: World) -> None:
    """The long form shows both versions: it goes on with the version that was seen."""
    other, path = world.browser("caseworker"), f"/cases/{world.record()}/edit"
    browser = too_late(world, "coordinator", path, **long_form(father="يوسف"))
    mine = {**long_form(father="يوسف"), "version": browser.version}
    other.get(path)
    assert other.post(path, **{**long_form(father="سامر"), "version": other.version}).status_code == 303
    browser.get(path)
    assert browser.version == mine["version"]
    assert browser.post(path, **mine).status_code == 409
    assert "سامر" in browser.page


def test_what_was_kept_is_let_go_from_the_desk_and_only_by_its_owner(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    browser.post(f"{path}/notes/draft", kind="note", text="نصف سطر")
    about = {"form": "cases.note", "about": path.removeprefix("/cases/")}
    other = world.browser("coordinator")
    other.get("/desk")
    other.post("/desk/drafts/discard", **about)
    browser.get(path)
    assert "نصف سطر" in browser.page
    browser.get("/desk")
    assert browser.post("/desk/drafts/discard", **about, stay="1").location == "/desk"
    assert "A line for a timeline" not in (browser.get("/desk"), browser.text)[1]
    assert browser.post("/desk/drafts/discard", form="cases.nonsense").status_code == 404


def test_what_an_earlier_version_kept_can_be_let_go(world: World) -> None:
    """A draft that names less than the address of its page has no link, and breaks no page."""
    browser = world.browser("caseworker")
    with world.app.app_context(), transaction():
        drafts.save(world.cast["caseworker"].person_id, "cases.consent", None, {"answer": ["given"]})
    assert browser.get("/desk").status_code == 200
    listed = browser.text.count("A consent")
    assert listed
    assert browser.post("/desk/drafts/discard", form="cases.consent", about="").location == "/desk"
    assert (browser.get("/desk"), browser.text.count("A consent"))[1] == listed - 1


def test_who_agreed_to_an_older_wording_is_asked_again(world: World) -> None:
    case, caseworker = world.record(), world.cast["caseworker"].person_id
    browser, path = world.browser("caseworker"), f"/cases/{case}/consents/statistics"
    typed = {"kind": ["statistics"], "version": ["0"], "answer": ["given"], "language": ["tr"]}
    for version, agreed in (("0", False), (_present(browser, path), True)):
        with world.app.app_context(), transaction():
            drafts.save(caseworker, "cases.consent/statistics", case, {**typed, "version": [version]})
        browser.get(path)
        assert re.search(r'<option[^>]*selected[^>]*value="tr"', browser.page)
        assert bool(re.search(r'checked[^>]*value="given"', browser.page)) is agreed


def _present(browser: Browser, path: str) -> str:
    """The wording that the page shows today."""
    browser.get(path)
    return browser.version


def test_everything_that_was_kept_of_a_form_can_be_taken_and_only_what_was_sent_goes(world: World) -> None:
    """Twice the session was over: the server could not tell that both drafts are of the same form."""
    path = as_written(world, f"/cases/{world.record()}/todo/new/task")
    for words in ("أول ما كتبته", "ثاني ما كتبته"):
        browser = world.browser("caseworker")
        browser.get(path)
        opened_before = browser.csrf
        browser.post("/sign-out")
        browser.post(path, csrf_token=opened_before, title=words, kept_draft="")
    browser = world.browser("caseworker")
    browser.get("/desk")
    assert browser.text.count("A task, an appointment") == 2
    browser.get(path)
    assert "ثاني ما كتبته" in browser.page
    assert "Also kept of this form" in browser.text
    [earlier] = re.findall(rf'href="({path}[?]kept_draft=[0-9a-f-]+)"', browser.page)
    browser.get(earlier)
    assert "أول ما كتبته" in browser.page
    (mine,) = set(re.findall(r'name="kept_draft" value="([0-9a-f-]{36})"', browser.page))
    assert mine in earlier
    me, token = str(world.cast["caseworker"].person_id), str(uuid4())
    sent = browser.post(earlier, title="x", owner=me, day=["", "", ""], token=token, kept_draft=mine)
    assert sent.status_code == 303, browser.errors
    browser.get(path)
    assert "ثاني ما كتبته" in browser.page  # it was not sent, and is not lost
    assert "Also kept of this form" not in browser.text
