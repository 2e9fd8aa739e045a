"""Forms of legal information: a text in three languages, its review, how the public reaches us."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from awareness.models import Topic, TopicVersion
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, LineField, TextField, TokenField, VersionField, required
from core.web.labels import issue_choices
from core.web.locale import NAMES
from domain.markup import refused_links
from domain.topics import PARTS, Texts

# Six parts of this size and everything around them stay under 100 KB on the way to an old phone.
LONGEST: Final = 3_000

WORDS: Final[dict[str, Any]] = {
    "title": _l("Title"),
    "what": _l("What this is"),
    "now": _l("What to do now"),
    "deadlines": _l("Deadlines, in words"),
    "helps": _l("Who helps, and phone numbers"),
    "sources": _l("Sources"),
}


def followable(_form: object, field: wtforms.Field) -> None:
    """Raise ValidationError for a text with an address that the public could not follow."""
    if refused_links(field.data):
        raise wtforms.ValidationError(
            _("A link in this text leads nowhere. Links lead to a phone number or to a secure page.")
        )


def issues() -> dict[str, list[tuple[str, str]]]:
    """Every issue in its group, behind an empty answer."""
    return {"": [("", _("Choose an issue"))], **issue_choices()}


class TopicForm(Form):
    """A text. Its fields are `<part>_<language>`, made below."""

    token = TokenField()
    version = VersionField()
    issue = Chosen(_l("Issue"), [required(_l("Choose an issue"))], choices=issues)
    review_by = DayField(_l("A lawyer looks again by"), [required(_l("Enter the day of the next review"))])
    valid_to = DayField(_l("The text holds until"))

    def texts(self) -> Texts:
        """Language -> part -> text."""
        return {language: {part: self[f"{part}_{language}"].data for part in PARTS} for language in NAMES}

    def days(self) -> tuple[dt.date, dt.date | None]:
        """The day of the next review, and the last day on which the text holds; of a form that is right."""
        if self.review_by.data is None:
            raise ValueError("a form without its day of review was taken for right")
        return self.review_by.data, self.valid_to.data

    def rows(self) -> list[tuple[str, list[wtforms.Field]]]:
        """Each part with its fields, one for each language."""
        return [(part, [self[f"{part}_{language}"] for language in NAMES]) for part in PARTS]


for _part in PARTS:
    for _language, _name in NAMES.items():
        _label = _l("%(part)s · %(language)s", part=WORDS[_part], language=_name)
        _field = (
            LineField(_label, limit=Limit.SHORT)
            if _part == "title"
            else TextField(_label, [followable], limit=LONGEST)
        )
        setattr(TopicForm, f"{_part}_{_language}", _field)


def stored(topic: Topic, version: TopicVersion) -> dict[str, Any]:
    """The values that the form shows for a version."""
    texts = {
        f"{part}_{language}": version.texts.get(language, {}).get(part, "")
        for language in NAMES
        for part in PARTS
    }
    return {
        **texts,
        "version": topic.version,
        "issue": topic.issue,
        "review_by": version.review_by,
        "valid_to": version.valid_to,
    }


class StepForm(Form):
    """Which state of the topic the page showed."""

    version = VersionField()


class ReviewForm(StepForm):
    """What a lawyer says of a text."""

    remark = TextField(_l("What has to change"), limit=Limit.REASON)


class OfficeForm(Form):
    """How the public reaches the organisation."""

    version = VersionField()
    reach_ar = TextField(_l("In Arabic"), [followable], limit=LONGEST)
    reach_tr = TextField(_l("In Turkish"), [followable], limit=LONGEST)
    reach_en = TextField(_l("In English"), [followable], limit=LONGEST)

    def texts(self) -> dict[str, str]:
        """Language -> text."""
        return {language: self[f"reach_{language}"].data for language in NAMES}


class SearchForm(Form):
    """What somebody looks for. Not kept, not logged, not in an address."""

    class Meta(Form.Meta):
        """Public: no cookie, so no token."""

        csrf = False

    query = LineField(_l("Search"), limit=Limit.QUERY)
