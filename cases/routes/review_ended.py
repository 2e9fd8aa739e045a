"""In place of a draft that its reviewer cannot open any more: what they typed about it, to be copied."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for

from cases.forms.legal_drafts import JudgeForm, SayForm, TextForm
from cases.routes.filling import filled
from cases.service.legal_drafts import is_done
from cases.service.reach import has_reviewed
from core.access.guard import visitor
from core.web.forms import LineField, TextField

_WRITE: Final = "cases.write_legal_draft"
_FORMS: Final = MappingProxyType[str, type[TextForm | SayForm | JudgeForm]](
    {_WRITE: TextForm, "cases.say_legal_draft": SayForm, "cases.judge_legal_draft": JudgeForm}
)
# The forms that a page gives again.
_GIVEN: Final = MappingProxyType[str, tuple[str, ...]](
    {"cases.legal_draft": ("cases.judge_legal_draft", "cases.say_legal_draft"), _WRITE: (_WRITE,)}
)


def instead(case_id: UUID) -> Response | None:
    """What answers for a draft that is not found, to who reviews here or did; else None.

    What they sent says that it was not recorded; where an earlier click recorded it, that click's answer
    stands. What came after their session was over was kept, and their page gives it. It says the same of a
    draft that there is not.
    """
    at_door, here = visitor(), request.endpoint or ""
    if at_door is None or at_door.actor is None or at_door.state != "open":
        return None
    known = _FORMS if request.method == "POST" else _GIVEN
    if here not in known or not has_reviewed(at_door.actor.person_id, case_id):
        return None
    return _sent(case_id, here) if request.method == "POST" else _kept(here)


def _sent(case_id: UUID, here: str) -> Response:
    form = _FORMS[here]()
    if is_done(form.token.data):
        return make_response(redirect(url_for("cases.show", case_id=case_id), 303))
    fields = [one for one in form if isinstance(one, LineField | TextField)]
    typed = [(str(one.label.text), one.data) for one in fields if one.data]
    page = render_template("cases/review_ended.html", typed=typed, begun=[])
    return make_response(page, HTTPStatus.CONFLICT)


def _kept(here: str) -> Response | None:
    forms = [filled(_FORMS[one], sent_to=one) for one in _GIVEN[here]]
    back = [form for form in forms if form.returned is not None]
    return make_response(render_template("cases/review_ended.html", typed=[], begun=back)) if back else None
