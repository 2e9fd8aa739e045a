"""Forms of a referral, on both sides."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedChecks, ListedField, ListedPicked, provinces, with_none
from core.web.forms import (
    ChecksField,
    Chosen,
    Form,
    Limit,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)
from core.web.labels import list_choices, list_label
from referrals.service.views import Offer


def needs() -> list[tuple[str, str]]:
    """Every service, behind an empty answer."""
    return with_none(list_choices("service"), _("Choose"))


class ReferForm(Form):
    """The enquiry: codes only, so that it cannot name anybody; and to whom it goes."""

    token = TokenField()
    version = VersionField()
    need = Chosen(_l("What is needed"), [required(_l("Choose what is needed"))], choices=needs)
    province = Chosen(_l("Province"), [required(_l("Choose the province"))], choices=provinces)
    language = ListedField(_l("Language we speak with them"), "language", default="ar_levantine")
    priority = ListedPicked(
        _l("How soon"), "referral_priority", default="normal", validators=[required(_l("Choose how soon"))]
    )
    entry = Picked(_l("To whom"), [required(_l("Choose to whom"))])

    def enquiry(self) -> dict[str, str]:
        """What is asked, as codes."""
        return {name: self[name].data for name in ("need", "province", "language")}


class StepForm(Form):
    """A step that needs no words; the version says on which state it was decided."""

    version = VersionField()


class TextForm(Form):
    """A step with words."""

    version = VersionField()
    text = TextField(_l("More about it"), limit=Limit.REASON)


class WithdrawForm(Form):
    """Why a referral is taken back; only the sender reads it."""

    version = VersionField()
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


class _CodedForm(Form):
    """A step with a code of a list and words."""

    version = VersionField()
    code = Chosen(_l("Answer"), [required(_l("Choose one"))])
    text = TextField(_l("More about it"), limit=Limit.REASON)

    def ask(self, label: str, list_name: str) -> None:
        """Set what is asked and the answers."""
        self.code.label.text = label
        self.code.choices = with_none(list_choices(list_name), _("Choose"))


class DeclineReferralForm(_CodedForm):
    """Why a referral is not taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(_("Why it is not taken"), "referral_decline_reason")


class OutcomeForm(_CodedForm):
    """What came of a referral."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(_("What came of it"), "referral_outcome")


class FeedbackForm(_CodedForm):
    """How it was for the person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(_("How it was for the person"), "referral_feedback")


class MessageForm(Form):
    """A line of the conversation."""

    token = TokenField()
    text = TextField(_l("Message"), [required(_l("Write something first"))], limit=Limit.REASON)
    seen = wtforms.HiddenField()  # which marked words the page showed
    anyway = wtforms.BooleanField(_l("I have read what is marked: send it anyway"))


class ReleaseForm(Form):
    """What is released, and what is written for the recipient."""

    version = VersionField()
    fields = ChecksField(_l("What is released"), [required(_l("Choose at least one field"))])
    summary = TextField(_l("Summary written for this organisation"), limit=Limit.NOTE)
    services = TextField(_l("Services already given"), limit=Limit.REASON)
    needs = ListedChecks(_l("Special needs"), "special_need")

    def offer(self, offers: list[Offer]) -> None:
        """Set the fields that may go: those with a live consent that the case has something for."""
        self.fields.choices = [
            (one.field, list_label("packet_field", one.field))
            for one in offers
            if one.why == "covered" and one.present
        ]

    def written(self) -> dict[str, Any]:
        """What was written for the recipient."""
        return {"summary": self.summary.data, "services": self.services.data, "needs": self.needs.data}


class PrintForm(Form):
    """In which language the form is printed."""

    language = Picked(
        _l("Language of the form"),
        [required(_l("Choose a language"))],
        choices=[("tr", "Türkçe"), ("ar", "العربية"), ("en", "English")],
        default="tr",
    )
