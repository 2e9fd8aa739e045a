"""Services that were given: recorded on the page of the case, taken out again."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.services import GiveForm
from cases.forms.work import NoteForm
from cases.routes.filling import back, done, opened, status_of
from cases.service import given
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.forms import VersionForm
from core.web.in_place import in_place


@needs(Permission.CASE_NOTE)
def give_service(case_id: UUID) -> ResponseReturnValue:
    """Record a service; in place, the answer is the list of services alone."""
    form = GiveForm()
    if done(form, lambda: given.give(actor(), case_id, **form.said())):
        said = _("The service is recorded.")
        if not in_place():
            return back(case_id, said)
        case = opened(case_id)
        return render_template("cases/_services.html", case=case, **giving(case), said=said)
    case = opened(case_id)
    shown = {"case": case, "giving": form, "given": given.of(case.items)}
    if in_place():
        return render_template("cases/_services.html", **shown), status_of(form)
    notes = NoteForm(formdata=None)
    return render_template("cases/show.html", **shown, form=notes, me=actor().person_id), status_of(form)


def giving(case: OpenCase) -> dict[str, object]:
    """What the page of a case needs to show its services and to take another one."""
    so_far = given.of(case.items)
    before = {"agreed": so_far.agreed, "level": so_far.agreed, "grant": so_far.grant}
    return {"giving": GiveForm(formdata=None, **before), "given": so_far}


@needs(Permission.CASE_NOTE)
def take_out_service(case_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """It was recorded by mistake."""
    form = VersionForm()
    with transaction():
        given.take_out(actor(), case_id, service_id, form.version.data)
    return back(case_id, _("It is taken out. The timeline keeps what stood there."))
