"""Who may open a case, after somebody came, went, was named or was not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.service import drafts, people
from cases.models import Case, CaseKeyRing, CaseMember, Fact
from cases.service import assignment, files, matters, members, picking, progress, team, unanswered
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from intake.service import codes
from tests.cases import archived
from tests.cases.papers import paper_in
from tests.documents.corpus import page_pdf, saved
from tests.support.cast import CASEWORKER, LAWYER, Cast, on_stage
from tests.support.clock import FrozenClock


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def reads(cast: Cast, name: str, case_id: UUID) -> bool:
    try:
        with transaction():
            return files.open_case(cast[name], case_id).id == case_id
    except (NotFound, Locked):
        return False


def assigned(cast: Cast) -> UUID:
    """A case on which a lawyer works."""
    case_id = cast.record()
    with transaction():
        offered = assignment.offer(cast["coordinator"], case_id, 1, cast["lawyer"].person_id)
    with transaction():
        assignment.accept(cast["lawyer"], offered)
    return case_id


def state(case_id: UUID) -> str:
    found = db.session.get_one(Case, case_id, populate_existing=True).state
    db.session.rollback()
    return found


def test_restricting_takes_off_whoever_is_not_named(cast: Cast) -> None:
    case_id = cast.record()
    second = cast.join("second", Role.CASEWORKER)
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    assert reads(cast, "colleague", case_id)
    with transaction():
        members.restrict(cast["caseworker"], case_id, [second.person_id])
    assert [reads(cast, name, case_id) for name in ("caseworker", "second")] == [True, True]
    assert [reads(cast, name, case_id) for name in ("colleague", "coordinator")] == [False, False]


def test_a_lawyer_comes_by_assignment_alone(cast: Cast) -> None:
    """Neither added nor named by hand: who was not asked could never be asked afterwards."""
    case_id, lawyer = cast.record(), cast["lawyer"].person_id
    offered = [person.id for person in members.people_to_add(cast["caseworker"], case_id)]
    assert set(offered) == {cast[name].person_id for name in ("colleague", "coordinator")}
    db.session.rollback()
    with pytest.raises(NotFound), transaction():
        members.add(cast["caseworker"], case_id, lawyer)
    with pytest.raises(NotFound), transaction():
        members.restrict(cast["caseworker"], case_id, [lawyer, cast["colleague"].person_id])
    with pytest.raises(NotFound):
        cast.record(restricted=True, named=[lawyer])
    assert not reads(cast, "lawyer", case_id)
    cast.assign(case_id)
    with transaction():
        members.restrict(cast["caseworker"], case_id, [lawyer])  # who took it on may stay
    assert reads(cast, "lawyer", case_id)


def test_restricting_leaves_the_named_as_they_were(cast: Cast) -> None:
    """Since when, until when and as what somebody works here is not touched."""
    case_id = assigned(cast)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id, until=until)

    def rows() -> dict[UUID, tuple[str, dt.datetime, dt.datetime | None]]:
        found = db.session.scalars(select(CaseMember).where(CaseMember.case_id == case_id)).all()
        kept = {row.person_id: (row.capacity, row.since, row.until) for row in found}
        db.session.rollback()
        return kept

    before = rows()
    with transaction():
        named = [cast["colleague"].person_id, cast["lawyer"].person_id]
        members.restrict(cast["caseworker"], case_id, named)
    assert rows() == before


def test_restricting_without_the_lawyer_opens_the_file_again(cast: Cast) -> None:
    case_id = assigned(cast)
    with transaction():
        members.restrict(cast["caseworker"], case_id, [cast["colleague"].person_id])
    assert state(case_id) == "open"
    assert not reads(cast, "lawyer", case_id)
    other = cast.record("colleague")
    with pytest.raises(DomainError), transaction():
        members.restrict(cast["colleague"], other, [])


def test_a_lawyer_whose_account_ends_leaves_an_open_file(cast: Cast) -> None:
    case_id = assigned(cast)
    assert state(case_id) == "in_progress"
    with transaction():
        people.depart(cast["admin"], cast["lawyer"].person_id)
    assert state(case_id) == "open"
    version = db.session.get_one(Case, case_id).version
    db.session.rollback()
    with transaction():
        offered = assignment.offer(cast["coordinator"], case_id, version, cast["other_lawyer"].person_id)
    with transaction():
        assignment.accept(cast["other_lawyer"], offered)
    assert state(case_id) == "in_progress"


def test_time_boxed_access_ends_on_its_instant(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.record()
    with transaction():
        until = clock.instant + dt.timedelta(hours=2)
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id, until=until)
    assert reads(cast, "colleague", case_id)
    clock.advance(hours=2)
    assert not reads(cast, "colleague", case_id)
    with transaction():
        assert members.expire() == 1
    with transaction():
        assert members.expire() == 0


def test_an_offer_that_ends_with_an_access_comes_back(cast: Cast, clock: FrozenClock) -> None:
    case_id, both = cast.record(urgency="U3"), cast.join("both", Role.CASEWORKER, Role.LAWYER)
    cast.hand_over()
    with transaction():
        until = clock.instant + dt.timedelta(hours=2)
        members.add(cast["caseworker"], case_id, both.person_id, until=until)
    with transaction():
        version = db.session.get_one(Case, case_id).version
        assignment.offer(cast["coordinator"], case_id, version, both.person_id)
    clock.advance(hours=2)
    with transaction():
        assert members.expire() == 1
    with transaction():
        back = unanswered.on_desk(cast["coordinator"], 50).back
    assert [one.state for one in back if one.case_id == case_id] == ["left"]


def test_who_declined_is_marked_when_lawyers_are_looked_for_again(cast: Cast) -> None:
    case_id = cast.record()
    with transaction():
        offered = assignment.offer(cast["coordinator"], case_id, 1, cast["lawyer"].person_id)
    with transaction():
        assignment.decline(cast["lawyer"], offered, "conflict", "karşı taraf müvekkilim")
    with transaction():
        found = picking.candidates(cast["coordinator"], case_id)
    assert [(line.person_id, line.declined) for line in found][-1] == (cast["lawyer"].person_id, "conflict")
    assert found[0].declined == ""
    with transaction():
        line = files.open_case(cast["coordinator"], case_id).assignment
    assert line is not None
    assert (line.reason_code, line.reason) == ("conflict", "karşı taraf müvekkilim")


def test_without_the_key_adding_and_removing_wait_for_a_holder(cast: Cast) -> None:
    """A coordinator who was not handed the supervision key yet decides; a member's session carries it out."""
    from cases.service import orders
    from tests.support.cast import COORDINATOR

    cast.join("fresh", COORDINATOR)
    case_id = cast.record()
    with transaction():
        members.add(cast["fresh"], case_id, cast["colleague"].person_id)
    assert not reads(cast, "colleague", case_id)
    with transaction():
        assert orders.carry_out(cast["caseworker"], 30) == 0
    assert reads(cast, "colleague", case_id)
    with transaction():
        members.remove(cast["fresh"], case_id, cast["colleague"].person_id)
    assert not reads(cast, "colleague", case_id)
    with transaction():
        assert files.open_case(cast["caseworker"], case_id).waiting == ["rotation_due"]
    with transaction():
        assert orders.carry_out(cast["caseworker"], 30) == 0
    with transaction():
        assert files.open_case(cast["caseworker"], case_id).waiting == []


