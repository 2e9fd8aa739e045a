"""Between a request and the accounts: the cookie, who it shows, and the form that came too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from uuid import UUID

from flask import Request, Response, flash, g, request, session
from flask_babel import gettext as _

import vault
from accounts.service import drafts, sessions
from core.access.guard import Visitor
from core.store.base import db
from core.store.transaction import transaction
from vault import SessionToken

COOKIE: Final = "__Host-session"

_RETIRED: Final = dt.timedelta(hours=1)

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chromium"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def identify(at_door: Request) -> Visitor | None:
    """Who is at the door, for flask-login. Brings the session row up to date, at most once a minute."""
    seen = sessions.identify(at_door.cookies.get(COOKIE, ""))
    if seen is None:
        return None
    # Inside somebody's transaction the row waits for the next request; the state is right anyway.
    if seen.due and not db.session.connection().get_execution_options().get("writer"):
        with transaction():
            sessions.settle(seen.session_id)
    if seen.state == "ended":
        return None
    g.seen = seen
    return Visitor(seen.session_id, seen.person_id, seen.state, seen.confirmed_at, seen.actor)


def opened() -> sessions.Opened | None:
    """The session at the door with its secret; only behind a mark that asks for one."""
    seen: sessions.Seen | None = g.get("seen")
    return sessions.open_seen(seen) if seen else None


def token_text() -> str:
    """The text of this request's session cookie, as the sign-in services take it."""
    return request.cookies.get(COOKIE, "")


def device() -> str:
    """What kind of browser this is, and no more: "Chromium, Android"."""
    agent = request.user_agent.string
    parts = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(part for part in parts if part)


def cookie(response: Response, token: SessionToken) -> Response:
    """Give the browser its session."""
    response.set_cookie(COOKIE, token.to_cookie(), secure=True, httponly=True, samesite="Strict", path="/")
    return response


def clear(response: Response) -> Response:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
    return response


def retire(response: Response) -> Response:
    """Leave the browser the cookie of a session that was ended, for an hour; take any other from it.

    It opens nothing any more, but a form that stands open in another tab can still be sealed to its owner.
    """
    if sessions.owner(token_text()) is None:
        return clear(response)
    response.set_cookie(
        COOKIE, token_text(), max_age=_RETIRED, secure=True, httponly=True, samesite="Strict", path="/"
    )
    return response


def make_way(person_id: UUID | None) -> None:
    """Before somebody signs in: what another person left open in this browser is not theirs to send."""
    if person_id is None or sessions.owner(token_text()) != person_id:
        session.clear()  # with the token against forgery


def typed() -> dict[str, list[str]]:
    """The fields of the posted form as drafts keep them, without anything secret."""
    return {
        name: values
        for name, values in request.form.lists()
        if name != "csrf_token" and "password" not in name
    }


def keep_form(page_of: Callable[[str, UUID | None], str] = lambda _form, _about: "") -> str | None:
    """Seal a form that came after its session was locked or over to its owner. None when it was not kept.

    Gives the page on which it comes back, by `page_of`, or "" when it has none. Runs after the check
    against forgery. Forms of the accounts carry passwords and codes and are never kept.
    """
    endpoint = request.endpoint or ""
    if not request.form or endpoint.startswith("accounts."):
        return None
    owner = sessions.owner(token_text())
    if owner is None:
        return None
    about = next((value for value in (request.view_args or {}).values() if isinstance(value, UUID)), None)
    with suppress(vault.Untrusted), transaction():
        drafts.save(owner, endpoint, about, typed())
        flash(_("What you typed was kept sealed. It comes back once you are in again."), "info")
        return page_of(endpoint, about)
    return None


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
