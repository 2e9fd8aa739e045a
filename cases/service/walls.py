"""Who never gets the key of a case: the people behind a wall, as it was decided and signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import records
from core.errors import DomainError
from vault import Key


class Walled(DomainError):
    """Somebody must not get this key."""


def of(record: dict[str, Any]) -> frozenset[UUID]:
    """Everybody whom a decision of this record keeps out; none is ever let in again by a later one."""
    return frozenset(
        UUID(one) for decision in record.get("conflict_decisions", ()) for one in decision["walled"]
    )


def require_none(case: Case, key: Key, people: Iterable[UUID]) -> None:
    """Raise Walled where one of these people stands behind the wall; `key`: that of the sealed record."""
    if case.record and of(records.open_record(key, case)).intersection(people):
        raise Walled(_("A wall keeps this person out of the case, because of a conflict of interest."))
