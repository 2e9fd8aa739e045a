"""Forms by which somebody who asked us is referred: told where to go, or asked for by us, through a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Optional

from cases.forms.choices import ListedChecks, ListedPicked, provinces, with_none
from cases.forms.consents import ConsentPart, first_wordings, wordings
from cases.forms.record import MOST
from cases.service.consents import SHARING
from core.web.forms import Chosen, Picked, TextField, required
from core.web.labels import list_choices
from intake.forms.accepting import AcceptForm
from intake.forms.asking import LONGEST
from intake.forms.desk import EndForm
from intake.service.referring import Wish
from referrals.forms.referrals import needs

FIELDS = ("name", "phones", "language", "summary")  # what is asked for, where nothing else is chosen


class ReferOutForm(EndForm):
    """Who can help instead of us: found in the directory, or said in words."""

    need = Chosen(
        _l("What is needed"), choices=lambda: with_none(list_choices("service"), _("Any service")), default=""
    )
    province = Chosen(
        _l("Province"),
        choices=lambda: with_none([one for one in provinces() if one[0]], _("Anywhere")),
        default="",
    )
    spoken = Chosen(
        _l("Language spoken there"),
        choices=lambda: with_none(list_choices("language"), _("Any language")),
        default="",
    )
    entry = Picked(_l("Who can help"))

    def offer(self, entries: list[tuple[str, str]]) -> None:
        """Set who can be named; with nobody of the directory it has to be said in words."""
        self.entry.choices = [*entries, ("", _("Somebody who is not in the directory: I write it below"))]

    def named(self) -> UUID | None:
        """The entry that was chosen."""
        return UUID(self.entry.data) if self.entry.data else None

    def adds_more(self) -> bool:
        """Whoever is named stands below the words."""
        return bool(self.entry.data)

    def may_be_silent(self) -> None:
        """Whoever is named with phone or address needs no words beside it; whoever has no code reads none."""
        self._ask_for_text(Optional())
        self.text.flags.required = False

    def has_to_tell(self) -> None:
        """A name alone leads nobody there."""
        self._ask_for_text(
            required(
                _l(
                    "The directory knows no phone and no address of them. Write how the person gets there, "
                    "or add it to the directory."
                )
            )
        )

    def _ask_for_text(self, how: Any) -> None:
        self.text.validators = [how, *(one for one in self.text.validators if isinstance(one, Length))]


class SharePart(ConsentPart):
    """What the person answered about exactly this organisation."""

    asked = staticmethod(wordings)
    fields = ListedChecks(_l("What may be shared"), "packet_field")

    def validate_answer(self, field: Picked) -> None:
        """Nobody is asked for who has just said no."""
        super().validate_answer(field)
        if field.data == "refused":
            raise wtforms.ValidationError(
                _("Whoever refuses is not asked for. Go back and name to them where they can go themselves.")
            )

    def validate_fields(self, field: ListedChecks) -> None:
        """What was not named to the person does not go."""
        if self.was_asked() and not field.data:
            raise wtforms.ValidationError(_("Choose what may be shared"))


def _share() -> dict[str, Any]:
    wording = next(one for one in wordings() if one.code == SHARING)
    return {"kind": wording.code, "version": str(wording.version), "fields": list(FIELDS)}


def _others() -> list[dict[str, str]]:
    """Sharing is asked once, about whom the page names."""
    return [
        {"kind": one.code, "version": str(one.version)} for one in first_wordings() if one.code != SHARING
    ]


class ReferOnForm(AcceptForm):
    """A case that is opened in order to refer: the form of a case, and whom to ask for what."""

    of_one_version = ("share-answer",)
    read_out = ("shown",)

    need = Chosen(_l("What is needed"), [required(_l("Choose what is needed"))], choices=needs)
    priority = ListedPicked(
        _l("How soon"), "referral_priority", default="normal", validators=[required(_l("Choose how soon"))]
    )
    entry = Picked(_l("Organisation"), [required(_l("Choose to whom"))])
    message = TextField(_l("Your message to the person"), limit=LONGEST)
    shown = wtforms.HiddenField()  # whom the page named, as `consents.state_of` tells it
    consents = wtforms.FieldList(wtforms.FormField(ConsentPart), default=_others, max_entries=MOST * 2)
    share = wtforms.FormField(SharePart, default=_share)

    def validate_province(self, field: Chosen) -> None:
        """The enquiry says where help is needed."""
        if not field.data:
            raise wtforms.ValidationError(_("Choose the province"))

    def wish(self) -> Wish:
        """Whom to ask for what, and what the person answered about it."""
        answer = None
        if self.share.form.was_asked():
            said = {"fields": self.share.form.fields.data, "shown": (self.shown.data or "").split()}
            answer = {**self.share.form.answered(), **said}
        return Wish(UUID(self.entry.data), self.need.data, self.priority.data, answer)
