"""Lines of the timeline that hold more than words: something filed, and what came of something."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.lines import FORMS
from cases.routes.filling import back, by_name, done, filled, opened, status_of
from cases.service import filings
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.web.filters import known_day
from core.web.labels import list_label
from domain.lines import FILING, OUTCOME

WRITES: Final = {FILING: filings.file, OUTCOME: filings.come_of}
"""By kind of line the act that writes one."""


@needs(Permission.CASE_NOTE)
def add_line(case_id: UUID, kind: str) -> ResponseReturnValue:
    """Write that something was filed, or what came of something."""
    case = opened(case_id)
    asked = {"of": request.args.get("of", "")} if kind == OUTCOME else {}
    form = filled(FORMS[kind], **asked)
    form.document.choices = by_name(_documents(case), _("None"))
    if kind == OUTCOME:
        form["of"].choices = by_name(_subjects(case_id), _("Choose"))
    if done(form, lambda: WRITES[kind](actor(), case_id, form.said(), form.text.data or "", form.token.data)):
        return back(case_id, _("The line is in the timeline."))
    return render_template("cases/line.html", case=case, kind=kind, form=form), status_of(form)


def _documents(case: OpenCase) -> list[tuple[str, str]]:
    return [(str(one.document.id), _called(one.document)) for one in case.shelves]


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
