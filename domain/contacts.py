"""Equal contact: every parliament group is offered the same paper, within the same time.

The groups are dated data (`config/lists/parliament_group.tsv`), shown in the order of their names; nothing
here ranks or counts them. The clock starts when the first of them is offered a version of a paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.lists import ListItem


class Contact(StrEnum):
    """Where a group stands with a version of a paper (`config/lists/equal_contact.tsv`)."""

    OFFERED = "offered"
    LATE = "late"
    """Offered, but after the time was over."""

    DUE = "due"
    MISSED = "missed"
    """Not offered, and the time is over."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A version of a paper that was offered to a group on a day."""

    group: str
    paper: str
    version: int
    on: date


@dataclass(frozen=True, slots=True)
class GroupContact:
    """One group: until when the offer is due, when it was made, which version the group has otherwise."""

    group: str
    state: Contact
    due: date
    offered: date | None
    earlier_version: int | None

    @property
    def is_open(self) -> bool:
        """Whether the group has still not been offered the version."""
        return self.offered is None


def equal_contact(
    groups: Iterable[ListItem], offers: Iterable[Offer], paper: str, version: int, within: int, today: date
) -> tuple[GroupContact, ...]:
    """Every group that sits today, in the order given, with what it was offered of this paper by today.

    Whoever was offered a later version has been offered this one as well; an earlier one is only mentioned.
    `within` is in days after the first offer of the version to any group; a group that was formed later has
    as many days from then. Empty as long as nobody has been offered it. Raises `ValueError` for a negative
    time.
    """
    if within < 0:
        message = "the time for equal contact is not negative"
        raise ValueError(message)
    of_paper = [offer for offer in offers if offer.paper == paper and offer.on <= today]
    known = {group.code: group for group in groups}
    current = [offer for offer in of_paper if offer.version >= version and offer.group in known]
    started = min((offer.on for offer in current), default=None)
    if started is None:
        return ()
    contacts: list[GroupContact] = []
    for code, group in known.items():
        if not group.holds_on(today):
            continue
        due = max(started, group.valid_from or started) + timedelta(days=within)
        offered = min((offer.on for offer in current if offer.group == code), default=None)
        earlier = [offer.version for offer in of_paper if offer.group == code and offer.version < version]
        contacts.append(
            GroupContact(code, _state(offered, due, today), due, offered, max(earlier, default=None))
        )
    return tuple(contacts)


def _state(offered: date | None, due: date, today: date) -> Contact:
    if offered is not None:
        return Contact.OFFERED if offered <= due else Contact.LATE
    return Contact.DUE if today <= due else Contact.MISSED
