"""Facts of a matter that begin and end: detention, powers of attorney, codes, numbers elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import (
    AmountField,
    GrantField,
    ListedField,
    NumberField,
    TimeField,
    check_happened,
    provinces,
)
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, LineField, TextField, TokenField, VersionField, required
from domain.matters import GIVEN, REFUSED, UNSEEN, Kind

_CHOOSE: Final = _l("Choose")
_NO_ANSWER: Final = _l("Not known")


class MatterForm(Form):
    """What all of them have; each adds its own fields, which are asked in their order."""

    shown: ClassVar[tuple[tuple[str, ...], ...]] = ()  # names of fields, those of one row together
    ending: ClassVar[tuple[str, ...]] = ()  # asked once it is over
    direction: ClassVar[tuple[str, ...]] = ()  # fields that are written from left to right in every language
    version = VersionField()
    token = TokenField()
    note = TextField(_l("Note"), limit=Limit.REASON)

    def said(self) -> dict[str, str]:
        """As the item keeps it: texts and codes, days in ISO 8601, times as "HH:MM", "" for nothing."""
        return {field.name: _plain(field) for field in self if field.name not in _CARRIED}

    def day(self, name: str, *, until: str = "") -> None:
        """A day that happened; with `until` one that is not before another field's."""
        check_happened(self[name])
        if until:
            self.ends(self[name], until)

    def ends(self, field: DayField, since: str) -> None:
        """A day, which may still be to come, that is not before another field's."""
        first = self[since].data
        if field.data and first and field.data < first:
            raise wtforms.ValidationError(_("This is before the day on which it began"))


_CARRIED: Final = frozenset({"version", "token", "csrf_token"})


def _plain(field: Any) -> str:
    if isinstance(field, TimeField):
        return field.clock
    if isinstance(field, AmountField):
        return str(field.lira or "")
    if isinstance(field.data, dt.date):
        return field.data.isoformat()
    return str(field.data or "")


def fields_of(data: Mapping[str, str]) -> dict[str, Any]:
    """The values of the form for an item that is there already; the boxes of a day take it as it is kept."""
    return {name: said or None for name, said in data.items()}


def _listed(label: Any, name: str, asked: Any) -> ListedField:
    """An entry of a list that has to be chosen."""
    return ListedField(label, name, empty=_CHOOSE, validators=[required(asked)])


