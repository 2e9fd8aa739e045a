"""One-way tables of one closed quarter that betray nobody.

**Rule.** Counted are cases of the whole organisation, in one closed quarter, along one dimension. A row is
*small* if it rests on fewer than five different people. If there is a small row, all rows below a bound are
merged into "other". The bound is the least number of people, from five upwards, for which

1. "other" holds at least two rows that are not empty, and at least five people (so at least five cases);
2. with k rows left out (empty ones included) and v cases in "other", either v < 4 * (k - 1), or the largest
   and the smallest of these rows lie at least four apart;
3. the rows in "other" that are not empty differ, or have two or three cases each.

Rows of equal size are merged together, never some of them; empty rows are not shown; "other" says only how
many rows of the list are not shown, empty or merged, which can be read off the table anyway. If no row is
left beside "other", or everything lies in a single row, only the total is shown; with fewer than five
people, nothing is.

**Guarantee.** An attacker knows this rule, the code list and everything published. Whenever a table shows
"other" or only a total, then for every row that is not shown there are two complete sets of counts which
would have been published in exactly the same way and which differ in that row by at least four. Even an
attacker who also knows which rows are empty finds, for each of the others behind "other", two such sets
that differ in that row.

*Proof.* Every alternative below only moves cases between rows that are not shown; rows shown, people and
the other dimensions of these cases stay. (A) The rule looks at sizes, never at which row has which size:
exchanging the contents of two rows that are not shown changes nothing published. *Other*: where two of
these rows lie four apart, (A) puts either figure in any of them. Otherwise v < 4 * (k - 1), so the cases
can be spread over the k rows with one figure 0, one 4, one between 1 and 3 and none above 4 (5 <= v leaves
a case for the third). The bound is then five and 1 to 3 hold, so the same table comes out; (A) puts the 0
and the 4 in any row. *Only a total*: all cases in any one row give that output too, so each row can be 0 or
at least 5. *Empty rows known*: if the others differ, (A) exchanges two different figures among them. If
they are equal, they are two or three: taking a case from one to another leaves the bound at five and 1 to 3
true. QED. Without "other", rows that are not shown are empty, which the table says.

Because an alternative for one dimension leaves all others as they are, the tables of a quarter add nothing to
each other, as long as they rest on the same facts: who publishes freezes a quarter
once and draws all from that.

**Beside the table.** How many cases are counted in no category because the person refused statistics, and
how many came late (opened in an earlier quarter, recorded in this one, when that had closed), is one number
each, outside the total, shown only from five people upwards: fewer and none look the same.

**Limits.** Outside knowledge beyond the above is not covered: who knows all but one case of "other" knows
the last; and an alternative may give two cases of one person different codes. A row of five people or more
in a sensitive group (L, M, H) is shown; a row wholly in a sensitive category can only arise with crossed
tables, where it has to be hidden. Explanations are codes that follow from the published figures; anything
finer, such as whether a larger row was merged too, would tell what the proof needs hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from domain.identity import AGE_BANDS
from domain.quarters import Quarter, closed, quarter_of
from domain.statistics_facts import Fact
from domain.tables import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from domain.places import Places
    from domain.taxonomy import Taxonomy

__all__ = [
    "DIMENSIONS",
    "Explanation",
    "Fact",
    "Figure",
    "OtherRow",
    "ProtectedTable",
    "Quarter",
    "QuarterStillOpen",
    "Spec",
    "closed",
    "code_lists",
    "protect",
    "quarter_of",
]

DIMENSIONS: Final = ("issue_group", "province", "sex", "age_band")
THRESHOLD: Final = 5
LARGEST_SMALL: Final = THRESHOLD - 1
MERGED_AT_LEAST: Final = 2
SEX_CODES: Final = ("f", "m", "x", UNKNOWN)
AGE_BAND_CODES: Final = (*(code for _, code in AGE_BANDS), UNKNOWN)


class QuarterStillOpen(ValueError):
    """The quarter is not over yet, and only closed ones are published."""


class Explanation(StrEnum):
    """Why a table looks as it does; each follows from the published figures alone."""

    SMALL_ROWS_MERGED = "small_rows_merged"
    ONLY_TOTAL = "only_total"
    TOO_FEW = "too_few"
    LATE_WITHHELD = "late_withheld"
    REFUSED_WITHHELD = "refused_withheld"


@dataclass(frozen=True, slots=True)
class Spec:
    """Which table: the dimension, every code of its list (with `unknown`), the quarter."""

    dimension: str
    codes: tuple[str, ...]
    quarter: Quarter

    def __post_init__(self) -> None:
        """Refuse a dimension that is not on the menu, and a list that has no place for the unknown."""
        if self.dimension not in DIMENSIONS or UNKNOWN not in self.codes:
            message = "a table needs a dimension of the menu and a code list with `unknown`"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Figure:
    """One published row."""

    code: str
    value: int


@dataclass(frozen=True, slots=True)
class OtherRow:
    """The merged row: cases in it, and how many rows of the list are not shown (merged or empty)."""

    value: int
    not_shown: int


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What may be published, and nothing that may not. `None` stands for a figure that is withheld."""

    dimension: str
    quarter: Quarter
    rows: tuple[Figure, ...]
    other: OtherRow | None
    total: int | None
    late: int | None
    refused: int | None
    explanations: tuple[Explanation, ...]

    @property
    def is_refused(self) -> bool:
        """Whether there are too few cases to show even the total."""
        return self.total is None


