"""Keyless work of requests, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from typing import Final

import structlog
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from accounts.tasks import Words, send
from core.outgoing.message import Message, NotCarriedError
from core.outgoing.ways import way_to_people
from core.store.transaction import transaction
from core.web.locale import LOCALES
from intake.notice_words import SUBJECT, TEXT
from intake.service import alerts, attachments, drafts, telling, visiting
from intake.service.telling import Notice

NOTICES: Final = 20  # sent in one round; then jobs come first again
log = structlog.get_logger("notices")

WORDS: Final = Words(
    _l("Himaya: something urgent waits"), _l("Something urgent waits. Sign in:"), "/requests"
)


def tell_urgent() -> None:
    """Tell whoever is next of each urgent request that nobody is on. Safe twice, as `accounts.tasks.send`."""
    while True:
        with transaction():
            looked_at = alerts.tell_due()
        if looked_at < alerts.BATCH:
            break
    with transaction():
        alerts.drop_needless()
    send(alerts.POST, WORDS)


def tell_people() -> None:
    """Tell people who chose so that an answer is there. Safe twice: claimed before, and marked after.

    Killed in between, a notice goes once more under the same id when the claim has run out, unless the
    person has read meanwhile, and only in a safe hour.
    """
    for _number in range(NOTICES):
        with transaction():
            notice = telling.claim()
        if notice is None:
            return
        _tell(notice)


def _tell(notice: Notice) -> None:
    try:
        way_to_people(notice.way).carry(_message(notice))
    except NotCarriedError as error:
        log.warning("notice.refused" if error.final else "notice.put_off", message_id=notice.id)
        with transaction():
            telling.refused(notice) if error.final else telling.put_off(notice)
        return
    with transaction():
        telling.sent(notice)


def _message(notice: Notice) -> Message:
    with force_locale(LOCALES[notice.language]):
        return Message(notice.id, notice.to, notice.language, str(SUBJECT), f"{TEXT}\n")


def tidy() -> None:
    """Delete drafts, visits and choices of notices that are over. Safe twice: what is deleted is gone."""
    with transaction():
        drafts.purge()
        visiting.purge()
        telling.purge()
        attachments.purge()
