"""Keyless work of requests, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from accounts.tasks import Words, send
from core.store.transaction import transaction
from intake.service import alerts, drafts, visiting

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


def tidy() -> None:
    """Delete drafts and visits that are over. Safe twice: what is deleted is not there any more."""
    with transaction():
        drafts.purge()
        visiting.purge()
