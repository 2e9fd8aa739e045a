"""Offering a file to a lawyer, and the lawyer's answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.work import AssignForm, DeclineForm
from cases.routes.filling import back, done, filled, opened, status_of
from cases.service import assignment as service
from cases.service import picking, worked
from cases.service.offered import Newer
from cases.service.team import is_led
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from domain.assignment.ranking import Reason

REASONS: Final = {
    Reason.CONFLICT: _l("Kept out by a conflict of interest"),
    Reason.ABSENT: _l("Away until after the answer is due"),
    Reason.AWAY_SOON: _l("Away soon"),
    Reason.AWAY_LONG: _l("Away soon, for a week or longer"),
    Reason.NO_FILES: _l("Takes no new files at present"),
    Reason.DECLINED: _l("Declined this file before"),
    Reason.GENDER: _l("As the client wished"),
    Reason.OTHER_GENDER: _l("The client wished otherwise, or it is not said"),
    Reason.LANGUAGE: _l("Speaks the language"),
    Reason.INTERPRETER: _l("Needs an interpreter"),
    Reason.FIELD: _l("Works in this field"),
    Reason.OTHER_FIELD: _l("Field not named"),
    Reason.PROVINCE: _l("Works in the province"),
    Reason.BAR: _l("Member of the bar there"),
    Reason.ELSEWHERE: _l("Works elsewhere"),
    Reason.LIGHT: _l("Has room"),
    Reason.HEAVY: _l("Nearly full with this file"),
    Reason.FULL: _l("Over full with this file"),
}


@needs(Permission.ASSIGNMENT_OFFER)
def assign(case_id: UUID) -> ResponseReturnValue:
    """Pick a lawyer with languages, provinces and load in view."""
    case = opened(case_id)
    found = picking.candidates(actor(), case_id)
    candidates = [one for one in found if not one.barred]
    form = filled(AssignForm, version=case.version)
    form.lawyer.choices = [(str(one.person_id), one.name) for one in candidates]
    if done(form, lambda: _offer(case_id, form)):
        return back(case_id, _("The lawyer has been asked."))
    barred = [one for one in found if one.barred]
    shown = {"case": case, "form": form, "candidates": candidates, "barred": barred, "reason": REASONS}
    shown["led"] = is_led(case.members)
    return render_template("cases/assign.html", **shown), status_of(form)


@needs(Permission.LOAD_READ)
def load() -> ResponseReturnValue:
    """How much each lawyer carries."""
    return render_template("cases/load.html", carried=picking.loads(actor()))


@needs(Permission.LOAD_READ)
def time_given() -> ResponseReturnValue:
    """How much time everybody gave, by month."""
    with transaction():
        found = worked.find(actor())
    return render_template("cases/time.html", worked=worked.summed(found))


def _offer(case_id: UUID, form: AssignForm) -> None:
    service.offer(actor(), case_id, form.version.data, UUID(form.lawyer.data))


@needs(Permission.ASSIGNMENT_OFFER)
def withdraw_offer(case_id: UUID) -> ResponseReturnValue:
    """Take back an offer that nobody has answered."""
    with transaction():
        service.withdraw(actor(), case_id)
    return back(case_id, _("The offer is withdrawn."))


@needs(Permission.ASSIGNMENT_ANSWER)
def brief(assignment_id: UUID) -> ResponseReturnValue:
    """What a lawyer may know before accepting."""
    with transaction():
        offer = service.brief(actor(), assignment_id)
    return render_template("cases/brief.html", offer=offer, read=None, said="")


@needs(Permission.ASSIGNMENT_ANSWER)
def accept(assignment_id: UUID) -> ResponseReturnValue:
    """Take the file on."""
    read = request.form.get("read", "")
    try:
        with transaction():
            case_id = service.accept(actor(), assignment_id, read=read)
    except Newer as newer:
        shown = {"offer": newer.brief, "read": read.split(), "said": str(newer)}
        return render_template("cases/brief.html", **shown), HTTPStatus.CONFLICT
    review = "review" in request.form  # of the words alone
    return back(case_id, _("You can open the case now.") if review else _("The file is yours."))


@needs(Permission.ASSIGNMENT_ANSWER)
def decline(assignment_id: UUID) -> ResponseReturnValue:
    """Give the file back with a reason; a second click is answered as the first."""
    declined = service.was_declined(actor(), assignment_id) if request.method == "POST" else None
    if declined is not None:
        return _declined(review=declined)
    if request.method == "POST" and service.has_run_out(actor(), assignment_id):
        form = filled(DeclineForm)
        if done(form, lambda: _decline(assignment_id, form)):
            return _declined(review=bool(service.was_declined(actor(), assignment_id)))
    with transaction():
        offer = service.brief(actor(), assignment_id)
    form = filled(DeclineForm)
    if done(form, lambda: _decline(assignment_id, form)):
        return _declined(review=offer.until is not None)
    return render_template("cases/decline.html", offer=offer, form=form), status_of(form)


def _declined(*, review: bool) -> ResponseReturnValue:
    said = _("Your answer has gone back to the lawyer who asked.")
    flash(said if review else _("Your answer has gone back to the coordinator."), "done")
    return redirect(url_for("desk.show"), 303)


def _decline(assignment_id: UUID, form: DeclineForm) -> None:
    service.decline(actor(), assignment_id, form.code.data, form.reason.data or "")
