"""The three recovery papers: made at set-up, and once more when nobody ever saw them.

The page with the papers is shown once. When it is lost on the way, the link that set the
organisation up and the first administrator's password make a new recovery key with new papers: for
an hour, and only while the organisation holds nothing but its root, so that nothing is sealed to the old one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

import vault
from accounts.models import KeyGrant, Organisation, OrganisationKey, RecoveryHolder, RecoveryWrap
from accounts.service import certificates, grants, locks, trust, turns
from config.settings import Settings
from core import clock
from core.audit import service as audit
from core.errors import Conflict, NotFound
from core.store.base import db
from vault import Certificate, Paper, PersonSecret, RecoveryBox, RecoverySecret, Signer

HOLDERS: Final = 3
AGAIN: Final = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A recovery key and the papers that open it, not written yet."""

    recovery: RecoverySecret = field(repr=False)
    papers: tuple[Paper, ...] = field(repr=False)
    box: RecoveryBox = field(repr=False)

    def shown(self, names: Sequence[str]) -> list[tuple[int, str, str]]:
        """Number, holder's name and code of each paper, to be shown once."""
        return [
            (paper.holder.number, name, paper.code) for paper, name in zip(self.papers, names, strict=True)
        ]


@dataclass(frozen=True)
class PreparedPapers:
    """New papers for an organisation whose first ones were lost; slow, and made before the transaction.

    `secret` is None after a wrong password.
    """

    organisation_id: UUID
    person_id: UUID
    secret: PersonSecret | None = field(repr=False)
    locks: locks.Locks | None = field(default=None, repr=False)
    made: Made | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NewPapers:
    """Shown once: the papers, the letters of the organisation, the administrator's new personal code."""

    prefix: str
    papers: list[tuple[int, str, str]] = field(repr=False)
    personal_code: str = field(repr=False)


def link_file(settings: Settings) -> Path:
    """Where the token of the open set-up link is."""
    return settings.home / "secrets" / "setup-link"


@contextmanager
def spending_link(settings: Settings, token: str, organisation_id: UUID) -> Iterator[None]:
    """Around the transaction that sets an organisation up: the link is closed, and opens again if it fails.

    Not for what fails once the organisation stands, such as a job that cannot be queued.
    What remains of the link names the organisation, for an hour. Raises NotFound when it was used already.
    """
    link, used = link_file(settings), _used_file(settings)
    try:
        link.rename(used)  # of two at once one gets it
    except FileNotFoundError:
        raise NotFound from None
    try:
        yield
    except BaseException:
        if not _stands(organisation_id):
            used.rename(link)
            raise
        _use_up(used, token, organisation_id)
        raise
    _use_up(used, token, organisation_id)


def _stands(organisation_id: UUID) -> bool:
    """Whether an organisation was written. A database that does not answer has written nothing."""
    db.session.rollback()
    try:
        return db.session.get(Organisation, organisation_id) is not None
    except SQLAlchemyError:
        return False


def _use_up(used: Path, token: str, organisation_id: UUID) -> None:
    used.write_text(f"{_hash(token)} {organisation_id} {clock.unix()}\n", encoding="ascii")


def organisation_of(settings: Settings, token: str) -> UUID:
    """Which organisation this link set up less than an hour ago. Raises NotFound."""
    file = _used_file(settings)
    words = file.read_text(encoding="ascii").split() if file.exists() else []
    if len(words) != 3:  # noqa: PLR2004 - as `spending_link` writes them
        raise NotFound
    known, organisation_id, since = words
    age = clock.unix() - int(since)
    if not compare_digest(known, _hash(token)) or not 0 <= age < AGAIN.total_seconds():
        raise NotFound
    return UUID(organisation_id)


def make(organisation_id: UUID) -> Made:
    """A new recovery key under three new papers; slow."""
    recovery, papers = RecoverySecret.new(), vault.new_papers(organisation_id, HOLDERS)
    box = vault.seal_recovery(recovery, organisation_id, [paper.holder for paper in papers])
    return Made(recovery, papers, box)


def prepare(settings: Settings, token: str, password: str) -> PreparedPapers:
    """Check link and password, make new papers. Raises NotFound, Conflict."""
    organisation_id = organisation_of(settings, token)
    old = _present(organisation_id)
    account = locks.account_of(old.created_by)
    secret = locks.open_with_password(settings, account, password)
    if secret is None or account is None:
        return PreparedPapers(organisation_id, old.created_by, None)
    return PreparedPapers(
        organisation_id,
        old.created_by,
        secret,
        locks.lock(settings, secret, password, old.created_by),
        make(organisation_id),
    )


