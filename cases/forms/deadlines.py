"""Forms of deadlines: what is asked of the engine, who watches, how it was met, how it is moved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, Final

import orjson
import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import TimeField, with_none
from cases.service.law import law_of, words_of
from core import clock
from core.access.guard import actor
from core.web.dates import DayField
from core.web.forms import (
    ChecksField,
    Chosen,
    Form,
    Limit,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)
from core.web.locale import current_language
from domain.deadlines.courts import Courts
from domain.deadlines.law import Law
from domain.deadlines.rules import Stops
from domain.deadlines.steps import Unit
from domain.deadlines.words import Words

LONGEST: Final = dt.timedelta(days=2200)  # the longest limitation is five years from the end of one
_YES_NO: Final = {"yes": True, "no": False}
_MOVE: Final = ("move", _l("Move it to another day"))
_STAY: Final = ("stay", _l("The date stays, though the law has changed"))
_DROP: Final = ("drop", _l("Take it out: there is no such deadline"))
_DAYS: Final = (
    "document_on",
    "apprehended_on",
    "act_on",
    "request_on",
    "reply_served_on",
    "read_on",
    "printed_on",
)


def _law() -> Law:
    """By which the reader's organisation counts."""
    return law_of(actor().organisation_id)


def _words() -> Words:
    return words_of(actor().organisation_id)


def rules() -> list[tuple[str, str]]:
    """Rules that give a date, or a target of ours, by what begins them, in the reader's language."""
    words, language = _words(), current_language()
    named = [
        (code, words.name("trigger", code, language))
        for code in _law().rules.codes
        if _law().rules.versions(code)[0].unit is not Unit.NONE or code in _law().beside.targets
    ]
    return with_none(named, _("Choose what happened"))


def _chained() -> set[str]:
    """Rules whose period ends where another begins or goes on: silence, and a request to the authority."""
    return {code for code in _law().rules.codes if _law().rules.versions(code)[0].then}


def _acts() -> list[tuple[str, str]]:
    """What such a period can belong to: acts against which there is a suit that a request can stop."""
    words, language = _words(), current_language()
    return [
        (code, words.name("trigger", code, language))
        for code in _law().rules.codes
        if _law().rules.versions(code)[0].stops is not Stops.NO
    ]


def _no_day_to_come(field: DayField) -> None:
    if field.data is not None and field.data > clock.today():
        raise wtforms.ValidationError(_("This day has not come yet."))


