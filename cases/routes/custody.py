"""The register of all originals that lie with us, the receipt for one, and taking out what was no entry."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cases.forms.originals import MistakenForm
from cases.routes.filling import done, filled, opened, status_of
from cases.routes.gone import gone
from cases.service import originals
from cases.service.originals import Place
from cases.service.views import DROPPED, OpenCase, OpenItem
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents.imprint import Imprint
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.documents import as_pdf, download
from core.web.kept import uuid_of
from core.web.locale import LOCALES
from domain.lifecycle import State


@needs(Permission.ORIGINAL_LIST)
def held() -> ResponseReturnValue:
    """Every original that lies with us, in the cases that a coordinator can open."""
    with transaction():
        register = originals.register(actor(), after=_after())
    return render_template("cases/originals.html", register=register, after=request.args.get("after"))


def _after() -> Place | None:
    """The place after which the page begins. Raises NotFound for a damaged one."""
    text = request.args.get("after")
    if not text:
        return None
    number, _comma, item = text.partition(",")
    item_id = uuid_of(item)
    if not number.isdecimal() or len(number) > len(str(2**31)) - 1 or item_id is None:
        raise NotFound
    return int(number), item_id


@needs(Permission.CASE_READ)
def receipt(case_id: UUID, item_id: UUID, language: str) -> ResponseReturnValue:
    """The receipt for an original as PDF, A5, for whoever brought it and, later, for whoever gets it back."""
    case = opened(case_id)
    one = _standing(case, item_id)
    if language not in LOCALES:
        abort(404)
    with force_locale(LOCALES[language]):
        title = _("Receipt for an original document")
    imprint = Imprint(language, title, day=clock.today(), marking=case.reference, paper="a5")
    return download(as_pdf("documents/receipt.html", imprint, one=one), f"receipt-{language}.pdf")


@needs(Permission.CASE_NOTE)
def mistaken_original(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Take an original out of the register that was entered by mistake."""
    case = opened(case_id)
    there = url_for("cases.show_todo", case_id=case_id, item_id=item_id)
    one = next((one for one in case.items if one.id == item_id and one.kind == originals.KIND), None)
    if one is None or case.state == State.ERASED:
        abort(404)
    form = filled(MistakenForm, version=one.version)
    if done(form, lambda: _mistaken(case_id, item_id, form)):
        flash(_("It is out of the register. Why stands in its place."), "done")
        return redirect(there, 303)
    if one.state == DROPPED:
        return gone(case, form, _("This was changed meanwhile, or the case is closed."), there)
    return render_template("cases/original_mistaken.html", case=case, one=one, form=form), status_of(form)


def _mistaken(case_id: UUID, item_id: UUID, form: MistakenForm) -> None:
    version, token = form.version.data, form.token.data
    originals.mistaken(actor(), case_id, item_id, version, token, form.reason.data or "")


def _standing(case: OpenCase, item_id: UUID) -> OpenItem:
    """An original that was no mistake."""
    found = (one for one in case.items if one.id == item_id and one.kind == originals.KIND)
    return next((one for one in found if one.state != DROPPED), None) or abort(404)
