"""What a service hands to a page: opened, frozen, gone with the request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from cases.service.declared import Declared, calendar
from cases.service.lawyer_views import OpenDraft, OpenNote
from cases.service.shelves import Document, Shelf, shelves
from core import clock
from core.access.permissions import Role
from domain.clocks import Due
from domain.deadlines.questions import day_of
from domain.declarations import ANNUAL, rule_of
from domain.matters import Kind, Powers, detained_since, holds_on, powers, ran_out, speaks_on, spent


@dataclass(frozen=True)
class OpenEntry:
    """A line of the timeline."""

    id: UUID
    kind: str
    author_name: str  # "" for the program itself
    written_at: dt.datetime
    text: str
    data: dict[str, Any]
    version: int = 0


@dataclass(frozen=True)
class SearchResult:
    """What was found among how many of the newest cases; None: among all, by a whole reference or number."""

    rows: list[Row]
    searched: int | None
    waiting: int = 0  # of the newest cases, to be read before they can be searched


@dataclass(frozen=True)
class OpenConsent:
    """A consent as it stands."""

    id: UUID
    kind: str
    answer: str  # given, refused, withdrawn
    version: int  # of the wording
    language: str
    how: str
    recorded_at: dt.datetime
    row_version: int
    until: dt.date = dt.date.max  # the last day on which the answer holds
    # Of a consent to sharing: with which entry of the directory, for which services, which fields.
    recipient: str = ""
    recipient_name: str = ""
    purposes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    # The partner behind the entry when the person was asked, and every name it had; None: not kept.
    recipient_partner: str | None = None
    recipient_names: tuple[str, ...] = ()
    level: str = ""  # of a consent to a story: how far it may go
    expired: bool = False

    @property
    def holds(self) -> bool:
        """Given, not withdrawn, not run out."""
        return self.answer == "given" and not self.expired


@dataclass(frozen=True)
class MemberLine:
    """Somebody who works on the case."""

    person_id: UUID
    name: str
    capacity: str
    since: dt.datetime
    until: dt.datetime | None
    withdrawing: bool = False  # gives the case up, and answers for it until then

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which they can open it."""
        return self.until and (self.until - dt.timedelta(seconds=1)).astimezone(clock.ISTANBUL).date()


@dataclass(frozen=True)
class Outside:
    """What whoever cannot open a case sees of the people on it."""

    id: UUID
    reference: str
    members: list[MemberLine]


@dataclass(frozen=True)
class AssignmentLine:
    """The offer or assignment that counts now, and the lawyer's reason where one declined."""

    id: UUID
    lawyer_id: UUID
    lawyer_name: str
    state: str
    offered_at: dt.datetime
    answer_by: dt.datetime
    reason_code: str
    reason: str


@dataclass(frozen=True)
class Move:
    """A deadline that was moved, or is to be: until when (None: it falls away), why, by whom."""

    to: dt.date | None
    reason: str
    by_id: UUID | None
    by: str  # "" for the program, because the law had changed
    at: dt.datetime
    confirmed_by: str = ""
    beyond: bool = False  # to a day after the last one of every reading, which the lawyer said they know


@dataclass(frozen=True)
class LeftOpen:
    """That a case was closed while a deadline was open: why (a code of `close_reason`), in words, by whom."""

    why: str
    reason: str
    by: str
    at: dt.datetime


def days_until(safe: dt.date) -> int:
    """Whole days until a safe date, or until a moment in the time of Türkiye; negative once it is over."""
    now = clock.now().astimezone(clock.ISTANBUL).replace(tzinfo=None)
    days = (day_of(safe) - now.date()).days
    return min(days, -1) if isinstance(safe, dt.datetime) and safe <= now else days


NO_DATE: Final = "none"


@dataclass(frozen=True)
class Counted:
    """The three dates of a deadline as counted. `latest`: a rescue argument, for lawyers only."""

    due: dt.date
    safe: dt.date
    latest: dt.date


