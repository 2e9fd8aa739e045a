"""The long form: who, how to reach them safely, where, what happened. All but the issue may stay unknown."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import (
    ListedChecks,
    ListedField,
    ListedPicked,
    NumberField,
    Part,
    issues,
    provinces,
    text_of,
)
from cases.forms.consents import ConsentPart, fresh_answers
from cases.forms.parties import PartyPart
from core import clock
from core.reference import reference
from core.web.dates import PartialDayField
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
from core.web.labels import list_label, urgency_choices, yes_no
from domain.identity import BirthDate, BirthDateError, Warn, check_foreigner_number, normalise_phone

NUMBERS: Final = 3
PHONES: Final = 2
MOST: Final = 10
FOREIGNER: Final = "foreigner_number"

CLIENT_TEXTS: Final = ("name_ar", "name_latin", "legal_form", "father", "mother", "code_word")
CASE_TEXTS: Final = ("province", "issue", "narrative", "next_step")

# What stands in the record where a question was not answered.
CLIENT_CODES: Final = {
    "sex": "unknown", "nationality": "XXX", "status": "unknown", "language": "unknown",
    "lawyer_wanted": "any",
}  # fmt: skip  # one table
CASE_CODES: Final = {"authority": "unknown"}


class NumberPart(Part):
    """One identity number."""

    kind = ListedField(_l("Kind of number"), "id_number_type", empty=_l("Choose a kind"))
    value = NumberField(_l("Number"), limit=Limit.NUMBER)

    def warnings(self) -> list[str]:
        """What is doubtful about the number, in words; never a reason to refuse it."""
        if self.kind.data != FOREIGNER or not _is_new(self.value):
            return []
        return _words(check_foreigner_number(self.value.data or "").warnings)


class PhonePart(Part):
    """One phone and the rules that keep a person safe when it rings."""

    number = NumberField(_l("Phone number"), limit=Limit.PHONE)
    whose = ListedField(_l("Whose phone it is"), "phone_owner", default="unknown")
    channels = ListedChecks(_l("How we may reach them"), "contact_channel")
    hours = LineField(_l("Safe hours"))
    message_ok = Picked(
        _l("May we leave a message"),
        choices=lambda: [*yes_no(), ("unknown", _("Not asked"))],
        default="unknown",
    )
    cover_name = LineField(_l("Name we give if somebody else answers"), limit=Limit.NAME)
    others = LineField(_l("Who else answers or reads it"))

    def warnings(self) -> list[str]:
        """What is doubtful about the number, in words."""
        return _words(normalise_phone(self.number.data or "").warnings) if _is_new(self.number) else []

    def rules(self) -> dict[str, Any]:
        """The phone as the record keeps it."""
        texts = text_of(self, "number", "whose", "hours", "cover_name", "others")
        return {**texts, "channels": self.channels.data or [], "message_ok": self.message_ok.data}


class RecordForm(Form):
    """What the record of a case holds."""

    name_ar = LineField(_l("Full name in Arabic"), limit=Limit.NAME)
    name_latin = LineField(_l("Full name as on the kimlik"), limit=Limit.NAME)
    legal_form = ListedField(_l("Legal form"), "legal_form", empty=_l("None: the client is a person"))
    father = LineField(_l("Father’s given name"), limit=Limit.NAME)
    mother = LineField(_l("Mother’s given name"), limit=Limit.NAME)
    birth = PartialDayField(_l("Date of birth"))
    sex = ListedPicked(_l("Sex, as the person states it"), "sex", default="unknown")
    nationality = ListedField(_l("Nationality"), "nationality", default="SYR")
    status = ListedField(_l("Status in Türkiye"), "protection_status", default="unknown")
    language = ListedField(_l("Language we speak with them"), "language", default="ar_levantine")
    lawyer_wanted = ListedPicked(_l("A lawyer they would rather speak with"), "lawyer_wanted", default="any")
    numbers = wtforms.FieldList(wtforms.FormField(NumberPart), min_entries=NUMBERS, max_entries=MOST)
    phones = wtforms.FieldList(wtforms.FormField(PhonePart), min_entries=PHONES, max_entries=MOST)
    code_word = LineField(_l("Code word"), limit=Limit.SHORT)
    province = Chosen(_l("Province"), choices=provinces)
    authority = ListedField(_l("Authority"), "authority", default="unknown")
    issue = Chosen(_l("What it is about"), [required(_l("Choose what it is about"))], choices=issues)
    narrative = TextField(_l("What happened"), limit=Limit.NARRATIVE)
    next_step = LineField(_l("Next step"))
    urgency = Picked(_l("How soon the first legal step is due"), choices=urgency_choices, default="U2")

    def validate_legal_form(self, field: ListedField) -> None:
        """An organisation is no person: what is known of one stays, and is asked about."""
        of_people = (self.father, self.mother, self.birth)
        said = any(one.data for one in of_people) or self.sex.data not in {None, "", CLIENT_CODES["sex"]}
        if field.data and said:
            raise wtforms.ValidationError(
                _(
                    "An organisation has no parents, no birth date and no sex. Empty these fields, or say "
                    "that the client is a person."
                )
            )

    def validate_birth(self, field: PartialDayField) -> None:
        """A date on which somebody now living can have been born."""
        try:
            BirthDate.parse(field.data or "", clock.today())
        except BirthDateError:
            raise wtforms.ValidationError(_("Enter the birth date of somebody living")) from None

    def add_another(self, which: str) -> bool:
        """Offer one more phone or number where the button for it was pressed; True when it was."""
        lists = {"phone": self.phones, "number": self.numbers}
        if which not in lists:
            return False
        if len(lists[which].entries) < MOST:
            lists[which].append_entry()
        return True

    def doubts(self) -> dict[str, list[str]]:
        """What looks mistyped, by the name of the field beside which it is said."""
        parts = {entry.name: entry.form.warnings() for entry in (*self.numbers, *self.phones)}
        if _is_new(self.birth):
            parts["birth"] = _words(BirthDate.parse(self.birth.data or "", clock.today()).warnings)
        return {name: words for name, words in parts.items() if words}

    def record(self) -> dict[str, Any]:
        """The record as the service seals it."""
        client: dict[str, Any] = {
            **text_of(self, *CLIENT_TEXTS),
            **self._codes(CLIENT_CODES),
            "birth": self.birth.data or "",
            "birth_precision": precision(self.birth.data or ""),
            "numbers": [
                text_of(entry.form, "kind", "value") for entry in self.numbers if entry.form.value.data
            ],
            "phones": [entry.form.rules() for entry in self.phones if entry.form.number.data],
        }
        if client["legal_form"]:  # what a form says of a person by itself is not true of an organisation
            client |= {name: CLIENT_CODES[name] for name in ("sex", "nationality", "status")}
        return {"client": client, **text_of(self, *CASE_TEXTS), **self._codes(CASE_CODES)}

    def _codes(self, unknown: dict[str, str]) -> dict[str, str]:
        return {name: self[name].data or code for name, code in unknown.items()}


class NewCaseForm(RecordForm):
    """The record of a new case, with consents and who may open it."""

    token = TokenField()
    asked = wtforms.HiddenField()
    parties = wtforms.FieldList(wtforms.FormField(PartyPart), min_entries=1, max_entries=MOST)
    restricted = Picked(_l("Open to named people only"), choices=yes_no, default="no")
    named = ChecksField(_l("Who may open it besides you"))
    consents = wtforms.FieldList(wtforms.FormField(ConsentPart), default=fresh_answers, max_entries=MOST * 2)

    def add_another(self, which: str) -> bool:
        """Offer one more person too."""
        if which != "party":
            return super().add_another(which)
        if len(self.parties.entries) < MOST:
            self.parties.append_entry()
        return True

    def record(self) -> dict[str, Any]:
        """The record with the other people of the matter, each with an id that stays while the form does."""
        named = [
            entry.form.party(str(uuid5(self.token.data, str(place))))
            for place, entry in enumerate(self.parties)
            if entry.form.is_somebody()
        ]
        return {**super().record(), "parties": named}

    def needs_question(self) -> bool:
        """True once, when the issue is one for which restriction is always offered and it was not chosen.

        The question comes back with "yes" chosen; whoever answers "no" then has decided.
        """
        delicate = reference().taxonomy.is_restricted_group(self.issue.data)
        if not delicate or self.restricted.data == "yes" or self.asked.data:
            return False
        self.asked.data, self.restricted.data = "1", "yes"
        return True

    def validate_named(self, field: ChecksField) -> None:
        """A file that one person alone can open is lost when that person is."""
        if self.restricted.data == "yes" and not field.data:
            raise wtforms.ValidationError(_("Name at least one other person who may open it"))

    def named_people(self) -> list[UUID]:
        """Those who may open a restricted file besides the one who records it."""
        return [UUID(code) for code in self.named.data or ()] if self.restricted.data == "yes" else []

    def answers(self) -> list[dict[str, Any]]:
        """The consents that were asked."""
        return [entry.form.answered() for entry in self.consents if entry.form.was_asked()]


class EditCaseForm(RecordForm):
    """The record of a case, with the version on which the changes were made."""

    version = VersionField()


def precision(birth: str) -> str:
    """How exactly a birth date is known, as a code of the list `date_precision`."""
    return ("unknown", "year", "month", "day")[len(birth.split("-")) if birth else 0]


def fields_of(record: dict[str, Any]) -> dict[str, Any]:
    """The values of the form for a stored record."""
    return {**record["client"], **{name: record.get(name, "") for name in (*CASE_CODES, *CASE_TEXTS)}}


def _is_new(field: wtforms.Field) -> bool:
    """True for an answer that is not the stored one: nobody is asked about the same number twice."""
    return bool(field.data) and field.data != field.object_data


def _words(warnings: tuple[Warn, ...]) -> list[str]:
    return [list_label("identity_warning", str(warning)) for warning in warnings]
