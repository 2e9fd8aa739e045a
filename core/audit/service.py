"""Append to the audit chain, and check it.

Acts gather in the session and are written at the very end of the transaction that did them, the
head row locked last, so that the chain is a queue for as short as possible.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.audit.models import AuditEntry, AuditHead
from core.store.base import db, send
from core.store.transaction import before_commit
from vault import first_link, link, pack

_HEADS, _ENTRIES = (AuditHead.metadata.tables[one.__tablename__] for one in (AuditHead, AuditEntry))
_HOME = _HEADS.c.organisation_id == bindparam("home")
_PLACE: dict[str, Any] = {"number": bindparam("length"), "link": bindparam("last")}
_HEAD = select(_HEADS.c.number, _HEADS.c.link).where(_HOME).with_for_update()
_BEGIN = insert(_HEADS).values(organisation_id=bindparam("home"), **_PLACE)
_MOVE = update(_HEADS).where(_HOME).values(_PLACE)
_ADD = insert(_ENTRIES)


@dataclass(slots=True)
class _Act:
    organisation_id: UUID
    actor_id: UUID | None
    act: str
    object_kind: str
    object_id: UUID | None
    digest: bytes | None
    at: dt.datetime
    number: int = 0  # until it has a place on the chain


def record(
    actor: Actor | None,
    act: str,
    *,
    organisation_id: UUID | None = None,
    person_id: UUID | None = None,
    object_kind: str = "",
    object_id: UUID | None = None,
    digest: bytes | None = None,
) -> None:
    """Put an act on the chain of the actor's organisation when this transaction ends.

    `organisation_id` and `person_id` stand in where nobody is signed in yet. Raises ValueError
    when no organisation is known.
    """
    home = actor.organisation_id if actor else organisation_id
    if home is None:
        raise ValueError("an act belongs to an organisation")
    db.session().info.setdefault("acts", []).append(
        _Act(home, actor.person_id if actor else person_id, act, object_kind, object_id, digest, clock.now())
    )


def entry_bytes(entry: AuditEntry | _Act) -> bytes:
    """What a link of the chain is computed over."""
    return pack(
        entry.organisation_id,
        entry.number,
        int(entry.at.timestamp() * 1_000_000),
        entry.actor_id,
        entry.act,
        entry.object_kind,
        entry.object_id,
        entry.digest,
    )


def append(session: Session) -> None:
    """Write the gathered acts; called by the transaction just before it commits."""
    acts: list[_Act] = session.info.pop("acts", [])
    by_organisation: dict[UUID, list[_Act]] = defaultdict(list)
    for act in acts:
        by_organisation[act.organisation_id].append(act)
    session.flush()
    for organisation_id in sorted(by_organisation):
        _extend(organisation_id, by_organisation[organisation_id])


def _extend(organisation_id: UUID, acts: list[_Act]) -> None:
    """Lengthen one chain."""
    head = send(_HEAD, {"home": organisation_id}).first()
    length, last = head or (0, first_link(organisation_id))
    lines = []
    for act in acts:
        length += 1
        act.number = length
        last = link(last, entry_bytes(act))
        lines.append({"link": last} | {name: getattr(act, name) for name in act.__slots__})
    send(_ADD, lines)
    send(_BEGIN if head is None else _MOVE, {"home": organisation_id, "length": length, "last": last})


def install() -> None:
    """Register with the transaction, once."""
    if append not in before_commit:
        before_commit.append(append)
