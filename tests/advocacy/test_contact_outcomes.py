"""Outcomes climb the ladder with evidence, come back for review, and reach those who hold the cases."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

import vault
from accounts.service import people, trust
from advocacy.models.contacts import DossierOutcome, DossierResult
from advocacy.service import outcomes, results, stories
from cases.service import files, members
from core.clock import today
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from domain.outcomes import Step
from tests.advocacy.test_dossiers import begun, read
from tests.advocacy.test_stories import PLAIN, left, read_out, told, withdraw
from tests.support.cast import Cast
from tests.support.clock import FrozenClock

WORDS = "Genelge artık itiraz yolunu gösteriyor"


def reach(cast: Cast, dossier_id: UUID, step: str, later: int = 0, evidence: str = WORDS) -> UUID:
    with transaction():
        return outcomes.record(cast["manager"], dossier_id, uuid4(), step, today(), evidence, later)


def tell(cast: Cast, dossier_id: UUID, outcome_id: UUID, by: str = "manager") -> None:
    with transaction():
        results.tell(cast[by], dossier_id, outcome_id, WORDS)


def test_the_ladder_asks_for_evidence_and_never_goes_down(ours: Cast, theirs: Cast) -> None:
    dossier_id = begun(ours)
    with pytest.raises(DomainError):
        reach(ours, dossier_id, "meeting", evidence=" ")
    with pytest.raises(DomainError):
        reach(ours, dossier_id, "nothing")
    reach(ours, dossier_id, "instruction")
    with pytest.raises(DomainError):
        reach(ours, dossier_id, "meeting")
    for few in (0, 4):
        with pytest.raises(DomainError):
            reach(ours, dossier_id, "practice_changed", few)
    reach(ours, dossier_id, "practice_changed", 5)
    reach(ours, dossier_id, "reversed")
    opened = read(ours["manager"], dossier_id)
    assert [(one.step, one.later_cases) for one in outcomes.of(opened)] == [
        (Step.INSTRUCTION, 0),
        (Step.PRACTICE_CHANGED, 5),
        (Step.REVERSED, 0),
    ]
    db.session.rollback()
    with pytest.raises(DomainError), transaction():  # before the last step
        outcomes.record(
            ours["manager"], dossier_id, uuid4(), "meeting", today() - dt.timedelta(days=1), WORDS
        )
    with pytest.raises(Refused), transaction():
        outcomes.record(ours["coordinator"], dossier_id, uuid4(), "meeting", today(), WORDS)
    with pytest.raises(NotFound), transaction():
        outcomes.record(theirs["manager"], dossier_id, uuid4(), "meeting", today(), WORDS)


def test_an_outcome_is_written_once_and_cannot_be_raised_in_the_database(ours: Cast) -> None:
    dossier_id, token = begun(ours), uuid4()
    for _ in range(2):
        with transaction():
            outcomes.record(ours["manager"], dossier_id, token, "meeting", today(), WORDS)
    row = db.session.scalars(select(DossierOutcome)).one()
    assert WORDS.encode() not in row.sealed
    db.session.rollback()
    with transaction():
        db.session.scalars(select(DossierOutcome)).one().step = "norm_changed"
    with pytest.raises(vault.VaultError):
        outcomes.of(read(ours["manager"], dossier_id))


def test_reviews_come_due_and_one_look_answers_them(ours: Cast, clock: FrozenClock, theirs: Cast) -> None:
    dossier_id = begun(ours)
    reach(ours, dossier_id, "commitment")
    first = outcomes.looks(read(ours["manager"], dossier_id))
    assert [(look.due_on - today()).days for look in first] == [30, 90, 180]
    assert outcomes.due(ours["manager"]) == 0
    with pytest.raises(DomainError), transaction():
        outcomes.review(ours["manager"], dossier_id, WORDS)  # ahead of its day
    clock.advance(days=91)
    assert (outcomes.due(ours["manager"]), outcomes.due(theirs["manager"])) == (1, 0)
    assert outcomes.due_in(ours["coordinator"]) == {dossier_id}
    with pytest.raises(Refused), transaction():
        outcomes.review(ours["coordinator"], dossier_id, WORDS)
    with transaction():
        outcomes.review(ours["manager"], dossier_id, WORDS)
    looks = outcomes.looks(read(ours["manager"], dossier_id))
    assert [bool(look.done_at) for look in looks] == [True, True, False]
    assert looks[0].found == WORDS
    assert outcomes.due(ours["manager"]) == 0


def test_those_who_hold_the_case_are_told_and_nobody_else(ours: Cast) -> None:
    dossier_id, case_id, _story = told(ours)
    step = reach(ours, dossier_id, "instruction")
    with pytest.raises(Refused):
        tell(ours, dossier_id, step, by="coordinator")
    tell(ours, dossier_id, step)
    [result] = results.mine(ours["caseworker"])
    assert (result.words, result.case_id, result.seen) == (WORDS, case_id, False)
    assert result.title == "Kaydı pasife alınan kimlikler"
    for name in ("colleague", "lawyer", "manager", "admin"):
        assert results.mine(ours[name]) == []
        assert results.unseen(ours[name]) == 0
    with pytest.raises(NotFound), transaction():
        results.see(ours["colleague"], result.id)
    ours.assign(case_id)
    tell(ours, dossier_id, step)  # again: only who was not told yet
    assert (results.unseen(ours["caseworker"]), results.unseen(ours["lawyer"])) == (1, 1)
    for _ in range(2):
        with transaction():
            results.see(ours["caseworker"], result.id)
    assert results.unseen(ours["caseworker"]) == 0
    rows = db.session.scalars(select(DossierResult)).all()
    assert all(WORDS.encode() not in row.sealed for row in rows)
    mine, other = sorted(rows, key=lambda row: row.person_id != ours["caseworker"].person_id)
    with pytest.raises(vault.VaultError):  # sealed to one person each
        ours["caseworker"].secret.pair.open(other.sealed, results._context(other))
    assert ours["caseworker"].secret.pair.open(mine.sealed, results._context(mine))


def test_where_nobody_works_on_the_case_any_more_the_coordinators_are_told(
    ours: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Because everybody left it, or because whoever works on it left the organisation: nothing is lost."""
    dossier_id, case_id, _story = told(ours)
    step = reach(ours, dossier_id, "instruction")
    with transaction():
        people.depart(ours["admin"], ours["caseworker"].person_id)
    with monkeypatch.context() as patch:
        patch.setattr(trust, "person_keys", lambda _ids: {})
        with pytest.raises(DomainError, match="منسّق"):
            tell(ours, dossier_id, step)
    tell(ours, dossier_id, step)
    [result] = results.mine(ours["coordinator"])
    assert (result.words, result.case_id) == (WORDS, case_id)
    with pytest.raises(DomainError):  # once is enough
        tell(ours, dossier_id, step)
    with transaction():
        results.see(ours["coordinator"], result.id)
    with transaction():
        entries = files.open_case(ours["coordinator"], case_id).entries
    assert [one.text for one in entries if one.kind == "result"] == [WORDS]


