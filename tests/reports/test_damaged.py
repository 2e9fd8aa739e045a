"""What opens and is not what it should be is said in words, and nothing is counted."""

import gzip
import json
from typing import Any

import orjson
import pytest

import vault
from core.store.base import db
from core.store.transaction import transaction
from reports.models import QuarterSnapshot
from reports.service import quarters, sealed
from tests.reports.conftest import Office
from tests.reports.test_quarters import MAY, ON_SQLITE, Q2, look


def lines(*many: object) -> bytes:
    return gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in many))


SNAPSHOTS = {
    "no stream": b"nothing",
    "no json": b"{bad",
    "nothing of the first format": b"{}",
    "empty stream": gzip.compress(b""),
    "stream cut off": gzip.compress(bytes(range(256)) * 99)[:-12],
    "stream of no json": gzip.compress(b"no json\n"),
    "no head": lines({"x": 1}),
    "no code list": lines({"codes": {}, "counted": ""}),
    "no column": lines({"codes": {"sex": []}, "counted": ""}, ["opened", 3]),
}


@ON_SQLITE
@pytest.mark.parametrize("what", SNAPSHOTS)
def test_a_snapshot_that_is_none_is_called_damaged(office: Office, what: str) -> None:
    manager = office.people["manager"]
    office.case(MAY, count=6)
    look(manager, Q2)
    with transaction():
        row = db.session.query(QuarterSnapshot).one()
        public = sealed.Pairs(manager).of(row.key_id).public
        row.sealed = vault.seal_to(public, SNAPSHOTS[what], sealed.snapshot_context(row))
    with pytest.raises(sealed.Unusable), transaction():
        quarters.preview(manager, "sex", Q2)


@ON_SQLITE
@pytest.mark.parametrize("change", [{"case": 5}, {"case": "a b"}, {"statistics": []}, {"client": None}])
def test_a_fact_that_is_none_is_called_damaged(office: Office, change: dict[str, Any]) -> None:
    office.case(MAY, count=6)
    manager = office.people["manager"]
    with transaction():
        row = office.facts()[0]
        pair = sealed.Pairs(manager).of(row.key_id)
        context = vault.Context("fact", row.organisation_id, row.id, row.version)
        fact = orjson.loads(pair.open(row.sealed, context))
        row.sealed = vault.seal_to(pair.public, orjson.dumps(fact | change), context)
    with pytest.raises(sealed.Unusable):
        quarters.prepare(manager, Q2)
