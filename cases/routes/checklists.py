"""Pages of what is usually done in a case."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.todo import SettleForm
from cases.routes.filling import done, filled, opened, status_of
from cases.routes.gone import gone
from cases.service import checklists as service
from cases.service.views import OpenItem
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.filters import isolate
from domain.lifecycle import State


@needs(Permission.CASE_READ)
def checklist(case_id: UUID) -> ResponseReturnValue:
    """What is usually done about the issue of the case, and what became of it."""
    case = opened(case_id)
    return render_template("cases/checklist.html", case=case, usual=service.of_case(case))


@needs(Permission.CASE_NOTE)
def take_up_line(case_id: UUID, line: str) -> ResponseReturnValue:
    """Make a task of a line, with one click."""
    with transaction():
        task = service.take_up(actor(), case_id, line)
    if task.is_open and task.owner_id == actor().person_id:
        return _back(case_id, _("It is a task on your desk now."))
    flash(_taken(task), "info")
    return redirect(url_for("cases.show_todo", case_id=case_id, item_id=task.id), 303)


def _taken(task: OpenItem) -> str:
    """What became of a line that somebody was at before."""
    if not task.is_open:
        return str(_("A colleague said just before what became of it. Here it is."))
    if not task.owner:
        return str(_("It is a task already, and stands on nobody’s desk."))
    return str(_("It is a task already, on the desk of %(name)s.", name=isolate(task.owner)))


@needs(Permission.CASE_NOTE)
def settle_line(case_id: UUID, line: str) -> ResponseReturnValue:
    """Say that a line is done or not needed, with a word."""
    case = opened(case_id)
    one = next((one for one in service.of_case(case) if one.line.code == line), None)
    if one is None:
        raise NotFound
    form = filled(SettleForm)
    if request.method == "GET" and one.one is not None:
        said = _("Somebody took it up, or said what became of it.")
        return gone(case, form, said, url_for("cases.show_todo", case_id=case_id, item_id=one.one.id))
    if request.method == "GET" and case.state in {State.CLOSED, State.ERASED}:
        said = _("A closed file takes nothing new. A coordinator can reopen it.")
        return gone(case, form, said, url_for("cases.checklist", case_id=case_id))
    how, word = form.how, form.word
    if done(form, lambda: service.settle(actor(), case_id, line, how=how.data, word=word.data)):
        return _back(case_id, _("It is recorded."))
    return render_template("cases/checklist_line.html", case=case, form=form, line=one.line), status_of(form)


def _back(case_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("cases.checklist", case_id=case_id), 303)
