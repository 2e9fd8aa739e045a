"""A case told by at most four coded facts, only where enough other people could be meant.

**Rule.** Told may be the issue, the region, the quarter of opening and the broad age. A case stands alone if
at least ten clients share what is told of it (k-anonymity, Sweeney 2002), and their cases lie with at least
three different authorities (l-diversity, Machanavajjhala et al. 2007). Otherwise it is merged with others
into a composite of at least three cases that are not tied by client, household or event; of them only what
all have in common is told, which must meet the same k and l. Where even that fails, nothing is told.

The authority is the attribute that must vary, because the reader to be feared is the office that handled the
case (domain.md 5.6: "could the officer who handled it recognise it?"): among three, none can say "that is
ours". Unknown, other and no authority make no difference between cases, and so do not count.

**Limits.** Each vignette is judged by itself: several about the same few people can add up, which the two who
sign have to see. k and l are for them; publishing k would be a figure outside the ledger of releases.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Final

from domain.quarters import quarter_of
from domain.recurrence.occurrences import NOWHERE, Tie, tied_groups, ties
from domain.tables import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from domain.places import Places

LEAST_PEOPLE: Final = 10
LEAST_AUTHORITIES: Final = 3
LEAST_CASES: Final = 3

BROAD_AGES: Final = {
    **dict.fromkeys(("0-11", "12-17"), "child"),
    **dict.fromkeys(("18-29", "30-44", "45-59"), "adult"),
    "60+": "older",
}
"""Age bands of statistics by broad age (`config/lists/broad_age.tsv`); anything else is unknown."""


class Detail(StrEnum):
    """What may be told of a case, the most telling for advocacy first."""

    ISSUE = "issue"
    REGION = "region"
    QUARTER = "quarter"
    AGE = "age"


class Refusal(StrEnum):
    """Why a case can't be told."""

    NOT_COUNTED = "not_counted"
    """The person refused statistics, or nothing of what should be told is known."""

    FEW_PEOPLE = "few_people"
    FEW_AUTHORITIES = "few_authorities"
    FEW_CASES = "few_cases"


class TooRecognisable(ValueError):
    """The case would be recognised; `reasons` says by what rule."""

    def __init__(self, reasons: Iterable[Refusal]) -> None:
        self.reasons: Final = tuple(sorted(set(reasons)))
        super().__init__(", ".join(self.reasons))


@dataclass(frozen=True, slots=True)
class CodedCase:
    """What a vignette may rest on; numbers as in `recurrence.Occurrence`, an empty code means unknown.

    `region` is a code of İBBS-1, `quarter` like `2026-Q3`, `age` a broad age.
    """

    case: str
    client: str
    household: str
    event: str
    issue: str
    region: str
    quarter: str
    age: str
    authority: str
    statistics: bool

    @classmethod
    def of(  # noqa: PLR0913  a fact has that many columns
        cls,
        places: Places,
        *,
        case: str,
        client: str,
        household: str,
        event: str,
        issue: str,
        province: str,
        opened: date,
        age_band: str,
        authority: str,
        statistics: bool,
    ) -> CodedCase:
        """Coarsen a fact: plate number to region, Thursday of opening to quarter, age band to broad age."""
        return cls(
            case=case,
            client=client,
            household=household,
            event=event,
            issue=issue,
            region=places.region_of(province).code if province in places.provinces else "",
            quarter=str(quarter_of(opened)),
            age=BROAD_AGES.get(age_band, ""),
            authority=authority,
            statistics=statistics,
        )

    @property
    def ties(self) -> tuple[Tie, ...]:
        """What makes two cases one story."""
        return ties(self.client, self.household, self.event)

    def detail(self, detail: Detail) -> str:
        """The code of a detail; nothing where it is unknown."""
        code = str(getattr(self, detail))
        return "" if code == UNKNOWN else code


@dataclass(frozen=True, slots=True)
class Vignette:
    """What may be told, and of which cases; `people` and `authorities` are k and l, for those who sign."""

    told: tuple[tuple[Detail, str], ...]
    cases: tuple[str, ...]
    people: int
    authorities: int

    @property
    def is_composite(self) -> bool:
        """Whether it has to be marked as made of several cases."""
        return len(self.cases) > 1


def vignette(
    case: str, others: Iterable[str], facts: Iterable[CodedCase], tell: Collection[Detail] = tuple(Detail)
) -> Vignette:
    """The case alone with all of `tell`, else the composite with those of `others` that tells most.

    `others` are cases whose people agreed to a story too; `facts` holds every case that may be counted, once.
    Details that are unknown of the case are not told. Raises `TooRecognisable`.
    """
    counted = {fact.case: fact for fact in facts if fact.statistics}
    wanted = counted.get(case)
    details = [detail for detail in Detail if detail in tell and wanted and wanted.detail(detail)]
    if wanted is None or not details:
        raise TooRecognisable([Refusal.NOT_COUNTED])
    everybody = list(counted.values())
    alone, reasons = _judge([wanted], wanted, details, everybody)
    if alone is not None:
        return alone
    partners = sorted({other for other in others if other in counted} - {case})
    for number in range(len(details), 0, -1):
        for told in combinations(details, number):
            alike = [counted[other] for other in partners if _agree(counted[other], wanted, told)]
            if len(tied_groups([wanted, *alike])) < LEAST_CASES:
                reasons.add(Refusal.FEW_CASES)
                continue
            composite, wrong = _judge([wanted, *alike], wanted, told, everybody)
            if composite is not None:
                return composite
            reasons |= wrong
    raise TooRecognisable(reasons)


def _agree(one: CodedCase, other: CodedCase, details: Iterable[Detail]) -> bool:
    return all(one.detail(detail) == other.detail(detail) for detail in details)


def _judge(
    cases: Sequence[CodedCase], wanted: CodedCase, told: Sequence[Detail], everybody: Iterable[CodedCase]
) -> tuple[Vignette | None, set[Refusal]]:
    """The vignette of these cases if enough others could be meant, or why not."""
    alike = [fact for fact in everybody if _agree(fact, wanted, told)]
    # A case whose client is not known counts as a person of its own, as in disclosure.
    people = {("client", fact.client) if fact.client else ("case", fact.case) for fact in alike}
    authorities = {fact.authority for fact in alike} - NOWHERE
    wrong = {
        Refusal.FEW_PEOPLE: len(people) < LEAST_PEOPLE,
        Refusal.FEW_AUTHORITIES: len(authorities) < LEAST_AUTHORITIES,
    }
    if any(wrong.values()):
        return None, {reason for reason, holds in wrong.items() if holds}
    return Vignette(
        told=tuple((detail, wanted.detail(detail)) for detail in told),
        cases=tuple(fact.case for fact in cases),
        people=len(people),
        authorities=len(authorities),
    ), set()
