"""Facts of a matter that begin and end: added, changed, ended, taken out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.matter import FORMS, MatterForm, fields_of
from cases.routes.filling import back, by_name, done, filled, opened, status_of
from cases.routes.gone import closed, gone
from cases.service import matters
from cases.service.views import DROPPED, OpenCase, OpenItem
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.forms import VersionForm
from domain.matters import TRANSFERRED, UNKNOWN, Kind


@needs(Permission.CASE_NOTE)
def matter_add(case_id: UUID, kind: str) -> ResponseReturnValue:
    """Add a stay, an attempt at a power of attorney, a restriction code or a number."""
    if kind not in FORMS:
        abort(404)
    case = opened(case_id)
    if kind == Kind.MANDATE and not case.record["client"].get("legal_form"):
        abort(404)
    if (over := closed(case, lambda: _form(case, kind))) is not None:
        return over
    form = _form(case, kind)
    if done(form, lambda: matters.add(actor(), case_id, kind, form.said(), form.token.data)):
        return _saved(case_id, kind, form)
    return _page(case, kind, form)


@needs(Permission.CASE_NOTE)
def matter_edit(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Say it otherwise, or that it is over."""
    case = opened(case_id)
    item = _item(case, item_id)
    form = _form(case, item.kind, item, version=item.version, **fields_of(item.data))
    if request.method == "GET" and item.state == DROPPED:
        said = _("This was taken out meanwhile. Add it anew where it holds.")
        return gone(case, form, said, url_for("cases.show", case_id=case_id))
    if done(form, lambda: _change(case_id, item, form)):
        return _saved(case_id, item.kind, form, item)
    return _page(case, item.kind, form, item)


def _change(case_id: UUID, item: OpenItem, form: MatterForm) -> None:
    version, said = form.version.data, form.said()
    matters.change(actor(), case_id, item.id, version, item.kind, said, form.token.data)


@needs(Permission.CASE_NOTE)
def matter_take_out(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """It was a mistake."""
    item, form = _item(opened(case_id), item_id), VersionForm()
    with transaction():
        # What was taken out is so once: the version that the page showed tells one click from another.
        matters.take_out(actor(), case_id, item, form.version.data, item.id)
    return back(case_id, _("It is taken out. The timeline keeps what stood there."))


def _item(case: OpenCase, item_id: UUID) -> OpenItem:
    found = (one for one in case.items if one.id == item_id and one.kind in FORMS)
    return next(found, None) or abort(404)


def _form(case: OpenCase, kind: str, item: OpenItem | None = None, /, **values: Any) -> MatterForm:
    """The form of a fact. item: the one that is changed; who is gone stays named there, and nowhere else."""
    form, before = filled(FORMS[kind], **values), [item] if item else []
    if kind == Kind.POWER:
        can = matters.lawyers(actor(), before)
        form["lawyer"].choices = by_name(list(can.items()), _("Nobody"))
    if kind == Kind.MANDATE:
        speaks, seen = matters.representatives(case.record, before), matters.colleagues(actor(), before)
        form["party"].choices = by_name(list(speaks.items()), _("Choose"))
        form["seen_by"].choices = by_name(list(seen.items()), _("Nobody"))
    return form


def _saved(case_id: UUID, kind: str, form: MatterForm, before: OpenItem | None = None) -> ResponseReturnValue:
    """Where somebody was moved the next place is asked at once; where nobody knows, that is urgent.

    Neither where the stay had ended so before; the second click is led where the first one was.
    """
    why = form["why_left"].data if kind == Kind.DETENTION else ""
    if before and before.data.get("why_left") == why and before.last != str(form.token.data):
        why = ""
    if why == TRANSFERRED:
        flash(_("The stay is ended. Where was the person brought?"), "done")
        return redirect(url_for("cases.matter_add", case_id=case_id, kind=kind), 303)
    if why == UNKNOWN:
        flash(
            _(
                "Nobody knows where the person is. Treat it as urgent today: ask the removal centre, the "
                "police and the prosecutor in writing, and raise the urgency of the case."
            ),
            "warning",
        )
    return back(case_id, _("It is saved."))


def _page(case: OpenCase, kind: str, form: MatterForm, item: OpenItem | None = None) -> ResponseReturnValue:
    shown = {"case": case, "kind": kind, "form": form, "item": item}
    return render_template("cases/matter.html", **shown), status_of(form)
