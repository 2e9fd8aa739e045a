"""Case keys: made, granted, checked once, kept on the ring, rotated.

A case key has epochs. Whoever makes an epoch signs its commitment, its inbox and whether the case is
restricted, and wraps the key before under it: only somebody who held the one can make the next.
Whoever grants it signs the grant. A reader believes a key only if granter and makers are certified
colleagues, the key fits the signed commitment, and the chain of earlier keys reaches back to the first
epoch; then wraps it under the own keyring key, so that no list pays public-key work per row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import Row, delete, or_, select, tuple_

import vault
from accounts.service import keys as organisation_keys
from accounts.service import trust
from accounts.service.recovery import OpenRecovery
from cases.models import Case, CaseEpoch, CaseGrant, CaseKeyRing
from cases.service import key_places, walls
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Role
from core.errors import Locked
from core.store.base import db, put, send
from vault import Key, Pair, Signer, Untrusted, VaultError, Verified

Checked = TypeVar("Checked")

_EPOCH = "case epoch"
# A list opens many at once, so they are read as plain rows of their tables.
_EPOCHS, _GRANTS, _RINGS = (
    Case.metadata.tables[one.__tablename__] for one in (CaseEpoch, CaseGrant, CaseKeyRing)
)
_Plain: TypeAlias = Row[*tuple[Any, ...]]


def make_epoch(
    actor: Actor,
    case: Case,
    *,
    before: Key | None,
    holders: Mapping[UUID, dt.datetime | None],
    withheld: Collection[UUID] = (),
) -> Key:
    """Make the key after `before`; grant it to `holders`, to recovery and, unless restricted, to supervision.

    `withheld` are lawyers who have been offered the file and have not answered. The caller has
    checked that the actor may. Raises Locked when the organisation lacks a key.
    """
    epoch = before.epoch + 1 if before else 1
    key = Key.new(epoch)
    inbox = Pair.new()
    row = CaseEpoch(
        case_id=case.id,
        epoch=epoch,
        commitment=key_places.commitment(key),
        inbox_public=inbox.public,
        inbox_private=vault.seal(key, inbox.private_bytes(), key_places.inbox_context(case, epoch)),
        previous=vault.wrap(before, key, key_places.previous_context(case, epoch)) if before else None,
        restricted=case.restricted,
        made_by=actor.person_id,
        signature=b"",
        created_at=clock.now(),
    )
    row.signature = actor.secret.signer.sign(_EPOCH, key_places.statement(case.organisation_id, row))
    db.session.add(row)
    if before is not None:
        walls.require_none(case, before, [*holders, *withheld])
    hand = _Hand(actor.person_id, actor.secret.signer)
    known = _Holder.of_many([*holders, *withheld])
    grants = [_granted(hand, case, key, known[person], until=until) for person, until in holders.items()]
    grants += [_granted(hand, case, key, known[person], released=False) for person in withheld]
    kinds = ("recovery",) if case.restricted else ("recovery", "supervision")
    homes = trust.present_keys(case.organisation_id, kinds)
    if len(homes) != len(kinds):
        raise Locked(_("A key of your organisation is missing. A coordinator makes it."))
    grants += [_granted(hand, case, key, _Holder(one.kind, one.id, one.public)) for one in homes.values()]
    db.session.add_all(grants)
    ring(actor, case, key)
    return key


def grant_to_person(
    actor: Actor,
    case: Case,
    key: Key,
    person_id: UUID,
    *,
    released: bool = True,
    until: dt.datetime | None = None,
) -> None:
    """Seal the case key to a colleague whose certificate holds. Raises vault.Untrusted, walls.Walled."""
    walls.require_none(case, key, [person_id])
    hand = _Hand(actor.person_id, actor.secret.signer)
    _grant(hand, case, key, _Holder.of(person_id), released=released, until=until)


def grant_by_recovery(
    recovery: OpenRecovery, case: Case, person: trust.VerifiedPersonKey, until: dt.datetime | None
) -> None:
    """Give the present key to somebody with a new key of their own. Raises vault.Untrusted."""
    row = _epochs([case])[case.id]
    grant = db.session.scalars(
        select(CaseGrant).where(
            CaseGrant.case_id == case.id,
            CaseGrant.epoch == case.epoch,
            CaseGrant.holder_id == recovery.key_id,
        )
    ).one()
    key = _believe(_Signatories(), case, row, grant, recovery.pair)
    walls.require_none(case, key, [person.person_id])
    holder = _Holder("person", person.person_id, person.hpke_public)
    _grant(_Hand(recovery.key_id, recovery.signer), case, key, holder, until=until)


def ring(actor: Actor, case: Case, key: Key) -> None:
    """Keep the key under the actor's own keyring key."""
    _keep_on_ring([_on_ring(actor, case, key)])


def case_key(actor: Actor, case: Case) -> Key:
    """The key of the case's present epoch. Raises Locked when the actor holds no believable grant."""
    if (key := held(actor, case)) is None:
        raise Locked(_("This file opens for you once a colleague who holds its key signs in."))
    return key


