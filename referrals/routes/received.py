"""Referrals that partners sent to us: the list, the page of one, and our answers. Never the case behind."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.locale import current_language
from referrals.forms.referrals import DeclineReferralForm, MessageForm, OutcomeForm, StepForm
from referrals.routes.going import shown_received, to_received
from referrals.service import conflict_replying, listing, receiving, talking


@needs(Permission.REFERRAL_ANSWER)
def inbox() -> ResponseReturnValue:
    """What was sent to us, what is due first."""
    everything = "all" in request.args
    with transaction():
        receiving.renew(actor())
        rows = listing.inbox(actor(), current_language(), everything=everything)
        conflicts = conflict_replying.received(
            actor(), current_language(), listing.MOST, open_only=not everything
        )
    shown = {"rows": rows, "conflicts": conflicts, "everything": everything}
    return render_template("referrals/inbox.html", **shown)


@needs(Permission.REFERRAL_ANSWER)
def show_received(referral_id: UUID) -> ResponseReturnValue:
    """What is asked, what was released, and the conversation."""
    return _page(referral_id, filled(MessageForm, sent_to="referrals.reply"))


@needs(Permission.REFERRAL_ANSWER)
def reply(referral_id: UUID) -> ResponseReturnValue:
    """Write to whoever referred."""
    form = MessageForm()
    if done(form, lambda: talking.say_to_sender(actor(), referral_id, form.text.data, form.token.data)):
        return to_received(referral_id, _("The message is in the conversation."))
    return _page(referral_id, form)


def _page(referral_id: UUID, form: MessageForm) -> ResponseReturnValue:
    page = render_template("referrals/received.html", referral=shown_received(referral_id), form=form)
    return page, status_of(form)


@needs(Permission.REFERRAL_ANSWER)
def accept(referral_id: UUID) -> ResponseReturnValue:
    """Take it on."""
    form = StepForm()
    with transaction():
        receiving.accept(actor(), referral_id, form.version.data)
    return to_received(referral_id, _("You have taken it on. The sender releases what is needed."))


@needs(Permission.REFERRAL_ANSWER)
def begin(referral_id: UUID) -> ResponseReturnValue:
    """The work has begun."""
    form = StepForm()
    with transaction():
        receiving.begin(actor(), referral_id, form.version.data)
    return to_received(referral_id, _("The sender sees that you have begun."))


@needs(Permission.REFERRAL_ANSWER)
def decline(referral_id: UUID) -> ResponseReturnValue:
    """Say no, and why."""
    referral = shown_received(referral_id)
    form = filled(DeclineReferralForm, version=referral.version)
    if done(form, lambda: _decline(referral_id, form)):
        return to_received(referral_id, _("Your answer has gone back to the sender."))
    return render_template("referrals/reply.html", step="decline", referral=referral, form=form), status_of(
        form
    )


def _decline(referral_id: UUID, form: DeclineReferralForm) -> None:
    receiving.decline(actor(), referral_id, form.version.data, form.code.data, form.text.data)


@needs(Permission.REFERRAL_ANSWER)
def outcome(referral_id: UUID) -> ResponseReturnValue:
    """Tell what came of it."""
    referral = shown_received(referral_id)
    form = filled(OutcomeForm, version=referral.version)
    if done(form, lambda: _outcome(referral_id, form)):
        return to_received(referral_id, _("The sender has the outcome."))
    return render_template("referrals/reply.html", step="outcome", referral=referral, form=form), status_of(
        form
    )


def _outcome(referral_id: UUID, form: OutcomeForm) -> None:
    receiving.tell_outcome(actor(), referral_id, form.version.data, form.code.data, form.text.data)
