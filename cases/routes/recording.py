"""Recording and editing: the long form, its sealed draft, and two people editing at once."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import drafts
from accounts.service.drafts import KeptDraft
from cases.forms.record import EditCaseForm, NewCaseForm, RecordForm, fields_of
from cases.routes.comparing import differences, merged
from cases.routes.filling import back, coordinators, done, filled, keep, nothing, opened, people, status_of
from cases.routes.matching import apart, found_for, tokens_of, why
from cases.service import files, sameness, team, timeline
from cases.service.match_tokens import Tokens
from cases.service.matching import Candidate
from cases.service.reach import find
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.web.kept import here, page_of, typed


@needs(Permission.CASE_RECORD)
def new() -> ResponseReturnValue:
    """Record a case; with `call` in the address, the few questions for which there is time on the phone."""
    form = filled(NewCaseForm)
    shown = {"begun": _others_begun(), "call": "call" in request.args}
    return asked_and_recorded(form, _record, _("The case is recorded."), "cases/new.html", **shown)


def asked_and_recorded(
    form: NewCaseForm,
    record: Callable[[NewCaseForm, Tokens | None], UUID],
    said: str,
    page: str,
    **shown: Any,
) -> ResponseReturnValue:
    """The form of a new case until it is right and every question it raises has its answer; then its case."""
    missing = files.can_record(actor().organisation_id)
    form.named.choices = people(team.colleagues(actor()))
    looks = request.method == "POST" and not missing and "add" not in request.form
    tokens = tokens_of(form) if looks else {}
    found = found_for(form, tokens)
    if not missing and _settled(form) and _answered(found):
        case_id = done(form, lambda: record(form, tokens or {}))
        if isinstance(case_id, UUID):
            return back(case_id, said)
    same = {"found": found, "unable": tokens is None, "apart": apart(), "why": why}
    asked = {"form": form, "missing": missing, "doubts": _doubts(form), "coordinators": coordinators()}
    return render_template(page, **same, **asked, **shown), status_of(form)


def _answered(found: list[Candidate]) -> bool:
    """Whether somebody looked at every file that may be about the same person."""
    return "anyway" in request.form or {one.case_id for one in found} <= apart()


def _others_begun() -> list[tuple[str, KeptDraft]]:
    """Where other cases go on that the actor began to record."""
    kept = [one for one in drafts.kept(actor()) if one.form == "cases.new"] if request.method == "GET" else []
    here_ = here()
    return [(page_of(one.form, one.object_id), one) for one in kept if here_ and one.object_id != here_.about]


def _record(form: NewCaseForm, tokens: Tokens | None) -> UUID:
    return files.record_case(
        actor(),
        whole_record(form),
        urgency=form.urgency.data,
        restricted=form.restricted.data == "yes",
        named=form.named_people(),
        consents=form.answers(),
        token=form.token.data,
        tokens=tokens,
    )


def whole_record(form: NewCaseForm) -> dict[str, Any]:
    """The record as it is sealed: with the files of which somebody said that they are of others."""
    return {**form.record(), sameness.APART: sorted(one.hex for one in apart())}


@needs(Permission.CASE_EDIT)
def edit(case_id: UUID) -> ResponseReturnValue:
    """Change the record; a version that somebody else has passed meanwhile shows both side by side."""
    case = opened(case_id)
    if case.closed_on is not None:
        raise DomainError(files.CLOSED)
    form = filled(EditCaseForm, **_stored(case))
    try:
        if _settled(form) and done(form, lambda: _save(form, case)):
            return back(case_id, _("The changes are saved."))
    except files.EditConflict as conflict:
        return _both(form, conflict.current)
    shown = {"form": form, "case": case, "doubts": _doubts(form)}
    return render_template("cases/edit.html", **shown), status_of(form)


def _stored(case: OpenCase) -> dict[str, Any]:
    return {**fields_of(case.record), "urgency": case.urgency, "version": case.version}


def _save(form: EditCaseForm, case: OpenCase) -> None:
    record, urgency = form.record(), form.urgency.data
    if "chosen" in request.form:
        both = merged(form, case, request.form)
        if both is None:
            raise files.EditConflict(case)
        record, urgency = both
    files.edit_case(actor(), case.id, form.version.data, record, urgency=urgency)


def _both(form: EditCaseForm, current: OpenCase) -> ResponseReturnValue:
    """Both versions side by side; nothing is overwritten before somebody has chosen."""
    different = differences(form, current)
    shown = {"form": form, "case": current, "different": different, "typed": typed()}
    return render_template("cases/conflict.html", **shown), HTTPStatus.CONFLICT


def _settled(form: RecordForm) -> bool:
    """True when the form was sent to be saved, is right, and every question it raises has had its answer."""
    if (
        request.method != "POST"
        or "look" in request.form
        or form.add_another(request.form.get("add", ""))
        or not form.validate()
    ):
        return False
    if isinstance(form, NewCaseForm) and form.needs_question():
        return False
    return "anyway" in request.form or not form.doubts()


def _doubts(form: RecordForm) -> dict[str, list[str]]:
    """Warnings to show beside fields, once the form was sent and is right."""
    return form.doubts() if request.method == "POST" and not form.errors else {}


@needs(Permission.CASE_RECORD)
def draft() -> ResponseReturnValue:
    """Keep what was typed so far, sealed to whoever types. What was on its way as it was recorded is late."""
    recorded = timeline.case_of_token(actor(), NewCaseForm().token.data)
    return nothing() if recorded else _kept()


@needs(Permission.CASE_EDIT)
def draft_edit(case_id: UUID) -> ResponseReturnValue:
    """Keep changes typed so far."""
    find(actor(), Permission.CASE_EDIT, case_id)
    return _kept()


@needs(Permission.CASE_NOTE)
def draft_note(case_id: UUID) -> ResponseReturnValue:
    """Keep a line for the timeline as far as it was typed."""
    find(actor(), Permission.CASE_NOTE, case_id)
    return _kept()


def _kept() -> ResponseReturnValue:
    key = here()
    if key is None:
        raise NotFound
    keep(key)
    return nothing()