def test_a_damaged_ring_is_mended_from_the_grant(cast: Cast) -> None:
    case_id = cast.record()
    assert reads(cast, "caseworker", case_id)
    row = db.session.scalars(
        select(CaseKeyRing).where(
            CaseKeyRing.case_id == case_id, CaseKeyRing.person_id == cast["caseworker"].person_id
        )
    ).one()
    damaged = row.wrapped[:-1] + bytes([row.wrapped[-1] ^ 1])
    row.wrapped = damaged
    db.session.commit()
    assert reads(cast, "caseworker", case_id)
    mended = db.session.scalars(select(CaseKeyRing.wrapped).where(CaseKeyRing.case_id == case_id)).all()
    assert damaged not in mended


def test_reading_a_case_is_on_the_chain_with_its_id(cast: Cast) -> None:
    case_id = cast.record()
    assert reads(cast, "coordinator", case_id)
    acts = select(AuditEntry.actor_id).where(AuditEntry.act == "case.read", AuditEntry.object_id == case_id)
    assert db.session.scalars(acts).all() == [cast["coordinator"].person_id]


def test_moving_a_case_writes_no_new_fact(cast: Cast) -> None:
    case_id = cast.record()
    with transaction():
        progress.move(cast["caseworker"], case_id, 1, "in_review")
    assert [row.version for row in db.session.scalars(select(Fact))] == [1]
    db.session.rollback()
    with pytest.raises(Conflict), transaction():
        progress.move(cast["caseworker"], case_id, 1, "in_review")


