"""What the public pages of this feature share: cookies of their own, a form that says what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from core.errors import DomainError
from core.web.forms import Form
from core.web.locale import NAMES


def was_sent(form: Form) -> bool:
    """Whether a form was sent and is right. One that waited too long says so and keeps what was typed."""
    if not form.is_submitted():
        return False
    right = bool(form.validate())
    if form.csrf_token.errors:
        form.explain(
            DomainError(_("The page was open too long. What you wrote is still here: send it again."))
        )
    return right


def page(template: str, *forms: Form, **context: Any) -> Response:
    """A page in the language of its address, with its address in the others."""
    given = dict(request.view_args or {})
    endpoint = str(context.pop("endpoint", request.endpoint))
    pages = [(code, name, url_for(endpoint, **given | {"language": code})) for code, name in NAMES.items()]
    wrong = any(form.errors or form.form_errors for form in forms)
    named = {"form": forms[0]} if forms else {}
    return make_response(
        render_template(template, pages=pages, language=given["language"], **named, **context),
        422 if wrong else 200,
    )


def keep(shown: Any, name: str, value: str, *, lasts: dt.timedelta | None = None) -> Response:
    """Give a browser a cookie that ends with it, or lasts some time."""
    answer: Response = make_response(shown)
    answer.set_cookie(name, value, max_age=lasts, path="/", secure=True, httponly=True, samesite="Strict")
    return answer


def forget(shown: Any, name: str) -> Response:
    """Take a cookie away."""
    answer: Response = make_response(shown)
    answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
    return answer
