"""How a line of the contact log is sealed: what is written down, and what stood there before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

import vault
from advocacy.models.contacts import ContactEntry
from advocacy.service import dossiers
from core.access.actors import Actor
from vault import Context


@dataclass(frozen=True)
class Note:
    """What is written down of a contact; `number` is the version that was handed over, 0 for none."""

    kind: str
    on: dt.date
    institution_id: UUID
    person_id: UUID | None
    channel: str
    language: str
    number: int
    words: str
    next_step: str

    def to_json(self) -> dict[str, Any]:
        """What is sealed of it."""
        return {
            "kind": self.kind,
            "on": self.on.isoformat(),
            "institution": self.institution_id.hex,
            "person": self.person_id.hex if self.person_id else "",
            "channel": self.channel,
            "language": self.language,
            "number": self.number,
            "words": self.words,
            "next_step": self.next_step,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Note:
        """From `to_json`."""
        return cls(
            data["kind"],
            dt.date.fromisoformat(data["on"]),
            UUID(data["institution"]),
            UUID(data["person"]) if data["person"] else None,
            data["channel"],
            data["language"],
            data["number"],
            data["words"],
            data["next_step"],
        )


@dataclass(frozen=True)
class Correction:
    """Who put a line right, when, and what stood there before."""

    by: UUID
    at: dt.datetime
    before: Note
    due_on: dt.date | None = None  # of a promise, as it was
    owner_id: UUID | None = None


@dataclass(frozen=True)
class Written:
    """A line as it stands, with its corrections, the oldest first."""

    note: Note
    corrections: tuple[Correction, ...] = ()

    def corrected(
        self, note: Note, by: UUID, at: dt.datetime, due_on: dt.date | None, owner_id: UUID | None
    ) -> Written:
        """The line put right; `due_on` and `owner_id` as they were before."""
        return Written(note, (*self.corrections, Correction(by, at, self.note, due_on, owner_id)))


def seal(actor: Actor, row: ContactEntry, written: Written) -> None:
    """Seal a line to the present dossier key. Raises Locked when there is none."""
    key = dossiers.present_key(actor)
    row.key_id = key.id
    corrections = [
        {
            "by": one.by.hex,
            "at": one.at.isoformat(),
            "before": one.before.to_json(),
            "due_on": one.due_on.isoformat() if one.due_on else "",
            "owner": one.owner_id.hex if one.owner_id else "",
        }
        for one in written.corrections
    ]
    content = orjson.dumps({**written.note.to_json(), "corrections": corrections})
    row.sealed = vault.seal_to(key.public, content, _context(row))


def opened(pairs: dossiers.Pairs, row: ContactEntry) -> Written:
    """A line, opened. Raises Locked, VaultError where it was changed."""
    data = orjson.loads(pairs.of(row.key_id).open(row.sealed, _context(row)))
    return Written(
        Note.of(data),
        tuple(
            Correction(
                UUID(one["by"]),
                dt.datetime.fromisoformat(one["at"]),
                Note.of(one["before"]),
                dt.date.fromisoformat(one["due_on"]) if one.get("due_on") else None,
                UUID(one["owner"]) if one.get("owner") else None,
            )
            for one in data.get("corrections", ())
        ),
    )


def _context(row: ContactEntry) -> Context:
    # Day, owner and state are part of it: a promise set to "kept" in the database does not open.
    return Context(
        "contact",
        row.organisation_id,
        row.dossier_id,
        row.id,
        row.version,
        row.state,
        row.due_on.isoformat() if row.due_on else "",
        row.owner_id,
    )
