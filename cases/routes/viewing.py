"""How a paper is looked at: always a picture made apart, never what came."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l

from core.documents import alone, cleaning, copies, pages, templates
from core.documents.copies import Opened
from core.documents.pages import NotShown
from core.documents.templates import Plain
from core.errors import NotFound
from core.web.files import made
from domain.content import Content


@dataclass(frozen=True)
class View:
    """What stands on the page of a paper: a picture, of one of how many pages, or why there is none."""

    picture: str = field(default="", repr=False)  # an address that carries it: it is in no cache and no log
    pages: int = 0  # 0: it has none
    why: Any = ""
    letter: Plain | None = field(default=None, repr=False)  # a file of Word, as its text


def view_of(found: Opened, page: int) -> View:
    """A page of a PDF or a plain copy of a photo. Raises NotFound for a page that it does not have.

    Where no copy can be made just now the view says so: everything else about the paper needs none.
    """
    try:
        return _view_of(found, page)
    except alone.Busy:
        return View(why=_l("The preview is busy. Reload the page in a minute; what came is kept as it came."))


def _view_of(found: Opened, page: int) -> View:
    content = found.file.content
    if content is Content.PDF:
        try:
            shown = pages.page_of(copies.whole(found), page)
        except NotShown as error:
            return View(why=error.message)
        return View(carried(shown.picture), shown.pages)
    if page > 1:
        raise NotFound
    if content is Content.DOCX:
        return _letter_of(found)
    if not content.is_photo:
        return View()
    try:
        return View(carried(copies.look(found)))
    except NotFound:
        return View(
            why=_l("This photo is damaged, or has too many points to be shown here. It is kept as it came.")
        )


def _letter_of(found: Opened) -> View:
    try:
        return View(letter=templates.plain(copies.whole(found)))
    except templates.NotTaken as error:
        return View(why=error.message)


def cleaned_of(found: Opened) -> Response:
    """A copy for passing on, to be saved. Raises NotFound for sound.

    Where none can be made it raises NotShown, or templates.NotTaken of a file of Word.
    """
    content = found.file.content
    if content is Content.PDF:
        return made(cleaning.cleaned(copies.whole(found)), Content.PDF, save=True)
    if content is Content.DOCX:
        return made(templates.plain(copies.whole(found)).content, content, save=True)
    if not content.is_photo:
        raise NotFound
    try:
        return made(copies.look(found), Content.JPEG, save=True)
    except NotFound:
        raise NotShown(
            _l("No copy of this photo could be made: it is damaged, or has too many points.")
        ) from None


def carried(picture: bytes) -> str:
    """The picture as an address that stands in a page."""
    return f"data:{Content.JPEG.value};base64,{base64.b64encode(picture).decode()}"
