"""What an organisation declares to whom, how often, and by which rule of law it is counted.

Law: Dernekler Kanunu 5253, art. 19 and 23; Dernekler Yönetmeliği, art. 83. The rules are those of
associations: of any other legal form, and of any other declaration, somebody says the day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

ANNUAL: Final = "annual"
YEAR: Final = "year"

_RULES: Final = MappingProxyType({ANNUAL: "ASSOC_DECL", "assembly": "ASSOC_CHANGE", "change": "ASSOC_CHANGE"})
_ASSOCIATIONS: Final = frozenset({"association", "federation"})

MONTHS: Final = MappingProxyType({"once": 0, "month": 1, "quarter": 3, YEAR: 12})
"""By code of `config/lists/declaration_every.tsv` after how many months it is due again."""

AUTHORITIES: Final = MappingProxyType(
    {
        ANNUAL: "associations",
        "assembly": "associations",
        "change": "associations",
        "funds_from_abroad": "associations",
        "aid_abroad": "associations",
        "aid_permit": "governorate",
        "tax": "tax_office",
        "social_security": "sgk",
        "work_permit": "labour_ministry",
    }
)
"""By code of `config/lists/declaration_kind.tsv` who usually takes it, a code of the list `authority`."""

_YEARLY: Final = frozenset({ANNUAL, "aid_permit", "work_permit"})


def rule_of(what: str, legal_form: str) -> str:
    """The rule by which a declaration of such an organisation is counted; "" where there is none."""
    return _RULES.get(what, "") if legal_form in _ASSOCIATIONS else ""


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
    return _later(dt.date.fromisoformat(data["begun"] or data["due"]), months) if months else None


def end_of_year(year: int) -> dt.date:
    """The last day of a financial year that is a calendar year."""
    return dt.date(year, 12, 31)


def _later(day: dt.date, months: int) -> dt.date:
    """The last day of a month stays a last day."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, longest if is_last else min(day.day, longest))
