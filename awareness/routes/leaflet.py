"""A topic as a leaflet of A5 sheets, with the address of the page as a picture that telephones read."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from threading import Lock

import segno
from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from awareness.service.public import Page
from config.settings import Settings
from core.documents import pdf
from core.documents.imprint import Imprint
from core.web.documents import page as drawn

_one_at_a_time = Lock()


def printed(page: Page, language: str) -> bytes:
    """The PDF. Each text is printed once and then kept in memory: it is public. Raises NotPrinted."""
    settings: Settings = current_app.extensions["himaya"]
    address = settings.base_url + url_for("information.page", language=language, address=page.address)
    code = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    imprint = Imprint(
        language, page.title, _("Leaflet"), page.house, version=page.number, day=page.reviewed_on, paper="a5"
    )
    html = drawn(
        "documents/leaflet.html",
        imprint,
        shown=page,
        address=address,
        code=Markup(code),  # noqa: S704 - segno draws squares; the text in it is not markup
    )
    with _one_at_a_time:  # ten people who ask at once wait for one press
        return _pressed(html, language, page.title, page.reviewed_on)


@lru_cache(maxsize=64)
def _pressed(html: str, language: str, title: str, day: dt.date) -> bytes:
    return pdf.render(html, language=language, title=title, created=day)
