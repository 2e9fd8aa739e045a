"""Pages of legal information and of sessions held. `blueprint.py` is the table of contents."""

from awareness.routes.blueprint import blueprint, public_blueprint

__all__ = ["blueprint", "public_blueprint"]