def test_a_story_that_left_and_waits_for_a_signature_anew_has_contributed(ours: Cast) -> None:
    dossier_id, case_id, story_id = told(ours)
    left(ours, dossier_id)
    with transaction():
        stories.rewrite(ours["caseworker"], story_id, 1, read_out(PLAIN))
    tell(ours, dossier_id, reach(ours, dossier_id, "meeting"))
    assert [one.case_id for one in results.mine(ours["caseworker"])] == [case_id]


def test_a_story_taken_back_leads_to_nobody(ours: Cast) -> None:
    dossier_id, case_id, _story = told(ours)
    step = reach(ours, dossier_id, "instruction")
    withdraw(ours, case_id)
    with pytest.raises(DomainError):
        tell(ours, dossier_id, step)
    with pytest.raises(DomainError):
        other = begun(ours)
        tell(ours, other, reach(ours, other, "instruction"))
    with pytest.raises(NotFound):
        tell(ours, begun(ours), step)


def test_who_joins_the_case_later_reads_it_in_the_file(ours: Cast) -> None:
    dossier_id, case_id, _story = told(ours)
    tell(ours, dossier_id, reach(ours, dossier_id, "instruction"))
    [result] = results.mine(ours["caseworker"])
    for _ in range(2):
        with transaction():
            results.see(ours["caseworker"], result.id)
    with transaction():
        members.add(ours["caseworker"], case_id, ours["colleague"].person_id)
    with transaction():
        lines = files.open_case(ours["colleague"], case_id).entries
    [line] = [one for one in lines if one.kind == "result"]
    assert (line.text, line.data["step"]) == (WORDS, "instruction")
    with transaction():
        members.remove(ours["caseworker"], case_id, ours["colleague"].person_id)


def test_a_step_written_by_mistake_is_taken_back_until_somebody_was_told(
    ours: Cast, theirs: Cast, clock: FrozenClock
) -> None:
    dossier_id, _case, _story = told(ours)
    first = reach(ours, dossier_id, "meeting")
    clock.advance(days=10)
    second = reach(ours, dossier_id, "instruction")

    def take_back(outcome_id: UUID, by: str = "manager") -> None:
        with transaction():
            outcomes.take_back(ours[by], dossier_id, outcome_id)

    with pytest.raises(Refused):
        take_back(second, "coordinator")
    with pytest.raises(NotFound), transaction():
        outcomes.take_back(theirs["manager"], dossier_id, second)
    with pytest.raises(DomainError):
        take_back(first)  # another stands on it
    take_back(second)
    take_back(second)
    opened = read(ours["manager"], dossier_id)
    assert [one.id for one in outcomes.of(opened)] == [first]
    assert (outcomes.looks(opened)[0].due_on - today()).days == 20  # 30 after the meeting, ten days ago
    db.session.rollback()
    tell(ours, dossier_id, first)
    with pytest.raises(DomainError):
        take_back(first)
