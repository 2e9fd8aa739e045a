"""Which cases are counted once, because they are of one household or of one event."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work import LeaveTogetherForm, TogetherForm, together_kinds
from cases.routes.filling import done, filled, opened, status_of
from cases.routes.listing import EVERY, catch_up
from cases.service import together as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import queue_for, transaction


@needs(Permission.CASE_EDIT)
def together(case_id: UUID) -> ResponseReturnValue:
    """With which cases this one is counted; choose another by name or reference."""
    case = opened(case_id)
    catch_up(EVERY)
    form = filled(TogetherForm, version=case.version)
    with transaction():
        form.offer(service.offered(actor(), case_id, form.q.data))
    if "search" not in request.form and done(form, lambda: _join(case_id, form)):
        return _back(case_id, _("The two cases are counted once now."))
    with transaction():
        shared = service.of(actor(), case_id)
    shown = {"case": case, "form": form, "shared": shared, "kinds": together_kinds()}
    leaving = LeaveTogetherForm(formdata=None, version=case.version)
    return render_template("cases/together.html", **shown, leaving=leaving), status_of(form)


def _join(case_id: UUID, form: TogetherForm) -> None:
    service.join(actor(), case_id, form.version.data, UUID(form.other.data), form.kind.data)


@needs(Permission.CASE_RECORD)
def another_of_event(case_id: UUID) -> ResponseReturnValue:
    """Record another person of the same raid, building or factory: a file of its own, counted once."""
    with transaction():
        token = service.begin_beside(actor(), case_id, "event", {}, {})
    return redirect(url_for("cases.new", draft=token), 303)


@needs(Permission.CASE_EDIT)
def leave_together(case_id: UUID) -> ResponseReturnValue:
    """Count the case by itself again."""
    form = LeaveTogetherForm()
    with transaction():
        queue_for(form.token.data)
        service.leave(actor(), case_id, form.version.data, form.kind.data, form.token.data)
    return _back(case_id, _("The case is counted by itself again."))


def _back(case_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("cases.together", case_id=case_id), 303)
