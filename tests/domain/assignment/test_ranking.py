"""Who fits a file: every reason is said, load decides between equals, and who may not take it stands last."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment.load import ALERT, File, Load
from domain.assignment.ranking import Absence, Lawyer, Matter, Reason, ranked

TODAY, SOON = dt.date(2026, 11, 30), dt.date(2026, 12, 1)
FILE = File("U1")
MATTER = Matter(FILE, "D", "27", "ar", "female")
FITS: dict[str, Any] = {
    "languages": frozenset({"ar", "tr"}), "groups": frozenset({"D"}), "provinces": frozenset({"27"}),
    "gender": "female",
}  # fmt: skip  # one lawyer


def lawyer(number: int, points: float = 10, ceiling: float = 60, **said: Any) -> Lawyer:
    return Lawyer(UUID(int=number), f"avukat {number}", Load(points, ceiling), **said)


@pytest.mark.parametrize(
    ("file", "points"),
    [
        (File("U0", detained=True), 5),
        (File("U1", detained=True), 2),
        (File("U0"), 2),
        (File("U2", in_court=True), 4),
        (File("U2", level="S4"), 4),
        (File("U2", level="S3"), 2),
        (File("U3", level="S2"), 0.5),
        (File("U0", level="S1", detained=True), 5),
    ],
)
def test_a_file_weighs_as_the_heaviest_that_it_is(file: File, points: float) -> None:
    assert file.points == points


def test_load_is_points_of_all_files_and_alerts_before_it_is_full() -> None:
    assert Load.of([File("U1", in_court=True)] * 3 + [File("U3", level="S2")]).points == 12.5
    assert not Load(60 * ALERT - 1).alerts
    assert Load(60 * ALERT).alerts
    assert Load(0, 0).alerts  # takes no files


def test_each_reason_is_said() -> None:
    [fits, other, *_rest] = ranked(MATTER, [lawyer(2, bar="31"), lawyer(1, **FITS)], TODAY, SOON)
    assert fits.reasons == (
        Reason.GENDER, Reason.LANGUAGE, Reason.FIELD, Reason.PROVINCE, Reason.LIGHT,
    )  # fmt: skip  # one line
    assert other.reasons == (
        Reason.OTHER_GENDER, Reason.INTERPRETER, Reason.OTHER_FIELD, Reason.ELSEWHERE, Reason.LIGHT,
    )  # fmt: skip  # one line


def test_nothing_is_said_of_what_nobody_knows() -> None:
    [one] = ranked(Matter(FILE, "", "", ""), [lawyer(1)], TODAY, SOON)
    assert one.reasons == (Reason.LIGHT,)


def test_the_bar_of_the_province_counts_less_than_working_there() -> None:
    there, registered, away = lawyer(1, provinces=frozenset({"27"})), lawyer(2, bar="27"), lawyer(3, bar="31")
    found = ranked(MATTER, [away, registered, there], TODAY, SOON)
    assert [one.lawyer.id.int for one in found] == [1, 2, 3]
    assert Reason.BAR in found[1].reasons


def test_load_decides_between_equals_and_outweighs_one_fit_near_the_ceiling() -> None:
    found = ranked(MATTER, [lawyer(1, 40, **FITS), lawyer(2, 8, **FITS), lawyer(3, 8, **FITS)], TODAY, SOON)
    assert [one.lawyer.id.int for one in found] == [2, 3, 1]
    heavy = lawyer(1, 56, **FITS)
    nearly = lawyer(2, 4, **FITS | {"gender": "male"})
    found = ranked(MATTER, [heavy, nearly], TODAY, SOON)
    assert [one.lawyer.id.int for one in found] == [2, 1]
    assert Reason.HEAVY in found[1].reasons
    assert Reason.FULL in ranked(MATTER, [lawyer(1, 59, **FITS)], TODAY, SOON)[0].reasons


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"walled": True}, Reason.CONFLICT),
        ({"ceiling": 0}, Reason.NO_FILES),
        ({"absences": (Absence(TODAY, SOON),)}, Reason.ABSENT),
    ],
)
def test_who_may_not_take_it_stands_last_with_why(change: dict[str, Any], reason: Reason) -> None:
    barred = lawyer(1, **FITS | change)
    found = ranked(MATTER, [barred, lawyer(2, 59)], TODAY, SOON)
    assert [one.barred for one in found] == [False, True]
    assert found[1].reasons[0] is reason


def test_who_is_back_before_the_answer_is_due_may_answer() -> None:
    after = SOON + dt.timedelta(days=1)
    short = lawyer(1, absences=(Absence(TODAY, TODAY), Absence(after, after)))
    assert not ranked(MATTER, [short], TODAY, SOON)[0].barred


@pytest.mark.parametrize(
    ("begins", "last", "said"),
    [(1, 60, Reason.AWAY_LONG), (14, 20, Reason.AWAY_LONG), (14, 15, Reason.AWAY_SOON), (15, 60, None),
     (0, 0, Reason.AWAY_SOON), (-9, -1, None)],
)  # fmt: skip  # two lines
def test_whoever_is_away_soon_stands_so_and_for_long_comes_later(
    begins: int, last: int, said: Reason | None
) -> None:
    away = Absence(TODAY + dt.timedelta(days=begins), TODAY + dt.timedelta(days=last))
    found = ranked(MATTER, [lawyer(1, absences=(away,)), lawyer(2)], TODAY, SOON)
    mine = next(one for one in found if one.lawyer.id == UUID(int=1))
    assert [one for one in mine.reasons if one in {Reason.AWAY_LONG, Reason.AWAY_SOON}] == (
        [said] if said else []
    )
    assert not mine.barred
    assert (found[0] is mine) == (said is not Reason.AWAY_LONG)


def test_days_away_that_follow_each_other_are_one_absence() -> None:
    later = Absence(TODAY + dt.timedelta(days=2), TODAY + dt.timedelta(days=30))
    first = Absence(TODAY, TODAY + dt.timedelta(days=1))
    [found] = ranked(MATTER, [lawyer(1, absences=(later, first))], TODAY, TODAY + dt.timedelta(days=5))
    assert found.barred
    assert Reason.ABSENT in found.reasons
    between = Absence(TODAY, TODAY)  # a day between them, on which somebody can answer
    [found] = ranked(MATTER, [lawyer(1, absences=(later, between))], TODAY, TODAY + dt.timedelta(days=5))
    assert not found.barred


def test_who_declined_it_comes_after_who_fits_in_nothing() -> None:
    found = ranked(Matter(FILE, "D", "27", "ar"), [lawyer(1, **FITS, declined=True), lawyer(2)], TODAY, SOON)
    assert [one.lawyer.id.int for one in found] == [1, 2]  # nine points less six
    found = ranked(Matter(FILE, "D", "", ""), [lawyer(1, **FITS, declined=True), lawyer(2)], TODAY, SOON)
    assert [one.lawyer.id.int for one in found] == [2, 1]


some = st.frozensets(st.sampled_from(["ar", "tr", "D", "E", "27", "31"]))
people = st.builds(
    Lawyer,
    id=st.uuids(),
    name=st.sampled_from(["a", "b"]),
    load=st.builds(Load, st.floats(0, 90), st.sampled_from([0.0, 30.0, 60.0])),
    languages=some,
    groups=some,
    provinces=some,
    bar=st.sampled_from(["", "27", "31"]),
    gender=st.sampled_from(["", "female", "male"]),
    walled=st.booleans(),
    declined=st.booleans(),
)


@given(st.lists(people, max_size=8, unique_by=lambda one: one.id), st.randoms())
def test_the_order_follows_from_the_people_and_not_from_how_they_came(found: list[Lawyer], by: Any) -> None:
    once = ranked(MATTER, found, TODAY, SOON)
    by.shuffle(found)
    assert ranked(MATTER, found, TODAY, SOON) == once
    assert [one.barred for one in once] == sorted(one.barred for one in once)


@given(people)
def test_a_fit_more_and_a_file_less_never_put_anybody_further_back(one: Lawyer) -> None:
    better = Lawyer(
        one.id, one.name, Load(one.load.points / 2, one.load.ceiling), one.languages | {"ar"},
        one.groups | {"D"}, one.provinces | {"27"}, one.bar, "female",
    )  # fmt: skip  # one lawyer
    [first], [second] = (ranked(MATTER, [each], TODAY, SOON) for each in (one, better))
    assert second.points >= first.points
