"""Blank forms to be filled in by hand where there is no computer, and entered later with their day and place.

Nothing about anybody stands in them, so one print serves every organisation and stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.consents import first_wordings, wordings
from core.access.guard import needs
from core.access.permissions import Permission
from core.documents import pdf
from core.documents.imprint import Imprint
from core.web.documents import download, page
from core.web.labels import list_choices, urgency_choices
from core.web.locale import LOCALES, NAMES
from domain.consents import STORY

_one_at_a_time = Lock()


def _names(code_list: str) -> list[str]:
    return [name for _code, name in list_choices(code_list)]


def _intake() -> dict[str, Any]:
    return {
        "channels": _names("channel"),
        "owners": _names("phone_owner"),
        "ways": _names("contact_channel"),
        "urgencies": [name for _code, name in urgency_choices()],
    }


def _consents() -> dict[str, Any]:
    return {
        "wordings": first_wordings(),
        "manners": _names("consent_given_how"),
        "pieces": _names("packet_field"),
    }


def _story() -> dict[str, Any]:
    asked = [wording for wording in wordings() if wording.code == STORY]
    return {**_consents(), "wordings": asked, "levels": _names("story_level")}


# Form -> its title, its template, what it shows; in the order of the page.
BLANKS: Final[dict[str, tuple[Any, str, Callable[[], dict[str, Any]]]]] = {
    "intake": (_l("First contact"), "intake", _intake),
    "consents": (_l("Information and consents"), "consents", _consents),
    "story": (_l("Consent to a story or photograph"), "consents", _story),
    "visit": (_l("Visit to a removal centre"), "visit", dict),
}


@needs(Permission.CASE_RECORD)
def blanks() -> ResponseReturnValue:
    """Which forms there are, each in three languages."""
    titles = {kind: title for kind, (title, _template, _shown) in BLANKS.items()}
    return render_template("cases/blanks.html", titles=titles, languages=NAMES)


@needs(Permission.CASE_RECORD)
def blank(kind: str, language: str) -> ResponseReturnValue:
    """One form as PDF, A4. Raises NotPrinted."""
    if kind not in BLANKS or language not in NAMES:
        abort(404)
    return download(printed(kind, language), f"{kind}-{language}.pdf")


def printed(kind: str, language: str) -> bytes:
    """The PDF of a form. Raises NotPrinted."""
    title, template, shown = BLANKS[kind]
    with force_locale(LOCALES[language]):
        # Sheets come apart: each has room for whose it is.
        imprint = Imprint(language, str(title), _("Form"), marking=_("Reference") + ": ____________")
        html = page(f"documents/blank/{template}.html", imprint, **shown())
    with _one_at_a_time:  # ten who ask at once wait for one press
        return _pressed(html, language, imprint.title)


@lru_cache(maxsize=32)
def _pressed(html: str, language: str, title: str) -> bytes:
    return pdf.render(html, language=language, title=title)
