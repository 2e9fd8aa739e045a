"""The sealed record and card of a case."""

from __future__ import annotations

from typing import Any

from cases.models import Case
from cases.service import rows
from domain.folding import search_key
from vault import Key


def seal_record(key: Key, case: Case, record: dict[str, Any]) -> None:
    """Seal record and card under the case's present version."""
    client = record["client"]
    card = {
        "name": client.get("name_ar") or client.get("name_latin") or "",
        "issue": record["issue"],
        "province": record.get("province") or "",
        "next_step": record.get("next_step") or "",
        "find": search_key(
            " ".join(
                (
                    case.reference,
                    *(client.get(name) or "" for name in ("name_ar", "name_latin", "father", "mother")),
                    record.get("next_step") or "",
                )
            )
        ),
    }
    case.record = rows.seal_row(key, case, "cases.record", case.id, case.version, record)
    case.card = rows.seal_row(key, case, "cases.card", case.id, case.version, card)


def open_record(key: Key, case: Case) -> dict[str, Any]:
    """The record, opened."""
    return rows.open_row(key, case, "cases.record", case.id, case.version, case.record)


def open_card(key: Key, case: Case) -> dict[str, str]:
    """The card, opened."""
    return rows.open_row(key, case, "cases.card", case.id, case.version, case.card)
