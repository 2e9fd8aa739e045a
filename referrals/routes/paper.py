"""The inter-agency referral form on paper."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cases.routes.filling import status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.documents.imprint import Imprint
from core.store.transaction import transaction
from core.web.documents import as_pdf, download
from core.web.locale import LOCALES
from referrals.forms.referrals import PrintForm
from referrals.routes.going import shown
from referrals.service import paper as service


@needs(Permission.REFERRAL_SEND)
def form(referral_id: UUID) -> ResponseReturnValue:
    """Choose a language, then download the form; the act is recorded."""
    referral = shown(referral_id)
    asked = PrintForm()
    if not asked.validate_on_submit():
        page = render_template("referrals/step.html", step="form", referral=referral, form=asked, to="")
        return page, status_of(asked)
    language = asked.language.data
    with transaction():
        facts = service.facts(actor(), referral_id, language)
    with force_locale(LOCALES[language]):
        imprint = Imprint(
            language=language,
            title=_("Inter-agency referral form"),
            kind=_("Confidential"),
            issuer=facts.sender.name(language),
            day=facts.day,
            marking=_("Confidential"),
        )
    return download(as_pdf("referrals/form.html", imprint, facts=facts), f"referral-{facts.reference}.pdf")
