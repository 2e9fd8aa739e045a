"""The keys of drafts: each follows from the lawyers' note key, and opens that one draft and nothing else.

Whoever leads the case has the note key. Whoever is asked to review a draft is lent the key of that draft by
a lawyer who holds it: sealed to them when they are asked, believed once they are on the case, deleted when
their review is over. The note key cannot be told from it. The sealed record names each key that was lent by
its commitment and says to whom; one of somebody whose review is over is written under no longer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select

import vault
from accounts.service import trust
from cases.models import Assignment, Case
from cases.note_models import DraftGrant, LegalDraft, LegalDraftPart
from cases.service import note_keys, rows, team
from core import clock
from core.access.actors import Actor
from core.store.base import db
from domain.drafts import REVIEWER
from vault import GrantScope, Key, Unreadable

RECORD: Final = "draft_keys"  # of the record: by draft and epoch the commitment, and to whom it was lent


@dataclass
class Ring:
    """By which keys somebody opens drafts of a case: as a lawyer of it all of them, or what was lent."""

    notes: dict[int, Key] = field(repr=False)
    lent: dict[UUID, dict[int, Key]] = field(repr=False)

    def of(self, draft_id: UUID) -> dict[int, Key]:
        """The keys of one draft, by epoch."""
        own = {epoch: _derived(key, draft_id) for epoch, key in self.notes.items()}
        return self.lent.get(draft_id, {}) | own

    def open(
        self, case: Case, table: str, draft_id: UUID, row: LegalDraft | LegalDraftPart
    ) -> dict[str, Any] | None:
        """What a row of a draft holds, or None without its key. Raises vault.Unreadable for a changed one."""
        key = self.of(draft_id).get(row.epoch)
        if key is None:
            return None
        try:
            return rows.open_row(key, case, table, row.id, row.version, row.sealed)
        except Unreadable:
            older = self.notes.get(row.epoch)  # what was written before drafts had keys of their own
            if older is None:
                raise
            return rows.open_row(older, case, table, row.id, row.version, row.sealed)


def ring(actor: Actor, case: Case, record: Mapping[str, Any], *, leads: bool) -> Ring:
    """The keys of somebody who works on the case. leads: as a lawyer of it, not to review a draft."""
    return Ring(note_keys.held(actor, case, record) if leads else {}, _lent(actor, case, record))


def shut(case: Case, record: Mapping[str, Any], draft_id: UUID) -> set[int]:
    """Epochs of a draft's key that somebody knows whose review is over: they are written under no longer."""
    now = {str(one) for one in readers(case.id, draft_id)}
    known = record.get(RECORD, {}).get(str(draft_id), {})
    return {int(epoch) for epoch, named in known.items() if not set(named["holders"]) <= now}


def lend(
    actor: Actor,
    case: Case,
    record: dict[str, Any],
    draft_id: UUID,
    keys: Mapping[int, Key],
    people: Collection[UUID],
) -> dict[str, Any]:
    """Seal the keys of a draft to those who review it and lack them; gives the record that names them."""
    mine = select(DraftGrant.epoch, DraftGrant.holder_id).where(DraftGrant.draft_id == draft_id)
    there = {tuple(row) for row in db.session.execute(mine)}
    epochs = dict(record.get(RECORD, {}).get(str(draft_id), {}))
    for epoch, key in keys.items() if people else ():
        for one in people:
            if (epoch, one) not in there:
                _grant(actor, case, draft_id, key, one)
        named = epochs.get(str(epoch), {"holders": []})["holders"]
        missing = sorted(str(one) for one in people if str(one) not in named)
        commitment = note_keys.commitment(key)
        epochs[str(epoch)] = {"commitment": commitment, "holders": [*named, *missing]}
    if not epochs:
        return record
    return {**record, RECORD: {**record.get(RECORD, {}), str(draft_id): epochs}}


def readers(case_id: UUID, draft_id: UUID) -> set[UUID]:
    """Who was lent the key of a draft and may still use it, or is asked whether they will."""
    holders = select(DraftGrant.holder_id).where(DraftGrant.draft_id == draft_id).distinct()
    asked = select(Assignment.lawyer_id).where(
        Assignment.case_id == case_id,
        Assignment.state == "offered",
        Assignment.until.is_not(None),
        Assignment.answer_by > clock.now(),
    )
    return set(db.session.scalars(holders)) & {*team.lawyers(case_id), *db.session.scalars(asked)}


