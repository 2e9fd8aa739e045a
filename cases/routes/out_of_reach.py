"""Where somebody ends who cannot open the case any more, or no longer the draft that they reviewed."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _

from cases.routes import review_ended
from cases.service.reach import has_left, reaches
from core.access.guard import actor, visitor
from core.access.permissions import Permission
from core.web import kept


def led_away(response: Response) -> Response:
    """After an act by which somebody loses the case: the desk says so, not a page that is not found.

    The second click of the same form finds no case any more; it ends there too. What a reviewer was typing
    while others ended their review is shown, to be copied.
    """
    case_id = (request.view_args or {}).get("case_id")
    if case_id is None or kept.saves_itself():  # such a page says by itself that this is not kept
        return response
    if response.status_code == HTTPStatus.NOT_FOUND:
        response = review_ended.instead(case_id) or response
    if request.method != "POST":
        return response
    if response.status_code == HTTPStatus.NOT_FOUND:
        gone = _has_lost(case_id)
    else:
        led = (response.location or "").startswith(url_for("cases.show", case_id=case_id))
        gone = (
            response.status_code == HTTPStatus.SEE_OTHER
            and led
            and not reaches(actor(), Permission.CASE_READ, case_id)
        )
    if not gone:
        return response
    flash(_("You are off this case now and cannot open it any more."), "info")
    return make_response(redirect(url_for("desk.show"), 303))


def _has_lost(case_id: UUID) -> bool:
    """Whether whoever asks was on the case, and cannot open it any more."""
    at_door = visitor()
    if at_door is None or at_door.actor is None or at_door.state != "open":
        return False
    left = has_left(at_door.actor.person_id, case_id)
    return left and not reaches(at_door.actor, Permission.CASE_READ, case_id)
