"""17. Whoever writes into the database, without a key, brings no story back that was taken out, and makes a
file for authorities pass for none for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

import vault
from advocacy.models.dossiers import DossierOutput, DossierStory, DossierVersionStory
from advocacy.service import outputs, stories, story_chain, telling
from cases.models import Consent, Entry
from cases.service import consents, files, progress
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from core.errors import Conflict, DomainError
from core.store.base import db
from core.store.blobs import Blobs
from core.store.transaction import transaction
from tests.advocacy.test_dossiers import filled, leaves, read
from tests.advocacy.test_stories import PLAIN, answer, ask, given, left, told, write
from tests.support.cast import Cast, on_stage, once

_OF_STORY = (
    "state", "consent_until", "signature", "second_signature", "pulled_at", "pulled_because",
)  # fmt: skip # one list


@pytest.fixture
def ours(sqlite_app: Flask) -> Iterator[Cast]:
    with on_stage(sqlite_app) as cast:
        yield cast


@once
def published(cast: Cast) -> tuple[UUID, UUID, UUID, UUID]:
    """A dossier that left with a story: dossier, case, story, file."""
    dossier_id, case_id, story_id = told(cast)
    with transaction():
        consents.record_consent(cast["caseworker"], case_id, given("advocacy"), uuid4())
    output_id = left(cast, dossier_id)
    assert leaves(cast, dossier_id)  # control
    return dossier_id, case_id, story_id, output_id


def blobs(cast: Cast) -> Blobs:
    return Blobs(cast.settings.storage_url)


def row(story_id: UUID) -> dict[str, Any]:
    story = db.session.get_one(DossierStory, story_id, populate_existing=True)
    values = {name: getattr(story, name) for name in _OF_STORY}
    db.session.rollback()
    return values


def change(story_id: UUID, **values: Any) -> None:
    with transaction():
        db.session.execute(update(DossierStory).where(DossierStory.id == story_id).values(**values))


def put_back(story_id: UUID, before: dict[str, Any], **more: Any) -> None:
    """Every column as it was, signatures too, and nothing flagged."""
    change(story_id, **before, **more)
    with transaction():
        db.session.execute(update(DossierOutput).values(flagged_at=None))


def is_out(cast: Cast, dossier_id: UUID, output_id: UUID) -> None:
    assert [story.stands for story in telling.of(read(cast["manager"], dossier_id))] == [False]
    assert not leaves(cast, dossier_id)
    with pytest.raises(Conflict), transaction():
        outputs.fetch(cast["manager"], blobs(cast), dossier_id, output_id)


@pytest.mark.parametrize("how", ["withdrawn", "refused", "author", "dossier", "closed"])
def test_a_story_is_put_back_as_it_stood(ours: Cast, how: str) -> None:
    dossier_id, case_id, story_id, output_id = published(ours)
    before = row(story_id)
    if how == "withdrawn":
        withdraw_story(ours, case_id)
    elif how == "refused":
        answer(ours, case_id, answer="refused")
    elif how == "author":
        with transaction():
            stories.take_back(ours["caseworker"], story_id)
    elif how == "dossier":
        with transaction():
            telling.take_out(ours["manager"], dossier_id, story_id)
    else:
        closing = {"level": "S1", "code": "A", "outcome": "achieved"}
        with transaction():
            version = files.open_case(ours["coordinator"], case_id).version
        with transaction():
            progress.move(ours["coordinator"], case_id, version, "closed", reason="bitti", closing=closing)
    put_back(story_id, before)
    is_out(ours, dossier_id, output_id)


def withdraw_story(cast: Cast, case_id: UUID) -> None:
    with transaction():
        said = files.open_case(cast["caseworker"], case_id).consents
    [story_consent] = [one.id for one in said if one.kind == "story"]
    with transaction():
        consents.withdraw(cast["caseworker"], case_id, story_consent)


@pytest.mark.parametrize("hidden", ["case", "state", "row"])
@pytest.mark.parametrize("answered", ["withdrawn", "refused", "given"])
def test_a_story_is_hidden_from_the_withdrawal(ours: Cast, hidden: str, answered: str) -> None:
    """Another case, taken out already, another id while the person answers, and back afterwards."""
    dossier_id, case_id, story_id, output_id = published(ours)
    before, away = row(story_id), uuid4()
    if hidden == "case":
        change(story_id, case_id=ours.record())
    elif hidden == "state":
        change(story_id, state="pulled", signature=None, second_signature=None)
    else:
        with transaction():
            db.session.execute(delete(DossierVersionStory))
        change(story_id, id=away)
    if answered == "withdrawn":
        withdraw_story(ours, case_id)
    else:
        answer(ours, case_id, answer=answered, level="3")
    if hidden == "row":
        change(away, id=story_id)
    put_back(story_id, before, case_id=case_id)
    if answered == "given":  # control
        assert [story.stands for story in telling.of(read(ours["manager"], dossier_id))] == [True]
    else:
        is_out(ours, dossier_id, output_id)


def test_a_line_that_was_damaged_hides_no_story(ours: Cast) -> None:
    """The withdrawal stops with an error that everybody sees, rather than miss one."""
    _dossier_id, case_id, _story_id, _output_id = published(ours)
    with transaction():
        lines = select(Entry).where(Entry.case_id == case_id).order_by(Entry.written_at.desc(), Entry.id)
        for line in db.session.scalars(lines):
            line.sealed = line.sealed[:-1] + bytes([line.sealed[-1] ^ 1])
    consent_id = db.session.scalars(select(Consent.id).where(Consent.case_id == case_id).limit(1)).one()
    db.session.rollback()
    with pytest.raises(vault.VaultError), transaction():
        consents.withdraw(ours["caseworker"], case_id, consent_id)


def test_a_story_stands_no_longer_than_the_consents_that_are_left(ours: Cast) -> None:
    """Advocacy lasts longer than a consent to a story; the day in the table is put back after it ended."""
    dossier_id = filled(ours)
    ask(ours, dossier_id, "caseworker")
    case_id = ours.record(consents=[given("story"), given("advocacy")])
    story_id = write(ours, dossier_id, case_id, replace(PLAIN, level="2"))
    with transaction():
        telling.confirm(ours["coordinator"], dossier_id, story_id, 1)
    before = row(story_id)
    with transaction():
        said = files.open_case(ours["caseworker"], case_id).consents
    [longer] = [one.id for one in said if one.kind == "advocacy"]
    with transaction():
        consents.withdraw(ours["caseworker"], case_id, longer)
    put_back(story_id, before)
    assert [story.stands for story in telling.of(read(ours["manager"], dossier_id))] == [False]


@pytest.mark.parametrize("act", ["story.write", "story.confirm"])
def test_the_acts_of_a_story_are_repeated(ours: Cast, act: str) -> None:
    """The chain is no secret: whoever writes into it can go on with it, and yet nothing stands again."""
    dossier_id, case_id, story_id, output_id = published(ours)
    before = row(story_id)
    withdraw_story(ours, case_id)
    with transaction():
        story_chain.record(None, ours.organisation_id, act, story_id, 1)
    put_back(story_id, before)
    assert verify_chain(ours.organisation_id) == []
    is_out(ours, dossier_id, output_id)


def test_the_record_of_acts_is_cut_to_hide_it(ours: Cast) -> None:
    dossier_id, case_id, story_id, _output_id = published(ours)
    before = row(story_id)
    withdraw_story(ours, case_id)
    assert verify_chain(ours.organisation_id) == []
    with transaction():
        pulls = delete(AuditEntry).where(AuditEntry.act == "story.pull")
        assert db.session.execute(pulls).rowcount == 1  # type: ignore[attr-defined] # of a DELETE
    put_back(story_id, before)
    assert verify_chain(ours.organisation_id) != []
    with transaction():  # nothing said of it at all is no word for it either
        db.session.execute(delete(AuditEntry).where(AuditEntry.object_id == story_id))
    assert not leaves(ours, dossier_id)


def test_a_file_for_authorities_is_called_one_for_everybody(ours: Cast) -> None:
    dossier_id, _case_id, _story_id, output_id = published(ours)
    with transaction():
        outputs.fetch(ours["manager"], blobs(ours), dossier_id, output_id)  # control
    for changed in ({"kind": "open"}, {"language": "ar"}, {"format": "pdf"}):
        with transaction():
            file = update(DossierOutput).where(DossierOutput.id == output_id)
            db.session.execute(file.values({"kind": "full", "language": "tr", "format": "docx", **changed}))
        with pytest.raises((vault.VaultError, DomainError)), transaction():
            outputs.fetch(ours["manager"], blobs(ours), dossier_id, output_id)
