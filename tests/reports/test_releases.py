"""A release is made once and served again byte for byte; a stolen copy of everything tells nothing."""

import csv
import datetime as dt
import gzip
import hashlib
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.audit.models import AuditEntry
from core.errors import NotFound
from core.reference import reference
from core.store.base import Base, db
from core.store.transaction import transaction
from domain.disclosure import ProtectedTable, code_lists
from domain.quarters import Quarter
from domain.statistics_facts import Fact, Facts
from reports import routes
from reports.models import Release
from reports.service import releases, sealed
from reports.service.releases import Stamp
from tests.reports.conftest import Office, begun
from tests.reports.test_quarters import FEBRUARY, MAY, Q1, Q2, look
from vault import Context, Unreadable

TABLES = ("issue_group", "province", "sex", "age_band")


def plain(table: ProtectedTable, stamp: Stamp) -> bytes:
    """Bytes that differ each time they are made, so that a second making shows."""
    return routes._csv(table, stamp)


def release(office: Office, who: str, table: str = "sex", kind: str = "csv", language: str = "en") -> bytes:
    """What the export button does."""
    actor = office.people[who]
    drafted = releases.draft(actor, office.blobs, table, Q2, kind, language, plain)
    with transaction():
        release_id = releases.release(actor, office.blobs, drafted)
    with transaction():
        return releases.fetch(actor, office.blobs, release_id)[1]


def blobs_of(office: Office) -> list[Path]:
    folder = Path(office.settings.storage_url.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def counted(office: Office) -> Office:
    """A frozen quarter in which some true figures must never be seen."""
    made = begun(office.settings, "some small figures", lambda: recorded(office))
    look(made.people["manager"], Q2)
    return made


def recorded(office: Office) -> Office:
    for province, size in (("34", 40), ("27", 23), ("31", 3), ("63", 2), ("01", 1)):
        office.case(
            MAY, count=size, province=province, sex="f" if size != 2 else "m", issue=f"{'ABCDE'[size % 5]}1"
        )
    return office


def test_asked_again_the_same_bytes_come_back(counted: Office) -> None:
    first = release(counted, "manager")
    assert release(counted, "colleague") == first
    assert release(counted, "manager", language="ar") == first  # codes only: one file for every language
    assert db.session.scalar(select(func.count()).select_from(Release)) == 1
    assert len(blobs_of(counted)) == 1


def test_new_cases_and_changes_do_not_touch_a_release(counted: Office) -> None:
    first = release(counted, "manager", "province")
    counted.case(MAY, count=30, province="31")
    assert release(counted, "manager", "province") == first


def test_a_workbook_is_one_release_for_each_language(counted: Office) -> None:
    made = {
        release(counted, "manager", kind="xlsx", language=language) for language in ("ar", "tr", "en", "ar")
    }
    assert len(made) == 3


def test_two_at_once_get_the_same_and_the_loser_leaves_nothing(counted: Office) -> None:
    first, second = counted.people["manager"], counted.people["colleague"]
    one = releases.draft(first, counted.blobs, "sex", Q2, "csv", "en", plain)
    two = releases.draft(second, counted.blobs, "sex", Q2, "csv", "en", plain)
    assert len(blobs_of(counted)) == 2
    ids = []
    for who, drafted in ((first, one), (second, two)):
        with transaction():
            ids.append(releases.release(who, counted.blobs, drafted))
    assert ids[0] == ids[1]
    assert len(blobs_of(counted)) == 1


def test_what_is_not_on_the_menu_is_not_released(counted: Office) -> None:
    counted.case(FEBRUARY)
    manager, blobs = counted.people["manager"], counted.blobs
    for table, quarter, kind in (
        ("sex", Q1, "csv"),  # on offer, but nobody has opened it
        ("nationality", Q2, "csv"),
        ("sex", Q2, "pdf"),
        ("sex", "x", "csv"),
    ):
        with pytest.raises(NotFound):
            releases.draft(manager, blobs, table, quarter, kind, "en", plain)


def test_a_draft_without_a_release_is_not_found(counted: Office) -> None:
    with pytest.raises(NotFound), transaction():
        releases.release(counted.people["manager"], counted.blobs, releases.Draft("sex", Q2, "csv", "zxx"))


def test_the_ledger_names_the_file_by_its_hash(counted: Office) -> None:
    content = release(counted, "manager")
    with transaction():
        ((row, name),) = releases.ledger(counted.people["colleague"])
    assert row.sha256 == hashlib.sha256(content).digest()
    assert name == "manager"


def test_a_neighbours_release_is_not_there(counted: Office, neighbour: Office) -> None:
    release(counted, "manager")
    release_id = db.session.scalars(select(Release.id)).one()
    stranger = neighbour.people["manager"]
    with transaction():
        assert releases.ledger(stranger) == []
    with pytest.raises(NotFound), transaction():
        releases.fetch(stranger, neighbour.blobs, release_id)


def test_other_bytes_than_those_of_the_ledger_are_not_served(counted: Office) -> None:
    release(counted, "manager", "sex")
    release(counted, "manager", "province")
    first, second = db.session.scalars(select(Release)).all()
    with transaction():
        first.blob_id = second.blob_id
    with pytest.raises(sealed.Unusable), transaction():
        releases.fetch(counted.people["manager"], counted.blobs, first.id)


def test_a_changed_hash_is_noticed(counted: Office) -> None:
    release(counted, "manager")
    with transaction():
        row = db.session.scalars(select(Release)).one()
        row.sha256 = bytes(32)
    with pytest.raises(sealed.Unusable), transaction():
        releases.fetch(counted.people["manager"], counted.blobs, row.id)


def test_every_step_is_on_the_record(counted: Office) -> None:
    release(counted, "manager")
    release(counted, "manager")
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.number)]
    assert acts[-4:] == [
        "statistics.release",
        "statistics.download",
        "statistics.release_again",
        "statistics.download",
    ]


