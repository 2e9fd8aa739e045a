"""The door of every page. A view without a mark does not start; `current_user` is read here alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may

View = TypeVar("View", bound=Callable[..., Any])

# Exports, keys and recovery ask for the password again when it was typed longer ago than this.
FRESH: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Visitor(UserMixin):  # type: ignore[misc] # flask-login has no types
    """What a cookie proved: which session, in which state, and the actor once it is open."""

    session_id: UUID
    person_id: UUID
    state: str  # second_factor, open, locked
    confirmed_at: dt.datetime | None
    actor: Actor | None


@dataclass(frozen=True)
class Access:
    """The mark on a view."""

    kind: str  # public, pending (password given), locked (screen locked), signed_in, permission
    permission: Permission | None = None
    fresh: bool = False


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined] # the mark is read by the guard
        return view

    return mark


public = _mark(Access("public"))
pending = _mark(Access("pending"))
locked = _mark(Access("locked"))
signed_in = _mark(Access("signed_in"))
signed_in_fresh = _mark(Access("signed_in", fresh=True))


def needs(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Open the view to those whose roles hold `permission`; `fresh` asks for the password again."""
    return _mark(Access("permission", permission, fresh))


def visitor() -> Visitor | None:
    """Who is at the door, or None."""
    at_door = current_user._get_current_object()  # noqa: SLF001 - flask-login's proxy has no public way to its object
    return at_door if isinstance(at_door, Visitor) else None


def actor() -> Actor:
    """The actor of this request; only behind `needs` or `signed_in`."""
    at_door = visitor()
    if at_door is None or at_door.actor is None or at_door.state != "open":
        abort(404)
    return at_door.actor


def permission_of_page() -> Permission | None:
    """What the view that answers now asks for; None where it takes no permission, or is no page."""
    access: Access | None = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    return access.permission if access else None


# app.py puts here what keeps a form that came after its session had ended; it gives the page of the form.
keep_form: list[Callable[[], str | None]] = []


def _to(endpoint: str) -> ResponseReturnValue:
    """Send to a door of the accounts feature, remembering a page that can be opened again."""
    if request.method in {"GET", "HEAD"}:
        here: str | None = request.full_path.rstrip("?")
    else:
        here = next((page for keep in keep_form if (page := keep())), None)
    return redirect(url_for(endpoint, next=here), 303)


def _check() -> ResponseReturnValue | None:  # noqa: PLR0911 - one return for each door
    if request.endpoint is None:
        return None  # no such page: the 404 that follows says nothing
    access: Access | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is None:
        abort(404)
    if access.kind == "public":
        return None
    at_door = visitor()
    if at_door is None:
        return _to("accounts.sign_in")
    if at_door.state == "second_factor":
        return None if access.kind == "pending" else _to("accounts.second_factor")
    if at_door.state == "locked":
        return None if access.kind == "locked" else _to("accounts.unlock")
    if access.kind in {"pending", "locked"}:
        return redirect(url_for("desk.show"), 303)
    if access.permission is not None and not may(actor(), access.permission):
        abort(404)
    if access.fresh and (at_door.confirmed_at is None or clock.now() - at_door.confirmed_at > FRESH):
        return _to("accounts.confirm")
    return None


def unmarked(app: Flask) -> list[str]:
    """The endpoints without a mark."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))


def init_app(app: Flask) -> None:
    """Put the guard before every request and refuse to start with an unmarked view."""
    if "static" in app.view_functions:
        public(app.view_functions["static"])
    missing = unmarked(app)
    if missing:
        raise RuntimeError(f"views without an access mark: {', '.join(missing)}")
    app.before_request(_check)
