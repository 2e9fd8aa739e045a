"""The log of a dossier: what was sent to whom, who was met, what was answered, what was promised until when.

Everything is sealed to the dossier key; in clear are whether a promise is open, its day and its owner, so
that it comes back to a desk without being opened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from accounts.models import Person
from accounts.service.names import names_of
from advocacy.models.contacts import ContactEntry, Institution
from advocacy.service import contact_seal, dossiers, institutions, outputs
from advocacy.service.contact_seal import Note, Written
from advocacy.service.dossiers import OpenDossier
from cases.service import team
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import RULES, may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import reference
from core.store.base import db
from domain.dossiers import LANGUAGES

SENT: Final = "sent"
PROMISE: Final = "promise"
LAST: Final = ("media", "opinion_leader")
CORRECTABLE: Final = frozenset({"noted", "open"})


@dataclass(frozen=True)
class Put:
    """A correction as the page shows it: by whom, when, and what stood there before."""

    by: str
    at: dt.datetime
    before: Note
    institution: Institution
    due_on: dt.date | None
    owner: str


@dataclass(frozen=True)
class Line:
    """An entry of the log, opened for this request."""

    id: UUID
    dossier_id: UUID | None
    note: Note
    institution: Institution
    person: str
    due_on: dt.date | None
    owner: str
    state: str
    by: str
    written_at: dt.datetime
    version: int
    owner_id: UUID | None
    mine: bool  # the actor looks after the promise
    corrections: tuple[Put, ...]  # the oldest first

    @property
    def overdue(self) -> bool:
        """Whether a promise is open and its day is over."""
        return self.state == "open" and self.due_on is not None and self.due_on < clock.today()


def write(
    actor: Actor,
    dossier_id: UUID | None,
    token: UUID,
    note: Note,
    due_on: dt.date | None = None,
    owner_id: UUID | None = None,
    *,
    anyway: bool = False,
) -> UUID:
    """Write a contact into the log, of a dossier or of none; the same token twice writes one. Gives its id.

    Raises Refused, NotFound, Locked, DomainError: for media before the earlier steps unless `anyway`, for a
    promise without day and owner, for a version that was never made into a file.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    known = db.session.scalar(select(ContactEntry.id).where(ContactEntry.token == token))
    if known is not None:
        return known
    opened = dossiers.open_dossier(actor, dossier_id) if dossier_id else None
    _check(actor, opened, note, due_on, owner_id, anyway=anyway)
    promised = note.kind == PROMISE
    row = ContactEntry(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        dossier_id=dossier_id,
        due_on=due_on if promised else None,
        owner_id=owner_id if promised else None,
        state="open" if promised else "noted",
        written_by=actor.person_id,
        written_at=clock.now(),
        version=1,
        token=token,
    )
    contact_seal.seal(actor, row, Written(note))
    db.session.add(row)
    db.session.flush()
    # Who was contacted is sealed, so the chain names the entry and not the addressee.
    about = ("dossier", dossier_id) if dossier_id else ("contact", row.id)
    audit.record(actor, "contact.write", object_kind=about[0], object_id=about[1])
    return row.id


def correct(
    actor: Actor,
    entry_id: UUID,
    version: int,
    note: Note,
    due_on: dt.date | None = None,
    owner_id: UUID | None = None,
    *,
    anyway: bool = False,
) -> None:
    """Put a line of the log right; that it was corrected, and what stood there, stays visible.

    Raises Refused, NotFound, Conflict, Locked, and DomainError as `write` does.
    """
    if not may(actor, Permission.CONTACT_WRITE):
        raise Refused
    row = _to_change(actor, entry_id, version)
    if row.state not in CORRECTABLE:
        raise NotFound
    opened = dossiers.open_dossier(actor, row.dossier_id) if row.dossier_id else None
    written = contact_seal.opened(dossiers.Pairs(actor), row)
    _check(actor, opened, note, due_on, owner_id, anyway=anyway, before=written.note)
    promised = note.kind == PROMISE
    right = written.corrected(note, actor.person_id, clock.now(), row.due_on, row.owner_id)
    row.due_on, row.owner_id = (due_on, owner_id) if promised else (None, None)
    row.state = "open" if promised else "noted"
    row.version += 1
    contact_seal.seal(actor, row, right)
    audit.record(actor, "contact.correct", object_kind="contact", object_id=row.id)


