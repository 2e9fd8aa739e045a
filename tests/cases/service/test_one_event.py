"""One event starts several deadlines; what has no limit by law has a target of ours, again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.service import deadlines, files, members
from cases.service.views import OpenDeadline
from core import clock
from core.errors import Conflict, DomainError
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage

NOW = dt.datetime(2026, 11, 5, 9, tzinfo=dt.UTC)
IP: dict[str, Any] = {"rule": "IP_COMM", "served_on": "2026-11-02", "facts": {"service": "hand"}}
DETAINED: dict[str, Any] = {"rule": "DET_OBJ", "served_on": "2026-11-02", "facts": {}}


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found, clock.at(NOW):
        yield found


def two(cast: Cast) -> tuple[UUID, UUID]:
    return cast["caseworker"].person_id, cast["coordinator"].person_id


def cards(cast: Cast, case_id: UUID) -> dict[str, OpenDeadline]:
    with transaction():
        return {one.rule: one for one in files.open_case(cast["caseworker"], case_id).deadlines}


def test_the_same_decision_starts_commission_and_court(cast: Cast) -> None:
    case_id, token, actor = cast.record(), uuid4(), cast["caseworker"]
    with transaction():
        found = deadlines.companions(actor, IP)
    assert [(one.rule, one.chosen) for one in found] == [("IP_COURT30", True)]
    for _ in range(2):  # a double click
        with transaction():
            deadlines.add(actor, case_id, token, IP, *two(cast), also=["IP_COURT30"])
    shown = cards(cast, case_id)
    assert {rule: one.safe for rule, one in shown.items()} == {
        "IP_COMM": dt.date(2026, 11, 12),
        "IP_COURT30": dt.date(2026, 12, 2),
    }
    assert shown["IP_COMM"].target == dt.date(2026, 11, 9)  # three working days before
    with pytest.raises(DomainError), transaction():
        deadlines.add(actor, case_id, uuid4(), IP, *two(cast), also=["NOTHING"])


def test_what_the_same_facts_give_no_date_is_not_offered(cast: Cast) -> None:
    asked = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {"service": "uets"}}
    with transaction():  # nobody is detained by electronic notification
        assert deadlines.companions(cast["caseworker"], asked) == []


def test_detention_has_no_limit_but_a_target_again_and_again(cast: Cast) -> None:
    case_id, actor = cast.record(urgency="U0"), cast["caseworker"]
    with transaction():
        first = deadlines.add(actor, case_id, uuid4(), DETAINED, *two(cast))
    card = cards(cast, case_id)["DET_OBJ"]
    assert (card.safe, card.again_days) == (dt.date(2026, 11, 3), 30)
    for language, said in (
        ("tr", "kendi hedefimizdir"),
        ("ar", "وليس مهلة قانونية"),
        ("en", "no time limit"),
    ):
        assert any(said in text for _level, text in card.steps[language])
    for _ in range(2):
        with transaction():
            deadlines.meet(actor, case_id, first, 1, "2026/77 D. İş", dt.date(2026, 11, 4), again=True)
    with transaction():
        states = [(one.state, one.safe) for one in files.open_case(actor, case_id).deadlines]
    assert states == [("open", dt.date(2026, 12, 4)), ("done", dt.date(2026, 11, 3))]
    assert not any(one.touched for one in cards(cast, case_id).values())


def test_met_opened_and_met_again_it_is_watched_once(cast: Cast) -> None:
    case_id, actor = cast.record(), cast["caseworker"]
    with transaction():
        first = deadlines.add(actor, case_id, uuid4(), DETAINED, *two(cast))
    for version in (1, 3):
        with transaction():
            deadlines.meet(actor, case_id, first, version, "2026/77 D. İş", dt.date(2026, 11, 4), again=True)
        if version == 1:
            with transaction():
                deadlines.reopen(actor, case_id, first, 2, "Yanlış dosya")
    with transaction():
        assert len(files.open_case(actor, case_id).deadlines) == 2


def test_a_next_time_that_was_taken_out_is_watched_again(cast: Cast) -> None:
    case_id, actor = cast.record(), cast["caseworker"]
    with transaction():
        first = deadlines.add(actor, case_id, uuid4(), DETAINED, *two(cast))
    on = dt.date(2026, 11, 4)
    with transaction():
        deadlines.meet(actor, case_id, first, 1, "2026/77 D. İş", on, again=True)
    with transaction():
        [following] = [one for one in files.open_case(actor, case_id).deadlines if one.state == "open"]
        deadlines.move(cast["coordinator"], case_id, following.id, 1, None, "Serbest bırakıldı sanıldı")
    with transaction():
        state = next(one for one in files.open_case(actor, case_id).deadlines if one.id == first)
        deadlines.reopen(actor, case_id, first, state.version, "Yanlış dosya")
    with transaction():
        deadlines.meet(actor, case_id, first, state.version + 1, "2026/77 D. İş", on, again=True)
    with transaction():
        states = [one.state for one in files.open_case(actor, case_id).deadlines]
    assert sorted(states) == ["done", "dropped", "open"]


def test_a_second_click_is_none_whatever_happened_in_between(cast: Cast) -> None:
    case_id, token, actor = cast.record(), uuid4(), cast["caseworker"]
    watchers = actor.person_id, cast["colleague"].person_id
    with transaction():
        members.add(actor, case_id, watchers[1])
    with transaction():
        first = deadlines.add(actor, case_id, token, IP, *watchers, also=["IP_COURT30"])
    with transaction():
        members.remove(actor, case_id, watchers[1])
    with transaction():
        assert deadlines.add(actor, case_id, token, IP, *watchers, also=["IP_COURT30"]) == first
    assert len(cards(cast, case_id)) == 2


def test_other_answers_with_the_token_of_the_first_page_are_another_deadline(cast: Cast) -> None:
    case_id, token, actor = cast.record(), uuid4(), cast["caseworker"]
    for rule in ("IP_COMM", "LA_OBJ", "IP_COMM"):
        with transaction():
            deadlines.add(actor, case_id, token, IP | {"rule": rule}, *two(cast))
    assert set(cards(cast, case_id)) == {"IP_COMM", "LA_OBJ"}


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        (IP, dt.date(2026, 11, 3)),  # served: the day after
        (DETAINED, None),  # the date is ours already
        ({"rule": "SIL10", "served_on": "2026-11-02", "facts": {"then": "ADM60"}}, dt.date(2027, 1, 27)),
        ({"rule": "DET_MAX1", "served_on": "2026-11-02", "facts": {}}, dt.date(2027, 4, 28)),
        ({"rule": "WAGE", "served_on": "2026-11-02", "facts": {}}, dt.date(2031, 10, 28)),
    ],
)
def test_our_own_target_in_matters_of_the_same_day(
    cast: Cast, asked: dict[str, Any], target: dt.date | None
) -> None:
    """Of what was served the next day; of what only begins to run, or is watched, before its own end."""
    case_id = cast.record(urgency="U0")
    with transaction():
        deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *two(cast))
    [card] = cards(cast, case_id).values()
    assert card.target == target


def test_what_is_done_once_is_not_watched_again(cast: Cast) -> None:
    case_id, actor = cast.record(), cast["caseworker"]
    with transaction():
        only = deadlines.add(actor, case_id, uuid4(), IP, *two(cast))
    with transaction():
        deadlines.meet(actor, case_id, only, 1, "Evrak 12", dt.date(2026, 11, 4), again=True)
    assert [one.state for one in cards(cast, case_id).values()] == ["done"]


def test_a_second_click_is_no_second_act(cast: Cast) -> None:
    case_id, actor, lawyer = cast.record(), cast["caseworker"], cast["lawyer"]
    cast.assign(case_id)
    with transaction():
        one = deadlines.add(actor, case_id, uuid4(), IP, *two(cast))

    def twice(version: int, act: Callable[[int], object]) -> None:
        for _ in range(2):
            with transaction():
                act(version)
        assert cards(cast, case_id)["IP_COMM"].version == version + 1
        with pytest.raises(Conflict), transaction():  # it is no second click on what came before
            act(version - 1)

    twice(1, lambda at: deadlines.watch(actor, case_id, one, at, *reversed(two(cast))))
    twice(
        2, lambda at: deadlines.move(lawyer, case_id, one, at, dt.date(2026, 11, 20), "Usulsüz", beyond=True)
    )
    twice(3, lambda at: deadlines.meet(actor, case_id, one, at, "Evrak 12", dt.date(2026, 11, 4)))
    twice(4, lambda at: deadlines.reopen(actor, case_id, one, at, "Yanlış dosya"))
    assert len(cards(cast, case_id)["IP_COMM"].moves) == 1
