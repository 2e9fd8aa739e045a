"""Papers of a case: filed with what is said about them, renamed, replaced by newer versions, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import documents, gate, keys, records, rows, taken, timeline
from cases.service.reach import find
from cases.service.shelves import called
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.documents.copies import Opened
from core.errors import DomainError, NotFound
from core.reference import reference
from core.store.sealed_files import SealedFile
from domain.lifecycle import State
from vault import Key

LINE: Final = "document"
TAGS: Final = 10
_ACT: Final = "case.files"


@dataclass(frozen=True)
class Paper:
    """A file that came, what it was called where it came from, and what is said about it."""

    file: SealedFile
    name: str
    said: dict[str, Any]


@dataclass(frozen=True)
class Filed:
    """Which of the files that came are kept now, and which the case held already, by their ids here."""

    kept: frozenset[UUID]
    known: frozenset[UUID]


def file_papers(
    actor: Actor,
    case_id: UUID,
    papers: list[Paper],
    token: UUID,
    *,
    replaces: UUID | None = None,
    made_from: UUID | None = None,
) -> Filed:
    """Keep papers in a case. What it holds already, byte for byte, is not kept twice.

    token: of the form; what it brings in several goes stands in one line of the timeline. replaces: the paper
    of which this is a newer version. made_from: the one of which it is a redacted copy.
    Raises NotFound, gate.Held, DomainError.
    """
    case, key = case_of(actor, case_id)
    gate.require(case, records.open_record(key, case), gate.Act.FACTS)
    if replaces is not None:
        _require_newest(case, key, replaces)
    if made_from is not None:
        documents.row_of(case, made_from)
    bound = {"replaces": replaces, "made_from": made_from}
    more = {name: str(one) for name, one in bound.items() if one is not None}
    about = [(one.file, {**_checked(one.said), "name": one.name, **more}) for one in papers]
    here = documents.add(actor, case, key, about)
    kept = [one for one in papers if here[one.file.digest] == one.file.id]
    known = frozenset(here[one.file.digest] for one in papers) - {one.file.id for one in papers}
    if kept:
        lines = [[str(one.file.id), called({**one.said, "name": one.name})] for one in kept]
        change = "redacted" if made_from else "newer" if replaces else "added"
        tell(actor, case, key, change, lines, token)
    return Filed(frozenset(one.file.id for one in kept), known)


def say(actor: Actor, case_id: UUID, document_id: UUID, version: int, said: dict[str, Any]) -> None:
    """Say something else about a paper. Raises NotFound, Conflict, DomainError."""
    case, key = case_of(actor, case_id)
    about = documents.content_of(case, key, documents.row_of(case, document_id))["about"]
    changed = {**about, **_checked(said)}
    documents.change(case, key, document_id, version, {"about": changed})
    line = [[str(document_id), called(changed)]]
    tell(actor, case, key, "said", line)


def open_paper(actor: Actor, case_id: UUID, document_id: UUID, act: str) -> Opened:
    """What opens a paper; the act is audited. Raises NotFound, Locked, rows.Tampered."""
    return documents.open_file(actor, case_id, document_id, act=act)


def took(actor: Actor, case_id: UUID, document_id: UUID, act: str) -> None:
    """Write down that a copy of a paper was made and leaves now. Raises NotFound."""
    case = find(actor, Permission.CASE_READ, case_id)
    taken.write(actor, case, documents.row_of(case, document_id).id, act)


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    lists = reference().lists
    for name in ("kind", "source"):
        if said.get(name) and said[name] not in lists[f"document_{name}"]:
            raise NotFound
    if len(said.get("tags", ())) > TAGS:
        raise DomainError(_("At most ten tags."), field="tags")
    return said


def _require_newest(case: Case, key: Key, document_id: UUID) -> None:
    documents.row_of(case, document_id)
    if any(one.about.get("replaces") == str(document_id) for one in documents.read(case, key)):
        raise DomainError(_("There is a newer version of this document already. Open that one."))


def case_of(actor: Actor, case_id: UUID, *, closed: bool = False) -> tuple[Case, Key]:
    """A case whose papers the actor may change, and its key. Raises NotFound, Locked, DomainError.

    closed: for what is brought to an end in a closed case too.
    """
    case = find(actor, Permission.CASE_NOTE, case_id)
    if case.state == State.ERASED:
        raise NotFound
    if case.state == State.CLOSED and not closed:
        raise DomainError(gate.CLOSED)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def tell(
    actor: Actor,
    case: Case,
    key: Key,
    change: str,
    papers: list[list[str]],
    token: UUID | None = None,
    *,
    text: str = "",
    digest: str = "",
) -> None:
    """A line of the timeline, or more in the line of the same form, and the new head."""
    data = {"change": change, "documents": papers} | ({"digest": digest} if digest else {})
    if token is None or not timeline.say_more(case, key, token, LINE, "documents", papers):
        timeline.write(actor, case, key, LINE, text, data=data, token=token)
    case.changed_at = clock.now()
    rows.written(actor, _ACT, key, case)
