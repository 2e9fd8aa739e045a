"""Forms of the triage desk, and of what stands on the public door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import AnyOf, Length, Optional, ValidationError

from awareness.forms.topics import followable
from awareness.service import public
from cases.forms.choices import ListedField, ListedPicked, with_none
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
    VersionField,
    required,
)
from core.web.labels import list_choices, province_choices, urgency_choices, yes_no
from core.web.locale import NAMES, current_language
from intake.forms.asking import LONGEST
from intake.service.sending import PAGE_LANGUAGE

IS_CLIENT: Final = _l("Is whoever writes the client of the case?")
NOT_CLIENT: Final = _l("Anybody else reads practical steps here, and nothing of the file.")
WORDS: Final[dict[str, Any]] = {
    "hours": _l("When somebody reads"),
    "notice": _l("What is different at present"),
    "tonight": _l("What to do tonight, and whom to call"),
}
HINTS: Final[dict[str, Any]] = {
    "hours": _l("Say it honestly, nights and holidays too. A frightened person plans by it."),
    "notice": _l("For example that answers take longer this week. Empty, nothing is shown."),
    "tonight": _l(
        "Numbers that answer at night, one below the other. Shown first, and again to whoever is in danger."
    ),
}
TEXT_LIMIT: Final = 2_000


def written_language(answers: Mapping[str, Any]) -> str:
    """The language in which somebody reads us: the one they speak, else the one of the page they wrote on.

    Whoever speaks Kurdish, or signs, has read one of our pages, and seldom the English one.
    """
    first = str(answers.get("language", "")).partition("_")[0]
    return first if first in NAMES else str(answers.get(PAGE_LANGUAGE) or "ar")


def topics() -> list[tuple[str, str]]:
    """Address and title of every published topic."""
    groups = public.shelf(current_language()).groups
    return [(entry.address, entry.title) for group in groups for entry in group.topics]


def may_stay_empty(field: TextField) -> None:
    """Let a text be left out; its length counts all the same."""
    field.validators = [Optional(), *(one for one in field.validators if isinstance(one, Length))]
    field.flags.required = False


class QueueForm(Form):
    """Which requests are listed."""

    class Meta(Form.Meta):
        """It changes nothing and stands in the address."""

        csrf = False

    state = Chosen(
        _l("Which requests"),
        choices=lambda: [("", _("Those that wait")), *list_choices("request_state")],
        default="",
    )
    language = Chosen(
        _l("Language"), choices=lambda: with_none(list_choices("language"), _("Every language")), default=""
    )
    province = Chosen(
        _l("Province"), choices=lambda: with_none(province_choices(), _("Every province")), default=""
    )


class WeighForm(Form):
    """How soon somebody has to look at a request."""

    version = VersionField()
    urgency = Chosen(_l("How urgent it is"), [required(_l("Choose one."))], choices=urgency_choices)


class AnswerForm(Form):
    """A line to the person."""

    token = TokenField()
    template = ListedField(_l("A text to begin with"), "answer_template", empty=_l("Choose a text"))
    text = TextField(_l("Your message"), [required(_l("Write something first."))], limit=LONGEST)

    def begins(self, answers: Mapping[str, Any]) -> bool:
        """Put the chosen text before what was typed, in a language that the person reads, where asked to.

        answers: of the request. True when it was asked; nothing is sent then.
        """
        if "begin" not in request.form:
            return False
        if self.template.data:
            texts = reference().lists["answer_template"]
            text = texts.label(self.template.data, written_language(answers))
            self.text.data = "\n\n".join(filter(None, (text, self.text.data)))
            self.template.data = ""
        return True


class LineForm(AnswerForm):
    """A line to the person, with files beside the words or instead of them."""

    shown = VersionField()  # how many lines of the person the page shows
    files = wtforms.MultipleFileField(
        _l("Photos, PDF or sound"),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf,audio/*"},
    )

    def carries(self) -> None:
        """Files go along: nothing has to be written."""
        may_stay_empty(self.text)


class ReplyForm(Form):
    """An answer to a complaint."""

    text = TextField(_l("Your answer"), [required(_l("Write something first."))], limit=LONGEST)


class ShareForm(Form):
    """Who is to read a complaint, too."""

    person = Chosen(_l("Person"), [required(_l("Choose a person"))])

    def offer(self, people: list[tuple[str, str, dict[str, str]]]) -> None:
        """Set who can be chosen."""
        self.person.choices = people


PROMISES: Final = ("not_ours", "conflict")  # texts that end on what stands below them


class EndForm(AnswerForm):
    """An answer without a case."""

    version = VersionField()
    topic = Chosen(
        _l("Legal information to read"), choices=lambda: with_none(topics(), _("None")), default=""
    )

    def validate_text(self, field: TextField) -> None:
        """A text that promises more to read is followed by it."""
        texts = reference().lists["answer_template"]
        said = " ".join(field.data.split())
        for code in PROMISES:
            bare = {" ".join(texts.label(code, language).split()) for language in NAMES}
            if said in bare and not (self.topic.data or self.adds_more()):
                raise ValidationError(
                    _("This text says that more stands below. Write it, or choose legal information.")
                )

    def adds_more(self) -> bool:
        """Whether something else of the form tells who can help."""
        return False

    def unread(self) -> None:
        """Whoever has no code reads nothing here: nothing has to be written."""
        may_stay_empty(self.text)


class MergeForm(Form):
    """Which case a request belongs to."""

    version = VersionField()
    reference = LineField(
        _l("Number of the case"), [required(_l("Type the number of the case."))], limit=Limit.SHORT
    )
    seen = HiddenField(validators=[Length(max=Limit.SHORT)])  # of which case the page said whose it is
    anyway = ChecksField(
        _l("Add it anyway"),
        choices=lambda: [("yes", _("I have looked at what was found, and it belongs to this case"))],
    )
    client = Picked(IS_CLIENT, choices=yes_no, description=NOT_CLIENT, validators=[Optional()])

    def is_client(self) -> bool | None:
        """Whether whoever writes is the client of the case; None where that was not asked."""
        return {"yes": True, "no": False}.get(self.client.data or "")


class NewCodeForm(Form):
    """How somebody made sure of the person who has lost their code."""

    version = VersionField()
    how = ListedPicked(
        _l("How do you know that it is them?"), "code_proof", validators=[required(_l("Choose one."))]
    )

    def without_word(self) -> None:
        """Nobody can say a word that was never agreed."""
        self.how.choices = [choice for choice in self.how.choices if choice.value != "word"]


class ContactForm(Form):
    """Whether a newer contact goes into the file; what the page showed stands beside the answer."""

    version = VersionField()
    said_at = HiddenField(validators=[Length(max=40)])
    take = HiddenField(validators=[AnyOf(("yes", "no"))])


class BeginForm(Form):
    """A conversation with somebody of a case who has no code yet."""

    token = TokenField()
    name = LineField(_l("With whom"), [required(_l("Write a name or who it is."))], limit=Limit.NAME)
    client = Picked(IS_CLIENT, [required(_l("Choose one."))], choices=yes_no, description=NOT_CLIENT)

    def is_client(self) -> bool:
        """Whether it is the client."""
        return self.client.data == "yes"


class ClientForm(Form):
    """Whether whoever writes in a conversation is the client of its case."""

    client = Picked(IS_CLIENT, [required(_l("Choose one."))], choices=yes_no)


class DoorForm(Form):
    """Whether the public can ask, from where, and what it reads. Its texts are `<part>_<language>`."""

    version = VersionField()
    open = Picked(_l("Take requests of the public"), choices=yes_no, default="no")
    provinces = ChecksField(_l("Only from these provinces"), choices=province_choices)

    def values(self) -> dict[str, Any]:
        """What the service keeps."""
        texts = {part: {code: self[f"{part}_{code}"].data or "" for code in NAMES} for part in WORDS}
        return {"open": self.open.data == "yes", "provinces": self.provinces.data or [], **texts}


for _part, _words in WORDS.items():
    for _code, _name in NAMES.items():
        _label = _l("%(part)s · %(language)s", part=_words, language=_name)
        setattr(DoorForm, f"{_part}_{_code}", TextField(_label, [followable], limit=TEXT_LIMIT))
