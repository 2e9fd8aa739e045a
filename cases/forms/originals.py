"""Forms of the custody register: an original comes, an original goes back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedPicked, check_happened
from cases.forms.todo import ItemForm
from cases.service.views import OpenItem
from core.web.dates import DayField
from core.web.forms import Form, Limit, LineField, LinkField, TextField, TokenField, VersionField, required


class OriginalForm(ItemForm):
    """An original that lies with us."""

    document = LinkField()  # the copy in the file of which it is the original
    title = LineField(_l("Which document"), [required(_l("Write which document it is."))])
    giver = LineField(_l("From whom"), [required(_l("Write who gave it to us."))], limit=Limit.NAME)
    received_on = DayField(_l("Received on"), [required(_l("Enter the day."))])
    place = LineField(_l("Where it lies"), [required(_l("Write where it lies, so that it is found."))])
    more = TextField(_l("More about it"), limit=Limit.REASON)

    def validate_received_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)

    def data_of(self) -> dict[str, Any]:
        """What it is, from whom, since when, where it lies."""
        names = ("title", "giver", "place", "more")
        received = self.received_on.data
        return {name: self[name].data or "" for name in names} | {
            "received_on": received.isoformat() if received else ""
        }

    @classmethod
    def stored(cls, one: OpenItem) -> dict[str, Any]:
        """The values of the fields for one that is there."""
        return {**super().stored(one), "received_on": dt.date.fromisoformat(one.data["received_on"])}


class MistakenForm(Form):
    """Why an original was entered that does not lie with us, or not in this case."""

    version = VersionField()
    token = TokenField()
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


class ReturnForm(Form):
    """To whom it went back, and who signed for it."""

    version = VersionField()
    token = TokenField()
    returned_on = DayField(_l("Given back on"), [required(_l("Enter the day."))])
    to = LineField(_l("To whom"), [required(_l("Write to whom it was given."))], limit=Limit.NAME)
    how = ListedPicked(
        _l("Signature"), "original_signature", validators=[required(_l("Choose how it was confirmed."))]
    )
    text = TextField(_l("A word about it"), limit=Limit.REASON)

    def validate_returned_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)

    def gave(self) -> dict[str, Any]:
        """As the register keeps it."""
        on = self.returned_on.data
        return {
            "on": on.isoformat() if on else "",
            "to": self.to.data,
            "how": self.how.data,
            "text": self.text.data,
        }
