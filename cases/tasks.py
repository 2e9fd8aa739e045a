"""Keyless work of cases, run by the worker. No arguments but ids, nothing about a person."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _l

from accounts.service.letters import Letter
from accounts.tasks import Words, carry, send
from cases.service import archives, assignment, drawing, letters, members, offer_letters, reminders
from cases.service.importing import store
from core.store.transaction import afterwards, transaction

WORDS: Final = Words(
    _l("Himaya: something is due"), _l("Something on your desk is due. Sign in and look at it:"), "/desk"
)


def expire_offers() -> None:
    """End offers whose time has run out. Safe twice: an ended offer is not found again."""
    with transaction():
        assignment.expire()


def expire_access() -> None:
    """End access that was given until a day that has passed. Safe twice: ended access is not found again."""
    with transaction():
        members.expire()


def forget_sheets() -> None:
    """Delete sheets and ZIPs that nobody went on with. Safe twice: what is gone is not found again."""
    with transaction():
        store.purge()
        archives.purge()


def draw_reviews() -> None:
    """Draw which files are looked at this month. Safe twice: an organisation draws once a month."""
    with transaction():
        drawing.draw_all()


def remind() -> None:
    """Write down what is due, at 08:00 and after every change. Safe twice: there is one row for each step."""
    while True:
        with transaction():
            looked_after = reminders.write_due()
        if looked_after < reminders.BATCH:
            return


def send_letters() -> None:
    """Send what was written down. Safe twice, as `accounts.tasks.send` is."""
    with transaction():
        letters.drop_needless()
    send(letters.POST, WORDS)


def tell_of_offer(assignment_id: UUID, person_id: UUID) -> None:
    """A job: have a letter about an offer sent after its transaction. Safe twice: its id stays the same."""
    found = offer_letters.claim(assignment_id, person_id)
    if found is not None:
        afterwards(partial(_tell, *found))


def _tell(letter: Letter, again: list[UUID]) -> None:
    error = carry(letter, WORDS)
    if error is None or error.final:
        with transaction():
            offer_letters.over(again)
