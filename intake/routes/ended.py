"""A form that met a visit which had ended: past the code it stands there again, unless it had arrived before.

A first sending may have been carried out before the line broke. Whether it was, is told behind the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from core.web.uploads import arrived, crowded
from domain.text import clean_text
from intake.service.telling import FIELDS
from intake.service.visiting import REACH

MEANT: Final = "meant"  # which page the form belongs to, while the code is asked
_KEPT: Final = "kept-{}"  # what was typed into its fields
_NO_FILES: Final = "unsent"
_MOST: Final = 20  # values of one field
# The pages whose forms come back, and which of their fields.
_PAGES: Final = {
    "show": ("token", "text"),
    "complain": ("token", "text"),
    "reach": ("token", *REACH, *FIELDS),
    "withdraw": (),
}


@dataclass(frozen=True)
class Undone:
    """Which page's form was not carried out now, what stood in its fields, and whether files came with it."""

    page: str
    typed: MultiDict[str, str]
    files: bool

    @property
    def text(self) -> str:
        """What was written in words."""
        return self.typed.get("text", "").strip()

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values with which the page of the code carries it on."""
        kept = [(_KEPT.format(name), value) for name, value in self.typed.items(multi=True)]
        return [(MEANT, self.page), *kept, *([(_NO_FILES, "yes")] if self.files else [])]


def met_nobody() -> Undone | None:
    """The form that was sent just now, whose visit is over; None for a page that is only looked at."""
    page = (request.endpoint or "").rpartition(".")[2]
    if request.method != "POST" or page not in _PAGES:
        return None
    return _read(page, "{}", files=bool(arrived()) or crowded() is not None)


def carried() -> Undone | None:
    """What the page of the code carries on."""
    page = request.form.get(MEANT, "")
    return _read(page, _KEPT, files=_NO_FILES in request.form) if page in _PAGES else None


def _read(page: str, called: str, *, files: bool) -> Undone:
    found = [
        (name, clean_text(value, 3 * len(value) + 1, lines=True))  # as long as NFC can make it
        for name in _PAGES[page]
        for value in request.form.getlist(called.format(name))[:_MOST]
    ]
    return Undone(page, MultiDict(found), files)
