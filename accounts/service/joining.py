"""Inviting and joining: a one-time right with roles and an end, so that joining needs nobody online.

The link carries the signing key that the root certified for one person and some roles; the server
keeps only a hash of it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

import vault
from accounts.models import CertificateRow, Invitation, Organisation, Person, PersonRole
from accounts.service import certificates, factors, keys, locks, passwords, trust
from config.settings import Settings
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role, combinable
from core.access.policy import may, reachable
from core.audit import service as audit
from core.errors import DomainError, NotFound, Refused
from core.store.base import db
from vault import Certificate, PersonSecret, SignedCertificate, Signer

VALID: Final = dt.timedelta(days=7)
AFTERWARDS: Final = dt.timedelta(hours=1)  # a used link still says what to do
_LOOKUP_BYTES: Final = 16
_TOKEN_BYTES: Final = 48  # 16 and the seed of the signing key, 32


@dataclass(frozen=True)
class InvitationView:
    """What a person sees who opens an invitation, before joining."""

    organisation_names: dict[str, str]  # by ar, tr, en
    person_name: str
    email: str
    language: str
    roles: frozenset[Role]
    expires_at: dt.datetime


@dataclass(frozen=True)
class PendingLine:
    """An invitation that nobody has used, for the page of people."""

    id: UUID
    person_id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    expires_at: dt.datetime
    expired: bool


@dataclass(frozen=True)
class PreparedJoining:
    """A new member's keys, made and locked before the database is asked to wait."""

    invitation_id: UUID
    person_id: UUID
    organisation_id: UUID
    certificate: SignedCertificate = field(repr=False)
    issuer_id: UUID
    secret: PersonSecret = field(repr=False)
    locks: locks.Locks = field(repr=False)
    totp_step: int


@dataclass(frozen=True)
class Joined:
    """A new member; the personal code is shown once."""

    person_id: UUID
    personal_code: str = field(repr=False)


