"""The questions of a request, a page each: first contact and no more (domain.md 3.1, layer 1)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import ListedField, NumberField, with_none
from core.reference import reference
from core.web.forms import (
    ChecksField,
    Chosen,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    required,
)
from core.web.labels import list_choices, province_choices
from core.web.locale import current_language
from domain.identity import normalise_phone
from domain.intake.urgency import Answer
from intake.forms.noticing import Noticing
from intake.service.sending import CALL, NOTICE_LANGUAGE
from intake.service.telling import FIELDS

LONGEST: Final = 4_000
OTHER: Final = "other"


def sure_or_not() -> list[tuple[str, str]]:
    """For what somebody may not know."""
    return [
        (Answer.YES.value, _("Yes")),
        (Answer.NO.value, _("No")),
        (Answer.UNSURE.value, _("I do not know")),
    ]


def _subjects() -> list[tuple[str, str]]:
    groups = reference().taxonomy.groups.values()
    named = [(group.code, group.label.of(current_language())) for group in groups]
    return with_none(named, _("I am not sure"))


class Step(Form):
    """One page of questions; `answers` is what the draft keeps of it."""

    page: ClassVar[str]  # what its template is called
    kept_as: ClassVar[str] = ""  # what the draft calls it, where that would say too much of a longer form
    title: ClassVar[Any]
    names: ClassVar[tuple[str, ...]] = ()

    def answers(self) -> dict[str, Any]:
        """The cleaned answers by name."""
        return {name: self[name].data or self[name].default or "" for name in self.names}

    def shown(self) -> tuple[str, ...]:
        """The names of what is looked at once more before it is sent."""
        return self.names


class WhomForm(Step):
    """For whom somebody asks."""

    page, title = "1", _l("Who needs help?")
    names = ("whom",)
    whom = Picked(
        _l("Who needs help?"),
        [required(_l("Choose one of the two."))],
        choices=lambda: [("me", _("I do")), (OTHER, _("Somebody else, and I ask for them"))],
    )


class UrgentForm(Step):
    """What cannot wait."""

    page, title = "2", _l("Is it urgent?")
    names = ("detained", "removal", "deadline", "danger")
    detained = Picked(
        _l("Is somebody held by the police or in a removal centre?"),
        [required(_l("Choose an answer."))],
        choices=sure_or_not,
    )
    removal = Picked(
        _l("Is somebody about to be sent out of the country?"),
        [required(_l("Choose an answer."))],
        choices=sure_or_not,
    )
    deadline = Picked(
        _l("Is there a paper with a date, or a decision that was handed over?"),
        [required(_l("Choose an answer."))],
        choices=sure_or_not,
    )
    danger = Picked(
        _l("Is somebody in danger tonight?"), [required(_l("Choose an answer."))], choices=sure_or_not
    )


class WithFiles(Form):
    """Photos, papers and a voice message beside a text, or instead of it."""

    files = wtforms.MultipleFileField(
        _l("Photos or papers"), render_kw={"accept": "image/jpeg,image/png,image/webp,application/pdf"}
    )
    voice = wtforms.FileField(_l("A voice message"), render_kw={"accept": "audio/*"})
    told = False  # whether something else tells it, so that nothing has to be written

    def validate_text(self, field: TextField) -> None:
        """Something is told, in one way or the other."""
        if not field.data.strip() and not self.told:
            raise ValidationError(self.untold())

    def untold(self) -> Any:
        """What to say where nothing is told."""
        return _("Write something first, or add a voice message or a photo.")


class TellForm(WithFiles, Step):
    """What happened, in their words."""

    page, title = "3", _l("What happened?")
    names = ("text", "subject")
    text = TextField(_l("What happened?"), limit=LONGEST)

    def untold(self) -> Any:
        """A photo alone does not tell what happened."""
        return _("Write one sentence, or add a voice message.")

    subject = Chosen(_l("What is it about?"), choices=_subjects)


def _places() -> list[tuple[str, str]]:
    return with_none(province_choices(), _("I do not know, or would rather not say"))


class WhoForm(Step):
    """Whom we speak with, where, and in which language."""

    page, title = "4", _l("About you")
    names = ("name", "province", "language", "other_side")
    name = LineField(_l("What may we call you?"), limit=Limit.NAME)
    province = Chosen(_l("Where do you live now?"), choices=_places)
    language = ListedField(_l("In which language do we speak?"), "language", default="ar_levantine")
    other_side = LineField(_l("Who is on the other side?"), limit=Limit.NAME)


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


class Reach(Noticing, Step):
    """How to reach somebody without harm."""

    names: ClassVar[tuple[str, ...]] = ("phone", "whose", "channels", "hours", "message_ok", "cover_name")
    phone = NumberField(_l("Phone number"), limit=Limit.PHONE)
    whose = Picked(_l("Whose phone is it?"), choices=_owners, default="unknown")
    channels = ChecksField(_l("How may we reach you?"), choices=_channels)
    hours = LineField(_l("When is it safe to call?"), limit=Limit.SHORT)
    message_ok = Picked(
        _l("May we leave a message?"),
        choices=lambda: [("no", _("No")), ("yes", _("Yes"))],
        default="no",
    )
    cover_name = LineField(_l("What should we say if somebody else answers?"), limit=Limit.NAME)

    def shown(self) -> tuple[str, ...]:
        """With the notice that was chosen."""
        return (*self.names, *(FIELDS if self.notice.data else ()))

    def answers(self) -> dict[str, Any]:
        """With the choice of a notice, and the language of the page for it."""
        return super().answers() | self.choice() | {NOTICE_LANGUAGE: current_language()}


class ReachForm(Reach):
    """How to reach them; nobody has to be reached who comes back with a code."""

    page, title = "5", _l("How can we reach you safely?")
    names = ("way", *Reach.names, "code_word")
    way = Picked(
        _l("How do you get our answer?"),
        choices=lambda: [
            ("code", _("I come back here with a code")),
            (CALL, _("Call me; I want no code")),
        ],
        default="code",
    )
    code_word = LineField(_l("A word that only you and we know"), limit=Limit.SHORT)

    def validate_phone(self, field: NumberField) -> None:
        """Whoever wants to be called gives a number."""
        if self.way.data != CALL:
            return
        if not field.data:
            raise ValidationError(_("Write the number that we may call, or choose the code."))
        if normalise_phone(field.data).warnings:  # there is no other way to reach them
            raise ValidationError(_("This number cannot be called. Look at each digit, or choose the code."))

    def validate_notice(self, field: Picked) -> None:
        """Who has no code has nothing to come back to."""
        if self.way.data == CALL and field.data:
            raise ValidationError(_("Without a code there is no answer to look at. Choose no message."))

    def answers(self) -> dict[str, Any]:
        """Whoever wants to be called may be called."""
        found = super().answers()
        if found["way"] == CALL:
            found["channels"] = sorted({*(found["channels"] or ()), CALL})
        return found


class ChangeReachForm(Reach):
    """How to reach somebody from now on."""

    token = TokenField()


class SendForm(Form):
    """Nothing is asked any more."""

    token = TokenField()


class CodeForm(Form):
    """The code, to come back."""

    code = NumberField(_l("Your code"), [required(_l("Type the code."))], limit=Limit.SHORT)


class SayForm(Form):
    """A line of the conversation."""

    token = TokenField()
    text = TextField(_l("Your message"), [required(_l("Write something first."))], limit=LONGEST)


class TalkForm(WithFiles, SayForm):
    """A line of the conversation, with what belongs to it."""

    text = TextField(_l("Your message"), limit=LONGEST)


class ComplainForm(SayForm):
    """What somebody says against us."""

    text = TextField(
        _l("What are you not content with?"), [required(_l("Write something first."))], limit=LONGEST
    )


# For oneself; `intake.forms.other` has those of whoever asks for somebody else.
STEPS: Final[tuple[type[Step], ...]] = (WhomForm, UrgentForm, TellForm, WhoForm, ReachForm)
