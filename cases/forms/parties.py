"""The other people of a matter, while it is recorded and afterwards; the decision about a conflict."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, ListedPicked, NumberField, Pairs, Part, text_of
from cases.service.naming import ANOTHER, CORRECTED
from core.web.forms import (
    ChecksField,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)
from core.web.labels import list_label
from domain.conflicts import CLIENT, Outcome

_NAMES: Final = ("name_ar", "name_latin")
_ROLE: Final = _l("Say what this person is in the matter.")
_NAME: Final = _l("Write the name in one script at least.")


class RoleField(ListedField):
    """Every role but that of the client."""

    def entries(self) -> list[tuple[str, str]]:
        """Code and name."""
        return [(code, words) for code, words in super().entries() if code != CLIENT]


class _Named:
    """What is asked of anybody but the client: no more than the check needs."""

    role = RoleField(_l("Who it is in the matter"), "party_role", empty=_l("Choose"))
    name_ar = LineField(_l("Name in Arabic letters"), limit=Limit.NAME)
    name_latin = LineField(_l("Name in Latin letters"), limit=Limit.NAME)
    father = LineField(_l("Father’s given name"), limit=Limit.NAME)
    legal_form = ListedField(_l("Legal form"), "legal_form", empty=_l("None: it is a person"))
    phone = NumberField(_l("Phone number"), limit=Limit.PHONE)


def _party(form: wtforms.form.BaseForm, party_id: str) -> dict[str, Any]:
    phone, legal_form = (str(form[name].data or "") for name in ("phone", "legal_form"))
    return {
        "id": party_id,
        **text_of(form, "role", *_NAMES, "father"),
        **({"legal_form": legal_form} if legal_form else {}),
        "phones": [{"number": phone}] if phone else [],
    }


class PartyPart(_Named, Part):
    """Somebody else in the form in which a case is recorded."""

    def is_somebody(self) -> bool:
        """Whether anything stands there."""
        return any(self[name].data for name in ("role", *_NAMES, "father", "phone"))

    def party(self, party_id: str) -> dict[str, Any]:
        """As the record keeps it."""
        return _party(self, party_id)

    def validate_role(self, field: RoleField) -> None:
        """Somebody without a role can't be compared."""
        if self.is_somebody() and not field.data:
            raise wtforms.ValidationError(str(_ROLE))

    def validate_name_ar(self, _field: LineField) -> None:
        """Nor somebody without a name."""
        if self.is_somebody() and not any(self[name].data for name in _NAMES):
            raise wtforms.ValidationError(str(_NAME))


class PartyForm(_Named, Form):
    """Somebody else in a case, with the version on which they were named."""

    version = VersionField()
    token = TokenField()
    phone_is = Picked(
        _l("If you changed the number"),
        choices=lambda: [
            (
                CORRECTED,
                _("It is the same phone: the number was written wrong. What stands above holds for it."),
            ),
            (ANOTHER, _("It is another phone. How it may be used is not known; a danger stays.")),
        ],
    )

    def validate_role(self, field: RoleField) -> None:
        """Somebody without a role can't be compared."""
        if not field.data:
            raise wtforms.ValidationError(str(_ROLE))

    def validate_name_ar(self, _field: LineField) -> None:
        """Nor somebody without a name."""
        if not any(self[name].data for name in _NAMES):
            raise wtforms.ValidationError(str(_NAME))

    def party(self, party_id: str = "") -> dict[str, Any]:
        """As the record keeps it; somebody new has the id that the form came with."""
        return _party(self, party_id or str(self.token.data))


def fields_of(party: dict[str, Any]) -> dict[str, str]:
    """The values of the form for somebody who is named already."""
    phone = next((one["number"] for one in party.get("phones", ())), "")
    return {
        **{name: party.get(name, "") for name in ("role", *_NAMES, "father", "legal_form")},
        "phone": phone,
    }


class DecisionForm(Form):
    """What is decided about a possible conflict of interest, and why."""

    version = VersionField()
    outcome = ListedPicked(_l("Decision"), "conflict_outcome", validators=[required(_l("Choose a decision"))])
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)
    walled = ChecksField(_l("Who must never open this case"))
    named = ChecksField(_l("Who may open it besides you"))

    def offer(self, outcomes: list[Outcome], walled: Pairs, named: Pairs) -> None:
        """Set what can be chosen."""
        self.outcome.choices = [(str(one), list_label("conflict_outcome", str(one))) for one in outcomes]
        self.walled.choices, self.named.choices = walled, named

    def validate_walled(self, field: ChecksField) -> None:
        """A wall keeps somebody out; the same person is not let in beside it."""
        if self.outcome.data != Outcome.WALL:
            return
        if not field.data:
            raise wtforms.ValidationError(_("Choose who must not open the case."))
        if set(field.data) & set(self.named.data or ()):
            raise wtforms.ValidationError(_("Nobody is on both sides of the wall."))

    def people(self, name: str) -> list[UUID]:
        """The ids of the people chosen in a field."""
        return [UUID(code) for code in self[name].data or ()]
