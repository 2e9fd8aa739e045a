"""Who is told of a deadline: never twice, never late, whatever the worker or its clock does."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import ISTANBUL
from core.reference import law
from domain.reminders import Due, Step, Told, Watch, due, morning, step_on

CALENDAR = law().calendar
RESPONSIBLE, SECOND, LEAD = (uuid4() for _ in range(3))
SAFE = dt.date(2026, 11, 20)  # a Friday, with working days before it
DAY = dt.timedelta(days=1)


def watch(**changes: object) -> Watch:
    given: dict[str, object] = {
        "safe": SAFE,
        "responsible": RESPONSIBLE,
        "second": SECOND,
        "coordinators": frozenset({LEAD}),
        "urgent": False,
        **changes,
    }
    return Watch(**given)  # type: ignore[arg-type] # the test names the fields


def told(day: dt.date, *earlier: Told, **changes: object) -> set[UUID]:
    found = due(watch(**changes), earlier, day, CALENDAR)
    return set(found.people) if found else set()


def test_each_morning_begins_at_eight() -> None:
    assert morning(dt.datetime(2026, 11, 20, 7, 59, tzinfo=ISTANBUL)) == SAFE - DAY
    assert morning(dt.datetime(2026, 11, 20, 8, 0, tzinfo=ISTANBUL)) == SAFE


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (8, None),
        (7, Step.WEEK),
        (4, Step.WEEK),
        (3, Step.TARGET),
        (2, Step.TARGET),
        (1, Step.EVE),
        (0, 4),
        (-3, 7),
    ],
)
def test_steps_of_a_week_without_holidays(days: int, step: int | None) -> None:
    assert step_on(SAFE - days * DAY, SAFE, CALENDAR, urgent=False) == step


def test_working_days_decide_not_days() -> None:
    """The Feast of Sacrifice 2026 closes offices from 27 to 30 May; safe is the Monday after."""
    safe = dt.date(2026, 6, 1)
    steps = {day: step_on(dt.date(2026, 5, day), safe, CALENDAR, urgent=False) for day in range(18, 32)}
    assert steps[21] is None
    assert steps[22] == Step.TARGET  # Friday; the week before would be later, so the target comes alone
    assert steps[25] == Step.TARGET
    assert steps[26] == steps[31] == Step.EVE  # Tuesday is the last day on which anybody works
    # A year without a table of holidays is counted in plain days.
    far = dt.date(2400, 3, 10)
    assert [step_on(far - n * DAY, far, CALENDAR, urgent=False) for n in (8, 7, 3, 1)] == [None, 1, 2, 3]


def test_it_climbs_to_the_second_person_and_the_coordinators_as_the_day_comes() -> None:
    early = Told(uuid4(), Step.WEEK, SAFE - 7 * DAY, seen=True)  # it is known for long
    assert told(SAFE - 7 * DAY, urgent=False) == {RESPONSIBLE}
    assert told(SAFE - 3 * DAY, early) == {RESPONSIBLE, SECOND}
    for days in (1, 0, -1, -40):
        assert told(SAFE - days * DAY, early) == {RESPONSIBLE, SECOND, LEAD}


def test_a_step_that_nobody_has_seen_climbs_each_morning_and_one_that_was_seen_does_not() -> None:
    day = SAFE - 7 * DAY
    mine = Told(RESPONSIBLE, Step.WEEK, day, seen=False)
    assert told(day, mine) == set()
    assert told(day + DAY, mine) == {SECOND}
    assert told(day + 2 * DAY, mine) == {SECOND, LEAD}
    assert told(day - 3 * DAY, mine) == set()  # a clock set back
    seen = Told(RESPONSIBLE, Step.WEEK, day, seen=True)
    assert told(day + 3 * DAY, seen) == set()
    # Seen by somebody who does not watch it any more counts for nobody.
    gone = Told(uuid4(), Step.WEEK, day, seen=True)
    assert told(day + DAY, gone) == {RESPONSIBLE, SECOND}


def test_seen_or_not_from_the_last_working_day_on_everybody_is_told() -> None:
    seen = [Told(RESPONSIBLE, step, SAFE - DAY, seen=True) for step in (Step.EVE, Step.DAY)]
    assert told(SAFE - DAY, *seen) == {SECOND, LEAD}
    assert told(SAFE, *seen) == {SECOND, LEAD}


def test_what_is_heard_of_two_days_before_goes_to_everybody_at_once() -> None:
    safe = SAFE
    assert told(safe - 2 * DAY) == {RESPONSIBLE, SECOND, LEAD}
    assert told(safe - 3 * DAY) == {RESPONSIBLE, SECOND}


def test_u0_is_told_at_once_and_one_rung_higher() -> None:
    assert told(SAFE - 60 * DAY, urgent=True) == {RESPONSIBLE, SECOND}
    assert told(SAFE - 60 * DAY) == set()
    new = [Told(one, Step.NEW, SAFE - 60 * DAY, seen=False) for one in (RESPONSIBLE, SECOND)]
    assert told(SAFE - 59 * DAY, *new, urgent=True) == {LEAD}
    assert told(SAFE - 3 * DAY, *new, urgent=True) == {RESPONSIBLE, SECOND, LEAD}


@pytest.mark.parametrize("gone", ["responsible", "second"])
def test_where_one_of_the_two_may_not_open_the_case_any_more_the_others_are_told(gone: str) -> None:
    here = {RESPONSIBLE, SECOND, LEAD} - {{"responsible": RESPONSIBLE, "second": SECOND}[gone]}
    assert told(SAFE - 7 * DAY, **{gone: None}) == here


MOMENTS = st.lists(st.tuples(st.integers(-30, 30), st.booleans()), min_size=1, max_size=40)


@given(moments=MOMENTS, urgent=st.booleans(), weekday=st.integers(0, 6))
def test_any_worker_under_any_clock_tells_everybody_once(
    moments: list[tuple[int, bool]], urgent: bool, weekday: int
) -> None:
    """Days come in any order, with gaps, twice, backwards; now and then somebody has seen it."""
    look = watch(safe=SAFE + weekday * DAY, urgent=urgent)
    known: list[Told] = []
    for days, sees in moments:
        day = look.safe + days * DAY
        found = due(look, known, day, CALENDAR)
        if found:
            assert found.step == step_on(day, look.safe, CALENDAR, urgent=urgent)
            known += [Told(one, found.step, day, seen=sees) for one in found.people]
        # Never twice, and asked again at once there is nothing left.
        assert len({(one.person, one.step) for one in known}) == len(known)
        assert due(look, known, day, CALENDAR) is None
        # Nothing is missed: whoever a step must reach on this day has it, whatever happened before.
        step = step_on(day, look.safe, CALENDAR, urgent=urgent)
        have = {one.person for one in known if one.step == step}
        if step is not None:
            assert RESPONSIBLE in have
            assert SECOND in have or step < Step.TARGET
            assert LEAD in have or step < Step.EVE


@given(days=st.integers(-20, 60), later=st.integers(0, 30), urgent=st.booleans())
def test_steps_only_rise_while_time_goes_on(days: int, later: int, urgent: bool) -> None:
    first, then = (step_on(SAFE + n * DAY, SAFE, CALENDAR, urgent=urgent) for n in (-days, -days + later))
    assert (-1 if first is None else first) <= (-1 if then is None else then)


def test_the_answer_names_the_step() -> None:
    assert due(watch(), (), SAFE, CALENDAR) == Due(Step.DAY, frozenset({RESPONSIBLE, SECOND, LEAD}))
    assert due(watch(), (), SAFE - 8 * DAY, CALENDAR) is None
