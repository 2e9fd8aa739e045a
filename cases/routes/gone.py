"""What was typed for something that takes it no more is shown once more, so that it can be copied."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from cases.service.views import OpenCase
from core.web.forms import Form


def gone(case: OpenCase, form: Form, said: str, page: str) -> ResponseReturnValue:
    """To the page that says how it stands now; where a draft brought the form back, what was typed first.

    said: why nothing can be sent, as a sentence.
    """
    if form.returned is None:
        flash(said, "info")
        return redirect(page, 303)
    return make_response(render_template("cases/gone.html", case=case, form=form, said=said, page=page))
