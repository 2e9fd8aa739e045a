"""What a reviewer was typing while others ended their review is shown, so that it can be copied."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from uuid import UUID

from flask import Response, make_response, render_template, request

from cases.forms.legal_drafts import JudgeForm, SayForm, TextForm
from cases.service.reach import has_reviewed
from core.access.guard import visitor
from core.web.forms import Form, LineField, TextField

_FORMS: Final = MappingProxyType[str | None, type[Form]](
    {
        "cases.write_legal_draft": TextForm,
        "cases.say_legal_draft": SayForm,
        "cases.judge_legal_draft": JudgeForm,
    }
)


def page(case_id: UUID) -> Response | None:
    """In place of a draft that is not found: what was typed about it, for who reviews here or did.

    It says the same of a draft that there is not. None for every other form, and where nothing was typed.
    """
    kind, at_door = _FORMS.get(request.endpoint), visitor()
    if kind is None or at_door is None or at_door.actor is None or at_door.state != "open":
        return None
    fields = [one for one in kind() if isinstance(one, LineField | TextField)]
    typed = [(str(one.label.text), one.data) for one in fields if one.data]
    if not typed or not has_reviewed(at_door.actor.person_id, case_id):
        return None
    return make_response(render_template("cases/review_ended.html", typed=typed), HTTPStatus.CONFLICT)
