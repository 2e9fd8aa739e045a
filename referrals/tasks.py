"""The clocks of referrals, run by the worker. No arguments, nothing about a person."""

from __future__ import annotations

from core.store.transaction import transaction
from referrals.service import conflict_asking, ending


def run_clocks() -> None:
    """Expire enquiries and packets, remind. Safe twice: what was done is not due any more."""
    with transaction():
        ending.expire_enquiries()
        ending.expire_packets()
        ending.chase()
        conflict_asking.run_clock()
