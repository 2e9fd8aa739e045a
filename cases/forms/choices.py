"""Fields that several forms of a case share; choices come from the reference tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import wtforms
from flask_babel import gettext as _

from core import clock
from core.web.dates import DayField
from core.web.forms import ChecksField, Chosen, Form, LineField, Picked
from core.web.labels import issue_choices, list_choices, list_label, province_choices, urgency_choices
from domain import amounts, services
from domain.happened import YEARS_BACK, is_plausible
from domain.text import fold_digits

Pairs = list[tuple[str, str]]
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)


class Part(Form):
    """Fields that stand several times in a form, such as a phone."""

    class Meta(Form.Meta):
        """The form around it carries the token against forgery."""

        csrf = False


def text_of(form: wtforms.form.BaseForm, *names: str) -> dict[str, str]:
    """The cleaned texts or codes of some fields by name."""
    return {name: str(form[name].data or "") for name in names}


def with_none(choices: Sequence[tuple[str, str]], words: str) -> Pairs:
    """The choices behind an empty first one."""
    return [("", words), *choices]


class NumberField(LineField):
    """A phone or identity number as it stands on a paper; digits become Latin."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean, and fold Arabic-Indic and Persian digits."""
        super().process_formdata(valuelist)
        self.data = fold_digits(self.data or "")


class TimeField(NumberField):
    """A time of day, or nothing; `clock` gives it as "HH:MM"."""

    @property
    def clock(self) -> str:
        """Two digits each, or "" for nothing and for what is no time."""
        found = _TIME.fullmatch(self.data or "")
        return f"{int(found[1]):02}:{found[2]}" if found else ""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Raise ValidationError for what is no time."""
        super().pre_validate(form)
        if self.data and not self.clock:
            raise wtforms.ValidationError(_("Enter a time, for example 14:30"))


class AmountField(LineField):
    """An amount of money, or nothing; `lira` gives it in whole lira."""

    @property
    def lira(self) -> int | None:
        """None for nothing and for what is no amount."""
        try:
            return amounts.lira(self.data)
        except amounts.NoAmount:
            return None

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Raise ValidationError for what is no amount."""
        super().pre_validate(form)
        if self.data and self.lira is None:
            raise wtforms.ValidationError(_("Enter an amount in lira, for example 12,500"))


class GrantField(LineField):
    """The code of a donor's grant, as it is compared, or nothing."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Fold it. Raise ValidationError for what is no code."""
        super().pre_validate(form)
        try:
            self.data = services.grant(self.data)
        except services.NoGrant:
            raise wtforms.ValidationError(
                _("Enter the code of the grant alone, for example EU-2026/3")
            ) from None


class _Listed:
    """Choices are the entries of a code list, and the stored one where it is no longer offered."""

    def __init__(self, label: Any, list_name: str, *, empty: Any = None, **kwargs: Any) -> None:
        self.list_name, self.empty = list_name, empty
        super().__init__(label, choices=self.entries, **kwargs)  # type: ignore[call-arg] # mixed into a field

    def entries(self) -> Pairs:
        """Code and name, behind an empty answer where the field has one."""
        entries = list_choices(self.list_name)
        stored = getattr(self, "object_data", None)
        if isinstance(stored, str) and stored and stored not in dict(entries):
            entries.append((stored, list_label(self.list_name, stored)))
        return entries if self.empty is None else with_none(entries, str(self.empty))


class ListedField(_Listed, Chosen):
    """One entry of a code list, from a menu."""


class ListedPicked(_Listed, Picked):
    """One entry of a code list, as radio buttons."""


class ListedChecks(_Listed, ChecksField):
    """Any number of entries of a code list."""


def issues() -> dict[str, Pairs]:
    """Every issue in its group, behind an empty answer."""
    return {"": [("", _("Choose an issue"))], **issue_choices()}


def provinces() -> Pairs:
    """Every province, behind an empty answer."""
    return with_none(province_choices(), _("Not known"))


def any_state() -> Pairs:
    """The states of a case, behind "every state"."""
    return with_none(list_choices("case_state"), _("Every state"))


def any_urgency() -> Pairs:
    """The levels of urgency, behind "every urgency"."""
    return with_none(urgency_choices(), _("Every urgency"))


def check_happened(field: DayField) -> None:
    """Refuse a day on which nothing of ours can have happened; an empty field is right."""
    if field.data is None or is_plausible(field.data, clock.today()):
        return
    if field.data > clock.today():
        raise wtforms.ValidationError(_("This day is still to come. Look at the date once more"))
    raise wtforms.ValidationError(
        _("This is more than %(years)s years ago. Look at the year once more", years=YEARS_BACK)
    )
