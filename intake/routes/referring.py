"""Referring somebody who asked us: name to them who can help, or open a case and ask there for them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import drafts
from cases.forms.record import NewCaseForm
from cases.routes.filling import back, done, filled, status_of
from cases.routes.recording import asked_and_recorded, whole_record
from cases.service import consents
from cases.service.match_tokens import Made
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web import kept
from core.web.filters import isolate
from core.web.labels import list_label
from core.web.locale import current_language
from intake.forms.referring import ReferOnForm, ReferOutForm
from intake.routes.triage import met_of, opened_request, sharing
from intake.service import deciding, referring
from intake.service.queue import OpenRequest
from intake.service.referring import Asked
from referrals.routes.going import to_sent
from referrals.service import directory
from referrals.service.directory import Line

THROUGH = "case"  # what the button of the one page says that leads to the other, with what was chosen there


@needs(Permission.REQUEST_DECIDE)
def refer_out(request_id: UUID) -> ResponseReturnValue:
    """Name to the person who can help: from the directory, in their language."""
    opened = opened_request(request_id)
    form = filled(ReferOutForm, version=opened.row.version, province=opened.answers.get("province", ""))
    fits = _offer(form)
    if not opened.has_code or (form.named() and _leads_there(form.entry.data)):
        form.may_be_silent()
    elif form.named():
        form.has_to_tell()
    shown = {"opened": opened, "form": form, "nobody": not fits, "met": met_of(opened)}

    def end() -> None:
        told = form.text.data or "", form.topic.data or "", form.named()
        referring.tell(actor(), request_id, form.version.data, form.token.data, *told)

    if "look" in request.form or form.begins(opened.answers):
        return render_template("intake/refer_out.html", **shown)
    if done(form, end):
        return _told(opened)
    return render_template("intake/refer_out.html", **shown), status_of(form)


def _leads_there(entry_id: str) -> bool:
    """Whether somebody who reads what the directory has can go there or call."""
    return any(line.phone or line.address for line in _everybody() if str(line.id) == entry_id)


def _told(opened: OpenRequest) -> ResponseReturnValue:
    if opened.has_code:
        flash(_("The person reads where to go. No case was opened."), "done")
        return redirect(url_for("intake.index"), 303)
    said = _("The request is ended. Nothing was sent: this person has no code. Call them; it stands below.")
    flash(said, "done")
    return redirect(url_for("intake.show", request_id=opened.row.id), 303)


@needs(Permission.REQUEST_DECIDE)
def refer_on(request_id: UUID) -> ResponseReturnValue:
    """Open a case and ask there, without a name, whether somebody takes it: one form, one step."""
    opened = opened_request(request_id)
    form = _begun(opened) if request.form.get("look") == THROUGH else _form(opened)
    form.refused = deciding.refuses(opened.answers)
    asked: list[Asked] = []

    def record(_form: NewCaseForm, tokens: Made | None) -> UUID:
        case_id = _accept(request_id, form, tokens)
        asked[:] = [referring.ask(actor(), case_id, form.wish(), form.token.data)]
        _keep_message(case_id, request_id, form.message.data)
        return case_id

    def then(case_id: UUID) -> ResponseReturnValue:
        if form.message.data:
            waits = _("What you wrote to the person is not sent. It waits in the conversation of this case.")
            aloud = _(
                "What you wrote is not sent, for this person has no code. Read it to them when you call: it "
                "is kept in the conversation of this case."
            )
            flash(waits if opened.has_code else aloud, "info")
        return _asked(case_id, asked[0])

    return asked_and_recorded(
        form, record, then, "intake/refer_on.html", shared=sharing(form, opened), opened=opened
    )


def _keep_message(case_id: UUID, request_id: UUID, text: str) -> None:
    """What was typed for the person on the page before is begun in the conversation of the case."""
    if text:
        key = kept.Key(f"intake.say/{case_id}", request_id)
        drafts.discard(actor(), *key)
        drafts.save(actor().person_id, *key, {"text": [text]})


def _accept(request_id: UUID, form: ReferOnForm, tokens: Made | None) -> UUID:
    whole = whole_record(form)
    name = directory.entry(actor(), UUID(form.entry.data)).name(current_language())
    return deciding.accept(
        actor(),
        request_id,
        {**whole, "next_step": whole["next_step"] or _("Referral: %(name)s", name=name)},
        urgency=form.urgency.data,
        restricted=form.restricted.data == "yes",
        named=form.named_people(),
        consents=form.answers(),
        token=form.token.data,
        tokens=tokens,
        asked_again=form.asked_again(),
    )


def _asked(case_id: UUID, asked: Asked) -> ResponseReturnValue:
    if asked.by_hand:
        said = _("The case is open. This organisation is asked by phone or on paper. Note its answer here.")
        return to_sent(asked.referral_id, said)
    if asked.sent:
        return back(
            case_id, _("The case is open, and the enquiry is sent without a name. The answer comes here.")
        )
    if asked.referral_id is not None:
        return to_sent(
            asked.referral_id,
            _(
                "The case is open. The enquiry is kept as a draft: the keys of that organisation are not "
                "compared yet, so nothing can be sealed to it."
            ),
        )
    flash(
        _(
            "Nobody was asked: a possible conflict of interest is decided first. Whom you chose is kept for "
            "you on the page “Refer” of this case."
        ),
        "warning",
    )
    return redirect(url_for("cases.conflict", case_id=case_id), 303)


def _form(opened: OpenRequest) -> ReferOnForm:
    known = deciding.as_record(opened.answers, opened.row.urgency)
    form = filled(ReferOnForm, **known, **_typed_before(), shown=_named_now())
    form.entry.choices = _choices(_everybody())
    return form


def _typed_before() -> dict[str, str]:
    """The message of the page before, where the session ended on the way from there to here."""
    key = kept.here() if request.method == "GET" else None
    draft = drafts.load(actor(), *key) if key else None
    return {"message": "\n".join(draft["text"])} if draft and "text" in draft else {}


def _begun(opened: OpenRequest) -> ReferOnForm:
    """The form with whom somebody chose and what they wrote on the page before, and nothing asked yet."""
    known = deciding.as_record(opened.answers, opened.row.urgency)
    chosen = {name: request.form.get(name, "") for name in ("need", "entry")}
    chosen["message"] = request.form.get("text", "")
    known["province"] = request.form.get("province") or known["province"]
    form = ReferOnForm(formdata=None, **known, **chosen, shown=_named_now())
    form.entry.choices = _choices(_everybody())
    return form


def _named_now() -> str:
    """Who stands behind every entry now: the answer of the person is about whom the page named."""
    return " ".join(state for _id, _name, state in consents.recipients(actor(), current_language()))


def _everybody() -> list[Line]:
    with transaction():
        directory.begin(actor())
    return directory.search(actor(), current_language())


def _offer(form: ReferOutForm) -> list[Line]:
    """Offer whoever has what is needed there, and who is chosen already; everybody where nobody has it."""
    every = _everybody()
    asked = {"need": form.need.data, "province": form.province.data, "spoken": form.spoken.data}
    fits = directory.search(actor(), current_language(), **asked)
    shown = {line.id for line in fits or every}
    form.offer(_choices(line for line in every if line.id in shown or str(line.id) == form.entry.data))
    return fits


def _choices(lines: Iterable[Line]) -> list[tuple[str, str]]:
    return [(str(line.id), _label(line)) for line in lines]


def _label(line: Line) -> str:
    """Who it is, what they do, how they are reached, and what to know before one sends somebody there."""
    services = _(", ").join(list_label("service", code) for code in line.services)
    doubts = [
        "" if line.confirmed else _("To be confirmed"),
        list_label("capacity", "full") if line.capacity == "full" else "",
        _("a partner, asked sealed") if line.partner_id else "",
        "" if line.phone or line.address else _("no phone and no address"),
    ]
    said = (line.name, services, line.phone, line.address, line.hours, *doubts)
    return " · ".join(isolate(one) for one in said if one)