@dataclass(slots=True)
class _Row:
    """The true content of a row; it never leaves this module."""

    cases: int = 0
    clients: set[str] = field(default_factory=set)
    unknown: int = 0  # a case whose client is not known counts as a person of its own

    def add(self, fact: Fact) -> None:
        self.cases += 1
        if fact.client:
            self.clients.add(fact.client)
        else:
            self.unknown += 1

    @classmethod
    def union(cls, rows: Iterable[_Row]) -> _Row:
        """Several rows as one: somebody with a case in two of them is one person."""
        listed = list(rows)
        clients = set[str]().union(*(row.clients for row in listed))
        return cls(sum(row.cases for row in listed), clients, sum(row.unknown for row in listed))

    @property
    def people(self) -> int:
        return len(self.clients) + self.unknown

    @property
    def published(self) -> int | None:
        """Its figure where it may stand alone."""
        return self.cases if self.people >= THRESHOLD else None


def code_lists(taxonomy: Taxonomy, places: Places) -> dict[str, tuple[str, ...]]:
    """Every code of each dimension on the menu, in the order of the lists, the unknown last."""
    return {
        "issue_group": (*taxonomy.groups, UNKNOWN),
        "province": (*places.provinces, UNKNOWN),
        "sex": SEX_CODES,
        "age_band": AGE_BAND_CODES,
    }


def protect(facts: Iterable[Fact], spec: Spec, today: date) -> ProtectedTable:
    """The table that may be published; the module says by which rule and with which guarantee.

    `facts` holds one fact for each case of the organisation, of any quarter. A code that the list does not
    know counts as unknown. Raises `QuarterStillOpen` before the quarter is over on `today`, `ValueError`
    where a case comes twice.
    """
    if not closed(spec.quarter, today):
        raise QuarterStillOpen(str(spec.quarter))
    by_code = {code: _Row() for code in spec.codes}
    late, refused = _Row(), _Row()
    for fact in _once(facts):
        if quarter_of(fact.recorded) != spec.quarter:
            continue
        if not fact.statistics:
            refused.add(fact)
        elif quarter_of(fact.opened) == spec.quarter:
            by_code.get(_code(fact, spec.dimension), by_code[UNKNOWN]).add(fact)
        else:
            late.add(fact)
    total = _Row.union(by_code.values()).published
    rows, other = ((), None) if total is None else _merge(by_code)

    said = {
        Explanation.TOO_FEW: total is None,
        Explanation.ONLY_TOTAL: total is not None and not rows,
        Explanation.SMALL_ROWS_MERGED: other is not None,
        Explanation.LATE_WITHHELD: late.published is None,
        Explanation.REFUSED_WITHHELD: refused.published is None,
    }
    return ProtectedTable(
        dimension=spec.dimension,
        quarter=spec.quarter,
        rows=rows,
        other=other,
        total=total,
        late=late.published,
        refused=refused.published,
        explanations=tuple(code for code, holds in said.items() if holds),
    )


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    seen = set()
    for fact in facts:
        if fact.case in seen:
            message = "one fact per case is expected"
            raise ValueError(message)
        seen.add(fact.case)
        yield fact


def _code(fact: Fact, dimension: str) -> str:
    return fact.issue[:1] if dimension == "issue_group" else str(getattr(fact, dimension))


def _merge(table: Mapping[str, _Row]) -> tuple[tuple[Figure, ...], OtherRow | None]:
    """Rows that stand alone and the merged one; no rows where only the total may be shown."""
    alone = {code for code, row in table.items() if row.cases}
    if any(table[code].people < THRESHOLD for code in alone):
        alone = _standing_alone(table)
    figures = tuple(Figure(code, row.cases) for code, row in table.items() if code in alone)
    left_out = sum(row.cases for code, row in table.items() if code not in alone)
    if not figures or (len(figures) == 1 and not left_out):
        return (), None
    return figures, OtherRow(left_out, len(table) - len(figures)) if left_out else None


def _standing_alone(table: Mapping[str, _Row]) -> set[str]:
    """The codes at or above the least bound that keeps the promise; none where no bound does."""
    sizes = {row.people for row in table.values()}
    for bound in sorted({THRESHOLD} | {size for size in sizes if size > THRESHOLD}):
        if _may_be_other([row for row in table.values() if row.people < bound]):
            return {code for code, row in table.items() if row.people >= bound}
    return set()


def _may_be_other(rows: Sequence[_Row]) -> bool:
    """Whether these rows may be all that is not shown: the three conditions of the module."""
    sizes = [row.cases for row in rows]
    filled = {size for size in sizes if size}
    if sum(size > 0 for size in sizes) < MERGED_AT_LEAST or _Row.union(rows).people < THRESHOLD:
        return False
    roomy = sum(sizes) < LARGEST_SMALL * (len(rows) - 1) or max(sizes) - min(sizes) >= LARGEST_SMALL
    return roomy and (len(filled) > 1 or filled <= {2, 3})
