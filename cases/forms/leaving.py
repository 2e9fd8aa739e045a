"""Leaving a case, with a power of attorney or without, and being shut out of one."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedPicked, check_happened
from core.web.dates import DayField
from core.web.forms import Form, Limit, Picked, TextField, required
from core.web.labels import yes_no


def _note_ways() -> list[tuple[str, str]]:
    return [
        ("stay", _("I stay until another lawyer has accepted and can read them, fifteen days at most")),
        ("leave", _("I leave at once: whoever follows reads them only after recovery")),
    ]


class LeaveForm(Form):
    """Why somebody leaves; a lawyer also says whether they hold a power of attorney.

    notes: of whoever is the only one to read them.
    """

    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)
    power = Picked(_l("Do you hold a power of attorney of this person"), choices=yes_no, default="no")
    notice_on = DayField(_l("Day on which the person was notified that you give the case up"))
    notes = Picked(_l("What becomes of the lawyers’ notes"), choices=_note_ways, default="stay")

    def validate_notice_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)


class NoticeForm(Form):
    """On which day the client was notified; from then on the time runs."""

    notice_on = DayField(
        _l("Day on which the person was notified that you give the case up"), [required(_l("Enter the day"))]
    )

    later = TextField(_l("Why it is later than the recorded day"), limit=Limit.REASON)

    def validate_notice_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)


class CutForm(Form):
    """Why somebody who answers for the case loses it at once."""

    why = ListedPicked(_l("Why"), "cut_reason", validators=[required(_l("Choose why"))])
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)
