"""Tables of requests for help. In clear: organisation, urgency, state, clocks. What was said is sealed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.outgoing.letters import Lettered, mail_states
from core.store.base import NAMES_OBJECT, Base


class IntakePlace(Base):
    """Whether an organisation takes requests of the public, from where, and what its page says meanwhile."""

    __tablename__ = "intake_places"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    open: Mapped[bool]
    provinces: Mapped[list[str]] = mapped_column(JSON)  # codes; empty: from everywhere
    hours: Mapped[dict[str, str]] = mapped_column(JSON)  # language -> when somebody reads
    notice: Mapped[dict[str, str]] = mapped_column(JSON)  # language -> what is different at present
    tonight: Mapped[dict[str, str]] = mapped_column(JSON)  # language -> what to do at once, whom to call
    version: Mapped[int]


class IntakeCounter(Base):
    """The last number of a request of an organisation."""

    __tablename__ = "intake_counters"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    last: Mapped[int]


class Request(Base):
    """Somebody asked for help. Each has a key of its own, known to the desk and to whoever has the code."""

    __tablename__ = "requests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)  # what colleagues call it, never the code
    state: Mapped[str]
    urgency: Mapped[str]  # U0 to U3
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[dt.datetime | None]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)  # once it belongs to one
    sealed: Mapped[bytes]  # the answers, under the key of the request
    written: Mapped[int]  # how often they were sealed
    # The key of the request lies with the desk until it belongs to a case, then with the case alone.
    desk_wrap: Mapped[bytes | None]
    desk_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation_keys.id"), index=True)
    case_wrap: Mapped[bytes | None]
    waits_desk: Mapped[bool]  # the person said something that nobody has read; after the end: answered
    waits_since: Mapped[dt.datetime | None]  # when they said the first of it
    tell_since: Mapped[dt.datetime | None]  # people are told one after the other that it waits; until then
    tell_next: Mapped[dt.datetime | None] = mapped_column(index=True)  # when the next one is, or all again
    acknowledged_at: Mapped[dt.datetime | None]  # somebody said to be on it
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int]
    token: Mapped[UUID] = mapped_column(unique=True)  # of the form that sent it: five times sent is once

    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'triage', 'accepted', 'declined', 'referred', 'merged', 'withdrawn')",
            name="state",
        ),
        Index("ix_requests_queue", "organisation_id", "state", "urgency", "created_at"),
    )


class RequestToken(Base):
    """What may be compared of the people of a request that became no case, as of those of cases."""

    __tablename__ = "request_tokens"

    token: Mapped[bytes] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True, index=True)


class Receipt(Base):
    """A code by which somebody comes back. The row derives no code, and opens nothing without it.

    One is alive for each request; several requests of one matter are several conversations.
    """

    __tablename__ = "receipts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), unique=True)
    lookup: Mapped[bytes] = mapped_column(unique=True)
    sealed_private: Mapped[bytes]  # of the person's pair, under what the code derives
    wrapped: Mapped[bytes]  # the key of the request, to that pair
    created_at: Mapped[dt.datetime]


class RequestMessage(Base):
    """A line of the conversation, sealed under the key of the request."""

    __tablename__ = "request_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"))
    number: Mapped[int]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: the person who asks
    written_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime | None]  # by the other side
    sealed: Mapped[bytes]
    token: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (Index("ix_request_messages_order", "request_id", "number", unique=True),)


class RequestVisit(Base):
    """A browser that gave a code: what opens the conversation, sealed under its cookie."""

    __tablename__ = "request_visits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("receipts.id"), index=True)
    lookup: Mapped[bytes] = mapped_column(unique=True)
    secret: Mapped[bytes]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]


class RequestNotice(Base):
    """That somebody wants to be told when an answer is there. Where, how and when is sealed for the server.

    One row for each request, as long as the choice stands; without one nothing ever leaves.
    """

    __tablename__ = "request_notices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), unique=True)
    sealed: Mapped[bytes]  # way, address, hours, language, under the server's notice key
    written: Mapped[int]  # how often it was sealed
    state: Mapped[str]  # idle, waiting, sending, sent (until it is read), refused by the other side
    moved_at: Mapped[dt.datetime]  # since when it is in that state
    letter_id: Mapped[UUID | None]  # of the message: sent again, it is the same one
    try_at: Mapped[dt.datetime | None]  # not before; what is being sent longer than this is tried again
    attempts: Mapped[int]  # that failed

    __table_args__ = (
        CheckConstraint("state IN ('idle', 'waiting', 'sending', 'sent', 'refused')", name="state"),
        Index("ix_request_notices_due", "state", "try_at"),
    )


class RequestDraft(Base):
    """A request that is being written, sealed under the cookie of its browser. It goes after a day."""

    __tablename__ = "request_drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lookup: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    written: Mapped[int]
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class RequestFile(Base):
    """A photo, a paper or a voice message of somebody who asks. What it is and its key are sealed.

    It belongs to a draft until the request is sent, then to the request, and there to a line of the
    conversation or to none. What `waits` was added and not sent yet.
    """

    __tablename__ = "request_files"

    id: Mapped[UUID] = mapped_column(primary_key=True, info=NAMES_OBJECT)
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("request_drafts.id"), index=True)
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("requests.id"), index=True)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("request_messages.id"), index=True)
    number: Mapped[int]
    waits: Mapped[bool]
    added_at: Mapped[dt.datetime]
    sealed: Mapped[bytes]
    # Of the copy for looking at, once somebody has looked.
    copy_id: Mapped[UUID | None] = mapped_column(index=True, info=NAMES_OBJECT)
    copy_failed: Mapped[bool]  # none can be made of it

    __table_args__ = (CheckConstraint("(draft_id IS NULL) <> (request_id IS NULL)", name="owner"),)


class DutyShift(Base):
    """Hours of the duty rota: of a weekday, of public holidays, or of one date."""

    __tablename__ = "duty_shifts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]  # weekday, holidays, date
    weekday: Mapped[int | None]  # Monday is 0
    on_date: Mapped[dt.date | None]
    begins: Mapped[dt.time]  # by the clock in Türkiye
    ends: Mapped[dt.time]  # at or before the beginning: on the next day
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: nobody reads on this date
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    vacated_at: Mapped[dt.datetime | None]  # whoever had these hours has left, and nobody took them over
    removed_at: Mapped[dt.datetime | None]  # off the rota; kept, so that a second click finds it done
    version: Mapped[int]

    __table_args__ = (
        CheckConstraint(
            "(kind = 'weekday' AND weekday BETWEEN 0 AND 6 AND on_date IS NULL)"
            " OR (kind = 'holidays' AND weekday IS NULL AND on_date IS NULL)"
            " OR (kind = 'date' AND weekday IS NULL AND on_date IS NOT NULL)",
            name="kind",
        ),
    )


class DutyAlert(Lettered, Base):
    """That somebody is told of an urgent request: once for each time that it waits for somebody."""

    __tablename__ = "duty_alerts"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"))
    since: Mapped[dt.datetime]  # `tell_since` of the request: given back, it is told anew
    step: Mapped[int]  # of domain.intake.duty: 0 at once, then 1 and 2

    __table_args__ = (
        mail_states(),
        UniqueConstraint("request_id", "since", "person_id"),
        Index("ix_duty_alerts_person", "person_id", "request_id"),
        Index("ix_duty_alerts_mail", "mail", "try_at"),
    )


class Complaint(Base):
    """What somebody says against us. Its key is known to people outside the case, and to whoever wrote it."""

    __tablename__ = "complaints"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), index=True)
    written_at: Mapped[dt.datetime]
    sealed: Mapped[bytes]
    person_wrap: Mapped[bytes]  # the key, to the pair of the code
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[bytes | None]
    token: Mapped[UUID] = mapped_column(unique=True)


class ComplaintReader(Base):
    """Somebody outside the case who reads a complaint, by the key sealed to them."""

    __tablename__ = "complaint_readers"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    wrapped: Mapped[bytes]
