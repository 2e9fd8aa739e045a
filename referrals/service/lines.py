"""Lines of a referral: sealed under a key of their own, wrapped to both sides, signed by whoever wrote them.

HPKE does not say who sealed, so a line counts only with the signature of somebody whose certified role writes
such lines for the organisation that it names. The clock writes lines without content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import select, update

import vault
from accounts.service import keys as organisation_keys
from accounts.service import partners, signed, trust
from accounts.service.names import names_of
from cases.models import Case
from cases.service import keys
from cases.service.rows import Tampered
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING, Role
from core.store.base import db
from domain.referrals import State
from referrals.models.referrals import Referral, ReferralLine
from referrals.service.views import OpenLine
from vault import Key, Pair, Untrusted, VaultError

MESSAGE: Final = "message"
CHASED: Final = "chased"
CONSENT_ENDED: Final = "consent_ended"
CONSENT_NARROWED: Final = "consent_narrowed"
CONSENT_RENEWED: Final = "consent_renewed"
# What stays readable for the partner after its access has ended: it names nobody.
NAMELESS: Final = (str(State.ENQUIRY), str(State.ACCEPTED), str(State.DECLINED))

# Notes of the sender to itself.
_OWN: Final = frozenset({str(State.WITHDRAWN), str(State.CLOSED), CHASED})

_LABEL: Final = "referral line"
_WRITERS: Final = {True: READING, False: frozenset({Role.FOCAL_POINT})}  # by: for the sender


def write(
    actor: Actor | None,
    case: Case,
    referral: Referral,
    kind: str,
    content: dict[str, Any] | None = None,
    *,
    token: UUID | None = None,
) -> ReferralLine:
    """Append a line; the caller holds the referral's lock. Raises Locked where the partner has no key."""
    referral.lines += 1
    row = ReferralLine(
        id=uuid4(),
        referral_id=referral.id,
        number=referral.lines,
        kind=kind,
        author_id=actor.person_id if actor else None,
        organisation_id=actor.organisation_id if actor else None,
        written_at=clock.now(),
        token=token,
    )
    if actor is not None:
        if content is not None:
            _seal(actor, case, referral, row, content)
        row.signature = actor.secret.signer.sign(_LABEL, _statement(referral, row))
    db.session.add(row)
    db.session.flush()
    return row


def read(actor: Actor, referral: Referral, pairs: dict[UUID | None, Pair]) -> list[OpenLine]:
    """Every line, oldest first, checked and opened with the keys of one side.

    `pairs`: the inbox of the case under None, or the epochs of the partner key by id. Raises rows.Tampered
    when a line is missing, was changed or was signed by nobody who may.
    """
    rows = _rows(referral)
    known: dict[UUID, list[trust.VerifiedPersonKey]] = {}
    for row in rows:
        _check(referral, row, known)
    names = names_of({row.author_id for row in rows if row.author_id})
    return [
        OpenLine(
            row.id,
            row.kind,
            names.get(row.author_id, "") if row.author_id else "",
            row.organisation_id == actor.organisation_id,
            row.written_at,
            _open(referral, row, pairs),
        )
        for row in rows
    ]


def accepted_by_partner(referral: Referral) -> bool:
    """Whether a focal point of the partner has signed an acceptance; a clear column proves nothing."""
    rows = [row for row in _rows(referral) if row.kind == State.ACCEPTED]
    known: dict[UUID, list[trust.VerifiedPersonKey]] = {}
    for row in rows:
        _check(referral, row, known)
    return any(row.organisation_id == referral.partner_id for row in rows)


def ends_with(
    actor: Actor, referral: Referral, kind: str, content: dict[str, Any], pairs: dict[UUID | None, Pair]
) -> bool:
    """Whether the last thing that happened is just this, by this person: a second click."""
    row = db.session.scalar(
        select(ReferralLine).where(
            ReferralLine.referral_id == referral.id, ReferralLine.number == referral.lines
        )
    )
    mine = row is not None and (row.kind, row.author_id) == (kind, actor.person_id)
    return mine and row is not None and open_checked(referral, row, pairs) == content


def firsts(referral_ids: Sequence[UUID]) -> dict[UUID, ReferralLine]:
    """The enquiries of many referrals, unopened, in one statement."""
    statement = select(ReferralLine).where(
        ReferralLine.referral_id.in_(referral_ids), ReferralLine.kind == str(State.ENQUIRY)
    )
    return {row.referral_id: row for row in db.session.scalars(statement)}


def open_checked(referral: Referral, row: ReferralLine, pairs: dict[UUID | None, Pair]) -> dict[str, Any]:
    """A checked line, opened by itself; empty where it does not open or is signed by nobody who may."""
    try:
        _check(referral, row, {})
        return _open(referral, row, pairs) or {}
    except (VaultError, Tampered):
        return {}


