"""Files of an approved dossier: ordered while it may leave, kept with their exact bytes, handed out again.

A file that holds a story or a figure which was taken back since is flagged and handed out no more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.models import Organisation
from advocacy.models.dossiers import DossierOutput, DossierVersion
from advocacy.service import dossiers, figures, frozen_stories, pulling, reviewing
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may
from core.audit import service as audit
from core.documents import pdf
from core.errors import Conflict, DomainError, NotFound, Refused
from core.store.base import db
from core.store.blobs import Blobs
from domain.dossiers import (
    AUTHORITIES,
    LANGUAGES,
    PAPER_PAGES,
    PARTS,
    Paper,
    Section,
    State,
    untranslated,
)
from domain.stories import levels
from vault import Context

FORMATS: Final = ("pdf", "docx")


@dataclass(frozen=True)
class Order:
    """What is to be printed: a frozen version in one language."""

    dossier_id: UUID
    version_id: UUID
    number: int
    paper: Paper
    language: str
    format: str
    title: str
    issuer: str
    day: dt.date
    code: str
    sections: list[tuple[Section, str]] = field(repr=False)
    figures: list[dict[str, Any]] = field(repr=False)
    stories: list[str] = field(repr=False)


class Untranslated(DomainError):
    """Parts of the paper do not stand in this language; `parts` names them."""

    def __init__(self, parts: tuple[Section, ...]) -> None:
        super().__init__(_("Parts of it are not written in this language yet, so nothing was made."))
        self.parts = parts


def order(actor: Actor, dossier_id: UUID, paper: str, language: str, kind: str) -> Order:
    """What an approved dossier says in one language. Raises Untranslated, DomainError if it may not leave."""
    if not may(actor, Permission.DOSSIER_EDIT):
        raise Refused
    if paper not in set(Paper) or language not in LANGUAGES or kind not in FORMATS:
        raise NotFound
    opened = dossiers.open_dossier(actor, dossier_id)
    version = reviewing.to_leave(opened)
    content = version.content
    texts: dict[str, dict[str, str]] = content["sections"]
    lacking = untranslated(
        Paper(paper), language, {Section(name): set(given) for name, given in texts.items()}
    )
    title = content["titles"].get(language, "").strip()
    if lacking or not title:
        raise Untranslated(lacking)
    parts = PARTS[Paper(paper)]
    stories = [
        story["texts"].get(language, "")
        for story in content["stories"]
        if paper != Paper.OPEN or story["level"] != levels.CLOSED
    ]
    if Section.STORIES in parts and not all(stories):
        raise Untranslated((Section.STORIES,))
    home = db.session.get_one(Organisation, actor.organisation_id)
    return Order(
        opened.id,
        version.id,
        version.number,
        Paper(paper),
        language,
        kind,
        title,
        home.name(language),
        version.at.astimezone(clock.ISTANBUL).date(),
        version.code,
        [
            (section, texts.get(section, {}).get(language, ""))
            for section in parts
            if section in texts or (section is Section.STORIES and stories)  # they need no introduction
        ],
        content["figures"],
        stories if Section.STORIES in parts else [],
    )


def fits(made: Order, printed: bytes) -> None:
    """A policy paper has at most four pages. `printed`: the PDF, which also measures a file to edit.

    Raises DomainError that says how many it has.
    """
    if made.paper is Paper.POLICY:
        pages = pdf.page_count(printed)
        if pages > PAPER_PAGES:
            raise DomainError(
                _("A policy paper has at most four pages; this one has %(pages)d. Shorten it.", pages=pages)
            )


def keep(actor: Actor, blobs: Blobs, made: Order, content: bytes) -> UUID:
    """Keep a file that was printed; its id. The same order again gives the first file.

    Raises DomainError where the dossier may not leave any more, Conflict for another version.
    """
    opened = dossiers.open_dossier(actor, made.dossier_id, lock=True)
    version = reviewing.to_leave(opened)
    if version.id != made.version_id:
        raise Conflict(_("The dossier changed while it was printed. Nothing was kept. Print it again."))
    first = db.session.scalar(
        select(DossierOutput.id).where(
            DossierOutput.version_id == made.version_id,
            DossierOutput.kind == made.paper,
            DossierOutput.language == made.language,
            DossierOutput.format == made.format,
        )
    )
    if first is not None:
        return first
    row = DossierOutput(
        id=uuid4(),
        version_id=version.id,
        kind=made.paper,
        language=made.language,
        format=made.format,
        sha256=hashlib.sha256(content).digest(),
        blob_id=uuid4(),
        made_by=actor.person_id,
        made_at=clock.now(),
        flagged_at=None,
        settled_at=None,
        settled_by=None,
    )
    blobs.put(row.blob_id, vault.seal(opened.key, content, _context(opened, row)))
    db.session.add(row)
    if opened.state is State.APPROVED:
        dossiers.changed(opened, State.LEFT)
    audit.record(actor, "dossier.print", object_kind="dossier", object_id=opened.id, digest=row.sha256)
    return row.id


def of(opened: OpenDossier, *, lock: bool = False) -> list[tuple[DossierOutput, int]]:
    """The files of a dossier with the number of their version, newest first."""
    rows = (
        select(DossierOutput, DossierVersion.number)
        .join(DossierVersion, DossierVersion.id == DossierOutput.version_id)
        .where(DossierVersion.dossier_id == opened.id)
        .order_by(DossierOutput.made_at.desc(), DossierOutput.id)
    )
    if lock:  # in the order in which `pulling.flag_outputs` locks them
        rows = rows.order_by(None).order_by(DossierOutput.id).with_for_update(of=DossierOutput)
        rows = rows.execution_options(populate_existing=True)
    return [(row, number) for row, number in db.session.execute(rows)]


def require_may_go_to(opened: OpenDossier, addressee: str, number: int) -> None:
    """Raise DomainError where a version holds stories for authorities alone and this kind is none.

    Unless there is a file of it without them: that is then what is handed over.
    """
    if addressee in AUTHORITIES:
        return
    kinds = {row.kind for row, of_number in of(opened) if of_number == number}
    if reviewing.for_authorities_alone(opened, number) and kinds <= {Paper.FULL}:
        raise DomainError(
            _(
                "This version holds stories that were given for authorities alone. First make the file for "
                "everybody or the policy paper, and hand over that one."
            ),
            field="number",
        )


def flag(opened: OpenDossier) -> None:
    """Mark the files whose stories stand no more or whose figures come from a release that was revoked."""
    pulling.expire(opened.row.organisation_id, opened.id)
    kept = frozen_stories.kept(opened)
    _flag(opened, lambda content: frozen_stories.are_among(content["stories"], kept))


def flag_figures(opened: OpenDossier) -> None:
    """Mark the files whose figures come from a release that was revoked."""
    _flag(opened, lambda _content: True)


def _flag(opened: OpenDossier, stand: Callable[[dict[str, Any]], bool]) -> None:
    """`stand`: whether the stories of what was frozen do. A revoked release marks again what was settled."""
    rows = [row for row, _number in of(opened)]
    contents = reviewing.contents(opened, {row.version_id for row in rows})
    revoked = {
        version_id: figures.last_revoked({UUID(figure["release"]) for figure in content["figures"]})
        for version_id, content in contents.items()
    }
    gone = {version_id for version_id, content in contents.items() if not stand(content)}
    for row in rows:
        last = revoked[row.version_id]
        wrong = last is not None and (row.flagged_at is None or last > row.flagged_at)
        if wrong or (row.flagged_at is None and row.version_id in gone):
            row.flagged_at, row.settled_at, row.settled_by = clock.now(), None, None
    db.session.flush()


def fetch(actor: Actor, blobs: Blobs, dossier_id: UUID, output_id: UUID) -> tuple[DossierOutput, bytes]:
    """The exact bytes of a file. Raises NotFound, Conflict for a flagged one."""
    opened = dossiers.open_dossier(actor, dossier_id)
    flag(opened)
    row = next((one for one, _number in of(opened) if one.id == output_id), None)
    if row is None:
        raise NotFound
    if row.flagged_at is not None:
        raise Conflict(_("A story or a figure in this file was taken back. It is handed out no more."))
    content = vault.unseal(opened.key, blobs.get(row.blob_id), _context(opened, row))
    if hashlib.sha256(content).digest() != row.sha256:
        raise DomainError(_("This dossier was changed outside the program and cannot be opened."))
    audit.record(actor, "dossier.download", object_kind="dossier", object_id=opened.id, digest=row.sha256)
    return row, content


def _context(opened: OpenDossier, row: DossierOutput) -> Context:
    """Where a file belongs, and what it is: one for authorities alone never passes for one for everybody."""
    home, what = opened.row.organisation_id, (row.kind, row.language, row.format)
    return Context("dossier output", home, opened.id, row.version_id, row.id, *what)
