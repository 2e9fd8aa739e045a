"""Matters with people in them, as tests of the conflict check need them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from cases.models import Case
from cases.service import decisions, keys, naming, records
from cases.service.decisions import Check
from core.store.base import db
from core.store.transaction import transaction
from domain.conflicts import Outcome
from tests.support.cast import Cast, record_of

LANDLORD = "حسام الدين قدور"
LANDLORD_LATIN = "HÜSAMETTİN KADDUR"


def party(role: str, ar: str = "", latin: str = "", father: str = "", phone: str = "") -> dict[str, Any]:
    phones = [{"number": phone}] if phone else []
    names = {"name_ar": ar, "name_latin": latin, "father": father}
    return {"id": str(uuid4()), "role": role, **names, "phones": phones}


def matter(ar: str, *parties: dict[str, Any], issue: str = "A02", **client: Any) -> dict[str, Any]:
    """A record about somebody, with others in it."""
    who = {"name_ar": ar, "name_latin": "", "father": "", "mother": "", "birth": "", **client}
    return {**record_of(**who), "issue": issue, "parties": list(parties)}


def name(cast: Cast, by: str, case_id: UUID, one: dict[str, Any]) -> None:
    """Name somebody in a case, or change who it is."""
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        naming.put(cast[by], case_id, version, one)


def look(cast: Cast, by: str, case_id: UUID) -> Check:
    with transaction():
        return decisions.look(cast[by], case_id)


def decide(cast: Cast, by: str, case_id: UUID, outcome: str, **more: Any) -> None:
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        reason = more.pop("reason", "başka bir iş")
        decisions.decide(cast[by], case_id, version, Outcome(outcome), reason, **more)


def state_of(case_id: UUID) -> str:
    state = db.session.get_one(Case, case_id).state
    db.session.rollback()
    return state


def record(cast: Cast, by: str, case_id: UUID) -> dict[str, Any]:
    case = db.session.get_one(Case, case_id)
    opened = records.open_record(keys.case_key(cast[by], case), case)
    db.session.rollback()
    return opened


def held_case(cast: Cast) -> tuple[UUID, UUID]:
    """A tenant's case against a landlord, by a colleague; and the landlord, who comes for help."""
    tenant = cast.record("colleague", record=matter("سلمى الخطيب", party("landlord", LANDLORD)))
    return tenant, cast.record(record=matter("", name_latin=LANDLORD_LATIN))
