"""A lawyer with a power of attorney gives a case up: readable until a successor, or the end of the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import Case, CaseGrant, CaseMember
from cases.service import (
    assignment,
    files,
    keys,
    matters,
    members,
    orders,
    progress,
    timeline,
    withdrawing,
)
from core import clock
from core.access.permissions import Role
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from domain.lifecycle import State
from tests.attacks.test_03_departed import keep_key, opens
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def reads(cast: Cast, name: str, case_id: UUID) -> bool:
    try:
        with transaction():
            return files.open_case(cast[name], case_id).id == case_id
    except (NotFound, Locked):
        return False


def state(case_id: UUID) -> str:
    found = db.session.get_one(Case, case_id, populate_existing=True).state
    db.session.rollback()
    return found


def with_power(cast: Cast) -> UUID:
    """A case whose lawyer holds a power of attorney."""
    case_id, lawyer = cast.record(), cast["lawyer"]
    cast.assign(case_id)
    given = {"result": "given", "on": "2026-01-05", "lawyer": str(lawyer.person_id)}
    with transaction():
        matters.add(lawyer, case_id, "power", given, uuid4())
    return case_id


def gives_up(cast: Cast, case_id: UUID, notice_on: dt.date | None = None) -> None:
    with transaction():
        assert members.step_off(cast["lawyer"], case_id, "Sağlık", power=True, notice_on=notice_on)


def write(cast: Cast, case_id: UUID) -> None:
    with transaction():
        timeline.add_note(cast["caseworker"], case_id, "note", "sonradan yazıldı", uuid4())


def test_without_a_power_the_key_goes_at_once(cast: Cast) -> None:
    case_id = cast.record()
    cast.assign(case_id)
    with transaction():
        assert not members.step_off(cast["lawyer"], case_id, "Sağlık")
    assert not reads(cast, "lawyer", case_id)
    assert state(case_id) == State.OPEN


def test_a_recorded_power_is_not_denied(cast: Cast) -> None:
    case_id = with_power(cast)
    with pytest.raises(DomainError) as refused, transaction():
        members.step_off(cast["lawyer"], case_id, "Sağlık")
    assert refused.value.field == "power"


def test_a_successor_who_accepts_ends_it_and_the_old_key_opens_nothing_new(cast: Cast) -> None:
    """Attack 3: old secret, kept key, kept grant, against what is written afterwards."""
    cast.join("second_lawyer", Role.LAWYER)
    case_id = with_power(cast)
    gives_up(cast, case_id)
    assert state(case_id) == State.OPEN
    kept = keep_key(cast, "lawyer", case_id)
    write(cast, case_id)
    assert reads(cast, "lawyer", case_id)  # who answers for it reads on
    with transaction():
        version = db.session.get_one(Case, case_id).version
        offered = assignment.offer(cast["coordinator"], case_id, version, cast["second_lawyer"].person_id)
    assert reads(cast, "lawyer", case_id)
    with transaction():
        assignment.accept(cast["second_lawyer"], offered)
    write(cast, case_id)
    assert reads(cast, "lawyer", case_id)  # nobody else stands for the client yet
    row = db.session.get_one(CaseMember, (case_id, cast["lawyer"].person_id))
    assert row.until is not None  # and not for longer than fifteen days
    db.session.rollback()
    given = {"result": "given", "on": "2026-01-05", "lawyer": str(cast["second_lawyer"].person_id)}
    with transaction():
        matters.add(cast["second_lawyer"], case_id, "power", given, uuid4())
    write(cast, case_id)
    assert not reads(cast, "lawyer", case_id)
    assert not opens(kept, case_id)
    assert reads(cast, "second_lawyer", case_id)
    assert state(case_id) == State.IN_PROGRESS
    with transaction():
        lines = files.open_case(cast["caseworker"], case_id).entries
    assert [one.data["change"] for one in lines if one.kind == "member"] == ["succeeded", "withdrawing"]


def test_fifteen_days_after_the_notice_it_is_over(cast: Cast, clock: FrozenClock) -> None:
    case_id = with_power(cast)
    gives_up(cast, case_id)
    clock.advance(days=40)
    with transaction():
        assert members.expire() == 0  # without a notice no time runs
    notice_on = clock.instant.date() - dt.timedelta(days=1)
    with transaction():
        members.notified(cast["lawyer"], case_id, cast["lawyer"].person_id, notice_on)
    kept = keep_key(cast, "lawyer", case_id)
    clock.advance(days=13)
    assert reads(cast, "lawyer", case_id)
    clock.advance(days=10)
    assert not reads(cast, "lawyer", case_id)  # at the instant, before the worker comes round
    with transaction():
        assert members.expire() == 1
    with transaction():
        assert members.expire() == 0
    with transaction():
        assert orders.carry_out(cast["caseworker"], 30) == 0
    write(cast, case_id)
    assert not opens(kept, case_id)
    with transaction():
        assert db.session.query(CaseGrant).filter_by(holder_id=cast["lawyer"].person_id).count() == 0


def test_a_notice_of_long_ago_leaves_no_time(cast: Cast) -> None:
    case_id = with_power(cast)
    gives_up(cast, case_id)
    long_ago = clock.today() - dt.timedelta(days=60)
    with pytest.raises(DomainError), transaction():
        members.notified(
            cast["lawyer"], case_id, cast["lawyer"].person_id, clock.today() + dt.timedelta(days=1)
        )
    with transaction():
        members.notified(cast["lawyer"], case_id, cast["lawyer"].person_id, long_ago)
    assert not reads(cast, "lawyer", case_id)
    other = with_power(cast)
    with transaction():
        assert not members.step_off(cast["lawyer"], other, "Sağlık", power=True, notice_on=long_ago)
    assert not reads(cast, "lawyer", other)


def test_a_coordinator_cuts_it_at_once_for_a_reason_of_the_list(cast: Cast) -> None:
    case_id, lawyer = with_power(cast), cast["lawyer"].person_id
    with pytest.raises(DomainError), transaction():
        members.remove(cast["caseworker"], case_id, lawyer, why="conflict", reason="Karşı tarafın vekili")
    gives_up(cast, case_id)
    kept = keep_key(cast, "lawyer", case_id)
    for why, reason in (("", "Neden"), ("moved", "Neden"), ("conflict", " ")):
        with pytest.raises(DomainError), transaction():
            members.remove(cast["coordinator"], case_id, lawyer, why=why, reason=reason)
    with transaction():
        members.remove(cast["coordinator"], case_id, lawyer, why="conflict", reason="Karşı tarafın vekili")
    write(cast, case_id)
    assert not reads(cast, "lawyer", case_id)
    assert not opens(kept, case_id)
    with transaction():
        [cut, _began] = [
            one for one in files.open_case(cast["caseworker"], case_id).entries if one.kind == "member"
        ]
    assert (cut.data["cut"], cut.text) == ("conflict", "Karşı tarafın vekili")


def test_giving_up_twice_is_once_and_coming_back_begins_anew(cast: Cast) -> None:
    case_id = with_power(cast)
    gives_up(cast, case_id)
    gives_up(cast, case_id)
    with transaction():
        assert (
            len([one for one in files.open_case(cast["lawyer"], case_id).entries if one.kind == "member"])
            == 1
        )
        members.remove(
            cast["coordinator"], case_id, cast["lawyer"].person_id, why="misconduct", reason="Ücret istedi"
        )
    cast.assign(case_id)
    row = db.session.get_one(CaseMember, (case_id, cast["lawyer"].person_id))
    assert (row.withdrawing_since, row.until, row.ended_at) == (None, None, None)
    with transaction():
        assert keys.held(cast["lawyer"], db.session.get_one(Case, case_id)) is not None


def test_nobody_gives_themselves_more_time_by_a_later_notice(cast: Cast, clock: FrozenClock) -> None:
    case_id, lawyer = with_power(cast), cast["lawyer"].person_id
    gives_up(cast, case_id, clock.instant.date() - dt.timedelta(days=5))

    def tells(name: str, days_ago: int, reason: str = "") -> None:
        with transaction():
            on = clock.instant.date() - dt.timedelta(days=days_ago)
            members.notified(cast[name], case_id, lawyer, on, reason)

    for name, reason in (("lawyer", "Neden"), ("caseworker", "Neden"), ("coordinator", " ")):
        with pytest.raises(DomainError):
            tells(name, 1, reason)
    tells("lawyer", 9)  # earlier is always possible
    with transaction():
        until = db.session.get_one(CaseMember, (case_id, lawyer)).until
    tells("coordinator", 1, "Tebligat geri geldi")
    with transaction():
        later = db.session.get_one(CaseMember, (case_id, lawyer), populate_existing=True).until
        assert later is not None
        assert until is not None
        assert later > until
        lines = files.open_case(cast["caseworker"], case_id).entries
    assert [one.text for one in lines if one.data.get("change") == "notified" and one.text] == [
        "Tebligat geri geldi"
    ]


def left(cast: Cast, case_id: UUID, name: str = "lawyer") -> CaseMember:
    row = db.session.get_one(CaseMember, (case_id, cast[name].person_id), populate_existing=True)
    db.session.rollback()
    return row


def test_another_lawyer_without_a_power_does_not_end_it_at_once(cast: Cast, clock: FrozenClock) -> None:
    case_id = with_power(cast)
    with transaction():
        version = db.session.get_one(Case, case_id).version
        progress.move(cast["coordinator"], case_id, version, "open", reason="ikinci avukat")
    cast.assign(case_id, "other_lawyer")
    gives_up(cast, case_id)
    assert reads(cast, "lawyer", case_id)
    assert state(case_id) == State.IN_PROGRESS
    clock.advance(days=30)  # nor for ever: the other one may never need a power
    assert not reads(cast, "lawyer", case_id)


def test_whoever_gives_a_restricted_file_up_is_none_of_its_two_people(cast: Cast) -> None:
    case_id = cast.record("coordinator", restricted=True, named=[cast["caseworker"].person_id])
    cast.assign(case_id)
    given = {"result": "given", "on": "2026-01-05", "lawyer": str(cast["lawyer"].person_id)}
    with transaction():
        matters.add(cast["lawyer"], case_id, "power", given, uuid4())
    gives_up(cast, case_id)
    with pytest.raises(DomainError), transaction():
        members.step_off(cast["caseworker"], case_id, "Başka bir büro")
    other = with_power(cast)
    gives_up(cast, other)
    with pytest.raises(DomainError), transaction():
        members.restrict(cast["coordinator"], other, [cast["lawyer"].person_id])


def test_a_power_that_is_only_said_to_be_held_keeps_nothing_open_for_ever(
    cast: Cast, clock: FrozenClock
) -> None:
    case_id, other = cast.record(), with_power(cast)
    cast.assign(case_id)
    for one in (case_id, other):
        gives_up(cast, one)

    def missing(name: str) -> list[tuple[UUID, bool]]:
        with transaction():
            return [(one.case_id, one.mine) for one in withdrawing.unnoticed(cast[name], 20)]

    assert left(cast, other).until is None
    assert missing("lawyer") == [(other, True)]
    assert missing("coordinator") == [(other, False)]
    assert missing("other_lawyer") == []
    with transaction():  # a power that is taken out was a mistake
        [power] = files.open_case(cast["caseworker"], other).matters["power"]
        matters.take_out(cast["caseworker"], other, power, power.version, uuid4())
    assert missing("lawyer") == missing("coordinator") == []
    clock.advance(days=30)
    for one in (case_id, other):
        assert not reads(cast, "lawyer", one)


def test_who_cannot_look_for_a_power_says_why_of_every_lawyer(cast: Cast) -> None:
    case_id, lawyer = with_power(cast), cast["lawyer"].person_id
    cast.join("fresh", Role.COORDINATOR)  # whom nobody has given the key yet
    for why, reason in (("", ""), ("conflict", " ")):
        with pytest.raises(DomainError), transaction():
            members.remove(cast["fresh"], case_id, lawyer, why=why, reason=reason)
    assert reads(cast, "lawyer", case_id)
    with transaction():
        members.remove(cast["fresh"], case_id, lawyer, why="conflict", reason="Karşı tarafın vekili")
    assert not reads(cast, "lawyer", case_id)
