"""The questions of a request, a page each: first contact and no more (domain.md 3.1, layer 1).

Those about how to reach somebody are in `intake.forms.reaching`, the order of all in `intake.forms.pages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import ListedField, NumberField, with_none
from core.reference import reference
from core.web.forms import (
    Chosen,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    required,
)
from core.web.labels import province_choices
from core.web.locale import current_language
from domain.intake.urgency import Answer

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
    known: Mapping[str, Any] = MappingProxyType({})  # what the draft keeps of all pages

    @classmethod
    def mark(cls) -> str:
        """Under what the draft keeps that this page was answered."""
        return f"page {cls.kept_as or cls.page}"

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
        _l("Photos or papers"),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf"},
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
