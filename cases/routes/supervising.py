"""What coordinators look at in all files: what people are owed."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from cases.service import clocks
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction


@needs(Permission.SUPERVISION_READ)
def supervision() -> ResponseReturnValue:
    """The clocks that are broken or run out, the worst first."""
    with transaction():
        watched = clocks.watched(actor())
    return render_template("cases/supervision.html", watched=watched)
