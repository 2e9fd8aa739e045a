"""What the file of a case says for the fields of a letter, in the language of the letter."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.models import Organisation
from accounts.service import work
from cases.service.parties import everybody
from cases.service.views import OpenCase, OpenItem
from core import clock
from core.access.permissions import Role
from core.store.base import db
from core.web.filters import known_day
from core.web.labels import list_label, province_label
from core.web.locale import LOCALES
from domain.matters import GIVEN, Kind, speaks_on

_DECISIONS: Final = frozenset({"decision", "court_decision"})
_UNKNOWN: Final = frozenset({"", "unknown", "undisclosed", "XXX"})


def values_of(case: OpenCase, language: str, home_id: UUID, reader_id: UUID) -> dict[str, str]:
    """By code of a field what stands there; "" or nothing where the file does not say it."""
    with force_locale(LOCALES[language]):
        return {
            **_client(case.record["client"], language),
            **_others(case, language),
            **_case(case),
            "decision.on": _day(_decided_on(case)),
            **_matters(case),
            **_lawyer(case, reader_id),
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
    return max((one["on"] for one in decisions if one.get("on")), default=None)


def _case(case: OpenCase) -> dict[str, str]:
    record = case.record
    return {
        "case.reference": case.reference,
        "case.province": province_label(record["province"]) if record.get("province") else "",
        "case.authority": _listed("authority", record.get("authority")),
    }


def _matters(case: OpenCase) -> dict[str, str]:
    stay, power = _running(case, Kind.DETENTION), _running(case, Kind.POWER, result=GIVEN)
    codes = [one.data for one in case.matters[Kind.RESTRICTION] if one.is_open]
    place = stay.get("name") or _listed("detention_place", stay.get("place"))
    return {
        "case.authority_number": _running(case, Kind.REFERENCE).get("number", ""),
        "detention.place": place,
        "detention.since": _day(stay.get("since")),
        "detention.decision": stay.get("basis", ""),
        "detention.decided_on": _day(stay.get("decided_on")),
        "restriction.code": ", ".join(one.get("typed") or one["code"] for one in codes),
        "power.on": _day(power.get("on")),
        "power.number": power.get("number", ""),
        "power.notary": power.get("name") or _listed("power_place", power.get("place")),
    }


def _running(case: OpenCase, kind: Kind, **said: str) -> dict[str, Any]:
    """The fact of a kind that has not ended, the one that was written down last."""
    found: list[OpenItem] = [
        one
        for one in case.matters[kind]
        if one.is_open and all(one.data.get(name) == value for name, value in said.items())
    ]
    return max(found, key=lambda one: one.added_at).data if found else {}


def _lawyer(case: OpenCase, reader_id: UUID) -> dict[str, str]:
    """Whoever writes, being a lawyer of the case, or else its first one."""
    found = [one for one in case.members if one.capacity == str(Role.LAWYER) and not one.withdrawing]
    if not found:
        return {}
    lawyer = next((one for one in found if one.person_id == reader_id), found[0])
    profile = work.profiles([lawyer.person_id]).get(lawyer.person_id)
    bar = _("Bar of %(province)s", province=province_label(profile.bar)) if profile and profile.bar else ""
    return {"lawyer.name": lawyer.name, "lawyer.bar": str(bar)}


def _day(value: str | None) -> str:
    return known_day(value) if value else ""


def _listed(name: str, code: str | None) -> str:
    return "" if code is None or code in _UNKNOWN else list_label(name, code)
