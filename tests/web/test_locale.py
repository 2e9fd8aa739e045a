"""Which language a page speaks, and where the switch leads."""

from __future__ import annotations

import pytest
from flask import Flask

from core.web.filters import init_filters
from core.web.locale import current_language, init_locale, local_path


def make(chosen: str | None = None) -> tuple[Flask, list[str]]:
    """An app with a person who chose `chosen`, and what a switch remembered for them."""
    kept: list[str] = []
    app = Flask("languages")
    init_locale(app, lambda: chosen, kept.append)
    init_filters(app)
    app.add_url_rule("/", "home", current_language)
    return app, kept


def test_arabic_first() -> None:
    app, _ = make()
    client = app.test_client()
    assert client.get("/").text == "ar"
    assert client.get("/", headers={"Accept-Language": "de, fr"}).text == "ar"
    assert client.get("/", headers={"Accept-Language": "tr-TR, en;q=0.5"}).text == "tr"


def test_the_cookie_wins_over_the_browser_and_the_person_over_both() -> None:
    app, kept = make()
    client = app.test_client()
    answer = client.get("/language/en?back=/", headers={"Accept-Language": "tr"})
    assert answer.status_code == 303
    assert answer.location == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert "Expires" not in cookie, "nothing stays on a shared phone"
    assert client.get("/", headers={"Accept-Language": "tr"}).text == "en"
    assert kept == ["en"]
    person, _ = make("ar")
    signed_in = person.test_client()
    signed_in.set_cookie("language", "en")
    assert signed_in.get("/").text == "ar"


def test_a_made_up_language_is_no_page_and_a_made_up_cookie_is_ignored() -> None:
    client = make()[0].test_client()
    assert client.get("/language/xx").status_code == 404
    client.set_cookie("language", "../../etc")
    assert client.get("/").text == "ar"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "///evil", "/\\evil.example", "\\\\evil", "evil", "", None,
        "javascript:alert(1)", "/\t/evil.example", "/\n", " //evil", "/\u2028/x",
    ],
)  # fmt: skip  # one attack list
def test_the_switch_never_leads_away(target: str | None) -> None:
    assert local_path(target, "/") == "/"


def test_the_switch_returns_to_the_page_without_what_was_asked_there() -> None:
    assert local_path("/cases/7?q=secret#x") == "/cases/7"
