"""Lines of the timeline that hold more than words: something filed, and what came of something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.lines import FORMS, CorrectForm, NotFiledForm
from cases.routes.filling import back, by_name, done, filled, opened, status_of
from cases.service import draft_filings, filings
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.filters import known_day
from core.web.labels import list_label
from domain.lines import FILING, HEARING, OUTCOME

WRITES: Final = {FILING: filings.file, OUTCOME: filings.come_of}
"""By kind of line the act that writes one."""


@needs(Permission.CASE_NOTE)
def add_line(case_id: UUID, kind: str) -> ResponseReturnValue:
    """Write that something was filed, or what came of something."""
    case = opened(case_id)
    heard = {str(one.id): one for one in case.items if one.kind == HEARING}
    still = " ".join(known for known, one in heard.items() if one.is_open)
    asked = {"of": request.args.get("of", ""), "open_then": still} if kind == OUTCOME else {}
    form = filled(FORMS[kind], **asked)
    form.document.choices = by_name(_documents(case), _("None"))
    if kind == OUTCOME:
        form["of"].choices = by_name(_subjects(case_id), _("Choose"))
    write: Callable[..., UUID | None] = WRITES[kind]
    written = done(form, lambda: write(actor(), case_id, form.said(), form.text.data or "", form.token.data))
    if isinstance(written, UUID):
        flash(
            _(
                "The line is in the timeline. The hearing is still to come and stays on the desk. If it does "
                "not take place, say so here."
            ),
            "info",
        )
        return redirect(url_for("cases.end_todo", case_id=case_id, item_id=written), 303)
    if written:
        return back(case_id, _("The line is in the timeline."))
    one = heard.get(form["of"].data) if kind == OUTCOME else None
    shown = {"case": case, "kind": kind, "form": form, "ended": None if one is None or one.is_open else one}
    shown |= {"hears": still or form.errors or form.returned, "heard": heard.values()}
    return render_template("cases/line.html", **shown), status_of(form)


# An address stays in the history of a browser, so it does not say what was wrong.
CORRECTS: Final[dict[str, type[CorrectForm | NotFiledForm]]] = {"1": CorrectForm, "2": NotFiledForm}
"""By way how a filing is corrected: it was filed otherwise, or never."""


@needs(Permission.CASE_NOTE)
def correct_line(case_id: UUID, line_id: UUID, way: str) -> ResponseReturnValue:
    """Correct what a line says was filed: it stays, and the line that corrects it says why."""
    case = opened(case_id)
    with transaction():
        before = filings.recorded(actor(), case_id, line_id)
        ask = filings.whom_to_ask(actor(), case_id, line_id)
        holders = draft_filings.key_holders(actor(), case_id, line_id)
    document = next((one for one, _title in before.get("documents", ())), "")
    values = {} if way == "2" else {**before, "on": dt.date.fromisoformat(before["on"]), "document": document}
    form = filled(CORRECTS[way], **values)
    if isinstance(form, CorrectForm):
        form.document.choices = by_name(_documents(case, document), _("None"))
    if done(form, lambda: _correct(case_id, line_id, form)):
        return back(case_id, _("The line that corrects it is in the timeline."))
    shown = {"case": case, "form": form, "before": {"kind": FILING, "data": before}, "way": way}
    asks = {"ask": ask, "holders": holders}
    return render_template("cases/line_correct.html", **shown, **asks, line_id=line_id), status_of(form)


def _correct(case_id: UUID, line_id: UUID, form: CorrectForm | NotFiledForm) -> None:
    said = form.said() if isinstance(form, CorrectForm) else None
    draft_filings.correct_line(actor(), case_id, line_id, said, form.text.data or "", form.token.data)


def _documents(case: OpenCase, kept: str = "") -> list[tuple[str, str]]:
    """The papers as they stand, and the one that is chosen already where a newer one took its place."""
    listed = [one.document for one in case.shelves]
    older = [one for one in case.documents if str(one.id) == kept and one not in listed]
    return [(str(one.id), _called(one)) for one in (*older, *listed)]


def _called(paper: Any) -> str:
    kind = paper.about.get("kind")
    return paper.title or (list_label("document_kind", kind) if kind else str(_("Document without a title")))


def _subjects(case_id: UUID) -> list[tuple[str, str]]:
    return [(one, _named(said)) for one, said in filings.subjects(actor(), case_id).items()]


def _named(said: dict[str, str]) -> str:
    if said["type"] == filings.WHOLE:
        return str(_("The case as a whole"))
    parts = [_kind_words(said["type"]), said["words"], known_day(said["on"]) if said["on"] else ""]
    return " · ".join(part for part in parts if part)


def _kind_words(kind: str) -> str:
    """What there can be an outcome of, in words."""
    return str({"hearing": _("Hearing"), "filing": _("Filing"), "step": _("Step taken")}[kind])
