"""The advocacy pages: what recurs, dossiers, contacts."""

from advocacy.routes.blueprint import blueprint

__all__ = ["blueprint"]
