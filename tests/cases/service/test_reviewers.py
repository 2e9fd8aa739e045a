"""Lawyers who come for some days to look at a draft: what they reach, and that it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.service import (
    assignment,
    coming,
    deadlines,
    draft_keys,
    draft_reviews,
    drafting,
    exporting,
    feed,
    files,
    members,
    note_keys,
    orders,
    supervising,
    team,
    todo,
)
from cases.service.drafting import Filing, Text
from cases.service.reach import reaches
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import REVIEWS, Scope, may_as_reviewer, scopes
from core.clock import now as clock_now
from core.errors import Conflict, DomainError, NotFound
from core.store.transaction import transaction
from tests.cases.service.test_drafting import ask, take, version
from tests.support.cast import CASEWORKER, COORDINATOR, LAWYER, Cast, on_stage
from tests.support.clock import FrozenClock


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    """With "both": a lawyer who is a coordinator too."""
    with on_stage(app) as found:
        found.join("both", LAWYER, COORDINATOR)
        found.hand_over()
        yield found


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    case_id = cast.record()
    cast.assign(case_id)
    return case_id


@pytest.fixture
def draft_id(cast: Cast, case_id: UUID) -> UUID:
    with transaction():
        return drafting.begin(cast["lawyer"], case_id, "عريضة", Text("نص"), uuid4())


def test_a_reviewer_whose_time_is_over_reads_no_more_although_the_worker_did_not_come_yet(
    cast: Cast, case_id: UUID, draft_id: UUID, clock: FrozenClock
) -> None:
    ask(cast, case_id, draft_id, "both")
    take(cast, "both")
    with transaction():
        seen = files.open_case(cast["both"], case_id)
        assert [one.title for one in seen.legal_drafts or []] == ["عريضة"]
    clock.advance(days=30)
    with transaction():
        seen = files.open_case(cast["both"], case_id)  # as a coordinator
        assert (seen.lawyer_notes, seen.legal_drafts) == (None, None)
        assert note_keys.lawyers(case_id) == {cast["lawyer"].person_id}


def test_who_did_not_answer_in_time_is_lent_no_further_key(
    cast: Cast, case_id: UUID, draft_id: UUID, clock: FrozenClock
) -> None:
    ask(cast, case_id, draft_id)
    with transaction():
        assert draft_keys.readers(case_id, draft_id) == {cast["other_lawyer"].person_id}
        assert note_keys.lawyers(case_id) == {cast["lawyer"].person_id}
    clock.advance(days=30)
    with transaction():
        assert draft_keys.readers(case_id, draft_id) == set()


@pytest.mark.parametrize("restricted", [True, False])
def test_a_review_gives_no_power_over_a_case_beyond_reading(cast: Cast, *, restricted: bool) -> None:
    both, named = cast["both"], [cast["caseworker"].person_id]
    case_id = cast.record(by="coordinator", restricted=restricted, named=named if restricted else [])
    cast.assign(case_id)
    with transaction():
        draft_id = drafting.begin(cast["lawyer"], case_id, "عريضة", Text("نص"), uuid4())
    ask(cast, case_id, draft_id, "both")
    take(cast, "both")
    about = {one for one in Permission if scopes(both, one) & {Scope.MEMBER, Scope.UNRESTRICTED}}
    about -= {Permission.DEADLINE_DROP}  # whether a lawyer works there is asked of the case
    with transaction():
        given = {one for one in about if reaches(both, one, case_id)}
    # Of a case open to coordinators they keep what they may as one of them, but nothing as its lawyer.
    as_lead = {one for one in about if Scope.UNRESTRICTED in scopes(both, one)} - REVIEWS
    assert given == REVIEWS | (set() if restricted else as_lead)
    assert given == {
        one for one in about if may_as_reviewer(both, one, restricted=restricted)
    }  # so say pages
    now = version(draft_id)
    acts: list[Callable[[], object]] = [
        lambda: deadlines.move(both, case_id, uuid4(), 1, dt.date(2026, 12, 1), "x"),
        lambda: draft_reviews.ask(both, case_id, draft_id, now, cast["other_lawyer"].person_id, uuid4()),
        lambda: draft_reviews.file(both, case_id, draft_id, now, Filing(dt.date(2026, 11, 2), "x"), uuid4()),
        lambda: drafting.withdraw(both, case_id, draft_id, now, uuid4()),
    ]
    if restricted:
        acts.append(lambda: members.unrestrict(both, case_id, "x"))
        acts.append(lambda: exporting.look(both, case_id, exporting.COURT))
    for act in acts:
        with pytest.raises(NotFound), transaction():
            act()


def test_restricting_takes_every_open_offer_back(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    ask(cast, case_id, draft_id)
    waits = cast.record()
    with transaction():
        assignment.offer(cast["coordinator"], waits, 1, cast["lawyer"].person_id)
    for one in (case_id, waits):
        named = [cast["caseworker"].person_id, *([cast["lawyer"].person_id] if one == case_id else [])]
        with transaction():
            members.restrict(cast["coordinator"], one, named)
    with transaction():
        for name in ("lawyer", "other_lawyer"):
            assert assignment.offers(cast[name]) == []
        assert draft_reviews.answer(cast["lawyer"], case_id, draft_id) == ("withdrawn", "", "")
        assert draft_keys.held_by(draft_id) == set()
        assert files.open_case(cast["caseworker"], waits).state == "open"


def test_who_comes_for_a_time_is_not_counted_among_the_two_of_a_restricted_file(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    worker, lead, lawyer = cast["caseworker"], cast["coordinator"], cast["lawyer"]
    ask(cast, case_id, draft_id)
    take(cast)
    other = cast["other_lawyer"].person_id
    with pytest.raises(DomainError), transaction():
        members.restrict(lead, case_id, [other])
    with transaction():
        members.restrict(lead, case_id, [other, lawyer.person_id])
    with pytest.raises(DomainError), transaction():  # the coordinator and a reviewer would stay
        members.remove(lead, case_id, lawyer.person_id)
    with pytest.raises(NotFound), transaction():
        files.open_case(worker, case_id)
    with transaction():
        assert members.remove(lead, case_id, other)  # whom nobody counted


def test_a_second_look_that_is_overdue_can_be_asked_of_somebody_outside(
    cast: Cast, clock: FrozenClock
) -> None:
    case_id = cast.record(urgency="U0")
    cast.assign(case_id)
    with transaction():
        draft_id = drafting.begin(cast["lawyer"], case_id, "عريضة", Text("نص"), uuid4())
    now, filing = version(draft_id), Filing(clock.instant.date(), "x", reason="غدًا")
    with transaction():
        draft_reviews.file(cast["lawyer"], case_id, draft_id, now, filing, uuid4())
    clock.advance(days=20)
    ask(cast, case_id, draft_id)
    with transaction():
        told = draft_reviews.answer(cast["lawyer"], case_id, draft_id)
        assert told is not None
        assert told[0] == "offered"
    take(cast)
    with transaction():
        until = team.lawyers(case_id)[cast["other_lawyer"].person_id]
        assert until is not None
        assert until > clock.instant + dt.timedelta(days=6)
        assert [one.mine for one in draft_reviews.on_desk(cast["other_lawyer"], 20)] == [True]


def test_who_was_put_on_the_case_meanwhile_loses_nothing_by_a_review(cast: Cast, case_id: UUID) -> None:
    lawyer, both = cast["lawyer"], cast["both"]
    with transaction():
        first, second = (drafting.begin(lawyer, case_id, "عريضة", Text("نص"), uuid4()) for _ in range(2))
    ask(cast, case_id, first, "both")
    with transaction():
        members.add(cast["coordinator"], case_id, both.person_id)
    with pytest.raises(Conflict):
        take(cast, "both")
    with transaction():
        asked = [one.person_id for one in draft_reviews.candidates(lawyer, case_id, second)]
        assert asked == [cast["other_lawyer"].person_id]
        assert reaches(both, Permission.CASE_RESTRICT, case_id)


def lent(cast: Cast, case_id: UUID, draft_id: UUID) -> Actor:
    """A lawyer from outside who reviews the draft now."""
    ask(cast, case_id, draft_id)
    take(cast)
    return cast["other_lawyer"]


def test_who_is_there_to_review_or_to_help_leaves_at_once_whatever_they_say(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    """No notice makes a time longer that nobody gave them."""
    helps = cast.join("helps", CASEWORKER, LAWYER)
    with transaction():
        members.add(cast["caseworker"], case_id, helps.person_id, until=clock_now() + dt.timedelta(days=2))
    reviewer = lent(cast, case_id, draft_id)
    with transaction():
        members.step_off(cast["lawyer"], case_id, "x")  # nobody leads it any more
    for who in (reviewer, helps):
        with transaction():
            assert not members.step_off(who, case_id, "x", power=True, notice_on=clock_now().date())
        with pytest.raises(NotFound), transaction():
            files.open_case(who, case_id)


def test_nothing_that_somebody_left_goes_to_who_may_only_read(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    lead, lawyer = cast["coordinator"], cast["lawyer"]
    with transaction():
        words = {"title": "Duruşma", "at": "", "authority": "", "where": "", "goes": "", "more": ""}
        words |= {"interpreter": "", "bring": "", "file_number": ""}
        tomorrow = clock_now().date() + dt.timedelta(days=1)
        todo.add(lawyer, case_id, "hearing", words, uuid4(), owner_id=lawyer.person_id, on=tomorrow)
    reviewer = lent(cast, case_id, draft_id)
    with transaction():
        members.remove(lead, case_id, cast["caseworker"].person_id)
    with transaction():
        members.step_off(lawyer, case_id, "x")
    with transaction():
        orders.carry_out(lead, 20)
    with transaction():
        reading, *leading = (len(todo.on_desk(one, 9)) for one in (reviewer, lead, cast["both"]))
    assert (reading, sum(leading)) == (0, 1)  # one of the two who lead


def test_who_comes_back_only_to_review_watches_no_deadline(cast: Cast, clock: FrozenClock) -> None:
    case_id, lawyer, lead = cast.record(), cast["lawyer"], cast["coordinator"]
    cast.assign(case_id)
    watch = lawyer.person_id, cast["caseworker"].person_id
    entered = {"rule": "ASSOC_CHANGE", "served_on": "2026-11-01", "facts": {}}
    with transaction():
        deadlines.add(lawyer, case_id, uuid4(), entered, *watch)
        assert (len(coming.coming(lead, 9)), len(feed.due_days(lawyer.person_id))) == (0, 1)
    with transaction():
        members.step_off(lawyer, case_id, "x")
    with transaction():
        orders.carry_out(lead, 20)
    cast.assign(case_id, "other_lawyer")
    with transaction():
        draft_id = drafting.begin(cast["other_lawyer"], case_id, "x", Text("y"), uuid4())
    ask(cast, case_id, draft_id, "lawyer", by="other_lawyer")
    take(cast, "lawyer")
    with transaction():
        assert (len(coming.coming(lead, 9)), len(feed.due_days(lawyer.person_id))) == (1, 0)


def test_who_supervises_asks_nobody_who_may_only_read(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    reviewer, lead = lent(cast, case_id, draft_id), cast["coordinator"]
    with transaction():
        offered = {person_id for person_id, _name in supervising.people_to_ask(lead, case_id)}
        assert offered == {str(cast[name].person_id) for name in ("caseworker", "lawyer")}
    with pytest.raises(DomainError) as refused, transaction():
        supervising.ask(lead, case_id, reviewer.person_id, "?", None, uuid4())
    assert refused.value.field == "whom"
