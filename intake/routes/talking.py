"""Coming back with the code: read, answer, take back. Nothing in an address, nothing kept by the browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from http import HTTPStatus
from typing import Final, Literal, TypeAlias
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
from intake.forms.asking import CodeForm, ComplainForm, TalkForm
from intake.forms.question import AskedCodeForm
from intake.forms.reaching import ChangeReachForm
from intake.routes import bringing, ended
from intake.routes.ended import Undone
from intake.routes.faces import forget, keep, page, was_sent
from intake.service import attachments, complaints, places, talking, visiting
from intake.service.attachments import Added, Attached
from intake.service.complaints import Said
from intake.service.visiting import Shown, Visit
from vault import SessionToken

# What a page says of a form that met a visit which had ended; "" where none did.
Fate: TypeAlias = Literal["", "arrived", "lost"]

ELSEWHERE: Final = "https://www.google.com/"  # where every page of the public face leads out
COOKIE: Final = "__Host-talk"


def _inside(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Send whoever is not in any more to the code; a form that they sent comes along."""

    @wraps(view)
    def guarded(language: str) -> ResponseReturnValue:
        try:
            return view(language)
        except NotFound:
            if request.endpoint == "talking.add":  # a script sent it, and says what happened
                return "", HTTPStatus.GONE
            undone = ended.met_nobody()
            if undone is not None:
                return _asks_for_code(CodeForm(formdata=None), undone)
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
    return _asks_for_code(form, ended.carried())


def _asks_for_code(form: CodeForm, undone: Undone | None) -> Response:
    """The page that asks for the code, and carries on the form that met a visit which had ended."""
    houses = places.houses(str((request.view_args or {})["language"]))
    return page("intake/enter.html", form, endpoint="talking.enter", undone=undone, houses=houses)


def _let_in(token: SessionToken, language: str) -> Response:
    """On to the conversation, or to the page whose form met a visit that had ended."""
    undone, cookie = ended.carried(), token.to_cookie()
    if undone is None or undone.page == "withdraw":  # that is asked anew
        onward = url_for(f"talking.{undone.page if undone else 'show'}", language=language)
        return keep(redirect(onward, 303), COOKIE, cookie)
    with transaction():
        here = visiting.visit(cookie)
        shown = _again(here, undone, language)
    return keep(shown, COOKIE, cookie)


def _again(here: Visit, undone: Undone, language: str) -> Response:
    """The page of the form, as it was typed; where it had arrived, what came of it, and an empty form."""
    if undone.page == "complain":
        form, said = ComplainForm(formdata=undone.typed), complaints.own(here)
        if form.text.data.strip() in {one.text for one in said}:
            return _complaints(ComplainForm(formdata=None), said, "arrived")
        form.token.renew()  # what was sent first may have arrived, with other words
        return _complaints(form, said, "lost")
    if undone.page == "reach":
        reach = ChangeReachForm(undone.typed)
        if not talking.was_said(visiting.reach_token(reach.token.data, reach.answers())):
            return _reach(reach, "lost")
    sent = TalkForm(undone.typed)
    if undone.page != "reach" and not talking.was_said(sent.token.data):
        return _talk(sent, visiting.read(here), language, "lost", unsent=undone.files)
    fresh, shown = TalkForm(formdata=None), visiting.read(here)
    stands = {line.text for line in shown.conversation if line.mine}
    if undone.text and undone.text not in stands:  # written on the same page, after the first sending
        fresh.text.data = undone.text
    return _talk(fresh, shown, language, "lost" if fresh.text.data else "arrived", unsent=undone.files)


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
        complaints.hand_on(here)
    if sent:
        return redirect(url_for("talking.show", language=language), 303)
    return _talk(form, shown, language)


def _talk(form: TalkForm, shown: Shown, language: str, fate: Fate = "", *, unsent: bool = False) -> Response:
    """The conversation, with whom to call: open while something urgent has no answer, later folded.

    unsent: files were chosen when the visit was over, and did not arrive.
    """
    answered = any(
        not line.mine and line.kind == talking.WRITTEN for line in shown.conversation
    )  # a new code is none
    cannot_wait = shown.urgent and not answered
    told = {"said": places.told(language), "cannot_wait": cannot_wait, "houses": places.houses(language)}
    files = {"waiting": shown.waiting, "unsent": unsent, "fate": fate}
    return page("intake/talk.html", form, endpoint="talking.show", shown=shown, **files, **told)


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
    return _reach(form)


def _reach(form: ChangeReachForm, fate: Fate = "") -> Response:
    return page("intake/reach.html", form, endpoint="talking.reach", fate=fate)


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
        complaints.hand_on(here)
        said = complaints.own(here)
    if sent:
        return redirect(url_for("talking.complain", language=language), 303)
    return _complaints(form, said)


def _complaints(form: ComplainForm, said: list[Said], fate: Fate = "") -> Response:
    return page("intake/complain.html", form, endpoint="talking.complain", complaints=said, fate=fate)


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
def leave(language: str) -> ResponseReturnValue:
    """End the visit on this phone. Twice is once."""
    if was_sent(Form()):
        with suppress(NotFound), transaction():
            visiting.leave(_here())
    return forget(redirect(url_for("talking.enter", language=language), 303), COOKIE)
