"""The advocacy pages: what recurs, dossiers, contacts."""

from advocacy.routes import dossiers, patterns, stories
from advocacy.routes.blueprint import blueprint

__all__ = ["blueprint", "dossiers", "patterns", "stories"]
