"""What the keys of a case are bound to, and what the maker of an epoch signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

import vault
from cases.models import Case, CaseEpoch
from vault import GrantScope, Key


def commitment(key: Key) -> bytes:
    """A value that names the key without telling it."""
    return vault.derive(key, "case key commitment").material


def statement(organisation_id: UUID, row: CaseEpoch | Row[Any]) -> bytes:
    """What the maker of an epoch signs."""
    return vault.pack(
        organisation_id,
        row.case_id,
        row.epoch,
        row.commitment,
        row.inbox_public,
        row.previous,
        int(row.restricted),
        row.made_by,
    )


def scope(case: Case, holder_id: UUID) -> GrantScope:
    """Whose grant of which case it is."""
    return GrantScope(case.organisation_id, "case", case.id, holder_id)


def previous_context(case: Case, epoch: int) -> vault.Context:
    """Of the key before, under the key of an epoch."""
    return vault.Context("previous case key", case.organisation_id, case.id, epoch)


def inbox_context(case: Case, epoch: int) -> vault.Context:
    """Of the private half of the inbox of an epoch."""
    return vault.Context("case inbox", case.organisation_id, case.id, epoch)
