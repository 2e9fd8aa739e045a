"""Many valid cases in a short time: the product's own seals and contexts, rows written in bulk.

Every case has its own key, on the rings of those who read it, one sealed record, card and head, a consent and
its timeline. Grants are left out: with warm rings no page that is measured reads them. `cold` is measured on
cases that were recorded through the services.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import NullPool, create_engine, event, insert

import vault
from bench.names_spellings import spellings
from bench.names_vocalised import FAMILY, FEMALE, MALE
from cases.models import Case, CaseCounter, CaseKeyRing, CaseMember, Consent, Entry
from cases.service import facts, records, rows
from core.store.base import Base
from domain import codes
from vault import GrantScope, Key

START = dt.datetime(2024, 1, 8, 9, 0, tzinfo=dt.UTC)
BATCH = 5_000
NOTES = 20

_TOLD = "أُبطلت البطاقة دون إشعار مكتوب، ورفضت المديرية استلام الطلب. The card was cancelled in Hatay. "
_SAID = "اتصلت بالمديرية وطلبت نسخة من القرار. Karar yazılı olarak istendi; cevap bekleniyor. "

_spelled = cache(spellings)

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True)
class Office:
    """In which organisation the cases are, and who reads them with which ring."""

    organisation_id: uuid.UUID
    prefix: str
    reader: uuid.UUID  # a caseworker, on `full` cases only
    reader_ring: Key
    colleague: uuid.UUID  # a caseworker, on all others
    coordinator: uuid.UUID  # reaches all of them
    coordinator_ring: Key


def seed(url: str, office: Office, count: int, full: int) -> None:
    """Write `count` cases. `full` of them, evenly spread, are the reader's and have twenty notes."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000000"):
                connection.execute(f"PRAGMA {pragma}")

    with engine.connect() as connection, ProcessPoolExecutor(os.cpu_count()) as pool:
        connection.execute(insert(CaseCounter), [{"organisation_id": office.organisation_id, "last": count}])
        batches = (
            (office, first, min(first + BATCH, count + 1), count // full)
            for first in range(1, count + 1, BATCH)
        )
        # Few batches at a time: a million cases do not fit into memory.
        while some := list(islice(batches, 2 * (os.cpu_count() or 1))):
            for made in pool.map(_batch, some):
                for model, lines in made.items():
                    connection.execute(insert(model), lines)
                connection.commit()
    engine.dispose()


def _batch(work: tuple[Office, int, int, int]) -> Rows:
    office, first, end, every = work
    made: Rows = defaultdict(list)
    for number in range(first, end):
        for model, line in _case(office, number, is_full=number % every == 0):
            made[model].append(line)
    return dict(made)


def _case(office: Office, number: int, *, is_full: bool) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    key = Key.new()
    at = START + dt.timedelta(minutes=number)
    case = Case(
        id=uuid.uuid4(),
        organisation_id=office.organisation_id,
        number=number,
        reference=codes.reference(office.prefix, at.year, number),
        state=("open", "in_progress", "assigned", "waiting_authority", "closed")[number % 5],
        urgency=f"U{number % 4}",
        restricted=False,
        opened_on=at.date(),
        closed_on=None,
        changed_at=at,
        version=1,
        epoch=1,
    )
    records.seal_record(key, case, record(number))
    author = office.reader if is_full else office.colleague
    lines = [("recorded", "")] + [("note", _SAID * 4)] * (NOTES if is_full else 0)
    entries = [_entry(key, case, author, at + dt.timedelta(hours=n), *line) for n, line in enumerate(lines)]
    consent = _consent(key, case)
    versions = [("cases", case.id, 1), ("case_consents", consent["id"], 1)]
    digest = vault.head_digest([*versions, *(("case_entries", entry["id"], 1) for entry in entries)])
    context = vault.row_context(case.organisation_id, case.id, "heads", case.id, case.version)
    case.head = vault.seal(key, digest, context)
    yield Case, {column.name: getattr(case, column.name) for column in Case.__table__.columns}
    yield CaseMember, {
        "case_id": case.id, "person_id": author, "number": number, "capacity": "caseworker", "since": at,
        "until": None, "ended_at": None,
    }  # fmt: skip  # one row
    rings = {office.coordinator: office.coordinator_ring}
    if is_full:
        rings[office.reader] = office.reader_ring
    for person, ring in rings.items():
        scope = GrantScope(case.organisation_id, "case", case.id, person)
        wrapped = vault.ring_wrap(key, ring, scope)
        yield CaseKeyRing, {"person_id": person, "case_id": case.id, "epoch": 1, "wrapped": wrapped}
    for entry in entries:
        yield Entry, entry
    yield Consent, consent


def _entry(key: Key, case: Case, author: uuid.UUID, at: dt.datetime, kind: str, text: str) -> dict[str, Any]:
    entry_id = uuid.uuid4()
    content = {"kind": kind, "text": text, "data": {}}
    sealed = rows.seal_row(key, case, "case_entries", entry_id, 1, content)
    return {
        "id": entry_id, "case_id": case.id, "author_id": author, "written_at": at, "version": 1, "epoch": 1,
        "sealed": sealed, "token": uuid.uuid4(),
    }  # fmt: skip  # one row


def _consent(key: Key, case: Case) -> dict[str, Any]:
    consent_id = uuid.uuid4()
    content = {
        "kind": "statistics", "answer": "given", "version": 1, "language": "ar", "how": "spoken",
        "detail": "",
    }  # fmt: skip  # one row
    sealed = rows.seal_row(key, case, "case_consents", consent_id, 1, content)
    return {
        "id": consent_id, "case_id": case.id, "recorded_at": case.changed_at, "version": 1, "epoch": 1,
        "sealed": sealed,
    }  # fmt: skip  # one row


def record(number: int) -> dict[str, Any]:
    """The record of an invented client, thirty fields filled, named as a register names people."""
    chance = Random(number)  # noqa: S311  the same people each time
    given, father, mother, family = (
        _spelled(chance.choice(names)) for names in (FEMALE, MALE, FEMALE, FAMILY)
    )
    return {
        "client": {
            "name_ar": f"{given[0]} {family[0]}",
            "name_latin": f"{chance.choice(given)} {chance.choice(family)}".upper(),
            "father": father[0],
            "mother": chance.choice(mother),
            "birth": "1991-03-12",
            "birth_precision": "day",
            "sex": "f",
            "nationality": "SYR",
            "status": "temporary_protection",
            "language": "ar_levantine",
            "numbers": [{"kind": "passport", "value": f"N{number:07}"}],
            "phones": [
                {
                    "number": "+905321234567", "whose": "own", "channels": ["call", "whatsapp"],
                    "hours": "10-12", "message_ok": False, "cover_name": "Ayşe from the bakery",
                    "others": "her brother",
                }
            ],
            "code_word": "zeytin",
        },
        "province": "31",
        "authority": "pdmm",
        "issue": "A02",
        "narrative": _TOLD * 8,
        "next_step": "petition to the directorate",
        "statistics_ids": facts.fresh_ids(),
        "closing": None,
    }  # fmt: skip  # a phone on three lines
