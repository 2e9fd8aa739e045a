"""Which papers nobody has chosen before somebody chooses them one by one, each with why.

What goes out is ticked beforehand, so that nothing is forgotten; what must not go by oversight is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final
from uuid import UUID

from cases.service.conversations import CLIENT
from cases.service.shelves import Document, Shelf, shelves
from domain.content import Content

_OURS: Final = "ours"
_PETITION: Final = "petition"
_PERHAPS_OURS: Final = frozenset({"", "lawyer"})  # from where a paper comes that may be a draft
_AS_DRAFTED: Final = frozenset({"", _PETITION, "letter", "statement", "other"})  # what such a paper may be
_OF_OTHERS: Final = frozenset({"whatsapp", "relative"})  # sources behind which may stand somebody else


class Why(StrEnum):
    """Why a paper is not chosen beforehand."""

    LEAVING = "leaving"  # somebody asked for its deletion
    OLDER = "older"  # a newer version lies over it
    REDACTED = "redacted"  # a redacted copy was made of one of its versions
    COPIES = "copies"  # there are several redacted copies, of which one may show what another hides
    DRAFT = "draft"  # it is, or may be, a draft or a paper made here, and no filing names it
    OTHERS = "others"  # somebody else sent or brought it, or nobody said who did


def unchosen(papers: Iterable[Document], filed: Collection[str]) -> dict[str, Why]:
    """By id, for whomever the archive is. filed: ids of the papers that lines of filings name.

    What holds for one version of a paper holds for all of them.
    """
    seen = _Seen(papers)
    told: dict[str, Why] = {}
    for shelf in seen.shelves:
        told |= {str(one.id): Why.OLDER for one in shelf.older}
        why = seen.why(shelf, filed)
        if why is not None:
            told[str(shelf.document.id)] = why
    return told


def of_others(papers: Iterable[Document], names: Collection[str]) -> dict[str, Why]:
    """By id those that somebody else than the person sent or brought. names: how the person is written."""
    seen = _Seen(papers)
    theirs = {CLIENT, *names}
    found: dict[str, Why] = {}
    for shelf in seen.shelves:
        about = seen.line(shelf.document)[-1].about
        if about.get("source") in _OF_OTHERS and (about.get("who") or "") not in theirs:
            found[str(shelf.document.id)] = Why.OTHERS
    return found


class _Seen:
    """The papers of a case with what was made from what."""

    def __init__(self, papers: Iterable[Document]) -> None:
        listed = list(papers)
        self._by_id = {str(one.id): one for one in listed}
        self.shelves = shelves(listed)
        self._shelf_of = {
            str(one.id): shelf for shelf in self.shelves for one in (shelf.document, *shelf.older)
        }
        self._redacted = {one for shelf in self.shelves for one in self._sources(shelf)}
        self._copies = Counter(
            self._root(one) for one in self.shelves if self._sources(one) and not self._is_redacted(one)
        )

    def why(self, shelf: Shelf, filed: Collection[str]) -> Why | None:
        """Why the newest version of a paper is not chosen, or None."""
        line = self.line(shelf.document)
        if shelf.document.leaving is not None:
            return Why.LEAVING
        if self._is_redacted(shelf):
            return Why.REDACTED
        if self._copies[self._root(shelf)] > 1:
            return Why.COPIES
        if self._may_be_draft(line) and not {str(one.id) for one in line}.intersection(filed):
            return Why.DRAFT
        return None

    def line(self, paper: Document) -> list[Document]:
        """A paper, and what it is a redacted copy of, down to what came."""
        found = [paper]
        while (before := self._by_id.get(self._made_from(found[-1]) or "")) and before not in found:
            found.append(before)
        return found

    def _may_be_draft(self, line: list[Document]) -> bool:
        """Whether it was made here, or nobody said whose writing it is.

        Never asked is whether a draft of the lawyers rests on it: that one alone of two papers that came
        alike is not chosen would tell everybody on the page that there is a draft.
        """
        came = line[-1]
        source, kind = (came.about.get(name) or "" for name in ("source", "kind"))
        if source == _OURS or came.is_letter:
            return True
        content = Content(came.content)
        written = kind == _PETITION or not (content.is_photo or content.is_voice)
        return written and kind in _AS_DRAFTED and source in _PERHAPS_OURS

    def _is_redacted(self, shelf: Shelf) -> bool:
        return shelf.document.id in self._redacted

    def _root(self, shelf: Shelf) -> UUID:
        """The newest version of what a redacted copy was first made from."""
        return self._shelf_of[str(self.line(shelf.document)[-1].id)].document.id

    def _sources(self, shelf: Shelf) -> set[UUID]:
        """The newest of each other shelf from which a version of this one was made."""
        made = (
            self._shelf_of.get(one.about.get("made_from") or "") for one in self._versions(shelf.document)
        )
        return {one.document.id for one in made if one is not None and one is not shelf}

    def _made_from(self, paper: Document) -> str | None:
        """From what a paper was made; a newer version of a redacted copy was, as that copy was."""
        named = (one.about.get("made_from") for one in self._versions(paper))
        return next((one for one in named if one), None)

    def _versions(self, paper: Document) -> tuple[Document, ...]:
        shelf = self._shelf_of[str(paper.id)]
        return (shelf.document, *shelf.older)
