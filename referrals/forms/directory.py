"""Forms of the directory."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedChecks, ListedField, with_none
from core.web.dates import DayField
from core.web.forms import ChecksField, Chosen, Form, Limit, LineField, TokenField, VersionField, required
from core.web.labels import list_choices, province_choices

TEXTS: Final = ("name_ar", "name_tr", "name_en", "address", "hours", "focal_person", "phone")


def needs() -> list[tuple[str, str]]:
    """Every service, behind "any"."""
    return with_none(list_choices("service"), _("Any service"))


def places() -> list[tuple[str, str]]:
    """Every province, behind "anywhere"."""
    return with_none(province_choices(), _("Anywhere"))


class FindForm(Form):
    """What is needed and where; codes only, in the address."""

    class Meta(Form.Meta):
        """Filters change nothing."""

        csrf = False

    need = Chosen(_l("What is needed"), choices=needs)
    province = Chosen(_l("Province"), choices=places)


class EntryForm(Form):
    """What the directory says of an organisation or service."""

    version = VersionField()
    token = TokenField()
    name_ar = LineField(_l("Name in Arabic"), limit=Limit.LINE)
    name_tr = LineField(_l("Name in Turkish"), limit=Limit.LINE)
    name_en = LineField(_l("Name in English"), limit=Limit.LINE)
    services = ListedChecks(
        _l("Services"), "service", validators=[required(_l("Choose at least one service"))]
    )
    provinces = ChecksField(_l("Provinces"), choices=province_choices)
    languages = ListedChecks(_l("Languages spoken there"), "language")
    capacity = ListedField(_l("Capacity"), "capacity", default="unknown")
    address = LineField(_l("Address"), limit=Limit.LINE)
    hours = LineField(_l("Hours"))
    focal_person = LineField(_l("Whom to ask for"), limit=Limit.NAME)
    phone = LineField(_l("Phone"), limit=Limit.PHONE)
    partner = Chosen(_l("Organisation of this installation"))
    confirmed = wtforms.BooleanField(_l("Somebody of us has called and this is right"))
    review_on = DayField(_l("Check again on"), [required(_l("Enter the day of the next check"))])

    def offer(self, partners: list[tuple[str, str]]) -> None:
        """Set the organisations to which an entry can be linked."""
        self.partner.choices = with_none(partners, _("None: by phone or on paper"))

    def validate_name_tr(self, _field: LineField) -> None:
        """One name is enough; the others fall back to it."""
        if not any(self[name].data for name in TEXTS[:3]):
            raise wtforms.ValidationError(_("Write the name in at least one language"))

    def values(self) -> dict[str, Any]:
        """The entry as the service keeps it."""
        return {
            **{name: self[name].data for name in TEXTS},
            **{name: self[name].data for name in ("services", "provinces", "languages")},
            "capacity": self.capacity.data,
            "partner_id": UUID(self.partner.data) if self.partner.data else None,
            "confirmed": bool(self.confirmed.data),
            "review_on": self.review_on.data,
        }
