"""Declarations that an organisation owes: one that a rule counts, one for a day, and that it was given."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, check_happened, text_of
from cases.forms.deadlines import WatchForm
from core import clock
from core.web.dates import DayField
from core.web.forms import (
    Chosen,
    Form,
    Limit,
    LineField,
    LinkField,
    TextField,
    TokenField,
    VersionField,
    required,
)

_AHEAD: Final = dt.timedelta(days=366 * 5)
_DAY: Final = _l("Enter the day.")


class _About(Form):
    """What is asked of every declaration."""

    token = TokenField()
    after = LinkField()  # the declaration that it follows
    period = LineField(_l("For which period"), limit=Limit.SHORT)
    authority = ListedField(
        _l("To which authority"),
        "authority",
        empty=_l("Choose"),
        validators=[required(_l("Choose the authority"))],
    )
    more = TextField(_l("More about it"), limit=Limit.REASON)

    def about(self) -> dict[str, str]:
        """As the service takes it."""
        return text_of(self, "period", "authority", "more")


class CountedForm(_About, WatchForm):
    """One whose day a rule gives; it is shown before it is planned."""

    counted = wtforms.HiddenField()  # from which day the date was counted that the page showed
    begun = DayField(_l("From which day it is counted"), [required(_DAY)])

    def watchers(self) -> tuple[UUID, UUID]:
        """Who is responsible, and the second person."""
        return UUID(self.responsible.data), UUID(self.second.data)

    def validate_begun(self, field: DayField) -> None:
        """A financial year may end on a day to come."""
        if field.data is not None and not abs(field.data - clock.today()) < _AHEAD:
            raise wtforms.ValidationError(_("This is more than five years away. Look at the year once more"))


class PlannedForm(_About):
    """One that no rule counts: somebody says the day."""

    day = DayField(_l("Until which day"), [required(_DAY)])
    every = ListedField(_l("How often it comes back"), "declaration_every")
    owner = Chosen(_l("On whose desk"), [required(_l("Choose a person."))], choices=())

    def validate_day(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        if field.data is not None and not abs(field.data - clock.today()) < _AHEAD:
            raise wtforms.ValidationError(_("This is more than five years away. Look at the year once more"))


class AnewForm(PlannedForm):
    """The same of one that is owed."""

    version = VersionField()


class GivenForm(Form):
    """That it was given."""

    version = VersionField()
    token = TokenField()
    on = DayField(_l("When?"), [required(_DAY)])
    proof = TextField(
        _l("How can it be proved?"),
        [required(_l("Write how it can be proved, for example the number of the receipt."))],
        limit=Limit.REASON,
    )

    def validate_on(self, field: DayField) -> None:
        """It has happened."""
        check_happened(field)


class TurnForm(Form):
    """Which version is taken out, or up again; once for each page."""

    version = VersionField()
    token = TokenField()
