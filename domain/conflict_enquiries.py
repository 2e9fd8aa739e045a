"""Asking other organisations whether they act for the other side: what is asked, answered, and until when.

An enquiry is made of codes. It is no referral: nobody is asked to take a matter, so no answer is a refusal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from domain.referrals import CLOCKS

CHECKABLE: Final = ("issue", "province", "month")
"""What may go along beside who the other side is; each can be left out."""


class Reply(StrEnum):
    """What a focal point answers; labels are in `config/lists/conflict_reply.tsv`."""

    YES = "yes"
    NO = "no"
    ASK_US = "ask_us"


class State(StrEnum):
    """Where an enquiry stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    SILENT = "silent"  # the time is over and nobody answered
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # decided, or the case is closed, before an answer came


VISIBLE: Final = frozenset({State.ASKED, State.ANSWERED})
"""What stands on the desk of whoever was asked."""


def clock(priority: str, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """When the other side is reminded, once, and when the time for an answer is over: as for referrals.

    Raises KeyError for a priority that the list does not have.
    """
    times = CLOCKS[priority]
    return at + times.chase, at + times.answer


def is_possible(replies: Iterable[str]) -> bool:
    """Whether somebody answered so that a conflict is possible; it decides nothing."""
    return any(reply in {Reply.YES, Reply.ASK_US} for reply in replies)


def sign(token: str) -> str:
    """By what both sides name an enquiry on the telephone; it tells nothing. `token`: 32 hex digits."""
    return f"{token[:4]}-{token[4:8]}".upper()
