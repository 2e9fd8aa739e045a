"""Which closings a second person looks at: all of the highest urgency, all complaints, one in ten others.

Source: file review after the ABA Standards for the Provision of Civil Legal Aid 2021 (domain research 4.4).
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

URGENT: Final = "U0"
ONCE: Final = "once_urgent"  # in the record of a case that was of the highest urgency and is not any more
ONE_IN: Final = 10


class Second(StrEnum):
    """Why somebody may not be the second one of a closing."""

    PROPOSER = "proposer"
    LAWYER = "lawyer"


def is_urgent(urgency: str, record: Mapping[str, Any]) -> bool:
    """Whether a case is, or ever was, of the highest urgency: lowering it spares no second pair of eyes."""
    return urgency == URGENT or bool(record.get(ONCE))


def drawn(secret: str, turn: int, one_in: int = ONE_IN) -> bool:
    """Whether the closing number `turn` of a case, from 0, is among those that are looked at.

    secret: of the case, and random; whoever does not know it cannot tell before, and asking again changes
    nothing.
    """
    drawn_by = hashlib.sha256(f"closing review|{secret}|{turn}".encode()).digest()
    return int.from_bytes(drawn_by, "big") % one_in == 0


def unfit(person: str, *, proposer: str, lawyers: frozenset[str]) -> Second | None:
    """Why somebody may not close what has to be looked at by a second person; None where they may.

    lawyers: whoever works or worked on the case as its lawyer.
    """
    if person == proposer:
        return Second.PROPOSER
    return Second.LAWYER if person in lawyers else None