def line(actor: Actor, entry_id: UUID) -> Line:
    """One line of a log. Raises NotFound, Locked."""
    rows = reachable(actor, Permission.CONTACT_READ, ContactEntry).where(ContactEntry.id == entry_id)
    found = _lines(actor, list(db.session.scalars(rows)))
    if not found:
        raise NotFound
    return found[0]


def settle(actor: Actor, entry_id: UUID, version: int, *, kept: bool) -> tuple[UUID | None, UUID]:
    """Say whether a promise was kept: a manager, or whoever looks after it.

    Gives the dossier, if any, and the addressee. The same answer to the same version twice is once. Raises
    NotFound, Conflict, Locked.
    """
    state = "kept" if kept else "broken"
    row = _to_change(actor, entry_id, version, becomes=state)
    if row.state == "noted" or not (may(actor, Permission.CONTACT_WRITE) or row.owner_id == actor.person_id):
        raise NotFound
    written = contact_seal.opened(dossiers.Pairs(actor), row)
    if row.version != version:
        return row.dossier_id, written.note.institution_id
    row.version += 1
    row.state = state
    contact_seal.seal(actor, row, written)
    audit.record(actor, "contact.settle", object_kind="contact", object_id=row.id)
    return row.dossier_id, written.note.institution_id


def log(actor: Actor, dossier_id: UUID) -> list[Line]:
    """Everything in the log of a dossier, the latest day first. Raises Locked without the key."""
    rows = reachable(actor, Permission.CONTACT_READ, ContactEntry).where(
        ContactEntry.dossier_id == dossier_id
    )
    return _latest_first(_lines(actor, list(db.session.scalars(rows))))


def with_addressee(actor: Actor, institution_id: UUID) -> list[Line]:
    """Everything written of one addressee, in any dossier or none, the latest day first.

    Who was contacted is sealed, so the organisation's whole log is opened. Raises Locked without the key.
    """
    rows = reachable(actor, Permission.CONTACT_READ, ContactEntry)
    found = _lines(actor, list(db.session.scalars(rows)))
    return _latest_first([line for line in found if line.institution.id == institution_id])


def promises(actor: Actor) -> list[Line]:
    """Open promises of every dossier, the one that is due first on top. Raises Locked without the key."""
    rows = reachable(actor, Permission.CONTACT_READ, ContactEntry).where(ContactEntry.state == "open")
    return _lines(actor, list(db.session.scalars(rows.order_by(ContactEntry.due_on, ContactEntry.id))))


def due(actor: Actor) -> int:
    """How many promises are over: a manager's organisation's, anybody else's own. Opens nothing."""
    rows = reachable(actor, Permission.CONTACT_READ, ContactEntry).where(
        ContactEntry.state == "open", ContactEntry.due_on < clock.today()
    )
    if Role.MANAGER not in actor.roles:
        rows = rows.where(ContactEntry.owner_id == actor.person_id)
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def owners(actor: Actor) -> list[Person]:
    """Who may look after a promise: those who may read the log."""
    return team.holding(actor, RULES[Permission.CONTACT_READ])


def numbers(opened: OpenDossier) -> list[int]:
    """The versions of which a file was made, the latest first: nothing else can have been handed over."""
    return sorted({number for _output, number in outputs.of(opened)}, reverse=True)


def steps_missing(lines: list[Line]) -> list[str]:
    """The kinds of addressees that come before the media and were not contacted yet, in their order."""
    reached = {line.institution.kind for line in lines}
    return [kind for kind in reference().lists[institutions.KINDS].codes if kind not in {*reached, *LAST}]


def first_day(opened: OpenDossier, lines: list[Line]) -> dt.date:
    """When the request was first carried to somebody; where it never was, when the dossier was begun."""
    begun = opened.row.made_at.astimezone(clock.ISTANBUL).date()
    return min((line.note.on for line in lines if line.note.kind == SENT), default=begun)


