"""Propose that a case is closed, close it, open it again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.closing import CloseForm, ReopenForm
from cases.routes.filling import back, done, filled, keep, opened, status_of
from cases.service import closing as service
from cases.service import progress, team
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web import kept
from core.web.filters import isolate
from domain.lifecycle import State

_KEPT = ("level", "code", "outcome", "benefit", "why", "reason")


@needs(Permission.CASE_STATE)
def close(case_id: UUID) -> ResponseReturnValue:
    """Close the case with level, code, outcome and reason; or propose it to those who do."""
    case = opened(case_id)
    with transaction():
        before = service.before(actor(), case_id)
    proposed = {name: before.proposed.get(name) or "" for name in _KEPT}
    proposed["level"] = proposed["level"] or case.record.get("level_given") or ""
    amount = str(before.proposed.get("amount") or "")
    form = filled(CloseForm, version=case.version, amount=amount, shown_way=before.way, **proposed)
    to = State.IN_REVIEW if (before.way or form.shown_way.data) == "propose" else State.CLOSED
    act, again = partial(_move, case_id, form, to), partial(service.became, actor(), case_id)
    if became := done(form, act, again):
        if became == State.IN_REVIEW == to:
            return back(case_id, _("The closing is proposed. It waits for a coordinator."))
        if became == State.IN_REVIEW:
            flash(_("The case is not closed yet: a second coordinator looks at this closing."), "info")
            _give_back(case_id)
            return redirect(url_for("cases.close", case_id=case_id), 303)
        return back(case_id, _("The case is closed."))
    shown = {"case": case, "form": form, "before": before, "alone": team.lacks_coordinator(case)}
    return render_template("cases/close.html", **shown), status_of(form)


def _give_back(case_id: UUID) -> None:
    """What somebody else proposed stands: keep what was typed now, and say so."""
    with transaction():
        name = service.proposed_by_other(actor(), case_id)
    if name and (key := kept.here()):
        keep(key)
        flash(_("What %(name)s proposed stands. What you typed is kept below.", name=isolate(name)), "info")


def _move(case_id: UUID, form: CloseForm, to: State) -> str:
    return progress.move(
        actor(),
        case_id,
        form.version.data,
        to,
        reason=form.reason.data or "",
        why=form.why.data,
        closing=form.closing(),
    )


@needs(Permission.CASE_STATE)
def reopen(case_id: UUID) -> ResponseReturnValue:
    """Go on with a closed case."""
    case = opened(case_id)
    form = filled(ReopenForm, version=case.version)
    if done(form, lambda: _reopen(case_id, form)):
        return back(case_id, _("The case is open again."))
    return render_template("cases/reopen.html", case=case, form=form), status_of(form)


def _reopen(case_id: UUID, form: ReopenForm) -> None:
    why, reason = form.why.data, form.reason.data or ""
    progress.move(actor(), case_id, form.version.data, State.OPEN, reason=reason, why=why)
