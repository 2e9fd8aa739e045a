"""Templates of letters: one is brought, and one is filled for a case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from cases.forms.choices import issues, with_none
from cases.service.letter_library import ISSUES, KINDS
from core.web.forms import (
    Chosen,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)
from core.web.labels import list_label
from core.web.locale import NAMES

ACCEPT: Final = ".docx"


def _kinds() -> list[tuple[str, str]]:
    return with_none([(code, list_label("document_kind", code)) for code in KINDS], _("Choose"))


class TemplateForm(Form):
    """A template as it is brought, and what is said of it."""

    token = TokenField()
    version = VersionField()
    file = FileField(_l("File of Word (.docx)"), render_kw={"accept": ACCEPT})
    subject = LineField(
        _l("What the letter is"), [required(_l("Write what the letter is"))], limit=Limit.NAME
    )
    language = Picked(
        _l("Language of the letter"),
        [required(_l("Choose the language"))],
        choices=lambda: list(NAMES.items()),
    )
    kind = Chosen(_l("What it is"), [required(_l("Choose what it is"))], choices=_kinds)
    issue_1 = Chosen(_l("Suits cases about"), choices=issues)
    issue_2 = Chosen(_l("Also suits cases about"), choices=issues)
    issue_3 = Chosen(_l("Also suits cases about"), choices=issues)

    def validate_file(self, field: FileField) -> None:
        """There is one."""
        if not field.data:
            raise wtforms.ValidationError(_("Choose a file"))

    def said(self) -> dict[str, Any]:
        """As the service keeps it."""
        chosen = [self[name].data for name in _ISSUES if self[name].data]
        return {
            **{name: self[name].data for name in ("subject", "language", "kind")},
            "issues": list(dict.fromkeys(chosen)),
        }


_ISSUES: Final = tuple(f"issue_{number}" for number in range(1, ISSUES + 1))


def fields_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the form for a version that is there already."""
    told = {name: about[name] for name in ("subject", "language", "kind")}
    return {**told, **dict(zip(_ISSUES, about["issues"], strict=False))}


class LetterForm(Form):
    """A letter in a case: its title, and a box for each field of the template."""

    token = TokenField()
    version = VersionField()
    stood = wtforms.HiddenField()  # what the page filled in, by box: a mark of each value
    title = LineField(_l("Title in the case"), [required(_l("Write a title"))], limit=Limit.NAME)


def box_of(key: str) -> str:
    """The name of the box of a field: the same in every version of a template."""
    return f"field_{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def marks_of(filled: Mapping[str, str]) -> str:
    """What a page carries of the values that it fills in, by box."""
    return " ".join(f"{box}:{_mark(value)}" for box, value in filled.items() if value)


def ask_again(form: LetterForm, filled: Mapping[str, str]) -> bool:
    """Say beside each box what the page filled in there and the file says no more; gives whether any is.

    filled: what the file says now, by box. Sent once more it is taken as it stands.
    """
    stood = dict(one.split(":", 1) for one in (form.stood.data or "").split() if ":" in one)
    asked = False
    for box, now in filled.items():
        data = form[box].data or ""
        if data and data != now and stood.get(box) == _mark(data):
            said = (
                _("The file says by now: %(now)s. Correct it, or send it again as it is.", now=now)
                if now
                else _("The file does not say this any more. Empty it, or send it again as it is.")
            )
            form[box].errors, asked = [*form[box].errors, said], True
    form.stood.data = marks_of(filled)
    return asked


def _mark(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def form_for(fields: Iterable[tuple[str, str, bool]]) -> type[LetterForm]:
    """The form of a letter with these fields: what tells each apart, its label, whether it is long."""
    boxes = {
        box_of(key): TextField(label, limit=Limit.REASON) if long else LineField(label)
        for key, label, long in fields
    }
    return type("LetterForm", (LetterForm,), boxes)
