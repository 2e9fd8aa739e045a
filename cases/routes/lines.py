"""Lines of the timeline that hold more than words; and correcting any line, or taking it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.lines import (
    CORRECTS,
    FORMS,
    CorrectFilingForm,
    CorrectNoteForm,
    CorrectOutcomeForm,
    NotSoForm,
    OutForm,
)
from cases.routes.filling import back, by_name, done, filled, opened, status_of
from cases.service import correcting, draft_filings, filings, line_outs
from cases.service.correcting import Right
from cases.service.views import OpenCase, OpenEntry
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.filters import known_day
from core.web.labels import list_label
from domain.lines import FILING, HEARING, OUTCOME, TAKEN_OUT, TYPED

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
WAYS: Final = ("1", "2")
"""How a line is corrected: it was otherwise, or nothing of the kind happened."""


@needs(Permission.CASE_NOTE)
def correct_line(case_id: UUID, line_id: UUID, way: str) -> ResponseReturnValue:
    """Correct a line: it stays, and the line that corrects it says why."""
    case = opened(case_id)
    with transaction():
        line = correcting.recorded(actor(), case_id, line_id)
        ask = correcting.whom_to_ask(actor(), case_id, line_id)
        subjects = correcting.subjects(actor(), case_id, line_id)
        holders = draft_filings.key_holders(actor(), case_id, line_id)
    shown = {"case": case, "line": line, "way": way, "ask": ask, "holders": holders}
    form = _correcting(case, line, way, subjects)
    if done(form, lambda: _correct(case_id, line, form)):
        return back(case_id, _("The line that corrects it is in the timeline."))
    return render_template("cases/line_correct.html", **shown, form=form), status_of(form)


def _correcting(
    case: OpenCase, line: OpenEntry, way: str, subjects: dict[str, dict[str, str]]
) -> CorrectNoteForm | CorrectFilingForm | CorrectOutcomeForm | NotSoForm:
    """The form that corrects a line, with what it says; of one that is gone, for what was typed meanwhile."""
    data = line.data
    kind = data["was"] if line.kind == TAKEN_OUT else line.kind
    if way != WAYS[0] or kind not in TYPED:
        return filled(NotSoForm)
    day = dt.date.fromisoformat(data["on"]) if data.get("on") else clock.day_of(line.written_at)
    values = {**data, "text": line.text, "on": day, "wrong": ""}
    if kind not in CORRECTS:
        return filled(CorrectNoteForm, **values, kind=kind)
    document = next((one for one, _title in data.get("documents", ())), "")
    values |= {"document": document, "of": data.get("of", {}).get("id", "")}
    form = filled(CORRECTS[kind], **values)
    form.document.choices = by_name(_documents(case, document), _("None"))
    if isinstance(form, CorrectOutcomeForm):
        named = [(one, _named(said)) for one, said in subjects.items()]
        form.of.choices = by_name(named or [(str(form.of.data), "")], _("Choose"))
    return form


def _correct(case_id: UUID, line: OpenEntry, form: Any) -> None:
    right = None
    if type(form) is not NotSoForm:
        kind = form.kind.data if isinstance(form, CorrectNoteForm) else line.kind
        right = Right(kind, form.said(), form.text.data or "")
    draft_filings.correct_line(actor(), case_id, line.id, right, form.wrong.data or "", form.token.data)


@needs(Permission.CASE_NOTE)
def take_out_line(case_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Ask that a line of somebody else's case is taken out, confirm it, or say that it stays."""
    case = opened(case_id)
    with transaction():
        line = correcting.recorded(actor(), case_id, line_id)
        ask = correcting.whom_to_ask(actor(), case_id, line_id)
        holders = draft_filings.key_holders(actor(), case_id, line_id)
        before = line_outs.before(actor(), case_id, line_id)
    form, gone = filled(OutForm, version=line.version), list[bool]()
    if done(form, lambda: gone.append(_out(case_id, line_id, form))):
        return back(
            case_id, _("The line is taken out. Why stands in its place.") if gone[0] else _("It is recorded.")
        )
    shown = {"case": case, "line": line, "form": form, "before": before, "ask": ask, "holders": holders}
    return render_template("cases/line_out.html", **shown), status_of(form)


def _out(case_id: UUID, line_id: UUID, form: OutForm) -> bool:
    said = (actor(), case_id, line_id, form.version.data, form.reason.data or "", form.token.data)
    if "keep" not in request.form:
        return draft_filings.take_out_line(*said)
    line_outs.keep(*said)
    return False


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
