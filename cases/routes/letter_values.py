"""What the file of a case says for the fields of a letter, in the language of the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.models import Organisation
from accounts.service import work
from cases.service.parties import everybody
from cases.service.views import MemberLine, OpenCase, OpenItem
from core import clock
from core.access.permissions import Role
from core.store.base import db
from core.web.filters import known_day
from core.web.labels import list_label, province_label
from core.web.locale import LOCALES
from domain.matters import Kind, speaks_on

_DECISIONS: Final = frozenset({"decision", "court_decision"})
_UNKNOWN: Final = frozenset({None, "", "unknown", "undisclosed", "XXX"})


def values_of(
    case: OpenCase, language: str, home_id: UUID, reader_id: UUID, codes: Collection[str] = ()
) -> dict[str, str]:
    """By code of a field what stands there; "" or nothing where the file does not say it.

    codes: the fields of the letter. One that names the authority takes no number of another office.
    """
    lawyer = _lawyer_of(case, reader_id)
    with force_locale(LOCALES[language]):
        return {
            **_client(case.record["client"], language),
            **_others(case, language),
            **_case(case),
            "decision.on": _day(_decided_on(case)),
            **_matters(case),
            **_power(case, lawyer),
            "case.authority_number": _number(case, named="case.authority" in codes),
            **_lawyer(lawyer),
            "organisation.name": db.session.get_one(Organisation, home_id).name(language),
            "today": known_day(clock.today().isoformat()),
        }


def _client(client: dict[str, Any], language: str) -> dict[str, str]:
    numbers = {one["kind"]: one["value"] for one in reversed(client.get("numbers", ()))}
    return {
        "client.name": _name(client, language),
        "client.name_ar": client.get("name_ar") or "",
        "client.name_latin": client.get("name_latin") or "",
        "client.father": client.get("father") or "",
        "client.mother": client.get("mother") or "",
        "client.birth": _day(client.get("birth")),
        "client.nationality": _listed("nationality", client.get("nationality")),
        "client.number": numbers.get("foreigner_number", ""),
        "client.passport": numbers.get("passport", ""),
        "client.status": _listed("protection_status", client.get("status")),
        "client.legal_form": _listed("legal_form", client.get("legal_form")),
    }


def _others(case: OpenCase, language: str) -> dict[str, str]:
    """The other people of the matter; for an organisation speaks whoever has a mandate today."""
    mandates = (one.data for one in case.matters[Kind.MANDATE])
    mandate = next((one for one in mandates if speaks_on(one, clock.today())), {})
    named = {
        role: ", ".join(_name(one.person, language) for one in everybody(case.record) if one.role == role)
        for role in ("representative", "guardian", "spouse", "child", "opposing")
    }
    return {
        "client.representative": mandate.get("name") or named["representative"] or named["guardian"],
        "mandate.power": _listed("mandate_power", mandate.get("power")),
        "mandate.paper": _listed("mandate_paper", mandate.get("paper")),
        "spouse.name": named["spouse"],
        "child.names": named["child"],
        "opponent.name": named["opposing"],
    }


def _name(person: dict[str, Any], language: str) -> str:
    """In the letters of the language, as far as it was written in them."""
    names = person.get("name_ar") or "", person.get("name_latin") or ""
    return next(filter(None, names if language == "ar" else reversed(names)), "")


def _decided_on(case: OpenCase) -> str | None:
    """The day that stands on the newest decision among the papers, a part of a date as it is known."""
    decisions = (one.document.about for one in case.shelves if one.document.about.get("kind") in _DECISIONS)
    days = (one["on"] for one in decisions if one.get("on"))
    return max((on for on in days if on <= clock.today().isoformat()), default=None)


def _case(case: OpenCase) -> dict[str, str]:
    record = case.record
    return {
        "case.reference": case.reference,
        "case.province": province_label(record["province"]) if record.get("province") else "",
        "case.authority": _listed("authority", record.get("authority")),
    }


def _matters(case: OpenCase) -> dict[str, str]:
    stay = _newest(one for one in case.matters[Kind.DETENTION] if one.is_open)
    codes = [one.data for one in case.matters[Kind.RESTRICTION] if one.is_open]
    place = stay.get("name") or _listed("detention_place", stay.get("place"))
    return {
        "detention.place": place,
        "detention.since": _day(stay.get("since")),
        "detention.decision": stay.get("basis", ""),
        "detention.decided_on": _day(stay.get("decided_on")),
        "restriction.code": ", ".join(one.get("typed") or one["code"] for one in codes),
    }


def _power(case: OpenCase, lawyer: MemberLine | None) -> dict[str, str]:
    """The power of attorney of the lawyer whom the letter names, if it stands today; no other one."""
    held = str(lawyer.person_id) if lawyer else None
    power = _newest(one for one in case.held_here if one.data["lawyer"] == held)
    return {
        "power.on": _day(power.get("on")),
        "power.number": power.get("number", ""),
        "power.notary": power.get("name") or _listed("power_place", power.get("place")),
    }


def numbers_of(case: OpenCase) -> list[OpenItem]:
    """Under which numbers other offices keep the matter today."""
    return [one for one in case.matters[Kind.REFERENCE] if one.is_open]


def _number(case: OpenCase, *, named: bool) -> str:
    """The number elsewhere, where it cannot be that of another office; nobody says to which a letter goes."""
    authority, found = case.record.get("authority"), numbers_of(case)
    if named and authority not in _UNKNOWN:
        found = [one for one in found if one.data["authority"] == authority]
    return str(found[0].data["number"]) if len(found) == 1 else ""


def _newest(found: Iterable[OpenItem]) -> dict[str, Any]:
    """What was written down last; nothing where there is nothing."""
    newest = max(found, key=lambda one: one.added_at, default=None)
    return newest.data if newest else {}


def _lawyer_of(case: OpenCase, reader_id: UUID) -> MemberLine | None:
    """Whoever writes, being a lawyer of the case; else who holds a power of attorney, or its first one."""
    found = [one for one in case.members if one.capacity == str(Role.LAWYER) and not one.withdrawing]
    holders = {one.data["lawyer"] for one in case.held_here}
    found.sort(key=lambda one: (one.person_id != reader_id, str(one.person_id) not in holders))
    return next(iter(found), None)


def _lawyer(lawyer: MemberLine | None) -> dict[str, str]:
    if lawyer is None:
        return {}
    profile = work.profiles([lawyer.person_id]).get(lawyer.person_id)
    bar = _("Bar of %(province)s", province=province_label(profile.bar)) if profile and profile.bar else ""
    return {"lawyer.name": lawyer.name, "lawyer.bar": str(bar)}


def _day(value: str | None) -> str:
    return known_day(value) if value else ""


def _listed(name: str, code: str | None) -> str:
    return "" if code is None or code in _UNKNOWN else list_label(name, code)
