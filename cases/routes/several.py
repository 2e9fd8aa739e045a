"""Acts on several cases of a list: chosen by check boxes, carried out one after the other."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.listing import SeveralForm
from cases.routes.filling import done, number_of, people, status_of
from cases.routes.handing import opened_each
from cases.service import several as service
from cases.service import team
from cases.service.handover import Found
from cases.service.several import Chosen
from cases.service.views import Row
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import READING, Permission
from core.access.policy import may
from core.store.transaction import transaction
from core.web.locale import local_address

SECONDS: Final = 1.5  # of one load of the page that goes on by itself


@needs(Permission.CASE_LIST)
def several() -> ResponseReturnValue:
    """What to do with the cases that were chosen; once that is said, it begins."""
    chosen = _chosen()
    with transaction():
        rows = service.rows(actor(), [one.case_id for one in chosen])
    if not 0 < len(rows) <= service.MOST:
        return _back(rows)
    reached = {row.id for row in rows}
    chosen = [one for one in chosen if one.case_id in reached]
    form = SeveralForm(formdata=request.form if "do" in request.form else None)
    acts = [act for act, permission in service.ACTS.items() if may(actor(), permission)]
    form.offer(acts, people(team.colleagues(actor())), people(team.holding(actor(), READING)))
    if "do" in request.form and done(form, lambda: _begin(form, chosen)):
        return redirect(url_for("cases.several_steps", list_id=form.token.data), 303)
    shown = {"form": form, "rows": rows, "chosen": chosen}
    return render_template("cases/several.html", **shown), status_of(form)


def _begin(form: SeveralForm, chosen: list[Chosen]) -> None:
    service.begin(actor(), form.act.data, form.said(), chosen, form.token.data)


@needs(Permission.CASE_LIST)
def several_steps(list_id: UUID) -> ResponseReturnValue:
    """A step of what was begun with each load, until nothing is left; then what became of each case."""
    end = time.monotonic() + SECONDS
    going = True
    while going:
        with transaction():
            going = service.step(actor(), list_id)
        going = going and time.monotonic() < end
    with transaction():
        batch = service.look(actor(), list_id)
    return render_template("cases/several_steps.html", batch=batch), {"Refresh": "1"} if batch.left else {}


@needs(Permission.CASE_LIST)
def several_sheets() -> ResponseReturnValue:
    """The hand-over sheets of the cases that were chosen."""
    chosen = _chosen()
    with transaction():
        rows = service.rows(actor(), [one.case_id for one in chosen])
    if not 0 < len(rows) <= service.MOST:
        return _back(rows)
    sheets = opened_each([Found(row.id, row.reference, 0) for row in rows])
    return render_template("cases/handover.html", **sheets, on=clock.today(), form=None)


def _chosen() -> list[Chosen]:
    """The cases that were ticked, each once, with the versions that the list showed."""
    found: dict[UUID, Chosen] = {}
    for text in request.form.getlist("case"):
        case_id, _dot, version = text.partition(".")
        try:
            # A damaged version is one that no case ever has, as in `VersionField`.
            found[UUID(case_id)] = Chosen(UUID(case_id), number_of(version) or 0)
        except ValueError:
            continue
    return list(found.values())


def _back(rows: list[Row]) -> ResponseReturnValue:
    """To the list, where nothing was ticked; of too many, what was ticked, to take some of the ticks away."""
    said = _("Choose between one and fifty cases. Nothing was done.")
    back = local_address(request.form.get("back"), url_for("cases.index"))
    if rows:
        return render_template("cases/several_many.html", rows=rows, said=said, back=back), 422
    flash(said, "warning")
    return redirect(back, 303)
