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
from cases.service import agenda, deadlines, due, files, law, orders
from cases.service.views import OpenDeadline
from core import clock
from core.access.actors import Actor
from core.audit.models import AuditEntry
from core.errors import Conflict
from core.store.base import db
from core.store.transaction import transaction
from desk import service as desk
from tests.cases.service.test_law import base, longer, proposed, signed
from tests.support.cast import Cast, found, on_stage
from tests.support.racing import Race

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


def _moved(cast: Cast, case_id: UUID, deadline_id: UUID, to: dt.date, reason: str) -> bool:
    """Inside a transaction, by a lawyer who has just looked."""
    here = next(one for one in files.open_case(cast["lawyer"], case_id).deadlines if one.id == deadline_id)
    return deadlines.move(
        cast["lawyer"], case_id, deadline_id, here.version, to, reason, law=here.law, beyond=True
    )


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
        assert _moved(cast, case_id, deadline_id, dt.date(2026, 11, 9), "Eski kural")
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
        assert not _moved(cast, case_id, deadline_id, dt.date(2099, 1, 1), "Yeni kural")
    assert desk_of(cast["caseworker"]).touched == 1
    with transaction():
        deadlines.confirm(cast["coordinator"], case_id, deadline_id, 2, yes=True)
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


def test_with_the_mark_wiped_off_its_page_still_says_so(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    assert desk_of(cast["caseworker"]).touched == 1
    with transaction():
        db.session.execute(update(Deadline).values(touched=False))
    assert card(cast, case_id, deadline_id).touched


def test_an_earlier_safe_date_holds_at_once_and_is_told(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    moved = added(cast, case_id, DEP | {"served_on": "2026-11-03"})
    with transaction():
        deadlines.move(cast["lawyer"], case_id, moved, 1, dt.date(2099, 1, 1), "Tebliğ usulsüz", beyond=True)
    signed(cast, proposed(cast, "rules", longer(4)))
    assert desk_of(cast["caseworker"]).touched == 2
    here = card(cast, case_id, deadline_id)
    assert (here.safe, here.touched) == (dt.date(2026, 11, 6), True)
    assert card(cast, case_id, moved).safe == dt.date(2099, 1, 1)  # what a lawyer decided, a lawyer changes
    signed(cast, proposed(cast, "rules", longer(3, "2026-11-02")))
    desk_of(cast["caseworker"])
    here = card(cast, case_id, deadline_id)
    assert (here.safe, here.touched) == (dt.date(2026, 11, 5), True)
    with transaction():
        lines = files.open_case(cast["caseworker"], case_id).entries
        assert db.session.get_one(Deadline, deadline_id).safe_on == dt.date(2026, 11, 5)
    by_law = [line for line in lines if line.kind == "deadline" and line.data["change"] == "law"]
    assert [line.author_name for line in by_law] == ["", ""]
    assert [(move.to, move.by_id) for move in here.moves] == [
        (dt.date(2026, 11, 6), None),
        (dt.date(2026, 11, 5), None),
    ]


def test_what_a_change_of_law_does_is_nobodys_act(cast: Cast) -> None:
    """Whoever opens the desk only holds the key: neither the chain nor the card says that they decided."""
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    assert not card(cast, case_id, deadline_id).taken
    signed(cast, proposed(cast, "rules", longer(4)))
    desk_of(cast["caseworker"])
    with transaction():
        acts = db.session.execute(select(AuditEntry.act, AuditEntry.actor_id, AuditEntry.object_id)).all()
        assert [(one.actor_id, one.object_id) for one in acts if one.act == "case.recount"] == [
            (None, case_id)
        ]
        assert db.session.scalar(select(Order.done_by)) == cast["caseworker"].person_id
    here = card(cast, case_id, deadline_id)
    assert (here.taken, here.by) == (True, "Kişi caseworker")
    with transaction():
        _moved(cast, case_id, deadline_id, dt.date(2099, 1, 1), "Tebliğ usulsüz")
    here = card(cast, case_id, deadline_id)
    assert (here.taken, here.by) == (False, "Kişi lawyer")  # by whose look at the new law it now stands
    assert [move.by for move in here.moves] == ["", "Kişi lawyer"]


def test_what_was_proposed_before_a_change_is_not_confirmed_after_it(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U0")
    deadline_id = added(cast, case_id)
    with transaction():
        deadlines.move(
            cast["lawyer"], case_id, deadline_id, 1, dt.date(2099, 1, 1), "Tebliğ usulsüz", beyond=True
        )
    signed(cast, proposed(cast, "rules", longer(4)))
    for looked in (False, True):  # nobody has counted yet; then somebody has
        if looked:
            desk_of(cast["caseworker"])
        version = card(cast, case_id, deadline_id).version
        with pytest.raises(Conflict), transaction():
            deadlines.confirm(cast["coordinator"], case_id, deadline_id, version, yes=True)
    assert card(cast, case_id, deadline_id).safe == dt.date(2026, 11, 6)


def test_watched_again_it_takes_the_earlier_date(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id)
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, "UYAP 1", dt.date(2026, 11, 3))
    signed(cast, proposed(cast, "rules", longer(4)))
    with transaction():
        deadlines.reopen(cast["caseworker"], case_id, deadline_id, 2, "Yanlış dosya")
    here = card(cast, case_id, deadline_id)
    assert (here.safe, here.touched) == (dt.date(2026, 11, 6), True)


def test_a_date_that_stayed_still_takes_an_earlier_one(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    with transaction():
        _moved(cast, case_id, deadline_id, dt.date(2026, 11, 9), "Eski kural geçerli")
    signed(cast, proposed(cast, "rules", longer(3, "2026-11-02")))
    desk_of(cast["caseworker"])
    here = card(cast, case_id, deadline_id)
    assert (here.safe, here.touched) == (dt.date(2026, 11, 5), True)


def test_an_earlier_date_of_a_law_that_was_taken_back_is_asked_about(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    change = proposed(cast, "rules", longer(4))
    signed(cast, change)
    desk_of(cast["caseworker"])
    with transaction():
        law.withdraw(cast["lawyer"], change, 2, "mistaken")
    assert desk_of(cast["caseworker"]).touched == 1
    here = card(cast, case_id, deadline_id)
    assert here.counted_anew
    assert (here.safe, here.counted_anew.safe) == (dt.date(2026, 11, 6), dt.date(2026, 11, 9))
    with transaction():
        _moved(cast, case_id, deadline_id, dt.date(2099, 1, 1), "Geri alındı")
    assert desk_of(cast["caseworker"]).touched == 0


def test_hours_that_become_days_stop_no_desk(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = added(cast, case_id, {"rule": "BREACH", "served_on": "2026-11-02T10:00", "facts": {}})
    days = base("rules", code="BREACH") | {"valid_from": "2026-01-01", "n": "2", "unit": "day", "source": "x"}
    signed(cast, proposed(cast, "rules", days))
    desk_of(cast["caseworker"])
    assert card(cast, case_id, deadline_id).safe == dt.date(2026, 11, 4)


def test_nobody_decides_about_a_change_that_they_have_not_seen(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    seen = card(cast, case_id, deadline_id).law
    signed(cast, proposed(cast, "rules", longer(12, "2026-11-02")))
    stays = dt.date(2026, 11, 9)
    for law_ in ("", seen):
        with pytest.raises(Conflict), transaction():
            deadlines.move(
                cast["lawyer"], case_id, deadline_id, 1, stays, "Eski kural", law=law_, beyond=True
            )
    assert desk_of(cast["lawyer"]).touched == 1


def test_of_a_date_that_is_over_two_people_may_still_say_that_it_stays(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U0")
    deadline_id = added(cast, case_id)
    signed(cast, proposed(cast, "rules", longer()))
    with clock.at(dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC)):
        here = card(cast, case_id, deadline_id)
        with transaction():
            deadlines.move(
                cast["lawyer"],
                case_id,
                deadline_id,
                here.version,
                here.safe,
                "Uygulanmaz",
                law=here.law,
                beyond=True,
            )
        with transaction():
            deadlines.confirm(cast["coordinator"], case_id, deadline_id, here.version + 1, yes=True)
        assert not card(cast, case_id, deadline_id).touched


def test_other_tables_of_the_product_count_anew_once(cast: Cast) -> None:
    added(cast, cast.record())
    changed = []
    for digest in (b"one", b"one", b"two", b"two"):
        with transaction():
            changed.append(due.files_changed(digest))
    assert changed == [True, False, True, False]
    assert db.session.scalars(select(Order.kind)).all().count("recount_due") == 1
    db.session.rollback()


@pytest.mark.parametrize("race", [pytest.param("postgres-commit", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("counts", [True, False])
def test_what_is_signed_while_somebody_counts_is_counted_too(race: Race, *, counts: bool) -> None:
    """Whoever counts by the law before is waited for; what they leave is then ordered anew."""
    with on_stage(race.app) as cast:
        case_id = cast.record()
        first, second = proposed(cast, "rules", longer()), proposed(cast, "rules", longer(12, "2026-11-02"))
        if counts:
            added(cast, case_id)
            signed(cast, first)
    two = (cast["caseworker"].person_id, cast["coordinator"].person_id)

    def act() -> object:
        if counts:
            return orders.carry_out(cast["caseworker"], kind="recount_due")
        return deadlines.add(cast["caseworker"], case_id, uuid4(), DEP, *two)

    race.run(act, lambda: law.sign(cast["lawyer"], second if counts else first, 1))
    with race.app.app_context():
        assert desk_of(cast["caseworker"]).touched == 1


def test_what_a_desk_has_no_time_for_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(3):
        added(cast, cast.record())
    signed(cast, proposed(cast, "rules", longer()))
    monkeypatch.setattr(desk, "MOMENT", 0)
    assert desk_of(cast["caseworker"]).due_orders == ["recount_due"]
    with transaction():
        assert orders.carry_out(cast["caseworker"]) == 0
    assert desk_of(cast["caseworker"]).touched == 3


def test_administrative_leave_announced_later_is_said_though_the_dates_stay(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    deadline_id, untouched = added(cast, case_id), added(cast, case_id, OTHER | {"served_on": "2026-11-03"})
    signed(cast, proposed(cast, "closed_offices", {"day": "2026-11-09", "source": "2026/9"}))
    assert desk_of(cast["lawyer"]).touched == 1
    assert touched(cast["lawyer"]) == [deadline_id]
    here = card(cast, case_id, deadline_id)
    assert (here.same_dates, here.safe, here.gone["tr"]) == (True, dt.date(2026, 11, 9), [])
    [(level, text)] = here.added["tr"]
    assert (level, "İdari izin" in text) == ("warning", True)
    assert not card(cast, case_id, untouched).law
    with transaction():
        assert _moved(cast, case_id, deadline_id, dt.date(2026, 11, 9), "Gördük")
    here = card(cast, case_id, deadline_id)
    assert (here.law, desk_of(cast["lawyer"]).touched) == ("", 0)
    assert any("İdari izin" in said for _level, said in here.steps["tr"])
