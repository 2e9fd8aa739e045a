"""The reference data of the installation: taxonomy, places, code lists, consents, urgencies. Read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from domain.reference import Reference


@cache
def reference() -> Reference:
    """The tables under config/."""
    return Reference.load(Path(__file__).resolve().parent.parent / "config")
