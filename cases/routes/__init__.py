"""Pages of a case. `blueprint.py` is the table of contents."""

from cases.routes.blueprint import blueprint

__all__ = ["blueprint"]
