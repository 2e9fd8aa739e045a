"""Two organisations that compared each other's roots, and a referral between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

import vault
from accounts.service import partners, trust
from cases.service import consents, files
from config.settings import Settings
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from referrals.models.directory import DirectoryEntry
from referrals.models.referrals import Referral
from referrals.service import directory, packets, receiving, sending
from tests.support.cast import Cast, found, record_of
from tests.support.clock import START
from tests.support.founded import Rows

NAME, PHONE = "زرقاء اليمامة", "0500 000 11 22"
ENQUIRY = {"need": "housing", "province": "31", "language": "ar_levantine"}
FIELDS = ["name", "birth", "phones", "summary"]


@dataclass
class Pair:
    """Who refers and who receives; the directory of the first knows the second."""

    ours: Cast
    theirs: Cast
    entry: UUID

    def on(self, app: Flask) -> Pair:
        """The same two, when they lie in the database of an application."""
        return Pair(self.ours.on(app), self.theirs.on(app), self.entry)

    def case(self, **changes: Any) -> UUID:
        phones = [{"number": PHONE, "whose": "own", "channels": ["call"], "hours": "10-12"}]
        record = record_of(name_ar=NAME, phones=phones)
        return self.ours.record(record=record, **changes)

    def draft(self, case_id: UUID, by: str = "caseworker", priority: str = "urgent") -> UUID:
        with transaction():
            return sending.draft(self.ours[by], case_id, self.entry, priority, ENQUIRY, uuid4())

    def enquire(self, case_id: UUID, priority: str = "urgent") -> UUID:
        referral_id = self.draft(case_id, priority=priority)
        with transaction():
            sending.send(self.ours["caseworker"], referral_id, 1)
        return referral_id

    def accept(self, referral_id: UUID) -> None:
        with transaction():
            receiving.accept(self.theirs["focal"], referral_id, self.version(referral_id))

    def consent(self, case_id: UUID, answer: str = "given", **changes: Any) -> None:
        asked = {
            "kind": "partner_sharing", "answer": answer, "language": "ar", "how": "oral",
            "recipient": str(self.entry), "purposes": ["housing"], "fields": FIELDS, **changes,
        }  # fmt: skip # one answer
        with transaction():
            consents.record_consent(self.ours["caseworker"], case_id, asked, uuid4())

    def withdraw_consent(self, case_id: UUID) -> None:
        with transaction():
            case = files.open_case(self.ours["caseworker"], case_id)
            given = next(one for one in case.consents if one.recipient == str(self.entry))
            consents.withdraw(self.ours["caseworker"], case_id, given.id)

    def release(self, referral_id: UUID, fields: list[str] | None = None) -> None:
        with transaction():
            written = {"summary": "تحتاج إلى مأوى", "services": "", "needs": []}
            version = self.version(referral_id)
            packets.release(self.ours["caseworker"], referral_id, version, fields or FIELDS, written)

    def released(self) -> tuple[UUID, UUID]:
        """A case and its referral, gone as far as the release."""
        case_id = self.case()
        referral_id = self.enquire(case_id)
        self.accept(referral_id)
        self.consent(case_id)
        self.release(referral_id)
        return case_id, referral_id

    def version(self, referral_id: UUID) -> int:
        return self.row(referral_id).version

    def row(self, referral_id: UUID) -> Referral:
        statement = select(Referral).where(Referral.id == referral_id)
        return db.session.scalars(statement.execution_options(populate_existing=True)).one()

    def packet(self, referral_id: UUID, by: str = "focal") -> dict[str, Any] | None:
        with transaction():
            return receiving.open_received(self.theirs[by], referral_id, "tr").packet


def compare(one: Cast, other: Cast) -> None:
    """A coordinator of one compares the root of the other by voice."""
    public = trust.root(other.organisation_id).root_public
    with transaction():
        partners.confirm(one["coordinator"], other.organisation_id, vault.fingerprint(public))


def link(one: Cast, other: Cast) -> UUID:
    """An entry of one's directory for the other."""
    with transaction():
        directory.begin(one["coordinator"])
        values: dict[str, Any] = {
            "name_ar": "جمعية يد", "name_tr": "Yad Derneği", "name_en": "", "services": ["housing", "cash"],
            "provinces": ["31"], "languages": ["ar"], "capacity": "open", "address": "", "hours": "",
            "focal_person": "", "phone": "", "partner_id": other.organisation_id, "confirmed": True,
            "review_on": directory.next_review(),
        }  # fmt: skip # one entry
        return directory.add(one["coordinator"], uuid4(), values)


_partnered: list[tuple[Pair, Rows]] = []


def partnered(app: Flask) -> Pair:
    """Both organisations on one application, founded once a session. Needs an application context."""
    settings: Settings = app.extensions["himaya"]
    trust.install(settings)
    if not _partnered:
        empty, moment = Rows.of(settings), START - dt.timedelta(hours=12)
        ours, theirs = found(app), found(app, "YAD")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: moment)
            compare(ours, theirs)
            compare(theirs, ours)
            pair = Pair(ours, theirs, link(ours, theirs))
        _partnered.append((pair.on(app), Rows.of(settings).since(empty)))
        return pair
    pair, rows = _partnered[0]
    rows.put(settings)
    return pair.on(app)


@pytest.fixture
def pair(app: Flask) -> Iterator[Pair]:
    """On both databases."""
    with app.app_context(), force_locale("en_GB"):
        yield partnered(app)
        db.session.rollback()


@pytest.fixture
def one_database(sqlite_app: Flask) -> Iterator[Pair]:
    """On SQLite, where the database makes no difference."""
    with sqlite_app.app_context(), force_locale("en_GB"):
        yield partnered(sqlite_app)
        db.session.rollback()


def entry_of(pair: Pair, code: str) -> UUID:
    """An entry that the directory began with."""
    ours = DirectoryEntry.organisation_id == pair.ours.organisation_id
    return db.session.scalars(select(DirectoryEntry.id).where(ours, DirectoryEntry.code == code)).one()
