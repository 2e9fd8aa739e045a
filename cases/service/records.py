"""The sealed record and card of a case."""

from __future__ import annotations

from typing import Any, Final

from cases.models import Case
from cases.service import facts, rows
from core import clock
from vault import Key

SHORT: Final = 8  # hex digits of a shared number: enough to look for it, the record tells it
AGREED: Final = (
    "level_agreed"  # of the record: the level of service that was agreed last; a load weighs by it
)
_NAMES: Final = ("name_ar", "name_latin", "father", "mother")


def seal_record(key: Key, case: Case, record: dict[str, Any]) -> None:
    """Seal record and card under the case's present version."""
    client = record["client"]
    card = {
        "name": client.get("name_ar") or client.get("name_latin") or "",
        "issue": record["issue"],
        "province": record.get("province") or "",
        "next_step": record.get("next_step") or "",
        "level": record.get(AGREED) or "",
        # What the search looks through, beside the reference.
        "names": [client[name] for name in _NAMES if client.get(name)],
        "digits": [
            *(number["value"] for number in client.get("numbers", ())),
            *(phone["number"] for phone in client.get("phones", ())),
            *filter(None, [record.get("old_number")]),
            *record.get("file_numbers", ()),  # under which other offices keep it
        ],
        "shared": _shared(record),
    }
    case.record = rows.seal_row(key, case, "cases.record", case.id, case.version, record)
    case.card = rows.seal_row(key, case, "cases.card", case.id, case.version, card)


def next_version(case: Case, key: Key, record: dict[str, Any]) -> None:
    """Seal record and card as the next version of the case."""
    case.version += 1
    case.changed_at = clock.now()
    seal_record(key, case, record)


def open_record(key: Key, case: Case) -> dict[str, Any]:
    """The record, opened."""
    return rows.open_row(key, case, "cases.record", case.id, case.version, case.record)


def open_card(key: Key, case: Case) -> dict[str, Any]:
    """The card, opened."""
    return rows.open_row(key, case, "cases.card", case.id, case.version, case.card)


def searched(key: Key, case: Case) -> dict[str, Any]:
    """The card with what the search looks through; one of an older shape is completed from the record."""
    card = open_card(key, case)
    return card if "shared" in card else {**card, "shared": _shared(open_record(key, case))}


def _shared(record: dict[str, Any]) -> list[str]:
    return [facts.number(record, kind)[:SHORT] for kind in facts.SHARED]
