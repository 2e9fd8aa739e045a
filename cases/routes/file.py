"""The page of a case, and the acts that stand on it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.consents import ConsentForm, SharingForm, StoryConsentForm, wordings
from cases.forms.lines import TypeForm
from cases.forms.work import LawyerNoteForm, MoveForm, NoteForm, TakeOutForm
from cases.routes.filling import back, done, filled, opened, status_of
from cases.routes.gone import kept_back
from cases.routes.page import whole
from cases.service import consents, progress, team, timeline
from cases.service import lawyer_notes as privileged
from cases.service import orders as carried
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.in_place import in_place
from core.web.kept import uuid_of
from core.web.labels import list_label
from core.web.locale import current_language
from domain.consents import STORY
from domain.lifecycle import State


@needs(Permission.CASE_READ)
def show(case_id: UUID) -> ResponseReturnValue:
    """The state of the case on one page; which lines and deadlines are shown stands in the address."""
    before, types = request.args.get("before"), TypeForm(request.args)
    only = types.type.data if types.validate() else ""
    dated = request.args.get("deadlines") == "all"
    case = opened(case_id, before=before, only=only, looked=not (before or only), brief=True, dated=dated)
    form = filled(NoteForm, sent_to="cases.note")
    return render_template("cases/show.html", **whole(case, form=form, before=before, types=types, only=only))


@needs(Permission.CASE_NOTE)
def note(case_id: UUID) -> ResponseReturnValue:
    """Write a line of the timeline; in place, the answer is the timeline alone."""
    form = NoteForm()
    if done(form, lambda: _note(case_id, form)):
        said = _("The line is in the timeline.")
        if in_place():
            shown = {"case": opened(case_id, looked=True, brief=True), "form": NoteForm(formdata=None)}
            return render_template("cases/_notes.html", **shown, types=TypeForm(formdata=None), said=said)
        return back(case_id, said)
    page = "cases/_notes.html" if in_place() else "cases/show.html"
    return render_template(page, **whole(opened(case_id, brief=True), form=form)), status_of(form)


@needs(Permission.CASE_PRIVILEGED)
def lawyer_notes(case_id: UUID) -> ResponseReturnValue:
    """What only the lawyers of the case write and read."""
    case = opened(case_id)
    if case.lawyer_notes is None:
        abort(404)
    form = filled(LawyerNoteForm)
    if done(form, lambda: privileged.write(actor(), case_id, form.text.data or "", form.token.data)):
        flash(_("The note is sealed to the lawyers of this case."), "done")
        return redirect(url_for("cases.lawyer_notes", case_id=case_id), 303)
    notes, before = case.lawyer_notes, request.args.get("before")
    if before:
        with transaction():
            notes = privileged.older(actor(), case_id, uuid_of(before) or abort(404))
    shown = {"case": case, "form": form, "notes": notes, "before": before}
    shown["full"] = len(notes) == privileged.SHOWN
    return render_template("cases/lawyer_notes.html", **shown), status_of(form)


@needs(Permission.CASE_PRIVILEGED)
def take_out_note(case_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Delete the text of a privileged note; where it stood, and why it went, stays."""
    case = opened(case_id)
    with transaction():
        note = privileged.one_to_take_out(actor(), case_id, note_id)
    form = filled(TakeOutForm)
    there = url_for("cases.lawyer_notes", case_id=case_id)
    if done(form, lambda: privileged.take_out(actor(), case_id, note_id, form.reason.data or "")):
        flash(_("The text of the note is deleted. Why stands in its place."), "done")
        return redirect(there, 303)
    if note.out_at:
        return redirect(there, 303)
    shown = {"case": case, "form": form, "note": note}
    return render_template("cases/lawyer_note_out.html", **shown), status_of(form)


def _note(case_id: UUID, form: NoteForm) -> None:
    timeline.add_note(
        actor(), case_id, form.kind.data, form.text.data or "", form.token.data, **form.contact()
    )


@needs(Permission.CASE_STATE)
def state(case_id: UUID) -> ResponseReturnValue:
    """Move the case on."""
    case = opened(case_id)
    form = filled(MoveForm, version=case.version)
    form.to.choices = [(code, list_label("case_state", code)) for code in moves(case.next_states)]
    if request.method == "POST" and not form.to.choices:  # a colleague was first, and no step is left here
        return kept_back(url_for("cases.state", case_id=case_id))
    if done(form, lambda: _move(case_id, form, form.to.data)):
        return back(case_id, _("The state is changed."))
    shown = {"case": case, "form": form, "alone": team.lacks_coordinator(case)}
    return render_template("cases/state.html", **shown), status_of(form)


def moves(next_states: list[str]) -> list[str]:
    """The states that are picked by hand: closing, assigning and erasing are acts of their own."""
    return [code for code in next_states if code not in {State.CLOSED, State.ASSIGNED, State.ERASED}]


def _move(case_id: UUID, form: MoveForm, to: str) -> None:
    progress.move(actor(), case_id, form.version.data, to, reason=form.reason.data or "")


@needs(Permission.CASE_CONSENT)
def consent(case_id: UUID, kind: str) -> ResponseReturnValue:
    """Ask one consent and record the answer."""
    wording = next((one for one in wordings() if one.code == kind), None) or abort(404)
    case = opened(case_id)
    form = consent_form(kind, wording.version)
    if form.kind.data != kind:
        abort(404)
    if done(form, lambda: _consent(case_id, form)):
        return back(case_id, _("The answer is recorded."))
    return render_template("cases/consent.html", case=case, form=form, wording=wording), status_of(form)


def consent_form(kind: str, version: int) -> ConsentForm:
    """The form of a consent; one about sharing or a story asks more."""
    asked = {"kind": kind, "version": str(version), "answer": ""}
    if kind != consents.SHARING:
        return filled(StoryConsentForm if kind == STORY else ConsentForm, **asked)
    known = consents.recipients(actor(), current_language())
    form = filled(SharingForm, **asked, shown=" ".join(state for _id, _name, state in known))
    form.offer([(entry_id, name) for entry_id, name, _state in known])
    return form


def _consent(case_id: UUID, form: ConsentForm) -> None:
    consents.record_consent(actor(), case_id, form.answered(), form.token.data)


@needs(Permission.CASE_CONSENT)
def withdraw_consent(case_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """The person takes a consent back."""
    with transaction():
        consents.withdraw(actor(), case_id, consent_id)
    return back(case_id, _("The consent is withdrawn."))


@needs(Permission.ORDER_CARRY_OUT)
def orders() -> ResponseReturnValue:
    """Carry out what waits for a key holder, a step with each load, until nothing is left."""
    with transaction():
        remaining = carried.carry_out(actor())
    if not remaining:
        return redirect(url_for("desk.show"), 303)
    page = render_template("cases/orders.html", remaining=remaining, kinds=carried.due_kinds(actor()))
    return page, {"Refresh": "1"}
