"""Tables of the file. Whatever a person told us is sealed; docs/security.md lists what is in clear."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.outgoing.letters import Lettered, mail_states
from core.store.base import NAMES_OBJECT, Base


class CaseCounter(Base):
    """The last case number of an organisation."""

    __tablename__ = "case_counters"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    last: Mapped[int]


class Case(Base):
    """A case: one sealed record, one sealed card for lists, one sealed head over the versions of its rows."""

    __tablename__ = "cases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]  # order of recording; lists page on it
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    urgency: Mapped[str]
    restricted: Mapped[bool]
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]
    # What the clocks of a case count from, so that they reach a desk without being opened (domain.clocks).
    told_on: Mapped[dt.date | None]  # when the person last heard from us
    stepped_on: Mapped[dt.date | None]  # the first legal step
    reopened_on: Mapped[dt.date | None]
    changed_at: Mapped[dt.datetime]
    version: Mapped[int]
    epoch: Mapped[int]
    record: Mapped[bytes]
    card: Mapped[bytes]
    head: Mapped[bytes]

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        Index("ix_cases_state", "organisation_id", "state", "number"),
        Index("ix_cases_urgency", "organisation_id", "urgency", "number"),
        Index("ix_cases_waiting", "organisation_id", "state", "urgency", "number"),
        # All that a search asks of twenty thousand cases: their rows, with sealed records, stay unread.
        Index("ix_cases_newest", "organisation_id", "number", "version", "restricted", "id"),
    )


class CaseEpoch(Base):
    """A generation of a case's key: its commitment and its inbox, signed by whoever made it."""

    __tablename__ = "case_epochs"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    commitment: Mapped[bytes]  # of the case key: a grant that opens to another key is refused
    inbox_public: Mapped[bytes]
    inbox_private: Mapped[bytes]  # sealed under the case key
    previous: Mapped[bytes | None]  # the key before, wrapped under this one: whoever made it knew both
    restricted: Mapped[bool]  # signed, so that a flipped flag on the case lets nobody in
    made_by: Mapped[UUID]  # a person, or the recovery key
    signature: Mapped[bytes]
    created_at: Mapped[dt.datetime]


class CaseMember(Base):
    """Who works on a case, since when, until when."""

    __tablename__ = "case_members"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    number: Mapped[int]  # of the case: lists of one's own cases page on it
    capacity: Mapped[str]  # caseworker, lawyer, coordinator, reviewer: as what the person works here
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]  # time-boxed access ends here by itself
    ended_at: Mapped[dt.datetime | None]
    seen_at: Mapped[dt.datetime | None]  # when the person last opened the case's page
    # With a power of attorney one answers for a case for some time after giving it up.
    withdrawing_since: Mapped[dt.datetime | None]

    __table_args__ = (
        Index("ix_case_members_person", "person_id", "ended_at", "number"),
        Index(
            "ix_case_members_withdrawing",
            "ended_at",
            "until",
            sqlite_where=text("withdrawing_since IS NOT NULL"),
            postgresql_where=text("withdrawing_since IS NOT NULL"),
        ),
    )


class CaseGrant(Base):
    """A case key sealed to one holder and signed: a person, the supervision key or the recovery key."""

    __tablename__ = "case_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    epoch: Mapped[int]
    holder_kind: Mapped[str]  # person, supervision, recovery
    holder_id: Mapped[UUID]  # a person, or an organisation key
    sealed: Mapped[bytes]
    signature: Mapped[bytes]
    granter_id: Mapped[UUID]  # a person, or the recovery key
    released: Mapped[bool]  # False while an offered assignment waits for its answer
    expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("case_id", "epoch", "holder_id"),
        Index("ix_case_grants_holder", "holder_id", "case_id", "epoch"),
    )


class CaseKeyRing(Base):
    """A case key once checked, wrapped under the reader's own keyring key: lists pay no public-key work."""

    __tablename__ = "case_key_rings"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]


class SearchBlock(Base):
    """What a search looks through of a thousand cases, sealed under the reader's own keyring key."""

    __tablename__ = "search_blocks"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)  # of case numbers
    sealed: Mapped[bytes]


class Entry(Base):
    """A line of the timeline: a note, a step, a change of state."""

    __tablename__ = "case_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[dt.datetime]
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]
    # Of the form that wrote it: a double click writes once.
    token: Mapped[UUID | None] = mapped_column(unique=True)
    # The author's session wrote it while it carried out what the program or somebody else had decided.
    carried_out: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_case_entries_case", "case_id", "written_at", "id"),)


class Consent(Base):
    """One consent, given, refused or withdrawn."""

    __tablename__ = "case_consents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    recorded_at: Mapped[dt.datetime]
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]


class Deadline(Base):
    """A deadline: what it rests on is sealed; in clear is what brings it to a desk without being opened."""

    __tablename__ = "deadlines"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    safe_on: Mapped[dt.date]  # the earliest credible reading; the sealed row says the same
    state: Mapped[str]  # open, done, dropped; likewise
    responsible_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)
    # Who proposed a change that a second person has to confirm; the sealed row says the same.
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    # By the law of today it comes out otherwise, and no lawyer has decided. It only brings it to a desk: the
    # page of the deadline counts anew.
    touched: Mapped[bool] = mapped_column(default=False)
    # The morning and the version for which reminders were looked after; another one is not done yet.
    reminded_on: Mapped[dt.date | None]
    reminded_version: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        Index("ix_deadlines_open", "state", "safe_on"),
        Index(
            "ix_deadlines_touched",
            "case_id",
            sqlite_where=text("touched = 1"),
            postgresql_where=text("touched"),
        ),
    )


