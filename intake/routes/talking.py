"""Coming back with the code: read, answer, take back. Nothing in an address, nothing kept by the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Final
from uuid import UUID

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access.guard import public
from core.errors import DomainError, NotFound
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.limits import count_wrong, many_wrong
from core.web.uploads import takes_files
from intake.forms.asking import ChangeReachForm, CodeForm, ComplainForm, TalkForm
from intake.forms.question import AskedCodeForm
from intake.routes import bringing
from intake.routes.faces import forget, keep, page, was_sent
from intake.service import attachments, complaints, talking, visiting
from intake.service.attachments import Added, Attached
from intake.service.visiting import Visit

COOKIE: Final = "__Host-talk"


def _inside(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Send whoever is not in any more to the code."""

    @wraps(view)
    def guarded(language: str) -> ResponseReturnValue:
        try:
            return view(language)
        except NotFound:
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
            return keep(redirect(url_for("talking.show", language=language), 303), COOKIE, token.to_cookie())
        count_wrong()
        form.explain(
            DomainError(
                _("This code does not open anything. Look at each number again, from the left."), field="code"
            )
        )
    return page("intake/enter.html", form)


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
    return page("intake/talk.html", form, shown=shown, waiting=shown.waiting)


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
def withdraw(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the page reads it from its address
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
        return forget(page("intake/gone.html", endpoint="talking.enter"), COOKIE)
    return page("intake/withdraw.html", form)


@public
@_inside
def leave(language: str) -> ResponseReturnValue:
    """End the visit on this phone."""
    if was_sent(Form()):
        with transaction():
            visiting.leave(_here())
    return forget(redirect(url_for("talking.enter", language=language), 303), COOKIE)
