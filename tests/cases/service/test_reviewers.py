"""Lawyers who come for some days to look at a draft: what they reach, and that it ends."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.service import drafting, files, lawyer_notes, note_keys
from cases.service.drafting import Text
from core.store.transaction import transaction
from tests.cases.service.test_drafting import ask, take
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
