"""Services that were given: recorded on the page of the case, taken out again."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.services import GiveForm
from cases.routes.filling import back, done, opened, status_of
from cases.routes.page import giving, whole
from cases.service import given
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
        case = opened(case_id, brief=True)
        return render_template("cases/_services.html", case=case, **giving(case), said=said)
    case = opened(case_id, brief=True)
    page = "cases/_services.html" if in_place() else "cases/show.html"
    return render_template(page, **whole(case, giving=form)), status_of(form)


@needs(Permission.CASE_NOTE)
def take_out_service(case_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """It was recorded by mistake."""
    form = VersionForm()
    with transaction():
        given.take_out(actor(), case_id, service_id, form.version.data)
    return back(case_id, _("It is taken out. The timeline keeps what stood there."))
