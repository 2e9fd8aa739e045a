"""Cases of one household or one event: joined by whoever may open both, never half, never by guessing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from cases.models import Case
from cases.service import files, keys, progress, records, rows, together
from core.access.actors import Actor
from core.errors import Conflict, DomainError, NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, found, on_stage
from tests.support.racing import Race, on_both

CLOSING = {"level": "S1", "code": "A", "outcome": "achieved"}


@pytest.fixture
def ours(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as cast:
        yield cast


def version(case_id: UUID) -> int:
    present = db.session.get_one(Case, case_id, populate_existing=True).version
    db.session.rollback()
    return present


def join(actor: Actor, case_id: UUID, other: UUID, kind: str = "household") -> None:
    at = version(case_id)
    with transaction():
        together.join(actor, case_id, at, other, kind)


def leave(actor: Actor, case_id: UUID, kind: str = "household", token: UUID | None = None) -> None:
    at = version(case_id)
    with transaction():
        together.leave(actor, case_id, at, kind, token or uuid4())


def with_(actor: Actor, case_id: UUID, kind: str = "household") -> set[UUID]:
    """The cases that the page of this one names."""
    with transaction():
        return {row.id for row in together.of(actor, case_id)[kind]}


def lines(actor: Actor, case_id: UUID) -> list[dict[str, Any]]:
    with transaction():
        entries = files.open_case(actor, case_id).entries
    return [one.data for one in entries if one.kind == "counted"]


def test_who_joins_is_seen_from_every_side(ours: Cast) -> None:
    me, (one, two, three, alone) = ours["caseworker"], [ours.record() for _ in range(4)]
    join(me, one, two)
    join(me, three, one)
    assert with_(me, one) == {two, three}
    assert with_(me, two) == {one, three}
    assert with_(me, three) == {one, two}
    assert with_(me, alone) == set()
    assert with_(me, one, "event") == set()
    join(me, two, alone, "event")
    assert with_(me, two, "event") == {alone}
    assert with_(me, two) == {one, three}
    leave(me, two)
    assert with_(me, two) == set()
    assert with_(me, one) == {three}
    assert with_(me, two, "event") == {alone}


def test_a_household_from_before_cards_knew_of_it_is_found(ours: Cast) -> None:
    me, (one, two) = ours["caseworker"], [ours.record() for _ in range(2)]
    join(me, one, two)
    with transaction():
        for case in db.session.scalars(select(Case).where(Case.id.in_([one, two]))):
            key = keys.case_key(me, case)
            card = records.open_card(key, case)
            del card["shared"]
            case.card = rows.seal_row(key, case, "cases.card", case.id, case.version, card)
    assert with_(me, one) == {two}


def test_who_is_alone_comes_to_the_others_from_whichever_side_they_are_joined(ours: Cast) -> None:
    """From the page of a case that is in a household; nobody stays behind."""
    me, (one, two, new, third) = ours["caseworker"], [ours.record() for _ in range(4)]
    join(me, one, two)
    join(me, two, new)
    assert with_(me, new) == {one, two}
    join(me, third, new)
    assert with_(me, third) == {one, two, new}


def test_of_two_households_the_case_alone_moves(ours: Cast) -> None:
    me, (one, two, three, four) = ours["caseworker"], [ours.record() for _ in range(4)]
    join(me, one, two)
    join(me, three, four)
    join(me, one, three)
    assert with_(me, one) == {three, four}
    assert with_(me, two) == set()


def test_twice_is_once_and_an_old_page_changes_nothing(ours: Cast) -> None:
    me, (one, two, three) = ours["caseworker"], [ours.record() for _ in range(3)]
    for _ in range(2):
        with transaction():
            together.join(me, one, 1, two, "household")
    assert lines(me, one) == [{"kind": "household", "change": "joined"}]
    with pytest.raises(Conflict), transaction():
        together.join(me, one, 1, three, "household")
    token = uuid4()
    for _ in range(2):
        with transaction():
            together.leave(me, one, 2, "household", token)
    assert version(one) == 3
    with pytest.raises(Conflict), transaction():
        together.leave(me, one, 2, "event", uuid4())
    for kind, other, at in (("village", two, 3), ("event", one, 3)):
        with pytest.raises(DomainError), transaction():
            together.join(me, one, at, other, kind)


def test_nobody_joins_or_sees_what_they_do_not_reach(ours: Cast) -> None:
    """A restricted file, a colleague's and another organisation's; the line in the file names no other."""
    me, mine = ours["caseworker"], ours.record()
    named = [ours["colleague"].person_id]
    secret = ours.record("caseworker", restricted=True, named=named)
    theirs, foreign = ours.record("colleague"), found(ours.app, "YAD").record()
    for other in (theirs, foreign, uuid4()):
        with pytest.raises(NotFound):
            join(me, mine, other)
        with pytest.raises(NotFound), transaction():
            together.join(me, other, 1, mine, "household")
    assert version(mine) == 1
    join(me, mine, secret)
    assert with_(me, mine) == {secret}
    assert with_(ours["coordinator"], mine) == set()
    assert with_(ours["colleague"], secret) == set()
    with transaction():
        shown = files.open_case(ours["coordinator"], mine)
    assert [one.data for one in shown.entries if one.kind == "counted"] == [
        {"kind": "household", "change": "joined"}
    ]
    for name in ("manager", "admin", "focal"):
        with pytest.raises(NotFound), transaction():
            together.of(ours[name], mine)


def test_a_closed_file_is_still_counted_with_others(ours: Cast) -> None:
    me, closed, other = ours["coordinator"], ours.record(), ours.record()
    for state in ("in_review",):
        at = version(closed)
        with transaction():
            progress.move(me, closed, at, state)
    at = version(closed)
    with transaction():
        progress.move(me, closed, at, "closed", reason="bitti", closing=CLOSING)
    join(me, closed, other)
    assert with_(me, other) == {closed}
    leave(me, closed)
    assert with_(me, other) == set()
    with transaction():
        assert files.open_case(me, closed).state == "closed"


def test_a_case_of_an_older_version_can_be_joined(ours: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded before cases had numbers of household and event."""
    me = ours["caseworker"]
    with monkeypatch.context() as patch:
        ids = {"case": uuid4().hex, "client": uuid4().hex}
        patch.setattr("cases.service.facts.fresh_ids", lambda: {"fact": str(uuid4()), **ids})
        old = ours.record()
    one, two = ours.record(), ours.record()
    join(me, one, old)
    join(me, old, two)
    assert with_(me, old) == {one, two}
    assert with_(me, old, "event") == set()


@on_both
def test_two_at_once_are_one_after_the_other(race: Race) -> None:
    """Two people join different cases to the same one, which one of them moves: nobody stays behind."""
    with on_stage(race.app) as cast:
        me, other = cast["caseworker"], cast["coordinator"]
        one, two, three = (cast.record() for _ in range(3))
        came = race.run(
            lambda: together.join(me, one, 1, two, "household"),
            lambda: together.join(other, two, 1, three, "household"),
        )
        assert came == [None, None]
        assert with_(me, two) == {one, three}
        first, second = race.run(
            lambda: together.leave(me, one, version_now(one), "household", uuid4()),
            lambda: together.leave(other, one, 2, "household", uuid4()),
        )
        assert first is None
        assert isinstance(second, Conflict)
        assert with_(me, two) == {three}


def version_now(case_id: UUID) -> int:
    return db.session.get_one(Case, case_id).version