def held(actor: Actor, case: Case) -> Key | None:
    """The same, or None."""
    return case_keys(actor, [case]).get(case.id)


def case_keys(actor: Actor, cases: Sequence[Case]) -> dict[UUID, Key]:
    """The keys of many cases at once; cases whose key the actor cannot open are missing from the answer.

    Two statements when all keys are on the ring; the grants of the rest are checked once.
    """
    wanted = {case.id: case for case in cases}
    rings = send(
        select(_RINGS.c.case_id, _RINGS.c.epoch, _RINGS.c.wrapped).where(
            _RINGS.c.person_id == actor.person_id, _RINGS.c.case_id.in_(wanted)
        )
    )
    keys: dict[UUID, Key] = {}
    for case_id, epoch, wrapped in rings:
        if epoch == wanted[case_id].epoch:
            scope = key_places.scope(wanted[case_id], actor.person_id)
            # What does not open is fetched anew from the grant.
            with suppress(VaultError):
                keys[case_id] = vault.ring_unwrap(wrapped, epoch, actor.secret.ring, scope)
    if cold := [case for case in cases if case.id not in keys]:
        keys.update(_accept_grants(actor, cold))
    return keys


def inbox_public(case: Case) -> tuple[int, bytes]:
    """Epoch and public half of the case inbox, for those who write to the case without its key."""
    row = _epochs([case])[case.id]
    _check_signature(_Signatories(), case, row)
    return row.epoch, row.inbox_public


def inbox(case: Case, key: Key) -> Pair:
    """The case inbox of the present epoch."""
    row = _epochs([case])[case.id]
    place = key_places.inbox_context(case, case.epoch)
    return Pair.from_private_bytes(vault.unseal(key, row.inbox_private, place))


def drop_person(case_id: UUID, person_id: UUID) -> None:
    """Delete every wrap that lets this person open the case."""
    db.session.execute(
        delete(CaseGrant).where(CaseGrant.case_id == case_id, CaseGrant.holder_id == person_id)
    )
    db.session.execute(
        delete(CaseKeyRing).where(CaseKeyRing.case_id == case_id, CaseKeyRing.person_id == person_id)
    )


def drop_older(case: Case) -> None:
    """Delete every wrap of the epochs before the present one."""
    for table in (CaseGrant, CaseKeyRing):
        db.session.execute(delete(table).where(table.case_id == case.id, table.epoch < case.epoch))


@dataclass(frozen=True)
class _Hand:
    """Who grants."""

    id: UUID
    signer: Signer


@dataclass(frozen=True)
class _Holder:
    """Who is granted: a person, the supervision key or the recovery key."""

    kind: str
    id: UUID
    public: bytes

    @classmethod
    def of(cls, person_id: UUID) -> _Holder:
        return cls("person", person_id, trust.person_key(person_id).hpke_public)

    @classmethod
    def of_many(cls, person_ids: Collection[UUID]) -> dict[UUID, _Holder]:
        """The same for many, in one statement. Raises vault.Untrusted where a key of one does not hold."""
        known = trust.person_keys(person_ids)
        if not known.keys() >= set(person_ids):
            raise Untrusted
        return {one: cls("person", one, known[one].hpke_public) for one in person_ids}


def _grant(hand: _Hand, case: Case, key: Key, holder: _Holder, **terms: Any) -> None:
    """Grant a key that others have already; a grant of the holder before goes."""
    before = CaseGrant.case_id == case.id, CaseGrant.epoch == key.epoch, CaseGrant.holder_id == holder.id
    db.session.execute(delete(CaseGrant).where(*before))
    db.session.add(_granted(hand, case, key, holder, **terms))


def _granted(
    hand: _Hand,
    case: Case,
    key: Key,
    holder: _Holder,
    *,
    released: bool = True,
    until: dt.datetime | None = None,
) -> CaseGrant:
    sealed = vault.grant(key, key_places.scope(case, holder.id), holder.public, hand.id, hand.signer)
    return CaseGrant(
        id=uuid4(),
        case_id=case.id,
        epoch=key.epoch,
        holder_kind=holder.kind,
        holder_id=holder.id,
        sealed=sealed.sealed,
        signature=sealed.signature,
        granter_id=hand.id,
        released=released,
        expires_at=until,
        created_at=clock.now(),
    )


