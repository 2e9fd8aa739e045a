"""Files of Word that somebody brings into a case: what we wrote, read through apart before it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from core.documents import alone, templates
from core.errors import DomainError
from core.store import sealed_files
from core.store.sealed_files import LARGEST, PAPERS, NotTaken, SealedFile, Taking
from core.web.uploads import Arriving
from domain.content import Content, Unwanted

OURS: Final = "ours"  # of the list document_source

PAPERS_AND_LETTERS: Final = Taking(
    LARGEST,
    PAPERS.kinds | {Content.ZIP},  # which a file of Word is, to whoever looks at its first bytes
    {
        Unwanted.UNKNOWN: _l(
            "This kind of file is not taken. Send photos, a PDF or a voice message, or what we wrote as a "
            "file of Word (.docx)."
        )
    },
)
"""What people send and bring, and what we wrote in Word."""


def look_into(coming: Iterable[Arriving], source: str) -> None:
    """Tell files of Word from whatever else is packed in the same way, and refuse what could do harm.

    source: what the form says of where they come from. What is refused has its reason, and no file any more.
    """
    for one in coming:
        if one.file is not None and one.file.content is Content.ZIP:
            try:
                _require_letter(one.file, source)
                one.file = replace(one.file, content=Content.DOCX)
            except (DomainError, alone.Busy) as error:
                one.file, one.error = None, error


def ours(file: SealedFile, said: dict[str, Any]) -> dict[str, Any]:
    """What is said of a file, with where it comes from where that is known."""
    return {**said, "source": OURS} if file.content is Content.DOCX else said


def _require_letter(file: SealedFile, source: str) -> None:
    if file.size > templates.LARGEST_LETTER:
        raise templates.too_large()
    content = b"".join(sealed_files.read(sealed_files.store(), file))
    try:
        templates.plain(content)
    except templates.NotTaken as error:
        if error.other:
            raise NotTaken(Unwanted.UNKNOWN, PAPERS_AND_LETTERS) from None
        raise
    if source not in {"", OURS}:
        raise DomainError(
            _l(
                "A file of Word is taken only of what we wrote ourselves: then say that it was made by us. "
                "What somebody else wrote is kept as they sent it, as a PDF or a photo."
            )
        )
