"""The guard at its doors, on an application of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import LoginManager

from core import clock
from core.access import guard
from core.access.guard import Visitor


def house(visitor: Visitor | None, **views: Callable[[], str]) -> FlaskClient:
    """An application with these views, at whose door this visitor stands."""
    app = Flask("guarded", static_folder=None)
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(lambda _request: visitor)
    for name, view in views.items():
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    for name in ("desk.show", "accounts.sign_in", "accounts.unlock", "accounts.second_factor"):
        app.add_url_rule(f"/{name}", name, guard.public(lambda: "door"))
    guard.init_app(app)
    app.secret_key = "guarded"
    return app.test_client()


def standing(state: str) -> Visitor:
    return Visitor(uuid4(), uuid4(), state, clock.now(), None)


def test_a_view_without_a_mark_stops_the_start() -> None:
    with pytest.raises(RuntimeError, match="forgotten"):
        house(None, forgotten=lambda: "open to all")


def test_a_view_that_lost_its_mark_after_the_start_is_not_there() -> None:
    marked = guard.public(lambda: "open")
    client = house(None, page=marked)
    assert client.get("/page").text == "open"
    client.application.view_functions["page"] = lambda: "open to all"
    assert client.get("/page").status_code == 404


def test_a_page_that_does_not_exist_is_not_found() -> None:
    assert house(None).get("/nothing").status_code == 404


@pytest.mark.parametrize("state", ["second_factor", "locked", "open"])
def test_a_public_page_has_no_actor_to_lend(state: str) -> None:
    """A view that asks for the actor behind no door gets none, however far the visitor has come."""
    client = house(standing(state), page=guard.public(lambda: str(guard.actor().person_id)))
    assert client.get("/page").status_code == 404


def test_the_half_open_doors_are_for_those_who_stand_there() -> None:
    views = {"code": guard.pending(lambda: "code"), "unlock": guard.locked(lambda: "unlock")}
    assert house(standing("second_factor"), **views).get("/code").text == "code"
    assert (
        house(standing("second_factor"), **views)
        .get("/unlock")
        .location.startswith("/accounts.second_factor")
    )
    assert house(standing("locked"), **views).get("/unlock").text == "unlock"
    assert house(standing("locked"), **views).get("/code").location.startswith("/accounts.unlock")
    for path in ("/code", "/unlock"):
        assert house(standing("open"), **views).get(path).location == "/desk.show"
        assert house(None, **views).get(path).location.startswith("/accounts.sign_in")


@pytest.mark.parametrize(("page", "named"), [("/cases/1", True), ("", False), (None, False)])
def test_a_form_that_is_kept_names_the_page_on_which_it_comes_back(
    monkeypatch: pytest.MonkeyPatch, page: str | None, named: bool
) -> None:
    kept: list[bool] = []

    def keep() -> str | None:
        kept.append(True)
        return page

    monkeypatch.setattr(guard, "keep_form", [keep])
    client = house(None, page=guard.signed_in(lambda: "page"))
    assert "next" in client.get("/page?a=1").location
    assert kept == []
    assert ("next=/cases/1" in client.post("/page").location) is named
    assert kept == [True]
