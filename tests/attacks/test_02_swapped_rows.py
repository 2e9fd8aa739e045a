"""2. Swap ciphertexts between rows, tables, cases; change version or epoch; roll back a row, a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

import vault
from cases.models import Case, Consent, Entry
from cases.service import files, timeline
from cases.service.integrity import rolled_back
from cases.service.rows import Tampered
from cases.service.views import OpenCase
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage

GIVEN = {"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}
BROKEN = (vault.VaultError, Tampered)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def opens(cast: Cast, case_id: UUID) -> OpenCase:
    with transaction():
        return files.open_case(cast["caseworker"], case_id)


def with_notes(cast: Cast) -> UUID:
    case_id = cast.record(consents=[GIVEN])
    for text in ("ilk", "ikinci"):
        with transaction():
            timeline.add_note(cast["caseworker"], case_id, "note", text, uuid4())
    return case_id


def entries(case_id: UUID) -> list[Entry]:
    found = select(Entry).where(Entry.case_id == case_id).order_by(Entry.written_at)
    return list(db.session.scalars(found))


def swap_notes(one: UUID, _other: UUID) -> None:
    _recorded, first, second = entries(one)
    first.sealed, second.sealed = second.sealed, first.sealed


def swap_cases(one: UUID, other: UUID) -> None:
    mine, theirs = db.session.get_one(Case, one), db.session.get_one(Case, other)
    mine.record, theirs.record = theirs.record, mine.record


def swap_tables(one: UUID, _other: UUID) -> None:
    entry = entries(one)[1]
    consent = db.session.scalars(select(Consent).where(Consent.case_id == one)).one()
    entry.sealed, consent.sealed = consent.sealed, entry.sealed


def card_as_record(one: UUID, _other: UUID) -> None:
    case = db.session.get_one(Case, one)
    case.record = case.card


def entry_of_another_case(one: UUID, other: UUID) -> None:
    entries(other)[1].case_id = one


def higher_version(one: UUID, _other: UUID) -> None:
    entries(one)[1].version += 1


def higher_case_version(one: UUID, _other: UUID) -> None:
    db.session.get_one(Case, one).version += 1


def other_epoch(one: UUID, _other: UUID) -> None:
    case = db.session.get_one(Case, one)
    case.record = case.record[:1] + (2).to_bytes(4) + case.record[5:]


def missing_entry(one: UUID, _other: UUID) -> None:
    db.session.delete(entries(one)[1])


def other_head(one: UUID, other: UUID) -> None:
    db.session.get_one(Case, one).head = db.session.get_one(Case, other).head


@pytest.mark.parametrize(
    "attack",
    [
        swap_notes, swap_cases, swap_tables, card_as_record, entry_of_another_case, higher_version,
        higher_case_version, other_epoch, missing_entry, other_head,
    ],
)  # fmt: skip # one list
def test_a_moved_or_changed_row_does_not_open(cast: Cast, attack: Callable[[UUID, UUID], None]) -> None:
    one, other = with_notes(cast), with_notes(cast)
    assert {entry.text for entry in opens(cast, one).entries} >= {"ilk", "ikinci"}
    attack(one, other)
    db.session.commit()  # as somebody with the database would
    with pytest.raises(BROKEN):
        opens(cast, one)


def test_a_note_put_back_to_an_earlier_state_is_noticed(cast: Cast) -> None:
    """The old row opens by itself; the head knows that it is old."""
    case_id = cast.record(consents=[GIVEN])
    consent = db.session.scalars(select(Consent).where(Consent.case_id == case_id)).one()
    before = {"sealed": consent.sealed, "version": consent.version}
    consent_id = consent.id
    db.session.rollback()
    from cases.service import consents

    with transaction():
        consents.withdraw(cast["caseworker"], case_id, consent_id)
    assert [line.answer for line in opens(cast, case_id).consents] == ["withdrawn"]
    db.session.execute(update(Consent).where(Consent.id == consent_id).values(**before))
    db.session.commit()
    with pytest.raises(Tampered):
        opens(cast, case_id)


def test_a_whole_case_put_back_is_noticed_by_the_chain(cast: Cast) -> None:
    """Record, card, head and version of yesterday fit together; the record of acts knows a later head."""
    case_id = cast.record()
    case = db.session.get_one(Case, case_id)
    before = {name: getattr(case, name) for name in ("record", "card", "head", "version", "state")}
    record = opens(cast, case_id).record
    with transaction():
        files.edit_case(
            cast["caseworker"], case_id, before["version"], {**record, "narrative": "yeni"}, urgency="U0"
        )
    assert rolled_back(cast.organisation_id) == []
    newest = entries(case_id)[-1]
    db.session.delete(newest)
    db.session.execute(update(Case).where(Case.id == case_id).values(**before))
    db.session.commit()
    assert opens(cast, case_id).record["narrative"] != "yeni"
    assert [finding.object_id for finding in rolled_back(cast.organisation_id)] == [case_id]


def test_a_flipped_restriction_lets_no_coordinator_in(cast: Cast) -> None:
    """The flag is signed by whoever made the key; a database that says otherwise opens nothing."""
    case_id = cast.record(restricted=True, named=[cast["colleague"].person_id])
    assert opens(cast, case_id).restricted
    db.session.get_one(Case, case_id).restricted = False
    db.session.commit()
    from core.errors import Locked

    with pytest.raises(Locked), transaction():
        files.open_case(cast["coordinator"], case_id)
