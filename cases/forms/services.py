"""A service that was given: codes and a length of time, no words about anybody."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import GrantField, ListedField, check_happened
from cases.forms.closing import LevelField
from core import clock
from core.web.dates import DayField
from core.web.forms import Form, Limit, LineField, TokenField, required
from domain import services
from domain.services import NoTime


class GiveForm(Form):
    """One service, with the level that was agreed with the person and the one that was given."""

    token = TokenField()
    on = DayField(_l("Day"))
    agreed = LevelField(_l("Level agreed"), empty=_l("Choose"), validators=[required(_l("Choose a level"))])
    level = LevelField(_l("Level given"), empty=_l("Choose"), validators=[required(_l("Choose a level"))])
    activity = ListedField(
        _l("What the time went to"),
        "activity",
        empty=_l("Choose"),
        validators=[required(_l("Choose what the time went to"))],
    )
    minutes = LineField(_l("Time"), [required(_l("Enter the time, for example 1:30"))], limit=Limit.NUMBER)
    grant = GrantField(_l("Grant code"), limit=Limit.NUMBER)

    def validate_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)

    def validate_minutes(self, field: LineField) -> None:
        """A length of time that fits into a day."""
        try:
            services.minutes(field.data or "")
        except NoTime:
            raise wtforms.ValidationError(
                _("Enter hours and minutes, for example 1:30, or minutes alone, for example 45")
            ) from None

    def said(self) -> dict[str, Any]:
        """What the service keeps."""
        return {
            "on": self.on.data or clock.today(),
            "agreed": self.agreed.data,
            "level": self.level.data,
            "activity": self.activity.data,
            "minutes": services.minutes(self.minutes.data or ""),
            "grant": self.grant.data,
            "token": self.token.data,
        }
