"""Equal contact: which parliament groups were offered the version of a dossier that another group has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from advocacy.service import institutions
from advocacy.service.contacts import SENT, Line
from core import clock
from core.access.actors import Actor
from core.reference import reference
from domain.contacts import GroupContact, Offer, equal_contact

WITHIN: Final = 14
"""Days in which every group is offered what the first was offered."""


@dataclass(frozen=True)
class Equality:
    """Where every group stands with the latest version that one was offered; empty before that."""

    number: int
    groups: tuple[GroupContact, ...]
    ids: dict[str, str]  # institution of a group, to write the next contact

    @property
    def is_open(self) -> bool:
        """Whether somebody was not offered it yet."""
        return any(group.is_open for group in self.groups)


def check(actor: Actor, dossier_id: object, lines: list[Line]) -> Equality:
    """Compare what was sent to parliament groups; `lines` is the log of the dossier."""
    paper = str(dossier_id)
    offers = [
        Offer(line.institution.code or "", paper, line.note.number, line.note.on)
        for line in lines
        if line.note.kind == SENT and line.institution.kind == institutions.GROUP and line.note.number
    ]
    latest = max((offer.version for offer in offers), default=0)
    if not latest:
        return Equality(0, (), {})
    groups = equal_contact(
        reference().lists[institutions.GROUP], offers, paper, latest, WITHIN, clock.today()
    )
    live = institutions.index(actor, "tr")
    return Equality(latest, groups, {row.code: str(row.id) for row in live if row.code})
