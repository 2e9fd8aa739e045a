"""20. Drafts of lawyers: the key of the case and the database open no draft, and nothing said of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

import vault
from accounts.service import keys as organisation_keys
from cases.models import Case
from cases.note_models import DraftGrant, LawyerNote, LegalDraft, LegalDraftPart, NoteGrant
from cases.service import (
    assignment,
    draft_approvals,
    draft_keys,
    draft_reviews,
    drafting,
    files,
    keys,
    lawyer_notes,
    legal_drafts,
    note_keys,
    records,
    rows,
)
from cases.service.drafting import Filing, Text
from cases.service.offered import Brief
from core import clock
from core.access.actors import Actor
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, on_stage
from vault import Key, VaultError

SECRET, REMARK, TITLE = "سنطعن في صحّة التبليغ", "هذه النقطة ضعيفة", "عريضة الطعن"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found:
        yield found


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    case_id = cast.record()
    cast.assign(case_id)
    return case_id


@pytest.fixture
def draft_id(cast: Cast, case_id: UUID) -> UUID:
    """A draft with two versions, and a remark."""
    with transaction():
        draft_id = drafting.begin(cast["lawyer"], case_id, TITLE, Text(SECRET), uuid4())
    with transaction():
        drafting.write(cast["lawyer"], case_id, draft_id, 1, TITLE, Text(f"{SECRET} 2"), uuid4())
    with transaction():
        drafting.say(cast["lawyer"], case_id, draft_id, REMARK, uuid4())
    return draft_id


def page(cast: Cast, name: str, case_id: UUID, draft_id: UUID) -> legal_drafts.Whole:
    with transaction():
        return legal_drafts.whole(cast[name], case_id, draft_id)


def put(table: type[LegalDraft | LegalDraftPart], row_id: UUID, **change: object) -> None:
    db.session.rollback()
    db.session.execute(update(table).where(table.id == row_id).values(**change))
    db.session.commit()  # as somebody with the database would


def sealed(draft_id: UUID) -> list[tuple[str, UUID, int, bytes]]:
    found = [
        ("legal_draft_parts", one.id, one.version, one.sealed)
        for one in db.session.scalars(select(LegalDraftPart).where(LegalDraftPart.draft_id == draft_id))
    ]
    row = db.session.get_one(LegalDraft, draft_id)
    return [*found, ("legal_drafts", row.id, row.version, row.sealed)]


def test_with_the_key_of_the_case_and_the_database_nothing_opens(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    for name in ("caseworker", "coordinator", "other_lawyer", "manager"):
        with pytest.raises(NotFound):
            page(cast, name, case_id, draft_id)
    with transaction():
        case = db.session.get_one(Case, case_id)
        supervision = organisation_keys.open_all(cast["coordinator"], "supervision")
        pairs = [cast[name].secret.pair for name in ("caseworker", "coordinator", "manager", "admin")]
        tried = [keys.case_key(cast["coordinator"], case), cast["coordinator"].secret.ring]
        for grant in db.session.scalars(select(NoteGrant)):
            for pair in (*pairs, *(one.pair for one in supervision)):
                with suppress(VaultError):
                    scope = note_keys._scope(case, grant.holder_id)
                    tried.append(pair.unwrap(grant.sealed, scope.context("granted key", grant.epoch)))
        record = records.open_record(tried[0], case)
        [own] = draft_keys.derived(note_keys.held(cast["lawyer"], case, record), draft_id).values()  # control
        opened = []
        for table, row_id, version, content in sealed(draft_id):
            context = vault.row_context(case.organisation_id, case_id, table, row_id, version)
            for key in tried:
                with pytest.raises(VaultError):
                    vault.unseal(key, content, context)
            opened.append(vault.unseal(own, content, context).decode())
    for secret in (SECRET, REMARK, TITLE):
        assert any(secret in one for one in opened)


def test_swapped_versions_and_a_desk_changed_in_clear_are_refused(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    first, second = (one.id for one in reversed(page(cast, "lawyer", case_id, draft_id).versions))
    one, two = (db.session.get_one(LegalDraftPart, found) for found in (first, second))
    before = {first: one.sealed, second: two.sealed}
    put(LegalDraftPart, first, sealed=before[second])
    put(LegalDraftPart, second, sealed=before[first])
    with pytest.raises(VaultError):
        page(cast, "lawyer", case_id, draft_id)
    for row_id, content in before.items():
        put(LegalDraftPart, row_id, sealed=content)
    put(LegalDraft, draft_id, desk_id=cast["lawyer"].person_id)
    with pytest.raises(rows.Tampered):
        page(cast, "lawyer", case_id, draft_id)
    put(LegalDraft, draft_id, desk_id=None)
    put(LegalDraftPart, first, version=2)
    with pytest.raises(rows.Tampered):
        page(cast, "lawyer", case_id, draft_id)
    put(LegalDraftPart, first, version=1)
    assert page(cast, "lawyer", case_id, draft_id).versions[0].data is not None


def test_a_version_of_another_draft_and_a_forged_approval_are_refused(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    """Its author, who holds the note key and the database, writes down that a colleague has approved."""
    with transaction():
        other = drafting.begin(cast["lawyer"], case_id, "x", Text("y"), uuid4())
    moved = page(cast, "lawyer", case_id, draft_id).versions[0].id
    put(LegalDraftPart, moved, draft_id=other)
    for one in (draft_id, other):  # a version is missing here, and there one lies that its key does not open
        with pytest.raises((rows.Tampered, VaultError)):
            page(cast, "lawyer", case_id, one)
    put(LegalDraftPart, moved, draft_id=draft_id)
    with transaction():
        at = legal_drafts.bench(cast["lawyer"], case_id)
        row, content = legal_drafts.opened(at, draft_id)
        given = draft_approvals.approve(cast["lawyer"], at.case, draft_id, 2, content["digest"])
        content |= {"state": "approved", "approval": {**given, "by": str(cast["other_lawyer"].person_id)}}
        key = legal_drafts.writing_key(cast["lawyer"], at, draft_id)
        legal_drafts.save(cast["lawyer"], at, key, row, content, desk=None)
    with pytest.raises(rows.Tampered):
        page(cast, "lawyer", case_id, draft_id)
    with pytest.raises(rows.Tampered), transaction():
        filing = Filing(clock.today(), "محكمة")
        draft_reviews.file(cast["lawyer"], case_id, draft_id, row.version, filing, uuid4())


def test_a_lawyer_who_is_asked_reads_that_draft_once_they_accept_until_they_judge_it(
    cast: Cast, case_id: UUID, draft_id: UUID
) -> None:
    """What lies there for them opens the draft they were asked about, no note and no other draft."""
    asked, lawyer = cast["other_lawyer"], cast["lawyer"]
    with transaction():
        lawyer_notes.write(lawyer, case_id, SECRET, uuid4())
        other = drafting.begin(lawyer, case_id, "x", Text(SECRET), uuid4())
    with transaction():
        draft_reviews.ask(lawyer, case_id, draft_id, 3, asked.person_id, uuid4())
    with pytest.raises(NotFound):
        page(cast, "other_lawyer", case_id, draft_id)
    with transaction():
        assert not db.session.scalars(select(NoteGrant).where(NoteGrant.holder_id == asked.person_id)).all()
        assert readable(asked, case_id) == {("legal_drafts", draft_id), ("legal_draft_parts", draft_id)}
        [brief] = [one for one in offers(cast) if one.until is not None]
    with transaction():
        assignment.decline(asked, brief.assignment_id, "other", "")
    with transaction():
        assert readable(asked, case_id) == set()
        assert db.session.get_one(Case, case_id).state == "in_progress"
    with transaction():
        draft_reviews.ask(lawyer, case_id, draft_id, 4, asked.person_id, uuid4())
    with transaction():
        [brief] = [one for one in offers(cast) if one.until is not None]
        assignment.accept(asked, brief.assignment_id)
    with pytest.raises(NotFound):
        page(cast, "other_lawyer", case_id, other)
    with pytest.raises(NotFound), transaction():
        lawyer_notes.write(asked, case_id, "x", uuid4())
    with transaction():
        shown = files.open_case(asked, case_id)
        assert (shown.lawyer_notes, [one.id for one in shown.legal_drafts or []]) == (None, [draft_id])
    whole = page(cast, "other_lawyer", case_id, draft_id)
    assert whole.draft.title == TITLE
    kept = kept_keys(asked, case_id)
    digest = whole.draft.content["digest"]
    with transaction():
        draft_reviews.judge(asked, case_id, draft_id, 5, "commented", digest, uuid4(), text=REMARK)
    with pytest.raises(NotFound):  # at once
        page(cast, "other_lawyer", case_id, draft_id)
    with pytest.raises(NotFound), transaction():
        files.open_case(asked, case_id)
    with transaction():
        assert readable(asked, case_id) == set()
        drafting.write(lawyer, case_id, draft_id, 6, TITLE, Text(f"{SECRET} 3"), uuid4())
    with transaction():  # nor does what they kept open what is written afterwards
        row = db.session.get_one(LegalDraft, draft_id)
        case = db.session.get_one(Case, case_id)
        assert kept
        for key in kept:
            with pytest.raises(VaultError):
                rows.open_row(key, case, "legal_drafts", row.id, row.version, row.sealed)


def kept_keys(actor: Actor, case_id: UUID) -> list[Key]:
    """Every key of a draft that lies there for somebody, whether anything lets them use it or not."""
    case = db.session.get_one(Case, case_id)
    found = []
    for grant in db.session.scalars(select(DraftGrant).where(DraftGrant.holder_id == actor.person_id)):
        scope = draft_keys._scope(case, grant.draft_id, grant.holder_id)
        found.append(actor.secret.pair.unwrap(grant.sealed, scope.context("granted key", grant.epoch)))
    return found


def readable(actor: Actor, case_id: UUID) -> set[tuple[str, UUID]]:
    """What of the lawyers' rows somebody opens who has the database and their own key."""
    case, found = db.session.get_one(Case, case_id), set[tuple[str, UUID]]()
    lying: list[tuple[str, UUID, LegalDraft | LegalDraftPart | LawyerNote]] = [
        *(("legal_drafts", one.id, one) for one in db.session.scalars(select(LegalDraft))),
        *(("legal_draft_parts", one.draft_id, one) for one in db.session.scalars(select(LegalDraftPart))),
        *(("lawyer_notes", one.id, one) for one in db.session.scalars(select(LawyerNote))),
    ]
    for key in kept_keys(actor, case_id):
        for table, about, row in lying:
            with suppress(VaultError):
                rows.open_row(key, case, table, row.id, row.version, row.sealed)
                found.add((table, about))
    return found


def offers(cast: Cast) -> list[Brief]:
    return assignment.offers(cast["other_lawyer"])
