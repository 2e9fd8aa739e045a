"""The key of one draft, lent to who reviews it: what it opens, and that it ends with what it was lent for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cases.models import CaseMember
from cases.note_models import LegalDraftPart
from cases.service import (
    assignment,
    draft_reviews,
    drafting,
    files,
    legal_drafts,
    note_keys,
    rows,
    team,
)
from cases.service.drafting import Filing, Text
from core.access.actors import Actor
from core.clock import now as clock_now
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.service.test_drafting import ask, twice, version
from tests.cases.service.test_reviewers import case_id, cast, draft_id, lent
from tests.support.cast import Cast
from tests.support.clock import FrozenClock

__all__ = ["case_id", "cast", "draft_id"]  # fixtures


def reads(who: Actor, case_id: UUID) -> bool:
    try:
        with transaction():
            return files.open_case(who, case_id).id == case_id
    except NotFound:
        return False


def test_what_a_review_gave_ends_with_the_draft_at_once(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    lawyer = cast["lawyer"]
    filing = Filing(clock_now().date(), "x", reason="y")
    with transaction():
        other = drafting.begin(lawyer, case_id, "عريضة", Text("نص"), uuid4())
    reviewer = lent(cast, case_id, draft_id)
    ask(cast, case_id, other)
    now = version(draft_id)
    with transaction():
        draft_reviews.file(lawyer, case_id, draft_id, now, filing, uuid4())
    assert reads(reviewer, case_id)  # there is the other one still
    with pytest.raises(NotFound), transaction():
        legal_drafts.whole(reviewer, case_id, draft_id)
    now = version(other)
    with transaction():
        drafting.withdraw(lawyer, case_id, other, now, uuid4())
    assert not reads(reviewer, case_id)
    with transaction():
        assert team.live(case_id).keys() == {cast[name].person_id for name in ("caseworker", "lawyer")}


def test_a_second_look_that_is_owed_keeps_the_case_until_it_is_given(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    cast.assign(case_id)
    with transaction():
        draft_id = drafting.begin(cast["lawyer"], case_id, "عريضة", Text("نص"), uuid4())
    reviewer = lent(cast, case_id, draft_id)
    now = version(draft_id)
    filing = Filing(clock_now().date(), "x", reason="y", second=reviewer.person_id)
    with transaction():
        draft_reviews.file(cast["lawyer"], case_id, draft_id, now, filing, uuid4())
    assert reads(reviewer, case_id)
    now = version(draft_id)
    with transaction():
        digest = legal_drafts.whole(reviewer, case_id, draft_id).draft.content["digest"]
    with transaction():
        draft_reviews.judge(reviewer, case_id, draft_id, now, "approved", digest, uuid4())
    assert not reads(reviewer, case_id)


def test_a_lawyer_of_the_case_ends_a_review_from_its_draft(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    reviewer = lent(cast, case_id, draft_id)
    now = version(draft_id)
    twice(lambda token: draft_reviews.end(cast["lawyer"], case_id, draft_id, now, token))
    assert not reads(reviewer, case_id)
    with transaction():
        draft = legal_drafts.whole(cast["lawyer"], case_id, draft_id).draft
        assert (draft.state, draft.desk_id) == ("unasked", cast["lawyer"].person_id)
    with pytest.raises(DomainError), transaction():  # nobody is asked any more
        draft_reviews.end(cast["lawyer"], case_id, draft_id, draft.version, uuid4())
    ask(cast, case_id, draft_id, "both")  # and of who has not answered yet the offer goes
    now = version(draft_id)
    twice(lambda token: draft_reviews.end(cast["lawyer"], case_id, draft_id, now, token))
    with transaction():
        assert assignment.offers(cast["both"]) == []


def test_who_declines_a_second_review_keeps_the_first_and_reads_no_more(
    cast: Cast, case_id: UUID, draft_id: UUID, clock: FrozenClock
) -> None:
    with transaction():
        other = drafting.begin(cast["lawyer"], case_id, "أخرى", Text("نص"), uuid4())
    reviewer = lent(cast, case_id, draft_id)
    clock.advance(days=6)  # what is asked now is due when their time is over
    now, later = version(other), clock.instant.date() + dt.timedelta(days=20)
    with transaction():
        row = db.session.get_one(CaseMember, (case_id, reviewer.person_id))
        row.until = clock.instant + dt.timedelta(hours=1)
        draft_reviews.ask(cast["lawyer"], case_id, other, now, reviewer.person_id, uuid4(), by=later)
    with transaction():
        [offer] = assignment.offers(reviewer)
        assignment.decline(reviewer, offer.assignment_id, "other", "")
    with transaction():
        assert legal_drafts.whole(reviewer, case_id, draft_id).draft.title == "عريضة"
    with pytest.raises(NotFound), transaction():
        legal_drafts.whole(reviewer, case_id, other)


def test_what_was_written_before_drafts_had_keys_is_read_and_lent(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    lawyer = cast["lawyer"]
    with transaction():
        at = legal_drafts.bench(lawyer, case_id)
        row, content = legal_drafts.opened(at, draft_id)
        note_key = at.ring.notes[row.epoch]
        [part] = db.session.scalars(select(LegalDraftPart))
        said = at.ring.open(at.case, "legal_draft_parts", draft_id, part)
        assert said is not None
        part.sealed = rows.seal_row(note_key, at.case, "legal_draft_parts", part.id, 1, said)
        row.sealed = rows.seal_row(note_key, at.case, "legal_drafts", row.id, row.version, content)
    with transaction():
        assert legal_drafts.whole(lawyer, case_id, draft_id).versions
    reviewer = lent(cast, case_id, draft_id)
    with transaction():
        texts = legal_drafts.whole(reviewer, case_id, draft_id).versions
        assert [one.data["text"] for one in texts if one.data] == ["نص"]


def test_who_lost_the_key_of_the_draft_is_led_to_nothing_and_is_asked_anew(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    reviewer = lent(cast, case_id, draft_id)
    with transaction():
        note_keys.drop_person(reviewer.person_id, case_id)  # as when their account is recovered
    with transaction():
        assert draft_reviews.on_desk(reviewer, 9) == []
        assert [one.mine for one in draft_reviews.on_desk(cast["lawyer"], 9)] == [False]
        assert draft_reviews.answer(cast["lawyer"], case_id, draft_id) is not None
    ask(cast, case_id, draft_id)
    with transaction():
        assert draft_reviews.answer(cast["lawyer"], case_id, draft_id) is None
        assert [one.mine for one in draft_reviews.on_desk(reviewer, 9)] == [True]
        assert legal_drafts.whole(reviewer, case_id, draft_id).versions
