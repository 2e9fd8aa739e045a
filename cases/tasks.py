"""Keyless work of cases, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from cases.service import assignment, members
from core.store.transaction import transaction


def expire_offers() -> None:
    """End offers whose time has run out. Safe twice: an ended offer is not found again."""
    with transaction():
        assignment.expire()


def expire_access() -> None:
    """End access that was given until a day that has passed. Safe twice: ended access is not found again."""
    with transaction():
        members.expire()
