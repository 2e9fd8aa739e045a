"""A call to somebody who asked for help is noted."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from intake.forms.calling import CallForm
from intake.routes.triage import opened_request
from intake.service import calls


@needs(Permission.REQUEST_DECIDE)
def call(request_id: UUID) -> ResponseReturnValue:
    """When somebody called, and whether the person was reached."""
    opened = opened_request(request_id)
    form = filled(CallForm, on=clock.today())

    def note() -> None:
        reached = form.reached.data == "yes"
        calls.note(actor(), request_id, form.token.data, form.moment(), reached=reached)

    if done(form, note):
        flash(_("The call is noted."), "done")
        return redirect(url_for("intake.show", request_id=request_id), 303)
    return render_template("intake/call.html", opened=opened, form=form), status_of(form)
