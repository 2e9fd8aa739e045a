"""A row that looks like a file, another row or a conflict: somebody looks at both and says what it is."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.importing import RowForm
from cases.routes.filling import done, status_of
from cases.routes.matching import why
from cases.service.importing import asking, carrying, reading, store
from cases.service.importing.asking import Question
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction

_SAME = "same-"


@needs(Permission.CASE_IMPORT)
def import_row(import_id: UUID, number: int) -> ResponseReturnValue:
    """One row beside what it looks like, and the answer."""
    work = reading.open_work(actor(), import_id)
    if number not in store.numbers(import_id, "alike", "conflict"):
        return _next(import_id, number)
    one = carrying.ready(actor(), work, number)  # its tokens are slow to make
    with transaction():
        asked = asking.look(actor(), work, one)
    if asked is None:
        return _next(import_id, number)
    form = RowForm()
    form.answer.choices = _answers(asked)

    def answer() -> None:
        said = form.answer.data
        if said == "out":
            asking.leave_out(actor(), work, one)
        elif said == "apart":
            asking.apart(actor(), work, one, [other.case_id for other in asked.found])
        elif said == "first":
            asking.first_contact(actor(), work, one)
        else:
            asking.same(actor(), work, one, UUID(said.removeprefix(_SAME)))

    if done(form, answer):
        flash(_("Your answer is kept."), "done")
        return _next(import_id, number)
    shown = {"asked": asked, "form": form, "import_id": import_id, "why": why}
    return render_template("cases/import_row.html", **shown), status_of(form)


def _answers(asked: Question) -> list[tuple[str, str]]:
    """What may be said of a row."""
    out = ("out", _("Leave this row out"))
    if asked.state == "conflict":
        return [("first", _("Bring it in; the case takes first contact alone until somebody decides")), out]
    files = [
        (
            f"{_SAME}{other.case_id.hex}",
            _(
                "The same person as in %(reference)s: add the row to that file as a note",
                reference=other.reference,
            ),
        )
        for other in asked.found
        if other.client
    ]
    return [*files, ("apart", _("Somebody else: bring it in as a case of its own")), out]


def _next(import_id: UUID, number: int) -> ResponseReturnValue:
    """The next row that waits, or on with what was begun. Raises NotFound for a row that is none."""
    if number not in {*store.numbers(import_id, *asking.EVERY)}:
        raise NotFound
    if store.find_own(actor(), import_id).state == "running":
        return redirect(url_for("cases.import_steps", import_id=import_id), 303)
    waiting = store.numbers(import_id, "alike", "conflict")
    if not waiting:
        return redirect(url_for("cases.import_show", import_id=import_id), 303)
    later = next((one for one in waiting if one > number), waiting[0])
    return redirect(url_for("cases.import_row", import_id=import_id, number=later), 303)
