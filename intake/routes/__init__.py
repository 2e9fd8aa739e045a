"""Pages of asking for help, of coming back, of the triage desk. `blueprint.py` is the table of contents."""

from intake.routes.blueprint import asking_blueprint, blueprint, talking_blueprint

__all__ = ["asking_blueprint", "blueprint", "talking_blueprint"]
