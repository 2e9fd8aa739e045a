"""Facts of a matter that begin and end: powers of attorney, detention, restriction codes, numbers elsewhere.

Law: Avukatlık Kanunu 1136, art. 35 and HMK 6100, art. 74 (powers); YUKK 6458, art. 57 and 57/A (detention).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Kind(StrEnum):
    """What a fact is about; words stand in `config/lists/item_kind.tsv`."""

    DETENTION = "detention"
    POWER = "power"
    RESTRICTION = "restriction"
    REFERENCE = "reference"
    INTERPRETER = "interpreter"
    FEE = "fee"
    COST = "cost"
    MANDATE = "mandate"  # of an organisation


ENDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Kind.DETENTION: "left_on",
        Kind.POWER: "ended_on",
        Kind.RESTRICTION: "lifted_on",
        Kind.REFERENCE: "ended_on",
        Kind.INTERPRETER: "ended_on",
        Kind.FEE: "ended_on",
        Kind.COST: "",  # spent is spent
        Kind.MANDATE: "ended_on",
    }
)
"""By kind the field that says on which day it was over."""

GIVEN, REFUSED = "given", "refused"
TRANSFERRED, UNKNOWN = "transferred", "unknown"
UNSEEN: Final = "none"
_ON_THE_WAY: Final = dt.timedelta(days=1)  # a transfer may take the night


@dataclass(frozen=True)
class Powers:
    """How it stands with the power of attorney: since when one holds, and how often it was refused."""

    given_on: dt.date | None
    refused: int


def is_over(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a fact of this kind says that it has ended."""
    return bool(data.get(ENDS[kind]))


def spent(costs: Iterable[Mapping[str, Any]]) -> int:
    """What all costs of a case come to, in whole lira."""
    return sum(int(one["amount"]) for one in costs)


def holds_on(power: Mapping[str, Any], day: dt.date) -> bool:
    """Whether a power of attorney stands on a day; the last day written in it is one of them."""
    given = power.get("result") == GIVEN and not is_over(Kind.POWER, power)
    return given and not ran_out(power, day)


def ran_out(fact: Mapping[str, Any], day: dt.date) -> bool:
    """Whether the last day that is written in a fact has passed."""
    until = _day(fact.get("until"))
    return until is not None and until < day


def speaks_on(mandate: Mapping[str, Any], day: dt.date) -> bool:
    """Whether a mandate lets somebody speak for an organisation on a day: it runs, and a paper was seen."""
    since = _day(mandate.get("since"))
    begun, over = since is None or since <= day, is_over(Kind.MANDATE, mandate) or ran_out(mandate, day)
    return begun and not over and mandate.get("paper") != UNSEEN


def powers(attempts: Iterable[Mapping[str, Any]], day: dt.date) -> Powers:
    """What all attempts of a case come to on a day."""
    known = list(attempts)
    since = [on for one in known if holds_on(one, day) and (on := _day(one.get("on")))]
    return Powers(min(since, default=None), sum(one.get("result") == REFUSED for one in known))


def detained_since(stays: Iterable[Mapping[str, Any]]) -> dt.date | None:
    """Since when somebody is held without a break, from place to place; None who is held nowhere now.

    A stay that ended by a transfer goes on in the one that began by the day after.
    """
    known = [(begun, _day(one.get("left_on")), one) for one in stays if (begun := _day(one.get("since")))]
    since = max((begun for begun, left, _one in known if left is None), default=None)
    before = [(left, begun) for begun, left, one in known if left and one.get("why_left") == TRANSFERRED]
    for left, begun in sorted(before, reverse=True):
        if since is not None and begun < since <= left + _ON_THE_WAY:
            since = begun
    return since


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
