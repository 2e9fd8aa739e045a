"""Papers that are filed in a case, and what is said about one."""

from __future__ import annotations

import re
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField
from cases.service.filing import TAGS
from core import clock
from core.web.dates import PartialDayField
from core.web.forms import Chosen, Form, Limit, LineField, TextField, TokenField, VersionField, required
from domain.content import Content

ACCEPT: Final = f"image/jpeg,image/png,image/webp,image/heic,application/pdf,audio/*,.docx,{Content.DOCX}"
_TAG: Final = 40  # characters
_COMMAS: Final = re.compile(r"[,;،؛]")


class AboutForm(Form):
    """What is said about a paper; all of it may be said later."""

    title = LineField(_l("Title"), limit=Limit.NAME)
    kind = ListedField(_l("What it is"), "document_kind", empty=_l("Not sorted yet"))
    source = ListedField(_l("Where it came from"), "document_source", empty=_l("Not stated"))
    who = LineField(_l("Who brought or sent it"), limit=Limit.NAME)
    on = PartialDayField(_l("Date on the document"))
    tags = LineField(_l("Tags"))

    def validate_on(self, field: PartialDayField) -> None:
        """What is dated has been written."""
        if field.data and field.data > clock.today().isoformat():  # of a part of a date the part is compared
            raise wtforms.ValidationError(_("This day is still to come. Look at the date once more"))

    def validate_tags(self, field: LineField) -> None:
        """Few and short."""
        tags = self._tags()
        if len(tags) > TAGS:
            raise wtforms.ValidationError(_("At most ten tags."))
        if any(len(tag) > _TAG for tag in tags):
            raise wtforms.ValidationError(_("A tag has at most %(most)s characters.", most=_TAG))
        field.data = ", ".join(tags)

    def said(self) -> dict[str, Any]:
        """As the service takes it; what is wrong is left out."""
        told = {
            name: "" if self[name].errors else self[name].data or ""
            for name in ("title", "kind", "source", "who", "on")
        }
        return {**told, "tags": [] if self.tags.errors else self._tags()}

    def _tags(self) -> list[str]:
        """Each once, in the order in which they were typed."""
        return list(dict.fromkeys(tag for part in _COMMAS.split(self.tags.data) if (tag := part.strip())))


class FindDocumentForm(Form):
    """Words of a title or a tag, which may name somebody: they travel in the body, never in the address."""

    q = LineField(_l("Title, tag, or who brought it"), limit=Limit.QUERY)
    tag = Chosen(_l("Tag"), choices=())


class AddDocumentsForm(AboutForm):
    """Several files at once, or what the camera of a phone takes now."""

    token = TokenField()
    files = wtforms.MultipleFileField(_l("Files"), render_kw={"accept": ACCEPT})
    camera = wtforms.FileField(
        _l("Photograph it now"), render_kw={"accept": "image/*", "capture": "environment"}
    )


class EditDocumentForm(AboutForm):
    """What is said about one paper."""

    version = VersionField()


class RemoveDocumentForm(Form):
    """Why a paper does not belong into the case."""

    version = VersionField()
    reason = TextField(_l("Reason"), [required(_l("Write the reason"))], limit=Limit.REASON)


def fields_of(about: dict[str, Any]) -> dict[str, Any]:
    """What is stored, as the form shows it."""
    told = {name: about.get(name) or "" for name in ("title", "kind", "source", "who", "on")}
    return {**told, "on": told["on"] or None, "tags": ", ".join(about.get("tags", ()))}
