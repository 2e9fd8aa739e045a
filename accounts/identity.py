"""Between a request and the accounts: the cookie, who it shows, and the form that came too late."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Final
from uuid import UUID

from flask import Request, Response, flash, g, request, session
from flask_babel import gettext as _

import vault
from accounts.service import drafts, sessions
from core.access.guard import Visitor
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from core.web import kept
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


def keep_form() -> str | None:
    """Seal a form that came after its session was locked or over to its owner, if it is one that comes back.

    Gives the page on which it does. Says in the next page what became of it: kept, or not done. Runs after
    the check against forgery. Forms of the accounts carry passwords and codes and are never kept.
    """
    key, owner, fields = kept.here(), sessions.owner(token_text()), kept.typed()
    if key is not None and owner is not None and kept.anything(fields):
        with suppress(vault.Untrusted, NotFound), transaction():
            drafts.still_theirs(owner, key.form, key.about)
            drafts.save(owner, *key, fields, instead=kept.draft())
            _say(_("What you typed was kept sealed. It comes back once you are in again."))
            return kept.page_of(*key)
    if request.endpoint != "accounts.lock":
        _say(_("This step was not done. Do it again."))
    return None


def _say(words: str) -> None:
    """Once: a page that saves itself every few seconds must not fill the next one."""
    if ("info", words) not in session.get("_flashes", []):
        flash(words, "info")


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
