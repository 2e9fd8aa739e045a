"""Patterns among cases: what recurs is counted without persons and proposed to people (docs/patterns.md)."""
