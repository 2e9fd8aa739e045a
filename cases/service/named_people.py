"""A restricted file is open to two people at least, so that one who falls ill or leaves locks nobody out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service.files import NAMED_AT_LEAST
from cases.service.views import MemberLine
from core.errors import DomainError
from domain.drafts import REVIEWER


def require_two(people: Collection[UUID], untils: Mapping[UUID, dt.datetime | None]) -> None:
    """Of those to whom a case is to be open, who is on it until a day alone counts for nobody.

    people: without whoever is giving the case up, with a day or before one is known.
    """
    if sum(untils.get(one) is None for one in people) < NAMED_AT_LEAST:
        raise DomainError(
            _(
                "A restricted file names at least two people. Who is on it only for a time, or is giving it "
                "up, does not count."
            ),
            field="named",
        )


def require_two_staying(case: Case, works: Sequence[MemberLine], person_id: UUID) -> None:
    """Before one of these people leaves. Who is there until a day alone, or leaves too, counts for nobody."""
    lasting = {
        one.person_id
        for one in works
        if one.until is None and not one.withdrawing and one.capacity != REVIEWER
    }
    if case.restricted and person_id in lasting and len(lasting) <= NAMED_AT_LEAST:
        raise DomainError(
            _(
                "A restricted file names at least two people. Who is on it only for a time, or is giving it "
                "up, does not count. Add somebody first."
            )
        )
