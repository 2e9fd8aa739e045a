"""Which lawyers fit a file best, with every reason. Points that anybody can add up; nobody is chosen by it.

The points are a house rule, as no source ranks lawyers: what the person needs (to be understood, somebody of
the gender asked for) and what the matter needs (field, place) weigh the same, load decides between equals
and outweighs one of them when it nears the ceiling. Whoever may not take the file stands last, with why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.assignment.load import File, Load

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


class Reason(StrEnum):
    """What speaks for somebody or against; the words are the page's."""

    CONFLICT = "conflict"
    ABSENT = "absent"
    AWAY_SOON = "away_soon"
    AWAY_LONG = "away_long"
    NO_FILES = "no_files"
    DECLINED = "declined"
    GENDER = "gender"
    OTHER_GENDER = "other_gender"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    FIELD = "field"
    OTHER_FIELD = "other_field"
    PROVINCE = "province"
    BAR = "bar"
    ELSEWHERE = "elsewhere"
    LIGHT = "light"
    HEAVY = "heavy"
    FULL = "full"


_BARS: Final = frozenset({Reason.CONFLICT, Reason.ABSENT, Reason.NO_FILES})
_POINTS: Final = {
    Reason.GENDER: 3.0, Reason.LANGUAGE: 3.0, Reason.FIELD: 3.0, Reason.PROVINCE: 3.0, Reason.BAR: 2.0,
    Reason.AWAY_LONG: -3.0, Reason.HEAVY: -2.0, Reason.FULL: -6.0, Reason.DECLINED: -6.0,
}  # fmt: skip  # one table
_FREE: Final = 2.0
"""Points of somebody without any file; they shrink to none as the load nears the ceiling."""


SOON: Final = timedelta(days=14)
"""An absence that begins so soon stands beside the name: the file would be left as it comes."""

LONG: Final = timedelta(days=7)
"""One that lasts so long weighs as much as the field: somebody who is there comes first."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a file needs. `group` is the issue group, `gender` the one that the person asked for, "" none."""

    file: File
    group: str
    province: str
    language: str
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, both included."""

    begins: date
    ends: date

    def is_near(self, today: date) -> bool:
        """Whether it is not over, and has begun or begins soon."""
        return self.begins <= today + SOON and today <= self.ends


@dataclass(frozen=True, slots=True)
class Lawyer:
    """Somebody who may be asked. `bar` is the province of the bar that they are registered with."""

    id: UUID
    name: str
    load: Load
    languages: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    bar: str = ""
    gender: str = ""
    absences: tuple[Absence, ...] = ()
    walled: bool = False  # by a decision on a conflict of interest
    declined: bool = False  # this very file


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A lawyer, what speaks for and against, and the load with the file."""

    lawyer: Lawyer
    reasons: tuple[Reason, ...]
    points: float
    load: Load

    @property
    def barred(self) -> bool:
        """Whether they may not take it, or not now."""
        return not _BARS.isdisjoint(self.reasons)


def ranked(matter: Matter, lawyers: Iterable[Lawyer], today: date, answer_by: date) -> list[Suggestion]:
    """Everybody, the best fit first; equals by load, then by name. `answer_by`: until when somebody answers.

    Whoever is away on each day until then cannot answer, and whoever is walled off never may.
    """
    found = [_suggestion(matter, lawyer, today, answer_by) for lawyer in lawyers]
    return sorted(
        found, key=lambda one: (one.barred, -one.points, one.load.share, one.lawyer.name, str(one.lawyer.id))
    )


def _suggestion(matter: Matter, lawyer: Lawyer, today: date, answer_by: date) -> Suggestion:
    load = lawyer.load.with_file(matter.file)
    reasons = tuple(
        reason
        for reason in (
            Reason.CONFLICT if lawyer.walled else None,
            Reason.ABSENT if _away(lawyer, today, answer_by) else _leaves(lawyer, today),
            Reason.NO_FILES if not lawyer.load.ceiling else None,
            Reason.DECLINED if lawyer.declined else None,
            _gender(matter, lawyer),
            _language(matter, lawyer),
            _field(matter, lawyer),
            _place(matter, lawyer),
            _weight(load) if lawyer.load.ceiling else None,
        )
        if reason is not None
    )
    free = _FREE * max(0.0, 1 - load.share)
    return Suggestion(lawyer, reasons, sum(_POINTS.get(reason, 0.0) for reason in reasons) + free, load)


def _away(lawyer: Lawyer, today: date, answer_by: date) -> bool:
    return any(away.begins <= today and answer_by <= away.ends for away in _joined(lawyer.absences))


def _joined(absences: Iterable[Absence]) -> list[Absence]:
    """The same days with nothing in two parts: one absence goes on where the next begins a day later."""
    found: list[Absence] = []
    for one in sorted(absences, key=lambda away: away.begins):
        last = found[-1] if found else None
        if last is not None and one.begins <= last.ends + timedelta(days=1):
            found[-1] = Absence(last.begins, max(last.ends, one.ends))
        else:
            found.append(one)
    return found


def _leaves(lawyer: Lawyer, today: date) -> Reason | None:
    """Of who can answer: whether they are away soon, and whether for long."""
    near = [away for away in _joined(lawyer.absences) if away.is_near(today)]
    if any(away.ends - away.begins + timedelta(days=1) >= LONG for away in near):
        return Reason.AWAY_LONG
    return Reason.AWAY_SOON if near else None


def _gender(matter: Matter, lawyer: Lawyer) -> Reason | None:
    """Nothing where nobody asked; somebody whose gender is not recorded does not meet the wish."""
    if not matter.gender:
        return None
    return Reason.GENDER if lawyer.gender == matter.gender else Reason.OTHER_GENDER


def _language(matter: Matter, lawyer: Lawyer) -> Reason | None:
    if not matter.language:
        return None
    return Reason.LANGUAGE if matter.language in lawyer.languages else Reason.INTERPRETER


def _field(matter: Matter, lawyer: Lawyer) -> Reason | None:
    if not matter.group:
        return None
    return Reason.FIELD if matter.group in lawyer.groups else Reason.OTHER_FIELD


def _place(matter: Matter, lawyer: Lawyer) -> Reason | None:
    """Whoever works in the province comes before whoever belongs to its bar: a lawyer may act anywhere."""
    if not matter.province:
        return None
    if matter.province in lawyer.provinces:
        return Reason.PROVINCE
    return Reason.BAR if matter.province == lawyer.bar else Reason.ELSEWHERE


def _weight(load: Load) -> Reason:
    if load.share > 1:
        return Reason.FULL
    return Reason.HEAVY if load.alerts else Reason.LIGHT
