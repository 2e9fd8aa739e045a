"""Contacts in a case: which kinds of lines are contacts, and by which channels each can have come about.

The channels are those of `config/lists/channel.tsv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

CALL: Final = "call"

CHANNELS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        CALL: ("call", "whatsapp", "messenger", "third"),
        "message": ("whatsapp", "sms", "messenger", "email", "letter", "website", "third", "referral"),
        "visit": ("in_person", "outreach"),
        "meeting": ("in_person", "call", "whatsapp", "messenger", "outreach"),
    }
)
"""By kind of contact the channels that fit."""

_BY_ITSELF: Final = MappingProxyType({CALL: "call", "visit": "in_person", "meeting": "in_person"})
"""What a kind says of its channel without being asked; a message comes in too many ways."""


class Fault(StrEnum):
    """Why a channel can't stand as it was given."""

    NEEDED = "needed"
    NO_CONTACT = "no_contact"
    """A line that is no contact has no channel."""

    DOES_NOT_FIT = "does_not_fit"


class UnfitChannel(ValueError):
    """The channel does not fit the kind of line."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def channel_of(kind: str, given: str) -> str:
    """The channel of a line of the timeline; "" for one that is no contact. Raises `UnfitChannel`."""
    if kind not in CHANNELS:
        if given:
            raise UnfitChannel(Fault.NO_CONTACT)
        return ""
    channel = given or _BY_ITSELF.get(kind, "")
    if not channel:
        raise UnfitChannel(Fault.NEEDED)
    if channel not in CHANNELS[kind]:
        raise UnfitChannel(Fault.DOES_NOT_FIT)
    return channel
