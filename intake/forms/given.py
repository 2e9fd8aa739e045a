"""Everything that was answered, to be looked at before it is sent: whatever a form keeps is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import wtforms
from flask_babel import gettext as _

from cases.forms.choices import NumberField
from core.web.forms import EmailField, TextField
from intake.forms.pages import steps


@dataclass(frozen=True)
class Given:
    """An answer: the question, what was answered, and how it is drawn (words, typed, number)."""

    label: str
    text: str = field(repr=False)
    kind: str


@dataclass(frozen=True)
class Page:
    """A page of questions: its number, its title, what was answered there."""

    number: int
    title: str
    answers: list[Given]


def given(answers: Mapping[str, Any]) -> list[Page]:
    """The answers of every page of a draft."""
    pages = []
    for number, kind in enumerate(steps(answers), 1):
        form = kind(formdata=None, data=answers, meta={"csrf": False})
        form.known = answers
        found = [_given(form[name]) for name in form.shown()]
        pages.append(Page(number, str(kind.title), [one for one in found if one.text]))
    return pages


def _given(asked: wtforms.Field) -> Given:
    label = str(asked.label.text)
    if isinstance(asked, wtforms.SelectFieldBase):
        chosen = asked.data if isinstance(asked.data, list) else [asked.data]
        words = [str(choice[1]) for choice in asked.iter_choices() if choice[0] and choice[0] in chosen]
        return Given(label, _(", ").join(words), "words")
    if isinstance(asked, TextField):
        kind = "typed"
    else:
        kind = "number" if isinstance(asked, (NumberField, EmailField)) else "line"
    return Given(label, str(asked.data or ""), kind)