def renew(settings: Settings, token: str, prepared: PreparedPapers) -> NewPapers | None:
    """Put a new recovery key and a new personal code in place; the ones before open nothing any more.

    None after a wrong password. Raises NotFound when the hour is over, Conflict once the organisation has
    made keys.
    """
    home, person_id = organisation_of(settings, token), prepared.person_id
    if prepared.secret is None or prepared.locks is None or prepared.made is None:
        _record("papers.renew_fail", home, person_id)
        return None
    turns.take(home)
    old, key = _present(home), locks.key_of(person_id)
    if key is None:
        raise NotFound
    root_row = _row(home, "root")
    root = Signer.from_seed(grants.take(root_row, person_id, prepared.secret.pair))
    names = list(
        db.session.scalars(
            select(RecoveryHolder.name)
            .where(RecoveryHolder.organisation_id == home)
            .order_by(RecoveryHolder.number)
        )
    )
    old.retired_at = clock.now()
    certificates.revoke("recovery", old.id)
    db.session.execute(delete(KeyGrant).where(KeyGrant.holder_id == old.id))
    for table in (RecoveryHolder, RecoveryWrap):
        db.session.execute(delete(table).where(table.organisation_id == home))
    recovery_id = write(home, person_id, root, prepared.made, names, epoch=old.epoch + 1)
    public, signer = prepared.made.recovery.pair.public, prepared.secret.signer
    grants.hand_over(root_row, root.seed(), recovery_id, public, person_id, signer)
    key.locked_by_code = prepared.locks.by_code
    db.session.flush()
    _record("papers.renew", home, person_id)
    prefix = db.session.get_one(Organisation, home).prefix
    return NewPapers(prefix, prepared.made.shown(names), prepared.locks.personal_code)


def write(
    organisation_id: UUID, person_id: UUID, root: Signer, made: Made, names: Sequence[str], *, epoch: int
) -> UUID:
    """Write a recovery key that the root certifies, its papers' holders and wraps. Gives the key's id."""
    key_id, begins = uuid4(), clock.unix()
    signed = vault.issue(
        Certificate(
            organisation_id=organisation_id,
            kind="recovery",
            subject_id=key_id,
            hpke_public=made.recovery.pair.public,
            sign_public=made.recovery.signer.public,
            not_before=begins,
            not_after=begins + certificates.VALID_SECONDS,
            epoch=epoch,
        ),
        root,
    )
    public, certificate_id = made.recovery.pair.public, certificates.store(signed)
    key_row(key_id, organisation_id, "recovery", public, certificate_id, person_id, epoch)
    holders = [paper.holder for paper in made.papers]
    db.session.add_all(
        RecoveryHolder(
            id=uuid4(),
            organisation_id=organisation_id,
            number=holder.number,
            name=name.strip(),
            public=holder.public,
            sealed_private=holder.sealed_private,
        )
        for holder, name in zip(holders, names, strict=True)
    )
    numbers = [holder.number for holder in holders]
    pairs = [(one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 :]]
    db.session.add_all(
        RecoveryWrap(organisation_id=organisation_id, first=first, second=second, sealed=sealed)
        for (first, second), sealed in zip(pairs, made.box.sealed, strict=True)
    )
    db.session.flush()
    return key_id


def key_row(
    key_id: UUID,
    organisation_id: UUID,
    kind: str,
    public: bytes,
    certificate_id: UUID | None,
    created_by: UUID,
    epoch: int = 1,
) -> OrganisationKey:
    """Write the row of a key that set-up makes."""
    row = OrganisationKey(
        id=key_id,
        organisation_id=organisation_id,
        kind=kind,
        epoch=epoch,
        public=public,
        certificate_id=certificate_id,
        created_by=created_by,
        created_at=clock.now(),
        rotation_due=False,
        retired_at=None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _present(organisation_id: UUID) -> OrganisationKey:
    """The recovery key, while the organisation has made no key besides it and the root."""
    if trust.existing_kinds(organisation_id) - {"root", "recovery"}:
        raise Conflict(_("Keys have been made since, so these papers can no longer be replaced."))
    return _row(organisation_id, "recovery")


def _row(organisation_id: UUID, kind: str) -> OrganisationKey:
    found = db.session.scalar(
        select(OrganisationKey).where(
            OrganisationKey.organisation_id == organisation_id,
            OrganisationKey.kind == kind,
            OrganisationKey.retired_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def _record(act: str, organisation_id: UUID, person_id: UUID) -> None:
    audit.record(
        None,
        act,
        organisation_id=organisation_id,
        person_id=person_id,
        object_kind="organisation",
        object_id=organisation_id,
    )


def _used_file(settings: Settings) -> Path:
    return settings.home / "secrets" / "setup-used"


def _hash(token: str) -> str:
    return sha256(vault.pack("set-up link", token.encode("utf-8", "replace"))).hexdigest()
