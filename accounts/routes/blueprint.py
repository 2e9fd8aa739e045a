"""The blueprint of the account pages, and what several of them share."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.settings import Settings
from core.web.forms import Form
from core.web.locale import local_path

blueprint: Final = Blueprint("accounts", __name__)

UNPROCESSABLE: Final = 422


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["himaya"]
    return found


def onward() -> str:
    """Where somebody wanted to go before a door stood in the way: a path of ours, or the desk."""
    return local_path(request.args.get("next"), url_for("desk.show"))


def answer(template: str, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a form: with 422 when something in it was refused, which also counts as a vain try."""
    page = render_template(f"accounts/{template}.html", form=form, **context)
    return page, UNPROCESSABLE if form.errors else 200
