"""Asking for help: one question a page, nothing of it in an address, kept sealed until it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import segno
from flask import Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from awareness.service.public import House
from core.access.guard import public
from core.errors import DomainError
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.limits import count_sent, many_sent
from core.web.uploads import takes_files
from intake.forms.asking import SendForm, Step, TellForm
from intake.forms.given import given
from intake.forms.pages import steps
from intake.forms.question import AskedForm
from intake.forms.reaching import settled
from intake.routes import bringing
from intake.routes.faces import forget, keep, page, was_sent
from intake.service import attachments, drafts, places, sending
from intake.service.attachments import Added, Attached
from intake.service.drafts import Draft

COOKIE: Final = "__Host-page"


@public
def start(language: str) -> ResponseReturnValue:
    """What this is, what is kept, when somebody reads, what to do tonight."""
    said = places.told(language)
    shown = {
        "said": said,
        "houses": _houses(language, shut=not said.open),
        "began": bool(request.cookies.get(COOKIE)),
    }
    return page("intake/start.html", **shown)


@public
@takes_files
def step(language: str, number: int) -> ResponseReturnValue:
    """A question; the answer is kept and the next one asked. The last page shows everything, then sends."""
    draft = _draft()
    pages = steps(draft.answers)
    last = len(pages) + 1
    if not 1 <= number <= last:
        abort(404)
    if sending.DONE in draft.answers:
        return redirect(url_for("asking.end", language=language), 303)
    missing = next((at for at, one in enumerate(pages, 1) if not draft.answers.get(one.mark())), last)
    if number > missing:
        return redirect(url_for("asking.step", language=language, number=missing), 303)
    if number == last:
        return _check(language, draft, last)
    shut = not places.is_open()
    if shut and draft.id is None:
        return redirect(url_for("asking.start", language=language), 303)
    kind = pages[number - 1]
    form: Step = kind(data=draft.answers) if request.method == "GET" else kind()
    form.known = draft.answers
    if _carried_on(draft, form):
        said = form.answers() | {kind.mark(): True, sending.PAGE_LANGUAGE: language}
        with transaction():
            drafts.save(draft, said | settled(draft.answers, said))
        onward = url_for("asking.step", language=language, number=number + 1)
        return keep(redirect(onward, 303), COOKIE, draft.cookie, lasts=drafts.KEPT)
    waiting = _waiting(draft) if isinstance(form, TellForm) else []
    calls = shut or (isinstance(form, TellForm) and _may_be(draft, *sending.NOW))
    shown: dict[str, Any] = {"number": number, "last": last, "began": draft.id, "waiting": waiting}
    shown |= {"shut": shut, "said": places.told(language) if calls else None}
    shown["paper"] = isinstance(form, TellForm) and _may_be(draft, "deadline")
    shown["houses"] = _houses(language, shut=shut)
    return _shown(draft, page(f"intake/step_{kind.page}.html", form, **shown))


def _houses(language: str, *, shut: bool) -> list[House]:
    """Whom to call, for whoever cannot send what they wrote."""
    return places.houses(language) if shut else []


def _may_be(draft: Draft, *questions: str) -> bool:
    """Whether the answer to one of these is yes, or the person does not know: then the advice helps too."""
    return bool({"yes", "unsure"} & {draft.answers.get(name) for name in questions})


def _carried_on(draft: Draft, form: Step) -> bool:
    if isinstance(form, TellForm):
        return bringing.carried_on(form, partial(_bring, draft), _is_told)
    return was_sent(form)


@public
@takes_files
def add(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the page reads it from its address
    """One file beside what is being written, or one less; the answer is the list of them."""
    draft = _draft()
    pages = steps(draft.answers)
    before = pages[: _telling(pages) - 1]
    if sending.DONE in draft.answers or not all(draft.answers.get(one.mark()) for one in before):
        abort(HTTPStatus.GONE)
    return bringing.listed(TellForm(), partial(_bring, draft))


def _telling(pages: Sequence[type[Step]]) -> int:
    """The number of the page that asks what happened."""
    return next(number for number, one in enumerate(pages, 1) if issubclass(one, TellForm))


def _bring(draft: Draft, files: list[SealedFile], out: UUID | None) -> tuple[Added, list[Attached]]:
    drafts.save(draft, {})
    owner = drafts.files_of(draft)
    if out is not None:
        attachments.take_out(owner, out)
    return attachments.add(owner, files), attachments.waiting(owner)


def _is_told(waiting: list[Attached]) -> bool:
    return any(file.kind == attachments.VOICE for file in waiting)


def _waiting(draft: Draft) -> list[Attached]:
    return attachments.waiting(drafts.files_of(draft))


def _check(language: str, draft: Draft, last: int) -> ResponseReturnValue:
    form = AskedForm(draft.id) if many_sent() else SendForm()
    if was_sent(form):
        try:
            prepared = sending.prepare(current_app.extensions["himaya"], draft)
            with transaction():
                came = sending.send(prepared, draft, form.token.data)
        except DomainError as error:
            form.explain(error)
        else:
            if came:
                count_sent()
            return redirect(url_for("asking.end", language=language), 303)
    said = places.told(language)
    shown = page(
        "intake/check.html",
        form,
        number=last,
        last=last,
        answers=draft.answers,
        given=given(draft.answers),
        said=said,
        houses=_houses(language, shut=not said.open),
        began=draft.id,
        cannot_wait=_may_be(draft, *sending.NOW),
        paper=_may_be(draft, "deadline"),
        waiting=_waiting(draft),
        telling=_telling(steps(draft.answers)),
    )
    return _shown(draft, shown)


@public
def end(language: str) -> ResponseReturnValue:
    """The code, until the person says that it is written down."""
    draft = _draft()
    if sending.DONE not in draft.answers:
        return redirect(url_for("asking.start", language=language), 303)
    form = Form()
    if was_sent(form):
        with transaction():
            drafts.drop(draft)
        goal = "talking.enter" if draft.answers["code"] else "asking.start"
        return forget(redirect(url_for(goal, language=language), 303), COOKIE)
    code = draft.answers["code"]
    shown = {"code": code, "picture": _picture(code) if code else "", "urgency": draft.answers["urgency"]}
    return page("intake/end.html", form, said=places.told(language), **shown)


@public
def forget_all(language: str) -> ResponseReturnValue:
    """Delete what was begun on this phone."""
    if was_sent(Form()):
        with transaction():
            drafts.drop(_draft())
    return forget(redirect(url_for("asking.start", language=language), 303), COOKIE)


def _picture(code: str) -> Markup:
    """The digits as a picture that phones read; nothing of where they belong."""
    drawn = segno.make(code.replace(" ", ""), micro=False).svg_inline(border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 - segno draws squares; the digits in it are ours


def _draft() -> Draft:
    return drafts.load(request.cookies.get(COOKIE, ""))


def _shown(draft: Draft, answer: Response) -> Response:
    return keep(answer, COOKIE, draft.cookie, lasts=drafts.KEPT) if draft.id else answer
