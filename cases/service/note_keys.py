"""The lawyers' note key of a case: made by the first lawyer who writes, granted to lawyers of the case alone.

What a lawyer is told, and writes, is privileged (Avukatlık Kanunu 1136, art. 36); whoever else opens the case
must not be able to. So supervision never holds this key; recovery does, for the day when no lawyer is left.

Who is asked to review a draft is no lawyer of the case, and is lent the key of that draft (`draft_keys`).

The sealed record of the case names each epoch with the commitment of its key and to whom it went. A reader
believes a key only if it fits that commitment and was granted by somebody certified as a lawyer, or by
recovery. An epoch of which somebody knows the key who is no lawyer of the case any more is written under no
longer: the next note makes the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

import vault
from accounts.service import trust
from accounts.service.recovery import OpenRecovery
from accounts.service.trust import VerifiedPersonKey
from cases.models import Case
from cases.note_models import DraftGrant, NoteGrant
from cases.service import team
from core import clock
from core.access.actors import Actor
from core.access.permissions import Role
from core.errors import Locked
from core.store.base import db
from vault import GrantScope, Key, Pair, SealedGrant, Signer, VaultError, Verified

RECORD: Final = "note_keys"  # of the record: by epoch the commitment, and the people who were given the key
_NONE: Final[dict[str, list[str]]] = {"holders": []}


def lawyers(case_id: UUID) -> set[UUID]:
    """Who is given the keys: whoever accepted the case as its lawyer, and nobody else."""
    return set(team.lawyers(case_id, (str(Role.LAWYER),)))


def held(actor: Actor, case: Case, record: Mapping[str, Any]) -> dict[int, Key]:
    """The note keys of a case that the actor can open, by epoch; what cannot be believed is left out."""
    known = record.get(RECORD, {})
    if not known:
        return {}
    mine = select(NoteGrant).where(NoteGrant.case_id == case.id, NoteGrant.holder_id == actor.person_id)
    found: dict[int, Key] = {}
    for row in db.session.scalars(mine):
        key = accepted(case, row, actor.secret.pair, _scope(case, row.holder_id))
        if key is not None and known.get(str(row.epoch), {}).get("commitment") == commitment(key):
            found[row.epoch] = key
    return found


def for_writing(
    actor: Actor, case: Case, record: dict[str, Any], *, shut: Collection[int] = ()
) -> tuple[Key, dict[str, Any]]:
    """The key under which a lawyer of the case writes now, and the record that names who holds it.

    shut: epochs under which this is not to be written. The caller has checked that the actor is one, and
    seals the record where it is another one. Raises Locked when the organisation has no recovery key,
    vault.Untrusted when a colleague's certificate does not hold.
    """
    epochs, present = record.get(RECORD, {}), lawyers(case.id)
    newest = max(map(int, epochs), default=0)
    key = held(actor, case, record).get(newest)
    stays = newest not in shut and {UUID(one) for one in epochs.get(str(newest), _NONE)["holders"]} <= present
    if key is None or not stays:
        newest, key = newest + 1, Key.new(newest + 1)
        recovery = trust.organisation_key(case.organisation_id, "recovery")
        if recovery is None:
            raise Locked(_("A key of your organisation is missing. An administrator makes it."))
        _grant(_hand(actor), case, key, "recovery", recovery.id, recovery.public)
        epochs = {**epochs, str(newest): {"commitment": commitment(key), "holders": []}}
    return key, _with_holders(actor, case, {**record, RECORD: epochs}, {newest: key}, present)


def share(actor: Actor, case: Case, record: dict[str, Any]) -> dict[str, Any]:
    """Grant every note key that the actor holds to the lawyers of the case who lack it; gives the record.

    Raises Locked where the actor holds none, for somebody else's session to do it.
    """
    keys = held(actor, case, record)
    if not keys:
        raise Locked
    return _with_holders(actor, case, record, keys, lawyers(case.id))


def grant_by_recovery(recovery: OpenRecovery, case_id: UUID, person: VerifiedPersonKey) -> None:
    """Grant what recovery holds of a case's note keys to a lawyer of it. Raises vault.Untrusted."""
    case = db.session.get_one(Case, case_id)
    kept = select(NoteGrant).where(NoteGrant.case_id == case.id, NoteGrant.holder_id == recovery.key_id)
    for row in db.session.scalars(kept).all():
        key = accepted(case, row, recovery.pair, _scope(case, row.holder_id))
        if key is not None:
            hand = (recovery.key_id, recovery.signer)
            _grant(hand, case, key, "person", person.person_id, person.hpke_public)