def held_by(draft_id: UUID) -> set[UUID]:
    """Everybody for whom a key of a draft lies there, whether they may still use it or not."""
    return set(db.session.scalars(select(DraftGrant.holder_id).where(DraftGrant.draft_id == draft_id)))


def take_back(draft_id: UUID, person_id: UUID) -> None:
    """Delete the keys of a draft that were lent to somebody."""
    mine = DraftGrant.draft_id == draft_id, DraftGrant.holder_id == person_id
    db.session.execute(delete(DraftGrant).where(*mine))


def refused(case_id: UUID, person_id: UUID) -> None:
    """Somebody will not review, or not in time: what they were lent for it goes.

    Who reviews another draft here keeps what that takes, and whoever leads the case by now all of it.
    """
    works = team.capacity(case_id, person_id)
    if works is None or works.capacity not in team.PRIVILEGED:
        note_keys.drop_person(person_id, case_id)
    elif works.capacity == REVIEWER and works.until is not None:
        longer = select(LegalDraft.id).where(LegalDraft.case_id == case_id, LegalDraft.due_at > works.until)
        mine = DraftGrant.holder_id == person_id, DraftGrant.draft_id.in_(longer)
        db.session.execute(delete(DraftGrant).where(*mine))


def any_of(case_id: UUID, person_id: UUID) -> bool:
    """Whether somebody was lent the key of any draft of a case."""
    mine = select(DraftGrant.id).where(DraftGrant.case_id == case_id, DraftGrant.holder_id == person_id)
    return db.session.scalar(mine.limit(1)) is not None


def derived(keys: Mapping[int, Key], draft_id: UUID) -> dict[int, Key]:
    """The keys of a draft that follow from note keys."""
    return {epoch: _derived(key, draft_id) for epoch, key in keys.items()}


def reseal(case: Case, table: str, row: LegalDraftPart, older: Key, key: Key) -> bytes:
    """What lies in a row, under the key of its draft, where it lay under the note key itself."""
    with suppress(Unreadable):
        content = rows.open_row(older, case, table, row.id, row.version, row.sealed)
        return rows.seal_row(key, case, table, row.id, row.version, content)
    return row.sealed


def _derived(key: Key, draft_id: UUID) -> Key:
    return vault.derive(key, f"draft {draft_id}")


def _lent(actor: Actor, case: Case, record: Mapping[str, Any]) -> dict[UUID, dict[int, Key]]:
    """The keys that were lent to the actor; what cannot be believed is left out."""
    known = record.get(RECORD, {})
    if not known:
        return {}
    mine = select(DraftGrant).where(DraftGrant.case_id == case.id, DraftGrant.holder_id == actor.person_id)
    found: dict[UUID, dict[int, Key]] = {}
    for row in db.session.scalars(mine):
        scope = _scope(case, row.draft_id, row.holder_id)
        key = note_keys.accepted(case, row, actor.secret.pair, scope)
        named = known.get(str(row.draft_id), {}).get(str(row.epoch), {})
        if key is not None and named.get("commitment") == note_keys.commitment(key):
            found.setdefault(row.draft_id, {})[row.epoch] = key
    return found


def _grant(actor: Actor, case: Case, draft_id: UUID, key: Key, holder_id: UUID) -> None:
    public = trust.person_key(holder_id).hpke_public
    hand = actor.person_id, actor.secret.signer
    given = vault.grant(key, _scope(case, draft_id, holder_id), public, *hand)
    db.session.add(
        DraftGrant(
            id=uuid4(),
            case_id=case.id,
            draft_id=draft_id,
            epoch=key.epoch,
            holder_id=holder_id,
            sealed=given.sealed,
            signature=given.signature,
            granter_id=actor.person_id,
            created_at=clock.now(),
        )
    )
    db.session.flush()


def _scope(case: Case, draft_id: UUID, holder_id: UUID) -> GrantScope:
    return GrantScope(case.organisation_id, "draft", draft_id, holder_id)
