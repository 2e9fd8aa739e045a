"""Which cases are counted once, because they are of one household or of one event."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work import MOST_LINES, BesideForm, LeaveTogetherForm, TogetherForm, together_kinds
from cases.routes.filling import done, filled, opened, status_of
from cases.routes.listing import EVERY, catch_up
from cases.service import together as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import queue_for, transaction
from core.web.in_place import in_place


@needs(Permission.CASE_EDIT)
def together(case_id: UUID) -> ResponseReturnValue:
    """With which cases this one is counted; choose others by name or reference.

    In place, the answer is the list of those cases alone, for the page of the case.
    """
    if in_place() and request.method == "GET":
        return _named(case_id)
    case = opened(case_id)
    catch_up(EVERY)
    form = filled(TogetherForm, version=case.version)
    with transaction():
        form.offer(service.offered(actor(), case_id, form.q.data))
        form.known = service.named(actor(), case_id, form.written())
    looks = not {"search", "more"}.isdisjoint(request.form)
    if not looks and done(form, lambda: _join(case_id, form)):
        several = len(form.others()) > 1
        return _back(
            case_id,
            _("The cases are counted once now.") if several else _("The two cases are counted once now."),
        )
    if "more" in request.form:
        form.more_lines()
    with transaction():
        shared = service.of(actor(), case_id)
    shown = {"case": case, "form": form, "shared": shared, "kinds": together_kinds(), "most": MOST_LINES}
    leaving = LeaveTogetherForm(formdata=None, version=case.version)
    return render_template(
        "cases/together.html", **shown, leaving=leaving, beside=BesideForm(formdata=None)
    ), status_of(form)


def _named(case_id: UUID) -> ResponseReturnValue:
    waiting = catch_up(1)  # nobody waits long for a part of a page; each view of it reads some more
    with transaction():
        shared = service.beside(actor(), case_id)
    return render_template("cases/_together.html", shared=shared, kinds=together_kinds(), waiting=waiting)


def _join(case_id: UUID, form: TogetherForm) -> None:
    others, at = form.others(), form.version.data
    if len(others) == 1:
        service.join(actor(), case_id, at, next(iter(others)), form.kind.data)
        return
    try:
        service.join_all(actor(), case_id, at, list(others), form.kind.data)
    except service.Apart as error:
        for other_id in error.cases & others.keys():
            entry = others[other_id]
            entry.errors = [*entry.errors, _("This case belongs to others already.")]
        if any(entry.errors for entry in form.references):
            form.references.errors = [entry.errors for entry in form.references]
        raise


@needs(Permission.CASE_RECORD)
def another_of_event(case_id: UUID) -> ResponseReturnValue:
    """Record another person of the same raid, building or factory: a file of its own, counted once."""
    return begun_beside(case_id, "event", {}, {})


def begun_beside(
    case_id: UUID, kind: str, person: dict[str, Any], others: dict[str, str]
) -> ResponseReturnValue:
    """To the new case beside this one, of which a draft is begun once for each page that led there."""
    token = BesideForm().token.data
    with transaction():
        queue_for(token)
        begun = service.begin_beside(actor(), case_id, kind, person, others, token)
    return redirect(url_for("cases.new", draft=begun), 303)


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
