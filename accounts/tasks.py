"""What the worker does for accounts by itself."""

from __future__ import annotations

from accounts.service import sessions
from core.store.transaction import transaction


def purge_sessions() -> None:
    """End the sessions that are over, delete what ended a day ago. Safe to repeat: only the clock decides."""
    if sessions.purge_due():
        with transaction():
            sessions.purge()
