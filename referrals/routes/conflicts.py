"""Enquiries whether another organisation acts for the other side: asked from a case, answered with a word."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, opened, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.store.transaction import transaction
from core.web.locale import current_language
from referrals.forms.conflicts import AskConflictForm, ReplyConflictForm
from referrals.service import conflict_asking, conflict_replying


@needs(Permission.CONFLICT_DECIDE)
def ask_conflict(case_id: UUID) -> ResponseReturnValue:
    """Choose whom to ask and what goes along; read word for word what leaves; then send it."""
    case, form = opened(case_id), AskConflictForm()
    with transaction():
        askable = conflict_asking.askable(actor(), current_language())
    form.offer([(str(one.id), one.name) for one in askable])
    facts = _facts(case_id, form) if form.validate_on_submit() else None
    sure = facts is not None and form.was_shown(facts) and "send" in request.form
    if sure and done(form, lambda: _ask(case_id, form)):
        flash(_("It is sent. Answers appear here and on your desk."), "done")
        return redirect(url_for("cases.conflict", case_id=case_id), 303)
    if not form.is_submitted():
        form.to.data = [str(one.id) for one in askable]
    names = [one.name for one in askable if str(one.id) in form.to.data]
    shown = {"case": case, "form": form, "facts": facts, "askable": askable, "names": names}
    return render_template("referrals/ask_conflict.html", **shown), status_of(form)


def _facts(case_id: UUID, form: AskConflictForm) -> dict[str, str] | None:
    try:
        with transaction():
            return conflict_asking.facts_of(actor(), case_id, form.chosen(), form.token.data)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.explain(error)
        return None


def _ask(case_id: UUID, form: AskConflictForm) -> None:
    conflict_asking.ask(actor(), case_id, form.partners(), form.chosen(), form.token.data)


@needs(Permission.CONFLICT_DECIDE)
def withdraw_conflict(enquiry_id: UUID) -> ResponseReturnValue:
    """Take it back; nobody there sees it any more."""
    with transaction():
        case_id = conflict_asking.withdraw(actor(), enquiry_id)
    flash(_("The enquiry is taken back."), "done")
    return redirect(url_for("cases.conflict", case_id=case_id), 303)


@needs(Permission.REFERRAL_ANSWER)
def reply_conflict(enquiry_id: UUID) -> ResponseReturnValue:
    """What a partner asks, and our answer."""
    with transaction():
        enquiry = conflict_replying.read(actor(), enquiry_id, current_language())
        contacts = conflict_replying.contacts(actor())
    form = filled(ReplyConflictForm, version=enquiry.version)
    form.offer([(str(person_id), name) for person_id, name in contacts])
    if done(form, lambda: _reply(enquiry_id, form)):
        flash(_("Your answer has gone back. Nothing else of your files has left."), "done")
        return redirect(url_for("referrals.inbox"), 303)
    return render_template("referrals/reply_conflict.html", enquiry=enquiry, form=form), status_of(form)


def _reply(enquiry_id: UUID, form: ReplyConflictForm) -> None:
    conflict_replying.reply(actor(), enquiry_id, form.version.data, form.reply.data, form.called())
