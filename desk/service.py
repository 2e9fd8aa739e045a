"""My desk: what waits for me, what nobody has, what changed."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final
from uuid import UUID

from accounts.service import drafts
from advocacy.service import contacts, outcomes, patterns, recalled, results, reviewing, stories
from cases.models import Case
from cases.service import (
    agenda,
    assignment,
    clocks,
    decisions,
    draft_reviews,
    due,
    files,
    keys,
    law_reading,
    listing,
    news,
    orders,
    own_lists,
    reviews_over,
    todo,
    unanswered,
    withdrawing,
)
from cases.service.clocks import Owed
from cases.service.coming import Coming, coming
from cases.service.draft_reviews import OnDesk
from cases.service.news import News
from cases.service.offered import Brief
from cases.service.own_lists import Mine
from cases.service.reviews_over import Over
from cases.service.unanswered import Unanswered
from cases.service.views import Row
from cases.service.withdrawing import Unnoticed
from core.access.actors import Actor
from core.access.permissions import Permission, Role
from core.access.policy import may
from domain.lifecycle import State
from intake.models import Request
from intake.service import alerts, casework, complaints, queue, readers, rekeying, rota, waiting
from intake.service.readers import Unread
from intake.service.waiting import Late
from referrals.service import conflict_asking, conflict_replying, receiving
from referrals.service import listing as referrals
from referrals.service.conflict_replying import Enquiry
from referrals.service.views import ReceivedRow, SentRow

SHOWN: Final = 20  # lines of each part
# What a desk carries out: what may hold a case, then deadlines, then the rest.
BY_ITSELF: Final = (due.HEAR, "recount_due", "match_due", rekeying.KIND)
MOMENT: Final = 0.25  # seconds that it spends on that


@dataclass(frozen=True)
class Desk:
    """The parts of the page; empty ones say what to do next."""

    urgent: list[Request]  # of which the actor was told, and nobody is on them yet
    late: list[Late]  # requests that wait too long, or nearly
    unread: list[Late]  # requests to which somebody wrote: the actor's own, and those that were ended
    vacated: int  # hours of the duty rota that nobody has any more
    offers: list[Brief]
    requests: int  # for help, that nobody has taken or with something unread
    complaints: int  # that the actor may read and nobody has answered
    unread_complaints: Unread  # complaints that wait, and nobody who is here can read them
    messages: list[tuple[UUID, UUID, str]]  # case, conversation and reference, where somebody wrote
    deadlines: list[Coming]
    owed: list[Owed]  # a word to somebody, or a first legal step, that the actor owes
    unnoticed: list[Unnoticed]  # who gives a case up, while no notice to the person is recorded
    legal_drafts: list[OnDesk]  # drafts of lawyers that the actor judges, or that came back
    reviews_over: list[Over]  # of the actor, that ended not by what they did, or whose key they lost
    todo: list[todo.Line]  # tasks, appointments and duties to sign of the actor
    due_orders: list[str]  # kinds of orders that the actor can carry out
    touched: int  # open deadlines that come out otherwise since the law has changed
    waiting: list[Row]
    unassigned: list[Row]
    lawyers_asked: Unanswered  # offers to lawyers that wait for an answer, and those that nobody took
    conflicts: list[Row]  # in which a decision about a conflict of interest waits for the actor
    news: list[News]  # what others wrote into the actor's cases since the actor last looked
    recent: list[Row]
    referrals: list[SentRow]
    received: list[ReceivedRow]
    conflict_enquiries: list[Enquiry]  # of other organisations, that wait for an answer
    conflict_news: list[tuple[UUID, str]]  # cases, with their reference, in which one was answered
    own: Mine  # choices of cases that the actor keeps, and acts on several that are not over
    drafts: list[Any]
    keys_missing: list[str]
    proposals: int  # of colleagues, that wait for a manager
    asked: bool  # for a story, and not answered yet
    law_waiting: int  # changes of law that the actor may sign
    year_to_confirm: int | None  # whose holidays nobody has confirmed
    promises: int  # of addressees, whose day is over
    approvals: int  # dossiers that wait for somebody to stand for them
    recalled: int  # dossiers of which a file was taken back
    reviews: int  # dossiers whose outcome somebody should look at
    results: int  # what came of dossiers, not read yet

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all waits: a part that comes to the desk counts here by itself."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        parts["own"] = self.own.begun  # a list that somebody keeps does not wait
        return not any(map(_says, parts.values()))


def _says(part: Any) -> bool:
    """Whether a part of the desk says anything: what has parts of its own, where one of them does."""
    if is_dataclass(part):
        return any(_says(getattr(part, one.name)) for one in fields(part))
    return any(map(_says, part)) if isinstance(part, tuple) else bool(part)


def my_desk(actor: Actor, language: str) -> Desk:
    """Everything on the desk of the actor, each part at most SHOWN lines, most urgent and oldest first."""
    reads = may(actor, Permission.CASE_LIST)
    waits = _some_carried_out(actor) if reads else []
    conflicts = decisions.waiting(actor, SHOWN) if may(actor, Permission.CONFLICT_DECIDE) else []
    shown = _files(actor, conflicts) if reads else _Files([], [], [], [])
    return Desk(
        requests=queue.waiting(actor) if may(actor, Permission.REQUEST_LIST) else 0,
        complaints=complaints.waiting(actor) if may(actor, Permission.COMPLAINT_READ) else 0,
        unread_complaints=readers.unread(actor),
        messages=casework.unread(actor) if reads else [],
        urgent=alerts.waiting(actor) if may(actor, Permission.REQUEST_DECIDE) else [],
        late=waiting.late(actor) if may(actor, Permission.REQUEST_DECIDE) else [],
        unread=waiting.news(actor) if may(actor, Permission.REQUEST_DECIDE) else [],
        vacated=rota.vacated(actor) if may(actor, Permission.ROTA_EDIT) else 0,
        offers=assignment.offers(actor) if may(actor, Permission.ASSIGNMENT_ANSWER) else [],
        deadlines=coming(actor, SHOWN) if reads else [],
        owed=clocks.on_desk(actor, SHOWN) if reads else [],
        unnoticed=withdrawing.unnoticed(actor, SHOWN) if _asks_for_notices(actor) else [],
        legal_drafts=draft_reviews.on_desk(actor, SHOWN),
        reviews_over=reviews_over.on_desk(actor, SHOWN),
        todo=todo.on_desk(actor, SHOWN) if reads else [],
        due_orders=waits,
        touched=agenda.touched(actor) if reads else 0,
        waiting=shown.waiting,
        unassigned=shown.unassigned,
        lawyers_asked=unanswered.on_desk(actor, SHOWN)
        if may(actor, Permission.ASSIGNMENT_OFFER)
        else Unanswered([], []),
        conflicts=conflicts,
        news=shown.news,
        recent=shown.recent,
        referrals=referrals.desk_sent(actor, SHOWN) if may(actor, Permission.REFERRAL_SEND) else [],
        received=_received(actor, language) if may(actor, Permission.REFERRAL_ANSWER) else [],
        conflict_enquiries=conflict_replying.received(actor, language, SHOWN, open_only=True)
        if may(actor, Permission.REFERRAL_ANSWER)
        else [],
        conflict_news=conflict_asking.news(actor) if may(actor, Permission.CONFLICT_DECIDE) else [],
        own=own_lists.mine(actor) if reads else Mine([], []),
        drafts=drafts.kept(actor),
        keys_missing=files.can_record(actor.organisation_id) if _cares_for_keys(actor) else [],
        proposals=patterns.waiting_proposals(actor) if may(actor, Permission.PATTERN_DECIDE) else 0,
        asked=stories.is_asked(actor),
        law_waiting=law_reading.waiting_for(actor) if may(actor, Permission.CALENDAR_SIGN) else 0,
        year_to_confirm=law_reading.year_to_confirm(actor) if may(actor, Permission.LAW_EDIT) else None,
        promises=contacts.due(actor) if may(actor, Permission.CONTACT_READ) else 0,
        approvals=reviewing.waiting(actor),
        recalled=len(recalled.waiting(actor)) if may(actor, Permission.CONTACT_WRITE) else 0,
        reviews=outcomes.due(actor) if may(actor, Permission.CONTACT_WRITE) else 0,
        results=results.unseen(actor) if may(actor, Permission.RESULT_READ) else 0,
    )


def _some_carried_out(actor: Actor) -> list[str]:
    """For a moment carry out what other rules ask for; gives the kinds of orders that still wait."""
    waits = orders.due_kinds(actor)
    kind = next((one for one in BY_ITSELF if one in waits), None)
    if kind is None:
        return waits
    orders.carry_out(actor, MOMENT, kind=kind)
    return orders.due_kinds(actor)


def _received(actor: Actor, language: str) -> list[ReceivedRow]:
    receiving.renew(actor)
    return referrals.desk_received(actor, language, SHOWN)


def _asks_for_notices(actor: Actor) -> bool:
    return bool(actor.roles & {Role.LAWYER, Role.COORDINATOR})


def _cares_for_keys(actor: Actor) -> bool:
    return may(actor, Permission.CASE_RECORD) or may(actor, Permission.KEY_READ)


@dataclass(frozen=True)
class _Files:
    """The parts of the desk that are lines of cases."""

    waiting: list[Row]
    unassigned: list[Row]
    news: list[News]
    recent: list[Row]


def _files(actor: Actor, conflicts: list[Row]) -> _Files:
    """Cases of each part, found first and opened together: one look at the ring serves all of them."""
    leads, states = Role.COORDINATOR in actor.roles, _states(actor)
    written = news.unseen(actor, SHOWN)
    own = listing.own(actor, () if leads else states, [one.case_id for one in written], SHOWN)
    recent = listing.by_change(own, SHOWN)
    waiting = listing.waiting(actor, states, SHOWN) if leads else listing.by_urgency(own, states, SHOWN)
    unassigned = listing.waiting(actor, [State.OPEN], SHOWN) if leads else []
    cases: dict[UUID, Case] = {case.id: case for case in (*own, *waiting, *unassigned)}
    opened = keys.case_keys(actor, list(cases.values()))
    rows = {case.id: listing.row_of(case, opened.get(case.id)) for case in cases.values()}
    known = {row.id for row in conflicts}  # they stand in a part of their own
    return _Files(
        waiting=[rows[case.id] for case in waiting if case.id not in known],
        unassigned=[rows[case.id] for case in unassigned],
        news=news.opened(written, {case.id: case for case in own}, opened, rows),
        recent=[rows[case.id] for case in recent],
    )


def _states(actor: Actor) -> tuple[State, ...]:
    """The states in which a file waits for somebody in the actor's roles."""
    if Role.COORDINATOR in actor.roles:
        return (State.IN_REVIEW, State.CONFLICT_CHECK)
    if Role.CASEWORKER in actor.roles:
        return (State.CONFLICT_CHECK, State.WAITING_PERSON, State.LOST_CONTACT)
    return (State.IN_PROGRESS, State.WAITING_PERSON)
