"""Papers as they stand in a case: what each is called, and which older versions lie under it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain.content import Content
from domain.names.folding import fold


@dataclass(frozen=True)
class Leaving:
    """That somebody asked for a document to be deleted; until another person confirms, it stays."""

    by: str
    at: dt.datetime
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Document:
    """A document as its case shows it."""

    id: UUID
    content: str  # its media type
    size: int
    digest: str  # SHA-256 of what came, in hexadecimal
    about: dict[str, Any] = field(repr=False)  # title, kind, where it came from, tags
    added_at: dt.datetime
    added_by: str
    can_be_shown: bool
    version: int
    leaving: Leaving | None = None

    @property
    def title(self) -> str:
        """What it is called, or ""."""
        return called(self.about)

    @property
    def is_voice(self) -> bool:
        """Whether it is heard."""
        return self.content.startswith("audio/")

    @property
    def is_pdf(self) -> bool:
        """Whether it has pages."""
        return self.content == "application/pdf"

    @property
    def is_letter(self) -> bool:
        """Whether it is a file of Word: made here, or written by us."""
        return self.content == Content.DOCX

    @property
    def can_be_redacted(self) -> bool:
        """Whether something can be painted over in a copy of it."""
        return self.is_pdf or self.can_be_shown

    @property
    def can_be_cleaned(self) -> bool:
        """Whether a copy for passing on is made of it; a letter that was made here tells nothing."""
        return self.can_be_redacted or (self.is_letter and not self.about.get("letter"))


@dataclass(frozen=True)
class Shelf:
    """A paper as it stands, and what it replaced, the newest first."""

    document: Document
    older: tuple[Document, ...]


def shelves(papers: Iterable[Document]) -> list[Shelf]:
    """The papers that nothing newer replaces, in the order given, each with its older versions."""
    listed = list(papers)
    by_id = {str(one.id): one for one in listed}
    replaced = {one.about.get("replaces") for one in listed}
    return [Shelf(one, _older(one, by_id)) for one in listed if str(one.id) not in replaced]


def newer_than(paper_id: str, listed: Iterable[Shelf]) -> Document | None:
    """The paper as it stands now of which this one is an older version, or None."""
    return next((one.document for one in listed if any(str(old.id) == paper_id for old in one.older)), None)


def found_by(words: str, listed: Iterable[Shelf]) -> list[Shelf]:
    """Those in which every word stands: in a title, a tag, the name of the file, or who brought it.

    Older versions are looked through too. Spellings are folded as those of names are.
    """
    wanted = _key(words).split()
    return [one for one in listed if all(word in _said(one) for word in wanted)]


def tags_of(listed: Iterable[Shelf]) -> list[tuple[str, int]]:
    """The tags of papers as they stand, each once, with how many papers bear it; the most used first."""
    counted = Counter(tag for one in listed for tag in one.document.about.get("tags", ()))
    return sorted(counted.items(), key=lambda one: (-one[1], _key(one[0])))


def tagged(tag: str, listed: Iterable[Shelf]) -> list[Shelf]:
    """Those that bear a tag now."""
    return [one for one in listed if tag in one.document.about.get("tags", ())]


def _said(shelf: Shelf) -> str:
    abouts = [one.about for one in (shelf.document, *shelf.older)]
    told = [[one.get("title"), one.get("name"), one.get("who"), *one.get("tags", ())] for one in abouts]
    return _key(" ".join(str(word or "") for words in told for word in words))


def _key(text: str) -> str:
    """Folded, and with one letter for both kinds of i: capitals of Turkish are typed on any keyboard."""
    return fold(text).replace("ı", "i")


def called(about: dict[str, Any]) -> str:
    """What a paper is called: its title, or the name that it came with without its ending, or ""."""
    name: str = about.get("name") or ""
    title: str = about.get("title") or ""
    return title or name.rpartition(".")[0] or name


def _older(paper: Document, by_id: dict[str, Document]) -> tuple[Document, ...]:
    found: list[Document] = []
    before = by_id.get(paper.about.get("replaces") or "")
    while before is not None and before not in found:
        found.append(before)
        before = by_id.get(before.about.get("replaces") or "")
    return tuple(found)
