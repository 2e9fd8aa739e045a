"""Lines of the timeline: which are shown, and those that hold more than words."""

from __future__ import annotations

from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, NumberField, TimeField, check_happened, text_of
from cases.forms.todo import plausible
from cases.forms.work import NoteForm
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, LineField, TextField, TokenField, VersionField, required
from domain.lines import FILING, OUTCOME


class TypeForm(Form):
    """Which lines of the timeline are shown."""

    class Meta(Form.Meta):
        """It changes nothing and stands in the address: a type says nothing about anybody."""

        csrf = False

    type = ListedField(_l("Show"), "line_type", empty=_l("All lines"), default="")


class _LineForm(Form):
    """What both of them have."""

    token = TokenField()
    on = DayField(_l("Day"), [required(_l("Enter the day"))])
    number = NumberField(_l("Under which number"), limit=Limit.NUMBER)
    document = Chosen(_l("Document in the case"), choices=())
    text = TextField(_l("Note"), limit=Limit.NOTE)

    def validate_on(self, field: DayField) -> None:
        """It has happened."""
        check_happened(field)

    def said(self) -> dict[str, str]:
        """As the service takes it."""
        told = text_of(self, *(field.name for field in self if field.name not in _APART))
        return {**told, "on": self.on.data.isoformat() if self.on.data else ""}


_NEXT: Final = frozenset({"next_on", "next_at"})
_APART: Final = frozenset({"token", "csrf_token", "text", "on", "open_then", "wrong"})


class FilingForm(_LineForm):
    """What was filed, where, when, under which number, and how that is proved."""

    what = LineField(_l("What was filed"), [required(_l("Write what was filed"))], limit=Limit.LINE)
    authority = ListedField(
        _l("Authority or court"),
        "authority",
        empty=_l("Choose"),
        validators=[required(_l("Choose the authority"))],
    )
    name = LineField(_l("Which one"), limit=Limit.NAME)
    proof = LineField(_l("How can it be proved?"), limit=Limit.LINE)

    def validate_proof(self, field: LineField) -> None:
        """What can't be proved was not filed."""
        if not (field.data or self.document.data):
            raise wtforms.ValidationError(
                _("Write how it can be proved, or choose the document that proves it.")
            )


class _CameForm(_LineForm):
    """What came of something, on which day."""

    of = Chosen(_l("Of what"), [required(_l("Choose of what it is the outcome."))], choices=())
    result = ListedField(
        _l("What came of it"),
        "line_outcome",
        empty=_l("Choose"),
        validators=[required(_l("Choose what came of it."))],
    )


class OutcomeForm(_CameForm):
    """What came of a step, a filing, a hearing or the case."""

    next_on = DayField(_l("Next date"))
    next_at = TimeField(_l("Time in Türkiye"), limit=Limit.SHORT)
    open_then = wtforms.HiddenField()  # ids of the hearings that were open when the page was shown

    def validate_next_on(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def said(self) -> dict[str, str]:
        """Likewise; `following` is the next date of a hearing, `was_open` whether the page showed it open."""
        told = {name: value for name, value in super().said().items() if name not in _NEXT}
        day = self.next_on.data.isoformat() if self.next_on.data else ""
        was_open = "yes" if self.of.data in (self.open_then.data or "").split() else ""
        return {**told, "following": f"{day}T{self.next_at.clock}" if day else "", "was_open": was_open}


class NotSoForm(Form):
    """What was wrong with a line; alone, that nothing of the kind happened."""

    token = TokenField()
    wrong = TextField(_l("What was wrong"), [required(_l("Write the reason"))], limit=Limit.REASON)


class CorrectNoteForm(NotSoForm, NoteForm):
    """How it was, and what was wrong: what somebody wrote about a contact, a step, or anything else."""

    def said(self) -> dict[str, Any]:
        """As `timeline.contact_of` takes it."""
        return self.contact()


class CorrectFilingForm(NotSoForm, FilingForm):
    """Likewise something that was filed."""


class CorrectOutcomeForm(NotSoForm, _CameForm):
    """Likewise what came of something."""


class OutForm(Form):
    """Why a line belongs to somebody else's case."""

    version = VersionField()
    token = TokenField()
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


FORMS: Final[dict[str, type[_LineForm]]] = {FILING: FilingForm, OUTCOME: OutcomeForm}
"""By kind of line the form that asks for it."""

CORRECTS: Final[dict[str, type[CorrectFilingForm | CorrectOutcomeForm]]] = {
    FILING: CorrectFilingForm,
    OUTCOME: CorrectOutcomeForm,
}
"""By kind of line the form that corrects it; for any other it is `CorrectNoteForm`."""