class DetentionForm(MatterForm):
    """One stay in one place; a transfer ends it and begins the next."""

    shown = (
        ("place", "name"), ("province",), ("since", "at"), ("basis", "decided_on"), ("how", "heard_on"),
    )  # fmt: skip # one table
    ending = ("left_on", "why_left")
    place = ListedField(
        _l("Kind of place"),
        "detention_place",
        empty=_CHOOSE,
        validators=[required(_l("Choose the kind of place"))],
    )
    name = LineField(_l("Which one"), limit=Limit.NAME)
    province = Chosen(_l("Province"), choices=provinces)
    since = DayField(_l("Held there since"), [required(_l("Enter the day"))])
    at = TimeField(_l("Time of day"), limit=Limit.PREFIX + 1)
    basis = NumberField(_l("Number of the decision"), limit=Limit.NUMBER)
    decided_on = DayField(_l("Day of the decision"))
    how = ListedField(_l("How we know"), "how_known", empty=_NO_ANSWER)
    heard_on = DayField(_l("Last heard from on"))
    left_on = DayField(_l("Left on"))
    why_left = ListedField(_l("How it ended"), "detention_end", empty=_CHOOSE)

    def validate_since(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_decided_on(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_heard_on(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_left_on(self, field: DayField) -> None:
        """Not before it began; and both answers about its end, or none."""
        self.day(field.name, until="since")
        if self.why_left.data and not field.data:
            raise wtforms.ValidationError(_("Enter the day on which it ended"))

    def validate_why_left(self, field: ListedField) -> None:
        """Both answers about its end, or none."""
        if self.left_on.data and not field.data:
            raise wtforms.ValidationError(_("Choose how it ended"))


class PowerForm(MatterForm):
    """One attempt at a power of attorney. That one was refused, where and by whom, is evidence."""

    shown = (
        ("result", "on"), ("place", "name"), ("refused_by", "why"), ("minutes",), ("lawyer", "number"),
        ("scope",), ("until",),
    )  # fmt: skip # one table
    ending = ("ended_on",)
    result = ListedField(
        _l("Result of the attempt"),
        "power_result",
        empty=_CHOOSE,
        validators=[required(_l("Choose what came of it"))],
    )
    on = DayField(_l("Day"))
    place = ListedField(_l("Where"), "power_place", empty=_NO_ANSWER)
    name = LineField(_l("Which one"), limit=Limit.NAME)
    refused_by = LineField(_l("Refused by"), limit=Limit.NAME)
    why = ListedField(_l("Reason given"), "power_refusal", empty=_NO_ANSWER)
    minutes = Chosen(
        _l("Were minutes (tutanak) drawn up"),
        choices=lambda: [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))],
    )
    lawyer = Chosen(_l("Lawyer who holds it"), choices=[("", "")])
    number = NumberField(_l("Notary’s number"), limit=Limit.NUMBER)
    scope = LineField(_l("What the power covers"), limit=Limit.LINE)
    until = DayField(_l("Valid until"))
    ended_on = DayField(_l("Ended on (resignation, dismissal)"))

    def validate_on(self, field: DayField) -> None:
        """What was given or refused was so on a day."""
        self.day(field.name)
        if self.result.data in {GIVEN, REFUSED} and not field.data:
            raise wtforms.ValidationError(_("Enter the day"))

    def validate_lawyer(self, field: Chosen) -> None:
        """Whoever holds it answers for the file."""
        if self.result.data == GIVEN and not field.data:
            raise wtforms.ValidationError(_("Choose the lawyer"))

    def validate_until(self, field: DayField) -> None:
        """Not before it was given; most end on a day to come."""
        self.ends(field, "on")

    def validate_ended_on(self, field: DayField) -> None:
        """Not before it began."""
        self.day(field.name, until="on")


class RestrictionForm(MatterForm):
    """A restriction code. Nothing follows from it by itself, least of all how long it lasts."""

    shown = (("code", "typed"), ("authority", "since"), ("how",))
    ending = ("lifted_on",)
    direction = ("typed",)
    code = _listed(_l("Restriction code"), "restriction_code", _l("Choose the code"))
    typed = LineField(_l("The code as it is written"), limit=Limit.SHORT)
    authority = ListedField(_l("Authority"), "authority", empty=_NO_ANSWER)
    since = DayField(_l("Since"))
    how = ListedField(_l("How we know"), "how_known", empty=_NO_ANSWER)
    lifted_on = DayField(_l("Lifted on"))

    def validate_typed(self, field: LineField) -> None:
        """Another code has to be named."""
        if self.code.data == "other" and not field.data:
            raise wtforms.ValidationError(_("Write the code"))

    def validate_since(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_lifted_on(self, field: DayField) -> None:
        """Not before it began."""
        self.day(field.name, until="since")


class ReferenceForm(MatterForm):
    """Under which number another office keeps the matter; the search finds it."""

    shown = (("authority", "name"), ("number",), ("status", "since"))
    ending = ("ended_on",)
    direction = ("number",)
    authority = ListedField(
        _l("Authority or court"),
        "authority",
        empty=_CHOOSE,
        validators=[required(_l("Choose the authority"))],
    )
    name = LineField(_l("Which one"), limit=Limit.NAME)
    number = NumberField(_l("Number"), [required(_l("Write the number"))], limit=Limit.NUMBER)
    status = ListedField(_l("How it stands there"), "reference_status", empty=_NO_ANSWER)
    since = DayField(_l("Since"))
    ended_on = DayField(_l("Over since"))

    def validate_since(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_ended_on(self, field: DayField) -> None:
        """Not before it began."""
        self.day(field.name, until="since")


class InterpreterForm(MatterForm):
    """Who interprets, what the person wishes, and the promise to keep silent."""

    shown = (("language", "wanted"), ("name", "phone"), ("silent_on",))
    ending = ("ended_on",)
    direction = ("phone",)
    language = _listed(_l("Language"), "language", _l("Choose the language"))
    wanted = ListedField(_l("What the person wishes"), "interpreter_wanted", empty=_NO_ANSWER)
    name = LineField(_l("Interpreter"), limit=Limit.NAME)
    phone = NumberField(_l("Phone number of the interpreter"), limit=Limit.PHONE)
    silent_on = DayField(_l("Promise of confidentiality signed on"))
    ended_on = DayField(_l("No longer since"))

    def validate_silent_on(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_ended_on(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)


class FeeForm(MatterForm):
    """On which basis the lawyer works. The person pays nothing that is not written here."""

    shown = (("basis", "since"), ("amount", "number"))
    ending = ("ended_on",)
    basis = _listed(_l("Basis"), "fee_basis", _l("Choose the basis"))
    since = DayField(_l("Since"))
    amount = AmountField(_l("Amount in lira"), limit=Limit.NUMBER)
    number = NumberField(_l("Number of the decision or contract"), limit=Limit.NUMBER)
    ended_on = DayField(_l("Ended on"))

    def validate_since(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_ended_on(self, field: DayField) -> None:
        """Not before it began."""
        self.day(field.name, until="since")


class MandateForm(MatterForm):
    """Who may speak for an organisation, on which paper that rests, and who has seen it."""

    shown = (("party", "power"), ("since", "until"), ("paper",), ("seen_by", "seen_on"))
    ending = ("ended_on",)
    party = Chosen(_l("Representative"), [required(_l("Choose who speaks for it"))], choices=())
    power = _listed(_l("Kind of mandate"), "mandate_power", _l("Choose the kind of mandate"))
    since = DayField(_l("Since"))
    until = DayField(_l("Until"))
    paper = _listed(_l("Paper that was seen"), "mandate_paper", _l("Choose the paper, or that none was seen"))
    seen_by = Chosen(_l("Who saw it"), choices=())
    seen_on = DayField(_l("Seen on"))
    ended_on = DayField(_l("Ended on"))

    def validate_since(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)

    def validate_until(self, field: DayField) -> None:
        """Not before it began; most end on a day to come."""
        self.ends(field, "since")

    def validate_seen_by(self, field: Chosen) -> None:
        """Somebody saw the paper."""
        if self._seen() and not field.data:
            raise wtforms.ValidationError(_("Choose who saw the paper"))

    def validate_seen_on(self, field: DayField) -> None:
        """On a day that has come."""
        self.day(field.name)
        if self._seen() and not field.data:
            raise wtforms.ValidationError(_("Enter the day on which it was seen"))

    def validate_ended_on(self, field: DayField) -> None:
        """Not before it began."""
        self.day(field.name, until="since")

    def _seen(self) -> bool:
        return self.paper.data not in {None, "", UNSEEN}


class CostForm(MatterForm):
    """What something cost, and who paid."""

    shown = (("what", "amount"), ("on", "payer"), ("grant",))
    direction = ("grant",)
    what = _listed(_l("What it was for"), "cost_kind", _l("Choose what it was for"))
    amount = AmountField(_l("Amount in lira"), [required(_l("Write the amount"))], limit=Limit.NUMBER)
    on = DayField(_l("Day"), [required(_l("Enter the day"))])
    payer = _listed(_l("Paid by"), "cost_payer", _l("Choose who paid"))
    grant = GrantField(_l("Grant code"), limit=Limit.SHORT)

    def validate_on(self, field: DayField) -> None:
        """It has happened."""
        self.day(field.name)


FORMS: Final[Mapping[str, type[MatterForm]]] = MappingProxyType(
    {
        Kind.DETENTION: DetentionForm,
        Kind.POWER: PowerForm,
        Kind.RESTRICTION: RestrictionForm,
        Kind.REFERENCE: ReferenceForm,
        Kind.INTERPRETER: InterpreterForm,
        Kind.FEE: FeeForm,
        Kind.COST: CostForm,
        Kind.MANDATE: MandateForm,
    }
)
"""By kind of item the form that asks for it."""
