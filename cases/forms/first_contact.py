"""What is asked at first contact, and nowhere later: how it came, what cannot wait, how urgent it is."""

from __future__ import annotations

import dataclasses
from typing import Any, Final
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, TimeField, check_happened
from cases.forms.record import NewCaseForm
from cases.service.facts import SHARED
from core.reference import reference
from core.web.dates import DayField
from core.web.forms import Limit, LineField, Picked
from core.web.kept import uuid_of
from core.web.labels import urgency_choices, yes_no
from domain.intake.urgency import Answer, Answers, assess
from domain.taxonomy import URGENCIES

_LEAST: Final = URGENCIES[-1]
_ASKED: Final = tuple(field.name for field in dataclasses.fields(Answers))  # what cannot wait
_MAY_RUN: Final = ("detained", "removal", "deadline")  # a decision was served, or may soon be


def _sure_or_not() -> list[tuple[str, str]]:
    return [*yes_no(), (Answer.UNSURE, _("Does not know"))]


def _urgencies() -> list[tuple[str, str]]:
    return [("", _("As the answers and the matter say")), *urgency_choices()]


class CarriedField(wtforms.StringField):
    """What another page gave the form to carry: not seen, and kept with what is typed."""

    widget = wtforms.widgets.TextInput(input_type="hidden")


class FirstContactForm(NewCaseForm):
    """The record of a new case of somebody who is here or on the phone (domain.md 3.1)."""

    weighed = wtforms.HiddenField()  # the urgency that was suggested
    beside = CarriedField()  # the case from which this one was begun
    counted = CarriedField()  # as what the two are counted once: household or event
    detained = Picked(_l("Is somebody held by the police or in a removal centre?"), choices=_sure_or_not)
    removal = Picked(_l("Is somebody about to be sent out of the country?"), choices=_sure_or_not)
    deadline = Picked(
        _l("Is there a paper with a date, or a decision that was handed over?"), choices=_sure_or_not
    )
    danger = Picked(_l("Is somebody in danger tonight?"), choices=_sure_or_not)
    urgency = Picked(_l("How soon the first legal step is due"), choices=_urgencies)
    channel = ListedField(_l("How they came to us"), "channel", empty=_l("Not asked"))
    paper_on = DayField(_l("Recorded on paper at"))
    paper_at = TimeField(_l("Hour"), limit=Limit.SHORT)
    paper_where = LineField(_l("Where the paper was written"), limit=Limit.NAME)

    def validate_paper_on(self, field: DayField) -> None:
        """A day that is over, and known where anything else about the paper is."""
        if field.data is None and (self.paper_at.data or self.paper_where.data):
            raise wtforms.ValidationError(_("Enter the day on which the paper was written too"))
        check_happened(field)

    def begun_from(self) -> tuple[UUID, str] | None:
        """The case beside which this one is recorded, and as what the two are counted once."""
        case_id = uuid_of(self.beside.data)
        return (case_id, self.counted.data) if case_id and self.counted.data in SHARED else None

    def needs_question(self) -> bool:
        """True once where something is asked anew: who may open it, or an urgency below what was answered."""
        delicate, weighs = super().needs_question(), self._needs_weighing()
        return delicate or weighs

    def _needs_weighing(self) -> bool:
        """The question comes back with what the answers suggest; whoever then chooses less has decided."""
        suggested = self._assessed(_LEAST)
        if not self.urgency.data or self.urgency.data <= suggested or self.weighed.data == suggested:
            return False
        self.weighed.data = self.urgency.data = suggested
        return True

    def level(self) -> str:
        """The urgency that was chosen, or the one that follows from the answers and the issue."""
        return self.urgency.data or self._assessed(reference().taxonomy.default_urgency(self.issue.data))

    def _assessed(self, default: str) -> str:
        said = {name: Answer(code) if code else None for name, code in self.first_contact().items()}
        return assess(Answers(**said), default).urgency

    def record(self) -> dict[str, Any]:
        """The record with how the matter came to us."""
        came = self.arrival()
        return {**super().record(), **({"arrival": came} if came else {})}

    def arrival(self) -> dict[str, str]:
        """By which channel it came and what was written on paper first: what is known of it, in ISO dates."""
        said = {
            "channel": self.channel.data,
            "paper_on": self.paper_on.data.isoformat() if self.paper_on.data else "",
            "paper_at": self.paper_at.clock,
            "paper_where": self.paper_where.data,
        }
        return {name: value for name, value in said.items() if value}

    def first_contact(self) -> dict[str, str]:
        """What was answered, or "" where it was not asked."""
        return {name: self[name].data for name in _ASKED}

    def cannot_wait(self) -> bool:
        """Whether a deadline is best added at once."""
        return Answer.YES in {self[name].data for name in _MAY_RUN}
