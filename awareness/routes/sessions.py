"""Sessions that were held: the list with its totals, and the form."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awareness.forms.sessions import SessionForm
from awareness.service import sessions as service
from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.reference import reference


@needs(Permission.SESSION_READ)
def sessions() -> ResponseReturnValue:
    """What was held, and the totals of each year."""
    lists = reference().lists
    return render_template(
        "awareness/sessions.html",
        lines=service.newest(actor()),
        totals=service.totals(actor()),
        sexes=lists["sex"].codes,
        ages=lists["age_band"].codes,
    )


@needs(Permission.SESSION_LOG)
def log_session() -> ResponseReturnValue:
    """Write down a session."""
    form = filled(SessionForm, language="ar")
    if done(form, lambda: _log(form)):
        flash(_("The session is written down."), "done")
        return redirect(url_for("awareness.sessions"), 303)
    page = render_template("awareness/log_session.html", form=form)
    return page, status_of(form)


def _log(form: SessionForm) -> UUID:
    return service.log(actor(), form.token.data, form.values(), form.counts(), form.total.data or 0)
