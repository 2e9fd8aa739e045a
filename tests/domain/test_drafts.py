"""What becomes of a draft, and when somebody else has to look at it."""

from __future__ import annotations

import datetime as dt

import pytest

from domain import drafts
from domain.drafts import Act, State

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


def test_another_version_takes_an_approval_away_and_leaves_a_review_where_it_is() -> None:
    assert drafts.after_text(State.APPROVED, by_asked=False) is State.CHANGED
    assert drafts.after_text(State.COMMENTED, by_asked=False) is State.CHANGED
    assert drafts.after_text(State.ASKED, by_asked=False) is State.ASKED
    assert drafts.after_text(State.ASKED, by_asked=True) is State.CHANGED
    assert drafts.after_text(State.WRITING, by_asked=False) is State.WRITING
    for over in (State.FILED, State.WITHDRAWN):
        with pytest.raises(drafts.NotNow):
            drafts.after_text(over, by_asked=False)


def test_only_what_was_asked_for_is_judged_and_after_filing_the_second_look() -> None:
    assert [state for state in State if drafts.takes(state, Act.JUDGE)] == [State.ASKED]
    assert not drafts.takes(State.FILED, Act.JUDGE)
    assert drafts.takes(State.FILED, Act.JUDGE, second_open=True)
    assert drafts.takes(State.FILED, Act.ASK, second_open=True)
    assert not drafts.takes(State.FILED, Act.WRITE, second_open=True)
    assert not drafts.takes(State.APPROVED, Act.ASK)
    drafts.require(State.APPROVED, Act.FILE)


def test_what_was_not_filed_after_all_stands_as_before() -> None:
    assert drafts.after_taking_back(approved=True, asked=True) is State.APPROVED
    assert drafts.after_taking_back(approved=False, asked=True) is State.CHANGED
    assert drafts.after_taking_back(approved=False, asked=False) is State.WRITING
    assert [state for state in State if drafts.takes(state, Act.CORRECT)] == [State.FILED]


def test_nobody_judges_what_they_wrote_or_filed() -> None:
    assert drafts.may_judge("b", ["a"])
    assert not drafts.may_judge("a", ["b", "a"])
    assert not drafts.may_judge("b", ["a"], "b")


def test_the_clock_is_the_urgency_or_an_earlier_day() -> None:
    day = dt.timedelta(days=1)
    assert drafts.review_due(NOW, day, None) == NOW + day
    assert drafts.review_due(NOW, day, NOW + day / 2) == NOW + day / 2
    assert drafts.review_due(NOW, day, NOW + 3 * day) == NOW + day


@pytest.mark.parametrize(
    ("state", "urgent", "reason", "second"),
    [
        (State.APPROVED, True, False, False),
        (State.WRITING, True, True, True),
        (State.ASKED, True, True, True),
        (State.WRITING, False, False, False),
        (State.CHANGED, False, True, False),
    ],
)
def test_what_is_filed_unapproved(state: State, urgent: bool, reason: bool, second: bool) -> None:
    assert drafts.owes_reason(state, urgent=urgent) is reason
    assert drafts.owes_second_look(state, urgent=urgent) is second
