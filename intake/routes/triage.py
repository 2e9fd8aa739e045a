"""Pages of the triage desk."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import drafts
from cases.forms.record import NewCaseForm
from cases.routes.filling import back, done, filled, keep, status_of
from cases.routes.recording import asked_and_recorded, whole_record
from cases.service import match_tokens
from cases.service.match_tokens import Made
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.store.sealed_files import SealedFile
from core.store.transaction import reading, transaction
from core.web import kept
from core.web.forms import VersionForm
from core.web.uploads import takes_files
from intake.forms.accepting import AcceptForm
from intake.forms.desk import EndForm, LineForm, MergeForm, QueueForm, WeighForm
from intake.routes.bringing import answered
from intake.service import alerts, deciding, meeting, merging, phones, queue, talking
from intake.service.meeting import Met
from intake.service.merging import Seen
from intake.service.phones import Shared
from intake.service.queue import OpenRequest


@needs(Permission.REQUEST_LIST)
def index() -> ResponseReturnValue:
    """The queue: what is most urgent and has waited longest stands first."""
    form = QueueForm(formdata=request.args)
    wanted = (
        {name: form[name].data or "" for name in ("state", "language", "province")} if form.validate() else {}
    )
    with reading():
        found = queue.queue(actor(), **wanted, after=_after())
        cases = deciding.cases_of(actor(), {line.row.case_id for line in found.lines if line.row.case_id})
    return render_template("intake/queue.html", form=form, queue=found, cases=cases, wanted=wanted)


def _after() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


@needs(Permission.REQUEST_READ)
@takes_files
def show(request_id: UUID) -> ResponseReturnValue:
    """A request with its conversation, and an answer to it."""
    opened = opened_request(
        request_id, shown=request.method == "GET"
    )  # an answer that goes out shows nothing
    form = filled(LineForm)
    if form.begins(opened.answers):
        return _page(opened, form)
    token, text, shown = form.token.data, form.text, form.shown.data or 0

    def answer(files: list[SealedFile]) -> bool:
        return deciding.answer(actor(), request_id, token, text.data, files, shown=shown)

    if answered(form, answer):
        flash(_("Your answer waits for the person. They read it with their code."), "done")
        return redirect(url_for("intake.show", request_id=request_id), 303)
    key = kept.here()
    if key and form.text.data and not opened.writes and "csrf_token" not in form.errors:
        keep(key)  # it comes back once it is taken on
    return _page(opened, form)


def _page(opened: OpenRequest, form: LineForm) -> ResponseReturnValue:
    form.shown.data = opened.said_by_person
    shown = {"opened": opened, "form": form, "weigh": _weigh(opened), "met": met_of(opened)}
    return render_template("intake/request.html", **shown), status_of(form)


def met_of(opened: OpenRequest) -> Met | None:
    """Whom its people meet elsewhere, for whoever works on it; what finds them is kept at the first look."""
    row = opened.row
    with reading():
        wanted = (row.state == "triage" and opened.mine) or meeting.is_new(row)
    if not wanted:
        return None
    tokens = merging.tokens_of(actor(), opened.answers)
    with transaction():
        return meeting.look(actor(), row.id, opened.answers, tokens)


def _weigh(opened: OpenRequest) -> WeighForm:
    return WeighForm(formdata=None, urgency=opened.row.urgency)


@needs(Permission.REQUEST_DECIDE)
def on_it(request_id: UUID) -> ResponseReturnValue:
    """Say that one is on it: nobody else is alarmed, for as long as somebody needs to take it on."""
    with transaction():
        alerts.on_it(actor(), request_id)
    said = _("For 15 minutes nobody else is alarmed. Take the request on by then, or see that somebody does.")
    flash(said, "done")
    return redirect(url_for("intake.index"), 303)


@needs(Permission.REQUEST_DECIDE)
def claim(request_id: UUID) -> ResponseReturnValue:
    """Take it, so that nobody else begins with it."""
    with transaction():
        deciding.claim(actor(), request_id, VersionForm().version.data)
    return redirect(url_for("intake.show", request_id=request_id), 303)


@needs(Permission.REQUEST_DECIDE)
def give_back(request_id: UUID) -> ResponseReturnValue:
    """Put it back into the queue."""
    with transaction():
        deciding.give_back(actor(), request_id, VersionForm().version.data)
    flash(_("The request waits for somebody again."), "done")
    return redirect(url_for("intake.index"), 303)


@needs(Permission.REQUEST_DECIDE)
def weigh(request_id: UUID) -> ResponseReturnValue:
    """Say how urgent it is."""
    form = WeighForm()
    with transaction():
        deciding.weigh(actor(), request_id, form.version.data or 0, form.urgency.data or "")
    flash(_("The urgency is changed."), "done")
    return redirect(url_for("intake.show", request_id=request_id), 303)


@needs(Permission.REQUEST_DECIDE)
def take_up(request_id: UUID) -> ResponseReturnValue:
    """Look at an answered one once more."""
    with transaction():
        deciding.take_up(actor(), request_id, VersionForm().version.data)
    return redirect(url_for("intake.show", request_id=request_id), 303)


@needs(Permission.REQUEST_DECIDE)
def settle(request_id: UUID) -> ResponseReturnValue:
    """What came after the end needs no answer."""
    with transaction():
        deciding.settle(actor(), request_id, VersionForm().version.data or 0)
    flash(_("Noted: this needs no answer. If the person writes again, it waits here again."), "done")
    return redirect(url_for("intake.index"), 303)


@needs(Permission.REQUEST_DECIDE)
def decline(request_id: UUID) -> ResponseReturnValue:
    """Answer without a case."""
    opened = opened_request(request_id)
    form = filled(EndForm, version=opened.row.version)
    said = _("The answer waits for the person. No case was opened.")
    if not opened.has_code:
        form.unread()
        said = _("The request is ended. Nothing was sent: this person has no code, so call them.")

    def end() -> None:
        told = form.text.data or "", form.topic.data or ""
        deciding.end(actor(), request_id, form.version.data, form.token.data, "declined", *told)

    shown = {"opened": opened, "form": form, "met": met_of(opened)}
    if form.begins(opened.answers):
        return render_template("intake/ending.html", **shown)
    if done(form, end):
        flash(said, "done")
        return redirect(url_for("intake.index"), 303)
    return render_template("intake/ending.html", **shown), status_of(form)


@needs(Permission.REQUEST_DECIDE)
def merge(request_id: UUID) -> ResponseReturnValue:
    """Add it to a case that exists: first the page says whose case it is, and who meets whom."""
    opened = opened_request(request_id)
    form = filled(MergeForm, version=opened.row.version)
    tokens = merging.tokens_of(actor(), opened.answers) if form.is_submitted() else None
    shown: Seen | None = None

    def act() -> UUID | None:
        nonlocal shown
        given = actor(), request_id, form.version.data, form.reference.data
        shown = merging.look(*given, tokens)
        anyway = "yes" in (form.anyway.data or ())
        if form.seen.data != shown.reference or (shown.opposed and not anyway):
            return None  # what was shown is on the chain all the same
        if shown.own is None and form.is_client() is None:
            raise DomainError(_("Choose one."), field="client")
        return merging.merge(*given, anyway=anyway, client=form.is_client())

    case_id = done(form, act)
    if isinstance(case_id, UUID):
        return back(case_id, _("The request belongs to this case now. Its conversation goes on here."))
    if shown is not None and form.seen.data == shown.reference and not form.errors:
        form.explain(DomainError(merging.OPPOSED, field="anyway"))
    elif shown is not None and form.seen.data != shown.reference:  # nobody has looked at this case yet
        form.seen.data, form.anyway.data = shown.reference, []
        form.client.data = {True: "yes", False: "no", None: ""}[shown.own]
    with reading():
        ask = merging.coordinators(actor())
    page = render_template("intake/merge.html", opened=opened, form=form, seen=shown, ask=ask)
    return page, status_of(form)


@needs(Permission.REQUEST_DECIDE)
def accept(request_id: UUID) -> ResponseReturnValue:
    """Open a case from it: the form of a case, filled in with what the person wrote."""
    opened = opened_request(request_id)
    form = _prefilled(opened)
    form.refused = deciding.refuses(opened.answers)

    def record(_form: NewCaseForm, tokens: Made | None) -> UUID:
        return deciding.accept(
            actor(),
            request_id,
            whole_record(form),
            urgency=form.urgency.data,
            restricted=form.restricted.data == "yes",
            named=form.named_people(),
            consents=form.answers(),
            token=form.token.data,
            tokens=tokens,
            asked_again=form.asked_again(),
        )

    return asked_and_recorded(
        form,
        record,
        _("The case is open. The conversation goes on in it."),
        "intake/accept.html",
        shared=sharing(form, opened),
        opened=opened,
    )


def sharing(form: NewCaseForm, opened: OpenRequest) -> list[Shared]:
    """Where else the phones stand, as they were written to us and as somebody corrects them now."""
    typed = [entry.form.number.data or "" for entry in form.phones]
    numbers = {one for one in (*typed, opened.answers.get("phone") or "") if one}
    tokens = match_tokens.of_phones(actor(), numbers)
    with reading():
        return phones.sharing(actor(), opened.row.id, numbers, tokens)


def _prefilled(opened: OpenRequest) -> AcceptForm:
    return filled(AcceptForm, **deciding.as_record(opened.answers, opened.row.urgency))


def _carry(key: kept.Key | None) -> None:
    """Keep an answer that was sent when the request had become a case, unless it had gone out before that."""
    form = LineForm()
    if key is None or not form.is_submitted() or not form.csrf_token.validate(form):
        return
    text = form.text.data or request.form.get("message", "")  # which goes along to the page that asks others
    with reading():
        sent = talking.was_said(form.token.data)
        waits = any(one.data.get("text") == [text] for one in drafts.opened(actor(), *key))
    if text and not (sent or waits):
        keep(key, {"text": [text]})
        flash(_("This request became a case meanwhile. Nothing was sent; what you wrote is kept."), "warning")


def opened_request(request_id: UUID, *, shown: bool = False) -> OpenRequest:
    """The request, opened. One that belongs to a case by now leads there: a second click finds the first."""
    with transaction():
        case_id = deciding.case_of(actor(), request_id)
        moved = queue.moved(actor(), request_id)
    if case_id is not None:
        _carry(kept.Key(f"intake.say/{case_id}", request_id))
        abort(redirect(url_for("intake.talk", case_id=case_id, request_id=request_id), 303))
    if moved is not None:
        key = kept.here()
        _carry(key)
        draft = drafts.load(actor(), *key) if key else None
        words = {"moved": moved, "key": key, "text": "\n".join((draft or {}).get("text", ()))}
        abort(make_response(render_template("intake/moved.html", **words), HTTPStatus.LOCKED))
    with transaction():
        return queue.open_request(actor(), request_id, shown=shown)
