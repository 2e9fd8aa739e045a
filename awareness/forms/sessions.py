"""The form of a session that was held: what, when, where, and how many by sex and age."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from awareness.forms.topics import issues
from awareness.service.sessions import MOST, Counts
from cases.forms.choices import ListedField, ListedPicked
from core.reference import reference
from core.web.dates import DayField
from core.web.forms import Chosen, Form, TokenField, required
from core.web.labels import list_label, province_choices
from domain.text import fold_digits


class CountField(wtforms.IntegerField):
    """How many; an empty box is nought. Digits may be Arabic-Indic."""

    data: int | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a whole number. Raises ValueError with the sentence the person sees."""
        typed = fold_digits(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not re.fullmatch(r"[0-9]{0,7}", typed) or int(typed or 0) > MOST:
            raise ValueError(_("Enter a whole number up to 100,000"))
        self.data = int(typed or 0)


def provinces() -> list[tuple[str, str]]:
    """Every province, behind an empty answer."""
    return [("", _("Choose a province")), *province_choices()]


class SessionForm(Form):
    """A session. Its counts are fields `<sex>_<age>`, made below."""

    token = TokenField()
    held_on = DayField(_l("Day"), [required(_l("Enter the day on which it was held"))])
    issue = Chosen(_l("What it was about"), [required(_l("Choose an issue"))], choices=issues)
    province = Chosen(_l("Province"), [required(_l("Choose a province"))], choices=provinces)
    place = ListedPicked(_l("Kind of place"), "session_place", validators=[required()])
    language = ListedField(_l("Language"), "language", empty=_l("Choose a language"), validators=[required()])
    total = CountField(_l("How many people came"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _band, fields in self.rows():
            for sex, field in zip(reference().lists["sex"].codes, fields, strict=True):
                field.label.text = list_label("sex", sex)

    def values(self) -> dict[str, Any]:
        """What the service keeps, without the counts."""
        return {name: self[name].data for name in ("held_on", "issue", "province", "place", "language")}

    def counts(self) -> Counts:
        """Sex -> age band -> how many."""
        return {
            sex: {age: self[_name(sex, age)].data or 0 for age in reference().lists["age_band"].codes}
            for sex in reference().lists["sex"].codes
        }

    def rows(self) -> list[tuple[str, list[wtforms.Field]]]:
        """Each age band with its fields, one for each sex."""
        return [
            (age, [self[_name(sex, age)] for sex in reference().lists["sex"].codes])
            for age in reference().lists["age_band"].codes
        ]


def _name(sex: str, age: str) -> str:
    return f"{sex}_{age.replace('-', '_').replace('+', '_more')}"


for _sex in reference().lists["sex"].codes:
    for _age in reference().lists["age_band"].codes:
        setattr(SessionForm, _name(_sex, _age), CountField())
