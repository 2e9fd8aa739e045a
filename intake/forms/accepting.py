"""The form by which a request becomes a case: that of a case, and whether the person wants it at all."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.record import NewCaseForm
from core.web.forms import ChecksField, Limit, LineField


class AcceptForm(NewCaseForm):
    """A case from a request. Where whoever asked said that the person does not want help, somebody asks."""

    wants = ChecksField(
        _l("Does the person want our help?"),
        choices=lambda: [("yes", _("I asked the person again: they want our help"))],
    )
    wants_how = LineField(_l("When and how they were asked, and what they said"), limit=Limit.LINE)
    refused = False  # whether whoever asked said so

    def validate_wants(self, field: ChecksField) -> None:
        """No file is opened about somebody who does not want it."""
        if self.refused and "yes" not in (field.data or ()):
            raise ValidationError(
                _("Ask the person first. Without their yes no case is opened; answer without a case.")
            )

    def validate_wants_how(self, field: LineField) -> None:
        """Somebody else has to be able to see that it was so."""
        if self.refused and not (field.data or "").strip():
            raise ValidationError(_("Write when and how the person was asked, and what they said."))

    def asked_again(self) -> str:
        """What the person said when somebody asked; "" where nobody had to."""
        return (self.wants_how.data or "").strip() if self.refused else ""
