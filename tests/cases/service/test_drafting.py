"""Drafts of lawyers by the services: twice is once, stale is refused, and what a closed case still takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases.models import Assignment, Case, CaseFile, CaseMember
from cases.note_models import LegalDraft, LegalDraftPart
from cases.service import (
    assignment,
    documents,
    draft_reviews,
    drafting,
    filings,
    legal_drafts,
    members,
    removing,
    rows,
)
from cases.service.drafting import Filing, Text
from core import clock
from core.access.actors import Actor
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.papers import paper_in
from tests.documents.corpus import page_pdf, saved
from tests.support.cast import LAWYER, Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
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


def version(draft_id: UUID) -> int:
    with transaction():
        return db.session.get_one(LegalDraft, draft_id).version


def twice(act: Callable[[UUID], object]) -> None:
    """Carry out an act, and the second click of the same form."""
    token = uuid4()
    for _click in range(2):
        with transaction():
            act(token)


def ask(cast: Cast, case_id: UUID, draft_id: UUID, name: str = "other_lawyer", by: str = "lawyer") -> None:
    now = version(draft_id)
    person_id = cast[name].person_id
    twice(lambda token: draft_reviews.ask(cast[by], case_id, draft_id, now, person_id, token))


def take(cast: Cast, name: str = "other_lawyer") -> None:
    with transaction():
        [offer] = assignment.offers(cast[name])
    with transaction():
        assignment.accept(cast[name], offer.assignment_id)


def test_each_act_twice_is_once(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    lawyer, other = cast["lawyer"], cast["other_lawyer"]
    twice(lambda token: drafting.begin(lawyer, case_id, "x", Text("y"), token))
    twice(lambda token: drafting.say(lawyer, case_id, draft_id, "كلمة", token))
    now = version(draft_id)
    twice(lambda token: drafting.write(lawyer, case_id, draft_id, now, "عريضة", Text("أصح"), token))
    ask(cast, case_id, draft_id)
    take(cast)
    now = version(draft_id)
    with transaction():
        digest = legal_drafts.whole(other, case_id, draft_id).draft.content["digest"]
    twice(lambda token: draft_reviews.judge(other, case_id, draft_id, now, "approved", digest, token))
    now, filing = version(draft_id), Filing(clock.today(), "محكمة")
    twice(lambda token: draft_reviews.file(lawyer, case_id, draft_id, now, filing, token))
    with transaction():
        assert db.session.get_one(Case, case_id).stepped_on == clock.today()  # the clock of the first step
        kinds = [one.kind for one in legal_drafts.whole(lawyer, case_id, draft_id).parts]
        assert kinds == ["filed", "approved", "asked", "text", "said", "text"]
        assert db.session.scalar(select(func.count()).select_from(LegalDraft)) == 2
        assert db.session.scalar(select(func.count()).select_from(Assignment)) == 2


def test_a_stale_page_changes_nothing(cast: Cast, case_id: UUID, draft_id: UUID) -> None:
    lawyer, other = cast["lawyer"], cast["other_lawyer"]
    ask(cast, case_id, draft_id)
    take(cast)
    now = version(draft_id)
    acts: list[Callable[[], object]] = [
        lambda: drafting.withdraw(lawyer, case_id, draft_id, 1, uuid4()),
        lambda: draft_reviews.judge(other, case_id, draft_id, 1, "approved", "", uuid4()),
        lambda: draft_reviews.judge(other, case_id, draft_id, now, "approved", "0" * 64, uuid4()),
        lambda: draft_reviews.file(lawyer, case_id, draft_id, 1, Filing(clock.today(), "x"), uuid4()),
    ]
    for act in acts:
        with pytest.raises(Conflict), transaction():
            act()
    refused: list[Callable[[], object]] = [
        lambda: drafting.say(lawyer, case_id, draft_id, " ", uuid4()),
        lambda: drafting.write(lawyer, case_id, draft_id, now, "x", Text(" "), uuid4()),
        lambda: draft_reviews.judge(lawyer, case_id, draft_id, now, "approved", "", uuid4()),
        lambda: draft_reviews.judge(other, case_id, draft_id, now, "filed", "", uuid4()),
        lambda: draft_reviews.ask(lawyer, case_id, draft_id, now, cast["caseworker"].person_id, uuid4()),
        lambda: draft_reviews.ask(
            lawyer, case_id, draft_id, now, other.person_id, uuid4(), by=clock.today() - dt.timedelta(days=1)
        ),
    ]
    for act in refused:
        with pytest.raises(DomainError), transaction():
            act()
    with pytest.raises(NotFound), transaction():
        legal_drafts.whole(lawyer, case_id, uuid4())
    assert version(draft_id) == now


def test_a_document_of_the_case_is_named_by_its_bytes(cast: Cast, case_id: UUID) -> None:
    lawyer, paper = cast["lawyer"], paper_in(cast["caseworker"], case_id, saved(page_pdf()))
    db.session.rollback()
    with transaction():
        draft_id = drafting.begin(lawyer, case_id, "x", Text("", paper), uuid4())
    with transaction():
        [text] = legal_drafts.whole(lawyer, case_id, draft_id).versions
        assert text.data is not None
        assert text.data["document"]["id"] == str(paper)
        assert len(text.data["document"]["digest"]) == 64
    with pytest.raises(NotFound), transaction():
        drafting.begin(lawyer, case_id, "x", Text("", uuid4()), uuid4())


def test_a_paper_on_which_a_draft_or_a_line_rests_stays_and_a_lost_one_is_never_approved(
    cast: Cast, case_id: UUID
) -> None:
    lawyer, other, caseworker = cast["lawyer"], cast["other_lawyer"], cast["caseworker"]
    rests, proves = (paper_in(caseworker, case_id, saved(page_pdf(one))) for one in "ab")
    db.session.rollback()
    filed = {"what": "x", "authority": "court", "on": "2026-11-02", "proof": "", "document": str(proves)}
    with transaction():
        filings.file(caseworker, case_id, filed, "", uuid4())
    with transaction():
        draft_id = drafting.begin(lawyer, case_id, "x", Text("", rests), uuid4())
    for paper in (rests, proves):
        with pytest.raises(DomainError), transaction():
            remove(caseworker, case_id, paper)
    ask(cast, case_id, draft_id)
    take(cast)
    with transaction():  # however it was lost
        at = legal_drafts.bench(lawyer, case_id)
        documents.remove(at.case, rests, documents.row_of(at.case, rests).version)
        rows.seal_head(at.key, at.case)
    now = version(draft_id)
    with transaction():
        digest = legal_drafts.whole(other, case_id, draft_id).draft.content["digest"]
    acts: list[Callable[[], object]] = [
        lambda: draft_reviews.judge(other, case_id, draft_id, now, "approved", digest, uuid4()),
        lambda: draft_reviews.file(
            lawyer, case_id, draft_id, now, Filing(clock.today(), "x", reason="y"), uuid4()
        ),
    ]
    for act in acts:
        with pytest.raises(DomainError) as refused, transaction():
            act()
        assert refused.value.message == drafting.GONE
    again = paper_in(caseworker, case_id, saved(page_pdf("c")))
    db.session.rollback()
    with transaction():
        drafting.write(lawyer, case_id, draft_id, now, "x", Text("", again), uuid4())
    now = version(draft_id)
    with transaction():
        drafting.withdraw(lawyer, case_id, draft_id, now, uuid4())
    with transaction():
        assert remove(caseworker, case_id, again)


def test_a_strangers_paper_goes_once_no_version_that_counts_goes_with_it(cast: Cast, case_id: UUID) -> None:
    lawyer, caseworker = cast["lawyer"], cast["caseworker"]
    wrong, right = (paper_in(caseworker, case_id) for _paper in range(2))
    db.session.rollback()
    with transaction():
        draft_id = drafting.begin(lawyer, case_id, "عريضة", Text("", wrong), uuid4())
    with pytest.raises(DomainError) as refused, transaction():
        remove(lawyer, case_id, wrong)
    assert "عريضة" in str(refused.value.message)  # to a lawyer the draft is named
    with pytest.raises(DomainError) as refused, transaction():
        remove(caseworker, case_id, wrong)
    assert "عريضة" not in str(refused.value.message)
    with transaction():
        drafting.write(lawyer, case_id, draft_id, 1, "عريضة", Text("", right), uuid4())
    with transaction():
        draft_reviews.file(lawyer, case_id, draft_id, 2, Filing(clock.today(), "x"), uuid4())
    with transaction():
        assert remove(caseworker, case_id, wrong)
    for who in (lawyer, caseworker):
        with pytest.raises(DomainError), transaction():
            remove(who, case_id, right)  # it is what was filed
    with transaction():
        assert legal_drafts.whole(lawyer, case_id, draft_id).draft.state == "filed"


def remove(actor: Actor, case_id: UUID, paper: UUID) -> bool:
    row = db.session.get_one(CaseFile, paper, populate_existing=True)
    return removing.remove(actor, case_id, paper, row.version, "x")


def test_asking_somebody_else_and_withdrawing_take_the_offer_back(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    cast.join("third", LAWYER)
    with transaction():
        second_draft = drafting.begin(cast["lawyer"], case_id, "x", Text("y"), uuid4())
    ask(cast, case_id, draft_id)
    ask(cast, case_id, second_draft)  # the same lawyer: one offer is enough
    assert offered(case_id) == [cast["other_lawyer"].person_id]
    ask(cast, case_id, draft_id, "third")
    assert set(offered(case_id)) == {cast["other_lawyer"].person_id, cast["third"].person_id}
    for one in (draft_id, second_draft):
        now = version(one)
        with transaction():
            drafting.withdraw(cast["lawyer"], case_id, one, now, uuid4())
    assert offered(case_id) == []
    with transaction():
        assert draft_reviews.on_desk(cast["lawyer"], 20) == []


def offered(case_id: UUID) -> list[UUID]:
    with transaction():
        open_ = select(Assignment.lawyer_id).where(
            Assignment.case_id == case_id, Assignment.state == "offered"
        )
        return list(db.session.scalars(open_))


def test_nobody_answers_in_time_and_the_same_lawyer_is_asked_again(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    ask(cast, case_id, draft_id)
    with transaction():
        open_ = select(Assignment).where(Assignment.case_id == case_id, Assignment.state == "offered")
        db.session.scalars(open_).one().answer_by = clock.now()
    with transaction():
        told = draft_reviews.answer(cast["lawyer"], case_id, draft_id)
        assert told is not None
        assert told[0] == "expired"
        [line] = draft_reviews.on_desk(cast["lawyer"], 20)
        assert not line.mine
    ask(cast, case_id, draft_id)
    take(cast)
    with transaction():
        assert draft_reviews.answer(cast["lawyer"], case_id, draft_id) is None
        assert [one.mine for one in draft_reviews.on_desk(cast["other_lawyer"], 20)] == [True]
        assert draft_reviews.on_desk(cast["lawyer"], 20) == []
        assert draft_reviews.on_desk(cast["caseworker"], 20) == []


def test_a_reviewer_who_is_given_the_whole_file_leads_it_and_has_no_end(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    ask(cast, case_id, draft_id)
    take(cast)
    other = cast["other_lawyer"].person_id
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["lawyer"].person_id)
    with transaction():
        row = db.session.get_one(CaseMember, (case_id, other))
        assert row.capacity == "reviewer"
        assert row.until is not None
        assert db.session.get_one(Case, case_id).state == "open"
    cast.assign(case_id, "other_lawyer")
    with transaction():
        row = db.session.get_one(CaseMember, (case_id, other))
        assert (row.capacity, row.until) == ("lawyer", None)
        [draft] = legal_drafts.read(cast["other_lawyer"], *opened(cast, case_id)) or []
        assert draft.title == "عريضة"  # handed on, because the reviewer had the key


def opened(cast: Cast, case_id: UUID) -> tuple[Case, dict[str, object]]:
    at = legal_drafts.bench(cast["other_lawyer"], case_id)
    return at.case, at.record


def test_without_the_key_of_an_earlier_lawyer_a_draft_only_is_there(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["lawyer"].person_id)
    cast.assign(case_id, "other_lawyer")
    with transaction():
        [draft] = legal_drafts.read(cast["other_lawyer"], *opened(cast, case_id)) or []
        assert draft.title is None
        assert draft.is_open
    with pytest.raises(Locked), transaction():
        legal_drafts.whole(cast["other_lawyer"], case_id, draft_id)


def test_a_closed_case_takes_no_draft_but_lets_one_be_ended(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    with transaction():
        db.session.get_one(Case, case_id).state = "closed"
    lawyer, filing = cast["lawyer"], Filing(clock.today(), "x")
    acts: list[Callable[[], object]] = [
        lambda: drafting.begin(lawyer, case_id, "x", Text("y"), uuid4()),
        lambda: drafting.write(lawyer, case_id, draft_id, 1, "x", Text("y"), uuid4()),
        lambda: draft_reviews.ask(lawyer, case_id, draft_id, 1, cast["other_lawyer"].person_id, uuid4()),
        lambda: draft_reviews.file(lawyer, case_id, draft_id, 1, filing, uuid4()),
    ]
    for act in acts:
        with pytest.raises(DomainError), transaction():
            act()
    twice(lambda token: drafting.withdraw(lawyer, case_id, draft_id, 1, token))
    with transaction():
        assert legal_drafts.whole(lawyer, case_id, draft_id).draft.state == "withdrawn"
        assert db.session.scalar(select(func.count()).select_from(LegalDraftPart)) == 2
