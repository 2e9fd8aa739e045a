"""Pages of referrals. `blueprint.py` is the table of contents."""

from referrals.routes.blueprint import blueprint

__all__ = ["blueprint"]
