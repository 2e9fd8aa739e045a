"""People of a request that became no case are compared like those of cases: what was heard stays secret.

Whoever told us something and was turned away must not meet us on the other side later (TBB Meslek Kuralları
37). Their tokens stand beside the request until it becomes a case or the person takes it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import delete, insert, select

from accounts.models import Person
from cases.service import match_tokens
from cases.service.conflicts import Elsewhere
from core.access.actors import Actor
from core.errors import Locked
from core.store.base import db
from intake.models import Request, RequestToken

_ARABIC: Final = range(0x600, 0x700)


def keep(actor: Actor, request: Request, answers: dict[str, Any]) -> None:
    """Store the tokens of whoever asked and of whom they named, where the actor holds the match key."""
    forget(request)
    try:
        tokens = match_tokens.tokens_of(actor, _people(answers))
    except Locked:
        return
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


def _people(answers: dict[str, Any]) -> dict[str, Any]:
    """As a record names them. Who asks for somebody else is not the client, but somebody of the matter."""
    phone = answers.get("phone", "")
    asked = {**named(answers.get("name", "")), "phones": [{"number": phone}] if phone else []}
    own = answers.get("whom") != "other"
    others: list[tuple[str, dict[str, Any]]] = [
        ("related", {} if own else asked),
        ("opposing", named(answers["other_side"]) if answers.get("other_side") else {}),
    ]
    return {
        "client": asked if own else named(answers.get("person", "")),
        "parties": [{"id": role, "role": role, **person} for role, person in others if person],
    }