def hide_from_partner(referral: Referral) -> None:
    """Take the partner's wraps off everything that could name somebody. Keyless."""
    naming = (ReferralLine.referral_id == referral.id, ReferralLine.kind.not_in(NAMELESS))
    db.session.execute(update(ReferralLine).where(*naming).values(partner_wrap=None, partner_key_id=None))


def reseal(case: Case, referral: Referral, old_inbox: Pair) -> None:
    """Wrap the keys of a referral's lines to the new inbox of the case."""
    public = keys.inbox_public(case)[1]
    for row in _rows(referral):
        if row.case_wrap is not None:
            context = _context(referral, row)
            row.case_wrap = vault.wrap_to(public, old_inbox.unwrap(row.case_wrap, context), context)


def rewrap(referral: Referral, row: ReferralLine, old: Pair, new: trust.VerifiedOrganisationKey) -> None:
    """Wrap the key of a line to a newer epoch of the partner's key."""
    context = _context(referral, row)
    line_key = old.unwrap(row.partner_wrap or b"", context)
    row.partner_wrap, row.partner_key_id = vault.wrap_to(new.public, line_key, context), new.id


def partner_pairs(actor: Actor) -> dict[UUID | None, Pair]:
    """Every epoch of the partner key that the actor holds."""
    return {held.id: held.pair for held in organisation_keys.open_all(actor, "partner")}


def partner_key(actor: Actor, partner_id: UUID) -> trust.VerifiedOrganisationKey:
    """The partner's key to seal to, for either side. Raises Locked."""
    if partner_id == actor.organisation_id:
        own = trust.organisation_key(partner_id, "partner")
        if own is None:
            raise Untrusted
        return own
    return partners.key_of(actor, partner_id, "partner")


def _seal(actor: Actor, case: Case, referral: Referral, row: ReferralLine, content: dict[str, Any]) -> None:
    line_key, context = Key.new(), _context(referral, row)
    row.sealed = vault.seal(line_key, orjson.dumps(content), context)
    row.case_wrap = vault.wrap_to(keys.inbox_public(case)[1], line_key, context)
    if referral.partner_id is not None and row.kind not in _OWN:
        partner = partner_key(actor, referral.partner_id)
        row.partner_wrap, row.partner_key_id = vault.wrap_to(partner.public, line_key, context), partner.id


def _open(referral: Referral, row: ReferralLine, pairs: dict[UUID | None, Pair]) -> dict[str, Any] | None:
    inbox = pairs.get(None)
    wrapped, pair = (row.case_wrap, inbox) if inbox else (row.partner_wrap, pairs.get(row.partner_key_id))
    if wrapped is None or row.sealed is None or pair is None:
        return None
    context = _context(referral, row)
    content: dict[str, Any] = orjson.loads(vault.unseal(pair.unwrap(wrapped, context), row.sealed, context))
    return content


def _check(referral: Referral, row: ReferralLine, known: dict[UUID, list[trust.VerifiedPersonKey]]) -> None:
    """The line was signed by somebody who writes such lines. Raises rows.Tampered."""
    if row.author_id is None:
        if row.sealed is not None or row.kind not in {State.EXPIRED, CHASED}:
            raise Tampered
        return
    if row.organisation_id is None or row.organisation_id not in {
        referral.organisation_id,
        referral.partner_id,
    }:
        raise Tampered
    if row.author_id not in known:
        known[row.author_id] = trust.former_keys(row.author_id)
    roles = _WRITERS[row.organisation_id == referral.organisation_id]
    try:
        signed.require(
            row.author_id,
            row.organisation_id,
            roles,
            row.written_at,
            _LABEL,
            _statement(referral, row),
            row.signature,
            known=known[row.author_id],
        )
    except Untrusted:
        raise Tampered from None


def _rows(referral: Referral) -> list[ReferralLine]:
    """The lines in order. Raises rows.Tampered when one is missing."""
    statement = select(ReferralLine).where(ReferralLine.referral_id == referral.id)
    rows = list(db.session.scalars(statement.order_by(ReferralLine.number)))
    if [row.number for row in rows] != list(range(1, referral.lines + 1)):
        raise Tampered
    return rows


def _context(referral: Referral, row: ReferralLine) -> vault.Context:
    return vault.Context(
        "referral line",
        referral.organisation_id,
        referral.partner_id,
        referral.id,
        row.id,
        row.number,
        row.kind,
    )


def _statement(referral: Referral, row: ReferralLine) -> bytes:
    """What the author signs: the line, its place, and the content as it lies there."""
    return vault.pack(
        referral.organisation_id,
        referral.partner_id,
        referral.id,
        row.id,
        row.number,
        row.kind,
        row.author_id,
        row.organisation_id,
        int(row.written_at.timestamp() * 1_000_000),
        hashlib.sha256(row.sealed).digest() if row.sealed is not None else None,
    )