@dataclass(frozen=True)
class Late:
    """That a deadline was met late: days after the safe date, and whether the usual reading was over too."""

    days: int
    over: bool


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline as its card shows it. Days, or moments in hour rules, in the time of Türkiye."""

    id: UUID
    rule: str
    asked: dict[str, Any]  # in the input format of `himaya law due --batch`
    safe: dt.date  # as it stands: as counted, or as a lawyer moved it
    target: dt.date | None  # by when the work should be done by our own rule, where that is earlier
    counted: Counted | None  # when it was added, or when a lawyer decided after the law had changed
    basis: str  # the articles by which it was counted, as they are cited
    steps: dict[str, list[tuple[str, str]]]  # level and sentence, by language, as counted then
    counted_on: dt.date
    state: str  # open, done, dropped
    responsible_id: UUID
    responsible: str
    second_id: UUID
    second: str
    by: str  # whoever counted it
    version: int
    proof: str
    done_on: dt.date | None
    done_by: str
    moves: tuple[Move, ...]
    proposed: Move | None
    two: bool  # a second person confirms what is changed
    unwatched: bool  # one of the two may open the case no more
    counted_anew: Counted | None  # by the rules of today, where they give other dates
    again_days: int | None  # after which it is done once more; None where it is done once
    law: str  # what a decision has to have seen of a change of law; "" where there is none, or NO_DATE
    taken: bool  # its date is an earlier one that a change of law brought, and no lawyer has decided
    runs: bool  # open, in a case that is not closed
    added: dict[str, list[tuple[str, str]]]  # what the account says by the law of today and did not say then
    gone: dict[str, list[tuple[str, str]]]  # and what it says no more
    late: Late | None  # where it was met after its safe date
    furthest: dt.date | None  # the last day of any reading, a rescue argument: for lawyers only
    bars: bool  # open, and no case closes over one like it
    left: LeftOpen | None  # while the case is closed over it

    @property
    def touched(self) -> bool:
        """Whether a change of law touches it, and no lawyer has decided."""
        return bool(self.law)

    @property
    def uncounted(self) -> bool:
        """Whether the rules of today give no date any more: what it was counted by was taken back."""
        return self.law == NO_DATE

    @property
    def same_dates(self) -> bool:
        """Whether only what is said has changed with the law, and the dates stay."""
        return self.counted_anew == self.counted and not self.taken

    @property
    def own(self) -> bool:
        """Whether the date is a target of ours, because the law sets no limit."""
        return self.again_days is not None

    @property
    def days_left(self) -> int:
        """Until the safe date; negative once it is over."""
        return days_until(self.safe)


OPEN, DONE, DROPPED = "open", "done", "dropped"  # how an item stands


@dataclass(frozen=True)
class OpenItem:
    """An item as its case shows it."""

    id: UUID
    kind: str
    data: dict[str, Any] = field(repr=False)
    due_on: dt.date | None
    owner_id: UUID | None
    owner: str  # "" where it stands on nobody's desk
    state: str
    version: int
    added_at: dt.datetime
    added_by: str
    last: str = ""  # the token of the form that changed it last

    @property
    def is_open(self) -> bool:
        """Neither done nor dropped."""
        return self.state == OPEN

    @property
    def has_run_out(self) -> bool:
        """Whether the last day of a fact has passed, though nobody said that it is over."""
        return self.is_open and ran_out(self.data, clock.today())

    @property
    def days_left(self) -> int | None:
        """Until its day; negative once that is over; None where it has none."""
        return None if self.due_on is None else days_until(self.due_on)


def by_kind(items: Iterable[OpenItem]) -> dict[str, list[OpenItem]]:
    """The facts of a matter among the items of a case, in their order; without what was taken out."""
    known = [one for one in items if one.state != DROPPED]
    return {str(kind): [one for one in known if one.kind == kind] for kind in Kind}


@dataclass(frozen=True)
class OpenCase:
    """A whole case, opened for one reader."""

    id: UUID
    reference: str
    state: str
    urgency: str
    restricted: bool
    opened_on: dt.date
    closed_on: dt.date | None
    version: int
    record: dict[str, Any]
    members: list[MemberLine]
    deadlines: list[OpenDeadline]  # on the page of the case the next ones alone, where there are many
    entries: list[OpenEntry] = field(default_factory=list)
    more_entries: str | None = None
    consents: list[OpenConsent] = field(default_factory=list)
    assignment: AssignmentLine | None = None
    waiting: list[str] = field(default_factory=list)
    next_states: list[str] = field(default_factory=list)
    beside: dict[str, list[Any]] = field(default_factory=dict)  # what features above show, by their name
    items: list[OpenItem] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)  # on the page of the case the newest alone
    more_deadlines: int = 0  # that are here and not among those
    document_ids: frozenset[str] = frozenset()  # of all that are here, as lines of the timeline name them
    lawyer_notes: list[OpenNote] | None = None  # for the lawyers of the case
    told_on: dt.date | None = None  # when the person last heard from us
    owed: tuple[Due, ...] = ()  # by when a word to them and the first legal step, the soonest first
    legal_drafts: list[OpenDraft] | None = None  # likewise
    conflict: str = "clear"  # how it stands after its check, a code of the list `conflict_result`

    @property
    def clocks(self) -> list[tuple[Due, int]]:
        """What is owed, with the days that are left until then; negative once it is late."""
        return [(due, days_until(due.until)) for due in self.owed]

    @property
    def matters(self) -> dict[str, list[OpenItem]]:
        """Detention, powers of attorney, restriction codes, numbers elsewhere; those that are over last."""
        return by_kind(self.items)

    @property
    def spent(self) -> int:
        """What the costs of the case come to, in whole lira."""
        return spent(one.data for one in self.matters[Kind.COST])

    @property
    def powers(self) -> Powers:
        """How it stands with the power of attorney today."""
        return powers((one.data for one in self.matters[Kind.POWER]), clock.today())

    @property
    def held_here(self) -> list[OpenItem]:
        """The powers of attorney that stand today and are held by a lawyer of the case."""
        here = {str(one.person_id) for one in self.members if one.capacity == Role.LAWYER}
        known = (one for one in self.matters[Kind.POWER] if one.data.get("lawyer") in here)
        return [one for one in known if holds_on(one.data, clock.today())]

    @property
    def detained_since(self) -> dt.date | None:
        """Since when the person is held; None for nobody who is."""
        return detained_since(one.data for one in self.matters[Kind.DETENTION])

    @property
    def spoken_for(self) -> bool:
        """Whether somebody may speak for an organisation today."""
        return any(speaks_on(one.data, clock.today()) for one in self.matters[Kind.MANDATE])

    @property
    def uncounted_form(self) -> bool:
        """Whether it is an organisation of a legal form for which we know no rule of the law."""
        legal_form = self.record["client"].get("legal_form") or ""
        return bool(legal_form) and not rule_of(ANNUAL, legal_form)

    @property
    def declared(self) -> list[Declared]:
        """What an organisation has to declare."""
        return calendar(self.items, self.deadlines)

    @cached_property
    def shelves(self) -> list[Shelf]:
        """The documents as they stand, each with its older versions, the newest first."""
        return shelves(self.documents)


@dataclass(frozen=True)
class Row:
    """A line of a list."""

    id: UUID
    reference: str
    state: str
    urgency: str
    restricted: bool
    opened_on: dt.date
    name: str
    issue: str
    province: str
    next_step: str
    readable: bool
    version: int = 0  # for acts on several cases of a list
    level: str = ""  # of service, as agreed last


@dataclass(frozen=True)
class Page:
    """Some lines, and where the next page begins."""

    rows: list[Row]
    next: int | None
