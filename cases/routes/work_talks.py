"""The page of talks about the work."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work_talks import TalkForm
from cases.routes.filling import by_name, done, filled, people, status_of
from cases.service import work_talks as service
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction


@needs(Permission.TALK_READ)
def talks() -> ResponseReturnValue:
    """The talks about the work that the reader had."""
    with transaction():
        had = service.mine(actor())
    return render_template("cases/work_talks.html", talks=had)


@needs(Permission.TALK_WRITE)
def add_talk() -> ResponseReturnValue:
    """Keep a note of a talk for the two who had it."""
    form = filled(TalkForm, held_on=clock.today())
    form.other.choices = by_name(people(service.others(actor())), _("Choose"))
    if done(form, lambda: _write(form)):
        flash(_("The note is kept. The two of you read it, nobody else."), "done")
        return redirect(url_for("cases.talks"), 303)
    return render_template("cases/work_talk.html", form=form), status_of(form)


def _write(form: TalkForm) -> None:
    assert form.held_on.data is not None  # noqa: S101 - the form requires it
    service.write(actor(), UUID(form.other.data), form.held_on.data, form.text.data or "", form.token.data)
