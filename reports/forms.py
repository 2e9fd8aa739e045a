"""Forms of statistics."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.web.forms import Form, Limit, TextField, required


class RevokeForm(Form):
    """Why a release is taken back."""

    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)
