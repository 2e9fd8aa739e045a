"""The judicial recess, 20 July to 31 August: İYUK 8/3 and 61, HMK 102 to 104, CMK 331.

It counts for the recommended reading only where it is sure that this period and this court have one. A
doubtful recess is a rescue argument. No recess ever moves the safe date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.deadlines.questions import Question
from domain.deadlines.rules import Recess

EXTENSION: Final[Mapping[Recess, timedelta]] = {
    Recess.IYUK: timedelta(days=7),
    Recess.HMK: timedelta(days=7),
    Recess.CMK: timedelta(days=3),
}
"""From 31 August: to 7 September by İYUK 8/3 and HMK 104, to 3 September by CMK 331/4."""

_CONTESTED: Final = {Recess.IYUK_CONTESTED: Recess.IYUK, Recess.CMK_CONTESTED: Recess.CMK}
_WITHOUT: Final = frozenset({Recess.NONE, Recess.NEVER})


def in_recess(day: date) -> bool:
    """Whether a day lies in the recess of its year, both ends included."""
    return date(day.year, 7, 20) <= day <= date(day.year, 8, 31)


def end_of_recess(day: date) -> date:
    """The last day of the recess of the year of a day."""
    return date(day.year, 8, 31)


def extended(law: Recess, day: date) -> date:
    """The last day, before it moves off holidays, of a period that ends in the recess of that year."""
    return end_of_recess(day) + EXTENSION[law]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the recess does to one period in one case.

    `law`: the law that extends it, None for no extension whatever. `sure`: whether the recommended reading
    may rely on it. `because`: the step that says why it may not, or why there is none.
    """

    law: Recess | None
    sure: bool
    because: str = ""


def standing(recess: Recess, question: Question) -> Standing:
    """What the recess does to a period, by its rule and the facts."""
    law = _CONTESTED.get(recess, recess)
    excluded = _excluded(law, question)
    if excluded:
        return Standing(None, sure=True, because=excluded)
    if law is not recess:
        return Standing(law, sure=False, because="recess_contested")
    unknown = _unknown(law, question)
    return Standing(law, sure=not unknown, because=unknown)


def _unknown(law: Recess, question: Question) -> str:
    """The step that says which fact would have to be known, empty where all are."""
    if law is Recess.IYUK and question.court_recess is None:
        return "recess_unknown"
    if law is Recess.HMK and question.urgent_civil is None:
        return "recess_urgent_unknown"
    return "recess_detained_unknown" if law is Recess.CMK and question.detained is None else ""


def _excluded(law: Recess, question: Question) -> str:
    """The step that says why no recess touches the period, empty where one may."""
    if law in _WITHOUT:
        return "recess_none"
    if question.court_recess is False:
        return "recess_court"
    if law is Recess.HMK and question.urgent_civil:
        return "recess_urgent"
    return "recess_detained" if law is Recess.CMK and question.detained else ""