def _courts() -> list[tuple[str, str]]:
    courts: Courts = _law().courts
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
    counted = wtforms.HiddenField()  # what the page showed: its safe dates, and of which answers
    offered = wtforms.HiddenField()  # which deadlines of the same event it offered
    rule = Chosen(_l("What happened?"), [required(_l("Choose what happened."))], choices=rules)
    served_on = DayField(_l("On which day was it served, or did it happen?"))
    at = TimeField(_l("At what time?"), limit=Limit.SHORT)
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
    act_on = DayField(_l("Day of the act itself"))
    request_on = DayField(_l("Day of the request, to the authority or to who keeps the data"))
    reply_served_on = DayField(_l("Day on which its refusal was served"))
    read_on = DayField(_l("Day on which the electronic notification was read"))
    printed_on = DayField(_l("Last day that the document itself prints"))
    then = Chosen(_l("What kind of act was it?"), choices=lambda: with_none(_acts(), _("Choose the act")))
    also = ChecksField(_l("Which of these does it start as well?"), choices=())

    def validate_then(self, field: Chosen) -> None:
        """Where another period follows or stands still, which one; otherwise nothing is asked."""
        if self.rule.data in _chained() and not field.data:
            raise wtforms.ValidationError(_("Choose the act: its own time limit decides."))

    def validate_served_on(self, field: DayField) -> None:
        """No day to come."""
        _no_day_to_come(field)

    validate_document_on = validate_apprehended_on = validate_act_on = validate_served_on
    validate_request_on = validate_reply_served_on = validate_read_on = validate_served_on

    def prints(self) -> bool:
        """Whether the document of what happened prints the last day itself, which is then asked openly."""
        return self.rule.data in _law().beside.printed

    def furthest(self) -> str:
        """The question from whose day a furthest end is counted, which is then asked openly; "" for none."""
        outer = _law().beside.outer.get(self.rule.data)
        return outer.start if outer else ""

    def more(self) -> list[wtforms.Field]:
        """The questions that stand folded away."""
        names = ("at", *_DAYS, "remedy_stated", "detained", "court", "urgent_civil")
        asked = {self.furthest(), "printed_on" if self.prints() else ""}
        return [self[name] for name in names if name not in asked]

    def offer(self, companions: Iterable[tuple[str, bool]]) -> None:
        """Offer what the same event starts: each rule, and whether it always does.

        What was chosen or cleared stays so; what was not offered before is chosen where it always starts.
        """
        offered, chosen = set((self.offered.data or "").split()), set(self.also.data or ())
        rules = [(rule, rule in chosen if rule in offered else always) for rule, always in companions]
        self.also.data = [rule for rule, is_chosen in rules if is_chosen]
        self.offered.data = " ".join(rule for rule, _is_chosen in rules)

    def seen(self, safe: Iterable[dt.date]) -> str:
        """Stands in `counted` once these safe dates were shown for these answers."""
        answers = orjson.dumps(self.asked(), option=orjson.OPT_SORT_KEYS)
        dates = " ".join(day.isoformat() for day in safe)
        return f"{dates} {hashlib.sha256(answers).hexdigest()[:16]}"

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
        if self.rule.data in _chained():
            facts["then"] = self.then.data
        return {"rule": self.rule.data, "served_on": self._moment(), "facts": facts}

    def _moment(self) -> str | None:
        if self.served_on.data is None:
            return None
        day = self.served_on.data.isoformat()
        return f"{day}T{self.at.clock}" if self.at.clock else day


class MeetForm(Form):
    """That it was met."""

    version = VersionField()
    on = DayField(_l("When?"), [required(_l("Enter the day."))])
    proof = TextField(
        _l("How can it be proved?"),
        [required(_l("Write how it can be proved, for example the number of the receipt."))],
        limit=Limit.REASON,
    )
    again = wtforms.BooleanField(_l("Watch for the next time as well"))


class MoveDeadlineForm(Form):
    """Another day, the same one after a change of law, or none, and why."""

    version = VersionField()
    law = wtforms.HiddenField()  # what the page said of a change of law
    what = Picked(
        _l("What should happen?"),
        [required(_l("Choose one."))],
        choices=[_MOVE, _DROP],
    )
    to = DayField(_l("New safe date"))
    beyond = wtforms.BooleanField(_l("I know that this day lies after the last rescue argument"))
    reason = TextField(_l("Reason"), [required(_l("Write the reason in a sentence."))], limit=Limit.REASON)

    def after_a_change(self) -> None:
        """Offer what only a change of law asks."""
        self.what.choices = [_MOVE, _STAY, _DROP]

    def take_out_alone(self) -> None:
        """Leave out what only a lawyer of the case may do."""
        del self.what, self.to, self.beyond

    def validate_to(self, field: DayField) -> None:
        """A day to come, where it is moved."""
        if self.what.data != "move":
            return
        if field.data is None:
            raise wtforms.ValidationError(_("Enter the new day."))
        if not clock.today() <= field.data <= clock.today() + LONGEST:
            raise wtforms.ValidationError(_("Enter a day from today on, at most six years away."))


class ReopenDeadlineForm(Form):
    """Why it is watched again."""

    version = VersionField()
    reason = TextField(_l("Reason"), [required(_l("Write the reason in a sentence."))], limit=Limit.REASON)
