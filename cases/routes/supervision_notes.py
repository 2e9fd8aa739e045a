"""Pages of supervision notes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service.names import names_of
from cases.forms.supervising import AskForm, SayForm
from cases.routes.filling import back, by_name, done, filled, opened, status_of
from cases.service import supervising as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction


@needs(Permission.SUPERVISION_READ)
def ask_about(case_id: UUID) -> ResponseReturnValue:
    """Ask somebody who works on the case how they handle it."""
    case = opened(case_id)
    form = filled(AskForm)
    with transaction():
        others = service.people_to_ask(actor(), case_id)
    form.whom.choices = by_name(others, _("Choose"))
    if done(form, lambda: _ask(form, case_id)):
        return back(case_id, _("It stands on the desk of whom you asked."))
    shown = {"case": case, "form": form, "anybody": bool(others)}
    return render_template("cases/ask_about.html", **shown), status_of(form)


def _ask(form: AskForm, case_id: UUID) -> UUID:
    whom = UUID(form.whom.data)
    return service.ask(actor(), case_id, whom, form.text.data or "", form.due_on.data, form.token.data)


@needs(Permission.CASE_NOTE)
def supervision_note(case_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """What was asked and answered, and the next word to it."""
    case = opened(case_id)
    one = next((one for one in case.items if one.id == asked_id and one.kind == service.KIND), None)
    if one is None:
        raise NotFound
    with transaction():
        able = service.choices(actor(), case_id, one)
    mine = str(actor().person_id) == one.data["asked"]
    form = filled(SayForm, version=one.version, how=service.ANSWER if mine or len(able) == 1 else "")
    form.only(able)
    if done(form, lambda: _say(form, case_id, asked_id)):
        flash(_("It is recorded."), "done")
        return redirect(url_for("cases.supervision_note", case_id=case_id, asked_id=asked_id), 303)
    names = names_of(UUID(line["by"]) for line in one.data["lines"])
    lines = [
        {**line, "name": names.get(UUID(line["by"]), ""), "at": datetime.fromisoformat(line["at"])}
        for line in one.data["lines"]
    ]
    shown = {"case": case, "form": form, "one": one, "lines": lines, "able": able}
    return render_template("cases/supervision_note.html", **shown), status_of(form)


def _say(form: SayForm, case_id: UUID, asked_id: UUID) -> None:
    said = form.version.data, form.text.data or "", form.token.data
    service.say(actor(), case_id, asked_id, *said, how=form.how.data)
