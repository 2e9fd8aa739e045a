"""To whom somebody is referred who asked us: told where to go, or asked for by us, through a case.

Told, the person gets what the directory says in public and goes there by themselves: nobody hears of them.
Asked for, the request becomes a case, because only a case is compared with the other side of every other one;
then the organisation is asked without a name, and hears more only by a consent that names it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from accounts.service import drafts
from cases.service import consents, gate, keys, records
from cases.service import reach as case_reach
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import DomainError, Locked
from domain.identity import normalise_phone
from domain.text import TextTooLong, fold_digits
from intake.service import deciding
from referrals.service import directory, lines, sending

NAMES: Final = ("ar", "tr", "en")
_SHORT: Final = re.compile("[0-9]{3,4}", re.ASCII)


@dataclass(frozen=True)
class Wish:
    """Whom to ask, for what, how soon; and what the person answered about it, or None while not asked."""

    entry_id: UUID
    need: str
    priority: str
    consent: dict[str, Any] | None


@dataclass(frozen=True)
class Asked:
    """How far the enquiry came: sent, kept as a draft, or held by the check."""

    referral_id: UUID | None
    sent: bool
    by_hand: bool = False  # whoever is asked has no account here: somebody calls, or prints the form


def contact(actor: Actor, entry_id: UUID) -> dict[str, Any]:
    """What an entry says in public, to stand in an answer. Raises NotFound, DomainError for a retired one."""
    entry = directory.entry(actor, entry_id)
    if entry.retired:
        raise DomainError(_("This entry is no longer in the directory. Choose another one."), field="entry")
    return {
        "entry": str(entry.id),
        "names": {language: entry.name(language) for language in NAMES},
        "phone": entry.phone,
        "dialled": _dialled(entry.phone),
        "address": entry.address,
        "hours": entry.hours,
        "languages": list(entry.languages),
    }


def tell(
    actor: Actor, request_id: UUID, version: int, token: UUID, text: str, topic: str, entry_id: UUID | None
) -> None:
    """End a request by naming who can help: an entry of the directory, or in words. Raises as `end` does."""
    helper = contact(actor, entry_id) if entry_id is not None else None
    deciding.end(actor, request_id, version, token, "referred", text, topic, helper)


def ask(actor: Actor, case_id: UUID, wish: Wish, token: UUID) -> Asked:
    """Ask an organisation, without a name, to take the case that was opened from a request; twice asks once.

    Where a conflict of interest is possible nobody is asked before it is decided: what was chosen waits with
    whoever chose it. Raises NotFound, Locked, DomainError.
    """
    if wish.consent is not None:
        given = {**wish.consent, "recipient": str(wish.entry_id), "purposes": [wish.need]}
        consents.record_consent(actor, case_id, given, uuid5(token, "consent"))
    case = case_reach.find(actor, Permission.REFERRAL_SEND, case_id)
    whole = records.open_record(keys.case_key(actor, case), case)
    enquiry = {
        "need": wish.need,
        "province": whole.get("province") or "",
        "language": whole["client"].get("language") or "unknown",
    }
    if gate.held(case, whole, gate.Act.REFER):
        typed = {**enquiry, "priority": wish.priority, "entry": str(wish.entry_id)}
        kept = {name: [code] for name, code in typed.items()}
        drafts.save(actor.person_id, "referrals.refer", case_id, kept)
        return Asked(None, sent=False)
    referral_id = sending.draft(actor, case_id, wish.entry_id, wish.priority, enquiry, uuid5(token, "refer"))
    partner_id = directory.entry(actor, wish.entry_id).partner_id
    sent = partner_id is None or _can_seal_to(actor, partner_id)
    if sent:
        sending.send(actor, referral_id, 1)
    return Asked(referral_id, sent=sent, by_hand=partner_id is None)


def _dialled(phone: str) -> str:
    """What a telephone dials; "" for what is no number by itself. Short ones, as 112, stay as they are."""
    written = fold_digits(phone).strip()
    if _SHORT.fullmatch(written):
        return written
    try:
        read = normalise_phone(written)
    except TextTooLong:
        return ""
    return "" if read.warnings else read.e164 or ""


def _can_seal_to(actor: Actor, partner_id: UUID) -> bool:
    with suppress(Locked):
        lines.partner_key(actor, partner_id)
        return True
    return False
