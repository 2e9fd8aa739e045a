"""Asking other organisations whether they act for the other side, and answering: codes, never a word."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import orjson
import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedPicked, Pairs, with_none
from core.web.forms import ChecksField, Chosen, Form, Picked, TokenField, VersionField, required
from core.web.labels import list_choices
from domain.conflict_enquiries import CHECKABLE
from referrals.service.conflict_asking import NOT_THE_OTHER_SIDE


def _roles() -> Pairs:
    given = [(code, name) for code, name in list_choices("party_role") if code not in NOT_THE_OTHER_SIDE]
    return with_none(given, _("Choose"))


def _along() -> Pairs:
    named = {"issue": _("What it is about"), "province": _("Province"), "month": _("Month")}
    return [(name, named[name]) for name in CHECKABLE]


class AskConflictForm(Form):
    """Whom to ask, and which codes go along. `shown` is a digest of the preview that was read."""

    token = TokenField()
    shown = wtforms.HiddenField()
    to = ChecksField(_l("Whom do you ask?"))
    kind = ListedPicked(
        _l("The other side is"), "conflict_other_side", validators=[required(_l("Choose one."))]
    )
    role = Chosen(_l("Their part in the matter"), [required(_l("Choose one."))], choices=_roles)
    along = ChecksField(_l("What goes along"), choices=_along, default=list(CHECKABLE))
    priority = ListedPicked(
        _l("How soon do you need the answer?"),
        "referral_priority",
        default="urgent",
        validators=[required(_l("Choose one."))],
    )

    def offer(self, partners: Pairs) -> None:
        """Set whom one can ask."""
        self.to.choices = partners

    def validate_to(self, field: ChecksField) -> None:
        """Somebody is asked."""
        if not field.data:
            raise wtforms.ValidationError(_("Choose at least one organisation."))

    def chosen(self) -> dict[str, Any]:
        """The codes that were chosen."""
        return {name: self[name].data for name in ("kind", "role", "along", "priority")}

    def partners(self) -> list[UUID]:
        """Whom to ask."""
        return [UUID(one) for one in self.to.data]

    def was_shown(self, facts: dict[str, str]) -> bool:
        """Whether the page showed just this before it was sent; remembers it as shown now."""
        said = orjson.dumps([facts, sorted(self.to.data)], option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(said).hexdigest()
        before, self.shown.data = self.shown.data, digest
        return bool(before == digest)


class ReplyConflictForm(Form):
    """One word, and whom to call."""

    version = VersionField()
    reply = ListedPicked(
        _l("Do you act, or did you act, for the other side?"),
        "conflict_reply",
        validators=[required(_l("Choose one."))],
    )
    contact = Picked(_l("Whom may they call?"))

    def offer(self, contacts: Pairs) -> None:
        """Set who can be called."""
        self.contact.choices = [("", _("Nobody in particular")), *contacts]

    def called(self) -> UUID | None:
        """Who may be called, if anybody in particular."""
        return UUID(self.contact.data) if self.contact.data else None
