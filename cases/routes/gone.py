"""What was typed for something that takes it no more is shown once more, so that it can be copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import keep
from cases.service.views import OpenCase
from core.web.forms import Form
from core.web.kept import here, page_of
from domain.lifecycle import State

OVER: Final = frozenset({State.CLOSED, State.ERASED})


def gone(case: OpenCase, form: Form, said: str, page: str) -> ResponseReturnValue:
    """To the page that says how it stands now; where a draft brought the form back, what was typed first.

    said: why nothing can be sent, as a sentence.
    """
    if form.returned is None:
        flash(said, "info")
        return redirect(page, 303)
    return make_response(render_template("cases/gone.html", case=case, form=form, said=said, page=page))


def closed(
    case: OpenCase, form: Callable[[], Form], said: object = "", *, sent_too: bool = False
) -> ResponseReturnValue | None:
    """In place of a form of a case that is closed: what was typed into it. None where the case is not.

    said: why, where it is not that nothing new is taken. sent_too: also where the form was just sent, because
    its page would not show what was typed; else that page says what is wrong.
    """
    if case.state not in OVER or (request.method != "GET" and not sent_too):
        return None
    why = said or _("A closed file takes nothing new. A coordinator can reopen it.")
    page = url_for("cases.show", case_id=case.id)
    return gone(case, form(), str(why), page) if request.method == "GET" else kept_back(page)


def kept_back(page: str) -> ResponseReturnValue:
    """What was sent and cannot be carried out is kept, and stands on the page that gives it again."""
    key = here()
    if key is None:
        return redirect(page, 303)
    keep(key)
    return redirect(page_of(*key), 303)
