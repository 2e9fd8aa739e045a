"""Verbs of referrals: the first argument is the actor; nothing here commits or knows a page."""
