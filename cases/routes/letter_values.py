"""What the file of a case says for the fields of a letter, in the language of the letter."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.models import Organisation
from accounts.service import work
from cases.service.views import OpenCase, OpenItem
from core import clock
from core.access.permissions import Role
from core.store.base import db
from core.web.filters import known_day
from core.web.labels import list_label, province_label
from core.web.locale import LOCALES
from domain.matters import GIVEN, Kind

_UNKNOWN: Final = frozenset({"", "unknown", "undisclosed", "XXX"})


def values_of(case: OpenCase, language: str, home_id: UUID, reader_id: UUID) -> dict[str, str]:
    """By code of a field what stands there; "" or nothing where the file does not say it."""
    with force_locale(LOCALES[language]):
        return {
            **_client(case.record["client"], language),
            **_case(case),
            **_matters(case),
            **_lawyer(case, reader_id),
            "organisation.name": db.session.get_one(Organisation, home_id).name(language),
            "today": known_day(clock.today().isoformat()),
        }


def _client(client: dict[str, Any], language: str) -> dict[str, str]:
    arabic, latin = client.get("name_ar") or "", client.get("name_latin") or ""
    numbers = {one["kind"]: one["value"] for one in reversed(client.get("numbers", ()))}
    return {
        "client.name": (arabic or latin) if language == "ar" else (latin or arabic),
        "client.name_ar": arabic,
        "client.name_latin": latin,
        "client.father": client.get("father") or "",
        "client.mother": client.get("mother") or "",
        "client.birth": _day(client.get("birth")),
        "client.nationality": _listed("nationality", client.get("nationality")),
        "client.number": numbers.get("foreigner_number", ""),
        "client.passport": numbers.get("passport", ""),
        "client.status": _listed("protection_status", client.get("status")),
    }


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
