"""The register of all originals that lie with us, and the receipt for one."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cases.routes.filling import opened
from cases.service import originals
from cases.service.originals import Place
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents.imprint import Imprint
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.documents import as_pdf, download
from core.web.kept import uuid_of
from core.web.locale import LOCALES


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
    one = next((one for one in case.items if one.id == item_id and one.kind == originals.KIND), None)
    if one is None or language not in LOCALES:
        abort(404)
    with force_locale(LOCALES[language]):
        title = _("Receipt for an original document")
    imprint = Imprint(language, title, day=clock.today(), marking=case.reference, paper="a5")
    return download(as_pdf("documents/receipt.html", imprint, one=one), f"receipt-{language}.pdf")
