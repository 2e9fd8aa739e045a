"""What every page of a document says about the document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

_CODE_BYTES: Final = 16


@dataclass(frozen=True)
class Imprint:
    """Head and foot of each page, ready in the document's language.

    language: ar, tr or en. kind: what it is ("Policy paper"). issuer: whose it is. version: from 1; 0 for a
    document that has none. code: which text it is, see `verification_code`. day: the day it is dated, also
    the only date inside the file. marking: who may read it, in words, on each page in place of the kind.
    """

    language: str
    title: str
    kind: str = ""
    issuer: str = ""
    version: int = 0
    code: str = ""
    day: dt.date | None = None
    marking: str = ""
    paper: Literal["a4", "a5"] = "a4"


def verification_code(digest: bytes) -> str:
    """The first 128 bits of a SHA-256 as groups of four: "9f86 d081 884c 7d65 9a2f eaa0 c55a d015".

    Two documents with the same code have the same content. A code over content that can be guessed confirms
    the guess, so whoever publishes one puts a random value inside.
    """
    code = digest[:_CODE_BYTES].hex()
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
