"""The information notice and the consents: asked one by one, each with the wording that was read out."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedChecks, ListedField, ListedPicked, Part, with_none
from core import clock
from core.reference import reference
from core.web.forms import Chosen, Form, Limit, LineField, Picked, TextField, TokenField, required
from core.web.locale import DEFAULT, NAMES, current_language
from domain.consents import NOTICE, STORY, ConsentWording

NOT_ASKED = "not_asked"


def wordings() -> tuple[ConsentWording, ...]:
    """Every wording in force today, the notice first."""
    return reference().consents.all_current(clock.today())


def first_wordings() -> tuple[ConsentWording, ...]:
    """What is asked while a case is recorded. For a story nobody is asked before there is one to tell."""
    return tuple(wording for wording in wordings() if wording.code != STORY)


def fresh_answers() -> list[dict[str, str]]:
    """One unanswered question for each wording that is asked at once."""
    return [{"kind": wording.code, "version": str(wording.version)} for wording in first_wordings()]


def _answers(kind: str | None) -> list[tuple[str, str]]:
    """The notice is explained, not asked."""
    if kind == NOTICE:
        return [(NOT_ASKED, _("Not explained yet")), ("given", _("Explained"))]
    return [(NOT_ASKED, _("Not asked yet")), ("given", _("Agrees")), ("refused", _("Refuses"))]


class ConsentPart(Part):
    """One question and its answer. The version is the one that the page showed."""

    kind = wtforms.HiddenField()
    version = wtforms.HiddenField()
    answer = Picked(_l("Answer"), default=NOT_ASKED)
    how = ListedField(_l("How it was given"), "consent_given_how", default="oral")
    language = Chosen(
        _l("Language in which it was explained"), choices=lambda: list(NAMES.items()), default=DEFAULT
    )

    detail = LineField(_l("With whom and for what"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = _answers(self.kind.data)
        wording = self.wording()
        if wording is not None:
            self.answer.label.text = wording.title.of(current_language())

    asked = staticmethod(first_wordings)

    def wording(self) -> ConsentWording | None:
        """The wording that the page shows, or None where its kind came damaged."""
        return next((wording for wording in self.asked() if wording.code == self.kind.data), None)

    def validate_answer(self, _field: Picked) -> None:
        """The answer belongs to the wording in force: one that changed meanwhile has to be read out again."""
        wording = self.wording()
        if self.was_asked() and (wording is None or str(wording.version) != self.version.data):
            raise wtforms.ValidationError(_("The wording has changed. Open the page again and read it out."))

    def was_asked(self) -> bool:
        """True when there is an answer."""
        return self.answer.data not in {"", NOT_ASKED}

    def answered(self) -> dict[str, Any]:
        """The consent as the service seals it."""
        return {
            "kind": self.kind.data,
            "answer": self.answer.data,
            "how": self.how.data,
            "language": self.language.data,
            "detail": self.detail.data,
        }


class ConsentForm(ConsentPart):
    """One consent asked later, on its own page. Who agreed to one wording has not agreed to the next."""

    of_one_version = ("answer",)
    read_out = ("version", "shown")

    class Meta(Form.Meta):
        """A form of its own has its own token against forgery."""

    asked = staticmethod(wordings)
    answer = Picked(_l("Answer"), [required(_l("Choose the answer"))])
    token = TokenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [choice for choice in self.answer.choices if choice[0] != NOT_ASKED]


class StoryConsentForm(ConsentForm):
    """A story: how far it may go. For a child also why it is in the best interests of the child."""

    level = ListedPicked(_l("How far may the story go?"), "story_level")
    detail = TextField(_l("For a child: why is it in the best interests of the child?"), limit=Limit.REASON)

    def validate_level(self, field: ListedPicked) -> None:
        """Nobody agrees to a story without saying how far it may go."""
        if self.answer.data == "given" and not field.data:
            raise wtforms.ValidationError(_("Choose how far the story may go."))

    def answered(self) -> dict[str, Any]:
        """The consent as the service seals it."""
        return {**super().answered(), "level": self.level.data}


class SharingForm(ConsentForm):
    """Sharing with somebody: with whom, for what, which fields. A refusal needs only the recipient."""

    recipient = Chosen(_l("With whom"), [required(_l("Choose with whom"))])
    purposes = ListedChecks(_l("For what"), "service")
    fields = ListedChecks(_l("What may be shared"), "packet_field")
    detail = LineField(_l("More about it"))
    shown = wtforms.HiddenField()  # whom the page named, as `consents.state_of` tells it

    def offer(self, recipients: list[tuple[str, str]]) -> None:
        """Set who can be named."""
        self.recipient.choices = with_none(recipients, _("Choose an organisation"))

    def validate_purposes(self, field: ListedChecks) -> None:
        """Nobody agrees to sharing for nothing in particular."""
        if self.answer.data == "given" and not field.data:
            raise wtforms.ValidationError(_("Choose for what it may be shared"))

    def validate_fields(self, field: ListedChecks) -> None:
        """What was not named to the person does not go."""
        if self.answer.data == "given" and not field.data:
            raise wtforms.ValidationError(_("Choose what may be shared"))

    def answered(self) -> dict[str, Any]:
        """The consent as the service seals it."""
        return {
            **super().answered(),
            "recipient": self.recipient.data,
            "purposes": self.purposes.data,
            "fields": self.fields.data,
            "shown": (self.shown.data or "").split(),
        }
