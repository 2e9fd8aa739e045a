"""Referrals that we sent: lists, the page of one, and its steps."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.locale import current_language
from domain.referrals import ANSWERED_BY_PARTNER, State
from domain.stories.spans import digest
from referrals.forms.referrals import (
    DeclineReferralForm,
    FeedbackForm,
    MessageForm,
    OutcomeForm,
    StepForm,
    TextForm,
    WithdrawForm,
)
from referrals.routes.going import shown, to_sent
from referrals.service import listing, sending, talking
from referrals.service.views import Sent


@needs(Permission.REFERRAL_SEND)
def index() -> ResponseReturnValue:
    """Referrals of the cases one works on, and how often who said no."""
    everything = "all" in request.args
    with transaction():
        rows = listing.index(actor(), everything=everything)
        counted = listing.answers(actor(), current_language())
    return render_template("referrals/index.html", rows=rows, answers=counted, everything=everything)


@needs(Permission.REFERRAL_COUNT)
def answers() -> ResponseReturnValue:
    """How often each partner accepted, declined or kept silent; for managers, who see no referral."""
    return render_template("referrals/answers.html", answers=listing.answers(actor(), current_language()))


@needs(Permission.REFERRAL_SEND)
def show(referral_id: UUID) -> ResponseReturnValue:
    """Where a referral stands, what is next, and the conversation."""
    return _page(referral_id, filled(MessageForm, sent_to="referrals.message"))


@needs(Permission.REFERRAL_SEND)
def message(referral_id: UUID) -> ResponseReturnValue:
    """Write to the partner."""
    form = MessageForm()
    if done(form, lambda: _say(referral_id, form)):
        return to_sent(referral_id, _("The message is in the conversation."))
    return _page(referral_id, form)


def _say(referral_id: UUID, form: MessageForm) -> None:
    read = form.seen.data or "" if form.anyway.data else ""
    talking.say_to_partner(actor(), referral_id, form.text.data, form.token.data, read=read)


def _page(referral_id: UUID, form: MessageForm) -> ResponseReturnValue:
    referral = shown(referral_id)
    found = _examined(referral_id, form.text.data)
    if form.seen.data != digest(found.pieces):
        # Other words than those that were shown: they have to be read first.
        form.seen.data, form.anyway.data = digest(found.pieces), False
    page = render_template("referrals/sent.html", referral=referral, form=form, found=found)
    return page, status_of(form)


def _examined(referral_id: UUID, text: str) -> talking.Examined:
    if not text:
        return talking.Examined()
    with transaction():
        return talking.examine(actor(), referral_id, text)


@needs(Permission.REFERRAL_SEND)
def send(referral_id: UUID) -> ResponseReturnValue:
    """Send the enquiry."""
    form = StepForm()
    with transaction():
        sending.send(actor(), referral_id, form.version.data)
    return to_sent(referral_id, _("The enquiry is on its way. It names nobody."))


@needs(Permission.REFERRAL_SEND)
def discard(referral_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    form = StepForm()
    with transaction():
        case_id = sending.discard(actor(), referral_id, form.version.data)
    flash(_("The draft is gone."), "done")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@needs(Permission.REFERRAL_SEND)
def withdraw(referral_id: UUID) -> ResponseReturnValue:
    """Take the referral back."""
    referral = shown(referral_id)
    form = filled(WithdrawForm, version=referral.version)
    if done(form, lambda: sending.withdraw(actor(), referral_id, form.version.data, form.reason.data)):
        return to_sent(referral_id, " ".join((_("The referral is withdrawn."), _left_of(referral))))
    return _step("withdraw", referral, form)


def _left_of(referral: Sent) -> str:
    """What a withdrawal means for what was released: what went by phone or on paper cannot be taken back."""
    if "released" not in referral.details:
        return str(_("Nothing had been released."))
    if referral.partner_id is None:
        return str(_("Phone them today and ask them to stop and to destroy what they have."))
    return str(_("The partner can no longer read what was released."))


@needs(Permission.REFERRAL_SEND)
def chase(referral_id: UUID) -> ResponseReturnValue:
    """Write down that the other side was reminded."""
    referral = shown(referral_id)
    form = filled(TextForm, version=referral.version)
    if done(form, lambda: sending.chase(actor(), referral_id, form.version.data, form.text.data)):
        return to_sent(referral_id, _("The reminder is recorded."))
    return _step("chase", referral, form)


@needs(Permission.REFERRAL_SEND)
def answer(referral_id: UUID, to: str) -> ResponseReturnValue:
    """Write down what somebody without an account here answered."""
    referral = shown(referral_id)
    if referral.partner_id is not None or to not in ANSWERED_BY_PARTNER:
        raise NotFound
    kind = {State.DECLINED: DeclineReferralForm, State.OUTCOME: OutcomeForm}.get(State(to), TextForm)
    form = filled(kind, version=referral.version)
    if done(form, lambda: _answer(referral_id, to, form)):
        return to_sent(referral_id, _("The answer is recorded."))
    return _step("answer", referral, form, to)


def _answer(referral_id: UUID, to: str, form: TextForm | DeclineReferralForm | OutcomeForm) -> None:
    code = "" if isinstance(form, TextForm) else form.code.data
    sending.answer_by_hand(actor(), referral_id, form.version.data, to, code, form.text.data)


@needs(Permission.REFERRAL_SEND)
def feedback(referral_id: UUID) -> ResponseReturnValue:
    """Tell the other side how it was for the person."""
    referral = shown(referral_id)
    form = filled(FeedbackForm, version=referral.version)
    if done(form, lambda: _feedback(referral_id, form)):
        return to_sent(referral_id, _("The feedback is given."))
    return _step("feedback", referral, form)


def _feedback(referral_id: UUID, form: FeedbackForm) -> None:
    talking.give_feedback(actor(), referral_id, form.version.data, form.code.data, form.text.data)


@needs(Permission.REFERRAL_SEND)
def close(referral_id: UUID) -> ResponseReturnValue:
    """End the referral."""
    referral = shown(referral_id)
    form = filled(TextForm, version=referral.version)
    if done(form, lambda: sending.close(actor(), referral_id, form.version.data, form.text.data)):
        left = (
            _("The partner can no longer read what was released.")
            if referral.partner_id is not None
            else _("Ask them to destroy what they no longer need.")
        )
        return to_sent(referral_id, " ".join((_("The referral is closed."), left)))
    return _step("close", referral, form)


def _step(step: str, referral: Sent, form: Form, to: str = "") -> ResponseReturnValue:
    return render_template("referrals/step.html", step=step, referral=referral, form=form, to=to), status_of(
        form
    )
