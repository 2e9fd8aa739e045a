"""Keys that members hold together: made by the role that security.md names, granted by name, rotated.

Every key but the root is a hybrid pair, so that the certificate of its public half also fixes the
private one; the symmetric match key is derived from it. A holder opens a key by the grant once and
keeps it on the own ring.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import CompoundSelect, select
from sqlalchemy.exc import IntegrityError

import vault
from accounts.models import KeyGrant, KeyRing, OrganisationKey, Person, RecoveryHolder
from accounts.service import certificates, grants, trust, turns
from accounts.service.grants import GRANTERS, HOLDERS
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import Conflict, DomainError, Locked, NotFound, Refused
from core.store.base import db
from vault import Certificate, Key, Pair, Signer, VaultError

MADE: Final = ("supervision", "desk", "match", "statistics", "dossier", "partner")
KINDS: Final = ("root", *MADE)


@dataclass(frozen=True)
class OpenKey:
    """A key that the actor holds. Lives as long as the request."""

    id: UUID
    kind: str
    epoch: int
    private: bytes = field(repr=False)

    @property
    def pair(self) -> Pair:
        """The pair of supervision, desk or statistics."""
        return Pair.from_private_bytes(self.private)

    @property
    def key(self) -> Key:
        """The symmetric match key."""
        return Key(vault.key_from_secret(self.private, f"organisation key {self.kind}").material, self.epoch)

    @property
    def signer(self) -> Signer:
        """The signing key of the root."""
        return Signer.from_seed(self.private)


@dataclass(frozen=True)
class HolderLine:
    """Who holds a key; for recovery the name on a paper, without an account."""

    person_id: UUID | None
    name: str


@dataclass(frozen=True)
class WaitingLine:
    """Somebody whose role should hold the key. Compare the fingerprint with them before granting."""

    person_id: UUID
    name: str
    fingerprint: str


@dataclass(frozen=True)
class KeyLine:
    """One key of the organisation, as the page of keys shows it."""

    kind: str
    exists: bool
    epoch: int
    i_hold: bool
    holders: list[HolderLine]
    waiting: list[WaitingLine]
    needs_new_epoch: bool
    may_make: bool
    may_grant: bool
    may_rotate: bool


def make(actor: Actor, kind: str) -> UUID:
    """Make a key of the organisation, held by the actor and by recovery. Gives its id.

    Raises Refused for another role than the one that makes it, Conflict when it exists.
    """
    _require_maker(actor, kind)
    turns.take(actor.organisation_id)
    if _row(actor.organisation_id, kind) is not None:
        raise Conflict(_("This key exists already."))
    made = _create(actor, kind, 1, [trust.person_key(actor.person_id)])
    audit.record(actor, "key.make", object_kind="organisation_key", object_id=made.id)
    return made.id


def grant(actor: Actor, kind: str, person_id: UUID, fingerprint: str) -> None:
    """Hand a key, in every epoch that the actor holds, to a colleague whose role should hold it.

    The fingerprint is the one that the actor compared with the colleague. Raises DomainError when
    it is not that of the certified key, Refused, NotFound, Locked when the actor does not hold it.
    """
    if kind not in KINDS or not may(actor, Permission.KEY_GRANT) or GRANTERS[kind] not in actor.roles:
        raise Refused
    turns.take(actor.organisation_id)
    person = db.session.scalar(select(Person).where(Person.id == person_id, Person.state == "active"))
    if person is None or person.organisation_id != actor.organisation_id:
        raise NotFound
    verified = trust.person_key(person_id)
    if "".join(fingerprint.split()) != "".join(verified.fingerprint.split()):
        raise DomainError(
            _("These digits are not those of your colleague's key. Compare them again by voice."),
            field="fingerprint",
        )
    if verified.organisation_id != actor.organisation_id or not verified.roles & HOLDERS[kind]:
        raise DomainError(_("The role of this colleague does not hold this key."), field="person_id")
    held = open_all(actor, kind)
    if not held:
        raise Locked(_("You do not hold this key yet. A colleague who holds it can hand it to you."))
    for one in held:
        row = db.session.get_one(OrganisationKey, one.id)
        grants.hand_over(
            row, one.private, person_id, verified.hpke_public, actor.person_id, actor.secret.signer
        )
    audit.record(actor, "key.grant", object_kind="person", object_id=person_id)


def rotate(actor: Actor, kind: str) -> int:
    """Give a key a new epoch, known to those who hold it now and to recovery. Gives the epoch.

    Only grants that were made by somebody entitled are carried over. What waits under the old epoch
    stays readable to the holders; features renew in steps what they have under it. Two at once begin one
    epoch. Raises Refused, Locked when the actor does not hold the key.
    """
    _require_maker(actor, kind)
    known = open_key(actor, kind).epoch
    turns.take(actor.organisation_id)
    old = _row(actor.organisation_id, kind)
    if old is None:
        raise NotFound
    if old.epoch != known:
        return old.epoch
    old.retired_at = clock.now()
    old.rotation_due = False
    db.session.flush()
    made = _create(actor, kind, old.epoch + 1, grants.believed_holders(old))
    audit.record(actor, "key.rotate", object_kind="organisation_key", object_id=made.id)
    return made.epoch


def renew_due(actor: Actor) -> int:
    """Give a new epoch to every key that somebody who left has held, as far as the actor can. Gives how many.

    Needs nobody's confirmation: a new epoch goes to those who hold the key already, to nobody new.
    """
    due = reachable(actor, Permission.KEY_MAKE, OrganisationKey).where(
        OrganisationKey.rotation_due.is_(True), OrganisationKey.retired_at.is_(None)
    )
    if db.session.scalar(due.limit(1)) is None:
        return 0
    turns.take(actor.organisation_id)
    renewed = 0
    for row in db.session.scalars(due.order_by(OrganisationKey.kind)).all():
        # A key that the actor does not hold, or that was tampered with, waits for somebody else.
        with suppress(DomainError, VaultError), db.session.begin_nested():
            rotate(actor, row.kind)
            renewed += 1
    return renewed


def open_key(actor: Actor, kind: str, epoch: int | None = None) -> OpenKey:
    """Open a key that the actor holds: of an epoch, or the present one.

    Raises Locked when the actor does not hold it, vault.Untrusted when the grant is not believable.
    """
    row = _row(actor.organisation_id, kind, epoch)
    if row is None or not actor.roles & HOLDERS[kind]:
        raise Locked(_("This key does not exist yet, or your role does not hold it."))
    return _open(actor, row)


def open_all(actor: Actor, kind: str) -> list[OpenKey]:
    """Every epoch of a key that the actor holds, newest first; empty when none."""
    if not actor.roles & HOLDERS[kind]:
        return []
    rows = db.session.scalars(
        select(OrganisationKey)
        .where(OrganisationKey.organisation_id == actor.organisation_id, OrganisationKey.kind == kind)
        .where(OrganisationKey.id.in_(held(actor)))
        .order_by(OrganisationKey.epoch.desc())
    ).all()
    return [_open(actor, row) for row in rows]


def held(actor: Actor) -> CompoundSelect[UUID]:
    """The keys that were granted to the actor, or stand on their ring."""
    return (
        select(KeyGrant.key_id)
        .where(KeyGrant.holder_id == actor.person_id)
        .union(select(KeyRing.key_id).where(KeyRing.person_id == actor.person_id))
    )


def overview(actor: Actor) -> list[KeyLine]:
    """Each key of the organisation: who holds it, who waits for it, what the actor may do about it."""
    people = db.session.scalars(
        select(Person)
        .where(Person.organisation_id == actor.organisation_id, Person.state == "active")
        .order_by(Person.name)
    ).all()
    verified = trust.person_keys([person.id for person in people])
    rows = {
        row.kind: row
        for row in db.session.scalars(
            reachable(actor, Permission.KEY_READ, OrganisationKey).where(OrganisationKey.retired_at.is_(None))
        )
    }
    held: dict[str, set[UUID]] = {kind: set() for kind in KINDS}
    for kind, holder_id in db.session.execute(
        select(OrganisationKey.kind, KeyGrant.holder_id)
        .join(KeyGrant, KeyGrant.key_id == OrganisationKey.id)
        .where(OrganisationKey.id.in_([row.id for row in rows.values()]))
    ):
        held.setdefault(kind, set()).add(holder_id)
    lines = [_line(actor, kind, rows.get(kind), held[kind], people, verified) for kind in KINDS]
    return [*lines, _recovery_line(actor, rows.get("recovery"))]


def _line(
    actor: Actor,
    kind: str,
    row: OrganisationKey | None,
    held: set[UUID],
    people: Iterable[Person],
    verified: dict[UUID, trust.VerifiedPersonKey],
) -> KeyLine:
    waiting = [
        WaitingLine(person.id, person.name, verified[person.id].fingerprint)
        for person in people
        if row is not None
        and person.id not in held
        and person.id in verified
        and verified[person.id].roles & HOLDERS[kind]
    ]
    i_hold, makes = actor.person_id in held, GRANTERS[kind] in actor.roles
    return KeyLine(
        kind=kind,
        exists=row is not None,
        epoch=row.epoch if row else 0,
        i_hold=i_hold,
        holders=[HolderLine(person.id, person.name) for person in people if person.id in held],
        waiting=waiting,
        needs_new_epoch=row is not None and row.rotation_due,
        may_make=row is None and makes and may(actor, Permission.KEY_MAKE),
        may_grant=i_hold and makes and bool(waiting),
        may_rotate=i_hold and makes and kind in MADE,
    )


def _recovery_line(actor: Actor, row: OrganisationKey | None) -> KeyLine:
    names = db.session.scalars(
        select(RecoveryHolder.name)
        .where(RecoveryHolder.organisation_id == actor.organisation_id)
        .order_by(RecoveryHolder.number)
    )
    return KeyLine(
        kind="recovery",
        exists=row is not None,
        epoch=row.epoch if row else 0,
        i_hold=False,
        holders=[HolderLine(None, name) for name in names],
        waiting=[],
        needs_new_epoch=False,
        may_make=False,
        may_grant=False,
        may_rotate=False,
    )


def _require_maker(actor: Actor, kind: str) -> None:
    if kind not in MADE or not may(actor, Permission.KEY_MAKE) or GRANTERS[kind] not in actor.roles:
        raise Refused


def _row(organisation_id: UUID, kind: str, epoch: int | None = None) -> OrganisationKey | None:
    """A key as it is now: somebody may have renewed it since it was read."""
    statement = (
        select(OrganisationKey)
        .where(OrganisationKey.organisation_id == organisation_id, OrganisationKey.kind == kind)
        .order_by(OrganisationKey.epoch.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if epoch is None:
        return db.session.scalar(statement.where(OrganisationKey.retired_at.is_(None)))
    return db.session.scalar(statement.where(OrganisationKey.epoch == epoch))


def _create(
    actor: Actor, kind: str, epoch: int, holders: Iterable[trust.VerifiedPersonKey]
) -> OrganisationKey:
    """A certified key, granted to people and to recovery."""
    recovery = trust.organisation_key(actor.organisation_id, "recovery")
    if recovery is None:
        raise Locked(_("Your organisation has no recovery key."))
    pair, key_id, moment = Pair.new(), uuid4(), clock.unix()
    signed = vault.issue(
        Certificate(
            organisation_id=actor.organisation_id,
            kind=kind,  # type: ignore[arg-type] # one of MADE
            subject_id=key_id,
            hpke_public=pair.public,
            sign_public=b"",
            not_before=moment,
            not_after=moment + certificates.VALID_SECONDS,
            epoch=epoch,
            issuer_kind="person",
            issuer_id=actor.person_id,
        ),
        actor.secret.signer,
    )
    row = OrganisationKey(
        id=key_id,
        organisation_id=actor.organisation_id,
        kind=kind,
        epoch=epoch,
        public=pair.public,
        certificate_id=certificates.store(signed, issuer_id=certificates.row_of(actor.person_id)),
        created_by=actor.person_id,
        created_at=clock.now(),
        rotation_due=False,
        retired_at=None,
    )
    db.session.add(row)
    db.session.flush()
    targets = [(holder.person_id, holder.hpke_public) for holder in holders]
    for holder_id, public in [*targets, (recovery.id, recovery.public)]:
        grants.hand_over(row, pair.private_bytes(), holder_id, public, actor.person_id, actor.secret.signer)
    return row


def _open(actor: Actor, row: OrganisationKey) -> OpenKey:
    scope = grants.scope(row, actor.person_id)
    ring = db.session.get(KeyRing, (actor.person_id, row.id))
    if ring is not None:
        private = vault.ring_open_private(ring.wrapped, row.epoch, actor.secret.ring, scope)
        return OpenKey(row.id, row.kind, row.epoch, private)
    private = grants.take(row, actor.person_id, actor.secret.pair)
    wrapped = vault.ring_seal_private(private, row.epoch, actor.secret.ring, scope)
    _keep(KeyRing(person_id=actor.person_id, key_id=row.id, wrapped=wrapped))
    return OpenKey(row.id, row.kind, row.epoch, private)


def _keep(ring: KeyRing) -> None:
    """Put a key on the ring if this is a transaction that writes; a page that only reads does without."""
    if not db.session.connection().get_execution_options().get("writer"):
        return
    # Another request of the same person may have kept it a moment ago.
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(ring)
