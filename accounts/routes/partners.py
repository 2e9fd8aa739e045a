"""Partner organisations: which there are, and the comparison of their fingerprint by voice."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms import GrantForm
from accounts.routes.blueprint import answer, blueprint, go
from accounts.service import partners as service
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.store.transaction import transaction
from core.web.locale import current_language


@blueprint.get("/partners")
@needs(Permission.PARTNER_READ)
def partners() -> ResponseReturnValue:
    """Our own fingerprint, and every partner with its state."""
    return render_template(
        "accounts/partners.html",
        own=service.own_fingerprint(actor()),
        lines=service.lines(actor(), current_language()),
    )


@blueprint.route("/partners/<uuid:partner_id>/confirm", methods=["GET", "POST"])
@needs(Permission.PARTNER_CONFIRM, fresh=True)
def confirm_partner(partner_id: UUID) -> ResponseReturnValue:
    """Show a partner's fingerprint, then sign that it was compared."""
    line = next((one for one in service.lines(actor(), current_language()) if one.id == partner_id), None)
    if line is None:
        raise NotFound
    form = GrantForm(fingerprint=line.fingerprint)
    if form.validate_on_submit():
        try:
            with transaction():
                service.confirm(actor(), partner_id, form.fingerprint.data)
            flash(_("The partner is confirmed. Referrals to it can be sealed now."), "done")
            return go(url_for("accounts.partners"))
        except DomainError as error:
            form.explain(error)
    return answer("confirm_partner", form, line=line)
