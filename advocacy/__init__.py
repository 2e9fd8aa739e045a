"""Advocacy: what recurs, dossiers, addressees and contacts, outcomes."""
