"""A change of law: the open deadlines it touches come to desks; their date stands until a lawyer decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from cases.models import Deadline, Order
from cases.service import agenda, deadlines, files, law, orders
from cases.service.rows import Tampered
from cases.service.views import OpenDeadline
from core.access.actors import Actor
from core.store.base import db
from core.store.transaction import transaction
from desk import service as desk
from tests.cases.service.test_law import base, longer, proposed, signed
from tests.support.cast import Cast, found, on_stage

DEP: dict[str, Any] = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}
OTHER: dict[str, Any] = {"rule": "LA_OBJ", "served_on": "2026-11-02", "facts": {}}


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found_:
        yield found_


def added(cast: Cast, case_id: UUID, asked: dict[str, Any] = DEP) -> UUID:
    two = (cast["caseworker"].person_id, cast["coordinator"].person_id)
    with transaction():
        return deadlines.add(cast["caseworker"], case_id, uuid4(), asked, *two)


def desk_of(actor: Actor) -> desk.Desk:
    with transaction():
        return desk.my_desk(actor, "en")


def touched(actor: Actor) -> list[UUID]:
    with transaction():
        return [line.id for line in agenda.agenda(actor, whose="touched").lines]


def card(cast: Cast, case_id: UUID, deadline_id: UUID, by: str = "caseworker") -> OpenDeadline:
    with transaction():
        return next(one for one in files.open_case(cast[by], case_id).deadlines if one.id == deadline_id)


def with_lawyer(cast: Cast, **changes: Any) -> UUID:
    case_id = cast.record(**changes)
    cast.assign(case_id)
    return case_id


def test_it_comes_to_the_desk_of_whoever_works_on_the_case(cast: Cast) -> None:
    theirs, case_id = found(cast.app, "YAD"), cast.record()
    deadline_id, untouched = added(cast, case_id), added(cast, case_id, OTHER)
    elsewhere = cast.record()
    added(cast, elsewhere, OTHER)
    assert desk_of(cast["caseworker"]).touched == 0
    signed(cast, proposed(cast, "rules", longer()))
    for name in ("lawyer", "manager"):
        assert desk_of(cast[name]).touched == 0  # they hold no key of it
    shown = desk_of(cast["caseworker"])
    assert (shown.touched, shown.due_orders) == (1, [])
    assert desk_of(cast["coordinator"]).touched == 1
    assert desk_of(cast["colleague"]).touched == 0
    assert desk_of(theirs["coordinator"]).touched == 0
    assert touched(cast["caseworker"]) == touched(cast["coordinator"]) == [deadline_id]
    here = card(cast, case_id, deadline_id)
    assert here.safe == dt.date(2026, 11, 9)
    assert here.counted_anew
    assert here.counted_anew.safe == dt.date(2026, 11, 12)
    assert card(cast, case_id, untouched).version == 1  # a form that somebody has open still saves


def test_taken_back_it_touches_nothing_any_more(cast: Cast) -> None:
    deadline_id = added(cast, cast.record())
    change = proposed(cast, "rules", longer())
    signed(cast, change)
    assert (desk_of(cast["caseworker"]).touched, touched(cast["caseworker"])) == (1, [deadline_id])
    with transaction():
        law.withdraw(cast["lawyer"], change, 2, "mistaken")
    assert desk_of(cast["caseworker"]).touched == 0


def test_a_signature_alone_counts_nothing_anew(cast: Cast) -> None:
    added(cast, cast.record())
    with transaction():
        law.sign_off(cast["lawyer"], uuid4(), "rules", "LA_OBJ 2011-10-01")
    assert db.session.scalars(select(Order.id).where(Order.kind == "recount_due")).all() == []
    db.session.rollback()


def test_a_lawyer_decides_that_it_stays_and_the_next_change_asks_again(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    assert desk_of(cast["lawyer"]).touched == 1
    with transaction():
        assert deadlines.move(cast["lawyer"], case_id, deadline_id, 2, dt.date(2026, 11, 9), "Eski kural")
    assert desk_of(cast["lawyer"]).touched == desk_of(cast["caseworker"]).touched == 0
    here = card(cast, case_id, deadline_id)
    assert (here.safe, here.counted_anew) == (dt.date(2026, 11, 9), None)
    assert here.counted
    assert here.counted.safe == dt.date(2026, 11, 12)
    signed(cast, proposed(cast, "rules", longer(12, "2026-11-02")))
    assert desk_of(cast["lawyer"]).touched == 1  # one that was moved is touched too


def test_of_the_highest_urgency_two_people_decide(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U0")
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    assert desk_of(cast["caseworker"]).touched == 1
    with transaction():
        assert not deadlines.move(cast["lawyer"], case_id, deadline_id, 2, dt.date(2099, 1, 1), "Yeni kural")
    assert desk_of(cast["caseworker"]).touched == 1
    with transaction():
        deadlines.confirm(cast["coordinator"], case_id, deadline_id, 3, yes=True)
    assert desk_of(cast["caseworker"]).touched == 0


def test_a_later_reading_that_changes_alone_touches_it_too(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id, {"rule": "IST_ADM", "served_on": "2026-06-25", "facts": {}})
    recess = base("courts", code="ADM-01")
    asked = {"rule": "ADM60", "served_on": "2026-06-01", "facts": {"court": "ADM-01"}}
    other = added(cast, case_id, asked)
    before = card(cast, case_id, other)
    signed(cast, proposed(cast, "courts", recess | {"has_recess": "no", "source": "İYUK 61/1"}))
    assert desk_of(cast["caseworker"]).touched == 1
    after = card(cast, case_id, other)
    assert after.counted_anew
    assert before.counted
    assert after.counted_anew.safe == before.counted.safe
    assert after.counted_anew.latest < before.counted.latest
    assert not card(cast, case_id, deadline_id).touched


def test_met_and_watched_again_it_is_counted_anew(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id)
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, "UYAP 1", dt.date(2026, 11, 3))
    signed(cast, proposed(cast, "rules", longer()))
    assert desk_of(cast["caseworker"]).touched == 0
    with transaction():
        deadlines.reopen(cast["caseworker"], case_id, deadline_id, 2, "Yanlış dosya")
    assert desk_of(cast["caseworker"]).touched == 1


def test_the_mark_is_not_wiped_off_in_the_database(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    assert desk_of(cast["caseworker"]).touched == 1
    with transaction():
        db.session.execute(update(Deadline).values(touched=False))
    with pytest.raises(Tampered):
        card(cast, case_id, deadline_id)
    db.session.rollback()


def test_what_a_desk_has_no_time_for_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(3):
        added(cast, cast.record())
    signed(cast, proposed(cast, "rules", longer()))
    monkeypatch.setattr(desk, "MOMENT", 0)
    assert desk_of(cast["caseworker"]).due_orders == ["recount_due"]
    with transaction():
        assert orders.carry_out(cast["caseworker"]) == 0
    assert desk_of(cast["caseworker"]).touched == 3
