"""Who may delete a document of a case, and when: it may be evidence, so nobody does it alone and at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OWN_MISTAKE: Final = dt.timedelta(hours=1)  # within which whoever added it takes it back
ALONE: Final = dt.timedelta(days=7)  # after which one person deletes where nobody else could confirm


class Way(StrEnum):
    """What somebody can do about a document that does not belong into a case."""

    TAKE_BACK = "take_back"  # their own, just added: deleted at once
    ASK = "ask"  # marked until it is decided
    CONFIRM = "confirm"  # asked by another person: deleted, or it stays
    WAIT = "wait"  # asked by themselves
    DELETE = "delete"  # asked by themselves long ago, with nobody else to confirm


@dataclass(frozen=True)
class Asked:
    """That somebody asked for a document to be deleted."""

    by: str
    at: dt.datetime


def way(
    person: str, now: dt.datetime, *, added_by: str, added_at: dt.datetime, asked: Asked | None, others: bool
) -> Way:
    """What `person` can do now. others: whether anybody but them could confirm."""
    if asked is None:
        return Way.TAKE_BACK if person == added_by and now - added_at < OWN_MISTAKE else Way.ASK
    if asked.by != person:
        return Way.CONFIRM
    return Way.WAIT if others or now - asked.at < ALONE else Way.DELETE
