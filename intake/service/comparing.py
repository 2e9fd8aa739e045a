"""People of a request that is no case are compared like those of cases: what was heard stays secret.

Whoever told us something and was turned away must not meet us on the other side later (TBB Meslek Kuralları
37). Their tokens stand beside the request from the first time that somebody opens it who holds the match
key, until it becomes a case or the person takes it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import delete, insert, select

from accounts.models import Person
from cases.service import match_tokens, matching, parties
from cases.service.conflicts import Elsewhere
from cases.service.match_tokens import Made
from core.access.actors import Actor
from core.errors import Locked
from core.store.base import db
from domain.identity import comparable_phone
from domain.names.matching import Matcher
from domain.names.reasons import Verdict
from intake.models import Request, RequestToken

_ARABIC: Final = range(0x600, 0x700)
# What `asker_relation` says, in the words of `party_role`; everybody else is somebody related.
_ROLES: Final = {"spouse": "spouse", "parent": "parent", "child": "child"}
_BLANK: Final = {"name_ar": "", "name_latin": "", "father": ""}


def keep(actor: Actor, request: Request, answers: dict[str, Any], ready: Made | None = None) -> None:
    """Store the tokens of whoever asked and of whom they named, where the actor holds the match key.

    ready: what `match_tokens.made_of` gave for these people. Without the key what was stored stays.
    """
    try:
        tokens = match_tokens.tokens_of(actor, people(answers), ready)
    except Locked:
        return
    forget(request)
    if tokens:
        values = [{"token": token, "request_id": request.id} for token in tokens]
        db.session.execute(insert(RequestToken), values)


def forget(request: Request) -> None:
    """The request is a case now, or was taken back."""
    db.session.execute(delete(RequestToken).where(RequestToken.request_id == request.id))


def holding(actor: Actor, tokens: Collection[bytes]) -> Iterable[Elsewhere]:
    """The requests of the actor's organisation that hold one of these tokens."""
    found = (
        select(RequestToken.token, Request.id, Request.reference, Person.name)
        .join(Request, Request.id == RequestToken.request_id)
        .outerjoin(Person, Person.id == Request.claimed_by)
        .where(Request.organisation_id == actor.organisation_id)
    )
    for some in match_tokens.in_parts(tokens):
        for token, request_id, reference, name in db.session.execute(
            found.where(RequestToken.token.in_(some))
        ):
            yield Elsewhere(token, request_id, reference, (name,) if name else ())


def named(text: str) -> dict[str, str]:
    """A name in the field of its script."""
    arabic = any(ord(letter) in _ARABIC for letter in text)
    return {"name_ar" if arabic else "name_latin": text}


def role_of(answers: dict[str, Any]) -> str:
    """What whoever asks for somebody else is in the matter."""
    return _ROLES.get(answers.get("relation") or "", "related")


def asker(answers: dict[str, Any]) -> dict[str, Any]:
    """Whoever asks, with name and phone, as a record keeps a person; a phone has its rules."""
    phone = phone_of(answers)
    return {**named(answers.get("name") or ""), "phones": [phone] if phone["number"] else []}


def phone_of(answers: dict[str, Any]) -> dict[str, Any]:
    """The phone of whoever asks with the rules for it, as a record keeps it.

    With what they said of the danger of a call, where they were asked: `safe_call`.
    """
    phone = {
        "number": answers.get("phone") or "",
        "whose": answers.get("whose") or "unknown",
        "channels": answers.get("channels") or [],
        "hours": answers.get("hours") or "",
        "message_ok": answers.get("message_ok") or "unknown",
        "cover_name": answers.get("cover_name") or "",
    }
    if answers.get("whom") != "other":
        return phone
    return {**phone, "others": "", "safe_call": answers.get("safe_call") or ""}


def with_asker(record: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The record with whoever asked and is not its client among its people, so that the check compares them.

    As it is where they are the client, gave no name, or stand in it already. Whoever has their number
    there, as a form keeps it, gets its rules.
    """
    who = asker(answers)
    record = _with_rules(record, answers)
    is_client = answers.get("whom") != "other" and not is_another(who, record["client"])
    if is_client or not answers.get("name") or is_in(record, who):
        return record
    party = {**_BLANK, **who, "id": str(uuid4()), "role": role_of(answers)}
    return {**record, "parties": [*record.get("parties", ()), party]}


def _with_rules(record: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The record with the rules of the asker's number beside it, wherever it stands without any."""
    said = phone_of(answers)
    number, known = comparable_phone(said["number"]), record.get("parties", ())
    if answers.get("whom") != "other" or not number:
        return record

    def ruled(phone: dict[str, Any]) -> dict[str, Any]:
        bare = "channels" not in phone and comparable_phone(phone["number"]) == number
        return {**said, "number": phone["number"]} if bare else phone

    found = [{**one, "phones": [ruled(each) for each in one.get("phones", ())]} for one in known]
    changed = any(new["phones"] != list(one.get("phones", ())) for new, one in zip(found, known, strict=True))
    return {**record, "parties": found} if changed else record


def with_everybody(record: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """The record of a case of ours with everybody whom a request names among its people.

    Whoever needs help and is not the client is somebody related, until somebody says more. As it is where
    everybody stands in it already; who has no name is no party.
    """
    for one in parties.everybody(people(answers)):
        is_client = one.id == parties.CLIENT
        if not one.names or (is_client and not is_another(one.person, record["client"])):
            continue
        if not is_in(record, one.person):
            role = "related" if is_client else one.role
            party = {**_BLANK, "phones": [], **one.person, "id": str(uuid4()), "role": role}
            record = {**record, "parties": [*record.get("parties", ()), party]}
    return _with_rules(record, answers)


def is_another(one: dict[str, Any], client: dict[str, Any]) -> bool:
    """Whether somebody who is named cannot be the client."""
    known = any(one.get(name) for name in ("name_ar", "name_latin"))
    return known and matching.judge(one, client).verdict is Verdict.DIFFERENT


def is_in(record: dict[str, Any], who: dict[str, Any]) -> bool:
    """Whether somebody in a record bears this name already; a client of one word may be another."""
    matcher, names = Matcher(), [who[name] for name in ("name_ar", "name_latin") if who.get(name)]
    return any(
        matcher.match(one, other).verdict is Verdict.SAME
        for party in parties.everybody(record)
        for one in names
        for other in party.names
        if party.id != parties.CLIENT or " " in one
    )


def people(answers: dict[str, Any]) -> dict[str, Any]:
    """As a record names them. Who asks for somebody else is not the client, but somebody of the matter."""
    asked = asker(answers)
    own = answers.get("whom") != "other"
    others: list[tuple[str, dict[str, Any]]] = [
        (role_of(answers), {} if own else asked),
        ("opposing", named(answers["other_side"]) if answers.get("other_side") else {}),
    ]
    return {
        "client": asked if own else named(answers.get("person", "")),
        "parties": [{"id": role, "role": role, **person} for role, person in others if person],
    }
