"""Complaints, for people outside the cases they are about."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.models import Person
from cases.routes.filling import by_name, done, filled, people, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from intake.forms.desk import ReplyForm, ShareForm
from intake.service import complaints as service
from intake.service import readers


@needs(Permission.COMPLAINT_READ)
def index() -> ResponseReturnValue:
    """Those that were sealed to the reader, unanswered first; to administrators, how many nobody reads."""
    with transaction():
        unread, lines = readers.unread(actor()), service.index(actor())
    return render_template("intake/complaints.html", complaints=lines, unread=unread)


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
    return _page(complaint_id, form)


@needs(Permission.COMPLAINT_READ)
def share(complaint_id: UUID) -> ResponseReturnValue:
    """Let a colleague read it, too."""
    form = ShareForm()
    with transaction():
        audience = service.audience(actor(), complaint_id)
    form.offer(_named([*audience.could, *audience.others]))  # a second click finds it done
    if done(form, lambda: service.share(actor(), complaint_id, UUID(form.person.data))):
        flash(_("From now on this person reads the complaint, too, and may answer it."), "done")
        return redirect(url_for("intake.complaint", complaint_id=complaint_id), 303)
    return _page(complaint_id, ReplyForm(formdata=None), form)


def _page(complaint_id: UUID, form: ReplyForm, share_form: ShareForm | None = None) -> ResponseReturnValue:
    with transaction():
        said, audience = service.read(actor(), complaint_id), service.audience(actor(), complaint_id)
    if share_form is None:
        share_form = ShareForm(formdata=None)
        share_form.offer(_named(audience.could))
    shown = {"said": said, "form": form, "audience": audience, "share": share_form}
    return render_template("intake/complaint.html", **shown), status_of(form, share_form)


def _named(persons: Iterable[Person]) -> list[tuple[str, str, dict[str, str]]]:
    return by_name(people(persons), _("Choose a person"))