def _accept_grants(actor: Actor, cases: Sequence[Case]) -> dict[UUID, Key]:
    """Open and check grants that are not on the ring yet, and put them there."""
    holders = {actor.person_id: actor.secret.pair}
    if Role.COORDINATOR in actor.roles:
        with suppress(VaultError):  # a damaged epoch must not close what the own grants open
            holders |= {one.id: one.pair for one in organisation_keys.open_all(actor, "supervision")}
    grants = send(
        _GRANTS.select().where(
            tuple_(_GRANTS.c.case_id, _GRANTS.c.epoch).in_([(case.id, case.epoch) for case in cases]),
            _GRANTS.c.holder_id.in_(holders),
            _GRANTS.c.released.is_(True),
            or_(_GRANTS.c.expires_at.is_(None), _GRANTS.c.expires_at > clock.now()),
        )
    ).all()
    epochs, signatories = _epochs(cases), _Signatories()
    by_id = {case.id: case for case in cases}
    found: dict[UUID, Key] = {}
    # A grant to the person goes before the one to the supervision key.
    for grant in sorted(grants, key=lambda one: one.holder_id != actor.person_id):
        case, row = by_id[grant.case_id], epochs[grant.case_id]
        if case.id in found or (grant.holder_kind == "supervision" and row.restricted):
            continue
        try:
            found[case.id] = _believe(signatories, case, row, grant, holders[grant.holder_id])
        except VaultError:
            continue
    _keep_on_ring([_on_ring(actor, by_id[case_id], key) for case_id, key in found.items()])
    return found


def _on_ring(actor: Actor, case: Case, key: Key) -> dict[str, object]:
    wrapped = vault.ring_wrap(key, actor.secret.ring, key_places.scope(case, actor.person_id))
    return {"person_id": actor.person_id, "case_id": case.id, "epoch": key.epoch, "wrapped": wrapped}


def _keep_on_ring(rows: Sequence[dict[str, object]]) -> None:
    """Write rows of the ring; another request of the same person may have written the same a moment ago."""
    put(_RINGS, rows, key=("person_id", "case_id", "epoch"), new=("wrapped",))


class _Signatories:
    """Who could sign for a case; each colleague, and recovery, is looked up once for a whole list."""

    def __init__(self) -> None:
        self._recovery = cache(lambda home: trust.organisation_key(home, "recovery"))
        self._keys = cache(lambda person: [one for one in trust.former_keys(person) if one.roles & READING])

    def at(self, moment: dt.datetime, case: Case, signer_id: UUID) -> list[Verified]:
        """The certificates under which this colleague, or recovery, could sign at that moment."""
        recovery = self._recovery(case.organisation_id)
        if recovery is not None and signer_id == recovery.id:
            return [recovery.certificate]
        return [
            one.certificate
            for one in self._keys(signer_id)
            if one.organisation_id == case.organisation_id and one.certificate.covers(int(moment.timestamp()))
        ]


def _believe(
    signatories: _Signatories, case: Case, row: _Plain, grant: CaseGrant | _Plain, pair: Pair
) -> Key:
    """Open one grant after checking everything about it. Raises vault.Untrusted or vault.Unreadable."""
    _check_signature(signatories, case, row)
    given = vault.SealedGrant(grant.sealed, grant.signature, grant.epoch)
    scope = key_places.scope(case, grant.holder_id)
    granters = signatories.at(grant.created_at, case, grant.granter_id)
    key = _first(granters, lambda granter: vault.accept(given, scope, pair, granter))
    _check_chain(case, row, key)
    return key


def _first(signers: Iterable[Verified], check: Callable[[Verified], Checked]) -> Checked:
    """What the check gives for the first that passes. Raises vault.Untrusted when none does."""
    for signer in signers:
        try:
            return check(signer)
        except Untrusted:
            continue
    raise Untrusted


def _check_signature(signatories: _Signatories, case: Case, row: _Plain) -> None:
    """The epoch was signed by a colleague who may record or work on cases. Raises vault.Untrusted."""
    if row.restricted != case.restricted or row.epoch != case.epoch:
        raise Untrusted
    statement = key_places.statement(case.organisation_id, row)
    _first(
        signatories.at(row.created_at, case, row.made_by),
        lambda maker: vault.verify(maker.sign_public, _EPOCH, statement, row.signature),
    )


def _check_chain(case: Case, row: _Plain, key: Key) -> None:
    """The key fits its commitment, and so does every key before it. Raises vault.Untrusted."""
    for below in (*_below(row), None):
        if key_places.commitment(key) != row.commitment or (row.previous is None) != (row.epoch == 1):
            raise Untrusted
        if below is None:
            break
        if below.epoch != row.epoch - 1:
            raise Untrusted
        key = vault.unwrap(row.previous or b"", key, key_places.previous_context(case, row.epoch))
        row = below
    if row.epoch != 1:
        raise Untrusted


def _below(row: _Plain) -> Iterable[_Plain]:
    """The epochs before this one, newest first; most cases have none."""
    if row.epoch == 1:
        return ()
    earlier = _EPOCHS.select().where(_EPOCHS.c.case_id == row.case_id, _EPOCHS.c.epoch < row.epoch)
    return send(earlier.order_by(_EPOCHS.c.epoch.desc()))


def _epochs(cases: Sequence[Case]) -> dict[UUID, _Plain]:
    rows = send(
        _EPOCHS.select().where(
            tuple_(_EPOCHS.c.case_id, _EPOCHS.c.epoch).in_([(case.id, case.epoch) for case in cases])
        )
    )
    return {row.case_id: row for row in rows}
