"""What stood on the desk of somebody who can open a case no more goes to somebody who can."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from accounts.service.names import names_of
from cases.models import Case, CaseItem
from cases.service import items, rows, team
from cases.service.views import OPEN
from core.access.permissions import Role
from core.store.base import db
from vault import Key, Pair


def rotated(case: Case, _old: Key, new: Key, _old_inbox: Pair) -> None:
    """Put the open items of those who left on another desk, a caseworker's first; each says whose it was."""
    owned = select(CaseItem).where(
        CaseItem.case_id == case.id, CaseItem.state == OPEN, CaseItem.owner_id.is_not(None)
    )
    # As they were just sealed under the new key, whatever the session had read before.
    found = db.session.scalars(owned.execution_options(populate_existing=True)).all()
    if not found:
        return
    able = team.may_open(case)
    left = [row for row in found if row.owner_id not in able]
    if not left:
        return
    names, next_one = names_of(row.owner_id for row in left), heir(case, able)
    for row in left:
        content = items.opened(case, new, row)
        content["data"] = {**content["data"], "had": names.get(row.owner_id, "")}
        # A review is no work of whoever works on the case; the page of the supervision names it.
        row.owner_id = next_one if content["kind"] != "review" else None
        row.version += 1
        row.sealed = rows.seal_row(new, case, items.TABLE, row.id, row.version, content | items.in_clear(row))


def heir(case: Case, able: set[UUID]) -> UUID | None:
    """Of those who work here, and may do what stands there, a caseworker first; else who leads."""
    works = [one for one in team.lines(case) if one.person_id in able]
    first = [one for one in works if one.capacity == str(Role.CASEWORKER)] or works
    return first[0].person_id if first else min(team.leading(able), default=None)
