"""Texts to begin a template with, in `config/letters/`: plain in the repository, and written for Word.

None is offered in a case. A lawyer checks and changes one, and brings it as a template of the organisation.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from flask_babel import lazy_gettext as _l

from core.documents.docx import Writer
from core.documents.imprint import Imprint
from core.reference import reference
from core.web.documents import as_docx
from core.web.labels import list_label

_FOLDER: Final = Path(__file__).parents[2] / "config" / "letters"
_LIST: Final = "letter_starter"
_CHECK: Final = _l(
    "A draft to begin with. A lawyer checks and changes it before it is used, and deletes this line."
)
_HEADING, _NUMBER, _BULLET = "## ", "1. ", "- "


def listed() -> list[tuple[str, str, str]]:
    """Code, name and language of each."""
    every = reference().lists[_LIST]
    return [(one.code, list_label(_LIST, one.code), one.notes["language"]) for one in every]


def has(code: str) -> bool:
    """Whether there is one of this code."""
    return code in reference().lists[_LIST]


@cache
def written(code: str, *, to_check: bool = True) -> bytes:
    """The file. About nobody, so it stays in memory. to_check: with a line that a lawyer has to check it."""
    language = reference().lists[_LIST][code].notes["language"]
    title, *lines = (_FOLDER / f"{code}.{language}.txt").read_text("utf-8").splitlines()

    def write(writer: Writer) -> None:
        if to_check:
            writer.note(str(_CHECK))
        for kind, group in groupby(filter(None, lines), key=_kind):
            texts = [line.removeprefix(kind) for line in group]
            if kind == _NUMBER:
                writer.numbers(texts)
            elif kind == _BULLET:
                writer.bullets(texts)
            else:
                for text in texts:
                    writer.heading(text) if kind else writer.paragraph(text)

    return as_docx(Imprint(language, title), write)


def _kind(line: str) -> str:
    return next((mark for mark in (_HEADING, _NUMBER, _BULLET) if line.startswith(mark)), "")
