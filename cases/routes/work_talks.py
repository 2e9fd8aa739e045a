"""The page of talks about the work."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work_talks import ChangeTalkForm, TalkForm
from cases.routes.filling import by_name, done, filled, number_of, people, status_of
from cases.service import work_talks as service
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction


@needs(Permission.TALK_READ)
def talks() -> ResponseReturnValue:
    """The talks about the work that the reader had."""
    page = number_of(request.args.get("page", "")) or 0
    with transaction():
        had = service.mine(actor(), page)
    return render_template("cases/work_talks.html", talks=had.talks, page=page, next=had.next)


@needs(Permission.TALK_WRITE)
def add_talk() -> ResponseReturnValue:
    """Keep a note of a talk for the two who had it."""
    form = filled(TalkForm, held_on=clock.today())
    form.other.choices = by_name(people(service.others(actor())), _("Choose"))
    if done(form, lambda: _write(form)):
        flash(_("The note is kept. The two of you read it, nobody else."), "done")
        return redirect(url_for("cases.talks"), 303)
    return render_template("cases/work_talk.html", form=form), status_of(form)


@needs(Permission.TALK_WRITE)
def change_talk(talk_id: UUID) -> ResponseReturnValue:
    """Say a note otherwise; from here it is taken out, too."""
    with transaction():
        talk = service.one(actor(), talk_id)
    if talk.text is None:  # sealed to a key that is gone: it can only be taken out, on the page of all
        abort(404)
    form = filled(ChangeTalkForm, version=talk.version, held_on=talk.held_on, text=talk.text)
    if done(form, lambda: _change(talk_id, form)):
        flash(_("The note is corrected. Both of you see that it was."), "done")
        return redirect(url_for("cases.talks"), 303)
    return render_template("cases/work_talk_change.html", form=form, talk=talk), status_of(form)


def _change(talk_id: UUID, form: ChangeTalkForm) -> None:
    assert form.held_on.data is not None  # noqa: S101 - the form requires it
    service.change(actor(), talk_id, form.version.data, form.held_on.data, form.text.data or "")


@needs(Permission.TALK_WRITE)
def remove_talk(talk_id: UUID) -> ResponseReturnValue:
    """Take out what a note says."""
    with transaction():
        service.remove(actor(), talk_id)
    flash(_("What the note said is taken out; nobody reads it any more."), "done")
    return redirect(url_for("cases.talks"), 303)


def _write(form: TalkForm) -> None:
    assert form.held_on.data is not None  # noqa: S101 - the form requires it
    service.write(actor(), UUID(form.other.data), form.held_on.data, form.text.data or "", form.token.data)
