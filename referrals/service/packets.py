"""The packet: chosen fields of the case, each under a live consent for this recipient and this need.

It is sealed under a key of its own to the recipient organisation alone. The sender keeps a note of what was
released; the values themselves are in the case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

import vault
from accounts.models import KeyGrant, OrganisationKey, Person
from accounts.service import signed, trust
from cases.models import Case
from cases.service import consents, keys, records, rows
from cases.service.rows import Tampered
from cases.service.views import OpenConsent
from core import clock
from core.access.actors import Actor
from core.access.permissions import READING
from core.errors import DomainError, Locked
from core.reference import lexicon, reference
from core.store.base import db
from domain import referrals as rules
from domain.referrals import READABLE, Side, State, Why
from domain.stories.assistant import flag
from domain.stories.mentions import Known, mentions
from referrals.models.directory import DirectoryEntry
from referrals.models.referrals import Referral, ReferralPacket
from referrals.service import lines, moving, sending
from referrals.service.reach import sent
from referrals.service.views import Offer, OpenLine
from vault import Key, Pair, Untrusted

_UNKNOWN: Final = ("unknown", "XXX", "")
_TEXTS: Final = ("summary", "services")
WRITTEN: Final = (*_TEXTS, "needs")
"""Fields that are written for the recipient; all others come from the record."""

_IDENTIFYING: Final = frozenset({"name", "parents", "phones", "numbers"})

_ELSE: Final = {
    Why.CHANGED: _(
        "The entry in the directory was changed since the person was asked, so it may be somebody else now. "
        "Nothing was released. Ask the person again."
    ),
    Why.MOVED: _(
        "The entry in the directory now stands for somebody else than the one who was asked. Nothing was "
        "released. Withdraw this referral and begin another one."
    ),
    Why.RETIRED: _(
        "The entry was taken out of the directory, so nothing was released. What you wrote is kept. Have the "
        "entry put back, or withdraw this referral and ask somebody else."
    ),
}
"""The entry is not whom the person was told of: what is said then."""

_LABEL: Final = "referral packet"


def offers(actor: Actor, referral_id: UUID) -> tuple[dict[str, Any], list[Offer]]:
    """The details of a referral, and each field with whether it may go now."""
    case, referral = sent(actor, referral_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = sending.open_details(key, case, referral)
    record = records.open_record(key, case)
    covered = _may_go(case, key, referral, details)
    return details, [
        Offer(field, field in WRITTEN or bool(value_of(record, field)), why) for field, why in covered.items()
    ]


def release(
    actor: Actor, referral_id: UUID, version: int, fields: Iterable[str], written: dict[str, Any]
) -> None:
    """Release chosen fields; `written` holds summary, services already given and special needs.

    Raises DomainError for a field that no live consent covers at this moment, Locked where the partner has
    nobody who could open it.
    """
    case, referral = sent(actor, referral_id, version)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    details = sending.open_details(key, case, referral)
    chosen = [code for code in reference().lists["packet_field"].codes if code in set(fields)]
    if not chosen:
        raise DomainError(_("Choose at least one field."), field="fields")
    covered = _may_go(case, key, referral, details)
    for why, said in _ELSE.items():
        if why in covered.values():
            raise DomainError(said, field="fields")
    if any(covered[field] is not Why.COVERED for field in chosen):
        raise DomainError(
            _("A field is no longer covered by a live consent. Nothing was released. Look at the reasons."),
            field="fields",
        )
    record = records.open_record(key, case)
    for field in chosen:
        if field in _TEXTS and gives_away(written.get(field) or "", _hidden_beside(record, chosen)):
            raise DomainError(
                _(
                    "Nothing was released. This text holds a name, a phone or another number of the file "
                    "that is not chosen above. What you wrote is kept: take it out."
                ),
                field=field,
            )
    consent = consent_for(case, key, referral, details)[1]
    until = consent.until if consent is not None else clock.today()
    if referral.partner_id is not None:
        if not lines.accepted_by_partner(referral):
            raise Tampered
        _seal(actor, referral, _content(record, chosen, written), until)
    moving.step(actor, case, referral, State.RELEASED, Side.SENDER, {"fields": chosen})
    referral.access_until = until
    kept = {name: written.get(name) or "" for name in WRITTEN if name in chosen}
    details = {**details, "released": {"fields": chosen, **kept, "until": until.isoformat()}}
    sending.keep_details(key, case, referral, details)
    sending.note(actor, case, key, "referral.release", "released", details)


def open_packet(
    referral: Referral, pairs: dict[UUID | None, Pair], said: Sequence[OpenLine] = ()
) -> tuple[dict[str, Any], dt.date] | None:
    """What was released, for the partner, and the last day on which it may be read; None before and after.

    That day is sealed with it, or in the newest of the lines `said` with which the sender renewed it: the one
    in clear only tells the clock when to come. Raises rows.Tampered.
    """
    row = moving.packet_of(referral)
    if row is None or referral.state not in READABLE or row.sealed is None:
        return None
    pair = pairs.get(row.partner_key_id)
    if pair is None or row.partner_wrap is None:
        return None
    _check(referral, row)
    context = _context(referral, row)
    content = orjson.loads(vault.unseal(pair.unwrap(row.partner_wrap, context), row.sealed, context))
    # A packet from before its day was sealed with it has no day that could be believed.
    until = dt.date.fromisoformat(content["until"]) if "until" in content else dt.date.min
    for line in said:
        if line.kind == lines.CONSENT_RENEWED and not line.ours:
            until = dt.date.fromisoformat(line.content["until"]) if line.content else dt.date.min
    return (content["fields"], until) if until >= clock.today() else None


def rewrap(referral: Referral, row: ReferralPacket, old: Pair, new: trust.VerifiedOrganisationKey) -> None:
    """Wrap the key of a packet to a newer epoch of the partner's key."""
    context = _context(referral, row)
    packet_key = old.unwrap(row.partner_wrap or b"", context)
    row.partner_wrap, row.partner_key_id = vault.wrap_to(new.public, packet_key, context), new.id


