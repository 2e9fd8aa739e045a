"""Referrals: the directory, enquiries to partners, packets released to them, outcomes."""
