"""Anonymised statistics: tables, releases, exports."""
