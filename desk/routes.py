"""The first page after signing in: what waits, and nothing else."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from desk import service

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
@needs(Permission.DESK_READ)
def show() -> ResponseReturnValue:
    """My desk."""
    with transaction():
        desk = service.my_desk(actor())
    return render_template("desk/show.html", desk=desk)
