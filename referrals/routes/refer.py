"""From a case to somebody who can help: choose, ask, get the consent, release."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.consents import SharingForm, wordings
from cases.routes.filling import done, filled, opened, status_of
from cases.service import consents
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.labels import list_label
from core.web.locale import current_language
from domain.referrals import State
from referrals.forms.referrals import ReferForm, ReleaseForm
from referrals.routes.going import shown, to_sent
from referrals.service import directory, packets, sending
from referrals.service.directory import Line
from referrals.service.views import Sent


@needs(Permission.REFERRAL_SEND)
def refer(case_id: UUID) -> ResponseReturnValue:
    """Say what is needed and where, see who offers it, choose one."""
    case = opened(case_id)
    known = {
        "province": case.record.get("province") or "",
        "language": case.record["client"].get("language") or "",
    }
    form = filled(ReferForm, version=1, **known)
    form.entry.choices = _offered(form, everybody=True)
    look = "look" in request.form
    made = None if look else done(form, lambda: _draft(case_id, form))
    if made:
        return to_sent(made, _("The draft is kept. Look at it, then send the enquiry."))
    form.entry.choices = _offered(form)
    page = render_template("referrals/refer.html", form=form, case=case, referral=None)
    return page, status_of(form)


def _draft(case_id: UUID, form: ReferForm) -> UUID:
    entry_id = UUID(form.entry.data)
    return sending.draft(actor(), case_id, entry_id, form.priority.data, form.enquiry(), form.token.data)


@needs(Permission.REFERRAL_SEND)
def edit(referral_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    referral = shown(referral_id)
    if referral.state != State.DRAFT:
        raise NotFound
    form = filled(
        ReferForm,
        version=referral.version,
        priority=referral.priority,
        **{name: referral.details[name] for name in (*sending.NAMELESS, "entry")},
    )
    form.entry.choices = [(referral.details["entry"], referral.details["entry_name"])]
    if done(form, lambda: _edit(referral_id, form)):
        return to_sent(referral_id, _("The changes are saved."))
    page = render_template("referrals/refer.html", form=form, case=None, referral=referral)
    return page, status_of(form)


def _edit(referral_id: UUID, form: ReferForm) -> None:
    sending.edit_draft(actor(), referral_id, form.version.data, form.priority.data, form.enquiry())


@needs(Permission.CASE_CONSENT)
def consent(referral_id: UUID) -> ResponseReturnValue:
    """Ask the person about exactly this recipient and this need."""
    referral = shown(referral_id)
    if referral.moved:
        # Whoever would be named to the person is not whom this referral goes to: that page says so.
        return redirect(url_for("referrals.release", referral_id=referral_id), 303)
    wording = next(one for one in wordings() if one.code == consents.SHARING)
    recipient, need = referral.details["entry"], referral.details["need"]
    entry = directory.entry(actor(), UUID(recipient))
    form = filled(
        SharingForm,
        kind=wording.code,
        version=str(wording.version),
        answer="",
        recipient=recipient,
        purposes=[need],
        fields=["name", "phones", "language", "summary"],
        shown=consents.state_of(entry),
    )
    form.recipient.choices = [(recipient, entry.name(current_language()))]
    if form.kind.data != wording.code:
        raise NotFound
    if done(form, lambda: _consent(referral, form)):
        flash(_("The answer is recorded."), "done")
        return redirect(url_for("referrals.release", referral_id=referral_id), 303)
    page = render_template("referrals/consent.html", referral=referral, form=form, wording=wording)
    return page, status_of(form)


def _consent(referral: Sent, form: SharingForm) -> None:
    consents.record_consent(actor(), referral.case_id, form.answered(), form.token.data)


@needs(Permission.REFERRAL_SEND)
def release(referral_id: UUID) -> ResponseReturnValue:
    """Choose what goes; what may not go says why."""
    referral = shown(referral_id)
    if referral.state != State.ACCEPTED:
        return redirect(url_for("referrals.show", referral_id=referral_id), 303)
    with transaction():
        _details, offers = packets.offers(actor(), referral_id)
    form = filled(ReleaseForm, version=referral.version)
    form.offer(offers)
    if done(form, lambda: _release(referral_id, form)):
        return to_sent(referral_id, _("The information is released, and only what you chose."))
    page = render_template("referrals/release.html", referral=referral, form=form, offers=offers)
    return page, status_of(form)


def _release(referral_id: UUID, form: ReleaseForm) -> None:
    packets.release(actor(), referral_id, form.version.data, form.fields.data, form.written())


def _offered(form: ReferForm, *, everybody: bool = False) -> list[tuple[str, str]]:
    """Whoever has what is needed there, and who is chosen already; everybody where nobody has it."""
    with transaction():
        directory.begin(actor())
    every = directory.search(actor(), current_language())
    fits = directory.search(actor(), current_language(), need=form.need.data, province=form.province.data)
    shown = {line.id for line in fits} if fits and not everybody else {line.id for line in every}
    return [
        (str(line.id), _label(line)) for line in every if line.id in shown or str(line.id) == form.entry.data
    ]


def _label(line: Line) -> str:
    services = _(", ").join(list_label("service", code) for code in line.services)
    how = _("sealed, to a partner") if line.partner_id else _("by phone or on paper")
    return f"{line.name} · {services} · {how}"
