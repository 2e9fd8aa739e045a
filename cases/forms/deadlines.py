"""Forms of deadlines: what is asked of the engine, who watches, how it was met, how it is moved."""

from __future__ import annotations

import re
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import NumberField, with_none
from core.reference import law, law_words
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, Picked, TextField, TokenField, VersionField, required
from core.web.locale import current_language
from domain.deadlines.courts import Courts
from domain.deadlines.steps import Unit

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)
_YES_NO: Final = {"yes": True, "no": False}
_DAYS: Final = ("document_on", "apprehended_on", "request_on", "reply_served_on", "read_on")


def rules() -> list[tuple[str, str]]:
    """Rules that give a date, by what begins them, in the reader's language."""
    words, language = law_words(), current_language()
    named = [
        (code, words.name("trigger", code, language))
        for code in law().rules.codes
        if law().rules.versions(code)[0].unit is not Unit.NONE
    ]
    return with_none(named, _("Choose what happened"))


def _courts() -> list[tuple[str, str]]:
    courts: Courts = law().courts
    named = [(code, courts.name(code, current_language())) for code in courts.codes]
    return with_none(named, _("Not known, or not in the list"))


def _known() -> list[tuple[str, str]]:
    return [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


class WatchForm(Form):
    """Two people who watch a deadline."""

    version = VersionField()
    responsible = Chosen(_l("Who is responsible?"), [required(_l("Choose a person."))], choices=())
    second = Chosen(_l("Who is the second person?"), [required(_l("Choose a person."))], choices=())


class DeadlineForm(WatchForm):
    """What happened, and the facts that change the answer."""

    token = TokenField()
    counted = wtforms.HiddenField()  # the safe date that the page showed
    rule = Chosen(_l("What happened?"), [required(_l("Choose what happened."))], choices=rules)
    served_on = DayField(_l("On which day was it served, or did it happen?"))
    at = NumberField(_l("At what time?"), limit=Limit.SHORT)
    service = Picked(
        _l("How was it served?"),
        choices=[
            ("hand", _l("By hand or by post")),
            ("uets", _l("Electronically (UETS)")),
            ("", _l("Not known")),
        ],
    )
    document_on = DayField(_l("Date on the document"))
    apprehended_on = DayField(_l("Day of apprehension"))
    remedy_stated = Chosen(_l("Does the paper state remedy and time limit?"), choices=_known)
    court = Chosen(_l("Court"), choices=_courts)
    detained = Chosen(_l("Is somebody detained?"), choices=_known)
    urgent_civil = Chosen(_l("Is it heard in the judicial recess?"), choices=_known)
    request_on = DayField(_l("Day of a request to the higher authority"))
    reply_served_on = DayField(_l("Day on which its refusal was served"))
    read_on = DayField(_l("Day on which the electronic notification was read"))

    def validate_at(self, field: NumberField) -> None:
        """A time of day, or nothing."""
        if field.data and not _TIME.fullmatch(field.data):
            raise wtforms.ValidationError(_("Enter a time, for example 14:30"))

    def asked(self) -> dict[str, Any]:
        """The question in the input format of `himaya law due --batch`."""
        facts: dict[str, Any] = {name: self[name].data.isoformat() for name in _DAYS if self[name].data}
        for name in ("remedy_stated", "detained", "urgent_civil"):
            if self[name].data:
                facts[name] = _YES_NO[self[name].data]
        if self.service.data and self.served_on.data:
            facts["service"] = self.service.data
        if self.court.data:
            facts["court"] = self.court.data
        return {"rule": self.rule.data, "served_on": self._moment(), "facts": facts}

    def _moment(self) -> str | None:
        if self.served_on.data is None:
            return None
        day = self.served_on.data.isoformat()
        time = _TIME.fullmatch(self.at.data or "")
        return f"{day}T{int(time[1]):02}:{time[2]}" if time else day


class MeetForm(Form):
    """That it was met."""

    version = VersionField()
    on = DayField(_l("When?"), [required(_l("Enter the day."))])
    proof = TextField(
        _l("How can it be proved?"),
        [required(_l("Write how it can be proved, for example the number of the receipt."))],
        limit=Limit.REASON,
    )


class MoveDeadlineForm(Form):
    """Another day, or none, and why."""

    version = VersionField()
    what = Picked(
        _l("What should happen?"),
        [required(_l("Choose one."))],
        choices=[
            ("move", _l("Move it to another day")),
            ("drop", _l("Take it out: there is no such deadline")),
        ],
    )
    to = DayField(_l("New safe date"))
    reason = TextField(_l("Reason"), [required(_l("Write the reason in a sentence."))], limit=Limit.REASON)

    def validate_to(self, field: DayField) -> None:
        """A day, where it is moved."""
        if self.what.data == "move" and field.data is None:
            raise wtforms.ValidationError(_("Enter the new day."))
