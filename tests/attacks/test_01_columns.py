"""1. Every stored column is sealed bytes, or stands in docs/security.md as clear: a new one is not missed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import LargeBinary, Uuid

from core.store.base import Base
from core.store.migrate import import_models

SECURITY: Final = (Path(__file__).parents[2] / "docs/security.md").read_text("utf-8")

# Row of the table "What is in clear" -> table -> columns that are neither bytes nor ids.
# Bytes are looked at in test_01_stolen_server; ids are random and stand in the first row.
CLEAR: Final[dict[str, dict[str, str]]] = {
    "staff: name": {
        "people": "email name language languages provinces state totp_step created_at departed_at version "
        "shortcuts",
        "work_profiles": "issue_groups bar gender share version",
        "absences": "begins ends",
        "person_roles": "role",
        "person_keys": "must_change created_at retired_at",
    },
    "random ids, case reference, organisation": {
        "organisations": "name_ar name_tr name_en prefix invented created_at",
        "case_counters": "last",
    },
    "state, urgency, restricted or not": {
        "cases": "number reference state urgency restricted opened_on closed_on changed_at version epoch "
        "told_on stepped_on reopened_on",
        "case_epochs": "epoch restricted created_at",
    },
    "who is a member of which case": {
        "case_members": "number capacity since until ended_at seen_at withdrawing_since",
        "case_grants": "epoch holder_kind released expires_at created_at",
        "case_key_rings": "epoch",
        "search_blocks": "block",
        "own_lists": "kind open made_at version",
        "assignments": "state reason_epoch offered_at answer_by answered_at until version",
    },
    "deadlines: safe date": {
        "deadlines": "safe_on state touched version epoch reminded_on reminded_version",
        "reminders": "safe_on step written_at seen_at mail try_at attempts",
    },
    "files that are looked at in a month": {
        "review_draws": "month seed closed open drawn drawn_at",
        "drawn_files": "month",
    },
    "talks about the work: who": {"work_talks": "written_at", "work_talk_readers": ""},
    "tasks, appointments and the like: day": {"case_items": "due_on state version epoch"},
    "lawyers’ notes: how many": {
        "lawyer_notes": "written_at version epoch",
        "note_grants": "epoch holder_kind created_at",
        "draft_grants": "epoch created_at",
        "legal_drafts": "due_at version epoch",
        "legal_draft_parts": "written_at version epoch",
    },
    "templates of letters: how many": {
        "letter_templates": "retired latest approved version",
        "letter_versions": "number written_at approved_at",
        "letter_readers": "",
    },
    "documents: how many": {"case_files": "added_at copy_failed version epoch"},
    "which store of files": {"store_marks": "id since round_at left"},
    "ZIPs of conversations": {"case_archives": "touched_at version epoch"},
    "the law that deadlines rest on": {
        "law_files": "id",
        "law_changes": "table key cells source sign_off state proposed_at signed_at withdrawn_at "
        "withdrawn_because settled version",
    },
    "calendars: who": {"calendar_feeds": "made_at"},
    "time and author of each line": {
        "case_entries": "written_at version epoch carried_out",
        "case_consents": "recorded_at version epoch",
        "facts": "version",
    },
    "referrals: which case": {
        "referrals": "state priority created_at changed_at due_at chase_at chases access_until lines "
        "waits_sender waits_partner written version",
        "referral_lines": "number kind written_at",
        "referral_packets": "released_at removed_at",
    },
    "enquiries about conflicts": {
        "conflict_enquiries": "asked_at priority state due_at remind_at reminded_at news answered_at version",
    },
    "dossiers: how many": {
        "dossiers": "state made_at changed_at version",
        "dossier_sections": "kind language state version edited_at",
        "dossier_asks": "asked_at answered_at",
        "dossier_stories": "state consent_until version written_at second_at pulled_at pulled_because",
        "dossier_versions": "number made_at",
        "dossier_version_stories": "story_version",
        "dossier_approvals": "kind approved_at",
        "dossier_figures": "added_at",
        "dossier_outputs": "kind language format made_at flagged_at settled_at",
    },
    "outcomes of dossiers": {
        "dossier_outcomes": "step reached_on written_at",
        "dossier_reviews": "due_on done_at",
        "dossier_results": "told_at seen_at",
    },
    "addressees of dossiers": {
        "institutions": "kind code name_ar name_tr name_en address version retired_at",
        "letter_texts": "kind language text version edited_at",
        "contact_people": "version retired_at",
        "contact_entries": "due_on state written_at version",
    },
    "what recurs": {
        "pattern_decisions": "decided_at",
        "pattern_proposals": "state proposed_at answered_at version",
        "pattern_scans": "week version scanned_at",
        "pool_partners": "since",
        "pooled_counts": "week told_at",
    },
    "the directory of services": {
        "directory_entries": "code name_ar name_tr name_en services provinces languages capacity address "
        "hours focal_person phone confirmed review_on retired version",
    },
    "legal information for the public": {
        "topics": "address code issue latest published version",
        "topic_versions": "number texts review_by valid_to state written_at reviewed_at remark published_at",
        "public_offices": "texts version",
    },
    "sessions on legal information": {
        "awareness_sessions": "kind held_on ended_on issue province place channel language counts total "
        "leaflets logged_at withdrawn_at withdrawn_because version",
        "awareness_corrections": "number before corrected_at",
    },
    "requests for help": {
        "requests": "number reference state urgency created_at changed_at claimed_at written waits_desk "
        "waits_since tell_since tell_next acknowledged_at version",
        "intake_counters": "last",
        "receipts": "created_at",
        "request_messages": "number written_at seen_at",
        "request_visits": "created_at seen_at",
        "request_notices": "written state moved_at try_at attempts",
        "request_files": "number waits added_at copy_failed",
        "request_drafts": "written seen_at",
        "complaints": "written_at answered_at",
        "complaint_readers": "",
    },
    "the duty rota": {
        "duty_shifts": "kind weekday on_date begins ends vacated_at removed_at version",
        "duty_alerts": "since step written_at mail try_at attempts",
    },
    "what the public reads about asking": {
        "intake_places": "open provinces hours notice tonight version",
    },
    "drafts: whose": {"drafts": "form saved_at"},
    "forms that were carried out: when": {"sent_forms": "sent_at"},
    "sheets of cases": {
        "case_imports": "made_at touched_at state carried_at written",
        "case_import_rows": "number state",
    },
    "sign-in sessions": {
        "sessions": "state device created_at seen_at expires_at confirmed_at tries",
    },
    "invitations: for whom": {"invitations": "created_at expires_at used_at"},
    "waiting orders": {"orders": "kind ordered_at done_at"},
    "jobs: which kind": {
        "outbox_messages": "job arguments created_at due_at sent_at done_at attempts",
    },
    "keys: kind, epoch": {
        "organisation_keys": "kind epoch created_at rotation_due retired_at",
        "key_grants": "created_at",
        "key_rings": "",
        "recovery_wraps": "first second",
    },
    "public keys, certificates": {
        "certificates": "kind serial created_at revoked_at",
        "partner_roots": "confirmed_at",
    },
    "acts: who": {"audit_entries": "number at act object_kind", "audit_heads": "number"},
    "names of those who keep a recovery paper": {"recovery_holders": "number name"},
    "match tokens": {"match_tokens": "", "request_tokens": ""},
    "which quarter and table": {
        "quarter_snapshots": "quarter frozen_at",
        "releases": "table quarter menu_version format language size released_at revoked_at",
    },
}


def test_every_clear_column_is_named() -> None:
    import_models()
    stored = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, LargeBinary | Uuid)
    }
    named = {
        (table, column)
        for tables in CLEAR.values()
        for table, columns in tables.items()
        for column in columns.split()
    }
    assert stored == named
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert tables == {table for tables in CLEAR.values() for table in tables}


def test_each_has_its_row_in_the_document_for_readers_outside() -> None:
    """The first cell of a row of "What is in clear" begins so, and the second says why."""
    part = SECURITY.split("## What is in clear")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    for begins in CLEAR:
        [(_clear, why)] = [row for row in rows if row[0].startswith(begins)]
        assert why.strip()
