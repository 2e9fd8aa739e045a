"""The advocacy pages: what recurs, dossiers, contacts."""

from advocacy.routes import patterns
from advocacy.routes.blueprint import blueprint

__all__ = ["blueprint", "patterns"]
