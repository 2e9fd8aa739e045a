"""Lawyers who come for some days to look at a draft: what they reach, and that it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.service import (
    deadlines,
    draft_reviews,
    drafting,
    exporting,
    files,
    lawyer_notes,
    members,
    note_keys,
)
from cases.service.drafting import Filing, Text
from cases.service.reach import reaches
from core.access.permissions import Permission
from core.access.policy import REVIEWS, Scope, may_as_reviewer, scopes
from core.errors import NotFound
from core.store.transaction import transaction
from tests.cases.service.test_drafting import ask, take, version
from tests.support.cast import COORDINATOR, LAWYER, Cast, on_stage
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
    with transaction():
        lawyer_notes.write(cast["lawyer"], case_id, "سر", uuid4())
    ask(cast, case_id, draft_id, "both")
    take(cast, "both")
    with transaction():
        seen = files.open_case(cast["both"], case_id)
        assert [one.text for one in seen.lawyer_notes or []] == ["سر"]
        assert [one.title for one in seen.legal_drafts or []] == ["عريضة"]
    clock.advance(days=30)
    with transaction():
        seen = files.open_case(cast["both"], case_id)  # as a coordinator
        assert (seen.lawyer_notes, seen.legal_drafts) == (None, None)
        assert note_keys.lawyers(case_id) == {cast["lawyer"].person_id}


def test_who_did_not_answer_in_time_is_given_no_further_key(
    cast: Cast, case_id: UUID, draft_id: UUID, clock: FrozenClock
) -> None:
    ask(cast, case_id, draft_id)
    with transaction():
        assert cast["other_lawyer"].person_id in note_keys.lawyers(case_id)
    clock.advance(days=30)
    with transaction():
        assert note_keys.lawyers(case_id) == {cast["lawyer"].person_id}


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