def invite(actor: Actor, name: str, email: str, roles: frozenset[Role], language: str) -> str:
    """Invite a person. Gives the token of the link, to be handed over by a safe way; it is kept nowhere.

    Raises Refused, Locked without the root, DomainError with field roles or email.
    """
    if not may(actor, Permission.PERSON_INVITE):
        raise Refused
    if not combinable(roles):
        raise DomainError(_("These roles cannot be in one account."), field="roles")
    address = locks.normal_email(email)
    taken = DomainError(_("There is an account or an invitation with this address already."), field="email")
    if db.session.scalar(select(Person.id).where(Person.email == address)):
        raise taken
    root = keys.open_key(actor, "root").signer
    seed = Signer.new()
    token = secrets.token_bytes(_LOOKUP_BYTES) + seed.seed()
    person_id, moment = uuid4(), clock.now()
    person = Person(
        id=person_id,
        organisation_id=actor.organisation_id,
        email=address,
        name=name,
        language=language,
        languages=[],
        provinces=[],
        state="invited",
        created_at=moment,
        departed_at=None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:  # invited by somebody else, or by a second click, a moment ago
        raise taken from None
    db.session.add_all(PersonRole(person_id=person_id, role=role) for role in sorted(roles))
    signed = vault.issue(
        Certificate(
            organisation_id=actor.organisation_id,
            kind="invitation",
            subject_id=person_id,
            roles=tuple(sorted(role.value for role in roles)),
            hpke_public=b"",
            sign_public=seed.public,
            not_before=clock.unix(),
            not_after=clock.unix() + int(VALID.total_seconds()),
        ),
        root,
    )
    invitation = Invitation(
        id=uuid4(),
        organisation_id=actor.organisation_id,
        person_id=person_id,
        certificate_id=certificates.store(signed),
        token_hash=_hash(token),
        invited_by=actor.person_id,
        created_at=moment,
        expires_at=moment + VALID,
        used_at=None,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(actor, "person.invite", object_kind="person", object_id=person_id)
    return urlsafe_b64encode(token).decode()


def look(token: str) -> InvitationView:
    """What an open invitation says. Raises NotFound for one that is used, expired, revoked or unknown."""
    _token, invitation, row = _open_invitation(token)
    try:
        certificate = trust.root(invitation.organisation_id).invitation(
            SignedCertificate(row.statement, row.signature), clock.unix()
        )
    except vault.Untrusted:
        raise NotFound from None
    person = db.session.get_one(Person, invitation.person_id)
    organisation = db.session.get_one(Organisation, invitation.organisation_id)
    return InvitationView(
        organisation_names={language: organisation.name(language) for language in ("ar", "tr", "en")},
        person_name=person.name,
        email=person.email,
        language=person.language,
        roles=frozenset(Role(role) for role in certificate.roles),
        expires_at=invitation.expires_at,
    )


def require_just_used(token: str) -> None:
    """Raise NotFound unless somebody joined with this link within the last hour.

    After a double click the first answer, with the personal code, may never have been seen.
    """
    used = select(Invitation.id).where(
        Invitation.token_hash == _hash(_raw(token)), Invitation.used_at > clock.now() - AFTERWARDS
    )
    if db.session.scalar(used) is None:
        raise NotFound


def prepare(
    settings: Settings, token: str, password: str, totp_secret: bytes, totp_code: str
) -> PreparedJoining:
    """Make and lock a new member's keys; slow, and before the transaction.

    Raises NotFound for a dead link, DomainError with field password or totp_code, vault.Untrusted
    when the invitation was not certified by the organisation's root.
    """
    raw, invitation, row = _open_invitation(token)
    person = db.session.get_one(Person, invitation.person_id)
    root = trust.root(invitation.organisation_id)
    inviting = SignedCertificate(row.statement, row.signature)
    invited = root.invitation(inviting, clock.unix())
    passwords.require_strong(password, [person.name, person.email])
    step = factors.require_step(totp_secret, totp_code)
    secret = replace(PersonSecret.new(root.root_public), totp_secret=totp_secret)
    moment = clock.unix()
    signed = vault.issue(
        Certificate(
            organisation_id=invitation.organisation_id,
            kind="person",
            subject_id=person.id,
            roles=invited.roles,
            hpke_public=secret.pair.public,
            sign_public=secret.signer.public,
            not_before=moment,
            not_after=moment + certificates.VALID_SECONDS,
            issuer_kind="invitation",
            issuer_id=person.id,
        ),
        Signer.from_seed(raw[_LOOKUP_BYTES:]),
    )
    root.person(signed, moment, invitation=inviting)
    return PreparedJoining(
        invitation_id=invitation.id,
        person_id=person.id,
        organisation_id=invitation.organisation_id,
        certificate=signed,
        issuer_id=row.id,
        secret=secret,
        locks=locks.lock(settings, secret, password, person.id),
        totp_step=step,
    )


def join(prepared: PreparedJoining) -> Joined:
    """Become a member. Raises NotFound when the invitation was used or revoked meanwhile."""
    used = db.session.execute(
        update(Invitation)
        .where(
            Invitation.id == prepared.invitation_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(Invitation.id)
    ).first()
    if used is None:
        raise NotFound
    db.session.execute(
        update(Person)
        .where(Person.id == prepared.person_id)
        .values(state="active", totp_step=prepared.totp_step)
    )
    locks.add_key(
        prepared.person_id,
        prepared.secret,
        certificates.store(prepared.certificate, issuer_id=prepared.issuer_id),
        prepared.locks.by_password,
        prepared.locks.by_code,
    )
    audit.record(
        None,
        "person.join",
        organisation_id=prepared.organisation_id,
        person_id=prepared.person_id,
        object_kind="person",
        object_id=prepared.person_id,
    )
    return Joined(prepared.person_id, prepared.locks.personal_code)


def revoke(actor: Actor, invitation_id: UUID) -> None:
    """Take back an unused invitation, and free the address. Raises NotFound."""
    invitation = db.session.scalar(
        reachable(actor, Permission.PERSON_INVITE, Invitation)
        .where(Invitation.id == invitation_id, Invitation.used_at.is_(None))
        .with_for_update()
    )
    if invitation is None:
        raise NotFound(_("This invitation is no longer open. Somebody joined with it, or it was withdrawn."))
    person_id = invitation.person_id
    certificates.revoke("invitation", person_id)
    db.session.delete(invitation)
    db.session.flush()
    db.session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    db.session.execute(delete(Person).where(Person.id == person_id))
    audit.record(actor, "invitation.revoke", object_kind="person", object_id=person_id)


def pending(actor: Actor) -> list[PendingLine]:
    """The invitations of the organisation that nobody has used, newest first."""
    invitations = db.session.scalars(
        reachable(actor, Permission.PERSON_INVITE, Invitation)
        .where(Invitation.used_at.is_(None))
        .order_by(Invitation.created_at.desc())
    ).all()
    wanted = [invitation.person_id for invitation in invitations]
    people = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(wanted)))}
    roles: dict[UUID, set[Role]] = {person_id: set() for person_id in wanted}
    for row in db.session.scalars(select(PersonRole).where(PersonRole.person_id.in_(wanted))):
        roles[row.person_id].add(Role(row.role))
    return [
        PendingLine(
            id=one.id,
            person_id=one.person_id,
            name=people[one.person_id].name,
            email=people[one.person_id].email,
            roles=frozenset(roles[one.person_id]),
            expires_at=one.expires_at,
            expired=one.expires_at <= clock.now(),
        )
        for one in invitations
    ]


def _hash(token: bytes) -> bytes:
    return sha256(vault.pack("invitation", token)).digest()


def _raw(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        raise NotFound from None


def _open_invitation(text: str) -> tuple[bytes, Invitation, CertificateRow]:
    token, found = _raw(text), None
    if len(token) == _TOKEN_BYTES:
        found = db.session.execute(
            select(Invitation, CertificateRow)
            .join(CertificateRow, CertificateRow.id == Invitation.certificate_id)
            .where(
                Invitation.token_hash == _hash(token),
                Invitation.used_at.is_(None),
                Invitation.expires_at > clock.now(),
                CertificateRow.revoked_at.is_(None),
            )
        ).first()
    if found is None:
        raise NotFound
    invitation, row = found
    return token, invitation, row
