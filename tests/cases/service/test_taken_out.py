"""What was entered by mistake is taken out: by a lawyer, or by a coordinator where none works on the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from cases import tasks
from cases.models import CaseMember
from cases.service import coming, deadlines, files, members, reminders, timeline
from cases.service.views import OpenDeadline
from core import clock as times
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.clock import ISTANBUL
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.service.test_reminders import SERVED
from tests.support.cast import Cast, on_stage
from tests.support.clock import FrozenClock
from tests.support.mailing import Letterbox
from tests.support.racing import Race

WRONG = "Başka kişinin kararı bu dosyaya girilmiş"


@pytest.fixture
def cast(app: Flask, clock: FrozenClock) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def add(cast: Cast, case_id: UUID, *two: str) -> UUID:
    responsible, second = (cast[name].person_id for name in two or ("caseworker", "coordinator"))
    with transaction():
        return deadlines.add(cast["caseworker"], case_id, uuid4(), SERVED, responsible, second)


def take_out(
    cast: Cast, by: str, case_id: UUID, deadline_id: UUID, version: int = 1, why: str = WRONG
) -> bool:
    with transaction():
        return deadlines.move(cast[by], case_id, deadline_id, version, None, why)


def card(cast: Cast, case_id: UUID) -> OpenDeadline:
    with transaction():
        [found] = files.open_case(cast["caseworker"], case_id).deadlines
    return found


def on_desk(cast: Cast, name: str) -> list[tuple[UUID, bool, bool]]:
    found = [(line.id, bool(line.told), bool(line.gone)) for line in coming.coming(cast[name], 20)]
    db.session.rollback()
    return found


def test_a_coordinator_takes_it_out_where_no_lawyer_works(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)
    with pytest.raises(DomainError) as silent:
        take_out(cast, "coordinator", case_id, deadline_id, why=" ")
    assert silent.value.field == "reason"
    for by, why in (("caseworker", Refused), ("manager", Refused), ("lawyer", NotFound)):
        with pytest.raises(why):
            take_out(cast, by, case_id, deadline_id)
    with pytest.raises(Refused), transaction():  # another day is for lawyers, whoever works on the case
        deadlines.move(cast["coordinator"], case_id, deadline_id, 1, dt.date(2026, 11, 30), WRONG)
    assert take_out(cast, "coordinator", case_id, deadline_id)
    assert take_out(cast, "coordinator", case_id, deadline_id)  # a double click
    with pytest.raises(Conflict):
        take_out(cast, "coordinator", case_id, deadline_id, why="Başka bir neden")
    found = card(cast, case_id)
    assert (found.state, found.moves[0].reason, found.moves[0].by) == ("dropped", WRONG, "Kişi coordinator")
    with transaction():
        entries = files.open_case(cast["caseworker"], case_id).entries
        acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.object_id == case_id)).all()
    [line] = [one for one in entries if one.data.get("change") == "dropped"]
    assert (line.kind, line.text, line.author_name) == ("deadline", WRONG, "Kişi coordinator")
    assert acts.count("case.deadline") == 2  # added, taken out


def test_where_a_lawyer_works_the_lawyer_decides(cast: Cast) -> None:
    """As the lawyer of the case, which is whoever accepted it: not somebody who was certified as one too."""
    case_id = cast.record()
    cast.assign(case_id)
    deadline_id, later = add(cast, case_id), add(cast, case_id)
    with pytest.raises(NotFound):
        take_out(cast, "coordinator", case_id, deadline_id)
    with transaction():
        member = db.session.get_one(CaseMember, (case_id, cast["lawyer"].person_id))
        member.until = times.now() - dt.timedelta(minutes=1)
    assert take_out(cast, "coordinator", case_id, deadline_id)  # access that has run out is none
    with transaction():
        db.session.get_one(CaseMember, (case_id, cast["lawyer"].person_id)).until = None
        lawyer = db.session.get_one(Person, cast["lawyer"].person_id)
        lawyer.state = "departed"
    assert take_out(cast, "coordinator", case_id, later)  # whoever has left decides nothing
    cast.join("both", Role.CASEWORKER, Role.LAWYER)
    other = cast.record("both")
    with transaction():
        members.add(cast["both"], other, cast["caseworker"].person_id)
    assert take_out(cast, "coordinator", other, add(cast, other))


def test_a_restricted_case_is_not_there_for_a_coordinator_whom_it_does_not_name(cast: Cast) -> None:
    named = [cast["colleague"].person_id]
    case_id = cast.record(restricted=True, named=named)
    deadline_id = add(cast, case_id, "caseworker", "colleague")
    with pytest.raises(NotFound):
        take_out(cast, "coordinator", case_id, deadline_id)


def test_in_u0_a_second_person_confirms_it(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    deadline_id = add(cast, case_id)
    assert not take_out(cast, "coordinator", case_id, deadline_id)
    found = card(cast, case_id)
    assert (found.state, found.proposed is not None) == ("open", True)
    with pytest.raises(DomainError), transaction():
        deadlines.confirm(cast["coordinator"], case_id, deadline_id, 2, yes=True)
    assert [line.confirm for line in coming.coming(cast["caseworker"], 20)] == [True]
    db.session.rollback()
    with transaction():
        deadlines.confirm(cast["caseworker"], case_id, deadline_id, 2, yes=True)
    found = card(cast, case_id)
    assert (found.state, found.moves[0].confirmed_by) == ("dropped", "Kişi caseworker")
    assert on_desk(cast, "coordinator") == [(deadline_id, True, True)]  # that it was confirmed
    assert on_desk(cast, "caseworker") == []


def test_the_two_who_watched_it_are_told_until_they_have_seen_it(cast: Cast, clock: FrozenClock) -> None:
    post, case_id = Letterbox(cast.app), cast.record()
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    deadline_id = add(cast, case_id, "caseworker", "colleague")
    clock.set(dt.datetime(2026, 11, 13, 8, tzinfo=ISTANBUL))
    tasks.remind()  # written for three people, and not sent yet
    take_out(cast, "coordinator", case_id, deadline_id)
    for _ in range(2):
        tasks.remind()
        tasks.send_letters()
    assert post.receivers == ["caseworker", "colleague"]  # nothing leaves any more but that it is gone
    assert "HAM-" not in post.taken[0].text
    for name in ("caseworker", "colleague"):
        assert on_desk(cast, name) == [(deadline_id, True, True)]
        with transaction():
            reminders.see(cast[name], case_id, deadline_id)
        assert on_desk(cast, name) == []
    assert on_desk(cast, "coordinator") == on_desk(cast, "lawyer") == []
    clock.advance(days=5)
    tasks.remind()
    tasks.send_letters()
    assert len(post.taken) == 2


def test_who_may_not_open_the_case_any_more_is_told_nothing(cast: Cast) -> None:
    post, case_id = Letterbox(cast.app), cast.record()
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    deadline_id = add(cast, case_id, "caseworker", "colleague")
    with transaction():
        members.remove(cast["caseworker"], case_id, cast["colleague"].person_id)
    take_out(cast, "coordinator", case_id, deadline_id)
    tasks.send_letters()
    assert post.receivers == ["caseworker"]
    assert on_desk(cast, "colleague") == []


@pytest.mark.parametrize("race", [pytest.param("postgres-commit", marks=pytest.mark.postgres)], indirect=True)
def test_two_coordinators_at_the_same_moment_take_it_out_once(race: Race) -> None:
    with on_stage(race.app) as cast:
        cast.join("second", Role.COORDINATOR)
        cast.hand_over()
        case_id = cast.record()
        deadline_id = add(cast, case_id)

    def act(name: str) -> bool:
        return deadlines.move(cast[name], case_id, deadline_id, 1, None, WRONG)

    answers = race.run(lambda: act("coordinator"), lambda: act("second"))
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "bool"]
    with race.app.app_context():
        assert on_desk(cast, "caseworker") == [(deadline_id, True, True)]


@pytest.mark.parametrize("day", [3, 9])
def test_raising_a_case_to_u0_is_told_at_once(cast: Cast, clock: FrozenClock, day: int) -> None:
    """Not on the next morning: both hear of it within the worker's next round; once."""
    post, case_id = Letterbox(cast.app), cast.record(urgency="U2")
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    add(cast, case_id, "caseworker", "colleague")
    clock.set(dt.datetime(2026, 11, day, 9, tzinfo=ISTANBUL))

    def came_round() -> list[str]:
        for _ in range(2):
            tasks.remind()
            tasks.send_letters()
        return post.receivers

    before = ["caseworker"] if day == 9 else []  # a week before, the responsible person alone
    assert came_round() == before

    def edit(version: int, urgency: str) -> None:
        with transaction():
            files.edit_case(cast["caseworker"], case_id, version, {"next_step": "dava"}, urgency=urgency)

    edit(1, "U2")
    assert came_round() == before
    edit(2, "U0")
    assert came_round() == ["caseworker", "colleague"]
    edit(3, "U2")
    edit(4, "U0")
    assert came_round() == ["caseworker", "colleague"]