def figures(content: bytes) -> dict[str, int]:
    """Every number in a CSV release by its code."""
    rows = list(csv.DictReader(io.StringIO(content.decode())))[1:]
    dimension = next(iter(set(rows[0]) - {"quarter", "value", "table", "release", "status"}))
    return {row[dimension]: int(row["value"]) for row in rows if row["value"] != "*"}


def test_planted_small_figures_are_in_no_output(counted: Office, app: Flask) -> None:
    """Provinces of 3, 2 and 1 cases, one sex of 2; the control: the large ones are there."""
    provinces = figures(release(counted, "manager", "province"))
    assert provinces == {"34": 40, "27": 23, "_O": 6, "_T": 69}
    sexes = figures(release(counted, "manager", "sex"))
    assert sexes == {"_T": 69}
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        drafted = releases.draft(
            counted.people["manager"], counted.blobs, "province", Q2, "xlsx", "en", routes._workbook
        )
    with transaction():
        release_id = releases.release(counted.people["manager"], counted.blobs, drafted)
    with transaction():
        _row, content = releases.fetch(counted.people["manager"], counted.blobs, release_id)
    book = openpyxl.load_workbook(io.BytesIO(content))
    numbers = [
        cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "n"
    ]
    assert [number for number in numbers if number is not None] == [23, 40, 6, 69]


@pytest.fixture(scope="module")
def lists() -> dict[str, tuple[str, ...]]:
    return code_lists(reference().taxonomy, reference().places)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["34", "27", "31", "63"]),
            st.sampled_from("fmx"),
            st.sampled_from(["A1", "B1", "L1"]),
            st.sampled_from(["0-11", "18-29", "60+"]),
            st.integers(1, 9),
        ),
        max_size=14,
    )
)
def test_no_two_releases_of_a_quarter_subtract_to_a_small_cell(
    lists: dict[str, tuple[str, ...]], groups: list[tuple[str, str, str, str, int]]
) -> None:
    """Tables of a quarter share only their total: rows of one, taken from another's total, leave no 1-4."""
    thursday = dt.date(2026, 5, 7)
    facts = tuple(
        Fact(f"{at}.{number}", "", thursday, thursday, "", issue, province, "", sex, band, "", "", "", True)
        for at, (province, sex, issue, band, size) in enumerate(groups)
        for number in range(size)
    )
    frozen = sealed.Frozen("", Facts(facts), lists)
    tables = [sealed.drawn(frozen, name, Quarter(2026, 2)) for name in TABLES]
    assert len({table.total for table in tables}) == 1
    for one, other in itertools.product(tables, repeat=2):
        if one.total is None:
            assert not one.rows
            continue
        rows = [row.value for row in one.rows] + ([one.other.value] if one.other else [])
        assert all(value >= 5 for value in rows)
        for size in range(1, len(rows) + 1):
            for chosen in itertools.combinations(rows, size):
                rest = (other.total or 0) - sum(chosen)
                assert rest == 0 or rest >= 5


def stolen(app: Flask, office: Office) -> Iterator[bytes]:
    """Everything in the database, the object store and the server's own files."""
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                yield from (
                    bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
                    for cell in row
                )
        db.session.rollback()
    for path in office.settings.home.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_a_stolen_copy_of_everything_tells_no_figure(counted: Office, app: Flask) -> None:
    manager = counted.people["manager"]
    content = release(counted, "manager", "province")
    seal = content.splitlines()[-1].split(b",")[4].rpartition(b".")[2]
    snapshot = sealed.snapshot_of(manager, "province", Q2)
    opened = sealed.Pairs(manager).open(snapshot.key_id, snapshot.sealed, sealed.snapshot_context(snapshot))
    fact = counted.facts()[0]
    coded = sealed.Pairs(manager).open(
        fact.key_id, fact.sealed, Context("fact", fact.organisation_id, fact.id, fact.version)
    )
    needles = [b'"opened":"2026', b'"province":"', b'["province", [["', b'"counted"', b"2026-Q2,_T,69", seal]
    known = coded + opened + gzip.decompress(opened) + content
    needles += [opened[10:60]]  # after the head that every such stream has
    assert all(needle in known for needle in needles)  # the control
    loot = list(stolen(app, counted))
    assert any(row.sealed in loot for row in counted.facts())  # the thief did get the facts
    assert not [needle for needle in needles for piece in loot if needle in piece]


def test_the_hash_in_the_ledger_confirms_no_guess(counted: Office) -> None:
    """Whoever guesses all figures right still cannot make the file: its seal stands nowhere in clear."""
    content = release(counted, "manager", "province")
    row = db.session.scalars(select(Release)).one()
    assert hashlib.sha256(content).digest() == row.sha256  # the control
    guessed = re.sub(rb"\.[0-9a-f]{32},", b",", content)
    assert hashlib.sha256(guessed).digest() != row.sha256
    assert row.size != len(content)


def test_without_the_managers_key_nothing_opens(counted: Office) -> None:
    """Every person's own key, tried on everything sealed for statistics."""
    release(counted, "manager")
    row = db.session.scalars(select(Release)).one()
    box = counted.blobs.get(row.blob_id)
    pair = sealed.Pairs(counted.people["manager"]).of(counted.facts()[0].key_id)
    assert pair.open(box, sealed.release_context(row))  # the control
    for name in ("caseworker", "administrator", "manager", "colleague"):
        with pytest.raises(Unreadable):
            counted.people[name].secret.pair.open(box, sealed.release_context(row))
