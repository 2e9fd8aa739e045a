"""A case closes over nothing that is open, after a second look where one is due, and opens again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases.models import Case, Fact
from cases.service import closing, facts, files, given, items, members, progress, several, supervising
from cases.service.closing import SecondNeeded
from cases.service.items import Said
from core import clock
from core.access.permissions import Role
from core.errors import DomainError
from core.store.base import db
from core.store.transaction import transaction
from domain import reviews
from domain.lifecycle import State
from tests.support.cast import Cast, on_stage

ENDED = {"level": "S3", "code": "H", "outcome": "achieved", "benefit": "paid", "amount": 12_500}


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def move(cast: Cast, name: str, case_id: UUID, to: str, **said: Any) -> None:
    with transaction():
        version = db.session.get_one(Case, case_id, populate_existing=True).version
        progress.move(cast[name], case_id, version, to, **said)


def close(cast: Cast, name: str, case_id: UUID, *, why: str = "completed", **more: Any) -> None:
    move(cast, name, case_id, "closed", why=why, closing={**ENDED, **more})


def state(cast: Cast, case_id: UUID) -> str:
    with transaction():
        return files.open_case(cast["coordinator"], case_id).state


def test_whoever_proposed_a_closing_of_the_highest_urgency_does_not_close_it(cast: Cast) -> None:
    second = cast.join("second", Role.COORDINATOR)
    cast.hand_over()
    case_id = cast.record(urgency="U0")
    with pytest.raises(SecondNeeded):
        close(cast, "coordinator", case_id)
    move(cast, "coordinator", case_id, "in_review", why="completed", closing=ENDED)
    with transaction():
        before = closing.before(cast["coordinator"], case_id)
        theirs = closing.before(second, case_id)
    assert (before.way, before.others) == ("", ["Kişi second"])
    assert (theirs.way, theirs.told, theirs.proposed["name"]) == ("close", "", "Kişi coordinator")
    with pytest.raises(SecondNeeded):
        close(cast, "coordinator", case_id)
    close(cast, "second", case_id)
    assert state(cast, case_id) == State.CLOSED


def test_lowering_the_urgency_spares_no_second_look(cast: Cast) -> None:
    case_id = cast.record(urgency="U0")
    with transaction():
        shown = files.open_case(cast["coordinator"], case_id)
        files.edit_case(cast["coordinator"], case_id, shown.version, shown.record, urgency="U3")
    with pytest.raises(SecondNeeded):
        close(cast, "coordinator", case_id)


def test_the_lawyer_of_a_case_is_no_second(cast: Cast) -> None:
    """Not even after leaving it, and coming back by hand."""
    both = cast.join("both", Role.LAWYER, Role.COORDINATOR)
    cast.hand_over()
    case_id = cast.record(urgency="U0")
    cast.assign(case_id, "both")
    with transaction():
        members.remove(cast["coordinator"], case_id, both.person_id)
    with transaction():
        members.add(cast["coordinator"], case_id, both.person_id)
    move(cast, "caseworker", case_id, "in_review", why="completed", closing=ENDED)
    with transaction():
        assert closing.before(both, case_id).way == ""
    with pytest.raises(SecondNeeded):
        close(cast, "both", case_id)
    close(cast, "coordinator", case_id)


def test_a_later_proposal_keeps_nothing_of_the_one_before(cast: Cast) -> None:
    case_id = cast.record()
    move(cast, "caseworker", case_id, "in_review", why="completed", closing=ENDED)
    move(cast, "coordinator", case_id, "open", reason="Eksik")
    later = {"level": "S1", "code": "A", "outcome": "returned_unknown", "benefit": ""}
    move(cast, "caseworker", case_id, "in_review", why="moved", closing=later)
    with transaction():
        proposed = closing.before(cast["coordinator"], case_id).proposed
    assert (proposed["outcome"], "amount" in proposed) == ("returned_unknown", False)


def test_one_coordinator_alone_is_told_so(cast: Cast) -> None:
    case_id = cast.record("coordinator", urgency="U0")
    move(cast, "coordinator", case_id, "in_review", why="completed", closing=ENDED)
    with transaction():
        before = closing.before(cast["coordinator"], case_id)
    assert before.second
    assert before.told
    assert before.others == []


def item(cast: Cast, case_id: UUID, kind: str, due_on: dt.date | None) -> None:
    with transaction():
        items.add(
            cast["caseworker"], case_id, kind, Said({"title": "başlık", "where": "Tuzla"}, due_on), uuid4()
        )


def test_complaints_and_what_is_drawn_are_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.join("second", Role.COORDINATOR)
    cast.hand_over()
    plain = cast.record()
    close(cast, "coordinator", plain)  # one coordinator is enough for the others
    about = cast.record()
    monkeypatch.setattr(closing, "complained", [lambda case_id: case_id == about])
    item(cast, about, "task", None)
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", about)
    assert refused.value.field == "despite"  # what closes nothing anyway tells nothing of a complaint
    close(cast, "coordinator", about, despite="Bitti")
    assert state(cast, about) == State.IN_REVIEW
    monkeypatch.setattr(closing, "complained", [])
    monkeypatch.setattr(reviews, "drawn", lambda *_: False)
    with pytest.raises(SecondNeeded):
        close(cast, "coordinator", about, despite="Bitti")
    close(cast, "second", about, despite="Bitti")
    # A later closing of this case waits too: drawn a second time, chance would seldom hold both.
    move(cast, "coordinator", about, "open", why="appeal")
    with transaction():
        assert closing.before(cast["coordinator"], about).second
    monkeypatch.setattr(reviews, "drawn", lambda *_: True)
    drawn = cast.record()
    move(cast, "coordinator", drawn, "in_review", why="completed", closing=ENDED)
    close(cast, "coordinator", drawn)  # by whoever proposed it
    assert state(cast, drawn) == State.IN_REVIEW
    with transaction():
        assert closing.before(cast["coordinator"], drawn).told


def test_what_is_open_bars_and_is_closed_over_only_with_a_reason(cast: Cast) -> None:
    case_id, today = cast.record(), clock.today()
    item(cast, case_id, "task", None)
    item(cast, case_id, "hearing", today + dt.timedelta(days=3))
    item(cast, case_id, "appointment", today - dt.timedelta(days=3))  # nobody said what came of it
    item(cast, case_id, "signature", today - dt.timedelta(days=1))  # it comes back until somebody ends it
    with transaction():
        before = closing.before(cast["coordinator"], case_id)
    assert sorted(bar.kind for bar in before.bars) == ["appointment", "signature", "task", "unsaid"]
    assert {bar.place for bar in before.bars} == {"", "Tuzla"}
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", case_id)
    assert refused.value.field == "despite"
    item(cast, case_id, "original", None)
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", case_id, despite="Aranıyor")
    assert refused.value.field == "why"
    close(cast, "coordinator", case_id, why="lost_contact", despite="Aslı kasada")
    with transaction():
        [line] = [one for one in files.open_case(cast["coordinator"], case_id).entries if one.kind == "state"]
    assert line.data["despite"] == "Aslı kasada"


def test_whoever_was_asked_about_a_case_does_not_close_over_the_question(cast: Cast) -> None:
    second, lead = cast.join("second", Role.COORDINATOR), cast["coordinator"]
    cast.hand_over()
    case_id = cast.record("coordinator")
    with transaction():
        note = supervising.ask(second, case_id, lead.person_id, "neden geç?", None, uuid4())
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", case_id, despite="Yanıtlandı")
    assert refused.value.field == "despite"
    assert state(cast, case_id) != State.CLOSED
    close(cast, "second", case_id, despite="Yanıtlandı")
    with transaction():
        [one] = [one for one in files.open_case(second, case_id).items if one.id == note]
    assert (one.is_open, one.data["lines"][-1]["text"]) == (False, "Yanıtlandı")


@pytest.mark.parametrize("complaint", [False, True])
def test_an_open_question_refuses_before_anybody_asks_for_a_complaint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, *, complaint: bool
) -> None:
    """Refused afterwards, it could be asked as often as somebody likes, and changed nothing."""
    second, lead = cast.join("second", Role.COORDINATOR), cast["coordinator"]
    cast.hand_over()
    case_id = cast.record("coordinator", urgency="U3")
    monkeypatch.setattr(reviews, "drawn", lambda *_: False)
    monkeypatch.setattr(closing, "complained", [lambda _case_id: complaint])
    with transaction():
        supervising.ask(second, case_id, lead.person_id, "neden geç?", None, uuid4())
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", case_id, despite="Bitti")
    assert refused.value.field == "despite"
    assert state(cast, case_id) not in {State.CLOSED, State.IN_REVIEW}


def test_who_has_answered_closes_where_whoever_asked_says_nothing_for_a_week(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, lead = cast.join("second", Role.COORDINATOR), cast["coordinator"]
    cast.hand_over()
    monkeypatch.setattr(reviews, "drawn", lambda *_: False)
    case_id, week = cast.record("coordinator", urgency="U3"), dt.timedelta(days=7)
    with transaction():
        note = supervising.ask(second, case_id, lead.person_id, "neden geç?", None, uuid4())
    with clock.at(clock.now() + week), pytest.raises(DomainError):
        close(cast, "coordinator", case_id, despite="Bitti")  # without an answer
    with transaction():
        supervising.say(lead, case_id, note, 1, "belge geç geldi", uuid4(), how="answer")
    with pytest.raises(DomainError):
        close(cast, "coordinator", case_id, despite="Bitti")  # on the same day
    with clock.at(clock.now() + week):
        close(cast, "coordinator", case_id, despite="Soran izinde")
    assert state(cast, case_id) == State.CLOSED


@pytest.mark.parametrize("before", [None, {**ENDED, "outcome": "returned_unknown"}])
def test_what_waits_for_a_second_one_is_what_was_sent_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, before: dict[str, Any] | None
) -> None:
    monkeypatch.setattr(reviews, "drawn", lambda *_: True)
    second = cast.join("second", Role.COORDINATOR)
    cast.hand_over()
    case_id = cast.record(urgency="U3")
    move(cast, "coordinator", case_id, "in_review", reason="Bitti", closing=before)
    item(cast, case_id, "task", None)
    close(cast, "coordinator", case_id, despite="Gerek kalmadı")
    with transaction():
        waits = closing.before(second, case_id).proposed
    assert (waits["outcome"], waits["amount"], waits["despite"]) == ("achieved", 12_500, "Gerek kalmadı")


@pytest.mark.parametrize("wrong", [{"level": "S0"}, {"code": "Q"}, {"outcome": ""}, {"benefit": "gift"}])
def test_what_is_not_on_a_list_closes_nothing(cast: Cast, wrong: dict[str, str]) -> None:
    case_id = cast.record()
    with pytest.raises(DomainError) as refused:
        close(cast, "coordinator", case_id, **wrong)
    assert refused.value.field == next(iter(wrong))


def test_a_case_opens_again_and_keeps_how_it_was_closed(cast: Cast) -> None:
    case_id = cast.record()
    cast.assign(case_id)
    move(cast, "lawyer", case_id, "in_review", why="completed", closing=ENDED)
    close(cast, "coordinator", case_id)

    def sealed() -> int:
        found = db.session.scalar(select(func.count()).select_from(Fact)) or 0
        db.session.rollback()
        return found

    before = sealed()
    move(cast, "coordinator", case_id, "open", why="appeal", reason="İstinaf")
    assert sealed() == before + 1
    with transaction():
        shown = files.open_case(cast["coordinator"], case_id)
    assert shown.state == State.IN_PROGRESS  # its lawyer is still on it
    assert shown.closed_on is None
    [earlier] = shown.record["closings"]
    assert "closing" not in shown.record
    assert earlier["outcome"] == "achieved"
    assert earlier["reopened"]["by"] == str(cast["coordinator"].person_id)
    assert (earlier["reopened"]["why"], earlier["reopened"]["reason"]) == ("appeal", "İstinaf")


def test_without_a_lawyer_no_case_is_in_progress(cast: Cast) -> None:
    case_id = cast.record()
    move(cast, "caseworker", case_id, "in_review", closing=None)
    with transaction():
        assert files.open_case(cast["caseworker"], case_id).next_states == ["open"]
    move(cast, "caseworker", case_id, "in_progress", reason="Devam")
    assert state(cast, case_id) == State.OPEN
    move(cast, "caseworker", case_id, "in_review", why="completed", closing=ENDED)
    close(cast, "coordinator", case_id)
    with transaction():
        version = db.session.get_one(Case, case_id).version
    said, token = {"to": "in_progress", "reason": "Devam"}, uuid4()
    with transaction():
        several.begin(cast["coordinator"], "state", said, [several.Chosen(case_id, version)], token)
    with transaction():
        assert several.step(cast["coordinator"], token)
    with transaction():
        assert [one.code for one in several.look(cast["coordinator"], token).outcomes] == ["refused"]
    assert state(cast, case_id) == State.CLOSED
    move(cast, "coordinator", case_id, "in_progress", why="appeal")
    assert state(cast, case_id) == State.OPEN


def test_a_review_before_the_check_is_decided_goes_back_only_once_it_is(cast: Cast) -> None:
    case_id = cast.record()
    with transaction():
        db.session.get_one(Case, case_id).state = "conflict_check"
    move(cast, "caseworker", case_id, "in_review", closing=None)
    move(cast, "caseworker", case_id, "open", reason="Açık kalsın")
    assert state(cast, case_id) == State.OPEN


def test_statistics_count_the_highest_level_given_until_a_closing_says_which(cast: Cast) -> None:
    case_id, worker = cast.record(), cast["caseworker"]

    def counted() -> str:
        with transaction():
            record = files.open_case(worker, case_id).record
            return str(facts.coded(db.session.get_one(Case, case_id), record, consented=True)["level"])

    def give(level: str) -> None:
        said: dict[str, Any] = {
            "on": clock.today(),
            "agreed": "S2",
            "activity": "contact",
            "minutes": 7,
            "grant": "",
        }
        with transaction():
            given.give(worker, case_id, level=level, token=uuid4(), **said)

    assert counted() == ""
    for level, highest in (("S2", "S2"), ("S1", "S2"), ("S4", "S4")):
        give(level)
        assert counted() == highest
    close(cast, "coordinator", case_id)
    assert counted() == ENDED["level"]
    with pytest.raises(DomainError):
        give("S5")  # a closed file takes nothing
    move(cast, "coordinator", case_id, "open", why="appeal")
    assert counted() == "S4"
