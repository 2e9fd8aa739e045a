"""How a case ends, and why it goes on."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import AmountField, ListedField, Pairs, text_of
from core.web.forms import Form, Limit, LineField, TextField, TokenField, VersionField, required
from domain.services import LEVELS

NO_BENEFIT = "none"


class LevelField(ListedField):
    """A level of service that a file can have."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, "service_level", **kwargs)

    def entries(self) -> Pairs:
        """Code and name, behind an empty answer."""
        return [(code, name) for code, name in super().entries() if not code or code in LEVELS]


class CloseForm(Form):
    """How a case ended: level given, closing code, outcome and benefit are four different things."""

    version = VersionField()
    token = TokenField()
    shown_way = (
        wtforms.HiddenField()
    )  # what the page offered, so that a second click ends where the first did
    level = LevelField(_l("Service given"), empty=_l("Choose"), validators=[required(_l("Choose a level"))])
    code = ListedField(
        _l("Closing code"), "closing_code", empty=_l("Choose"), validators=[required(_l("Choose a code"))]
    )
    outcome = ListedField(
        _l("Outcome"), "outcome", empty=_l("Choose"), validators=[required(_l("Choose an outcome"))]
    )
    benefit = ListedField(_l("Main benefit to the person"), "benefit", empty=_l("Choose"))
    amount = AmountField(_l("Amount in lira"), limit=Limit.NUMBER)
    why = ListedField(
        _l("Why it is closed"), "close_reason", empty=_l("Choose"), validators=[required(_l("Choose why"))]
    )
    reason = TextField(_l("More about it"), limit=Limit.REASON)
    despite = LineField(_l("Why it closes although something is still open"))

    def validate_amount(self, field: AmountField) -> None:
        """An amount of something that came of it."""
        if field.data and self.benefit.data in {None, "", NO_BENEFIT}:
            raise wtforms.ValidationError(_("Choose the benefit that this is the amount of"))

    def closing(self) -> dict[str, Any]:
        """What the service keeps about the end."""
        said: dict[str, Any] = text_of(self, "level", "code", "outcome", "benefit", "despite")
        return said | ({"amount": self.amount.lira} if self.amount.data else {})


class ReopenForm(Form):
    """Why a closed case goes on."""

    version = VersionField()
    why = ListedField(
        _l("Why it is reopened"), "reopen_reason", empty=_l("Choose"), validators=[required(_l("Choose why"))]
    )
    reason = TextField(_l("More about it"), limit=Limit.REASON)
