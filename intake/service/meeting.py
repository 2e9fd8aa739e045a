"""Whom the people of a request meet in other matters, for whoever works on it, before anything is advised.

Like acceptance, and earlier: what was heard in a conversation stays heard, also where no case is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from cases.service import conflicts, decisions
from cases.service.decisions import Line
from cases.service.match_tokens import Made
from core.access.actors import Actor
from core.access.permissions import Permission
from core.store.base import db
from intake.models import Request, RequestToken
from intake.service import comparing
from intake.service.reach import ENDS, OPEN, find


@dataclass(frozen=True)
class Met:
    """Who was met elsewhere; `compared`: whether anybody could be, by the key that finds files."""

    lines: list[Line]
    compared: bool


def is_new(request: Request) -> bool:
    """Whether nobody who holds the key has opened this request yet: its people have no tokens.

    One that was answered without a case too: whoever was turned away must be met later.
    """
    known = db.session.scalar(select(exists().where(RequestToken.request_id == request.id)))
    return request.state in (*OPEN, *ENDS) and not known


def look(actor: Actor, request_id: UUID, answers: dict[str, Any], tokens: Made | None) -> Met | None:
    """Keep what finds the people of a request, and say whom they meet to whoever works on it, else None.

    tokens: what `merging.tokens_of` gave for these answers. Raises NotFound.
    """
    request = find(actor, Permission.REQUEST_READ, request_id)
    if tokens and is_new(request):
        comparing.keep(actor, request, answers, tokens)
    if request.state != "triage" or request.claimed_by != actor.person_id:
        return None
    if not tokens:
        return Met([], compared=False)
    people = comparing.people(answers)
    # Somebody who stands in this request twice is not met elsewhere by it.
    found = [one for one in conflicts.find_in(actor, people, tokens) if one.matter != request.id.hex]
    return Met(decisions.lines(actor, people, found), compared=True)
