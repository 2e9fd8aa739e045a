"""Forms that come back: what was typed is kept sealed, and one page gives it again.

One table says which forms those are. Of any other form no page may promise that something was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as _l


class Key(NamedTuple):
    """Which draft: the endpoint that takes the form with whatever else its address names, and about what."""

    form: str
    about: UUID | None


@dataclass(frozen=True)
class KeptForm:
    """What a form is called on the desk, and the page that gives it again."""

    words: Any
    page: str
    arguments: tuple[str, ...] = ()  # of the address; the first is the object
    compares: bool = False  # the page itself shows both versions side by side when somebody saved meanwhile


_CASE: Final = ("case_id",)

FORMS: Final[dict[str, KeptForm]] = {
    "cases.new": KeptForm(_l("A new case"), "cases.new"),
    "cases.edit": KeptForm(_l("Changes to a case"), "cases.edit", _CASE, compares=True),
    "cases.note": KeptForm(_l("A line for a timeline"), "cases.show", _CASE),
    "cases.state": KeptForm(_l("A change of state"), "cases.state", _CASE),
    "cases.close": KeptForm(_l("Closing a case"), "cases.close", _CASE),
    "cases.reopen": KeptForm(_l("Reopening a case"), "cases.reopen", _CASE),
    "cases.step_off": KeptForm(_l("Leaving a case"), "cases.step_off", _CASE),
    "cases.restrict": KeptForm(_l("Who may open a case"), "cases.restrict", _CASE),
    "cases.unrestrict": KeptForm(_l("Who may open a case"), "cases.unrestrict", _CASE),
    "cases.assign": KeptForm(_l("Asking a lawyer"), "cases.assign", _CASE),
    "cases.decline": KeptForm(_l("An answer to an offer"), "cases.decline", ("assignment_id",)),
}

# Where a form saves itself while somebody writes: it is the same form.
_SAVED_AT: Final = {
    "cases.draft": "cases.new",
    "cases.draft_edit": "cases.edit",
    "cases.draft_note": "cases.note",
}

# Never part of a draft: the token against forgery, and which button was pressed.
_NOT_TYPED: Final = frozenset({"csrf_token", "add", "anyway"})
_CARRIED: Final = frozenset({"token", "version"})  # by every page, whether anybody typed or not


def here(endpoint: str = "") -> Key | None:
    """Which draft belongs to this address, or to another endpoint about the same; None where none is kept."""
    asked = endpoint or request.endpoint or ""
    name = _SAVED_AT.get(asked, asked)
    if name not in FORMS:
        return None
    values = {**request.args, **(request.view_args or {})}
    about, *rest = [values.get(argument) for argument in FORMS[name].arguments] or [None]
    return Key("/".join([name, *map(str, rest)]), uuid_of(about))


def kept_form(form: str) -> KeptForm | None:
    """What the table says about the form of a draft; None for one that no page gives again any more."""
    return FORMS.get(form.partition("/")[0])


def page_of(form: str, about: UUID | None) -> str:
    """The address of the page that gives a kept form again, or "" when none does."""
    kept = kept_form(form)
    if kept is None:
        return ""
    given: list[Any] = [about, *form.split("/")[1:]]
    return url_for(kept.page, **dict(zip(kept.arguments, given, strict=False)))


def typed() -> dict[str, list[str]]:
    """The fields of the form that was sent as drafts keep them, without anything secret."""
    return {
        name: values
        for name, values in request.form.lists()
        if name not in _NOT_TYPED and "password" not in name
    }


def anything(fields: Mapping[str, list[str]]) -> bool:
    """Whether somebody filled anything in."""
    return any(any(values) for name, values in fields.items() if name not in _CARRIED)


def uuid_of(value: object) -> UUID | None:
    """An id as an address or a form carries it; anything else is none."""
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
