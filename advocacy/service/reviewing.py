"""A dossier frozen for review, and the three who stand for exactly that content."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

import vault
from accounts.models import Person
from accounts.service import keys, signed
from advocacy.models.dossiers import (
    Dossier,
    DossierApproval,
    DossierStory,
    DossierVersion,
    DossierVersionStory,
)
from advocacy.service import dossiers, figures, frozen_stories, pulling, telling
from advocacy.service.dossiers import OpenDossier
from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may, reachable
from core.audit import service as audit
from core.documents.imprint import verification_code
from core.errors import Conflict, DomainError, Refused
from core.store.base import db
from domain.dossiers import Approval, Given, State, may_approve, may_leave, missing
from domain.stories.levels import AGREED_DAYS, CLOSED
from vault import Context, Untrusted

_LABEL: Final = "dossier approval"
_TAKEN_BACK: Final = _(
    "A story or a figure in it was taken back since, or an approval does not hold. Review it anew."
)
_CHECK_TODAY: Final = _("Vignettes have to be checked today: whether enough people could be meant by each.")
_ASK_AGAIN: Final = _(
    "Somebody agreed to the words of a story more than %(days)d days ago. Its author asks again "
    "before this publication, or the story is taken out.",
    days=AGREED_DAYS,
)
_ROLES: Final = {
    Approval.LEGAL: frozenset({Role.LAWYER}),
    Approval.DATA: frozenset({Role.MANAGER, Role.COORDINATOR, Role.LAWYER}),
    Approval.NEUTRALITY: frozenset({Role.MANAGER, Role.COORDINATOR, Role.LAWYER}),
}


@dataclass(frozen=True)
class Stand:
    """An approval as the page shows it; `holds` once its signature was checked."""

    kind: Approval
    name: str
    at: dt.datetime
    holds: bool


@dataclass(frozen=True)
class Frozen:
    """The newest frozen version with its approvals."""

    id: UUID
    number: int
    digest: bytes
    content: dict[str, Any] = field(repr=False)
    approvals: tuple[Stand, ...]
    given: tuple[Given, ...] = field(repr=False)
    name: str
    at: dt.datetime

    @property
    def code(self) -> str:
        """The verification code that stands on each page of what is made of it."""
        return verification_code(self.digest)


def problems(opened: OpenDossier) -> list[Any]:
    """What stands in the way of a review, in words; empty when nothing does."""
    found: list[Any] = []
    if missing(opened.written):
        found.append(_("Sections that every dossier needs are still empty."))
    if any(figure.revoked for figure in figures.of(opened)):
        found.append(_("A figure comes from a release that was revoked. Remove it or use another."))
    if telling.unchecked(opened):
        found.append(_CHECK_TODAY)
    elif telling.unsettled(opened):
        found.append(_("A story waits for its second signature. Wait for it, or take the story out."))
    if telling.to_be_asked_again(opened):
        found.append(_ASK_AGAIN)
    return found


def send_to_review(actor: Actor, dossier_id: UUID, version: int) -> UUID:
    """Freeze everything that stands in a dossier. Gives the id of the frozen version.

    Raises Refused, Conflict when the dossier changed since the page was shown, DomainError while something
    stands in the way.
    """
    opened = dossiers.to_edit(actor, dossier_id)
    if opened.version != version:
        raise Conflict(_("Somebody changed this dossier meanwhile. Nothing was overwritten."))
    pulling.expire(opened.row.organisation_id, opened.id)
    last = frozen(opened)
    if opened.state is not State.DRAFT and not (last and stale(opened, last)):
        raise DomainError(_("Only a draft can be sent to review."))
    for problem in problems(opened):
        raise DomainError(problem)
    content = orjson.dumps(
        {"nonce": secrets.token_hex(16), **content_of(opened)}, option=orjson.OPT_SORT_KEYS
    )
    row = DossierVersion(
        id=uuid4(),
        dossier_id=opened.id,
        number=last.number + 1 if last else 1,
        digest=hashlib.sha256(content).digest(),
        sealed=b"",
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    row.sealed = vault.seal(opened.key, content, _context(opened, row))
    db.session.add(row)
    db.session.flush()
    frozen_stories.freeze(row.id, opened)
    dossiers.changed(opened, State.REVIEW)
    audit.record(actor, "dossier.review", object_kind="dossier", object_id=opened.id, digest=row.digest)
    return row.id


def frozen(opened: OpenDossier) -> Frozen | None:
    """The newest frozen version; None before the first review. Raises DomainError when it was changed."""
    row = _row(opened)
    if row is None:
        return None
    content = _content(opened, row)
    stands, given = [], []
    for approval, name in db.session.execute(
        select(DossierApproval, Person.name)
        .join(Person, Person.id == DossierApproval.person_id)
        .where(DossierApproval.version_id == row.id)
        .order_by(DossierApproval.approved_at)
    ):
        holds = _holds(opened, row, approval)
        stands.append(Stand(Approval(approval.kind), name, approval.approved_at, holds))
        if holds:
            given.append(Given(Approval(approval.kind), str(approval.person_id), row.digest))
    maker = db.session.scalars(select(Person.name).where(Person.id == row.made_by)).one()
    return Frozen(row.id, row.number, row.digest, content, tuple(stands), tuple(given), maker, row.made_at)


def waiting(actor: Actor) -> int:
    """How many dossiers in review wait for an approval that the actor may give; opens nothing."""
    if not may(actor, Permission.DOSSIER_APPROVE):
        return 0
    each = aliased(DossierVersion)
    newest = select(func.max(each.number)).where(each.dossier_id == Dossier.id)
    mine = select(DossierApproval.version_id).where(DossierApproval.person_id == actor.person_id)
    # A manager has to freeze it anew first.
    over = select(DossierVersionStory.version_id).join(DossierStory).where(DossierStory.state != "confirmed")
    rows = (
        reachable(actor, Permission.DOSSIER_APPROVE, Dossier)
        .join(DossierVersion, DossierVersion.dossier_id == Dossier.id)
        .where(
            Dossier.state == State.REVIEW,
            Dossier.key_id.in_(keys.held(actor)),  # nobody is asked to read what stays closed to them
            DossierVersion.number == newest.scalar_subquery(),
            DossierVersion.id.not_in(mine),
            DossierVersion.id.not_in(over),
        )
        .with_only_columns(DossierVersion.id)
    )
    given = select(DossierApproval.version_id, DossierApproval.kind).where(
        DossierApproval.version_id.in_(rows)
    )
    kinds: dict[UUID, set[str]] = {version_id: set() for version_id in db.session.scalars(rows)}
    for version_id, kind in db.session.execute(given) if kinds else ():
        kinds[version_id].add(kind)
    may_give = {kind for kind in Approval if actor.roles & _ROLES[kind]}
    return sum(bool(may_give - had) for had in kinds.values())


def offers(actor: Actor, opened: OpenDossier, version: Frozen | None) -> list[Approval]:
    """Which approvals the actor may give of the frozen version, unless it is `stale`."""
    if version is None or opened.state is not State.REVIEW or not may(actor, Permission.DOSSIER_APPROVE):
        return []
    me = str(actor.person_id)
    return [
        kind
        for kind in Approval
        if actor.roles & _ROLES[kind] and may_approve(kind, me, version.given, version.digest)
    ]


def approve(actor: Actor, dossier_id: UUID, version_id: UUID, kind: str) -> None:
    """Stand for a frozen version; the third approval makes it ready to leave. Twice is once.

    Raises Refused for another role or for somebody who stands for it as something else already,
    Conflict when it is not the version that is in review.
    """
    if kind not in set(Approval) or not actor.roles & _ROLES[Approval(kind)]:
        raise Refused
    if not may(actor, Permission.DOSSIER_APPROVE):
        raise Refused
    opened = dossiers.open_dossier(actor, dossier_id, lock=True)
    version = frozen(opened)
    if version is None or version.id != version_id:
        raise Conflict(_("This is not the version that is in review any more. Read the new one."))
    me = str(actor.person_id)
    if any(one.kind == kind and one.person == me for one in version.given):
        return
    if opened.state is not State.REVIEW:
        raise Conflict(_("This is not the version that is in review any more. Read the new one."))
    if not may_approve(Approval(kind), me, version.given, version.digest):
        raise DomainError(
            _("Somebody gave this approval already, or you gave another one: three people are needed.")
        )
    if stale(opened, version):
        raise DomainError(_TAKEN_BACK)
    row = DossierApproval(
        version_id=version.id,
        kind=kind,
        person_id=actor.person_id,
        signature=actor.secret.signer.sign(
            _LABEL, _statement(opened, version.id, version.digest, kind, actor)
        ),
        approved_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise Conflict(_("Somebody gave this approval a moment ago.")) from None
    audit.record(actor, "dossier.approve", object_kind="dossier", object_id=opened.id, digest=version.digest)
    now = frozen(opened)
    if now is not None and may_leave(now.digest, now.given, pulled=False):
        dossiers.changed(opened, State.APPROVED)


def to_leave(opened: OpenDossier) -> Frozen:
    """The version that may leave now. Raises DomainError where anything it needs is not there any more."""
    pulling.expire(opened.row.organisation_id, opened.id)
    version = frozen(opened)
    if version is None or opened.state not in {State.APPROVED, State.LEFT}:
        raise DomainError(
            _("This dossier has not been approved. Nothing leaves without its three approvals.")
        )
    if not may_leave(version.digest, version.given, pulled=stale(opened, version)):
        raise DomainError(_TAKEN_BACK)
    if telling.to_be_asked_again(opened):
        raise DomainError(_ASK_AGAIN)
    if any("of" in story for story in version.content["stories"]) and not telling.checked_today(opened):
        raise DomainError(_CHECK_TODAY)  # somebody may have left the statistics since
    return version


def stale(opened: OpenDossier, version: Frozen) -> bool:
    """Whether a story or a figure of a frozen version was taken back since."""
    lost = frozen_stories.lost(opened, version.content["stories"])
    return lost or any(figure.revoked for figure in figures.of(opened))


def contents(opened: OpenDossier, version_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What was frozen in these versions. Raises DomainError when one was changed."""
    rows = db.session.scalars(select(DossierVersion).where(DossierVersion.id.in_(version_ids)))
    return {row.id: _content(opened, row) for row in rows}


