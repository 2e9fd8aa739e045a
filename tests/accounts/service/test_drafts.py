"""Drafts open for their owner alone."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

import vault
from accounts.models import Draft, PersonKey
from accounts.service import drafts
from core.store.base import db
from core.store.transaction import transaction
from tests.accounts.service.conftest import Stage

TYPED = {"narrative": ["أُبطلت بطاقته 👪"], "phone": ["+90 532", ""]}


def save(
    stage: Stage,
    name: str,
    form: str,
    object_id: UUID | None = None,
    more: dict[str, list[str]] | None = None,
) -> None:
    with transaction():
        drafts.save(stage.cast[name].person_id, form, object_id, TYPED | (more or {}))


def test_a_draft_comes_back_to_its_owner(stage: Stage) -> None:
    case_id = uuid4()
    save(stage, "caseworker", "cases.new")
    save(stage, "caseworker", "cases.edit", object_id=case_id)
    mine = stage.cast["caseworker"]
    assert drafts.load(mine, "cases.new") == TYPED
    assert drafts.load(mine, "cases.edit", case_id) == TYPED
    assert drafts.load(mine, "cases.edit") is None
    assert {(one.form, one.object_id) for one in drafts.kept(mine)} == {
        ("cases.new", None),
        ("cases.edit", case_id),
    }
    with transaction():
        drafts.discard(mine, "cases.new")
    assert drafts.load(mine, "cases.new") is None
    assert drafts.load(mine, "cases.edit", case_id) == TYPED


def test_a_later_draft_replaces_the_earlier_one(stage: Stage) -> None:
    for word in ("first", "second"):
        save(stage, "caseworker", "cases.new", more={"word": [word]})
    assert drafts.load(stage.cast["caseworker"], "cases.new") == {**TYPED, "word": ["second"]}
    assert len(drafts.kept(stage.cast["caseworker"])) == 1


def test_nobody_else_opens_it_and_nothing_of_it_is_readable(sqlite_stage: Stage) -> None:
    save(sqlite_stage, "caseworker", "cases.new")
    other = sqlite_stage.cast["coordinator"]
    assert drafts.load(other, "cases.new") is None
    assert drafts.kept(other) == []
    with transaction():
        row = db.session.scalars(select(Draft)).one()
        row.person_id = other.person_id
    assert drafts.kept(other)
    assert drafts.load(other, "cases.new") is None
    assert b"narrative" not in row.sealed
    assert TYPED["narrative"][0].encode() not in row.sealed


def test_a_draft_moved_to_another_form_does_not_open(sqlite_stage: Stage) -> None:
    save(sqlite_stage, "caseworker", "cases.new")
    with transaction():
        db.session.scalars(select(Draft)).one().form = "cases.note"
    assert drafts.load(sqlite_stage.cast["caseworker"], "cases.note") is None


def test_forms_of_one_endpoint_are_kept_apart_and_replaced_one_by_one(stage: Stage) -> None:
    case_id, mine = uuid4(), stage.cast["caseworker"]
    for word, kind in (("first", "hearing"), ("other", "detention"), ("second", "hearing")):
        stage.clock.advance(seconds=1)
        save(stage, "caseworker", f"cases.matter_add/{kind}", case_id, {"word": [word]})
    listed = ["cases.matter_add/hearing", "cases.matter_add/detention"]
    loaded = [drafts.load(mine, form, case_id) for form in listed]
    assert loaded == [{**TYPED, "word": ["second"]}, {**TYPED, "word": ["other"]}]
    assert [one.form for one in drafts.kept(mine)] == [*listed, listed[0]]
    newer, older = drafts.opened(mine, listed[0], case_id)
    assert older.data["word"] == ["first"]
    with transaction():
        drafts.discard(mine, listed[0], case_id, only=newer.id)
        drafts.discard(mine, listed[1], case_id, only=older.id)  # that is of another form
    assert [one.id for one in drafts.kept(mine)][1:] == [older.id]
    with transaction():
        instead = {**TYPED, "word": ["third"]}
        drafts.save(mine.person_id, listed[0], case_id, instead, instead=older.id)
    assert [one.data for one in drafts.opened(mine, listed[0], case_id)] == [instead]
    with transaction():
        drafts.discard(mine, listed[0], case_id)
    assert drafts.load(mine, listed[0], case_id) is None
    assert [one.form for one in drafts.kept(mine)] == listed[1:]


def test_access_that_ends_here_takes_nothing_from_another_organisation(sqlite_stage: Stage) -> None:
    about, mine = uuid4(), sqlite_stage.cast["caseworker"]
    save(sqlite_stage, "caseworker", "referrals.reply", about)
    for organisation, kept in ((uuid4(), 1), (mine.organisation_id, 0)):
        with transaction():
            drafts.shut_out(organisation, [about], [])
        assert len(drafts.kept(mine)) == kept


def test_only_so_many_are_kept(sqlite_stage: Stage) -> None:
    for _ in range(drafts.MOST + 3):
        sqlite_stage.clock.advance(seconds=1)
        save(sqlite_stage, "caseworker", "cases.edit", object_id=uuid4())
    save(sqlite_stage, "colleague", "cases.new")
    assert len(drafts.kept(sqlite_stage.cast["caseworker"])) == drafts.MOST
    assert len(drafts.kept(sqlite_stage.cast["colleague"])) == 1


def test_nothing_is_sealed_to_a_key_that_does_not_hold(sqlite_stage: Stage) -> None:
    caseworker = sqlite_stage.cast["caseworker"].person_id
    with transaction():
        db.session.execute(delete(Draft))
        key = db.session.scalars(select(PersonKey).where(PersonKey.person_id == caseworker)).one()
        key.hpke_public = vault.Pair.new().public
    with pytest.raises(vault.Untrusted):
        save(sqlite_stage, "caseworker", "cases.new")