class LawChange(Base):
    """A row of the tables of law as an organisation proposed and signed it. Public law, about nobody."""

    __tablename__ = "law_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    table: Mapped[str]  # of domain.deadlines.changes.KEYS
    key: Mapped[str]  # what tells the row from the others of its table
    cells: Mapped[dict[str, str]] = mapped_column(JSON)  # the whole row, never changed
    source: Mapped[str]
    sign_off: Mapped[bool]  # the row as it came with the product, only signed
    state: Mapped[str]  # proposed, signed, withdrawn
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: came with the product
    proposed_at: Mapped[dt.datetime]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_because: Mapped[str]  # a code of the list `law_withdrawal`; "" while it stands
    # The place among everything that ever changed the law of the organisation; None before it did.
    settled: Mapped[int | None]
    version: Mapped[int]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'signed', 'withdrawn')", name="state"),
        UniqueConstraint("organisation_id", "settled"),
    )


class LawFiles(Base):
    """By which rules of the product what rests on them was last ordered anew."""

    __tablename__ = "law_files"

    id: Mapped[int] = mapped_column(primary_key=True)  # 1: deadlines, 2: match tokens
    digest: Mapped[bytes]  # of deadlines SHA-256 of the tables; of tokens the number of their rules


class Reminder(Lettered, Base):
    """That somebody is told of a deadline; one for each step."""

    __tablename__ = "reminders"

    deadline_id: Mapped[UUID] = mapped_column(ForeignKey("deadlines.id"))
    safe_on: Mapped[dt.date]  # as it was then: about another date one is told anew
    step: Mapped[int]  # of domain.reminders
    seen_at: Mapped[dt.datetime | None]

    __table_args__ = (
        mail_states(),
        UniqueConstraint("deadline_id", "safe_on", "person_id", "step"),
        Index("ix_reminders_person", "person_id", "seen_at", "deadline_id"),
        Index("ix_reminders_mail", "mail", "try_at"),
    )


class Assignment(Base):
    """A file offered to a lawyer: the brief is sealed to the lawyer, the answer to the case inbox."""

    __tablename__ = "assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    lawyer_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    offered_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str]  # offered, accepted, declined, withdrawn, held, left, expired, ended
    brief: Mapped[bytes | None]
    reason: Mapped[bytes | None]  # sealed to the case inbox
    reason_epoch: Mapped[int | None]
    offered_at: Mapped[dt.datetime]
    answer_by: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    # Until when who accepts works on the case, as a reviewer of drafts; None: for good, as its lawyer.
    until: Mapped[dt.datetime | None]
    version: Mapped[int]

    __table_args__ = (Index("ix_assignments_lawyer", "lawyer_id", "state"),)


class MatchToken(Base):
    """What may be compared of somebody in a case unseen: under match key and server's (`match_tokens`)."""

    __tablename__ = "match_tokens"

    token: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class Order(Base):
    """What was decided without the key and the next key holder carries out, or what waits for a decision."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str]  # rotation_due, grant_due, fact_due, match_due, recount_due, hear_due, conflict_due
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    ordered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    ordered_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (Index("ix_orders_due", "organisation_id", "done_at", "case_id"),)


class Fact(Base):
    """A coded row for statistics, sealed to their key. Its id stands only inside the sealed record."""

    __tablename__ = "facts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_keys.id"))
    sealed: Mapped[bytes]

    # The order of rows on disk must not follow the order of the cases.
    __table_args__ = ({"sqlite_with_rowid": False},)


class CaseItem(Base):
    """Something in a case with a state of its own: a task, an appointment. Of which kind it is is sealed."""

    __tablename__ = "case_items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # on whose desk it stands
    due_on: Mapped[dt.date | None]  # the day on which it does; the sealed row says the same of all three
    state: Mapped[str]  # open, done, dropped
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        Index("ix_case_items_owner", "owner_id", "state", "due_on"),
    )


class CaseFile(Base):
    """A document of a case: the key of the object in the store, its name and what it is are sealed."""

    __tablename__ = "case_files"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=NAMES_OBJECT)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    added_at: Mapped[dt.datetime]
    # Of the copy for looking at.
    copy_id: Mapped[UUID | None] = mapped_column(index=True, info=NAMES_OBJECT)
    copy_failed: Mapped[bool]
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]


class CaseArchive(Base):
    """A ZIP that a phone made of a conversation, while it is brought in; it is deleted when that is over.

    It is no row of the head: who holds no key deletes what nobody went on with.
    """

    __tablename__ = "case_archives"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=NAMES_OBJECT)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    touched_at: Mapped[dt.datetime] = mapped_column(index=True)  # a day later it goes
    version: Mapped[int]
    epoch: Mapped[int]
    sealed: Mapped[bytes]  # the key of the object, and which files are to be kept yet
    token: Mapped[UUID] = mapped_column(unique=True)
