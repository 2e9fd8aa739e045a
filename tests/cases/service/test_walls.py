"""Walls, people of the house, other organisations, and whoever was turned away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Organisation
from cases.models import Order
from cases.service import assignment, conflicts, files, match_tokens, members, orders, picking
from cases.service.conflicts import Elsewhere
from cases.service.walls import Walled
from core import clock
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from domain.conflicts import Outcome, Rule
from tests.cases.conflicting import LANDLORD, decide, look, matter, name, party, state_of
from tests.cases.service.test_conflicts import offer
from tests.support.cast import Cast, found, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found_:
        yield found_


def test_a_wall_keeps_people_out_for_good(cast: Cast) -> None:
    case_id = cast.record(record=matter("سلمى الخطيب"))
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    cast.join("second", *cast["coordinator"].roles)
    cast.hand_over()
    asked = offer(cast, case_id)
    cast.record("colleague", record=matter(LANDLORD))
    name(cast, "caseworker", case_id, party("opposing", LANDLORD))
    with pytest.raises(NotFound), transaction():
        assignment.accept(cast["lawyer"], asked)
    outside = [cast[one].person_id for one in ("colleague", "second", "lawyer")]
    with pytest.raises(DomainError):
        decide(cast, "coordinator", case_id, "wall")
    with pytest.raises(NotFound):
        decide(cast, "coordinator", case_id, "wall", walled=[cast["coordinator"].person_id])
    with pytest.raises(DomainError):
        decide(cast, "coordinator", case_id, "wall", walled=[*outside, cast["caseworker"].person_id])
    decide(cast, "coordinator", case_id, "wall", walled=outside)
    assert state_of(case_id) == "open"
    for one in ("colleague", "second"):
        with pytest.raises(NotFound), transaction():
            files.open_case(cast[one], case_id)
    with pytest.raises(NotFound), transaction():
        assignment.accept(cast["lawyer"], asked)
    with pytest.raises(Walled), transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    with pytest.raises(Walled):
        offer(cast, case_id)
    with pytest.raises(DomainError), transaction():
        members.unrestrict(cast["coordinator"], case_id, "herkes görsün")
    with transaction():
        offered = {
            line.person_id for line in picking.candidates(cast["coordinator"], case_id) if not line.barred
        }
        addable = {one.id for one in members.people_to_add(cast["caseworker"], case_id)}
        db.session.add(order_for(cast, case_id, cast["colleague"].person_id))
    assert not {*outside} & {*offered, *addable}
    assert cast["other_lawyer"].person_id in offered
    with transaction():
        orders.carry_out(cast["caseworker"])
    with pytest.raises(NotFound), transaction():
        files.open_case(cast["colleague"], case_id)
    decide(cast, "coordinator", case_id, "accept")  # a later decision takes no wall down
    with pytest.raises(Walled), transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)


def order_for(cast: Cast, case_id: UUID, person_id: UUID) -> Order:
    return Order(
        id=uuid4(),
        organisation_id=cast.organisation_id,
        kind="grant_due",
        case_id=case_id,
        person_id=person_id,
        ordered_by=None,
        ordered_at=clock.now(),
    )


def test_somebody_of_the_house_is_always_decided_and_not_by_themselves(cast: Cast) -> None:
    with transaction():
        staff = select(Organisation.name_tr).where(Organisation.id == cast.organisation_id)
        house = db.session.scalars(staff).one()
    parties = [
        party("staff", "نزار درويش"),
        party("employer", latin=house),
        party("opposing", latin="Kişi coordinator"),
    ]
    cases = [cast.record(record=matter("سلمى الخطيب", one)) for one in parties]
    for case_id in cases:
        [line] = look(cast, "caseworker", case_id).lines
        assert line.finding.rule is Rule.OWN_HOUSE
        assert look(cast, "coordinator", case_id).outcomes == list(Outcome)
    with pytest.raises(DomainError):
        decide(cast, "coordinator", cases[-1], "accept")  # a party decides about nobody


def test_another_organisation_is_not_asked(cast: Cast) -> None:
    theirs = found(cast.app, "YAD")
    theirs.record(record=matter(LANDLORD))
    assert state_of(cast.record(record=matter("سلمى الخطيب", party("opposing", LANDLORD)))) == "open"


def test_a_feature_above_adds_what_is_no_case(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that were declined: what was heard from somebody stays secret towards the other side."""
    declined = uuid4()
    keys = match_tokens.held(cast["caseworker"])
    stored = match_tokens.in_role(
        keys, match_tokens.made_of(cast["caseworker"], matter(LANDLORD))["client"], "client"
    )

    def ask(_actor: Actor, tokens: Collection[bytes]) -> Iterable[Elsewhere]:
        return [Elsewhere(one, declined, "REQ-1", ("Kişi colleague",)) for one in stored if one in tokens]

    monkeypatch.setattr(conflicts, "also_compared", [ask])
    case_id = cast.record(record=matter("سلمى الخطيب", party("opposing", LANDLORD)))
    [line] = look(cast, "caseworker", case_id).lines
    assert (line.finding.reference, line.ask) == ("REQ-1", ("Kişi colleague",))
    assert state_of(cast.record(record=matter("هبة شعبان", party("opposing", "نزار درويش")))) == "open"


def test_whoever_was_turned_away_stays_compared(cast: Cast) -> None:
    from intake.models import RequestToken  # a feature above
    from intake.service import deciding
    from tests.intake.stage import asked

    request_id = asked(cast, name=LANDLORD, other_side="RANA ELNECCAR", text="kiracım çıkmıyor")
    with transaction():
        deciding.claim(cast["coordinator"], request_id, 1)
    with transaction():
        deciding.end(cast["coordinator"], request_id, 2, uuid4(), "declined", "Yardım edemiyoruz.")
    tenant = cast.record(record=matter("رنا النجار", party("landlord", LANDLORD)))
    found = {line.finding.role: line.finding for line in look(cast, "caseworker", tenant).lines}
    assert {one.rule for one in found.values()} == {Rule.BOTH_SIDES}
    assert [found[role].theirs for role in ("client", "landlord")] == ["opposing", "client"]
    assert {one.ask for one in found.values()} == {("Kişi coordinator",)}
    with transaction():
        deciding.take_up(cast["coordinator"], request_id, 3)
    assert db.session.scalars(select(RequestToken)).all()
    db.session.rollback()


def test_a_phone_alone_is_enough(cast: Cast) -> None:
    cast.record(
        "colleague", record=matter("سلمى الخطيب", party("opposing", "أبو أحمد", phone="0532 123 45 67"))
    )
    phones = [{"number": "+90 532 123 45 67"}]
    assert look(cast, "caseworker", cast.record(record=matter("نزار درويش", phones=phones))).lines
