"""The first page after signing in: what waits, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import drafts
from accounts.service.drafts import KeptDraft
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web import kept
from core.web.filters import datetime_long
from core.web.locale import current_language
from desk import service

blueprint: Final = Blueprint("desk", __name__)


@blueprint.get("/desk")
@needs(Permission.DESK_READ)
def show() -> ResponseReturnValue:
    """My desk."""
    with transaction():
        desk = service.my_desk(actor(), current_language())
    return render_template("desk/show.html", desk=desk, drafts=_begun(desk.drafts))


@blueprint.post("/desk/drafts/discard")
@needs(Permission.DESK_READ)
def discard_draft() -> ResponseReturnValue:
    """Let go what was kept of a form, and begin it afresh on its page."""
    form, about = request.form.get("form", ""), kept.uuid_of(request.form.get("about"))
    if kept.kept_form(form) is None:
        raise NotFound
    with transaction():
        drafts.discard(actor(), form, about, only=kept.uuid_of(request.form.get("draft")))
    flash(_("What was kept is discarded."), "done")
    back_to = "" if "stay" in request.form else kept.page_of(form, about)
    return redirect(back_to or url_for("desk.show"), 303)


def _begun(begun: Iterable[KeptDraft]) -> list[dict[str, Any]]:
    """Forms that were begun and not sent, each with the page where it goes on: by itself with the newest."""
    shown: list[dict[str, Any]] = []
    met: set[kept.Key] = set()
    for draft in begun:
        form, key = kept.kept_form(draft.form), kept.Key(draft.form, draft.object_id)
        if form is None:
            continue
        shown.append(
            {
                "id": draft.id,
                "title": form.words,
                "url": kept.page_of(*key, draft.id if key in met else None),
                "text": datetime_long(draft.saved_at),
                "form": draft.form,
                "about": draft.object_id or "",
            }
        )
        met.add(key)
    return shown
