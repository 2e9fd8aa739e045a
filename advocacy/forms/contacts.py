"""Forms of addressees, contacts, letters and outcomes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy import dossier_words
from advocacy.service.contact_seal import Note
from advocacy.service.contacts import Line
from advocacy.service.institutions import PERSON, TEXTS
from cases.forms.choices import ListedField, ListedPicked, NumberField, text_of, with_none
from core import clock
from core.web.dates import DayField
from core.web.forms import (
    Chosen,
    EmailField,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)


def _languages() -> list[tuple[str, str]]:
    return dossier_words.languages()


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


class InstitutionForm(Form):
    """An addressee; everything here is public."""

    token = TokenField()
    version = VersionField()
    kind = ListedField(
        _l("What it is"),
        "addressee_kind",
        empty=_l("Choose what it is"),
        validators=[required(_l("Choose what it is."))],
    )
    name_tr = LineField(_l("Name in Turkish"), limit=Limit.LINE)
    name_ar = LineField(_l("Name in Arabic"), limit=Limit.LINE)
    name_en = LineField(_l("Name in English"), limit=Limit.LINE)
    address = LineField(_l("Public address"), limit=Limit.LINE)

    def values(self) -> dict[str, str]:
        """By name of the column."""
        return text_of(self, *TEXTS)


class PersonForm(Form):
    """Somebody at an institution."""

    token = TokenField()
    version = VersionField()
    name = LineField(_l("Name"), [required(_l("Write the name."))], limit=Limit.NAME)
    role = LineField(_l("Office or role"), limit=Limit.LINE)
    phone = NumberField(_l("Phone"), limit=Limit.PHONE)
    email = EmailField(_l("E-mail"))
    remark = TextField(_l("Remark"), limit=Limit.REASON)

    def values(self) -> dict[str, str]:
        """By name."""
        return text_of(self, *PERSON)


class ContactForm(Form):
    """A line of the log."""

    token = TokenField()
    kind = ListedField(
        _l("What happened?"), "contact_kind", validators=[required(_l("Choose what happened."))]
    )
    on = DayField(_l("When?"), [required(_l("Enter the day."))])
    institution = Chosen(_l("Addressee"), [required(_l("Choose the addressee."))], choices=())
    person = Chosen(_l("Who there?"), choices=())
    channel = LineField(_l("How?"), limit=Limit.LINE)
    language = Chosen(_l("Language"), choices=lambda: with_none(_languages(), _("None")))
    number = Chosen(_l("Version of the dossier that was handed over"), choices=())
    words = TextField(_l("What was said or sent"), limit=Limit.REASON)
    next_step = LineField(_l("Next step"), limit=Limit.LINE)
    due_on = DayField(_l("Promised until"))
    owner = Chosen(_l("Who looks after the promise?"), choices=())
    anyway = wtforms.BooleanField(_l("Write it although earlier addressees were not contacted yet"))
    version = VersionField()

    @staticmethod
    def of(line: Line) -> dict[str, Any]:
        """The fields as a line of the log fills them, to put it right."""
        note = line.note
        return {
            "kind": note.kind,
            "on": note.on,
            "institution": str(note.institution_id),
            "person": str(note.person_id or ""),
            "channel": note.channel,
            "language": note.language,
            "number": str(note.number or ""),
            "words": note.words,
            "next_step": note.next_step,
            "due_on": line.due_on,
            "owner": str(line.owner_id or ""),
        }

    def note(self) -> Note:
        """What is to be sealed."""
        return Note(
            self.kind.data,
            self.on.data or clock.today(),
            UUID(self.institution.data),
            _id(self.person.data),
            self.channel.data or "",
            self.language.data,
            int(self.number.data or 0),
            self.words.data or "",
            self.next_step.data or "",
        )

    def typed(self) -> tuple[Note, dt.date | None, UUID | None]:
        """What is to be sealed; of a promise, until when and who looks after it."""
        return self.note(), self.due_on.data, _id(self.owner.data)


class OutcomeForm(Form):
    """A step of the ladder that was reached."""

    token = TokenField()
    step = Picked(_l("What was reached?"), [required(_l("Choose a step."))], choices=())
    on = DayField(_l("When?"), [required(_l("Enter the day."))])
    evidence = TextField(
        _l("How do you know it?"),
        [required(_l("Write how you know it, and where that stands."))],
        limit=Limit.REASON,
    )
    later_cases = NumberField(_l("Later cases that confirm a changed practice"), limit=Limit.SHORT)

    def validate_later_cases(self, field: NumberField) -> None:
        """A number, or nothing."""
        if field.data and not re.fullmatch(r"[0-9]{1,6}", field.data):
            raise wtforms.ValidationError(_("Enter a whole number"))

    def confirmed_by(self) -> int:
        """How many cases."""
        return int(self.later_cases.data or 0)


class ReviewForm(Form):
    """What a look found."""

    found = TextField(_l("Does it still hold?"), [required(_l("Write what you found."))], limit=Limit.REASON)


class TellForm(Form):
    """What those who hold a contributing case are told."""

    words = TextField(
        _l("What can they tell the person?"),
        [required(_l("Write what they can tell the person."))],
        limit=Limit.REASON,
    )


class ChooseLetterForm(Form):
    """Which letter to whom."""

    class Meta(Form.Meta):
        """Choosing changes nothing."""

        csrf = False

    institution = Chosen(_l("Addressee"), [required(_l("Choose the addressee."))], choices=())
    kind = ListedPicked(_l("Letter"), "letter_kind", validators=[required(_l("Choose a letter."))])
    language = Chosen(_l("Language"), [required(_l("Choose a language."))], choices=_languages)


class LetterTextForm(Form):
    """The words with which letters of a kind begin."""

    version = VersionField()
    text = TextField(_l("Text of the letter"), [required(_l("Write the letter."))], limit=Limit.NOTE)


class LetterForm(Form):
    """The letter as it will be printed."""

    person = Chosen(_l("To the attention of"), choices=())
    body = TextField(_l("Text of the letter"), [required(_l("Write the letter."))], limit=Limit.NOTE)
    seen = wtforms.HiddenField()  # which marked words the page showed
    read = wtforms.BooleanField(_l("I have read what is marked: nothing of it says who a person is"))
    format = Picked(
        _l("File"),
        [required(_l("Choose a kind of file."))],
        choices=(("pdf", _l("PDF, to print")), ("docx", _l("DOCX, to edit"))),
    )
