"""Enquiries about conflicts at rest: facts and answer under one key, for the case and for whoever is asked.

HPKE does not say who sealed, so both count only with the signature of somebody whose certified role asks, or
answers, for the organisation that the row names.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

import orjson

import vault
from accounts.service import signed
from accounts.service.trust import VerifiedOrganisationKey
from cases.models import Case
from cases.service import keys
from cases.service.rows import Tampered
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import RULES
from referrals.models.conflicts import ConflictEnquiry
from vault import Key, Pair, VaultError

_ASKED: Final = "conflict enquiry"
_ANSWERED: Final = "answer to a conflict enquiry"
_ASKERS: Final = frozenset(RULES[Permission.CONFLICT_DECIDE])
_ANSWERERS: Final = frozenset({Role.FOCAL_POINT})


def ask(
    actor: Actor, case: Case, row: ConflictEnquiry, partner: VerifiedOrganisationKey, facts: dict[str, Any]
) -> None:
    """Seal the facts into a new row, wrap their key to both sides, sign."""
    key = Key.new()
    row.sealed = vault.seal(key, orjson.dumps(facts), _context(row, _ASKED))
    row.case_wrap = vault.wrap_to(keys.inbox_public(case)[1], key, _case_context(row))
    row.partner_wrap, row.partner_key_id = (
        vault.wrap_to(partner.public, key, _partner_context(row)),
        partner.id,
    )
    row.signature = actor.secret.signer.sign(_ASKED, _asked(row))


def of_case(row: ConflictEnquiry, inbox: Pair) -> Key:
    """The key of an enquiry, for those who hold the case. Raises vault.Unreadable."""
    return inbox.unwrap(row.case_wrap, _case_context(row))


def of_partner(row: ConflictEnquiry, pairs: dict[UUID | None, Pair]) -> Key:
    """The same for a focal point, by the epochs that they hold. Raises Tampered where none opens it."""
    pair = pairs.get(row.partner_key_id)
    if pair is None or row.partner_wrap is None:
        raise Tampered
    return pair.unwrap(row.partner_wrap, _partner_context(row))


def facts(row: ConflictEnquiry, key: Key) -> dict[str, Any]:
    """What was asked. Raises Tampered for what nobody signed who may ask, or what does not open."""
    try:
        signed.require(
            row.asked_by, row.organisation_id, _ASKERS, row.asked_at, _ASKED, _asked(row), row.signature
        )
        opened: dict[str, Any] = orjson.loads(vault.unseal(key, row.sealed, _context(row, _ASKED)))
    except VaultError:
        raise Tampered from None
    return opened


def answer(actor: Actor, row: ConflictEnquiry, key: Key, content: dict[str, str]) -> None:
    """Seal and sign an answer; the caller has set who answers, and when."""
    row.answer = vault.seal(key, orjson.dumps(content), _context(row, _ANSWERED))
    row.answer_signature = actor.secret.signer.sign(_ANSWERED, _answered(row))


def answered(row: ConflictEnquiry, key: Key) -> dict[str, str]:
    """What was answered; empty without an answer. Raises Tampered as `facts` does."""
    if row.answer is None or row.answered_by is None or row.answered_at is None:
        return {}
    at = row.answered_at
    try:
        signed.require(
            row.answered_by, row.partner_id, _ANSWERERS, at, _ANSWERED, _answered(row), row.answer_signature
        )
        content: dict[str, str] = orjson.loads(vault.unseal(key, row.answer, _context(row, _ANSWERED)))
    except VaultError:
        raise Tampered from None
    return content


def reseal(case: Case, row: ConflictEnquiry, old_inbox: Pair) -> None:
    """Wrap the key to the new inbox of the case."""
    key = of_case(row, old_inbox)
    row.case_wrap = vault.wrap_to(keys.inbox_public(case)[1], key, _case_context(row))


def rewrap(row: ConflictEnquiry, old: Pair, new: VerifiedOrganisationKey) -> None:
    """Wrap the key to a newer epoch of the partner's key."""
    context = _partner_context(row)
    key = old.unwrap(row.partner_wrap or b"", context)
    row.partner_wrap, row.partner_key_id = vault.wrap_to(new.public, key, context), new.id


def _asked(row: ConflictEnquiry) -> bytes:
    """What the one who asks signs."""
    return vault.pack(
        row.organisation_id,
        row.partner_id,
        row.case_id,
        row.id,
        row.asked_by,
        int(row.asked_at.timestamp() * 1_000_000),
        hashlib.sha256(row.sealed).digest(),
    )


def _answered(row: ConflictEnquiry) -> bytes:
    """What the one who answers signs: to which question, what, when."""
    at = row.answered_at
    return vault.pack(
        row.id,
        hashlib.sha256(row.sealed).digest(),
        row.answered_by,
        int(at.timestamp() * 1_000_000) if at else None,
        hashlib.sha256(row.answer or b"").digest(),
    )


def _context(row: ConflictEnquiry, label: str) -> vault.Context:
    return vault.Context(label, row.organisation_id, row.partner_id, row.id)


def _case_context(row: ConflictEnquiry) -> vault.Context:
    return vault.Context("conflict enquiry for its case", row.case_id, row.id)


def _partner_context(row: ConflictEnquiry) -> vault.Context:
    return vault.Context("conflict enquiry for a partner", row.partner_id, row.id)
