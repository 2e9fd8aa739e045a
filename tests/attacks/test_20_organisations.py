"""20. What an organisation owes, who speaks for it, what was filed in its name: nothing lies in clear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask

from cases.models import MatchToken
from cases.service import declarations, files, filings, matters, naming
from core.store.base import db
from core.store.transaction import transaction
from domain.organisations import keys_of
from tests.attacks import thief
from tests.support.cast import Cast, on_stage, record_of

HOUSE, SPEAKER, PERIOD, WHAT, PROOF = (
    "Zümrütanka Derneği", "KEYHÜSREV ZABOROĞLU", "eşsiz dönem", "eşi görülmemiş dilekçe", "alındı-benzersiz",
)  # fmt: skip # one table


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as players:
        yield players


def house(cast: Cast) -> UUID:
    """An association with a mandate, a declaration and something that was filed."""
    record = record_of(name_ar="", name_latin=HOUSE, legal_form="association", father="", mother="", birth="")
    case_id = cast.record(record={**record, "issue": "R01"})
    by, party = cast["caseworker"], str(uuid4())
    with transaction():
        version = files.open_case(by, case_id).version
        named = {"id": party, "role": "representative", "name_latin": SPEAKER}
        naming.put(by, case_id, version, named)
    mandate = {"party": party, "power": "chair", "paper": "signatures", "seen_by": "", "since": "2025-05-01"}
    owed = {"what": "funds_from_abroad", "period": PERIOD, "authority": "tax_office", "more": "", "after": ""}
    filed = {
        "what": WHAT, "authority": "administrative_court", "name": "", "on": "2026-11-03", "number": "",
        "proof": PROOF, "document": "",
    }  # fmt: skip # one record
    with transaction():
        matters.add(by, case_id, "mandate", mandate, uuid4())
        due = dt.date(2026, 12, 1)
        declarations.plan(by, case_id, {**owed, "every": "month"}, uuid4(), due, by.person_id)
        filings.file(by, case_id, filed, "", uuid4())
    return case_id


def test_a_thief_reads_nothing_of_it(cast: Cast) -> None:
    case_id = house(cast)
    with transaction():
        opened = files.open_case(cast["caseworker"], case_id)
    assert opened.spoken_for
    assert [one.item.data["period"] for one in opened.declared] == [PERIOD]
    assert any(line.data.get("what") == WHAT for line in opened.entries)
    stored = [*thief.values(binary=True), *thief.files(cast.settings.home)]
    text = " ".join(str(value) for value in thief.values(binary=False))
    names = keys_of(opened.record["client"])
    for word in (HOUSE, SPEAKER, PERIOD, WHAT, PROOF, "funds_from_abroad", "signatures", *names):
        assert word not in text
        for encoding in ("utf-8", "utf-16-le"):
            assert not any(word.encode(encoding) in value for value in stored), word


def test_one_name_is_one_token_and_none_without_the_keys(cast: Cast) -> None:
    """Two files about it share a token, as those of one person do; its words alone make none."""
    one, same = house(cast), cast.record(record=record_of(name_ar="", name_latin="ZÜMRÜTANKA DERNEK"))
    other = cast.record(record=record_of(name_ar="", name_latin="Anka Derneği", legal_form="association"))
    tokens = {
        case_id: set(db.session.query(MatchToken.token).filter_by(case_id=case_id))
        for case_id in (one, same, other)
    }
    db.session.rollback()
    assert tokens[one] & tokens[same]
    assert not tokens[one] & tokens[other]
