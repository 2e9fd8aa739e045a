"""Forms of the duty rota: days, hours, and the two who are on duty."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation, ValidationError

from core.web.dates import DayField
from core.web.forms import ChecksField, Chosen, Form, LineField, TokenField, VersionField, required
from domain.text import fold_digits
from intake.service.rota import HOLIDAYS, WEEKDAYS, Hours

_HOUR: Final = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?")
_MONDAY: Final = dt.date(2001, 1, 1)


def weekday_label(number: int) -> str:
    """The name of a weekday; Monday is 0."""
    return str(format_date(_MONDAY + dt.timedelta(days=number), "cccc"))


def day_choices() -> list[tuple[str, str]]:
    """The days that come again."""
    return [*((day, weekday_label(int(day))) for day in WEEKDAYS), (HOLIDAYS, _("Public holidays"))]


class HourField(LineField):
    """A time by the clock: 9, 0900, 9.30, 24:00 for midnight; `time` is it, midnight while it is wrong."""

    time: dt.time = dt.time()

    def pre_validate(self, form: object) -> None:
        """Read it; in whichever digits it was typed."""
        super().pre_validate(form)
        if not self.data:
            return
        found = _HOUR.fullmatch(fold_digits(self.data).replace(" ", ""))
        hour, minute = (int(part or 0) for part in found.groups()) if found else (99, 0)
        try:
            self.time = dt.time(0 if (hour, minute) == (24, 0) else hour, minute)
        except ValueError:
            raise StopValidation(_("Write the time like this: 09:00")) from None


class HoursForm(Form):
    """When, and who."""

    version = VersionField()
    begins = HourField(_l("Begins at"), [required()])
    ends = HourField(_l("Ends at"), [required()])
    person = Chosen(_l("On duty"))
    second = Chosen(_l("Second person"))

    def offer(self, people: Iterable[tuple[str, str, dict[str, str]]], *, second: Any, first: Any) -> None:
        """Who can be chosen, and what leaving it empty means."""
        named = list(people)
        self.person.choices, self.second.choices = [("", first, {}), *named], [("", second, {}), *named]

    def hours(self) -> Hours:
        """What the service takes."""
        first, second = (UUID(one.data) if one.data else None for one in (self.person, self.second))
        return Hours(self.begins.time, self.ends.time, first, second)


class NewHoursForm(HoursForm):
    """On days that come again, or on one date."""

    token = TokenField()
    days = ChecksField(_l("Every week on"), choices=day_choices)
    on = DayField(_l("Or only on one date"))

    def validate_days(self, field: ChecksField) -> None:
        """One of the two has to be said, not both."""
        if not field.data and not self.on.data and not self.on.errors and not self.on.process_errors:
            raise ValidationError(_("Choose days, or write a date."))
        if field.data and self.on.data:
            raise ValidationError(_("Choose days or write a date, not both."))
