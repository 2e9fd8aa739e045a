"""The first page after signing in: what waits, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from accounts.service.drafts import KeptDraft
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.filters import datetime_long
from core.web.locale import current_language
from desk import service

blueprint: Final = Blueprint("desk", __name__)

# Forms that come back: what they are, the page that shows them again, and what its address names.
_FORMS: Final = {
    "cases.new": (_l("A new case"), "cases.new", ""),
    "cases.edit": (_l("Changes to a case"), "cases.edit", "case_id"),
    "cases.note": (_l("A line for a timeline"), "cases.show", "case_id"),
    "cases.state": (_l("A change of state"), "cases.state", "case_id"),
    "cases.close": (_l("Closing a case"), "cases.close", "case_id"),
    "cases.reopen": (_l("Reopening a case"), "cases.reopen", "case_id"),
    "cases.step_off": (_l("Leaving a case"), "cases.step_off", "case_id"),
    "cases.restrict": (_l("Who may open a case"), "cases.restrict", "case_id"),
    "cases.unrestrict": (_l("Who may open a case"), "cases.unrestrict", "case_id"),
    "cases.decline": (_l("An answer to an offer"), "cases.decline", "assignment_id"),
}


def page_of(form: str, about: UUID | None) -> str:
    """The address of the page that shows a kept form again, or "" when none does."""
    if form not in _FORMS:
        return ""
    _words, endpoint, argument = _FORMS[form]
    values: dict[str, Any] = {argument: about} if argument else {}
    return url_for(endpoint, **values)


@blueprint.get("/desk")
@needs(Permission.DESK_READ)
def show() -> ResponseReturnValue:
    """My desk."""
    with transaction():
        desk = service.my_desk(actor(), current_language())
    return render_template("desk/show.html", desk=desk, drafts=_begun(desk.drafts))


def _begun(drafts: Iterable[KeptDraft]) -> list[dict[str, Any]]:
    """Forms that were begun and not sent, each with the page where it goes on."""
    return [
        {
            "title": _FORMS[draft.form][0],
            "url": page_of(draft.form, draft.object_id),
            "text": datetime_long(draft.saved_at),
        }
        for draft in drafts
        if draft.form in _FORMS
    ]