def drop_person(person_id: UUID, case_id: UUID | None = None) -> None:
    """Delete every wrap of note keys and keys of drafts that this person can open: of one case, or all."""
    for table in (NoteGrant, DraftGrant):
        mine = delete(table).where(table.holder_id == person_id)
        db.session.execute(mine if case_id is None else mine.where(table.case_id == case_id))


def wanting(case_id: UUID, person_id: UUID, record: dict[str, Any]) -> bool:
    """Whether there is a note key of the case that somebody was not given."""
    return bool(set(map(int, record.get(RECORD, {}))) - _given(case_id, person_id))


def lacks(case_id: UUID, person_id: UUID, *, of: UUID) -> bool:
    """Whether somebody was not given a note key of the case that another person was."""
    return bool(_given(case_id, of) - _given(case_id, person_id))


def given(case_id: UUID, epochs: Collection[int]) -> set[UUID]:
    """The lawyers of a case who were given one of these keys."""
    mine = NoteGrant.case_id == case_id, NoteGrant.epoch.in_(epochs)
    return set(db.session.scalars(select(NoteGrant.holder_id).where(*mine))) & lawyers(case_id)


def _given(case_id: UUID, person_id: UUID) -> set[int]:
    """The epochs whose key somebody was given."""
    mine = NoteGrant.case_id == case_id, NoteGrant.holder_id == person_id
    return set(db.session.scalars(select(NoteGrant.epoch).where(*mine)))


def _with_holders(
    actor: Actor, case: Case, record: dict[str, Any], keys: dict[int, Key], people: Iterable[UUID]
) -> dict[str, Any]:
    epochs = dict(record[RECORD])
    there = select(NoteGrant.epoch, NoteGrant.holder_id).where(NoteGrant.case_id == case.id)
    wrapped = {tuple(row) for row in db.session.execute(there)}
    for epoch, key in keys.items():
        named = epochs[str(epoch)]
        for one in people:
            if (epoch, one) not in wrapped:  # or not any more: whoever left and came back is given it again
                _grant(_hand(actor), case, key, "person", one, trust.person_key(one).hpke_public)
        known = named["holders"]
        missing = sorted(str(one) for one in people if str(one) not in known)
        epochs[str(epoch)] = {**named, "holders": [*known, *missing]}
    return {**record, RECORD: epochs}


def _grant(
    hand: tuple[UUID, Signer], case: Case, key: Key, kind: str, holder_id: UUID, public: bytes
) -> None:
    given = vault.grant(key, _scope(case, holder_id), public, *hand)
    same = (NoteGrant.case_id == case.id, NoteGrant.epoch == key.epoch, NoteGrant.holder_id == holder_id)
    db.session.execute(delete(NoteGrant).where(*same))
    db.session.add(
        NoteGrant(
            id=uuid4(),
            case_id=case.id,
            epoch=key.epoch,
            holder_kind=kind,
            holder_id=holder_id,
            sealed=given.sealed,
            signature=given.signature,
            granter_id=hand[0],
            created_at=clock.now(),
        )
    )
    db.session.flush()


def accepted(case: Case, row: NoteGrant | DraftGrant, pair: Pair, scope: GrantScope) -> Key | None:
    """The key of a grant that somebody entitled signed, or None."""
    given = SealedGrant(row.sealed, row.signature, row.epoch)
    for granter in _granters(case, row):
        with suppress(VaultError):
            return vault.accept(given, scope, pair, granter)
    return None


def _granters(case: Case, row: NoteGrant | DraftGrant) -> list[Verified]:
    """The certificates under which a lawyer, or recovery, could sign at that moment."""
    recovery = trust.organisation_key(case.organisation_id, "recovery")
    if recovery is not None and row.granter_id == recovery.id:
        return [recovery.certificate]
    moment = int(row.created_at.timestamp())
    return [
        one.certificate
        for one in trust.former_keys(row.granter_id)
        if Role.LAWYER in one.roles
        and one.organisation_id == case.organisation_id
        and one.certificate.covers(moment)
    ]


def _hand(actor: Actor) -> tuple[UUID, Signer]:
    return actor.person_id, actor.secret.signer


def commitment(key: Key) -> str:
    """A value that names the key without telling it."""
    return vault.derive(key, "note key commitment").material.hex()


def _scope(case: Case, holder_id: UUID) -> GrantScope:
    return GrantScope(case.organisation_id, "case notes", case.id, holder_id)
