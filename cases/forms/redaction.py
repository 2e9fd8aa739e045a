"""What is painted over in a copy of a paper: words, and areas in percent of a page."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.documents import finding
from core.documents.pages import PAGES, Area
from core.web.forms import Form, Limit, LineField, TextField, TokenField
from domain.text import fold_digits

MOST: Final = 200  # areas
WORDS: Final = 40
_SHORTEST: Final = 2
_WHOLE: Final = 100  # percent
_NUMBERS: Final = 5  # page, left, top, width, height
_MINUS: Final = re.compile("[-\u2010-\u2015\u2212\ufe63\uff0d]")  # nothing lies before the edge of a page
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?", re.ASCII)


class RedactForm(Form):
    """Words and areas; a look first, then the copy."""

    token = TokenField()
    page = wtforms.HiddenField(default="1")
    seen = wtforms.HiddenField()  # which words were counted on every page before this was sent
    looked = wtforms.HiddenField()  # which pages were shown
    words = TextField(_l("Words to be painted over on every page"), limit=Limit.REASON)
    areas = TextField(_l("Areas to be painted over"), limit=Limit.NOTE)
    # Never that of the paper: it goes out with the copy, and is often a name.
    title = LineField(_l("Title of the copy"), limit=Limit.NAME)

    def validate_title(self, field: LineField) -> None:
        """None of the words, however they are written."""
        said = "".join(map(finding.fold, field.data))
        found = [word for word, one in finding.wanted_of(self.listed()).items() if one and one.search(said)]
        if found:
            raise wtforms.ValidationError(
                _(
                    "This is painted over in the copy and stands in its title: %(words)s. Write another "
                    "title.",
                    words=", ".join(f"\u2068{word}\u2069" for word in found),
                )
            )

    def validate_words(self, field: TextField) -> None:
        """Few, and none so short that it is everywhere."""
        words = self.listed()
        if len(words) > WORDS:
            raise wtforms.ValidationError(_("At most forty lines of words."))
        if any(len(word) < _SHORTEST for word in words):
            raise wtforms.ValidationError(_("A word has at least two letters."))
        field.data = "\n".join(words)

    def validate_areas(self, field: TextField) -> None:
        """Five numbers a line, inside the page."""
        lines = [line for line in field.data.splitlines() if line.strip()]
        if len(lines) > MOST:
            raise wtforms.ValidationError(_("At most 200 areas."))
        for line in lines:
            if _area(line) is None:
                raise wtforms.ValidationError(
                    _(
                        "This line is no area: %(line)s. Write the page, then left, top, width and height in "
                        "percent: 1 10 20 30 5",
                        line=f"\u2068{line}\u2069",
                    )
                )

    def listed(self) -> list[str]:
        """The words, each once."""
        return list(dict.fromkeys(word for line in self.words.data.splitlines() if (word := line.strip())))

    def counted(self) -> str:
        """What stands in `seen` once the page has shown where these words are."""
        return hashlib.sha256("\n".join(self.listed()).encode()).hexdigest()[:16]

    def looked_at(self) -> set[int]:
        """The pages that were shown so far."""
        return {int(one) for one in re.findall(r"\b[0-9]{1,4}\b", self.looked.data or "", re.ASCII)}

    def shown(self, number: int) -> None:
        """Keep that a page is shown now."""
        self.looked.data = " ".join(map(str, sorted({*self.looked_at(), number})))

    def marked(self) -> list[Area]:
        """The areas that are right."""
        return [area for line in self.areas.data.splitlines() if (area := _area(line)) is not None]

    def number(self) -> int:
        """The page that is looked at."""
        text = self.page.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 1


def _area(line: str) -> Area | None:
    if _MINUS.search(line):
        return None
    numbers = [float(one.replace(",", ".")) for one in _NUMBER.findall(fold_digits(line))]
    if len(numbers) != _NUMBERS:
        return None
    page, left, top, width, height = numbers
    inside = left + width <= _WHOLE and top + height <= _WHOLE and width > 0 and height > 0
    return (int(page), left, top, width, height) if inside and 1 <= page <= PAGES else None
