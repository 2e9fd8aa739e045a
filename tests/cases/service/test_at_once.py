"""Two people at once, or one who clicks twice: nothing is lost, nothing is done twice, nobody sees an error.

On PostgreSQL the sessions meet where it hurts most (tests/support/racing.py); SQLite has one writer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, func, select

import vault
from accounts.models import OrganisationKey
from accounts.service import people
from cases.models import (
    Assignment,
    Case,
    CaseEpoch,
    CaseGrant,
    CaseKeyRing,
    CaseMember,
    Consent,
    Order,
)
from cases.service import assignment, consents, files, members, orders, timeline
from cases.service.views import OpenCase
from core import clock
from core.access.actors import Actor
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.base import Base, db
from core.store.transaction import transaction
from tests.support.cast import CASEWORKER, COORDINATOR, Cast, on_stage, record_of
from tests.support.racing import Race, on_both

ASKED = {"kind": "statistics", "answer": "given", "language": "ar", "how": "spoken"}


@pytest.fixture
def cast(race: Race) -> Iterator[Cast]:
    with on_stage(race.app) as found:
        yield found


def count(table: type[Base], *where: ColumnElement[bool]) -> int:
    found: int = db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    db.session.rollback()
    return found


def opened(actor: Actor, case_id: UUID) -> OpenCase:
    """The case, after its head has been compared with its rows."""
    with transaction():
        return files.open_case(actor, case_id)


def case(case_id: UUID) -> Case:
    found = db.session.get_one(Case, case_id, populate_existing=True)
    db.session.expunge(found)
    db.session.rollback()
    return found


def second_coordinator(cast: Cast) -> Actor:
    actor = cast.join("second_coordinator", COORDINATOR)
    cast.hand_over()
    return actor


def offered(cast: Cast) -> tuple[UUID, UUID]:
    """A case and its open offer to the lawyer."""
    case_id = cast.record()
    with transaction():
        return case_id, assignment.offer(cast["coordinator"], case_id, 1, cast["lawyer"].person_id)


def wraps(case_id: UUID, person_id: UUID) -> int:
    return count(CaseGrant, CaseGrant.case_id == case_id, CaseGrant.holder_id == person_id) + count(
        CaseKeyRing, CaseKeyRing.case_id == case_id, CaseKeyRing.person_id == person_id
    )


def record(cast: Cast, name: str, token: UUID) -> UUID:
    return files.record_case(
        cast[name], record_of(), urgency="U1", restricted=False, named=[], consents=[ASKED], token=token
    )


@on_both
def test_a_form_sent_twice_records_one_case(race: Race, cast: Cast) -> None:
    token = uuid4()
    first, second = race.run(*[lambda: record(cast, "caseworker", token)] * 2)
    assert isinstance(first, UUID)
    assert first == second
    assert (count(Case), count(Consent)) == (1, 1)


@on_both
def test_two_first_cases_get_two_references(race: Race, cast: Cast) -> None:
    made = race.run(lambda: record(cast, "caseworker", uuid4()), lambda: record(cast, "colleague", uuid4()))
    assert sorted(case(case_id).number for case_id in made) == [1, 2]
    assert len({case(case_id).reference for case_id in made}) == 2


@on_both
def test_a_note_sent_twice_is_one_line(race: Race, cast: Cast) -> None:
    case_id, token = cast.record(), uuid4()
    write = lambda: timeline.add_note(cast["caseworker"], case_id, "note", "ملاحظة", token)  # noqa: E731 - the act that is raced, named
    assert race.run(write, write) == [None, None]
    assert [one.text for one in opened(cast["caseworker"], case_id).entries if one.kind == "note"] == [
        "ملاحظة"
    ]


@on_both
def test_two_notes_at_once_are_two_lines(race: Race, cast: Cast) -> None:
    case_id = cast.record()
    came = race.run(
        lambda: timeline.add_note(cast["caseworker"], case_id, "note", "one", uuid4()),
        lambda: timeline.add_note(cast["coordinator"], case_id, "note", "two", uuid4()),
    )
    assert came == [None, None]
    notes = {one.text for one in opened(cast["caseworker"], case_id).entries if one.kind == "note"}
    assert notes == {"one", "two"}


@on_both
def test_a_consent_sent_twice_is_one_answer(race: Race, cast: Cast) -> None:
    case_id, token = cast.record(), uuid4()
    answer = lambda: consents.record_consent(cast["caseworker"], case_id, ASKED, token)  # noqa: E731 - the act that is raced, named
    assert race.run(answer, answer) == [None, None]
    assert count(Consent) == 1
    assert [one.answer for one in opened(cast["caseworker"], case_id).consents] == ["given"]


@on_both
def test_of_two_edits_one_wins_and_the_other_sees_it(race: Race, cast: Cast) -> None:
    case_id = cast.record()

    def edit(name: str, text: str) -> int:
        return files.edit_case(cast[name], case_id, 1, {"narrative": text}, urgency="U1")

    won, lost = race.run(lambda: edit("caseworker", "one"), lambda: edit("coordinator", "two"))
    assert won == 2
    assert isinstance(lost, files.EditConflict)
    assert lost.current.record["narrative"] == "one"
    assert opened(cast["caseworker"], case_id).record["narrative"] == "one"


def test_two_coordinators_offer_the_file_once(race: Race, cast: Cast) -> None:
    other = second_coordinator(cast)
    case_id = cast.record()
    won, lost = race.run(
        lambda: assignment.offer(cast["coordinator"], case_id, 1, cast["lawyer"].person_id),
        lambda: assignment.offer(other, case_id, 1, cast["other_lawyer"].person_id),
    )
    assert isinstance(won, UUID)
    assert isinstance(lost, Conflict)
    assert count(Assignment) == 1
    assert wraps(case_id, cast["other_lawyer"].person_id) == 0


@on_both
def test_a_lawyer_who_accepts_twice_has_the_file(race: Race, cast: Cast) -> None:
    case_id, offer = offered(cast)
    accept = lambda: assignment.accept(cast["lawyer"], offer)  # noqa: E731 - the act that is raced, named
    assert race.run(accept, accept) == [case_id, case_id]
    lines = [one.data.get("change") for one in opened(cast["lawyer"], case_id).entries]
    assert lines.count("accepted") == 1


@pytest.mark.parametrize("accept_first", [True, False])
@pytest.mark.parametrize("against", ["withdraw", "expire", "depart"])
def test_an_offer_is_accepted_or_taken_back(
    race: Race, cast: Cast, against: str, accept_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never half of both, never an error page: whoever comes second is told what happened."""
    case_id, offer = offered(cast)
    lawyer = cast["lawyer"]
    if against == "expire":
        # Accepting begins a moment before the end, the job a moment after.
        end = clock.now() + dt.timedelta(days=40)
        monkeypatch.setattr(clock, "now", lambda: end)
    back = {
        "withdraw": lambda: assignment.withdraw(cast["coordinator"], case_id),
        "expire": assignment.expire,
        "depart": lambda: people.depart(cast["admin"], lawyer.person_id),
    }[against]
    acts = [lambda: assignment.accept(lawyer, offer), back]
    came = race.run(*(acts if accept_first else acts[::-1]))
    accepted, taken = came if accept_first else came[::-1]
    assert not [one for one in came if isinstance(one, Exception) and not isinstance(one, DomainError)]
    state = db.session.get_one(Assignment, offer).state
    db.session.rollback()
    if state == "accepted":
        assert accepted == case_id
        assert isinstance(taken, Conflict)
        assert opened(lawyer, case_id).state == "in_progress"
    else:
        assert case(case_id).state == "open"
        assert wraps(case_id, lawyer.person_id) == 0
        assert taken is None or taken == 1


