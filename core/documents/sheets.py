"""Read a sheet that somebody brings, in a process of its own: bytes in, cells out, never a file."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

import orjson
import structlog
from flask_babel import lazy_gettext as _l

from core.documents import alone
from core.documents.unfold import COLUMNS, DAMAGED, EMPTY, MACROS, OLD_FORMAT, ROWS, TOO_LARGE, TOO_MANY
from core.errors import DomainError

LARGEST: Final = 2_000_000  # bytes

_UNFOLD: Final = Path(__file__).with_name("unfold.py")
_WAIT_SECONDS: Final = 30
_TURNS: Final = BoundedSemaphore(1)  # each may take a GiB for a moment
_log = structlog.get_logger("himaya.documents")

Value = str | float | None

_WORDS: Final = {
    DAMAGED: _l("This file could not be read. Open it in Excel, save it as .xlsx and try again."),
    MACROS: _l("This workbook carries macros. Save it as .xlsx, without macros, and try again."),
    TOO_LARGE: _l("This file unfolds into far more than a list of cases. Copy the rows into a new workbook."),
    OLD_FORMAT: _l(
        "This is a workbook of the old kind (.xls), or one with a password. Save it as .xlsx without a "
        "password and try again."
    ),
    EMPTY: _l("There is nothing in this file."),
}


class NotRead(DomainError):
    """The file is no sheet that we take; the message says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, "" in a file that has only one, and its rows, the headings among them."""

    name: str
    rows: list[list[Value]] = field(repr=False)


def read(content: bytes) -> list[Sheet]:
    """The sheets of an .xlsx or .csv file. Raises NotRead."""
    if len(content) > LARGEST:
        raise NotRead(_l("The file is larger than 2 MB. Split it into several."), field="file")
    if not _TURNS.acquire(timeout=_WAIT_SECONDS):
        raise NotRead(_l("Another file is being read. Try again in a minute."), field="file")
    try:
        done = alone.run(_UNFOLD, content, _WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotRead(_WORDS[TOO_LARGE], field="file") from None
    finally:
        _TURNS.release()
    if done.returncode:
        raise _refusal(done.returncode)
    return [Sheet(one["name"], one["rows"]) for one in orjson.loads(done.stdout)]


def _refusal(code: int) -> NotRead:
    """The sentence for an exit status. The log gets the status alone."""
    _log.warning("document.not_read", status=code)
    if code == TOO_MANY:
        words = _l(
            "A sheet has at most %(rows)s rows and %(columns)s columns. Split it into several files.",
            rows=ROWS - 1,
            columns=COLUMNS,
        )
        return NotRead(words, field="file")
    return NotRead(
        _WORDS.get(code, _WORDS[TOO_LARGE]), field="file"
    )  # what has no words was stopped by a limit
