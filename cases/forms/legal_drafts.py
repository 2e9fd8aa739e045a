"""The forms of drafts that lawyers write, look at and file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import check_happened, with_none
from cases.service.draft_reviews import Candidate
from cases.service.drafting import Filing, Text
from core import clock
from core.web.dates import DayField
from core.web.forms import (
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


class TextForm(Form):
    """A version of a draft: the text, a document of the case that goes with it, or both."""

    token = TokenField()
    version = VersionField()
    title = LineField(
        _l("Title of the draft"),
        [required(_l("Write what it is, for instance: petition to the administrative court"))],
    )
    text = TextField(_l("Text of the draft"), limit=Limit.NARRATIVE)
    document = Chosen(_l("Document of the case"))

    def offer(self, documents: list[tuple[str, str]]) -> None:
        """Set which documents can be chosen."""
        self.document.choices = with_none(documents, _("None"))

    def said(self) -> Text:
        """As the service takes it."""
        return Text(self.text.data, UUID(self.document.data) if self.document.data else None)


class SayForm(Form):
    """Something to say about a draft."""

    token = TokenField()
    remark = TextField(_l("Remark"), [required(_l("Write something first"))], limit=Limit.NOTE)


class JudgeForm(Form):
    """What a lawyer says of the version that they read."""

    of_one_version: ClassVar = ("verdict",)

    token = TokenField()
    version = VersionField()
    digest = wtforms.HiddenField()
    verdict = Picked(
        _l("What you say of it"),
        [required(_l("Choose one of the answers"))],
        choices=lambda: [
            ("approved", _("It can be filed as it stands")),
            ("commented", _("Something should be changed")),
        ],
    )
    comments = TextField(_l("Comments"), limit=Limit.NOTE)


class AskForm(Form):
    """Who is to look at a draft, and by when."""

    token = TokenField()
    version = VersionField()
    lawyer = Picked(_l("Lawyer"), [required(_l("Choose a lawyer"))])
    by = DayField(_l("Needed by"))
    text = TextField(_l("What to look at"), limit=Limit.REASON)

    def offer(self, candidates: Iterable[Candidate]) -> None:
        """Set who can be asked."""
        self.lawyer.choices = [(str(one.person_id), words_of(one)) for one in candidates]

    def validate_by(self, field: DayField) -> None:
        """A day that is not over."""
        if field.data is not None and field.data < clock.today():
            raise wtforms.ValidationError(_("This day is over. Choose today or a later one"))


class FileForm(Form):
    """When and where a draft was filed."""

    token = TokenField()
    version = VersionField()
    day = DayField(_l("Day"), [required(_l("Enter the day"))])
    where = LineField(_l("Where"), [required(_l("Write where it was filed"))])
    reason = TextField(_l("Why it is filed without an approval"), limit=Limit.REASON)
    second = Chosen(_l("Who takes the second look"))
    line = LineField(_l("Line for the timeline"))
    proof = LineField(_l("How can it be proved?"), limit=Limit.LINE)

    def offer(self, candidates: Iterable[Candidate]) -> None:
        """Set who can take the second look."""
        named = [(str(one.person_id), words_of(one)) for one in candidates]
        self.second.choices = with_none(named, _("Nobody yet"))

    def validate_day(self, field: DayField) -> None:
        """A day that is over and not long ago."""
        check_happened(field)

    def validate_proof(self, field: LineField) -> None:
        """A line that says that something was filed is proved, whoever writes it."""
        if self.line.data and not field.data:
            why = _("Write how it can be proved, for example the number of the receipt.")
            raise wtforms.ValidationError(why)

    def filing(self) -> Filing:
        """As the service takes it."""
        return Filing(
            on=self.day.data or clock.today(),
            where=self.where.data,
            reason=self.reason.data,
            line=self.line.data,
            proof=self.proof.data,
            second=UUID(self.second.data) if self.second.data else None,
        )


class CorrectFilingForm(Form):
    """What was recorded wrongly of the filing of a draft, and how it was."""

    token = TokenField()
    version = VersionField()
    how = Picked(
        _l("How it was"),
        [required(_l("Choose one of the answers"))],
        choices=lambda: [
            ("otherwise", _("It was filed on this day and here:")),
            ("never", _("This draft was not filed")),
        ],
        default="otherwise",
    )
    day = DayField(_l("Day"))
    where = LineField(_l("Where"))
    reason = TextField(_l("What was wrong"), [required(_l("Write the reason"))], limit=Limit.REASON)

    def validate_day(self, field: DayField) -> None:
        """A day that is over and not long ago, where it was filed."""
        if field.data is None and not field.errors:
            raise wtforms.ValidationError(_("Enter the day"))
        check_happened(field)

    def validate_where(self, field: LineField) -> None:
        """Where it was filed, if it was."""
        if not field.data:
            raise wtforms.ValidationError(_("Write where it was filed"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Day and place of a draft that was not filed say nothing, so nothing in them is wrong."""
        right = super().validate(extra_validators)
        if self.how.data == "never":
            self.day.errors = self.where.errors = []
            right = not any(field.errors for field in self)
        return bool(right)

    def right(self) -> tuple[dt.date, str] | None:
        """As the service takes it."""
        return None if self.how.data == "never" else (self.day.data or clock.today(), self.where.data)


class DraftActForm(Form):
    """An act on a draft for which nothing is typed."""

    token = TokenField()
    version = VersionField()


def words_of(one: Candidate) -> Any:
    """A lawyer to choose, with what to know before asking."""
    if one.away:
        return _("%(name)s – away in these days", name=one.name)
    if one.on_case:
        return _("%(name)s – works on this case", name=one.name)
    return one.name