def for_authorities_alone(opened: OpenDossier, number: int) -> bool:
    """Whether a frozen version holds a story that was given for an authority and nobody else."""
    of_dossier = select(DossierVersion).where(DossierVersion.dossier_id == opened.id)
    row = db.session.scalars(of_dossier.where(DossierVersion.number == number)).one()
    return any(story["level"] == CLOSED for story in _content(opened, row)["stories"])


def content_of(opened: OpenDossier) -> dict[str, Any]:
    """Everything that is frozen."""
    texts: dict[str, dict[str, str]] = {}
    for (kind, language), section in sorted(opened.sections.items()):
        if section.text.strip():
            texts.setdefault(kind, {})[language] = section.text
    return {
        "titles": opened.titles,
        "sections": texts,
        "figures": [figure.content() for figure in figures.of(opened)],
        "stories": frozen_stories.contents(opened),
    }


def _row(opened: OpenDossier) -> DossierVersion | None:
    newest = select(DossierVersion).where(DossierVersion.dossier_id == opened.id)
    return db.session.scalar(newest.order_by(DossierVersion.number.desc()).limit(1))


def _content(opened: OpenDossier, row: DossierVersion) -> dict[str, Any]:
    """What was frozen. Raises DomainError when it was changed."""
    try:
        content = vault.unseal(opened.key, row.sealed, _context(opened, row))
    except vault.VaultError:
        raise DomainError(_("This dossier was changed outside the program and cannot be opened.")) from None
    if hashlib.sha256(content).digest() != row.digest:
        raise DomainError(_("This dossier was changed outside the program and cannot be opened."))
    opened_content: dict[str, Any] = orjson.loads(content)
    return opened_content


def _holds(opened: OpenDossier, version: DossierVersion, row: DossierApproval) -> bool:
    """Whether it was signed by a colleague whose role may approve this."""
    home = opened.row.organisation_id
    statement = vault.pack(home, opened.id, version.id, version.digest, row.kind, row.person_id)
    roles = _ROLES[Approval(row.kind)]
    try:
        signed.require(row.person_id, home, roles, row.approved_at, _LABEL, statement, row.signature)
    except Untrusted:
        return False
    return True


def _statement(opened: OpenDossier, version_id: UUID, digest: bytes, kind: str, actor: Actor) -> bytes:
    return vault.pack(opened.row.organisation_id, opened.id, version_id, digest, kind, actor.person_id)


def _context(opened: OpenDossier, row: DossierVersion) -> Context:
    return Context("dossier version", opened.row.organisation_id, row.dossier_id, row.id, row.number)
