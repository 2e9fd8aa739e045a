"""Templates of letters: sealed to who may use them, signed by who wrote and approved them."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.service import people
from cases.letter_models import LetterReader, LetterTemplate, LetterVersion
from cases.service import letter_library, letter_seal
from core.access.actors import Actor
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.lettering import ABOUT, template_of
from tests.documents.wording import template
from tests.support.cast import Cast, on_stage

ABOUT_IT = {**ABOUT, "subject": "Gizli konu", "fields": []}


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


def add(actor: Actor, token: UUID | None = None, replaces: tuple[UUID, int] | None = None) -> UUID:
    with transaction():
        return letter_library.add(actor, ABOUT_IT, template("x"), token or uuid4(), replaces=replaces)


def test_a_stolen_database_opens_no_template_and_a_false_one_is_believed_by_nobody(cast: Cast) -> None:
    template_id, reader = template_of(cast["lawyer"]), cast["caseworker"]
    for row in db.session.scalars(select(LetterVersion)):
        assert b"Dilek" not in row.about
        assert b"word/document.xml" not in row.content
    readers = set(db.session.scalars(select(LetterReader.person_id)))
    assert readers.isdisjoint(cast[name].person_id for name in ("manager", "admin", "focal"))
    assert letter_library.one(reader, template_id).offered
    assert letter_library.content_of(reader, template_id, 1).startswith(b"PK")
    db.session.rollback()
    # Another hand under the approval, then under the whole; then a text that was put there.
    stranger = cast["coordinator"].person_id
    with transaction():
        db.session.execute(update(LetterVersion).values(approved_by=stranger))
    assert letter_library.one(reader, template_id).offered is None
    assert letter_library.one(reader, template_id).newest
    with transaction():
        db.session.execute(update(LetterVersion).values(written_by=stranger))
    assert letter_library.one(reader, template_id).versions == ()
    with pytest.raises(Locked):
        letter_library.content_of(reader, template_id, 1)


def test_who_came_later_is_given_the_keys_and_who_leaves_loses_them(cast: Cast) -> None:
    template_id, late = template_of(cast["lawyer"]), cast["colleague"]
    with transaction():
        letter_seal.drop_person(late.person_id)
    assert letter_library.one(late, template_id).versions == ()
    assert letter_seal.lacking(late) == []  # who holds nothing hands nothing on
    db.session.rollback()
    for _twice in range(2):
        with transaction():
            letter_seal.share(cast["lawyer"])
    assert letter_library.one(late, template_id).offered
    assert letter_seal.lacking(cast["lawyer"]) == []
    db.session.rollback()
    with transaction():
        people.depart(cast["admin"], late.person_id)
    mine = select(func.count()).where(LetterReader.person_id == late.person_id)
    assert db.session.scalar(mine) == 0
    assert letter_seal.lacking(cast["lawyer"]) == []


def test_twice_is_once_and_what_changed_meanwhile_is_said(cast: Cast) -> None:
    lawyer, coordinator, token = cast["lawyer"], cast["coordinator"], uuid4()
    template_id = add(coordinator, token)
    assert add(coordinator, token) == template_id
    for actor in (coordinator, cast["caseworker"]):
        with pytest.raises(Refused), transaction():
            letter_library.approve(actor, template_id, 1, 1)
    with pytest.raises(Refused):
        add(cast["caseworker"])
    with pytest.raises(Conflict), transaction():
        letter_library.approve(lawyer, template_id, 7, 1)
    for _twice in range(2):
        with transaction():
            letter_library.approve(lawyer, template_id, 1, 1)
    with pytest.raises(Conflict):
        add(coordinator, replaces=(template_id, 1))
    add(coordinator, replaces=(template_id, 2))
    found = letter_library.one(lawyer, template_id)
    assert (found.latest, found.approved, len(found.versions)) == (2, 1, 2)
    assert found.offered is not None
    assert found.offered.number == 1
    assert [one.latest for one in letter_library.index(lawyer)] == [2]
    db.session.rollback()
    for retired in (True, True, False):
        with transaction():
            version = db.session.get_one(LetterTemplate, template_id).version
            letter_library.retire(coordinator, template_id, version, retired=retired)
    with pytest.raises(Conflict), transaction():
        letter_library.retire(coordinator, template_id, 1, retired=True)
    with pytest.raises(NotFound):
        letter_library.content_of(lawyer, template_id, 3)


def test_there_is_a_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_library, "MOST", 1)
    monkeypatch.setattr(letter_library, "VERSIONS", 1)
    lawyer = cast["lawyer"]
    template_id = add(lawyer)
    with pytest.raises(DomainError, match="مئة"):
        add(lawyer)
    with pytest.raises(DomainError, match="خمسون"):
        add(lawyer, replaces=(template_id, 1))
    with transaction():
        letter_library.retire(lawyer, template_id, 1, retired=True)
    add(lawyer)
    with pytest.raises(DomainError, match="مئة"), transaction():
        letter_library.retire(lawyer, template_id, 2, retired=False)
