"""A question that has to be read, for the hours in which machines send requests or try codes."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import NumberField
from core.web.forms import Form, Limit, TokenField, required
from core.web.limits import worth_a_try
from intake.forms.asking import CodeForm, SendForm

_NUMBERS: Final = (
    _l("one"), _l("two"), _l("three"), _l("four"), _l("five"), _l("six"), _l("seven"), _l("eight"),
    _l("nine"),
)  # fmt: skip # one list


def pair_of(asks: UUID) -> tuple[int, int]:
    """The two numbers that follow from what is asked of, the same on every try."""
    return 1 + asks.int % 9, 1 + asks.int // 9 % 9


class _Asked(Form):
    """A sum that stands there in words; which one follows from a number."""

    sum = NumberField(
        _l("A question, because machines are sending letters"),
        [required(_l("Write a number."))],
        limit=Limit.SHORT,
    )
    asks: UUID

    @property
    def question(self) -> str:
        """The sum, in words."""
        one, other = (_NUMBERS[number - 1] for number in pair_of(self.asks))
        return str(
            _("How much are %(one)s and %(other)s together? Write it in digits.", one=one, other=other)
        )

    def validate_sum(self, field: NumberField) -> None:
        """The sum, in digits of any script."""
        if (field.data or "").strip() != str(sum(pair_of(self.asks))):
            raise ValidationError(_("That is not the number. Read the question once more."))


class AskedForm(_Asked, SendForm):
    """Sending, with a sum."""

    def __init__(self, draft_id: UUID | None) -> None:
        super().__init__()
        self.asks = draft_id or UUID(int=0)


class AskedCodeForm(_Asked, CodeForm):
    """The code, with a sum. An answer is worth a few tries; then there is another question."""

    token = TokenField()

    def __init__(self) -> None:
        super().__init__()
        self.asks = self.token.data

    def right(self) -> bool:
        """Whether the code may be tried; without that, nothing slow is done. Spends a try."""
        if worth_a_try(self.asks.hex):
            return True
        self.renew()
        self.sum.errors = [_("Here is a new question. Answer this one.")]
        return False

    def renew(self) -> None:
        """Ask something else."""
        self.token.data = self.token.carried = self.asks = uuid4()
        self.sum.data = ""
