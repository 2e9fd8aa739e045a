"""The blueprint of the account pages, and what several of them share."""

from __future__ import annotations

from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from config.settings import Settings
from core.access.guard import Visitor, visitor
from core.web.forms import Form
from core.web.locale import local_path

blueprint: Final = Blueprint("accounts", __name__)

UNPROCESSABLE: Final = 422


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["himaya"]
    return found


def at_door() -> Visitor:
    """Whose session this is; only behind a mark that asks for one."""
    found = visitor()
    if found is None:
        abort(404)
    return found


def wanted(path: str | None = None) -> str | None:
    """Where somebody wanted to go before a door stood in the way; None unless it is a path of ours."""
    return local_path(path or request.args.get("next"), "") or None


def onward() -> str:
    """That place, or the desk."""
    return wanted() or url_for("desk.show")


def answer(template: str, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a form: with 422 when something in it was refused, which also counts as a vain try."""
    page = render_template(f"accounts/{template}.html", form=form, **context)
    return page, UNPROCESSABLE if form.errors else 200


def go(url: str) -> Response:
    """On to another page, with GET."""
    return make_response(redirect(url, 303))


def shown_once(code: str, goal: str, *, joined: bool = False) -> Response:
    """The page with a personal code that nobody can see again."""
    return make_response(render_template("accounts/new_code.html", code=code, onward=goal, joined=joined))
