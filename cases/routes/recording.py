"""Recording and editing: the long form, its sealed draft, and two people editing at once."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import drafts
from accounts.service.drafts import KeptDraft
from cases.forms.first_contact import FirstContactForm
from cases.forms.record import EditCaseForm, NewCaseForm, RecordForm, fields_of
from cases.routes.comparing import differences, merged
from cases.routes.filling import back, coordinators, done, filled, keep, nothing, opened, people, status_of
from cases.routes.gone import closed
from cases.routes.matching import answered, apart, found_for, is_held, met_by, tokens_of, why
from cases.service import files, gate, match_tokens, sameness, team, timeline, together
from cases.service.match_tokens import Made
from cases.service.reach import find, reaches
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.kept import here, page_of, typed
from core.web.labels import urgency_label
from domain.conflicts import Standing
from domain.first_contact import first_contact, says_more


@needs(Permission.CASE_RECORD)
def new() -> ResponseReturnValue:
    """Record a case; with `call` in the address, the few questions for which there is time on the phone."""
    called = "call" in request.args
    form = filled(FirstContactForm, **({"channel": "call"} if called else {}))
    shown = {"begun": _others_begun(), "call": called}

    def recorded(case_id: UUID) -> ResponseReturnValue:
        said = _("The case is recorded.")
        if not form.urgency.data:
            level = f"{form.level()} · {urgency_label(form.level())}"
            said = _("The case is recorded. Its urgency: %(urgency)s.", urgency=level)
        if not form.cannot_wait():
            return back(case_id, said)
        flash(said, "done")
        flash(_("Add the deadline now, or leave this page and add it later in the file."), "info")
        return redirect(url_for("cases.add_deadline", case_id=case_id), 303)

    def record(_form: NewCaseForm, tokens: Made | None) -> UUID:
        return _record(form, tokens)

    return asked_and_recorded(form, record, recorded, "cases/new.html", **shown)


def asked_and_recorded(
    form: NewCaseForm,
    record: Callable[[NewCaseForm, Made | None], UUID],
    then: str | Callable[[UUID], ResponseReturnValue],
    page: str,
    **shown: Any,
) -> ResponseReturnValue:
    """The form of a new case until it is right and every question it raises has its answer; then its case.

    then: what the page of the case says, or what is answered instead. `shared` among what is shown is
    what else the page warns of, that somebody has to have seen.
    """
    shown.setdefault("shared", ())
    missing = files.can_record(actor().organisation_id)
    form.named.choices = people(team.colleagues(actor()))
    looks = request.method == "POST" and not missing and "add" not in request.form
    tokens = tokens_of(form) if looks else {}
    found, met = found_for(form, tokens), met_by(form, tokens)
    if not missing and _settled(form) and answered(found, [*met, *shown["shared"]]):
        case_id = done(form, lambda: _kept_apart(form, record(form, tokens)))
        if isinstance(case_id, UUID):
            _say_if_held(case_id)
            return back(case_id, then) if isinstance(then, str) else then(case_id)
    same = {"found": found, "met": met, "unable": tokens is None, "apart": apart(), "why": why}
    same["held"] = is_held(form, found, met)
    asked = {"form": form, "missing": missing, "doubts": _doubts(form), "coordinators": coordinators()}
    return render_template(page, **same, **asked, **shown), status_of(form)


def _say_if_held(case_id: UUID) -> None:
    """Of a case that was just recorded it is said where it keeps first contact alone."""
    with transaction():
        kept = files.takes_facts(actor(), case_id)
    if not kept:
        said = _(
            "The case holds first contact alone until the check for conflicts of interest is decided. "
            "What else you typed is kept for you under “Edit”."
        )
        flash(said, "warning")


def _others_begun() -> list[tuple[str, KeptDraft]]:
    """Where other cases go on that the actor began to record."""
    kept = drafts.kept(actor(), "cases.new") if request.method == "GET" else []
    here_ = here()
    return [(page_of(one.form, one.object_id), one) for one in kept if here_ and one.object_id != here_.about]


def _record(form: FirstContactForm, tokens: Made | None) -> UUID:
    case_id = files.record_case(
        actor(),
        whole_record(form),
        urgency=form.level(),
        first_contact={**form.first_contact(), **form.arrival()},
        restricted=form.restricted.data == "yes",
        named=form.named_people(),
        consents=form.answers(),
        token=form.token.data,
        tokens=tokens,
    )
    begun = form.begun_from()
    if begun is not None:
        together.join(actor(), case_id, 1, *begun)  # twice is once
    return case_id


def _kept_apart(form: NewCaseForm, case_id: UUID) -> UUID:
    """What goes beyond first contact waits with whoever typed it where the case does not take it yet."""
    told = form.record()
    if not files.takes_facts(actor(), case_id) and says_more(told, first_contact(told)):
        level = form.level() if isinstance(form, FirstContactForm) else form.urgency.data
        # With the version as recorded: whatever a colleague corrects meanwhile is shown beside it, not lost.
        kept = {**typed(), "urgency": [level], "version": ["1"]}
        drafts.save(actor().person_id, "cases.edit", case_id, kept)
    return case_id


def whole_record(form: NewCaseForm) -> dict[str, Any]:
    """The record as it is sealed: with the files of which somebody said that they are of others."""
    return {**form.record(), sameness.APART: sorted(one.hex for one in apart())}


@needs(Permission.CASE_EDIT)
def edit(case_id: UUID) -> ResponseReturnValue:
    """Change the record; a version that somebody else has passed meanwhile shows both side by side."""
    case = opened(case_id)
    form = filled(EditCaseForm, **_stored(case))
    if (over := closed(case, lambda: form, gate.CLOSED, sent_too=True)) is not None:
        return over
    compares = reaches(actor(), Permission.CASE_MATCH, case_id)
    tokens = tokens_of(form, case.record) if compares and _other_person(form, case) else {}
    found = found_for(form, tokens, case_id)
    try:
        if _settled(form) and answered(found) and done(form, lambda: _save(form, case, tokens)):
            return back(case_id, _("The changes are saved."))
    except files.EditConflict as conflict:
        return _both(form, conflict.current)
    key = here()
    if form.form_errors and case.conflict != Standing.CLEAR and key:
        keep(key)  # it comes back here once somebody has decided
    same = {"found": found, "unable": tokens is None, "apart": apart(), "why": why, "compares": compares}
    same["held"] = is_held(form, found)
    shown = {"form": form, "case": case, "doubts": _doubts(form)}
    return render_template("cases/edit.html", **same, **shown), status_of(form)


def _other_person(form: EditCaseForm, case: OpenCase) -> bool:
    """Whether to look for files of the client as they are now: they were changed, or somebody asks."""
    if request.method != "POST" or "chosen" in request.form or "add" in request.form:
        return False
    return "look" in request.form or match_tokens.differ(form.record()["client"], case.record["client"])


def _stored(case: OpenCase) -> dict[str, Any]:
    return {**fields_of(case.record), "urgency": case.urgency, "version": case.version}


def _save(form: EditCaseForm, case: OpenCase, tokens: Made | None) -> None:
    record, urgency = form.record(), form.urgency.data
    if "chosen" in request.form:
        both = merged(form, case, request.form)
        if both is None:
            raise files.EditConflict(case)
        record, urgency = both
    said = {one.hex for one in apart()}.difference(case.record.get(sameness.LINKED, ()))
    record[sameness.APART] = sorted(said.union(case.record.get(sameness.APART, ())))
    files.edit_case(actor(), case.id, form.version.data, record, urgency=urgency, tokens=tokens)


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