@pytest.mark.parametrize("remove_first", [True, False])
def test_a_note_is_written_before_the_removal_or_not_at_all(
    race: Race, cast: Cast, remove_first: bool
) -> None:
    case_id = cast.record()
    colleague = cast["colleague"]
    with transaction():
        members.add(cast["coordinator"], case_id, colleague.person_id)
    acts = [
        lambda: members.remove(cast["coordinator"], case_id, colleague.person_id),
        lambda: timeline.add_note(colleague, case_id, "note", "last words", uuid4()),
    ]
    came = race.run(*(acts if remove_first else acts[::-1]))
    removed, written = came if remove_first else came[::-1]
    assert removed is True
    assert wraps(case_id, colleague.person_id) == 0
    assert written is None or isinstance(written, NotFound | Locked)
    notes = [one for one in opened(cast["caseworker"], case_id).entries if one.kind == "note"]
    assert len(notes) == (written is None)


def test_who_is_removed_at_that_moment_brings_nobody_in(race: Race, cast: Cast) -> None:
    """The order to put a friend on the case would be carried out by an honest colleague later."""
    case_id = cast.record()
    colleague, friend = cast["colleague"], cast["other_lawyer"]
    with transaction():
        members.add(cast["coordinator"], case_id, colleague.person_id)
    removed, added = race.run(
        lambda: members.remove(cast["coordinator"], case_id, colleague.person_id),
        lambda: members.add(colleague, case_id, friend.person_id),
    )
    assert removed is True
    assert added is None or isinstance(added, NotFound)
    with transaction():
        orders.carry_out(cast["coordinator"], 30)
    present = count(CaseMember, CaseMember.person_id == friend.person_id)
    assert present == (added is None and race.meet == "lock")


def test_two_coordinators_remove_somebody_once(race: Race, cast: Cast) -> None:
    other = second_coordinator(cast)
    case_id = cast.record()
    with transaction():
        members.add(cast["coordinator"], case_id, cast["colleague"].person_id)
    came = race.run(
        lambda: members.remove(cast["coordinator"], case_id, cast["colleague"].person_id),
        lambda: members.remove(other, case_id, cast["colleague"].person_id),
    )
    assert sorted(came, key=str) == [False, True]
    assert case(case_id).epoch == 2
    assert opened(cast["caseworker"], case_id).members


