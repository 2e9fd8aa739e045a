"""18. Who stands against whom stands nowhere in clear; a wall and a decision cannot be got round."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import vault
from cases.models import Case, CaseGrant, CaseKeyRing, CaseMember, MatchToken
from cases.service import conflicts, files, gate, keys, members, records, rows, timeline
from core import clock
from core.errors import DomainError, Locked, NotFound
from core.store.base import db
from core.store.transaction import transaction
from domain.conflicts import ROLES, Outcome, Standing
from tests.attacks import thief
from tests.attacks.test_03_departed import keep_key, opens, write_since
from tests.cases.conflicting import LANDLORD, decide, held_case, look, matter, name, party, record
from tests.support.cast import Cast, on_stage


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def tokens_of(case_id: UUID) -> set[bytes]:
    found = set(db.session.scalars(select(MatchToken.token).where(MatchToken.case_id == case_id)))
    db.session.rollback()
    return found


def test_the_database_tells_no_role_and_no_pair(cast: Cast) -> None:
    tenant, landlord = held_case(cast)
    again = cast.record("colleague", record=matter(LANDLORD))
    assert look(cast, "caseworker", landlord).lines  # the loot: whoever holds the key sees the pair
    assert tokens_of(landlord) & tokens_of(again)  # and the same person in the same role is told
    assert not tokens_of(tenant) & tokens_of(landlord)  # in two roles nothing is alike
    assert {len(token) for token in tokens_of(tenant)} == {32}
    for table, row in thief.rows():
        for column, value in row.items():
            said = value if isinstance(value, list) else [value]
            assert not {*ROLES, *map(str, Outcome)} & {one for one in said if isinstance(one, str)}, (
                table,
                column,
            )
    stored = [*thief.values(binary=True), *thief.files(cast.settings.home)]
    for word in (LANDLORD, "landlord", "both_sides"):
        assert not any(word.encode() in value for value in stored)


def test_a_decided_case_looks_like_a_clear_one(cast: Cast) -> None:
    _tenant, held = held_case(cast)
    decide(cast, "coordinator", held, "accept")
    clear = cast.record(record=matter("هبة شعبان"))
    one, other = (db.session.get_one(Case, case_id) for case_id in (held, clear))
    assert (one.state, one.restricted) == (other.state, other.restricted) == ("open", False)
    db.session.rollback()


def test_an_old_grant_opens_nothing_behind_a_wall(cast: Cast) -> None:
    case_id, colleague = cast.record(record=matter("سلمى الخطيب")), cast["colleague"]
    with transaction():
        members.add(cast["caseworker"], case_id, colleague.person_id)
    kept = keep_key(cast, "colleague", case_id)
    mine = select(CaseGrant).where(CaseGrant.case_id == case_id, CaseGrant.holder_id == colleague.person_id)
    grant = db.session.scalars(mine).one()
    loot = {column.name: getattr(grant, column.name) for column in CaseGrant.__table__.columns}
    db.session.rollback()
    assert opens(kept, case_id)
    cast.record("colleague", record=matter(LANDLORD))
    name(cast, "caseworker", case_id, party("opposing", LANDLORD))
    decide(cast, "coordinator", case_id, "wall", walled=[colleague.person_id])
    write_since(cast, case_id)
    assert not opens(kept, case_id)
    with transaction():  # with the database at hand: the old grant back, under the new epoch, and the way in
        case = db.session.get_one(Case, case_id)
        db.session.add(CaseGrant(**{**loot, "id": uuid4(), "epoch": case.epoch}))
        member = db.session.get_one(CaseMember, (case_id, colleague.person_id))
        member.ended_at = None
    with pytest.raises(Locked), transaction():
        files.open_case(colleague, case_id)
    with transaction():
        assert files.open_case(cast["caseworker"], case_id).record["issue"] == "A02"
    held = select(CaseKeyRing.epoch).where(CaseKeyRing.person_id == colleague.person_id)
    assert case_id not in set(db.session.scalars(held.with_only_columns(CaseKeyRing.case_id)))
    db.session.rollback()


def reseal(cast: Cast, by: str, case_id: UUID, changed: dict[str, object]) -> None:
    """What somebody with the key of the case can write, whatever the program allows."""
    with transaction():
        case = db.session.get_one(Case, case_id)
        key = keys.case_key(cast[by], case)
        case.version += 1
        records.seal_record(key, case, changed)
        rows.seal_head(key, case)


def held(cast: Cast, case_id: UUID) -> bool:
    try:
        with transaction():
            timeline.add_note(cast["caseworker"], case_id, "note", "olgu", uuid4())
    except gate.Held:
        return True
    return False


def test_a_decision_holds_for_its_own_case_and_by_whom_it_says(cast: Cast) -> None:
    """A caseworker holds the key of both cases and can seal what they like; the signature stays."""
    _tenant, one = held_case(cast)
    other = cast.record(record=matter(LANDLORD))
    decide(cast, "coordinator", one, "accept")
    assert not held(cast, one)  # the control
    assert held(cast, other)
    [decided] = record(cast, "caseworker", one)[conflicts.DECISIONS]
    now = record(cast, "caseworker", other)
    covers = [one_.key for one_ in conflicts.found_of(now)]
    for forged in (
        decided,  # of the other case
        {**decided, "covers": covers},
        {**signed_by(cast, "caseworker", other, covers)},
        {**signed_by(cast, "caseworker", other, covers), "by": str(cast["coordinator"].person_id)},
        {**signed_by(cast, "lawyer", other, covers), "outcome": "accept", "reason": "değiştirildi"},
    ):
        reseal(cast, "caseworker", other, {**now, conflicts.DECISIONS: [forged]})
        assert held(cast, other), forged
        assert look(cast, "caseworker", other).standing is Standing.POSSIBLE
    true = signed_by(cast, "coordinator", other, covers)
    reseal(cast, "caseworker", other, {**now, conflicts.DECISIONS: [true]})
    assert not held(cast, other)  # the control: this is how a true one looks


def signed_by(cast: Cast, by: str, case_id: UUID, covers: list[str]) -> dict[str, object]:
    case, actor = db.session.get_one(Case, case_id), cast[by]
    decided = conflicts.Decided(
        clock.now(), actor.person_id, Outcome.ACCEPT, "uydurma", frozenset(covers), frozenset()
    )
    signature = actor.secret.signer.sign(conflicts.LABEL, conflicts.statement(case, decided))
    db.session.rollback()
    return {
        "at": decided.at.isoformat(), "by": str(decided.by), "outcome": "accept", "reason": "uydurma",
        "covers": covers, "walled": [], "signature": signature.hex(),
    }  # fmt: skip # one decision


def test_who_may_not_decide_cannot(cast: Cast) -> None:
    _tenant, case_id = held_case(cast)
    for by in ("caseworker", "colleague", "lawyer", "manager", "admin", "focal"):
        with pytest.raises((NotFound, DomainError, vault.VaultError)):
            decide(cast, by, case_id, "accept")
    assert held(cast, case_id)
    decide(cast, "coordinator", case_id, "accept")
    assert not held(cast, case_id)
