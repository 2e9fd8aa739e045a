"""Whether somebody wants to be told that an answer is there: a choice of its own, and by default no."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import NumberField
from core.outgoing.ways import ways_to_people
from core.web.forms import ChecksField, EmailField, Form, Limit, Picked
from domain.identity import comparable_phone, normalise_phone
from domain.intake.telling import Days, Part, Way
from intake.notice_words import SUBJECT, TEXT
from intake.service.telling import FIELDS

SMS: Final = "sms"  # of the list `contact_channel`


def _ways() -> list[tuple[str, str]]:
    offered = ways_to_people()
    named = [(Way.MAIL.value, _("Yes, by e-mail")), (Way.SMS.value, _("Yes, by SMS"))]
    return [("", _("No, I look by myself with my code")), *(pair for pair in named if pair[0] in offered)]


def _parts() -> list[tuple[str, str]]:
    return [
        (Part.MORNING.value, _("In the morning, 9 to 12")),
        (Part.AFTERNOON.value, _("In the afternoon, 12 to 17")),
        (Part.EVENING.value, _("In the evening, 17 to 20")),
    ]


def _days() -> list[tuple[str, str]]:
    return [
        (Days.ALL.value, _("On every day")),
        (Days.WORKING.value, _("Monday to Friday")),
        (Days.WEEKEND.value, _("Saturday and Sunday")),
    ]


class Noticing(Form):
    """The fields of the choice, beside those of how to reach somebody."""

    notice = Picked(_l("Shall we tell you when an answer is there?"), choices=_ways, default="")
    notice_mail = EmailField(_l("E-mail address for this message"))
    notice_phone = NumberField(_l("Phone number for this message"), limit=Limit.PHONE)
    notice_parts = ChecksField(
        _l("When may this message come?"), choices=_parts, default=[part.value for part in Part]
    )
    notice_days = Picked(_l("On which days?"), choices=_days, default=Days.ALL.value)

    @property
    def offered(self) -> set[str]:
        """The ways that this installation has; without one nothing is asked."""
        return set(ways_to_people())

    @property
    def notice_words(self) -> tuple[str, str]:
        """Subject and text of the message, word for word."""
        return str(SUBJECT), str(TEXT)

    def validate_notice_mail(self, field: EmailField) -> None:
        """An address for whoever wants mail."""
        if self.notice.data == Way.MAIL and not field.data:
            raise ValidationError(_("Write the address, or choose no message."))

    def validate_notice_phone(self, field: NumberField) -> None:
        """A number that a message can be sent to, and to which they allow messages."""
        if self.notice.data != Way.SMS:
            return
        if not field.data or normalise_phone(field.data).warnings:  # a wrong digit is somebody else's phone
            raise ValidationError(_("Write the phone number with all its digits, or choose no message."))
        given, ways = self.number()
        if comparable_phone(given) == comparable_phone(field.data) and SMS not in ways:
            raise ValidationError(
                _("You did not allow messages to this number. Allow SMS for it, or choose no message.")
            )

    def number(self) -> tuple[str, Collection[str]]:
        """The number by which they may be reached, and the ways that are allowed to it."""
        return self["phone"].data or "", self["channels"].data

    def validate_notice_parts(self, field: ChecksField) -> None:
        """Without a safe time nothing could ever leave."""
        if self.notice.data and not field.data:
            raise ValidationError(_("Choose at least one time, or choose no message."))

    def choice(self) -> dict[str, Any]:
        """What is kept of it: only what was chosen, no address of the other way."""
        way = self.notice.data
        found = {name: self[name].data for name in FIELDS}
        unused = {"notice_mail": way == Way.MAIL, "notice_phone": way == Way.SMS}
        return found | {name: "" for name, used in unused.items() if not used}
