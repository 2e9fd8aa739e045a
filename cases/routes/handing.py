"""Hand-over sheets: of one case, and of all that somebody works on."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cases.forms.listing import HandOverForm
from cases.routes.filling import number_of, people, status_of
from cases.service import handover, team
from cases.service.handover import Found
from cases.service.rows import Tampered
from cases.service.views import OpenCase
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import READING, Permission
from core.errors import Locked, NotFound
from core.store.transaction import transaction
from vault import VaultError


@needs(Permission.CASE_READ)
def hand_over(case_id: UUID) -> ResponseReturnValue:
    """What somebody has to know who takes this case over, to be printed."""
    with transaction():
        case = handover.sheet(actor(), case_id)
    return render_template("cases/handover.html", cases=[case], on=clock.today(), form=None)


@needs(Permission.CASE_READ)
def hand_over_all() -> ResponseReturnValue:
    """The same of all cases that somebody works on and that one may open oneself."""
    form = HandOverForm(formdata=request.args)
    form.offer(people(team.holding(actor(), READING)), str(actor().person_id))
    before = number_of(request.args.get("before", ""))
    shown: dict[str, object] = {"form": form, "cases": [], "shut": [], "next": None, "before": before}
    if "whose" in request.args and form.validate():
        found, shown["next"] = handover.cases_of(actor(), UUID(form.whose.data), before)
        shown |= opened_each(found)
        shown["whose"] = form.whose.data
        shown["name"] = dict(form.whose.choices)[form.whose.data]
    return render_template("cases/handover.html", **shown, on=clock.today()), status_of(form)


def opened_each(found: list[Found]) -> dict[str, object]:
    """Each case is opened by itself: one that cannot be opened now keeps no other from being printed."""
    cases: list[OpenCase] = []
    shut: list[Found] = []
    for one in found:
        try:
            with transaction():
                cases.append(handover.sheet(actor(), one.id))
        except (Locked, NotFound, Tampered, VaultError):
            shut.append(one)
    return {"cases": cases, "shut": shut}