def consent_for(
    case: Case, key: Key, referral: Referral, details: dict[str, Any]
) -> tuple[Why, OpenConsent | None]:
    """What the person's answers say about whom this referral goes to, and the answer that says it."""
    return rules.standing(
        consents.sharing(case, key), recipient(referral, details), details["need"], clock.today()
    )


def recipient(referral: Referral, details: dict[str, Any]) -> rules.Recipient:
    """Whom a referral goes to: the partner that it was sent to, or the entry as the directory has it now."""
    entry = db.session.get(DirectoryEntry, UUID(details["entry"]))
    known = entry is not None and entry.organisation_id == referral.organisation_id
    names = entry.names if entry is not None and known else frozenset()
    return rules.Recipient(details["entry"], str(referral.partner_id or ""), names)


def moved(referral: Referral, details: dict[str, Any]) -> Why | None:
    """Why nothing goes by this entry any more: it is not whom the enquiry went to, or it was retired."""
    entry = db.session.get(DirectoryEntry, UUID(details["entry"]))
    if entry is None or entry.partner_id != referral.partner_id:
        return Why.MOVED
    if entry.partner_id is None and details["entry_name"] not in entry.names:
        return Why.MOVED
    return Why.RETIRED if entry.retired else None


def uncovered(case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> Why | None:
    """Why something that was released or written is no longer covered by a live consent; None while all is.

    CHANGED comes last: who took nothing back ends nothing because a colleague changed the directory.
    """
    covered = _coverage(case, key, referral, details)
    whys = {covered[field] for field in _passed(details)} - {Why.COVERED}
    return min(whys, key=lambda why: (why is Why.CHANGED, why), default=None)


def covered_values(
    case: Case, key: Key, referral: Referral, details: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    """What may stand on the printed form: what was released and is covered at this moment.

    Beside it whether the entry is no longer whom the person was told of, so that nothing of it stands there.
    """
    released = details.get("released") or {"fields": []}
    covered = _may_go(case, key, referral, details)
    fields = [field for field in released["fields"] if covered[field] is Why.COVERED]
    elsewhere = any(covered[field] in _ELSE for field in released["fields"])
    return _content(records.open_record(key, case), fields, released), elsewhere


def withheld(case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> tuple[Known, Known]:
    """What no free text may tell the partner now, and what of it no live consent lets the partner learn.

    Both are the same once something was released; before, nothing in the file is told.
    """
    record = records.open_record(key, case)
    covered = _coverage(case, key, referral, details)
    never = _hidden_beside(record, [field for field, why in covered.items() if why is Why.COVERED])
    return (never if referral.state in READABLE else _hidden_beside(record, ())), never


def keep_told(case: Case, key: Key, referral: Referral, details: dict[str, Any], text: str) -> dict[str, Any]:
    """Keep that a text told more than was released, so that it ends with the consent for that; the details.

    Which of the covered fields it told is not asked: the end of any of them then ends the referral.
    """
    covered, passed = _coverage(case, key, referral, details), _passed(details)
    told = {field for field, why in covered.items() if field in _IDENTIFYING and why is Why.COVERED}
    # The text holds nothing that is not covered, so there is nothing to look for beyond that.
    if told <= passed or not gives_away(text, _hidden_beside(records.open_record(key, case), passed)):
        return details
    details = {**details, "told": sorted({*details.get("told", ()), *told})}
    sending.keep_details(key, case, referral, details)
    return details


def gives_away(text: str, hidden: Known) -> bool:
    """Whether a text holds something of the file that its reader must not learn."""
    return bool(mentions(text, hidden, flag(text, lexicon())))


def _passed(details: dict[str, Any]) -> set[str]:
    """Fields that the recipient knows: released, or told in a text after the release."""
    released = details.get("released") or {"fields": []}
    return {*released["fields"], *details.get("told", ())}


def _hidden_beside(record: dict[str, Any], fields: Iterable[str]) -> Known:
    """What a reader does not know who has these fields."""
    passed = {field: value_of(record, field) for field in fields}
    client = record["client"]
    names = [client.get(name) or "" for name in ("name_ar", "name_latin", "father", "mother")]
    open_names = [name for field in ("name", "parents") for name in (passed.get(field) or {}).values()]
    phones = [phone for phone in client.get("phones") or () if phone not in passed.get("phones", ())]
    numbers = [] if "numbers" in passed else client.get("numbers") or ()
    return Known(
        tuple(names),
        tuple(open_names),
        tuple(phone["number"] for phone in phones),
        tuple(number["value"] for number in numbers),
    )


def value_of(record: dict[str, Any], field: str) -> Any:
    """A field of the packet as the record has it: text, a code, or a list; empty where nothing is known."""
    client = record["client"]
    if field == "name":
        names = {name: client.get(name) or "" for name in ("name_ar", "name_latin")}
        return names if any(names.values()) else {}
    if field == "parents":
        parents = {name: client.get(name) or "" for name in ("father", "mother")}
        return parents if any(parents.values()) else {}
    if field == "phones":
        # A number that must not be rung is not handed on.
        return [phone for phone in client.get("phones") or [] if "none" not in phone.get("channels", ())]
    value = record.get(field) if field in {"province", "issue"} else client.get(field)
    return "" if value is None or value in _UNKNOWN else value


def _may_go(case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> dict[str, Why]:
    if (why := moved(referral, details)) is not None:
        return dict.fromkeys(reference().lists["packet_field"].codes, why)
    return _coverage(case, key, referral, details)


def _coverage(case: Case, key: Key, referral: Referral, details: dict[str, Any]) -> dict[str, Why]:
    return rules.coverage(
        reference().lists["packet_field"].codes,
        consents.sharing(case, key),
        recipient(referral, details),
        details["need"],
        clock.today(),
    )


def _content(record: dict[str, Any], fields: Iterable[str], written: dict[str, Any]) -> dict[str, Any]:
    return {
        field: (written.get(field) or "") if field in WRITTEN else value_of(record, field) for field in fields
    }


def _seal(actor: Actor, referral: Referral, fields: dict[str, Any], until: dt.date) -> None:
    partner_id = referral.partner_id
    if partner_id is None:
        return
    partner = lines.partner_key(actor, partner_id)
    _require_reader(partner.id)
    row = ReferralPacket(
        referral_id=referral.id, id=uuid4(), released_by=actor.person_id, released_at=clock.now()
    )
    packet_key, context = Key.new(), _context(referral, row)
    content = orjson.dumps({"fields": fields, "until": until.isoformat()})
    row.sealed = vault.seal(packet_key, content, context)
    row.partner_wrap, row.partner_key_id = vault.wrap_to(partner.public, packet_key, context), partner.id
    row.signature = actor.secret.signer.sign(_LABEL, _statement(referral, row))
    db.session.add(row)


def _require_reader(key_id: UUID) -> None:
    """Somebody there holds the key, and nobody who left still knows it. Raises Locked."""
    key = db.session.get_one(OrganisationKey, key_id)
    holders = exists().where(
        KeyGrant.key_id == key_id, KeyGrant.holder_id == Person.id, Person.state == "active"
    )
    if key.rotation_due or not db.session.scalar(select(holders)):
        raise Locked(
            _(
                "A focal point of the partner has left. Nothing is released until a colleague there has "
                "signed in and renewed the key."
            )
        )


def _check(referral: Referral, row: ReferralPacket) -> None:
    """It was signed by somebody of the sender who may. Raises rows.Tampered."""
    home, statement = referral.organisation_id, _statement(referral, row)
    try:
        signed.require(row.released_by, home, READING, row.released_at, _LABEL, statement, row.signature)
    except Untrusted:
        raise Tampered from None


def _context(referral: Referral, row: ReferralPacket) -> vault.Context:
    return vault.Context(
        "referral packet", referral.organisation_id, referral.partner_id, referral.id, row.id
    )


def _statement(referral: Referral, row: ReferralPacket) -> bytes:
    return vault.pack(
        referral.organisation_id,
        referral.partner_id,
        referral.id,
        row.id,
        row.released_by,
        int(row.released_at.timestamp() * 1_000_000),
        hashlib.sha256(row.sealed or b"").digest(),
    )
