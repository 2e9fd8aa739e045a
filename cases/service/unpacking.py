"""What is in the ZIP of a conversation, read from the sealed store: the text, and then file by file.

Nothing of it is ever written in clear, and no more than a piece of a file is held. Outside transactions.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import lazy_gettext as _

from cases.service.archives import Found, ToKeep, Work
from core.documents.bundle import Bundle, Fault, NotRead
from core.errors import DomainError
from core.store import sealed_files
from core.store.sealed_files import (
    LARGEST,
    NO_ROOM,
    TOO_LARGE,
    Incoming,
    NotTaken,
    SealedFile,
    Taking,
)  # fmt: skip # one list
from domain.content import Content, Unwanted
from domain.imports import whatsapp_archive

_NO_ZIP: Final = _(
    "This is no ZIP file. On the phone open the conversation and choose “Export chat”, with media."
)
ZIP: Final = Taking(
    100 * 1024 * 1024,
    frozenset({Content.ZIP}),
    {
        Unwanted.EMPTY: _NO_ZIP,
        Unwanted.VIDEO: _NO_ZIP,
        Unwanted.UNKNOWN: _NO_ZIP,
        TOO_LARGE: _(
            "The ZIP is larger than 100 MB. Export the conversation without media, paste its text, and add "
            "what matters as documents."
        ),
    },
)
TEXT_BYTES: Final = 2 * 1024 * 1024
AT_ONCE: Final = 25  # files of one step: each step is one transaction
_FAULTS: Final = {
    Fault.DAMAGED: _("The ZIP is damaged, or no phone made it. Export the conversation once more."),
    Fault.TOO_MANY: _("More than 10,000 files are in the ZIP. Export the conversation without media."),
    Fault.TOO_LARGE: _("What is in the ZIP is too large: more than 300 MB of files, or 2 MB of text."),
    Fault.LOCKED: _("The ZIP has a password. Bring one without."),
}


@dataclass(frozen=True)
class Export:
    """What a phone exported: the text, and which file of the ZIP has which name."""

    text: str = field(repr=False)
    parts: dict[str, int] = field(repr=False)


def look(file: SealedFile) -> Export:
    """Read the list and the text. Raises DomainError for what no phone exports, and vault.Unreadable."""
    with closing(sealed_files.placed(sealed_files.store(), file)) as source:
        try:
            bundle = Bundle(source)
            texts = whatsapp_archive.texts([one.path for one in bundle.parts])
            if not texts:
                raise _unfit(_("No conversation is in this ZIP. Export one on the phone, with media."))
            if len(texts) > 1:
                raise _unfit(_("More than one conversation is in this ZIP. Bring each by itself."))
            chat = bundle.parts[texts[0]]
            text = b"".join(bundle.read(chat.number, TEXT_BYTES)).decode("utf-8-sig")
        except NotRead as error:
            raise _unfit(_FAULTS[error.fault]) from None
        except UnicodeError:
            raise _unfit(_FAULTS[Fault.DAMAGED]) from None
    paths = {one.number: one.path for one in bundle.parts if one.number != chat.number}
    return Export(text, whatsapp_archive.by_name(paths)[0])


def unpack(work: Work, wanted: Iterable[ToKeep], until: float) -> list[Found]:
    """Seal the next files, each by itself: at least one, and no more once a moment has come.

    until: as `time.monotonic` counts. What is not kept after that is the caller's to delete. Raises NotTaken
    where the store has no room, and vault.Unreadable.
    """
    found: list[Found] = []
    try:
        with closing(sealed_files.placed(sealed_files.store(), work.file)) as source:
            bundle = Bundle(source)
            for one in wanted:
                found.append(_sealed(bundle, one.part))
                if time.monotonic() > until or len(found) == AT_ONCE:
                    break
    except BaseException:
        forget(found)
        raise
    return found


def forget(found: Iterable[Found]) -> None:
    """Delete what was sealed and nobody keeps."""
    for one in found:
        if isinstance(one, SealedFile):
            sealed_files.discard(one)


def _sealed(bundle: Bundle, part: int) -> Found:
    incoming = Incoming(sealed_files.store())
    try:
        for piece in bundle.read(part, LARGEST):
            incoming.write(piece)
        return incoming.finish()
    except NotRead as error:
        return str(error.fault)
    except NotTaken as error:
        if error.reason == NO_ROOM:
            raise
        return str(error.reason)


def _unfit(why: Any) -> DomainError:
    return DomainError(why, field="file")
