"""Whole cases put back to an earlier state: each fits its own head, but not the record of acts."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import select

from cases.models import Case
from core.audit.verify import Finding, latest_digests
from core.store.base import db


def rolled_back(organisation_id: UUID) -> list[Finding]:
    """Cases whose head is not the one the chain saw last, and cases it saw that are gone. Keyless."""
    expected = latest_digests(organisation_id, "case")
    heads = db.session.execute(select(Case.id, Case.head).where(Case.organisation_id == organisation_id))
    found = {case_id: hashlib.sha256(head).digest() for case_id, head in heads}
    return [
        Finding(organisation_id, 0, "case_head", case_id)
        for case_id in sorted(expected.keys() | found.keys())
        if expected.get(case_id) != found.get(case_id)
    ]
