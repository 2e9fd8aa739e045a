"""A paper that does not belong into a case: one person asks, another one confirms, then it is deleted.

It may be evidence. Until it is decided it stays, marked; whoever works alone waits instead. What was asked
is decided after the case was closed too, since what does not belong there must not stay for years.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from accounts.models import Person
from cases.models import Case, CaseFile
from cases.service import documents, filing, gate, items, legal_drafts, team, timeline
from cases.service.shelves import called
from core import clock
from core.access.actors import Actor
from core.errors import DomainError, NotFound
from core.store.base import db
from domain import removals
from domain.lifecycle import State
from domain.lines import FILING, OUTCOME
from domain.removals import Asked, Way
from vault import Key

_PROVED: Final = (FILING, OUTCOME)


@dataclass(frozen=True)
class Before:
    """What somebody can do about a paper, who else could confirm, and from when one person is enough."""

    way: Way
    others: list[str]
    alone_from: dt.datetime


def before(actor: Actor, case_id: UUID, document_id: UUID) -> Before:
    """What the page of a deletion says. Raises NotFound, Locked."""
    case, _key, row, content = _opened(actor, case_id, document_id)
    others = _others(case, actor)
    asked = _asked(content)
    return Before(
        way=_way(actor, row, content, others),
        others=list(
            db.session.scalars(select(Person.name).where(Person.id.in_(others)).order_by(Person.name))
        ),
        alone_from=(asked.at if asked else clock.now()) + removals.ALONE,
    )


def remove(actor: Actor, case_id: UUID, document_id: UUID, version: int, reason: str) -> bool:
    """Delete a paper for good, or ask for that; gives whether it is gone.

    The timeline keeps what it was called, its digest and why. Raises NotFound, Conflict, or DomainError while
    something rests on it or another person has to confirm.
    """
    case, key, row, content = _marked(actor, case_id, document_id, version, reason)
    why = _what_rests_on(actor, case, key, document_id, content)
    if why is not None:
        raise DomainError(why)
    line = [[str(document_id), called(content["about"])]]
    way = _way(actor, row, content, _others(case, actor))
    if way is Way.WAIT:
        raise DomainError(_("You asked for this. Another person confirms it, or it stays."))
    if way is Way.ASK:
        asked = {"by": str(actor.person_id), "at": clock.now().isoformat(), "reason": reason}
        documents.change(case, key, document_id, version, {"leaving": asked})
        filing.tell(actor, case, key, "leaving", line, text=reason)
        return False
    documents.close_up(case, key, document_id)
    documents.remove(case, document_id, version)
    filing.tell(actor, case, key, "removed", line, text=reason, digest=content["digest"])
    return True


def keep(actor: Actor, case_id: UUID, document_id: UUID, version: int, reason: str) -> None:
    """Say that a paper whose deletion was asked stays. Raises NotFound, Conflict, DomainError."""
    case, key, _row, content = _marked(actor, case_id, document_id, version, reason)
    if content.get("leaving") is None:
        raise NotFound
    documents.change(case, key, document_id, version, {"leaving": None})
    filing.tell(actor, case, key, "stays", [[str(document_id), called(content["about"])]], text=reason)


def _marked(
    actor: Actor, case_id: UUID, document_id: UUID, version: int, reason: str
) -> tuple[Case, Key, CaseFile, dict[str, Any]]:
    if not reason.strip():
        raise DomainError(_("Write the reason"), field="reason")
    return _opened(actor, case_id, document_id, version)


def _opened(
    actor: Actor, case_id: UUID, document_id: UUID, version: int | None = None
) -> tuple[Case, Key, CaseFile, dict[str, Any]]:
    """A paper that can be taken out; in a closed case one whose deletion was asked while it was open."""
    case, key = filing.case_of(actor, case_id, closed=True)
    row = documents.row_of(case, document_id, version=version)
    content = documents.content_of(case, key, row)
    if case.state == State.CLOSED and _asked(content) is None:
        raise DomainError(gate.CLOSED)
    return case, key, row, content


def _way(actor: Actor, row: CaseFile, content: dict[str, Any], others: set[UUID]) -> Way:
    return removals.way(
        str(actor.person_id),
        clock.now(),
        added_by=content["by"],
        added_at=row.added_at,
        asked=_asked(content),
        others=bool(others),
    )


def _asked(content: dict[str, Any]) -> Asked | None:
    asked = content.get("leaving")
    return Asked(asked["by"], dt.datetime.fromisoformat(asked["at"])) if asked else None


def _others(case: Case, actor: Actor) -> set[UUID]:
    """Who else could confirm: whoever may open the case."""
    return team.may_open(case) - {actor.person_id}


def _what_rests_on(actor: Actor, case: Case, key: Key, document_id: UUID, content: dict[str, Any]) -> Any:
    """Why a paper cannot be taken out, as a sentence, or None; a newer version of it keeps none."""
    me = str(document_id)
    if any(one.about.get("made_from") == me for one in documents.read(case, key)):
        return _("A redacted copy was made from this document. Take that one out first.")
    if any(one.data.get("document") == me for one in items.read(case, key)):
        return _(
            "The register of originals names this document. If its original never lay with us for this case, "
            "take the entry out of the register as a mistake, then the document can be deleted."
        )
    if content.get(documents.DRAFTS) and (why := _draft(actor, case, document_id, content)) is not None:
        return why
    if any(me in _proofs(line) for _entry, line in timeline.opened_lines(case, key)):
        return _(
            "A line of the timeline names this document as its proof. If the line is wrong, correct it or "
            "take it out, then the document can be deleted."
        )
    return None


def _draft(actor: Actor, case: Case, document_id: UUID, content: dict[str, Any]) -> Any:
    """Why the lawyers need a paper, as far as whoever asks may know it; None where they do not any more."""
    try:
        titles = legal_drafts.resting(actor, case.id, document_id, content[documents.DRAFTS])
    except NotFound:  # who is no lawyer of the case learns nothing of a draft, nor whether there is one
        return _("The lawyers of this case need this document. Ask one of them about it.")
    if not titles:
        return None
    if titles[0] is None:
        return _("A draft whose key was not given to you goes with this document. Ask another lawyer.")
    return _(
        "The draft %(title)s goes with this document. Write its next version with another one, or withdraw "
        "it. What was filed keeps the document, as long as the filing stands.",
        title=f"\u2068{titles[0]}\u2069",
    )


def _proofs(line: dict[str, Any]) -> list[str]:
    """The documents that prove what a line says was filed, or came of something; not one that was wrong."""
    data = line["data"]
    proves = line["kind"] in _PROVED and not data.get("corrected")
    return [one for one, _title in data.get("documents", ())] if proves else []
