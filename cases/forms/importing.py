"""Bringing cases in from a sheet: the file, what its columns are, what a row that looks alike is."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from cases.forms.choices import Part, issues, with_none
from core.web.forms import Chosen, Form, Picked, TokenField, required
from core.web.labels import urgency_choices, yes_no
from domain.imports.fields import ONCE, Field

MOST: Final = 60  # columns
_NAMES: Final = frozenset({Field.NAME, Field.NAME_OTHER, Field.GIVEN, Field.FAMILY})

FIELDS: Final[dict[Field, Any]] = {
    Field.NAME: _l("Full name"),
    Field.NAME_OTHER: _l("Full name in other letters"),
    Field.GIVEN: _l("Given name"),
    Field.FAMILY: _l("Family name"),
    Field.FATHER: _l("Father’s given name"),
    Field.MOTHER: _l("Mother’s given name"),
    Field.BIRTH: _l("Date or year of birth"),
    Field.SEX: _l("Sex"),
    Field.NATIONALITY: _l("Nationality"),
    Field.STATUS: _l("Status in Türkiye"),
    Field.NUMBER: _l("Identity number"),
    Field.PHONE: _l("Phone number"),
    Field.LANGUAGE: _l("Language we speak with them"),
    Field.PROVINCE: _l("Province"),
    Field.ISSUE: _l("What it is about"),
    Field.URGENCY: _l("Urgency"),
    Field.SUMMARY: _l("What happened"),
    Field.NOTES: _l("Remarks"),
    Field.OPENED: _l("Day on which it was opened"),
    Field.STATE: _l("Open or closed"),
    Field.CLOSING: _l("How it was closed"),
    Field.OLD_NUMBER: _l("Number in earlier files"),
    Field.CHANNEL: _l("How they came to us"),
    Field.KEEP: _l("Something else: keep it as a note"),
}


def fields() -> list[tuple[str, str]]:
    """What a column may be, behind "leave it out"."""
    return with_none([(code, str(label)) for code, label in FIELDS.items()], _("Leave this column out"))


class UploadForm(Form):
    """A sheet."""

    token = TokenField()
    file = FileField(_l("Excel or CSV file"))

    def validate_file(self, field: FileField) -> None:
        """There is one."""
        if not field.data:
            raise wtforms.ValidationError(_("Choose a file"))


class ColumnPart(Part):
    """One column."""

    field = Chosen(_l("What this column holds"), choices=fields)


class ColumnsForm(Form):
    """How a sheet is read."""

    sheet = wtforms.HiddenField(default="0")
    heading = wtforms.HiddenField(default="1")
    columns = wtforms.FieldList(wtforms.FormField(ColumnPart), max_entries=MOST)
    issue = Chosen(
        _l("What it is about, where the sheet does not say it"),
        [required(_l("Choose what it is about"))],
        choices=issues,
    )
    urgency = Chosen(
        _l("How urgent, where the sheet does not say it"),
        choices=lambda: with_none(urgency_choices(), _("As its subject usually is")),
    )
    caseworker = Chosen(_l("Who gets these cases"))
    restrict = Picked(
        _l("Cases about family, violence or children open to you and this colleague alone"),
        choices=yes_no,
        default="yes",
    )
    slashes = Picked(
        _l("Dates such as 03/04/2021"),
        choices=lambda: [
            ("ask", _("Tell me the rows in which they stand")),
            ("day", _("The day comes first: 3 April")),
            ("month", _("The month comes first: 4 March")),
        ],
        default="ask",
    )
    lenient = Picked(
        _l("Words that we do not know, such as a province that is none"),
        choices=lambda: [
            ("no", _("Tell me the rows in which they stand")),
            ("yes", _("Keep them as a note, and the answer stays unknown")),
        ],
        default="no",
    )
    closed = Picked(
        _l("Rows that are closed already"),
        choices=lambda: [
            ("skip", _("Leave them out")),
            ("open", _("Bring them in as open cases; the note says that they were closed")),
        ],
        default="skip",
    )

    def validate_caseworker(self, field: Chosen) -> None:
        """A file that one person alone can open is lost when that person is."""
        if self.restrict.data == "yes" and not field.data:
            raise wtforms.ValidationError(
                _("Choose a colleague, or say below that no case is restricted to the two of you")
            )

    def validate_columns(self, field: wtforms.FieldList) -> None:
        """A name, and nothing twice that a case has once."""
        chosen = Counter(entry.form.field.data for entry in field)
        if not _NAMES.intersection(chosen):
            self.form_errors.append(_("Say which column holds the name."))
        for code in sorted(ONCE):
            if chosen[code] > 1:
                words = _("Two columns are “%(field)s”. Choose one of them.", field=str(FIELDS[code]))
                self.form_errors.append(words)

    def validate(self, extra_validators: Any = None) -> bool:
        """What concerns the columns together stands above the form."""
        right = super().validate(extra_validators)
        return bool(right and not self.form_errors)

    def plan(self) -> dict[str, Any]:
        """How the sheet is read, as the service keeps it."""
        return {
            "sheet": int(self.sheet.data),
            "heading": int(self.heading.data),
            "columns": {
                str(place): entry.form.field.data
                for place, entry in enumerate(self.columns)
                if entry.form.field.data
            },
            "issue": self.issue.data,
            "urgency": self.urgency.data,
            "caseworker": self.caseworker.data,
            "restrict": self.restrict.data == "yes",
            "slashes": self.slashes.data,
            "lenient": self.lenient.data == "yes",
            "closed": self.closed.data,
        }


class RowForm(Form):
    """What a row is that looks like something."""

    answer = Picked(_l("What is it"), [required(_l("Choose what it is"))])
