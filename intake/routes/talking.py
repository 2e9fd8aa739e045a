"""Coming back with the code: read, answer, take back. Nothing in an address, nothing kept by the browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access.guard import public
from core.errors import DomainError, NotFound
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from core.web.files import given
from core.web.forms import Form
from core.web.limits import count_wrong, many_wrong
from core.web.uploads import takes_files
from domain.content import Content
from domain.text import clean_text
from intake.forms.asking import LONGEST, CodeForm, ComplainForm, TalkForm
from intake.forms.question import AskedCodeForm
from intake.forms.reaching import ChangeReachForm
from intake.routes import bringing
from intake.routes.faces import forget, keep, page, was_sent
from intake.service import attachments, complaints, places, talking, visiting
from intake.service.attachments import Added, Attached
from intake.service.visiting import Shown, Visit
from vault import SessionToken

ELSEWHERE: Final = "https://www.google.com/"  # where every page of the public face leads out
COOKIE: Final = "__Host-talk"
KEPT: Final = "kept"  # what was typed when a visit ended, while the code is asked


def _inside(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Send whoever is not in any more to the code."""

    @wraps(view)
    def guarded(language: str) -> ResponseReturnValue:
        try:
            return view(language)
        except NotFound:
            if request.endpoint == "talking.add":  # a script sent it, and says what happened
                return "", HTTPStatus.GONE
            typed = request.form.get("text", "") if request.method == "POST" else ""
            if typed.strip():  # a visit that was over while somebody wrote loses nothing
                return _asks_for_code(CodeForm(formdata=None), typed)
            return redirect(url_for("talking.enter", language=language), 303)

    return guarded


def _here() -> Visit:
    return visiting.visit(request.cookies.get(COOKIE, ""))


@public
def enter(language: str) -> ResponseReturnValue:
    """The code. What is no code, and a code of nobody, get the same answer after the same work.

    While very many are wrong a sum has to be answered first; nobody is refused.
    """
    form = AskedCodeForm() if many_wrong() else CodeForm()
    if was_sent(form) and (not isinstance(form, AskedCodeForm) or form.right()):
        derived = visiting.derive(current_app.extensions["himaya"], form.code.data)
        with transaction():
            token = visiting.enter(derived)
        if token is not None:
            return _let_in(token, language)
        count_wrong()
        form.explain(
            DomainError(
                _("This code does not open anything. Look at each number again, from the left."), field="code"
            )
        )
    return _asks_for_code(form, request.form.get(KEPT, ""))


def _asks_for_code(form: CodeForm, typed: str) -> Response:
    """The page that asks for the code, with what was typed when the visit ended."""
    houses = places.houses(str((request.view_args or {})["language"]))
    kept = clean_text(typed, LONGEST * 2)
    return page("intake/enter.html", form, endpoint="talking.enter", typed=kept, houses=houses)


def _let_in(token: SessionToken, language: str) -> Response:
    """On to the conversation; where something was typed before, it stands in the field again."""
    typed, cookie = request.form.get(KEPT, ""), token.to_cookie()
    if not typed.strip():
        return keep(redirect(url_for("talking.show", language=language), 303), COOKIE, cookie)
    with transaction():
        shown = visiting.read(visiting.visit(cookie))
    form = TalkForm(formdata=None, text=typed)
    return keep(_talk(form, shown, language), COOKIE, cookie)


@public
@takes_files
@_inside
def show(language: str) -> ResponseReturnValue:
    """What was asked and answered, and a field for the next message."""
    _known()
    form = TalkForm()
    sent = bringing.carried_on(form, partial(_bring, form), partial(_is_told, form))
    with transaction():
        here = _here()
        if sent:
            try:
                visiting.say(here, form.token.data, form.text.data)
            except DomainError as error:
                form.explain(error)
                sent = False
        shown = visiting.read(here)
    if sent:
        return redirect(url_for("talking.show", language=language), 303)
    return _talk(form, shown, language)


