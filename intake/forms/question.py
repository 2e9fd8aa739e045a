"""A question that has to be read, for the hours in which machines send requests."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import NumberField
from core.web.forms import Limit, required
from intake.forms.asking import SendForm

_NUMBERS: Final = (
    _l("one"), _l("two"), _l("three"), _l("four"), _l("five"), _l("six"), _l("seven"), _l("eight"),
    _l("nine"),
)  # fmt: skip # one list


class AskedForm(SendForm):
    """Sending, with a sum that stands there in words."""

    sum = NumberField(
        _l("A question, because machines are sending letters"),
        [required(_l("Write a number."))],
        limit=Limit.SHORT,
    )

    def __init__(self, draft_id: UUID | None) -> None:
        super().__init__()
        number = (draft_id or UUID(int=0)).int
        self._pair = 1 + number % 9, 1 + number // 9 % 9

    @property
    def question(self) -> str:
        """The sum, in words."""
        one, other = (_NUMBERS[number - 1] for number in self._pair)
        return str(
            _("How much are %(one)s and %(other)s together? Write it in digits.", one=one, other=other)
        )

    def validate_sum(self, field: NumberField) -> None:
        """The sum, in digits of any script."""
        if (field.data or "").strip() != str(sum(self._pair)):
            raise ValidationError(_("That is not the number. Read the question once more."))
