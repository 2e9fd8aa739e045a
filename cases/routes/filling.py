"""What the views share: forms that come back from a draft, acts that a service may refuse, the open case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Literal, TypeVar
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from accounts.models import Person
from accounts.service import drafts
from cases.service import files
from cases.service.views import OpenCase
from core.access.guard import actor
from core.errors import DomainError
from core.store.transaction import transaction
from core.web.forms import Form

AnyForm = TypeVar("AnyForm", bound=Form)
Result = TypeVar("Result")

# Never part of a draft: the token against forgery, and which button was pressed.
_NOT_TYPED = ("csrf_token", "add", "anyway")


def opened(case_id: UUID, *, before: str | None = None) -> OpenCase:
    """The case, opened for this request; the act is on the chain."""
    with transaction():
        return files.open_case(actor(), case_id, before=before)


def filled(
    kind: type[AnyForm], form_name: str, object_id: UUID | None, **values: Any
) -> tuple[AnyForm, bool]:
    """The form as sent, or as its draft kept it, or with the stored values; and whether a draft came back."""
    if request.method == "POST":
        return kind(**values), False
    draft = drafts.load(actor(), form_name, object_id)
    if draft is None:
        return kind(formdata=None, **values), False
    # A draft that outlived its own sending must not pass for the case that was recorded then.
    draft.pop("token", None)
    return kind(formdata=MultiDict(draft), **values), True


def typed() -> dict[str, list[str]]:
    """What stands in the form that was sent, for a draft."""
    return {name: values for name, values in request.form.lists() if name not in _NOT_TYPED}


def done(
    form: Form, act: Callable[[], Result | None], form_name: str = "", object_id: UUID | None = None
) -> Result | Literal[True] | None:
    """Carry out an act for a form that was sent and is right, in one transaction; its draft goes with it.

    Gives what the act gave, or True. What the service refuses as not possible stands beside its field and
    gives None; anything else it raises is an error page.
    """
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            result = act()
            if form_name:
                drafts.discard(actor(), form_name, object_id)
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.explain(error)
        return None
    return result or True


def back(case_id: object, said: str) -> ResponseReturnValue:
    """To the page of the case, which says what was done."""
    flash(said, "done")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def status_of(*forms: Form) -> int:
    """200, or 422 for a page that shows what is wrong with a form."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if any(form.errors for form in forms) else HTTPStatus.OK


def nothing() -> Response:
    """Done, nothing to show."""
    return Response(status=HTTPStatus.NO_CONTENT)


def people(persons: Iterable[Person]) -> list[tuple[str, str]]:
    """Id and name of colleagues, to choose from."""
    return [(str(person.id), person.name) for person in persons]
