"""What coordinators look at in all files: what people are owed, and the files of this month."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.reviewing import ReviewForm
from cases.routes.filling import by_name, done, filled, opened, people, status_of
from cases.service import clocks, drawing, reviewing, team
from cases.service.reviewing import Standing
from cases.service.views import OpenCase
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission, Role
from core.store.transaction import transaction
from domain.file_reviews import QUESTIONS

MENDED_IN: Final = dt.timedelta(days=14)


@needs(Permission.SUPERVISION_READ)
def supervision() -> ResponseReturnValue:
    """The files of this month, what comes again, and the clocks that are broken or run out."""
    with transaction():
        shown = {
            "drawn": drawing.how(actor()),
            "months": reviewing.months(actor()),
            "again": reviewing.again(actor()),
            "watched": clocks.watched(actor()),
        }
    return render_template("cases/supervision.html", **shown)


@needs(Permission.SUPERVISION_READ)
def review(case_id: UUID) -> ResponseReturnValue:
    """Look at a file with its checklist, and again once what was wrong is mended."""
    case = opened(case_id)
    with transaction():
        standing = reviewing.of_case(actor(), case_id)
    form = filled(ReviewForm, **_stored(case, standing))
    form.offer(by_name(people(team.watchers(case_id)), _("Choose")))
    said = done(form, lambda: _look(form, case_id))
    if said:
        flash(str(said), "done")
        return redirect(url_for("cases.supervision"), 303)
    shown = {"case": case, "form": form, "standing": standing, "questions": QUESTIONS}
    return render_template("cases/review.html", **shown), status_of(form)


def _look(form: ReviewForm, case_id: UUID) -> str:
    in_order = reviewing.look(actor(), case_id, form.version.data, form.answers(), form.token.data)
    if in_order:
        return str(_("The file is in order."))
    return str(_("What is to be mended stands on the desks of those who mend it. Then you look again."))


def _stored(case: OpenCase, standing: Standing) -> dict[str, Any]:
    """What the form begins with: what was said last or stands on desks, who leads the case, two weeks."""
    rounds = standing.one.data["rounds"] if standing.one else []
    said = rounds[-1] if rounds else {"answers": {}, "words": {}}
    responsible = next((one for one in case.members if one.capacity == str(Role.LAWYER)), None)
    responsible = responsible or next(iter(case.members), None)
    owner = str(responsible.person_id) if responsible else ""
    values = {f"answer_{name}": said["answers"].get(name, "") for name in QUESTIONS}
    values |= {f"words_{name}": said["words"].get(name, "") for name in QUESTIONS}
    values |= {f"owner_{name}": owner for name in QUESTIONS}
    asked = [one for one in standing.tasks if one.is_open]
    values |= {f"owner_{one.data['question']}": str(one.owner_id or "") for one in asked}
    values |= {f"words_{one.data['question']}": one.data["more"] for one in asked}
    until = max((one.due_on for one in asked if one.due_on), default=clock.today())
    version = standing.one.version if standing.one else 0
    mend_by = until if until > clock.today() else clock.today() + MENDED_IN
    return {**values, "version": version, "mend_by": mend_by}
