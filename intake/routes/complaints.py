"""Complaints, for people outside the cases they are about."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from intake.forms.desk import ReplyForm
from intake.service import complaints as service


@needs(Permission.COMPLAINT_READ)
def index() -> ResponseReturnValue:
    """Those that were sealed to the reader, unanswered first."""
    with transaction():
        return render_template("intake/complaints.html", complaints=service.index(actor()))


@needs(Permission.COMPLAINT_READ)
def show(complaint_id: UUID) -> ResponseReturnValue:
    """A complaint, and an answer to it."""
    form = filled(ReplyForm)
    if done(form, lambda: service.answer(actor(), complaint_id, form.text.data)):
        with transaction():
            reaches = service.read(actor(), complaint_id).reaches
        read = _("Your answer waits for the person. They read it with their code.")
        flash(read if reaches else _("It is written down. Nobody reads it here."), "done")
        return redirect(url_for("intake.complaint", complaint_id=complaint_id), 303)
    with transaction():
        said = service.read(actor(), complaint_id)
    return render_template("intake/complaint.html", said=said, form=form), status_of(form)
