"""The form of a talk about the work."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cases.forms.choices import check_happened
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, TextField, TokenField, VersionField, required


class _SaidForm(Form):
    """When, what."""

    held_on = DayField(_l("Held on"), [required(_l("Enter the day."))])
    text = TextField(
        _l("What was said and agreed"), [required(_l("Write something first."))], limit=Limit.NOTE
    )

    def validate_held_on(self, field: DayField) -> None:
        """It has happened."""
        check_happened(field)


class TalkForm(_SaidForm):
    """With whom, when, what."""

    token = TokenField()
    other = Chosen(_l("With whom"), [required(_l("Choose a colleague."))], choices=())


class ChangeTalkForm(_SaidForm):
    """What a note says from now on; with whom stays."""

    version = VersionField()
