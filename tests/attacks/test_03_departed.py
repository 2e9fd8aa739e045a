"""3. Removed or departed with old password, old grant, kept case or supervision key: nothing new opens."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import vault
from accounts.models import PersonKey
from accounts.service import keys as organisation_keys
from accounts.service import locks, people
from cases.models import Case, CaseGrant, Entry
from cases.service import files, keys, members, orders, records, timeline
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import COORDINATOR, Cast, on_stage
from vault import GrantScope, Key, SealedGrant


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def newest_note(case_id: UUID) -> Entry:
    newest = select(Entry).where(Entry.case_id == case_id).order_by(Entry.written_at.desc()).limit(1)
    return db.session.scalars(newest).one()


def opens(key: Key, case_id: UUID) -> bool:
    """Whether a kept key opens the record or what was written last."""
    case, entry = db.session.get_one(Case, case_id), newest_note(case_id)
    context = vault.row_context(case.organisation_id, case_id, "case_entries", entry.id, entry.version)
    opened = []
    for reading in (lambda: records.open_record(key, case), lambda: vault.unseal(key, entry.sealed, context)):
        try:
            opened.append(bool(reading()))
        except vault.Unreadable:
            opened.append(False)
    db.session.rollback()
    return any(opened)


def keep_key(cast: Cast, name: str, case_id: UUID) -> Key:
    with transaction():
        return keys.case_key(cast[name], db.session.get_one(Case, case_id))


def write_since(cast: Cast, case_id: UUID) -> None:
    with transaction():
        timeline.add_note(cast["caseworker"], case_id, "note", "sonradan yazıldı", uuid4())


def test_a_removed_member_keeps_nothing_that_opens(cast: Cast) -> None:
    case_id, colleague = cast.record(), cast["colleague"]
    with transaction():
        members.add(cast["caseworker"], case_id, colleague.person_id)
    kept = keep_key(cast, "colleague", case_id)
    grant = db.session.scalars(
        select(CaseGrant).where(CaseGrant.case_id == case_id, CaseGrant.holder_id == colleague.person_id)
    ).one()
    old = SealedGrant(grant.sealed, grant.signature, grant.epoch)
    assert opens(kept, case_id)
    with transaction():
        members.remove(cast["caseworker"], case_id, colleague.person_id)
    write_since(cast, case_id)
    assert not opens(kept, case_id)
    case = db.session.get_one(Case, case_id)
    scope = GrantScope(case.organisation_id, "case", case_id, colleague.person_id)
    again = colleague.secret.pair.unwrap(old.sealed, scope.context("granted key", old.epoch))
    assert again == kept
    assert not opens(again, case_id)
    with pytest.raises(NotFound), transaction():
        files.open_case(colleague, case_id)


def test_an_old_password_opens_nothing_after_departure(cast: Cast) -> None:
    player = cast.players["colleague"]
    row = db.session.scalars(select(PersonKey).where(PersonKey.person_id == player.id)).one()
    assert locks.open_with_password(cast.settings, row, player.password)
    assert locks.open_with_code(cast.settings, row, player.personal_code)
    db.session.rollback()
    with transaction():
        people.depart(cast["admin"], player.id)
    row = db.session.scalars(select(PersonKey).where(PersonKey.person_id == player.id)).one()
    assert locks.open_with_password(cast.settings, row, player.password) is None
    assert locks.open_with_code(cast.settings, row, player.personal_code) is None
    assert locks.account(player.email) is None


def test_a_departed_coordinators_supervision_key_opens_nothing_new(cast: Cast) -> None:
    """They copied the supervision key; after the next session of a colleague no case answers to it."""
    cast.join("second", COORDINATOR)
    cast.hand_over()
    case_id = cast.record()
    with transaction():
        copied = organisation_keys.open_key(cast["second"], "supervision")
    kept = keep_key(cast, "second", case_id)
    assert opens(kept, case_id)
    with transaction():
        people.depart(cast["admin"], cast["second"].person_id)
    with transaction():
        # Without the coordinator nobody may make a new case key for the old supervision key.
        assert orders.carry_out(cast["caseworker"], 30) == 0
    assert opens(kept, case_id)
    with transaction():
        assert orders.carry_out(cast["coordinator"], 30) == 0
    write_since(cast, case_id)
    assert not opens(kept, case_id)
    for grant in db.session.scalars(select(CaseGrant).where(CaseGrant.case_id == case_id)):
        assert grant.holder_id != copied.id
        scope = GrantScope(cast.organisation_id, "case", case_id, grant.holder_id)
        with pytest.raises(vault.VaultError):
            copied.pair.unwrap(grant.sealed, scope.context("granted key", grant.epoch))
    db.session.rollback()
    with transaction():
        assert files.open_case(cast["coordinator"], case_id).record["issue"] == "A02"


def test_stepping_off_leaves_the_key_to_those_who_stay(cast: Cast) -> None:
    case_id = cast.record()
    with transaction():
        members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    kept = keep_key(cast, "colleague", case_id)
    with transaction():
        members.step_off(cast["colleague"], case_id, "çıkar çatışması")
    with transaction():
        assert orders.due(cast["caseworker"]) == 1
        assert orders.carry_out(cast["caseworker"], 30) == 0
    write_since(cast, case_id)
    assert not opens(kept, case_id)