def _talk(form: TalkForm, shown: Shown, language: str) -> Response:
    """The conversation, with whom to call: open while something urgent has no answer, later folded."""
    answered = any(
        not line.mine and line.kind == talking.WRITTEN for line in shown.conversation
    )  # a new code is none
    cannot_wait = shown.urgent and not answered
    told = {"said": places.told(language), "cannot_wait": cannot_wait, "houses": places.houses(language)}
    return page("intake/talk.html", form, endpoint="talking.show", shown=shown, waiting=shown.waiting, **told)


@public
@takes_files
@_inside
def add(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the page reads it from its address
    """One file for the next message, or one less; the answer is the list of them."""
    _known()
    form = TalkForm()
    return bringing.listed(form, partial(_bring, form))


def _known() -> None:
    """Before a form is read: whoever is not in sends no files."""
    with transaction():
        _here()


def _bring(form: TalkForm, files: list[SealedFile], out: UUID | None) -> tuple[Added, list[Attached]]:
    here = _here()
    if out is not None:
        attachments.take_out(visiting.files_of(here), out)
    return visiting.attach(here, files, form.token.data), attachments.waiting(visiting.files_of(here))


def _is_told(form: TalkForm, waiting: list[Attached]) -> bool:
    return bool(waiting) or talking.was_said(form.token.data)


@public
def file(language: str, file_id: UUID, how: str) -> ResponseReturnValue:  # noqa: ARG001 - as every address
    """What we sent: a plain copy of a photo, sound to hear, a PDF to be saved."""
    with transaction():
        found = visiting.open_file(_here(), file_id)
    if how == "save" and found.file.content is not Content.PDF:
        raise NotFound  # a photo as it came may say where and by whom it was taken
    return given(found, how)


@public
@_inside
def reach(language: str) -> ResponseReturnValue:
    """Change how one may be reached."""
    form = ChangeReachForm()
    sent = was_sent(form)
    with transaction():
        here = _here()
        if sent:
            visiting.change_reach(here, form.token.data, form.answers(), language)
        stored = visiting.reach(here)
    if sent:
        return redirect(url_for("talking.show", language=language), 303)
    if not form.is_submitted():
        form = ChangeReachForm(data=stored)
    return page("intake/reach.html", form)


@public
@_inside
def complain(language: str) -> ResponseReturnValue:
    """Complain to people who do not work on it, and read their answer."""
    form = ComplainForm()
    sent = was_sent(form)
    with transaction():
        here = _here()
        if sent:
            try:
                complaints.write(here, form.token.data, form.text.data)
            except DomainError as error:
                form.explain(error)
                sent = False
        said = complaints.own(here)
    if sent:
        return redirect(url_for("talking.complain", language=language), 303)
    return page("intake/complain.html", form, complaints=said)


@public
@_inside
def withdraw(language: str) -> ResponseReturnValue:
    """Take the request back, after a question."""
    form = Form()
    sent = was_sent(form)
    try:
        with transaction():
            here = _here()
            if sent:
                visiting.withdraw(here)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.explain(error)
        sent = False
    if sent:
        houses = places.houses(language)
        return forget(page("intake/gone.html", endpoint="talking.enter", houses=houses), COOKIE)
    return page("intake/withdraw.html", form)


@public
def away(language: str) -> ResponseReturnValue:  # noqa: ARG001 - every address of this face names it
    """Leave quickly: the visit ends on the way out, so that going back opens nothing. Twice is once."""
    with suppress(NotFound), transaction():
        visiting.leave(_here())
    return forget(redirect(ELSEWHERE, 303), COOKIE)


@public
@_inside
def leave(language: str) -> ResponseReturnValue:
    """End the visit on this phone."""
    if was_sent(Form()):
        with transaction():
            visiting.leave(_here())
    return forget(redirect(url_for("talking.enter", language=language), 303), COOKIE)
