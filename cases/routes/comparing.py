"""Two versions of a record, field by field, and what a person chose between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from cases.forms.record import CASE_CODES, CASE_TEXTS, CLIENT_CODES, CLIENT_TEXTS, RecordForm, precision
from cases.service.views import OpenCase
from core.web.filters import known_day
from core.web.labels import issue_label, list_label, province_label, urgency_label

_LISTS: Final = {
    "sex": "sex",
    "nationality": "nationality",
    "status": "protection_status",
    "language": "language",
    "authority": "authority",
}
_CLIENT: Final = (*CLIENT_TEXTS, "birth", *CLIENT_CODES, "numbers", "phones")
_CASE: Final = (*CASE_CODES, *CASE_TEXTS)
_NAMED: Final = {
    "birth": known_day,
    "province": province_label,
    "issue": issue_label,
    "urgency": urgency_label,
}


@dataclass(frozen=True)
class Difference:
    """A field that is not the same in both versions, in words."""

    name: str
    label: str
    theirs: str
    mine: str


def differences(form: RecordForm, case: OpenCase) -> list[Difference]:
    """Where what was typed differs from the record as it stands."""
    theirs, mine = _flat(case.record, case.urgency), _flat(form.record(), form.urgency.data)
    return [
        Difference(name, str(form[name].label.text), _words(name, theirs[name]), _words(name, mine[name]))
        for name in mine
        if theirs[name] != mine[name]
    ]


def merged(form: RecordForm, case: OpenCase, sent: Mapping[str, str]) -> tuple[dict[str, Any], str] | None:
    """Record and urgency after the choice between both versions; None where a choice is missing."""
    values = _flat(form.record(), form.urgency.data)
    theirs = _flat(case.record, case.urgency)
    for difference in differences(form, case):
        answer = sent.get(f"keep-{difference.name}")
        if answer not in {"theirs", "mine"}:
            return None
        if answer == "theirs":
            values[difference.name] = theirs[difference.name]
    client = {name: values[name] for name in _CLIENT}
    client["birth_precision"] = precision(values["birth"])
    return {"client": client, **{name: values[name] for name in _CASE}}, values["urgency"]


def _flat(record: dict[str, Any], urgency: str) -> dict[str, Any]:
    client = record["client"]
    empty: dict[str, list[Any]] = {"numbers": [], "phones": []}
    return {
        **{name: client.get(name) or empty.get(name, "") for name in _CLIENT},
        **{name: record.get(name) or "" for name in _CASE},
        "urgency": urgency,
    }


def _words(name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if name == "numbers":
        return "\n".join(f"{list_label('id_number_type', one['kind'])}: {one['value']}" for one in value)
    if name == "phones":
        return "\n".join(_phone(one) for one in value)
    if name in _LISTS:
        return list_label(_LISTS[name], value)
    return _NAMED[name](value) if name in _NAMED and value else str(value)


def _phone(phone: dict[str, Any]) -> str:
    channels = [list_label("contact_channel", code) for code in phone.get("channels", ())] or [
        _("Do not call or write to this number: it was not allowed, or not asked.")
    ]
    texts = [phone.get(name, "") for name in ("hours", "cover_name", "others")]
    whose = list_label("phone_owner", phone.get("whose", ""))
    answer = {"yes": _("Yes"), "no": _("No")}.get(phone.get("message_ok", ""), _("Not asked"))
    message = f"{_('May we leave a message')}: {answer}"
    return " · ".join(part for part in (phone["number"], whose, *channels, message, *texts) if part)
