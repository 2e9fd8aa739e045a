"""The form by which somebody notes that they called who asked for help."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import TimeField, check_happened
from core import clock
from core.web.dates import DayField
from core.web.forms import Form, Limit, Picked, TokenField, required


class CallForm(Form):
    """When somebody called, and whether the person answered."""

    token = TokenField()
    on = DayField(_l("Called on"), [required(_l("Enter day, month and year"))])
    at = TimeField(_l("At what time?"), [required(_l("Enter a time, for example 14:30"))], limit=Limit.SHORT)
    reached = Picked(
        _l("Did you reach the person?"),
        [required(_l("Choose one."))],
        choices=lambda: [("yes", _("Yes")), ("no", _("No"))],
    )

    def validate_on(self, field: DayField) -> None:
        """It was."""
        check_happened(field)

    def moment(self) -> dt.datetime:
        """Day and time by the clock in Türkiye; of a form that is right."""
        day = self.on.data or clock.today()
        return dt.datetime.combine(day, dt.time.fromisoformat(self.at.clock), clock.ISTANBUL)