def test_two_coordinators_add_somebody_once(race: Race, cast: Cast) -> None:
    other = second_coordinator(cast)
    case_id = cast.record()
    came = race.run(
        lambda: members.add(cast["coordinator"], case_id, cast["colleague"].person_id),
        lambda: members.add(other, case_id, cast["colleague"].person_id),
    )
    assert came == [None, None]
    lines = [one.data.get("change") for one in opened(cast["colleague"], case_id).entries]
    assert lines.count("added") == 1


def test_writing_while_the_own_account_ends_harms_neither(race: Race, cast: Cast) -> None:
    case_id = cast.record()
    colleague = cast["colleague"]
    with transaction():
        members.add(cast["coordinator"], case_id, colleague.person_id)
    written, ended = race.run(
        lambda: timeline.add_note(colleague, case_id, "note", "last words", uuid4()),
        lambda: people.depart(cast["admin"], colleague.person_id),
    )
    assert written is None or isinstance(written, NotFound | Locked)
    assert ended is None
    assert wraps(case_id, colleague.person_id) == 0
    assert opened(cast["caseworker"], case_id).waiting == ["rotation_due"]


@pytest.mark.parametrize("add_first", [True, False])
def test_who_is_added_while_leaving_is_off_again_when_the_worker_comes_round(
    race: Race, cast: Cast, add_first: bool
) -> None:
    case_id = cast.record()
    colleague = cast["colleague"]
    acts = [
        lambda: members.add(cast["coordinator"], case_id, colleague.person_id),
        lambda: people.depart(cast["admin"], colleague.person_id),
    ]
    came = race.run(*(acts if add_first else acts[::-1]))
    # The certificate may end between the question who is here and the grant.
    refused = NotFound | vault.Untrusted
    assert not [one for one in came if isinstance(one, Exception) and not isinstance(one, refused)]
    with transaction():
        members.expire()
    assert wraps(case_id, colleague.person_id) == 0
    assert [one.name for one in opened(cast["caseworker"], case_id).members] == ["Kişi caseworker"]


def test_time_that_runs_out_twice_ends_access_once(race: Race, cast: Cast) -> None:
    ids = [cast.record() for _ in range(3)]
    until = clock.now() + dt.timedelta(days=1)
    with transaction():
        for case_id in ids:
            members.add(cast["coordinator"], case_id, cast["colleague"].person_id, until=until)
    late = until + dt.timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: late)
        came = race.run(members.expire, members.expire)
    assert sorted(came) == [0, 3]
    assert count(Order, Order.kind == "rotation_due") == 3


@on_both
def test_two_sessions_carry_out_each_order_once(race: Race, cast: Cast) -> None:
    """Orders of the same cases lie between one another, so that both sessions want what the other holds."""
    ids = [cast.record() for _ in range(3)]
    newcomer = cast.join("newcomer", CASEWORKER)
    with transaction():
        for place, case_id in enumerate([*ids, *reversed(ids)]):
            kind = "rotation_due" if place < len(ids) else "grant_due"
            db.session.add(
                Order(
                    id=uuid4(),
                    organisation_id=cast.organisation_id,
                    kind=kind,
                    case_id=case_id,
                    person_id=newcomer.person_id,
                    ordered_by=None,
                    ordered_at=clock.now() + dt.timedelta(microseconds=place),
                )
            )
    came = race.run(
        lambda: orders.carry_out(cast["coordinator"], 30), lambda: orders.carry_out(cast["caseworker"], 30)
    )
    assert not [one for one in came if isinstance(one, Exception)]
    with transaction():
        assert orders.carry_out(cast["coordinator"], 30) == 0
    for case_id in ids:
        assert case(case_id).epoch == 2
        assert count(CaseEpoch, CaseEpoch.case_id == case_id) == 2
        seen = opened(newcomer, case_id)
        assert [one.data.get("change") for one in seen.entries].count("added") == 1


def test_two_coordinators_renew_a_known_key_once(race: Race, cast: Cast) -> None:
    """Somebody who held supervision has left: the first session renews it, the second finds it renewed."""
    leaving = second_coordinator(cast)
    other = cast.join("third_coordinator", COORDINATOR)
    cast.hand_over()
    case_id = cast.record()
    with transaction():
        people.depart(cast["admin"], leaving.person_id)
    came = race.run(lambda: orders.carry_out(cast["coordinator"], 30), lambda: orders.carry_out(other, 30))
    assert not [one for one in came if isinstance(one, Exception)]
    with transaction():
        assert orders.carry_out(other, 30) == 0
    for kind in ("supervision", "desk", "match"):
        mine = OrganisationKey.kind == kind
        assert count(OrganisationKey, mine) == 2
        assert count(OrganisationKey, mine, OrganisationKey.retired_at.is_(None)) == 1
    assert case(case_id).epoch == 2
    assert opened(other, case_id).reference
