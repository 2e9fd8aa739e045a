"""The coded row that statistics read: appended sealed by whoever changes the case."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import func, select

import vault
from accounts.service import trust
from cases.models import Case, Fact
from cases.service import due
from core.access.actors import Actor
from core.store.base import db
from domain.identity import BirthDate, BirthDateError
from domain.statistics_facts import thursday_of

CONSENT = "statistics"
SHARED: Final = ("household", "event")  # what several cases can be of, and are counted once by


def fresh_ids() -> dict[str, str]:
    """Random ids of fact, case, client, household and event; they stand only inside the sealed record.

    Each case has all of them from the start: one that shares a household with another looks like any other.
    """
    return {"fact": str(uuid4()), **{name: fresh_number() for name in ("case", "client", *SHARED)}}


def fresh_number() -> str:
    """A number that no other case has."""
    return uuid4().hex


def number(record: dict[str, Any], kind: str) -> str:
    """The number of the household or event of a case; one recorded before there were any has its own."""
    ids: dict[str, str] = record["statistics_ids"]
    return ids.get(kind) or ids["case"]


def append(actor: Actor, case: Case, record: dict[str, Any], *, consented: bool) -> None:
    """Append the newest version of the case's fact, or order it where no manager has made the key yet."""
    key = trust.organisation_key(case.organisation_id, "statistics")
    if key is None:
        due.fact_due(actor, case)
        return
    fact_id = UUID(record["statistics_ids"]["fact"])
    newest = db.session.scalar(select(func.max(Fact.version)).where(Fact.id == fact_id)) or 0
    version = newest + 1
    context = vault.Context("fact", case.organisation_id, fact_id, version)
    sealed = vault.seal_to(key.public, orjson.dumps(coded(case, record, consented=consented)), context)
    db.session.add(
        Fact(id=fact_id, version=version, organisation_id=case.organisation_id, key_id=key.id, sealed=sealed)
    )


def coded(case: Case, record: dict[str, Any], *, consented: bool) -> dict[str, Any]:
    """The row: codes only, and the Thursday of the opening week instead of the day.

    Who did not agree to statistics leaves no category behind, only the week: enough to be counted in
    the one number of those who did not agree.
    """
    client = record["client"]
    ids = record["statistics_ids"]
    closing = record.get("closing") or {}
    categories = {
        "issue": record["issue"],
        "province": record.get("province") or "",
        "authority": record.get("authority") or "",
        "urgency": case.urgency,
        "sex": client.get("sex") or "unknown",
        "age_band": _age_band(client.get("birth") or "", case.opened_on),
        "nationality": client.get("nationality") or "XXX",
        "level": closing.get("level") or record.get("level_given") or "",
        "outcome": closing.get("outcome") or "",
        **{kind: number(record, kind) for kind in SHARED},
    }
    return {
        "case": ids["case"],
        "client": ids["client"],
        "opened": thursday_of(case.opened_on).isoformat(),
        "organisation": str(case.organisation_id),
        "statistics": consented,
        **(categories if consented else dict.fromkeys(categories, "")),
    }


def _age_band(birth: str, on: dt.date) -> str:
    try:
        return BirthDate.parse(birth, on).age_band(on)
    except BirthDateError:
        return "unknown"