def test_what_was_met_late_says_so(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)
    clock.set(dt.datetime(2026, 11, 18, 12, tzinfo=ISTANBUL))
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, "UYAP 1", dt.date(2026, 11, 18))
    late = card(cast, case_id).late
    assert late
    assert (late.days, late.over) == (2, True)
    with transaction():
        entry = files.open_case(cast["caseworker"], case_id).entries[0]
    assert (entry.data["late"], entry.data["over"], entry.data["own"]) == (2, True, False)


def test_a_day_after_the_last_argument_takes_a_lawyer_who_knows_it(cast: Cast) -> None:
    case_id = cast.record()
    cast.assign(case_id)
    deadline_id, later = add(cast, case_id), dt.date(2026, 12, 31)
    with pytest.raises(DomainError) as refused, transaction():
        deadlines.move(cast["lawyer"], case_id, deadline_id, 1, later, "Tebliğ usulsüz")
    assert refused.value.field == "beyond"
    with transaction():
        assert deadlines.move(cast["lawyer"], case_id, deadline_id, 1, later, "Tebliğ usulsüz", beyond=True)
    assert card(cast, case_id).moves[0].beyond


def test_a_first_step_that_was_none_is_owed_again(cast: Cast, clock: FrozenClock) -> None:
    case_id, worker = cast.record(), cast["caseworker"]
    cast.assign(case_id)
    first, second = add(cast, case_id), add(cast, case_id)

    def owed() -> bool:
        with transaction():
            found = files.open_case(worker, case_id).owed
        return "first_step" in {one.clock for one in found}

    def meet(deadline_id: UUID, version: int) -> None:
        with transaction():
            deadlines.meet(worker, case_id, deadline_id, version, "UYAP 12", times.today())

    def reopen(deadline_id: UUID, version: int) -> None:
        with transaction():
            deadlines.reopen(worker, case_id, deadline_id, version, "Yanlış dosya")

    assert owed()
    meet(first, 1)
    assert not owed()
    reopen(first, 2)
    assert owed()
    meet(first, 3)
    clock.advance(days=1)
    meet(second, 1)
    reopen(first, 4)
    assert not owed()  # the other one was met, a day later
    reopen(second, 2)
    assert owed()
    with transaction():
        timeline.add_note(cast["lawyer"], case_id, "step", "Dilekçe verildi", uuid4())
    meet(second, 3)
    reopen(second, 4)
    assert not owed()
