"""Who works on a case, and who alone may open it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.work import MemberForm, ReasonForm, RestrictForm
from cases.routes.filling import back, coordinators, done, filled, opened, people, status_of
from cases.service import members as service
from cases.service import team
from cases.service.views import MemberLine, OpenCase
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission


@needs(Permission.CASE_MEMBERS)
def members(case_id: UUID) -> ResponseReturnValue:
    """Who is on the case, and whom to add."""
    return _members(case_id, filled(MemberForm, sent_to="cases.add_member"))


@needs(Permission.CASE_MEMBERS)
def add_member(case_id: UUID) -> ResponseReturnValue:
    """Put a colleague on the case."""
    form = MemberForm()
    form.offer(people(service.people_to_add(actor(), case_id)))
    if done(form, lambda: _add(case_id, form)):
        flash(_("Your colleague can open the case now."), "done")
        return redirect(url_for("cases.members", case_id=case_id), 303)
    return _members(case_id, form)


def _add(case_id: UUID, form: MemberForm) -> None:
    last = form.last_day.data
    service.add(actor(), case_id, UUID(form.person.data), until=clock.end_of(last) if last else None)


def _members(case_id: UUID, form: MemberForm) -> ResponseReturnValue:
    case = opened(case_id)
    form.offer(people(service.people_to_add(actor(), case_id)))
    shown = {"case": case, "form": form, "me": actor().person_id}
    return render_template("cases/members.html", **shown), status_of(form)


@needs(Permission.CASE_RESTRICT)
def restrict(case_id: UUID) -> ResponseReturnValue:
    """Open the case to named people only."""
    case = opened(case_id)
    form = filled(RestrictForm, named=_others(case.members))
    form.named.choices = _nameable(case)
    if done(form, lambda: service.restrict(actor(), case_id, form.people())):
        return back(case_id, _("Only the people you named can open the case now."))
    shown = {"case": case, "form": form, "coordinators": coordinators()}
    return render_template("cases/restrict.html", **shown), status_of(form)


def _nameable(case: OpenCase) -> list[tuple[str, str]]:
    """Colleagues, and whoever works on the case already: a lawyer who has accepted it may stay."""
    here = [(str(line.person_id), line.name) for line in case.members if line.person_id != actor().person_id]
    return list(dict([*people(team.colleagues(actor())), *here]).items())


@needs(Permission.CASE_RESTRICT)
def unrestrict(case_id: UUID) -> ResponseReturnValue:
    """Give the case back to the coordinators of the organisation."""
    case = opened(case_id)
    form = filled(ReasonForm)
    if done(form, lambda: service.unrestrict(actor(), case_id, form.reason.data or "")):
        return back(case_id, _("Coordinators of your organisation can open the case again."))
    return render_template("cases/unrestrict.html", case=case, form=form), status_of(form)


def _others(lines: list[MemberLine]) -> list[str]:
    return [str(line.person_id) for line in lines if line.person_id != actor().person_id]
