"""What an organisation declares to whom, how often, and by which rule of law it is counted.

Law: Dernekler Kanunu 5253, art. 19 and 23; Dernekler Yönetmeliği, art. 83. The rules are those of
associations: of any other legal form, and of any other declaration, somebody says the day.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.folding import search_key
from domain.text import fold_digits

ANNUAL: Final = "annual"
YEAR: Final = "year"

_RULES: Final = MappingProxyType({ANNUAL: "ASSOC_DECL", "assembly": "ASSOC_CHANGE", "change": "ASSOC_CHANGE"})
_ASSOCIATIONS: Final = frozenset({"association", "federation"})

MONTHS: Final = MappingProxyType({"once": 0, "month": 1, "quarter": 3, YEAR: 12})
"""By code of `config/lists/declaration_every.tsv` after how many months it is due again."""

AUTHORITIES: Final = MappingProxyType(
    {
        "aid_permit": "governorate",
        "tax": "tax_office",
        "social_security": "sgk",
        "work_permit": "labour_ministry",
    }
)
"""By code of `config/lists/declaration_kind.tsv` who takes it from everybody, a code of `authority`."""

OVERSEEN: Final = frozenset({ANNUAL, "assembly", "change", "funds_from_abroad", "aid_abroad"})
"""What goes to whoever oversees organisations of that legal form."""

OVERSEERS: Final = MappingProxyType(
    {"association": "associations", "federation": "associations", "foundation": "foundations"}
)
"""By legal form who that is, where it is known: of foundations by Vakıflar Kanunu 5737."""

_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_YEARLY: Final = frozenset({ANNUAL, "aid_permit", "work_permit"})


def rule_of(what: str, legal_form: str) -> str:
    """The rule by which a declaration of such an organisation is counted; "" where there is none."""
    return _RULES.get(what, "") if legal_form in _ASSOCIATIONS else ""


def authority_of(what: str, legal_form: str) -> str:
    """Who usually takes a declaration of such an organisation; "" where nobody can say it for all."""
    return OVERSEERS.get(legal_form, "") if what in OVERSEEN else AUTHORITIES.get(what, "")


def usually_every(what: str) -> str:
    """How often it is due, as far as it is the same for everybody."""
    return YEAR if what in _YEARLY else "once"


def every(data: Mapping[str, Any]) -> str:
    """How often a declaration that was planned comes back."""
    if data.get("deadline"):
        return YEAR if data["what"] == ANNUAL else "once"
    return str(data["every"])


def following(data: Mapping[str, Any]) -> dt.date | None:
    """What counts for the next one: its day, or the day from which it is counted; None for what is once."""
    months = MONTHS[every(data)]
    last = dt.date.fromisoformat(data["begun"] or data["due"])
    return _later(last, months, int(data.get("month_day") or last.day)) if months else None


def month_day(due: dt.date, before: Mapping[str, Any] | None) -> int:
    """On which day of the month it is due as a rule, where a short month has no such day.

    before: the declaration that it follows. Whoever took the day that follows from it wants the same.
    """
    if before is not None and following(before) == due:
        return int(before.get("month_day") or dt.date.fromisoformat(before["begun"] or before["due"]).day)
    return due.day


def end_of_year(year: int) -> dt.date:
    """The last day of a financial year that is a calendar year."""
    return dt.date(year, 12, 31)


def same_period(data: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two declarations are of the same financial year, as the words on their period tell.

    Words that name no year may stand in each year's: of which it is, the year tells in which it is due.
    """
    words = [str(one.get("period") or "") for one in (data, other)]
    years = [set(_YEAR.findall(fold_digits(said))) for said in words]
    if any(years):
        return years[0] == years[1]
    due = [str(one.get("due") or "")[:4] for one in (data, other)]
    keys = [search_key(said) for said in words]
    return bool(keys[0]) and keys[0] == keys[1] and due[0] == due[1]


def _later(day: dt.date, months: int, wanted: int) -> dt.date:
    """That day of a later month, or its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))
