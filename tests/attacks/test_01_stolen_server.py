"""1. Database, object store, queue and server secrets, trying every stored key: no content, no category."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import vault
from accounts.models import PersonKey
from accounts.service import keys as organisation_keys
from accounts.service import locks
from cases.models import Case, Consent, Entry, Fact
from cases.service import files, keys, records, rows, timeline
from core.reference import reference
from core.store.base import db
from core.store.transaction import transaction
from tests.attacks import thief
from tests.support.cast import Cast, on_stage, record_of

NAME, PARENT, STORY, NOTE = "زرقاء اليمامة", "BENZERSIZBABA", "قصة لا تتكرر أبدا", "müvekkil-notu-eşsiz"


@pytest.fixture
def case_in(app: Flask) -> Iterator[tuple[Cast, Case]]:
    with on_stage(app) as cast:
        record = {**record_of(name_ar=NAME, father=PARENT), "narrative": STORY}
        case_id = cast.record(
            record=record,
            consents=[{"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}],
        )
        with transaction():
            by, to = cast["caseworker"], "from_client"
            timeline.add_note(by, case_id, "message", NOTE, uuid4(), channel="whatsapp", direction=to)
        yield cast, db.session.get_one(Case, case_id)


def test_nothing_a_person_said_is_stored_in_clear(case_in: tuple[Cast, Case]) -> None:
    cast, case = case_in
    with transaction():
        opened = files.open_case(cast["caseworker"], case.id)
    assert opened.record["narrative"] == STORY  # the loot is there, for those who hold the key
    stored = [*thief.values(binary=True), *thief.files(cast.settings.home)]
    text = " ".join(str(value) for value in thief.values(binary=False))
    for word in (NAME, PARENT, STORY, NOTE):
        assert word not in text
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert not any(word.encode(encoding) in value for value in stored)


def test_no_category_is_stored_in_clear(case_in: tuple[Cast, Case]) -> None:
    """No column holds an issue code, a province, a sex, an age band, a nationality."""
    cast, _case = case_in
    codes = {*reference().taxonomy.leaves, "34", "SYR", "30-44", "temporary_protection"}
    codes |= {"whatsapp", "from_client"}
    assert cast.organisation_id in {row["organisation_id"] for name, row in thief.rows() if name == "cases"}
    for name, row in thief.rows():
        for column, value in row.items():
            if (name, column) in {("people", "provinces"), ("people", "languages")}:
                continue  # where a lawyer appears, and what a colleague speaks
            if (name, column) in {("directory_entries", "provinces"), ("directory_entries", "languages")}:
                continue  # where a public service or an organisation works: printed on its door
            if (name, column) in {("topics", "issue"), ("awareness_sessions", "issue")}:
                continue  # what a published text or a public session is about, of nobody
            if (name, column) == ("awareness_sessions", "province"):
                continue  # where a public session was held: it stood on its poster
            found = set(value) if isinstance(value, list) else {value}
            assert not codes & found, (name, column)


def test_no_stored_key_opens_anything(case_in: tuple[Cast, Case]) -> None:
    cast, case = case_in
    true_key = keys.case_key(cast["caseworker"], case)
    sealed: list[tuple[bytes, vault.Context]] = [
        (sealed_part, vault.row_context(case.organisation_id, case.id, name, case.id, case.version))
        for name, sealed_part in (("cases.record", case.record), ("cases.card", case.card))
    ]
    written: list[Entry | Consent] = [
        *db.session.scalars(select(Entry)),
        *db.session.scalars(select(Consent)),
    ]
    for row in written:
        context = vault.row_context(case.organisation_id, case.id, row.__tablename__, row.id, row.version)
        sealed.append((row.sealed, context))
    assert all(vault.unseal(true_key, blob, context) for blob, context in sealed)
    db.session.rollback()
    for key in thief.stored_keys(cast.settings):
        for blob, context in sealed:
            with pytest.raises(vault.Unreadable):
                vault.unseal(key, blob, context)


def test_facts_open_only_to_managers(case_in: tuple[Cast, Case]) -> None:
    cast, case = case_in
    fact = db.session.scalars(select(Fact)).one()
    context = vault.Context("fact", case.organisation_id, fact.id, fact.version)
    pair = organisation_keys.open_key(cast["manager"], "statistics").pair
    assert b"A02" in pair.open(fact.sealed, context)
    for name in ("caseworker", "coordinator", "lawyer", "admin"):
        with pytest.raises(vault.Unreadable):
            cast[name].secret.pair.open(fact.sealed, context)


def test_password_and_pepper_are_both_needed(case_in: tuple[Cast, Case]) -> None:
    cast, case = case_in
    player = cast.players["caseworker"]
    row = db.session.scalars(select(PersonKey).where(PersonKey.person_id == player.id)).one()

    def unlock(password: str, pepper: bytes) -> vault.PersonSecret | None:
        return locks.open_with_password(dataclasses.replace(cast.settings, pepper=pepper), row, password)

    secret = unlock(player.password, cast.settings.pepper)
    assert secret is not None
    assert secret.pair.public == row.hpke_public
    actor = dataclasses.replace(player.actor, secret=secret)
    assert records.open_record(keys.case_key(actor, case), case)["narrative"] == STORY
    assert unlock(f"yanlis-{player.password}", cast.settings.pepper) is None
    assert unlock(player.password, os.urandom(32)) is None


def test_each_binary_column_is_known() -> None:
    """A new column of bytes is looked at before it is added: is it sealed, public, or a hash?"""
    sealed = {
        ("assignments", "brief"),
        ("assignments", "reason"),
        ("case_archives", "sealed"),
        ("case_consents", "sealed"),
        ("case_entries", "sealed"),
        ("case_files", "sealed"),
        ("lawyer_notes", "sealed"),
        ("legal_drafts", "sealed"),
        ("legal_draft_parts", "sealed"),
        ("note_grants", "sealed"),
        ("draft_grants", "sealed"),
        ("letter_readers", "wrapped"),
        ("letter_versions", "about"),
        ("letter_versions", "content"),
        ("case_items", "sealed"),
        ("case_epochs", "inbox_private"),
        ("case_epochs", "previous"),
        ("case_grants", "sealed"),
        ("case_imports", "plan"),
        ("case_imports", "sealed"),
        ("case_key_rings", "wrapped"),
        ("cases", "card"),
        ("search_blocks", "sealed"),
        ("own_lists", "sealed"),
        ("match_tokens", "token"),
        ("request_tokens", "token"),
        ("cases", "head"),
        ("cases", "record"),
        ("contact_entries", "sealed"),
        ("contact_people", "sealed"),
        ("deadlines", "sealed"),
        ("dossier_asks", "sealed"),
        ("dossier_figures", "sealed"),
        ("dossier_outcomes", "sealed"),
        ("dossier_results", "sealed"),
        ("dossier_reviews", "sealed"),
        ("dossier_sections", "sealed"),
        ("dossier_stories", "copy"),
        ("dossier_stories", "sealed"),
        ("dossier_versions", "sealed"),
        ("dossiers", "sealed"),
        ("dossiers", "wrapped"),
        ("drafts", "sealed"),
        ("facts", "sealed"),
        ("key_grants", "sealed"),
        ("key_rings", "wrapped"),
        ("pattern_decisions", "sealed"),
        ("pattern_proposals", "answer"),
        ("pattern_proposals", "sealed"),
        ("pattern_scans", "sealed"),
        ("pooled_counts", "sealed"),
        ("person_keys", "locked_by_code"),
        ("person_keys", "locked_by_password"),
        ("quarter_snapshots", "sealed"),
        ("conflict_enquiries", "answer"),
        ("conflict_enquiries", "case_wrap"),
        ("conflict_enquiries", "partner_wrap"),
        ("conflict_enquiries", "sealed"),
        ("referral_lines", "case_wrap"),
        ("referral_lines", "partner_wrap"),
        ("referral_lines", "sealed"),
        ("referral_packets", "partner_wrap"),
        ("referral_packets", "sealed"),
        ("referrals", "details"),
        ("releases", "revoked_reason"),
        ("recovery_holders", "sealed_private"),
        ("recovery_wraps", "sealed"),
        ("sessions", "secret"),
        ("sent_forms", "sealed"),
        ("work_talk_readers", "wrapped"),
        ("work_talks", "sealed"),
        ("complaint_readers", "wrapped"),
        ("complaints", "answer"),
        ("complaints", "person_wrap"),
        ("complaints", "sealed"),
        ("receipts", "sealed_private"),
        ("receipts", "wrapped"),
        ("request_drafts", "sealed"),
        ("request_notices", "sealed"),
        ("request_files", "sealed"),
        ("request_messages", "sealed"),
        ("request_visits", "secret"),
        ("requests", "case_wrap"),
        ("requests", "desk_wrap"),
        ("requests", "sealed"),
    }
    public = {
        ("audit_entries", "digest"),
        ("audit_entries", "link"),
        ("audit_heads", "link"),
        ("calendar_feeds", "token_hash"),
        ("case_epochs", "commitment"),
        ("case_epochs", "inbox_public"),
        ("case_epochs", "signature"),
        ("note_grants", "signature"),
        ("draft_grants", "signature"),
        ("letter_versions", "approval"),
        ("letter_versions", "signature"),
        ("conflict_enquiries", "answer_signature"),
        ("conflict_enquiries", "signature"),
        ("case_grants", "signature"),
        ("case_import_rows", "head"),
        ("certificates", "countersignature"),
        ("certificates", "signature"),
        ("certificates", "statement"),
        ("dossier_approvals", "signature"),
        ("dossier_outputs", "sha256"),
        ("dossier_stories", "second_signature"),
        ("dossier_stories", "signature"),
        ("dossier_versions", "digest"),
        ("invitations", "token_hash"),
        ("law_files", "digest"),
        ("key_grants", "signature"),
        ("organisation_keys", "public"),
        ("organisations", "root_public"),
        ("partner_roots", "root_public"),
        ("partner_roots", "signature"),
        ("pooled_counts", "signature"),
        ("person_keys", "hpke_public"),
        ("person_keys", "sign_public"),
        ("recovery_holders", "public"),
        ("referral_lines", "signature"),
        ("referral_packets", "signature"),
        ("releases", "sha256"),
        ("sessions", "lookup"),
        ("receipts", "lookup"),
        ("request_drafts", "lookup"),
        ("request_visits", "lookup"),
    }
    assert thief.binary_columns() == sealed | public


def test_the_wrong_row_version_opens_nothing(case_in: tuple[Cast, Case]) -> None:
    cast, case = case_in
    key = keys.case_key(cast["caseworker"], case)
    assert rows.open_row(key, case, "cases.record", case.id, case.version, case.record)
    with pytest.raises(vault.Unreadable):
        rows.open_row(key, case, "cases.record", case.id, case.version + 1, case.record)
