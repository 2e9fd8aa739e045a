"""How somebody is reached without harm, a thing a page: where, how a number may be used, the way back.

Whoever gives no number is not asked how it may be used, and whoever wants to be called has no code to which a
message could call them back. What of it is kept together (`settled`) is decided in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import NumberField
from core.web.forms import ChecksField, Form, Limit, LineField, Picked, TokenField
from core.web.labels import list_choices
from core.web.locale import current_language
from domain.identity import comparable_phone, normalise_phone
from domain.intake.telling import Way
from domain.intake.urgency import Answer
from intake.forms.asking import OTHER, Step
from intake.forms.noticing import SMS, Noticing
from intake.service.sending import CALL, NOTICE_LANGUAGE
from intake.service.telling import FIELDS


def _owners() -> list[tuple[str, str]]:
    """Entries of the list `phone_owner`, said to whoever has the phone."""
    return [
        ("own", _("My own, nobody else looks at it")),
        ("shared", _("We share it in the family")),
        ("spouse", _("My husband’s or my wife’s")),
        ("relative", _("A relative’s")),
        ("friend", _("A friend’s or a neighbour’s")),
        ("unknown", _("I would rather not say")),
    ]


def _channels() -> list[tuple[str, str]]:
    """The ways of the list `contact_channel` by which somebody is reached."""
    return [(code, name) for code, name in list_choices("contact_channel") if code != "none"]


class _Number(Form):
    """A number, and who has it in their hand."""

    phone = NumberField(_l("Phone number"), limit=Limit.PHONE)
    whose = Picked(_l("Whose phone is it?"), choices=_owners, default="unknown")


class _Use(Form):
    """What may be done with a number."""

    channels = ChecksField(_l("How may we reach you?"), choices=_channels)
    hours = LineField(_l("When is it safe to call?"), limit=Limit.SHORT)
    message_ok = Picked(
        _l("May we leave a message?"),
        choices=lambda: [("no", _("No")), ("yes", _("Yes"))],
        default="no",
    )
    cover_name = LineField(_l("What should we say if somebody else answers?"), limit=Limit.NAME)


class ReachForm(_Number, Step):
    """How they get the answer; nobody has to be reached who comes back with a code."""

    page, title = "5", _l("How can we reach you safely?")
    names: ClassVar[tuple[str, ...]] = ("way", "phone", "whose")
    way = Picked(
        _l("How do you get our answer?"),
        choices=lambda: [
            ("code", _("I come back here with a code")),
            (CALL, _("Call me; I want no code")),
        ],
        default="code",
    )

    def validate_phone(self, field: NumberField) -> None:
        """Whoever wants to be called gives a number."""
        if self.way.data != CALL:
            return
        if not field.data:
            raise ValidationError(_("Write the number that we may call, or choose the code."))
        if normalise_phone(field.data).warnings:  # there is no other way to reach them
            raise ValidationError(_("This number cannot be called. Look at each digit, or choose the code."))


class UseForm(_Use, Step):
    """How the number may be used; asked of whoever gave one."""

    page, title = "6", _l("How may we use this number?")
    names = ("channels", "hours", "message_ok", "cover_name")

    @property
    def call_stays(self) -> bool:
        """Whether a call stays chosen whatever is ticked, because they asked for one (`settled`)."""
        return self.known.get("way") == CALL and _may_be_called(self.known)


class BackForm(Noticing, Step):
    """How they know that an answer is there, and are known again without the code."""

    page, title = "7", _l("When our answer is there")
    names = ("code_word",)
    code_word = LineField(_l("A word that only you and we know"), limit=Limit.SHORT)

    @property
    def has_code(self) -> bool:
        """Whether they come back by themselves."""
        return bool(self.known.get("way") != CALL)

    def number(self) -> tuple[str, Collection[str]]:
        """As the pages before have it."""
        return self.known.get("phone") or "", self.known.get("channels") or ()

    def validate_notice(self, field: Picked) -> None:
        """Who has no code has nothing to come back to."""
        if field.data and not self.has_code:
            raise ValidationError(_("Without a code there is no answer to look at. Choose no message."))

    def shown(self) -> tuple[str, ...]:
        """With the notice that was chosen."""
        return (*(FIELDS if self.notice.data else ()), *self.names)

    def answers(self) -> dict[str, Any]:
        """With the choice of a notice, and the language of the page for it."""
        return super().answers() | self.choice() | {NOTICE_LANGUAGE: current_language()}


class ChangeReachForm(Noticing, _Use, _Number, Step):
    """How to reach somebody from now on: all of it at once, as it stands."""

    names = ("phone", "whose", *UseForm.names)
    token = TokenField()

    def answers(self) -> dict[str, Any]:
        """With the choice of a notice."""
        return super().answers() | self.choice()


_NO_NUMBER: Final[dict[str, Any]] = {"channels": [], "hours": "", "message_ok": "no", "cover_name": ""}
_NO_NOTICE: Final = {"notice": "", "notice_mail": "", "notice_phone": ""}


def settled(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What else of a draft follows from answers that were just given: nothing contradicts another page.

    Without a number nothing stands of its use; another number is asked about anew; whoever wants to be called
    may be, unless a call is not safe; a message to a number that takes none is asked about anew.
    """
    answers = {**before, **now}
    if "way" not in answers:
        return {}
    phone = comparable_phone(answers.get("phone") or "")
    if not phone:
        found: dict[str, Any] = dict(_NO_NUMBER)
    else:
        channels = set(answers.get("channels") or ()) | ({CALL} if answers["way"] == CALL else set())
        if not _may_be_called(answers):
            channels.discard(CALL)
        found = {"channels": sorted(channels)}
        if phone != comparable_phone(before.get("phone") or ""):
            found[UseForm.mark()] = False
    if answers.get("notice") and answers["way"] == CALL:
        return found | _NO_NOTICE
    to = comparable_phone(answers.get("notice_phone") or "")
    if answers.get("notice") == Way.SMS and to == phone and SMS not in found["channels"]:
        return found | _NO_NOTICE | {BackForm.mark(): False}
    return found


def _may_be_called(answers: Mapping[str, Any]) -> bool:
    """Not where they said that a call puts the person whom they ask for in danger."""
    return not (answers.get("whom") == OTHER and answers.get("safe_call") == Answer.NO)
