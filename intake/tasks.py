"""What goes by itself, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from core.store.transaction import transaction
from intake.service import drafts, visiting


def tidy() -> None:
    """Delete drafts and visits that are over. Safe twice: what is deleted is not there any more."""
    with transaction():
        drafts.purge()
        visiting.purge()
