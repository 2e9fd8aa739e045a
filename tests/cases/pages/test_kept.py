"""A form that stands open while somebody signs out in another tab, and who may still send it."""

import pytest

from accounts.identity import COOKIE
from tests.support.cast import code_now
from tests.support.world import Browser, World


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
