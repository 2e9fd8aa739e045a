"""The advocacy pages: what recurs, dossiers, contacts."""

from advocacy.routes import contacts, dossiers, institutions, letters, outcomes, patterns, stories, vignettes
from advocacy.routes.blueprint import blueprint

__all__ = [
    "blueprint", "contacts", "dossiers", "institutions", "letters", "outcomes", "patterns", "stories",
    "vignettes",
]  # fmt: skip # one list
