"""What the worker does for accounts by itself, and the way by which letters to staff leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import structlog
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.service import sent, sessions
from accounts.service.letters import Letter, Post
from config.settings import Settings
from core.outgoing.message import Message, NotCarriedError
from core.outgoing.ways import the_carrier
from core.store.transaction import transaction
from core.web.locale import LOCALES

LETTERS: Final = 20  # of a kind, sent in one round; then jobs come first again

log = structlog.get_logger("letters")


@dataclass(frozen=True)
class Words:
    """What a letter says, the same to everybody about everything; lazy, for each reader's language."""

    subject: Any
    text: Any
    path: str  # the page where the rest is read


def purge_sessions() -> None:
    """End the sessions that are over, delete what ended a day ago. Safe to repeat: only the clock decides."""
    if sessions.purge_due():
        with transaction():
            sessions.purge()


def purge_forms() -> None:
    """Forget what forms said a week ago. Safe to repeat: only the clock decides."""
    if sent.purge_due():
        with transaction():
            sent.purge()


def send(post: Post, words: Words) -> None:
    """Send what was written down. Safe twice: a letter is claimed before, and marked after.

    Killed in between, it is sent once more under the same id when the claim has run out.
    """
    for _number in range(LETTERS):
        with transaction():
            letter = post.claim()
        if letter is None or not _send(post, letter, words):
            return


def carry(letter: Letter, words: Words) -> NotCarriedError | None:
    """Hand a letter to the mail server, outside of any transaction; gives why it was not taken."""
    settings: Settings = current_app.extensions["himaya"]
    try:
        the_carrier().carry(_message(letter, words, settings.base_url))
    except NotCarriedError as error:
        log.warning("letter.refused" if error.final else "letter.put_off", message_id=letter.id)
        return error
    return None


def _send(post: Post, letter: Letter, words: Words) -> bool:
    """Whether the server can be asked for more."""
    error = carry(letter, words)
    with transaction():
        if error is None:
            post.sent(letter)
        else:
            post.refused(letter) if error.final else post.put_off(letter)
    return error is None or error.final


def _message(letter: Letter, words: Words, base_url: str) -> Message:
    with force_locale(LOCALES[letter.language]):
        last = _("This message says no more on purpose, and nobody reads an answer to it.")
        text = "\n\n".join((str(words.text), f"{base_url}{words.path}", last))
        return Message(letter.id, letter.to, letter.language, str(words.subject), f"{text}\n")
