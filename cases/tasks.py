"""Keyless work of cases, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from typing import Final

import structlog
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cases.service import assignment, letters, members, reminders
from config.settings import Settings
from core.outgoing.message import Message, NotCarriedError
from core.outgoing.ways import the_carrier
from core.store.transaction import transaction
from core.web.locale import LOCALES

LETTERS: Final = 20  # sent in one round; then jobs come first again

log = structlog.get_logger("reminders")


def expire_offers() -> None:
    """End offers whose time has run out. Safe twice: an ended offer is not found again."""
    with transaction():
        assignment.expire()


def expire_access() -> None:
    """End access that was given until a day that has passed. Safe twice: ended access is not found again."""
    with transaction():
        members.expire()


def remind() -> None:
    """Write down what is due, at 08:00 and after every change. Safe twice: there is one row for each step."""
    while True:
        with transaction():
            looked_after = reminders.write_due()
        if looked_after < reminders.BATCH:
            return


def send_letters() -> None:
    """Send what was written down. Safe twice: a letter is claimed before, and marked after.

    Killed in between, it is sent once more under the same id when the claim has run out.
    """
    with transaction():
        letters.drop_needless()
    for _number in range(LETTERS):
        with transaction():
            letter = letters.claim()
        if letter is None or not _send(letter):
            return


def _send(letter: letters.Letter) -> bool:
    """Whether the server can be asked for more."""
    settings: Settings = current_app.extensions["himaya"]
    outcome = letters.sent
    try:
        the_carrier().carry(_message(letter, settings.base_url))
    except NotCarriedError as error:
        outcome = letters.refused if error.final else letters.put_off
        log.warning("reminder.refused" if error.final else "reminder.put_off", message_id=letter.id)
    with transaction():
        outcome(letter)
    return outcome is not letters.put_off


def _message(letter: letters.Letter, base_url: str) -> Message:
    """The same words for everybody and everything."""
    with force_locale(LOCALES[letter.language]):
        text = "\n\n".join(
            (
                _("Something on your desk is due. Sign in and look at it:"),
                f"{base_url}/desk",
                _("This message says no more on purpose, and nobody reads an answer to it."),
            )
        )
        return Message(letter.id, letter.to, letter.language, _("Himaya: something is due"), f"{text}\n")
