"""Pages of a conversation in its case, and of codes given by staff."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import back, done, filled, opened, status_of
from cases.routes.matching import made
from config.settings import Settings
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import Conflict
from core.store.transaction import transaction
from core.web.uploads import takes_files
from intake.forms.desk import BeginForm, ClientForm, ContactForm, LineForm, NewCodeForm
from intake.models import Request
from intake.routes.bringing import answered
from intake.routes.triage import opened_request
from intake.service import casework, codes, contact
from intake.service.codes import Fresh


@needs(Permission.CASE_READ)
def show(case_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """A conversation of a case, and an answer to it."""
    with transaction():
        talk = casework.read(actor(), case_id, request_id, shown=True)
    return _page(talk, filled(LineForm, sent_to="intake.say"))


@needs(Permission.CASE_NOTE)
@takes_files
def say(case_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Write to the person."""
    opened(case_id)  # whoever does not work on it sends no files
    form = filled(LineForm)
    begins, token, text = "begin" in request.form, form.token.data, form.text
    if not begins and answered(
        form, lambda files: casework.answer(actor(), case_id, request_id, token, text.data, files)
    ):
        flash(_("Your answer waits for the person. They read it with their code."), "done")
        return redirect(url_for("intake.talk", case_id=case_id, request_id=request_id), 303)
    with transaction():
        talk = casework.read(actor(), case_id, request_id, shown=True)
    if begins:
        form.begins(talk.answers)
    return _page(talk, form)


@needs(Permission.CASE_EDIT)
def take_contact(case_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Take over into the file how the person is reached now, or leave the file as it is."""
    form = ContactForm()
    with transaction():
        proposed = contact.proposed(actor(), case_id, request_id)
    if not form.validate():
        raise Conflict
    take = form.take.data == "yes"
    tokens = made(proposed) if take else None
    with transaction():
        contact.settle(
            actor(), case_id, request_id, form.version.data, form.said_at.data, take=take, tokens=tokens
        )
    said = _("The file has the newer contact. What stood there before stays in the timeline.")
    return back(case_id, said if take else _("The file stays as it is."))


@needs(Permission.CASE_EDIT)
def say_client(case_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Say whether whoever writes is the client."""
    opened(case_id)
    form = ClientForm()
    if not form.validate():
        raise Conflict
    with transaction():
        casework.say_client(actor(), case_id, request_id, client=form.client.data == "yes")
    flash(_("It is recorded."), "done")
    return redirect(url_for("intake.talk", case_id=case_id, request_id=request_id), 303)


def _page(talk: casework.OpenConversation, form: LineForm) -> ResponseReturnValue:
    return render_template("intake/conversation.html", talk=talk, form=form), status_of(form)


@needs(Permission.REQUEST_DECIDE)
def new_code(request_id: UUID) -> ResponseReturnValue:
    """Another code for whoever sent a request and lost theirs."""
    row = opened_request(request_id)
    back = url_for("intake.show", request_id=request_id)
    return _new_code(row.row, row.answers.get("code_word"), back)


@needs(Permission.CASE_NOTE)
def case_code(case_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Another code for somebody of a case."""
    with transaction():
        talk = casework.read(actor(), case_id, request_id)
    word = talk.answers.get("code_word")
    if not word and talk.is_client:  # the client's own, and nobody else's
        word = opened(case_id).record["client"].get("code_word")
    return _new_code(talk.row, word, url_for("intake.talk", case_id=case_id, request_id=request_id), case_id)


@needs(Permission.CASE_NOTE)
def begin(case_id: UUID) -> ResponseReturnValue:
    """A conversation with somebody of a case who has no code yet."""
    case = opened(case_id)
    form = filled(BeginForm)
    fresh = codes.prepare(_settings(), uuid4()) if form.is_submitted() else None

    def act(fresh: Fresh) -> None:
        codes.begin(actor(), fresh, case_id, form.token.data, form.name.data, client=form.is_client())

    if fresh and done(form, lambda: act(fresh)):
        return _code(fresh, url_for("intake.talk", case_id=case_id, request_id=fresh.request_id))
    return render_template("intake/begin.html", form=form, case=case), status_of(form)


def _new_code(row: Request, word: str | None, back: str, case_id: UUID | None = None) -> ResponseReturnValue:
    """Ask how the person was known, by their word or in person; then give the code."""
    form = filled(NewCodeForm, version=row.version)
    if not word:
        form.without_word()
    fresh = codes.prepare(_settings(), row.id) if form.is_submitted() else None
    if fresh and done(form, lambda: codes.replace(actor(), fresh, form.version.data, form.how.data, case_id)):
        return _code(fresh, back)
    return render_template("intake/new_code.html", form=form, word=word, back=back), status_of(form)


def _code(fresh: codes.Fresh, onward: str) -> ResponseReturnValue:
    """The code, which nobody can see again."""
    return render_template("intake/given_code.html", code=fresh.code.words, onward=onward)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["himaya"]
    return settings