def _check(
    actor: Actor,
    opened: OpenDossier | None,
    note: Note,
    due_on: dt.date | None,
    owner_id: UUID | None,
    *,
    anyway: bool,
    before: Note | None = None,
) -> None:
    # A line that is put right may keep the addressee that was taken out since.
    kept = before is not None and before.institution_id == note.institution_id
    institution = institutions.one(actor, note.institution_id, also_retired=kept)
    if note.person_id is not None:
        institutions.person(actor, institution.id, note.person_id)
    if note.kind not in reference().lists["contact_kind"] or note.language not in {"", *LANGUAGES}:
        raise NotFound
    if note.on > clock.today():
        raise DomainError(_("This day has not come yet."), field="on")
    _check_version(opened, institution, note)
    if note.kind == PROMISE:
        if due_on is None:
            raise DomainError(_("Write until when it was promised."), field="due_on")
        if owner_id not in {person.id for person in owners(actor)}:
            raise DomainError(_("Choose who looks after it."), field="owner")
    if opened and institution.kind in LAST and not anyway and steps_missing(log(actor, opened.id)):
        raise DomainError(
            _("Media come last: other addressees were not contacted yet. Tick the box to write it anyway."),
            field="anyway",
        )


def _check_version(opened: OpenDossier | None, institution: Institution, note: Note) -> None:
    """What was handed over existed, might go there, and is named where every group gets the same."""
    if note.number and (opened is None or note.number not in numbers(opened)):
        raise DomainError(_("No file was made of this version."), field="number")
    if opened and note.number:
        outputs.require_may_go_to(opened, institution.kind, note.number)
    elif opened and note.kind == SENT and institution.kind == institutions.GROUP:
        raise DomainError(
            _("Choose which version was handed over: what one group gets, every group is offered."),
            field="number",
        )


def _latest_first(lines: list[Line]) -> list[Line]:
    # The order of writing decides between contacts of one day.
    return sorted(lines, key=lambda line: (line.note.on, line.written_at), reverse=True)


def _lines(actor: Actor, rows: list[ContactEntry]) -> list[Line]:
    if not rows:
        return []
    pairs = dossiers.Pairs(actor)
    home = actor.organisation_id
    places = {
        row.id: row
        for row in db.session.scalars(select(Institution).where(Institution.organisation_id == home))
    }
    people = {person.id: person.values["name"] for person in institutions.people(actor)}
    read = [(row, contact_seal.opened(pairs, row)) for row in rows]
    wanted = {row.written_by for row in rows} | {row.owner_id for row in rows}
    corrections = [correction for _row, written in read for correction in written.corrections]
    wanted |= {one.by for one in corrections} | {one.owner_id for one in corrections}
    names = names_of(wanted)
    found = []
    for row, written in read:
        note = written.note
        found.append(
            Line(
                row.id,
                row.dossier_id,
                note,
                places[note.institution_id],
                people.get(note.person_id, "") if note.person_id else "",
                row.due_on,
                names.get(row.owner_id, "") if row.owner_id else "",
                row.state,
                names[row.written_by],
                row.written_at,
                row.version,
                row.owner_id,
                row.owner_id == actor.person_id,
                tuple(
                    Put(
                        names[one.by],
                        one.at,
                        one.before,
                        places[one.before.institution_id],
                        one.due_on,
                        names.get(one.owner_id, "") if one.owner_id else "",
                    )
                    for one in written.corrections
                ),
            )
        )
    return found


def _to_change(actor: Actor, entry_id: UUID, version: int, *, becomes: str = "") -> ContactEntry:
    """The entry, locked. `becomes`: a state; an entry that just became it is given, for a second click."""
    statement = reachable(actor, Permission.CONTACT_READ, ContactEntry).where(ContactEntry.id == entry_id)
    row = db.session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound
    if row.version != version and (row.state, row.version) != (becomes, version + 1):
        raise Conflict(_("Somebody changed this meanwhile. Nothing was overwritten."))
    return row


def titles(actor: Actor, language: str) -> dict[UUID, str]:
    """The dossiers by id, for a list of promises."""
    return {opened.id: opened.title(language) for opened in dossiers.index(actor)}
