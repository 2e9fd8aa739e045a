"""Off a case: by oneself, by a colleague, and what a lawyer with a power of attorney still answers for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.leaving import CutForm, LeaveForm, NoticeForm
from cases.routes.filling import back, done, filled, opened, status_of
from cases.service import members as service
from cases.service import team, withdrawing
from cases.service.reach import has_left
from cases.service.views import MemberLine, OpenCase, Outside
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission, Role
from core.errors import Locked, NotFound
from core.store.transaction import transaction
from core.web.forms import Form
from domain.matters import Kind, holds_on


@needs(Permission.CASE_STEP_OFF)
def step_off(case_id: UUID) -> ResponseReturnValue:
    """Leave the case oneself; or say when the client was notified, where one is leaving already.

    A second click on leaving is answered as the first.
    """
    again = request.method == "POST" and "reason" in request.form
    if again and has_left(actor().person_id, case_id):
        return _is_off()
    case = opened(case_id)
    line = _line(case, actor().person_id)
    if line.withdrawing and again:
        return _stays(case_id)
    if line.withdrawing:
        return _notice(case, line, url_for("cases.step_off", case_id=case_id))
    lawyer = line.capacity == Role.LAWYER  # whoever is here as anything else leaves at once
    holds = lawyer and _holds(case, line)
    form = filled(LeaveForm, power="yes" if holds else "no")
    if not _reads_alone(case):
        del form.notes
    stays: list[bool] = []
    if done(form, lambda: stays.append(_step_off(case_id, form, lawyer=lawyer))):
        return _stays(case_id) if stays[0] else _is_off()
    shown = {"case": case, "form": form, "lawyer": lawyer, "holds": holds}
    return render_template("cases/step_off.html", **shown), status_of(form)


@needs(Permission.CASE_STEP_OFF)
def stay(case_id: UUID) -> ResponseReturnValue:
    """Take back that one gives the case up."""
    with transaction():
        withdrawing.stay(actor(), case_id)
    return back(case_id, _("You stay on the case."))


def _stays(case_id: UUID) -> ResponseReturnValue:
    return back(case_id, _("You are giving the case up. You can open it until somebody else has it."))


def _is_off() -> ResponseReturnValue:
    flash(_("You are off the case."), "done")
    return redirect(url_for("desk.show"), 303)


def _step_off(case_id: UUID, form: LeaveForm, *, lawyer: bool) -> bool:
    power = lawyer and form.power.data == "yes"
    reason, on = form.reason.data or "", form.notice_on.data if power else None
    hands_on = "notes" in form and form.notes.data != "leave"
    return service.step_off(actor(), case_id, reason, power=power, notice_on=on, hands_on=hands_on)


def _reads_alone(case: OpenCase) -> bool:
    """Whether the actor is the one lawyer who can hand on what the lawyers wrote for themselves."""
    lawyers = [one.person_id for one in case.members if one.capacity == Role.LAWYER]
    reads = any(note.text is not None for note in case.lawyer_notes or ())
    writes = any(draft.title is not None for draft in case.legal_drafts or ())
    return lawyers == [actor().person_id] and (reads or writes)


@needs(Permission.CASE_MEMBERS)
def remove_member(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take somebody off; the key changes in the same act.

    The act itself opens no more of the case than it needs; the page that asks, or says what was wrong, does.
    """
    form: Form = CutForm() if "reason" in request.form else Form()
    noticed = request.form.get("act") == "notice"
    if not noticed and done(form, lambda: _remove(case_id, person_id, form)):
        flash(_("The person is off the case and cannot open it any more."), "done")
        if "outside" in request.form:  # whom no page of the case opens to
            return redirect(url_for("desk.show"), 303)
        return redirect(url_for("cases.members", case_id=case_id), 303)
    case, opens = _seen(case_id)
    line = _line(case, person_id)
    here = url_for("cases.remove_member", case_id=case_id, person_id=person_id)
    answers = line.withdrawing or (_holds(case, line) if opens else withdrawing.may_hold(person_id))
    if line.withdrawing and (noticed or Role.COORDINATOR not in actor().roles):
        return _notice(case, line, here)
    if answers and not isinstance(form, CutForm):
        form = CutForm()
    notice = NoticeForm(formdata=None)
    shown = {"case": case, "line": line, "form": form, "answers": answers, "notice": notice, "here": here}
    shown |= {"later": _may_delay(line), "opens": opens}
    may_cut = not answers or Role.COORDINATOR in actor().roles
    return render_template("cases/remove_member.html", **shown, may_cut=may_cut), status_of(form)


def _remove(case_id: UUID, person_id: UUID, form: Form) -> None:
    said = {"why": form.why.data or "", "reason": form.reason.data or ""} if isinstance(form, CutForm) else {}
    if not service.remove(actor(), case_id, person_id, **said) and not has_left(person_id, case_id):
        raise NotFound


def _seen(case_id: UUID) -> tuple[Any, bool]:
    """The case, and whether it opens; of one whose key the actor lacks who works on it, and no more."""
    try:
        return opened(case_id), True
    except Locked:
        with transaction():
            return team.from_outside(actor(), case_id), False


def _notice(case: OpenCase, line: MemberLine, here: str) -> ResponseReturnValue:
    """The day of the notice, from which the time runs."""
    form = NoticeForm()
    if done(form, lambda: _notified(case.id, line.person_id, form)):
        flash(_("The day of the notice is recorded."), "done")
        if line.person_id == actor().person_id:  # who may have lost the case by it
            return redirect(url_for("desk.show"), 303)
        return redirect(url_for("cases.members", case_id=case.id), 303)
    shown = {"case": case, "line": line, "form": form, "here": here, "later": _may_delay(line)}
    shown["mine"] = line.person_id == actor().person_id
    return render_template("cases/withdrawing.html", **shown), status_of(form)


def _may_delay(line: MemberLine) -> bool:
    """Whether the actor may record a later day than the one that stands."""
    return (
        line.until is not None and line.person_id != actor().person_id and Role.COORDINATOR in actor().roles
    )


def _notified(case_id: UUID, person_id: UUID, form: NoticeForm) -> None:
    if form.notice_on.data is not None:
        service.notified(actor(), case_id, person_id, form.notice_on.data, form.later.data or "")


def _line(case: OpenCase | Outside, person_id: UUID) -> MemberLine:
    """Who works on the case. Raises NotFound."""
    line = next((one for one in case.members if one.person_id == person_id), None)
    if line is None:
        raise NotFound
    return line


def _holds(case: OpenCase, line: MemberLine) -> bool:
    """Whether a power of attorney of theirs stands in the case."""
    theirs = (one.data for one in case.matters[Kind.POWER] if one.data.get("lawyer") == str(line.person_id))
    return any(holds_on(data, clock.today()) for data in theirs)
