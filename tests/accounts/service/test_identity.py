"""The cookie and the form that came too late, over HTTP."""

import re
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest
from flask import Flask, Response, g, request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from accounts import identity
from accounts.models import Draft, SignInSession
from accounts.service import drafts, sessions
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage
from vault import SessionToken

NEW_CASE = "/cases/new"


def with_cookie(cookie: str, **more: object) -> dict[str, object]:
    return {"headers": {"Cookie": f"{identity.COOKIE}={cookie}"}, **more}


@pytest.fixture
def at_door(sqlite_stage: Stage) -> Iterator[Stage]:
    yield sqlite_stage
    db.session.rollback()


def test_the_cookie_lets_its_owner_in(at_door: Stage) -> None:
    cookie = at_door.sign_in("lawyer")
    with at_door.cast.app.test_request_context("/desk", **with_cookie(cookie)):
        visitor = identity.identify(request)
        assert visitor is not None
        assert (visitor.state, visitor.actor) == ("open", at_door.cast["lawyer"])
        assert identity.token_text() == cookie


@pytest.mark.parametrize("cookie", ["", "A" * 64, "broken"])
def test_without_a_cookie_of_ours_nobody_is_there(at_door: Stage, cookie: str) -> None:
    with at_door.cast.app.test_request_context("/desk", **with_cookie(cookie)):
        assert identity.identify(request) is None


def test_a_request_writes_down_what_time_has_done(at_door: Stage) -> None:
    cookie = at_door.sign_in("lawyer")
    context = with_cookie(cookie)
    for advance, state, stored in (
        ({"minutes": 2}, "open", "open"),
        ({"minutes": 15}, "locked", "locked"),
        ({"hours": 10}, None, "ended"),
    ):
        at_door.clock.advance(**advance)
        with at_door.cast.app.test_request_context("/desk", **context):
            visitor = identity.identify(request)
        assert (visitor.state if visitor else None) == state
        db.session.rollback()
        assert db.session.scalars(select(SignInSession.state)).one() == stored


def test_inside_a_transaction_nothing_is_torn(at_door: Stage) -> None:
    cookie = at_door.sign_in("lawyer")
    at_door.clock.advance(minutes=20)
    with at_door.cast.app.test_request_context("/desk", **with_cookie(cookie)), transaction():
        visitor = identity.identify(request)
        assert visitor is not None
        assert (visitor.state, visitor.actor) == ("locked", None)


def test_the_cookie_is_closed_to_scripts_other_sites_and_plain_http() -> None:
    token = SessionToken.new()
    given = identity.cookie(Response(), token).headers["Set-Cookie"]
    assert given.startswith(f"__Host-session={token.to_cookie()};")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in given
    assert "Domain" not in given
    assert "Max-Age" not in given
    assert "Expires=Thu, 01 Jan 1970" in identity.clear(Response()).headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-A1) Chrome/120.0 Mobile Safari/537.36", "Chromium, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604.1", "Safari, iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Firefox, Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_known_coarsely(sqlite_app: Flask, agent: str, device: str) -> None:
    with sqlite_app.test_request_context("/", headers={"User-Agent": agent}):
        assert identity.device() == device


def keep(stage: Stage, cookie: str, path: str, data: Mapping[str, object]) -> str | None:
    with stage.cast.app.test_request_context(
        path, method="POST", data=MultiDict(data), headers={"Cookie": f"{identity.COOKIE}={cookie}"}
    ):
        stage.cast.app.preprocess_request = lambda *_: None  # type: ignore[method-assign] # only this view is asked
        return identity.keep_form()


def case_draft(stage: Stage) -> dict[str, object] | None:
    return drafts.load(stage.cast["caseworker"], "cases.new")


@pytest.mark.parametrize("late", [{"minutes": 20}, {"hours": 11}, {"hours": 33}])
def test_a_form_that_came_too_late_waits_for_its_owner(at_door: Stage, late: dict[str, float]) -> None:
    cookie = at_door.sign_in("caseworker")
    at_door.clock.advance(**late)
    form = {
        "csrf_token": "t",
        "new_password": "s",
        "narrative": "نص طويل",
        "phones": ["1", "2"],
        "code_word": "kestane",
    }
    assert keep(at_door, cookie, NEW_CASE, form)
    assert case_draft(at_door) == {
        "narrative": ["نص طويل"],
        "phones": ["1", "2"],
        "code_word": ["kestane"],
    }
    assert drafts.kept(at_door.cast["colleague"]) == []


def test_a_form_about_a_case_comes_back_to_that_case(at_door: Stage) -> None:
    cookie, case_id = at_door.sign_in("caseworker"), uuid4()
    rule = next(one for one in at_door.cast.app.url_map.iter_rules() if one.endpoint == "cases.edit")
    assert rule.arguments == {"case_id"}
    assert keep(at_door, cookie, f"/cases/{case_id}/edit", {"narrative": "x"})
    kept = drafts.kept(at_door.cast["caseworker"])
    assert [(one.form, one.object_id) for one in kept] == [("cases.edit", case_id)]


def test_after_a_day_without_a_cookie_or_for_a_form_with_secrets_nothing_is_kept(at_door: Stage) -> None:
    cookie, pending = at_door.sign_in("caseworker"), at_door.pending("lawyer")
    assert not keep(at_door, "", NEW_CASE, {"narrative": "x"})
    assert not keep(at_door, pending, NEW_CASE, {"narrative": "x"})
    assert not keep(at_door, cookie, NEW_CASE, {})
    assert not keep(at_door, cookie, "/unlock", {"code": "123456"})
    at_door.clock.advance(hours=34)
    with transaction():
        sessions.purge()
    assert not keep(at_door, cookie, NEW_CASE, {"narrative": "x"})
    assert db.session.scalar(select(Draft)) is None


@pytest.mark.parametrize("forged", [False, True])
def test_a_late_form_is_kept_only_after_the_check_against_forgery(at_door: Stage, forged: bool) -> None:
    cookie = at_door.sign_in("caseworker")
    client, base = at_door.cast.app.test_client(), "https://localhost"
    client.set_cookie(identity.COOKIE, cookie, secure=True)
    page = client.get(NEW_CASE, base_url=base)
    assert page.status_code == 200
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    g.pop("_login_user")  # flask-login's memory of one request; the stage keeps its context open
    at_door.clock.advance(minutes=20)
    data = {"csrf_token": "forged" if forged else found[1], "narrative": "نص طويل"}
    answer = client.post(NEW_CASE, base_url=base, data=data, headers={"Referer": f"{base}{NEW_CASE}"})
    assert answer.status_code == (400 if forged else 303)
    assert (case_draft(at_door) is None) is forged
    if not forged:
        assert answer.headers["Location"].startswith("/unlock")
