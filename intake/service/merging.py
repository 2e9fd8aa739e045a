"""A request becomes part of a case that exists: first look whose it is and who meets whom, then add it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import (
    conflicts,
    decisions,
    files,
    keys,
    match_tokens,
    matching,
    parties,
    rows,
    team,
    timeline,
)
from cases.service import reach as case_reach
from cases.service.decisions import Line
from cases.service.match_tokens import Made
from cases.service.parties import Party
from cases.service.records import open_record
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import reachable
from core.audit import service as audit
from core.errors import DomainError, Locked
from core.store.base import db
from domain import conflicts as rules
from domain.names.reasons import Verdict
from domain.text import fold_digits
from intake.service import comparing, sealing
from intake.service.deciding import DECIDE, hand_over, require_mine
from intake.service.reach import changed, find
from intake.service.sealing import Desk
from vault import Key

OPPOSED: Final = _(
    "Somebody of this request stands on another side. Look at what was found, then say that you add it "
    "anyway."
)


@dataclass(frozen=True)
class Meeting:
    """Somebody of the request who may be somebody of the case, in roles that do not stand on one side."""

    names: list[str] = field(repr=False)
    role: str
    theirs: str
    grave: bool


@dataclass(frozen=True)
class Seen:
    """The case to which a request would be added, and what stands against it."""

    reference: str
    names: list[str] = field(repr=False)  # of its client
    meetings: list[Meeting]
    lines: list[Line]  # who of the request was met in other files
    other_client: bool  # whoever needs help is named, and is not the client of this case
    compared: bool  # with other files; nobody was without the match key
    own: bool | None = True  # whether whoever writes may be the client, by their name; None without one
    joining: list[Party] = field(default_factory=list)  # who of the request becomes a party of the case

    @property
    def opposed(self) -> bool:
        """Whether somebody has to say that it is added all the same."""
        return bool(self.meetings or self.lines)


def look(actor: Actor, request_id: UUID, version: int, reference: str, tokens: Made | None) -> Seen:
    """Whose case that is, and who of the request meets whom there and elsewhere; the act is on the chain.

    tokens: what `match_tokens.made_of` gave for `comparing.people`; None without the match key. Raises as
    `merge` does.
    """
    request = find(actor, DECIDE, request_id)
    require_mine(actor, request, version)
    case, key = _case(actor, reference)
    answers = sealing.opened(Desk(actor).key(request), request)
    people, record = comparing.people(answers), open_record(key, case)
    known = len(parties.everybody(record))
    audit.record(actor, "case.read", object_kind="case", object_id=case.id)
    found = conflicts.find_in(actor, people, tokens, but=case.id) if tokens else []
    found = [one for one in found if one.matter != request.id.hex]
    return Seen(
        case.reference,
        parties.everybody(record)[0].names,
        _meetings(people, record),
        decisions.lines(actor, people, found),
        comparing.is_another(people["client"], record["client"]),
        tokens is not None,
        _may_be_client(answers, record),
        parties.everybody(comparing.with_everybody(record, answers))[known:],
    )


def merge(
    actor: Actor,
    request_id: UUID,
    version: int,
    reference: str,
    *,
    anyway: bool = False,
    client: bool | None = None,
) -> UUID:
    """Add a request to a case that the actor works on, and give the case's id: one more conversation there.

    client: whether somebody says that whoever writes is the client of the case; None where nobody was asked.
    Whoever asks and whom they named become parties of the case, and everybody in it is compared anew. Raises
    NotFound, Locked, Conflict; DomainError for a reference that is no open case of the actor's, and, but for
    `anyway`, where people of the request stand on another side there.
    """
    request = find(actor, DECIDE, request_id)
    case, key = _case(actor, reference)
    if request.state == "merged" and request.case_id == case.id:
        return case.id
    require_mine(actor, request, version)
    old = Desk(actor).key(request)
    answers = sealing.opened(old, request)
    if not anyway and _meetings(comparing.people(answers), open_record(key, case)):
        raise DomainError(OPPOSED, field="anyway")
    own: bool | None = sealing.is_client(answers)
    if own:
        own = _may_be_client(answers, open_record(key, case)) if client is None else client
    hand_over(actor, request, old, case, key, own=own)
    _name(actor, case, key, answers)
    request.state = "merged"
    changed(actor, request, "request.merge")
    return case.id


def _may_be_client(answers: dict[str, Any], record: dict[str, Any]) -> bool | None:
    if sealing.is_client(answers) and not answers.get("name"):
        return None
    another = comparing.is_another(comparing.asker(answers), record["client"])
    return sealing.is_client(answers) and not another


def _case(actor: Actor, reference: str) -> tuple[Case, Key]:
    own = reachable(actor, Permission.CASE_NOTE, Case).where(Case.closed_on.is_(None))
    typed = fold_digits(reference).strip().upper()
    case_id: UUID | None = db.session.scalar(own.where(Case.reference == typed).with_only_columns(Case.id))
    if case_id is None:
        raise DomainError(
            _(
                "No open case of yours has this number. Look it up in the list of cases. Where it does not "
                "stand there, you are not on it: see below what to do."
            ),
            field="reference",
        )
    case = case_reach.find(actor, Permission.CASE_NOTE, case_id)
    key = keys.case_key(actor, case)
    rows.check_head(key, case)
    return case, key


def _name(actor: Actor, case: Case, key: Key, answers: dict[str, Any]) -> None:
    """Whoever asks and whom they named are parties now; the check runs anew where its key is held."""
    before = open_record(key, case)
    record = comparing.with_everybody(before, answers)
    if record is before:
        with suppress(Locked):
            files.compare_again(actor, case, key)
        return
    for party in record["parties"][len(before.get("parties", ())) :]:
        said = {"change": "added", "role": party["role"], "name": party["name_ar"] or party["name_latin"]}
        timeline.write(actor, case, key, "party", "", data=said)
    files.save_compared(actor, case, key, record, before, urgency=case.urgency)
    rows.written(actor, "case.party", key, case)


def _meetings(people: dict[str, Any], record: dict[str, Any]) -> list[Meeting]:
    """Who of the request may be who in the case, where that is no one side."""
    family, found = parties.is_family(record), []
    for one in parties.everybody(people):
        if not one.names and not one.person.get("phones"):
            continue
        for other in parties.everybody(record):
            level = rules.LEVELS[rules.judge(one.role, other.role, family=family)]
            if level and matching.judge(one.person, other.person).verdict is not Verdict.DIFFERENT:
                found.append(Meeting(one.names, one.role, other.role, level is rules.Level.CONFLICT))
    return sorted(found, key=lambda meeting: not meeting.grave)


def coordinators(actor: Actor) -> tuple[str, ...]:
    """Names of whom to ask about a case that is not the actor's, or about what the actor cannot compare."""
    return tuple(person.name for person in team.colleagues(actor, frozenset({Role.COORDINATOR})))


def tokens_of(actor: Actor, answers: dict[str, Any]) -> Made | None:
    """What finds the people of a request in other files. Slow: before a transaction; None without the key."""
    try:
        return match_tokens.made_of(actor, comparing.people(answers))
    except Locked:
        return None
