"""Name, change and take out the other people of a matter; each time everybody is compared again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import files, gate, keys, rows, timeline
from cases.service.match_tokens import Made
from cases.service.reach import find
from cases.service.records import open_record
from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from domain.conflicts import CLIENT, ROLES
from domain.identity import comparable_phone
from domain.lifecycle import State
from vault import Key

CORRECTED, ANOTHER = "corrected", "another"
MOST: Final = 20  # people of one matter besides the client
_OVER: Final = frozenset({State.CLOSED, State.ERASED})


def put(
    actor: Actor,
    case_id: UUID,
    version: int,
    party: dict[str, Any],
    *,
    phone_is: str = "",
    ready: Made | None = None,
) -> None:
    """Add somebody, or change the one with the same id; twice is once.

    party: id, role, names, father, phones. phone_is: whether another number is CORRECTED or ANOTHER phone.
    `ready`: what `match_tokens.made_of` gave for the record with it.
    Raises Conflict for a stale version, DomainError for somebody without role or name, one too many, or where
    nobody said whether the rules of a phone hold for another number.
    """
    if party.get("role") not in ROLES or party["role"] == CLIENT:
        raise DomainError(_("Say what this person is in the matter."), field="role")
    if not (party.get("name_ar") or party.get("name_latin")):
        raise DomainError(_("Write the name in one script at least."), field="name_ar")
    case, key, record = _open(actor, case_id)
    known = next((one for one in record.get("parties", ()) if one["id"] == party["id"]), None)
    party = _with_rules(party, known or {}, phone_is)
    if known == party:
        return
    if case.version != version:
        raise Conflict
    if known is None and len(record.get("parties", ())) >= MOST:
        raise DomainError(_("There are too many people in this case already."))
    _save(actor, case, key, record, with_party(record, party), "changed" if known else "added", party, ready)


def take_out(actor: Actor, case_id: UUID, version: int, party_id: str, *, ready: Made | None = None) -> None:
    """Take somebody out who does not belong there; the timeline keeps who. Raises NotFound, Conflict."""
    case, key, record = _open(actor, case_id)
    party = of(record, party_id)
    if case.version != version:
        raise Conflict
    _save(actor, case, key, record, without(record, party_id), "removed", party, ready)


def with_party(record: dict[str, Any], party: dict[str, Any]) -> dict[str, Any]:
    """The record with a party, in place of the one with the same id where there is one."""
    others = record.get("parties", [])
    if all(one["id"] != party["id"] for one in others):
        return {**record, "parties": [*others, party]}
    return {**record, "parties": [party if one["id"] == party["id"] else one for one in others]}


def without(record: dict[str, Any], party_id: str) -> dict[str, Any]:
    """The record without a party."""
    return {**record, "parties": [one for one in record.get("parties", ()) if one["id"] != party_id]}


def of(record: dict[str, Any], party_id: str) -> dict[str, Any]:
    """One of the parties. Raises NotFound."""
    found: Iterable[dict[str, Any]] = record.get("parties", ())
    party = next((one for one in found if one["id"] == party_id), None)
    if party is None:
        raise NotFound
    return party


def has_rules(party: dict[str, Any]) -> bool:
    """Whether anything was said of how somebody may be reached, besides the number."""
    return bool(danger(party)) or any(set(phone) - {"number"} for phone in party.get("phones", ()))


def danger(party: dict[str, Any]) -> dict[str, Any]:
    """What somebody said of the danger of a call: of themselves, whatever their number is."""
    said = [one.get("safe_call") for one in (*party.get("phones", ()), party)]
    return {"safe_call": found} if (found := next(filter(None, said), "")) else {}


def _with_rules(party: dict[str, Any], known: dict[str, Any], phone_is: str) -> dict[str, Any]:
    """A form names a number alone. The rules that stood with the phone stay with it, until it is another.

    What was said of the danger of a call stays whatever phone it is, and where there is none any more.
    """
    named: dict[str, Any] = next(iter(party.get("phones", ())), {})
    stood: dict[str, Any] = next(iter(known.get("phones", ())), {})
    stays = danger(known)
    if not known or set(named) - {"number"}:  # it comes with its own rules
        return party
    if not named:
        return {**party, **stays}
    same = comparable_phone(named["number"]) == comparable_phone(stood.get("number", ""))
    if stood and not same and has_rules(known) and phone_is not in {CORRECTED, ANOTHER}:
        raise DomainError(_("Say whether it is another phone."), field="phone_is")
    rules = stays if not stood or (not same and phone_is == ANOTHER) else stood
    return {**party, "phones": [{**rules, **named}]}


def _open(actor: Actor, case_id: UUID) -> tuple[Case, Key, dict[str, Any]]:
    case = find(actor, Permission.CASE_EDIT, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    if case.state in _OVER:
        raise DomainError(gate.CLOSED)
    return case, key, open_record(key, case)


def _save(
    actor: Actor,
    case: Case,
    key: Key,
    before: dict[str, Any],
    record: dict[str, Any],
    change: str,
    party: dict[str, Any],
    ready: Made | None,
) -> None:
    said = {
        "change": change,
        "role": party["role"],
        "name": party.get("name_ar") or party.get("name_latin") or "",
    }
    timeline.write(actor, case, key, "party", "", data=said)
    files.save_compared(actor, case, key, record, before, urgency=case.urgency, ready=ready)
    rows.written(actor, "case.party", key, case)
