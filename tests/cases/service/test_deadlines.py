"""Deadlines in the file: counted, watched by two, met with proof, moved by a lawyer, never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.service import drafts, people
from cases.models import Case, Deadline
from cases.service import coming as on_desk
from cases.service import deadlines, files, members, progress, reminders, rotation
from cases.service.reach import find
from cases.service.rows import Tampered
from cases.service.views import Counted, OpenDeadline
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.clock import today
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import law
from core.store.base import db
from core.store.transaction import transaction
from domain.deadlines import engine
from domain.deadlines.questions import Question
from tests.support.cast import Cast, on_stage, record_of

SERVED: dict[str, Any] = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {"service": "hand"}}
PROOF = "UYAP 2026/1234, saat 10:15"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def add(cast: Cast, case_id: UUID, by: str = "caseworker", second: str = "coordinator", **more: Any) -> UUID:
    responsible, other = cast["caseworker"].person_id, cast[second].person_id
    with transaction():
        return deadlines.add(
            cast[by], case_id, more.pop("token", uuid4()), {**SERVED, **more}, responsible, other
        )


def cards(cast: Cast, case_id: UUID, by: str = "caseworker") -> list[OpenDeadline]:
    with transaction():
        return files.open_case(cast[by], case_id).deadlines


def with_lawyer(cast: Cast, **changes: Any) -> UUID:
    case_id = cast.record(**changes)
    cast.assign(case_id)
    return case_id


def coming(actor: Actor) -> list[tuple[UUID, bool]]:
    found = [(line.id, line.mine) for line in on_desk.coming(actor, 20)]
    db.session.rollback()
    return found


def test_it_is_counted_by_the_engine_and_kept_as_it_was_counted(cast: Cast) -> None:
    case_id, token = cast.record(), uuid4()
    for _ in range(2):  # a double click
        add(cast, case_id, token=token)
    [card] = cards(cast, case_id)
    found = engine.answer(law(), Question.parse(SERVED))
    assert (card.safe, card.counted) == (found.safe, Counted(found.due, found.safe, found.latest))
    assert (card.responsible, card.second, card.state) == ("Kişi caseworker", "Kişi coordinator", "open")
    assert all(card.steps[language] for language in ("ar", "tr", "en"))
    row = db.session.scalars(select(Deadline)).one()
    assert b"DEP_SUIT" not in row.sealed
    db.session.rollback()
    assert "2026-11-02" not in str(card.steps["ar"])  # in words, in the digits of the reader


def test_two_people_who_may_open_the_case_watch_it(cast: Cast) -> None:
    case_id = cast.record()
    with pytest.raises(DomainError) as alone:
        add(cast, case_id, second="caseworker")
    assert alone.value.field == "second"
    for stranger in ("colleague", "lawyer", "manager"):
        with pytest.raises(DomainError):
            add(cast, case_id, second=stranger)
    deadline_id = add(cast, case_id)
    mine = [(deadline_id, True)]
    assert coming(cast["caseworker"]) == coming(cast["coordinator"]) == mine
    assert coming(cast["colleague"]) == coming(cast["lawyer"]) == []
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    people = (cast["colleague"].person_id, cast["coordinator"].person_id)
    with transaction():
        deadlines.watch(cast["caseworker"], case_id, deadline_id, 1, *people)
    assert coming(cast["colleague"]) == mine
    with pytest.raises(Conflict), transaction():
        deadlines.watch(cast["colleague"], case_id, deadline_id, 1, *people)
    with transaction():
        members.remove(cast["caseworker"], case_id, cast["colleague"].person_id)
    assert coming(cast["colleague"]) == []  # access ends, whoever watched


def test_coordinators_see_what_is_near_whoever_watches(cast: Cast) -> None:
    case_id = with_lawyer(cast)
    far = add(cast, case_id, second="lawyer", served_on=(today() + dt.timedelta(days=30)).isoformat())
    began = (today() - dt.timedelta(days=29)).isoformat()
    near = add(cast, case_id, second="lawyer", rule="DET_IP", served_on=began, facts={})  # moves on no day
    assert {near} <= {one for one, _mine in coming(cast["coordinator"])}
    assert far not in {one for one, _mine in coming(cast["coordinator"])}
    assert {far, near} == {one for one, _mine in coming(cast["lawyer"])}
    assert [one for one, _mine in coming(cast["caseworker"])] == [near, far]  # the soonest first


def test_it_is_met_with_proof_once(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)

    def meet(version: int, proof: str = PROOF, on: dt.date | None = None) -> None:
        with transaction():
            deadlines.meet(cast["caseworker"], case_id, deadline_id, version, proof, on or today())

    for wrong in ({"proof": " "}, {"on": today() + dt.timedelta(days=1)}):
        with pytest.raises(DomainError):
            meet(1, **wrong)
    meet(1)
    with pytest.raises(Conflict):
        meet(2)
    [card] = cards(cast, case_id)
    assert (card.state, card.proof, card.done_by) == ("done", PROOF, "Kişi caseworker")
    assert coming(cast["caseworker"]) == []
    with pytest.raises(NotFound), transaction():
        deadlines.meet(cast["colleague"], case_id, deadline_id, 2, PROOF, today())


def test_a_lawyer_moves_it_with_a_reason(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U1")
    deadline_id, later = add(cast, case_id), today() + dt.timedelta(days=9)
    for by in ("caseworker", "coordinator"):
        with pytest.raises(Refused), transaction():
            deadlines.move(cast[by], case_id, deadline_id, 1, later, "Tebliğ usulsüz", beyond=True)
    with pytest.raises(DomainError), transaction():
        deadlines.move(cast["lawyer"], case_id, deadline_id, 1, later, " ", beyond=True)
    with transaction():
        assert deadlines.move(cast["lawyer"], case_id, deadline_id, 1, later, "Tebliğ usulsüz", beyond=True)
    [card] = cards(cast, case_id)
    assert (card.safe, card.moves[0].reason, card.moves[0].by) == (later, "Tebliğ usulsüz", "Kişi lawyer")
    with transaction():
        assert deadlines.move(cast["lawyer"], case_id, deadline_id, 2, None, "Yanlış karar")
    [card] = cards(cast, case_id)
    assert card.state == "dropped"


def test_in_the_most_urgent_cases_a_second_person_confirms(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U0")
    deadline_id = add(cast, case_id)
    [before] = cards(cast, case_id)
    later = today() + dt.timedelta(days=20)

    def answer(by: str, version: int, *, yes: bool) -> None:
        with transaction():
            deadlines.confirm(cast[by], case_id, deadline_id, version, yes=yes)

    with pytest.raises(NotFound):
        answer("coordinator", 1, yes=True)
    with transaction():
        assert not deadlines.move(cast["lawyer"], case_id, deadline_id, 1, later, "Usulsüz", beyond=True)
    [card] = cards(cast, case_id)
    assert (card.safe, card.proposed is not None) == (before.safe, True)  # until then the date stands
    with pytest.raises(DomainError):
        answer("lawyer", 2, yes=True)
    answer("coordinator", 2, yes=False)
    with transaction():
        deadlines.move(cast["lawyer"], case_id, deadline_id, 3, later, "Usulsüz", beyond=True)
    answer("caseworker", 4, yes=True)
    [card] = cards(cast, case_id)
    assert (card.safe, card.proposed, card.moves[0].confirmed_by) == (later, None, "Kişi caseworker")


def test_raised_and_lowered_again_a_case_still_takes_two(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U1")
    deadline_id, met = add(cast, case_id), add(cast, case_id)
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, met, 1, PROOF, today())
    for urgency in ("U0", "U1"):
        with transaction():
            version = db.session.get_one(Case, case_id).version
            files.edit_case(cast["lawyer"], case_id, version, record_of(), urgency=urgency)
    card = next(card for card in cards(cast, case_id) if card.id == deadline_id)
    assert card.two
    with transaction():
        assert not deadlines.move(cast["lawyer"], case_id, deadline_id, card.version, None, "Yanlış")
    assert {one.version for one in cards(cast, case_id) if one.id == met} == {2}  # what is met stays as it is


def test_a_case_with_an_open_deadline_does_not_close(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)
    with transaction():
        progress.move(cast["caseworker"], case_id, 1, "in_review")

    def close(why: str = "completed") -> None:
        closing = {"level": "S1", "code": "A", "outcome": "achieved", "despite": "Kişiye ulaşılamıyor"}
        with transaction():
            progress.move(cast["coordinator"], case_id, 2, "closed", why=why, closing=closing)

    for why in ("completed", "lost_contact", "removed"):  # a day decides: nobody closes over it
        with pytest.raises(DomainError) as refused:
            close(why)
        assert refused.value.field is None
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, PROOF, today())
    close()
    with pytest.raises(DomainError):
        add(cast, case_id)
    with pytest.raises(DomainError), transaction():  # from a page that was open since before
        deadlines.reopen(cast["coordinator"], case_id, deadline_id, 2, "Yanlış süre işaretlendi")
    assert [card.state for card in cards(cast, case_id)] == ["done"]


@pytest.mark.parametrize(
    "change", [{"safe_on": dt.date(2030, 1, 1)}, {"state": "done"}, {"second_id": None}], ids=str
)
def test_what_stands_in_clear_cannot_be_changed_behind_our_back(cast: Cast, change: dict[str, Any]) -> None:
    """A server that moves a safe date, or says that somebody else watches, is caught when the case opens."""
    case_id = cast.record()
    add(cast, case_id)
    assert cards(cast, case_id)
    with transaction():
        row = db.session.scalars(select(Deadline)).one()
        for name, value in change.items():
            setattr(row, name, value or cast["colleague"].person_id)
    with pytest.raises(Tampered):
        cards(cast, case_id)


def test_a_deadline_taken_from_the_database_or_put_back_is_missed(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)
    row = db.session.get_one(Deadline, deadline_id)
    older = {name: getattr(row, name) for name in ("safe_on", "state", "version", "sealed")}
    db.session.rollback()
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, PROOF, today())
    with transaction():
        for name, value in older.items():
            setattr(db.session.get_one(Deadline, deadline_id), name, value)
    with pytest.raises(Tampered):
        cards(cast, case_id)
    with transaction():
        db.session.delete(db.session.get_one(Deadline, deadline_id))
    with pytest.raises(Tampered):
        cards(cast, case_id)


def test_it_opens_under_a_new_key_too(cast: Cast) -> None:
    case_id = cast.record()
    add(cast, case_id)
    before = cards(cast, case_id)
    with transaction():
        rotation.rotate(cast["caseworker"], find(cast["caseworker"], Permission.CASE_READ, case_id))
    assert cards(cast, case_id) == before


def test_a_changed_rule_shows_the_open_deadlines_it_touches(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)
    assert cards(cast, case_id)[0].counted_anew is None
    found = engine.answer(law(), Question.parse(SERVED))
    earlier = found.safe - dt.timedelta(days=2)

    def changed(_law: object, _question: object) -> engine.Deadline:
        return engine.Deadline(found.rule, found.ends_by, found.due, earlier, found.latest, found.steps)

    monkeypatch.setattr(engine, "answer", changed)
    [card] = cards(cast, case_id)
    assert (card.safe, card.counted_anew) == (found.safe, Counted(found.due, earlier, found.latest))
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, PROOF, today())
    assert cards(cast, case_id)[0].counted_anew is None


def test_lowering_the_urgency_does_not_lift_the_second_person(cast: Cast) -> None:
    case_id = with_lawyer(cast, urgency="U0")
    deadline_id = add(cast, case_id)
    with transaction():
        db.session.get_one(Case, case_id).urgency = "U2"
    with transaction():
        assert not deadlines.move(cast["lawyer"], case_id, deadline_id, 1, None, "Yanlış")
    assert cards(cast, case_id)[0].state == "open"


def test_a_deadline_that_nobody_watches_any_more_is_seen_by_coordinators(cast: Cast) -> None:
    second = cast.join("second", Role.COORDINATOR)
    case_id, far = with_lawyer(cast), (today() + dt.timedelta(days=30)).isoformat()
    deadline_id = add(cast, case_id, second="lawyer", served_on=far)
    assert (deadline_id, False) not in coming(second)
    with transaction():
        members.step_off(cast["lawyer"], case_id, "yoğunluk")
    assert (deadline_id, False) in coming(second)
    assert cards(cast, case_id)[0].unwatched
    with transaction():
        people.depart(cast["admin"], second.person_id, forced=True)
    with pytest.raises(DomainError):
        add(cast, case_id, second="second")  # who has left watches nothing


def test_what_was_met_by_mistake_is_watched_again(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id)

    def reopen(version: int, reason: str = "Yanlış süre işaretlendi") -> None:
        with transaction():
            deadlines.reopen(cast["coordinator"], case_id, deadline_id, version, reason)

    with pytest.raises(Conflict):
        reopen(1)
    with transaction():
        deadlines.meet(cast["caseworker"], case_id, deadline_id, 1, PROOF, today())
    with pytest.raises(DomainError):
        reopen(2, " ")
    reopen(2)
    [card] = cards(cast, case_id)
    assert (card.state, card.proof, card.done_on) == ("open", "", None)
    assert coming(cast["caseworker"]) == [(deadline_id, True)]


def test_a_case_once_of_the_highest_urgency_does_not_close_over_a_deadline(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    add(cast, case_id, rule="ADM60")
    with transaction():
        files.edit_case(cast["caseworker"], case_id, 1, record_of(), urgency="U2")
    with pytest.raises(DomainError) as refused:
        closed_over(cast, case_id, "removed", "Sınır dışı edildi")
    assert refused.value.field is None


def closed_over(cast: Cast, case_id: UUID, why: str, despite: str, to: str = "closed") -> None:
    closing = {"level": "S1", "code": "A", "outcome": "lost_contact", "despite": despite}
    with transaction():
        version = files.open_case(cast["coordinator"], case_id).version
        progress.move(cast["coordinator"], case_id, version, to, why=why, closing=closing)


def test_a_case_closes_over_a_deadline_only_where_the_person_is_out_of_reach(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id = add(cast, case_id, rule="ADM60")
    for why, despite, field in (
        ("withdrew", "Vazgeçti", "why"),
        ("died", "Vefat etti", "why"),
        ("lost_contact", " ", "despite"),
    ):
        with pytest.raises(DomainError) as refused:
            closed_over(cast, case_id, why, despite)
        assert refused.value.field == field
    for reason in ("Üç kez arandı", "Numara kapalı"):  # twice: it is told each time
        closed_over(cast, case_id, "lost_contact", reason)
        [card] = cards(cast, case_id)
        assert card.left is not None
        assert (card.left.why, card.left.reason, card.left.by) == ("lost_contact", reason, "Kişi coordinator")
        assert (card.state, card.runs) == ("open", False)
        with transaction():
            [line] = on_desk.coming(cast["caseworker"], 20)
            assert on_desk.coming(cast["coordinator"], 20) == []  # whoever closed it knows
            entries = files.open_case(cast["caseworker"], case_id).entries
        assert (line.id, line.told, line.left) == (deadline_id, True, True)
        assert next(one.text for one in entries if one.data.get("change") == "left") == reason
        state = next(one for one in entries if one.kind == "state")
        assert (state.data["why"], state.data["despite"], state.text) == ("lost_contact", reason, "")
        closed_over(cast, case_id, "contact_again", "", to="open")
        [card] = cards(cast, case_id)
        assert (card.runs, card.left) == (True, None)
        assert coming(cast["caseworker"]) == [(deadline_id, True)]
        with transaction():
            assert not any(line.told or line.left for line in on_desk.coming(cast["caseworker"], 20))
    closed_over(cast, case_id, "removed", "Sınır dışı edildi")
    with transaction():
        reminders.see(cast["caseworker"], case_id, deadline_id)
    assert coming(cast["caseworker"]) == []


def test_drafts_about_a_deadline_go_with_the_access(cast: Cast) -> None:
    case_id = cast.record()
    deadline_id, colleague = add(cast, case_id), cast["colleague"]
    with transaction():
        members.add(cast["caseworker"], case_id, colleague.person_id)
        drafts.save(colleague.person_id, "cases.meet_deadline", deadline_id, {"proof": ["x"]})
    assert drafts.load(colleague, "cases.meet_deadline", deadline_id)
    db.session.rollback()
    with transaction():
        members.remove(cast["caseworker"], case_id, colleague.person_id)
    assert drafts.load(colleague, "cases.meet_deadline", deadline_id) is None
