"""Orders that cannot be carried out stop no other one, change nothing by halves, and stay for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from accounts.models import KeyRing, OrganisationKey
from accounts.service import people
from cases.models import Case, CaseEpoch, CaseGrant, CaseKeyRing, CaseMember, Entry, Order
from cases.service import due, files, members, orders
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import CASEWORKER, COORDINATOR, Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def swap_records(broken: UUID, other: UUID) -> None:
    """Put the record of another case, which is whole in itself, in the place of this one."""
    stolen = db.session.get_one(Case, other).record
    db.session.execute(update(Case).where(Case.id == broken).values(record=stolen))


def swap_lines(broken: UUID, other: UUID) -> None:
    """The same with a line of the timeline."""
    stolen = db.session.scalars(select(Entry.sealed).where(Entry.case_id == other).limit(1)).one()
    db.session.execute(update(Entry).where(Entry.case_id == broken).values(sealed=stolen))


def swap_heads(broken: UUID, other: UUID) -> None:
    """The same with the head over all rows."""
    stolen = db.session.get_one(Case, other).head
    db.session.execute(update(Case).where(Case.id == broken).values(head=stolen))


def lose_the_key(broken: UUID, _other: UUID) -> None:
    """Every wrap of the key is gone."""
    for table in (CaseGrant, CaseKeyRing):
        db.session.execute(delete(table).where(table.case_id == broken))


def exchange_the_key(broken: UUID, other: UUID) -> None:
    """The wraps are those of another case."""
    db.session.execute(delete(CaseKeyRing).where(CaseKeyRing.case_id == broken))
    stolen = db.session.scalars(select(CaseGrant.sealed).where(CaseGrant.case_id == other).limit(1)).one()
    db.session.execute(update(CaseGrant).where(CaseGrant.case_id == broken).values(sealed=stolen))


BREAK = [swap_records, swap_lines, swap_heads, lose_the_key, exchange_the_key]


def order(cast: Cast, case_id: UUID, kind: str, person_id: UUID | None = None) -> UUID:
    order_id = uuid4()
    with transaction() as session:
        session.add(
            Order(
                id=order_id,
                organisation_id=cast.organisation_id,
                kind=kind,
                case_id=case_id,
                person_id=person_id,
                ordered_at=clock.now(),
            )
        )
    return order_id


def done(order_id: UUID) -> bool:
    found = db.session.get_one(Order, order_id, populate_existing=True).done_at is not None
    db.session.rollback()
    return found


def epoch(case_id: UUID) -> int:
    found = db.session.get_one(Case, case_id, populate_existing=True).epoch
    db.session.rollback()
    return found


@pytest.mark.parametrize("breaks", BREAK, ids=lambda one: one.__name__)
def test_a_broken_case_stays_and_stops_no_other(cast: Cast, breaks: Callable[[UUID, UUID], None]) -> None:
    """The broken one stands first, so that whatever it does would be done before the others."""
    broken, *whole = [cast.record() for _ in range(3)]
    stays, *others = [order(cast, case_id, "rotation_due") for case_id in (broken, *whole)]
    with transaction():
        breaks(broken, whole[0])
    with transaction():
        assert orders.carry_out(cast["coordinator"], 60) == 0  # nothing that trying again would change
    assert [done(one) for one in (stays, *others)] == [False, True, True]
    assert [epoch(case_id) for case_id in (broken, *whole)] == [1, 2, 2]
    made = select(CaseEpoch.epoch).where(CaseEpoch.case_id == broken)
    assert db.session.scalars(made).all() == [1]
    newer = select(CaseGrant.id).where(CaseGrant.case_id == broken, CaseGrant.epoch > 1)
    assert db.session.scalars(newer).all() == []
    db.session.rollback()
    for case_id in whole:
        with transaction():
            assert files.open_case(cast["caseworker"], case_id).record["issue"] == "A02"


def test_what_stays_is_carried_out_once_it_can_be(cast: Cast) -> None:
    broken, other = cast.record(), cast.record()
    newcomer = cast.join("newcomer", CASEWORKER).person_id
    stays = order(cast, broken, "grant_due", newcomer)
    follows = order(cast, other, "grant_due", newcomer)
    kept = db.session.get_one(Case, broken).head
    db.session.rollback()
    with transaction():
        swap_heads(broken, other)
    with transaction():
        orders.carry_out(cast["coordinator"], 60)
        assert orders.due(cast["coordinator"]) == 1
    assert (done(stays), done(follows)) == (False, True)
    assert db.session.get(CaseMember, (broken, newcomer)) is None
    db.session.rollback()
    with transaction():
        db.session.execute(update(Case).where(Case.id == broken).values(head=kept))
    with transaction():
        assert orders.carry_out(cast["coordinator"], 60) == 0
    assert done(stays)
    with transaction():
        assert files.open_case(cast["newcomer"], broken).id == broken
        # Whose session it was did no work on the case by that, and may look at it in a file review.
        mine = Entry.case_id == broken, Entry.author_id == cast["coordinator"].person_id
        assert db.session.scalars(select(Entry.carried_out).where(*mine)).all() == [True]


def test_who_lacks_one_key_carries_out_the_rest(cast: Cast) -> None:
    """A member whose grant is missing leaves the order to a coordinator, who holds supervision."""
    lacking, held = cast.record(), cast.record()
    first, second = order(cast, lacking, "rotation_due"), order(cast, held, "rotation_due")
    me = cast["caseworker"]
    with transaction():
        for table, holder in ((CaseGrant, CaseGrant.holder_id), (CaseKeyRing, CaseKeyRing.person_id)):
            db.session.execute(delete(table).where(table.case_id == lacking, holder == me.person_id))
    with transaction():
        assert orders.carry_out(me, 60) == 0
    assert (done(first), done(second)) == (False, True)
    with transaction():
        orders.carry_out(cast["coordinator"], 60)
    assert done(first)


def test_a_damaged_ring_of_one_key_stops_neither_other_keys_nor_orders(cast: Cast) -> None:
    leaver = cast.join("leaver", COORDINATOR)
    cast.hand_over()
    case_id, me = cast.record(), cast["coordinator"]
    with transaction():
        people.depart(cast["admin"], leaver.person_id)
    with transaction():
        desk = select(OrganisationKey.id).where(OrganisationKey.kind == "desk")
        mine = KeyRing.person_id == me.person_id
        db.session.execute(update(KeyRing).where(mine, KeyRing.key_id.in_(desk)).values(wrapped=b"damaged"))
        assert db.session.scalars(select(KeyRing.key_id).where(mine, KeyRing.key_id.in_(desk))).all()
    with transaction():
        assert orders.carry_out(me, 60) == 0
    present = select(OrganisationKey.kind, OrganisationKey.epoch).where(OrganisationKey.retired_at.is_(None))
    epochs = {kind: number for kind, number in db.session.execute(present)}  # noqa: C416 - rows are no pairs to mypy
    db.session.rollback()
    assert (epochs["desk"], epochs["supervision"], epochs["match"]) == (1, 2, 2)
    assert epoch(case_id) == 2


def record(cast: Cast) -> UUID:
    return cast.record()


def give_back(cast: Cast) -> UUID:
    """A restricted case that its people open to the coordinators again."""
    case_id = cast.record(restricted=True, named=[cast["colleague"].person_id])
    with transaction():
        members.unrestrict(cast["caseworker"], case_id, "gerekçe")
    return case_id


@pytest.mark.parametrize("begin", [record, give_back], ids=lambda one: one.__name__)
def test_what_begins_under_a_known_supervision_key_gets_another_key(
    cast: Cast, begin: Callable[[Cast], UUID]
) -> None:
    """A coordinator who left may have copied supervision; what comes later does not stay open to the copy."""
    leaver = cast.join("leaver", COORDINATOR)
    cast.hand_over()
    with transaction():
        people.depart(cast["admin"], leaver.person_id)
        assert due.supervision_is_stale(cast.organisation_id)
    case_id = begin(cast)
    with transaction():
        assert files.open_case(cast["caseworker"], case_id).waiting == ["rotation_due"]
        orders.carry_out(cast["coordinator"], 60)
    retired = select(OrganisationKey.id).where(OrganisationKey.retired_at.is_not(None))
    grants = select(CaseGrant.id).where(CaseGrant.case_id == case_id, CaseGrant.holder_id.in_(retired))
    assert db.session.scalars(grants).all() == []
    db.session.rollback()
    with transaction():
        assert files.open_case(cast["coordinator"], case_id).waiting == []
