"""The small forms of work on a case: notes, states, people, assignment."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, check_happened, with_none
from cases.service.views import Row
from core import clock
from core.web.dates import DayField
from core.web.filters import number
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
from core.web.labels import list_choices

NOTE_KINDS: Final = ("note", "call", "message", "visit", "meeting", "step")


def note_kinds() -> list[tuple[str, str]]:
    """What a line of the timeline can be, in words."""
    words = {
        "note": _("Note"),
        "call": _("Phone call"),
        "message": _("Message"),
        "visit": _("Visit"),
        "meeting": _("Meeting"),
        "step": _("Step taken"),
    }
    return [(kind, words[kind]) for kind in NOTE_KINDS]


class WhoseForm(Form):
    """Which of the open deadlines are listed."""

    class Meta(Form.Meta):
        """It changes nothing and stands in the address."""

        csrf = False

    whose = Chosen(
        _l("Which deadlines"),
        choices=[
            ("", _l("All that I may open")),
            ("mine", _l("Those that I watch")),
            ("touched", _l("Those that a change of law touches")),
        ],
        default="",
    )


class SearchForm(Form):
    """A name or a reference; it travels in the body, never in the address."""

    q = LineField(
        _l("Name, number or reference"),
        [required(_l("Type a name, a number or a reference"))],
        limit=Limit.QUERY,
    )


class NoteForm(Form):
    """One line of the timeline."""

    token = TokenField()
    kind = Picked(_l("Kind"), choices=note_kinds, default="note")
    channel = ListedField(_l("By which channel"), "channel", empty=_l("As the kind says"))
    direction = ListedField(_l("From whom or to whom"), "contact_direction", empty=_l("Not stated"))
    on = DayField(_l("When it took place"))
    text = TextField(_l("What to remember"), [required(_l("Write something first"))], limit=Limit.NOTE)

    def validate_on(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)

    def contact(self) -> dict[str, Any]:
        """What is said about a contact, as the service takes it."""
        return {"channel": self.channel.data, "direction": self.direction.data, "on": self.on.data}

    def says_more(self) -> bool:
        """Whether any of it is filled in, or wrong."""
        asked = (self.channel, self.direction, self.on)
        return any(field.data or field.errors for field in asked)


class LawyerNoteForm(Form):
    """A note that only the lawyers of the case read."""

    token = TokenField()
    text = TextField(_l("Note for the lawyers"), [required(_l("Write something first"))], limit=Limit.NOTE)


class TakeOutForm(Form):
    """Why what was written does not belong here."""

    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


class MoveForm(Form):
    """To another state, with a reason where the move needs one."""

    version = VersionField()
    to = Picked(_l("Move to"), [required(_l("Choose a state"))], choices=lambda: list_choices("case_state"))
    reason = TextField(_l("Reason"), limit=Limit.REASON)


class ReasonForm(Form):
    """An act that needs a reason."""

    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


LINES: Final = 6  # for references, at first; as many more with each click
MOST_LINES: Final = 30


class TogetherForm(Form):
    """Other cases of the same household or event: one that is chosen, and several by their references.

    The words of the search stay in the body.
    """

    version = VersionField()
    kind = Picked(
        _l("What they share"),
        [required(_l("Say whether it is the same household or the same event."))],
        choices=lambda: list(together_kinds().items()),
    )
    q = LineField(_l("Name, number or reference"), limit=Limit.QUERY)
    other = Chosen(_l("The other case"))
    references = wtforms.FieldList(
        LineField(_l("Reference"), limit=Limit.CODE), min_entries=LINES, max_entries=MOST_LINES
    )
    known: Mapping[str, UUID] = MappingProxyType(
        {}
    )  # of these references, in capitals, the cases one may open

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._count()

    def _count(self) -> None:
        """Each line says which it is, so that its error does too."""
        for place, entry in enumerate(self.references, 1):
            entry.label.text = _("Reference %(count)s", count=number(place))

    def written(self) -> dict[str, Any]:
        """The references that were written, in capitals, each with its field."""
        found = ((str(entry.data or "").strip().upper(), entry) for entry in self.references)
        return {text: entry for text, entry in found if text}

    def more_lines(self) -> None:
        """Offer further lines, as long as there may be more."""
        for _line in range(min(LINES, MOST_LINES - len(self.references))):
            self.references.append_entry()
        self._count()

    def others(self) -> dict[UUID, Any]:
        """All that were chosen or written, each with its field."""
        chosen = {UUID(self.other.data): self.other} if self.other.data else {}
        return chosen | {self.known[text]: entry for text, entry in self.written().items()}

    def validate_other(self, field: Chosen) -> None:
        """One at least, here or by its reference."""
        if not field.data and not self.written():
            raise wtforms.ValidationError(_("Choose a case."))

    def validate_references(self, field: wtforms.FieldList) -> None:
        """Each is a case that one may open."""
        for text, entry in self.written().items():
            if text not in self.known:
                entry.errors = [*entry.errors, _("No other case that you may open has this reference.")]
        field.errors = [entry.errors for entry in field] if any(entry.errors for entry in field) else []

    def offer(self, lines: list[Row]) -> None:
        """Set which cases can be chosen."""
        named = [(str(line.id), f"{line.reference} · {line.name}") for line in lines]
        self.other.choices = with_none(named, _("Choose"))


def together_kinds() -> dict[str, str]:
    """What several cases can share, in words."""
    return {"household": _("The same household"), "event": _("The same event")}


class BesideForm(Form):
    """A new case that is begun beside another one, once for each page."""

    token = TokenField()


class LeaveTogetherForm(Form):
    """A case that is counted by itself again."""

    version = VersionField()
    token = TokenField()
    kind = wtforms.HiddenField()


class MemberForm(Form):
    """Somebody who is to work on the case."""

    person = Chosen(_l("Person"), [required(_l("Choose a person"))])
    last_day = DayField(_l("Last day"))

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Set who can be chosen."""
        self.person.choices = with_none(people, _("Choose a person"))

    def validate_last_day(self, field: DayField) -> None:
        """A day that is not over."""
        if field.data is not None and field.data < clock.today():
            raise wtforms.ValidationError(_("This day is over. Choose today or a later one"))


class RestrictForm(Form):
    """Those who may open a restricted file besides the one who restricts it."""

    named = ChecksField(
        _l("Who may open it besides you"), [required(_l("Name at least one other person who may open it"))]
    )

    def people(self) -> list[UUID]:
        """The ids of the people chosen."""
        return [UUID(code) for code in self.named.data or ()]


class AssignForm(Form):
    """The lawyer to whom the file is offered."""

    version = VersionField()
    lawyer = Picked(_l("Lawyer"), [required(_l("Choose a lawyer"))])


class DeclineForm(Form):
    """Why an offered file is not accepted."""

    code = ListedField(
        _l("Why you decline"), "decline_reason", empty=_l("Choose"), validators=[required(_l("Choose why"))]
    )
    reason = TextField(_l("More about it"), limit=Limit.REASON)


class SameForm(Form):
    """What somebody says of two files, with the versions that were compared."""

    version = VersionField()
    other = VersionField()
    said = Picked(
        _l("Are these files of one person?"),
        [required(_l("Choose an answer."))],
        choices=lambda: [
            ("same_person", _("Yes, of the same person")),
            ("not_same", _("No, of two people")),
            ("open", _("Nobody knows yet")),
        ],
    )

    def versions(self) -> tuple[int, int]:
        """Of this file and of the other."""
        return self.version.data, self.other.data

    def answer(self) -> str:
        """As the service takes it: nothing where nobody knows."""
        return "" if self.said.data == "open" else str(self.said.data)
