"""By when a person hears from us, and by when the first legal step is taken."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clocks import RUNNING, Clock, Days, owing, running, stepped_by, told_by
from domain.lifecycle import WAITING, State

days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
perhaps = st.none() | days
states = st.sampled_from(State)
steps = st.integers(1, 14).map(lambda number: dt.timedelta(days=number))
TODAY = dt.date(2026, 11, 27)


@given(states, steps, st.builds(Days, days, perhaps, perhaps, perhaps))
def test_what_is_owed_follows_from_what_happened(state: State, step: dt.timedelta, facts: Days) -> None:
    owed = running(state, step, facts)
    assert bool(owed) == (state in RUNNING)
    assert list(owed) == sorted(owed, key=lambda due: due.until)
    kinds = {due.clock: due for due in owed}
    assert (Clock.FIRST_STEP in kinds) == (bool(owed) and facts.stepped_on is None)
    if owed:
        word = kinds[Clock.UPDATE]
        assert word.until - word.since == dt.timedelta(days=30 if state in WAITING else 14)
        # Nobody is late by a day on which the case was not there, was closed, or the person had just heard.
        assert all(word.since >= day for day in (facts.opened_on, facts.told_on, facts.reopened_on) if day)
        assert word.left(word.until) == 0
        assert word.left(word.until + dt.timedelta(days=1)) == -1


@given(states, steps, days, days, days)
def test_telling_again_brings_no_day_forward(
    state: State, step: dt.timedelta, opened: dt.date, one: dt.date, other: dt.date
) -> None:
    def until(told: dt.date) -> list[dt.date]:
        return [due.until for due in running(state, step, Days(opened, told, opened))]

    assert until(min(one, other)) <= until(max(one, other))


@given(st.dictionaries(st.integers(), st.sampled_from(["lawyer", "caseworker", "coordinator", "reviewer"])))
def test_somebody_on_the_case_owes_the_word_and_only_lawyers_the_step(members: dict[int, str]) -> None:
    assert bool(owing(Clock.UPDATE, members)) == bool(set(members.values()) - {"reviewer"})
    assert {members[one] for one in owing(Clock.FIRST_STEP, members)} <= {"lawyer"}
    talks = {members[one] for one in owing(Clock.UPDATE, members)}
    assert "lawyer" not in talks or talks == {"lawyer"} == set(members.values()) - {"reviewer"}
    assert "reviewer" not in talks


@pytest.mark.parametrize(
    ("kind", "data", "day"),
    [
        ("call", {"direction": "to_client"}, TODAY),
        ("visit", {"direction": "with_client", "on": "2026-11-20"}, dt.date(2026, 11, 20)),
        ("message", {"direction": "to_client", "on": "2026-12-20"}, TODAY),  # a slip of the hand
        ("call", {"direction": "from_client"}, None),
        ("call", {}, None),
        ("meeting", {"direction": "to_authority"}, None),
        ("note", {"direction": "to_client"}, None),
        ("conversation", {"said": [["2026-11-02T10:00", "a", "client"]]}, None),
        (
            "conversation",
            {"said": [["2026-11-02T10:00", "a", "us"], ["2026-11-09T10:00", "b", "client"]]},
            dt.date(2026, 11, 2),
        ),
    ],
)
def test_only_what_reaches_the_person_is_a_word_to_them(
    kind: str, data: dict[str, object], day: dt.date | None
) -> None:
    assert told_by(kind, data, TODAY) == day


@pytest.mark.parametrize(
    ("kind", "data", "day"),
    [
        ("step", {}, TODAY),
        ("step", {"on": "2026-11-20"}, dt.date(2026, 11, 20)),
        ("deadline", {"change": "done"}, TODAY),
        ("deadline", {"change": "added"}, None),
        ("call", {"direction": "to_client"}, None),
    ],
)
def test_a_step_or_a_deadline_that_was_met_is_a_legal_step(
    kind: str, data: dict[str, object], day: dt.date | None
) -> None:
    assert stepped_by(kind, data, TODAY) == day