def test_a_newcomer_in_two_roles_works_as_what_they_accepted(cast: Cast) -> None:
    both = cast.join("both", CASEWORKER, LAWYER)
    case_id = cast.record()
    with transaction():
        offered = assignment.offer(cast["coordinator"], case_id, 1, both.person_id)
    with transaction():
        assignment.accept(both, offered)
    with transaction():
        members.step_off(both, case_id, "izin")
    assert state(case_id) == "open"


def test_what_was_typed_about_things_of_a_case_goes_with_the_access(cast: Cast) -> None:
    case_id, other, leaving = cast.record(), cast.record(), cast["colleague"]
    fresh = codes.prepare(cast.settings)
    with transaction():
        members.add(cast["caseworker"], case_id, leaving.person_id)
        codes.begin(cast["caseworker"], fresh, case_id, uuid4(), "Selma", client=True)
        fact = matters.add(cast["caseworker"], case_id, "restriction", {"code": "V-87"}, uuid4())
        stays = matters.add(cast["caseworker"], other, "restriction", {"code": "V-87"}, uuid4())
    paper = paper_in(cast["caseworker"], case_id, saved(page_pdf()))
    archive = archived.brought(leaving, case_id, "1.11.2026 9:41 - Selma: a")
    about = (fact, paper, archive, fresh.request_id, stays)
    with transaction():
        for one in about:
            for name in ("colleague", "caseworker"):
                drafts.save(cast[name].person_id, "cases.some", one, {"text": ["Taslak"]})
    with transaction():
        members.step_off(leaving, case_id, "izin")
    left = [one for one in about if drafts.load(leaving, "cases.some", one)]
    assert left == [stays]
    assert all(drafts.load(cast["caseworker"], "cases.some", one) for one in about)


def test_what_was_being_typed_goes_with_the_access_and_stays_without(cast: Cast) -> None:
    case_id, other = cast.record(), cast.record()
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    typing = ("caseworker", "colleague", "coordinator")

    def type_again() -> None:
        with transaction():
            for name in typing:
                for about in (case_id, other):
                    drafts.save(cast[name].person_id, "cases.note", about, {"text": ["Taslak"]})

    def typed(about: UUID) -> set[str]:
        return {name for name in typing if drafts.load(cast[name], "cases.note", about) is not None}

    type_again()
    with transaction():
        members.remove(cast["caseworker"], case_id, cast["colleague"].person_id)
    assert typed(case_id) == {"caseworker", "coordinator"}
    type_again()
    second = cast.join("second", CASEWORKER)
    with transaction():
        members.restrict(cast["caseworker"], case_id, [second.person_id])
    assert typed(case_id) == {"caseworker"}
    assert typed(other) == set(typing)


def test_who_recorded_a_case_may_be_asked_for_it_and_becomes_its_lawyer(cast: Cast) -> None:
    """Whoever is all three in a small office."""
    all_three = cast.join("all_three", Role.CASEWORKER, Role.LAWYER, Role.COORDINATOR)
    cast.hand_over()
    case_id = cast.record("all_three")

    def offered() -> UUID:
        with transaction():
            version = db.session.get_one(Case, case_id).version
            return assignment.offer(all_three, case_id, version, all_three.person_id)

    declined = offered()
    with transaction():
        assignment.decline(all_three, declined, "conflict", "")
    with transaction():
        assert not team.has_lawyer(case_id)
        assert files.open_case(all_three, case_id).state == "open"  # who declines keeps what they had
    accepted = offered()
    for _twice in range(2):
        with transaction():
            assert assignment.accept(all_three, accepted) == case_id
    with transaction():
        shown = files.open_case(all_three, case_id)
        assert (shown.state, [one.capacity for one in shown.members]) == ("in_progress", ["lawyer"])
        assert all_three.person_id not in {
            one.person_id for one in picking.candidates(cast["coordinator"], case_id)
        }


def test_who_is_asked_and_taken_off_leaves_the_case_open(cast: Cast) -> None:
    both = cast.join("both", Role.CASEWORKER, Role.LAWYER)
    case_id = cast.record()
    with transaction():
        members.add(cast["coordinator"], case_id, both.person_id)
    with transaction():
        version = db.session.get_one(Case, case_id).version
        assignment.offer(cast["coordinator"], case_id, version, both.person_id)
    with transaction():
        members.remove(cast["coordinator"], case_id, both.person_id)
    assert state(case_id) == "open"
