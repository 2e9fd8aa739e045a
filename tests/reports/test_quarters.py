"""Quarters are frozen once; nobody is counted twice; what came late is one number."""

import datetime as dt
import gzip
from operator import attrgetter
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select

import vault
from accounts.service import keys
from cases.models import Case, Fact, Order
from core.access.actors import Actor
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import Conflict, Locked, NotFound
from core.reference import reference
from core.store.base import db
from core.store.transaction import transaction
from domain import disclosure
from domain.disclosure import ProtectedTable
from reports.models import QuarterSnapshot
from reports.service import quarters, sealed
from tests.reports.conftest import Office

Q1, Q2, Q3 = "2026-Q1", "2026-Q2", "2026-Q3"
FEBRUARY, MAY, AUGUST = dt.date(2026, 2, 3), dt.date(2026, 5, 5), dt.date(2026, 8, 4)


# What the database cannot change is shown on one.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def look(actor: Actor, quarter: str, table: str = "sex") -> ProtectedTable:
    """What opening the page does."""
    prepared = quarters.prepare(actor, quarter)
    with transaction():
        quarters.freeze(actor, prepared)
        return quarters.preview(actor, table, quarter)


def shown(table: ProtectedTable) -> dict[str, int]:
    return {row.code: row.value for row in table.rows}


def test_menu_offers_closed_quarters_since_the_first_case(office: Office) -> None:
    office.case(FEBRUARY)
    menu = quarters.menu(office.people["manager"])
    assert [choice.quarter for choice in menu.quarters] == [Q3, Q2, Q1]
    assert (menu.open_quarter, menu.opens_on) == ("2026-Q4", dt.date(2027, 1, 4))
    assert menu.key == "held"
    assert menu.tables == ("issue_group", "province", "sex", "age_band")


def test_menu_without_cases_offers_nothing(office: Office) -> None:
    assert quarters.menu(office.people["manager"]).quarters == ()


def test_a_mistyped_year_does_not_fill_the_page(office: Office) -> None:
    office.case(dt.date(1926, 2, 3))
    assert len(quarters.menu(office.people["manager"]).quarters) == quarters.OFFERED


def test_a_quarter_that_is_not_on_offer_is_not_found(office: Office) -> None:
    office.case(FEBRUARY, count=6)
    for quarter in ("2026-Q4", "2027-Q1", "2025-Q4", "2026-Q5", "2026-q3", "", "٢٠٢٦-Q3"):
        with pytest.raises(NotFound):
            quarters.prepare(office.people["manager"], quarter)


def test_the_newest_version_counts(office: Office) -> None:
    for case_id, record in office.case(MAY, count=6, sex="f"):
        office.change(case_id, {**record, "client": {**record["client"], "sex": "m"}})
    office.case(MAY, count=7, sex="f")
    assert shown(look(office.people["manager"], Q2)) == {"f": 7, "m": 6}


def test_a_frozen_quarter_never_changes(office: Office) -> None:
    cases = office.case(MAY, count=6, sex="f") + office.case(MAY, count=6, sex="m")
    before = look(office.people["manager"], Q2)
    case_id, record = cases[0]
    office.change(case_id, {**record, "client": {**record["client"], "sex": "x"}})
    office.change(*cases[1], consented=False)
    office.case(MAY, count=9, sex="f")
    assert look(office.people["colleague"], Q2) == before
    assert db.session.scalar(select(func.count()).select_from(QuarterSnapshot)) == 1


def test_late_cases_are_one_number_in_the_next_quarter_frozen_and_only_there(office: Office) -> None:
    manager = office.people["manager"]
    office.case(FEBRUARY, count=6)
    office.case(MAY, count=6)
    office.case(AUGUST, count=6)
    assert look(manager, Q1).late is None
    office.case(FEBRUARY, count=7, sex="m")
    second = look(manager, Q2)
    assert (second.total, second.late) == (6, 7)
    third = look(manager, Q3)
    assert (third.total, third.late) == (6, None)


def test_four_late_cases_look_like_none(office: Office) -> None:
    manager = office.people["manager"]
    office.case(FEBRUARY, count=6)
    office.case(MAY, count=12)
    look(manager, Q1)
    office.case(FEBRUARY, count=4)
    four = look(manager, Q2)
    assert four.late is None
    assert four.total == 12


def test_a_case_that_moves_to_another_quarter_is_counted_once(office: Office) -> None:
    manager = office.people["manager"]
    cases = office.case(FEBRUARY, count=6)
    office.case(MAY, count=6)
    assert look(manager, Q1).total == 6
    with transaction():
        for case_id, _record in cases:
            db.session.get_one(Case, case_id).opened_on = MAY
    for case_id, record in cases:
        office.change(case_id, record)
    assert (look(manager, Q2).total, look(manager, Q2).late) == (6, None)


def test_an_earlier_quarter_frozen_later_takes_no_late_case_of_a_later_one(office: Office) -> None:
    manager = office.people["manager"]
    office.case(FEBRUARY, count=6)
    office.case(MAY, count=6)
    look(manager, Q2)
    office.case(MAY, count=8)
    first = look(manager, Q1)
    assert (first.total, first.late) == (6, None)
    office.case(AUGUST, count=6)
    assert look(manager, Q3).late == 8


def test_who_refused_is_in_one_number_and_no_category_is_kept(office: Office) -> None:
    manager = office.people["manager"]
    office.case(MAY, count=6, sex="f")
    office.case(MAY, count=5, sex="m", issue="L1", consented=False)
    table = look(manager, Q2)
    assert (table.total, table.refused) == (6, 5)
    row = db.session.query(QuarterSnapshot).one()
    pressed = sealed.Pairs(manager).open(row.key_id, row.sealed, sealed.snapshot_context(row))
    content = gzip.decompress(pressed)
    assert b"L1" not in content
    assert b'"A1"' in content  # the control: what was agreed to is there


def test_nobody_sees_a_neighbours_figures(office: Office, neighbour: Office) -> None:
    office.case(MAY, count=6)
    neighbour.case(MAY, count=11)
    assert look(office.people["manager"], Q2).total == 6
    assert look(neighbour.people["manager"], Q2).total == 11


def test_a_quarter_of_a_neighbour_is_not_found(office: Office, neighbour: Office) -> None:
    neighbour.case(MAY, count=11)
    look(neighbour.people["manager"], Q2)
    with pytest.raises(NotFound):
        quarters.preview(office.people["manager"], "sex", Q2)


def test_reading_and_freezing_are_on_the_record(office: Office) -> None:
    office.case(MAY, count=6)
    look(office.people["manager"], Q2)
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.number)]
    assert acts[-2:] == ["statistics.freeze", "statistics.read"]


def test_a_code_list_that_grows_later_leaves_a_frozen_table_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.case(MAY, count=6, sex="f")
    office.case(MAY, count=5, sex="m")
    office.case(MAY, count=3, sex="x")
    before = look(office.people["manager"], Q2)
    longer = {table: (*codes, "new") for table, codes in disclosure.code_lists(
        reference().taxonomy, reference().places
    ).items()}  # fmt: skip
    monkeypatch.setattr(disclosure, "code_lists", lambda *_lists: longer)
    assert look(office.people["manager"], Q2) == before


class TestTwoManagersAtOnce:
    def test_both_get_the_same_quarter(self, office: Office) -> None:
        """Both have gathered before either writes; a case came in between."""
        first, second = office.people["manager"], office.people["colleague"]
        office.case(MAY, count=6)
        one = quarters.prepare(first, Q2)
        office.case(MAY, count=3)
        two = quarters.prepare(second, Q2)
        for who, prepared in ((first, one), (second, two)):
            with transaction():
                quarters.freeze(who, prepared)
        with transaction():
            assert quarters.preview(first, "sex", Q2) == quarters.preview(second, "sex", Q2)
            assert quarters.preview(first, "sex", Q2).total == 6

    def test_a_late_case_is_not_counted_by_two_quarters_frozen_at_once(self, office: Office) -> None:
        first, second = office.people["manager"], office.people["colleague"]
        for day in (FEBRUARY, MAY, AUGUST):
            office.case(day, count=6)
        look(first, Q1)
        office.case(FEBRUARY, count=7)
        one, two = quarters.prepare(first, Q2), quarters.prepare(second, Q3)
        with transaction():
            quarters.freeze(first, one)
        with pytest.raises(Conflict), transaction():
            quarters.freeze(second, two)
        assert look(second, Q3).late is None
        assert look(first, Q2).late == 7


class TestKeys:
    def test_without_the_key_facts_stay_shut(self, office: Office) -> None:
        office.case(MAY, count=6)
        other = office.join("third", Role.MANAGER)
        assert quarters.menu(other).key == "elsewhere"
        with pytest.raises(Locked):
            quarters.prepare(other, Q2)

    def test_both_epochs_are_read_after_a_rotation(self, office: Office) -> None:
        manager = office.people["manager"]
        office.case(MAY, count=6)
        look(manager, Q2)
        office.case(AUGUST, count=5, sex="f")
        with transaction():
            keys.rotate(manager, "statistics")
        office.case(AUGUST, count=6, sex="m")
        assert shown(look(manager, Q3)) == {"f": 5, "m": 6}
        assert look(office.people["colleague"], Q2).total == 6

    def test_before_there_is_a_key_the_menu_says_so(self, office: Office) -> None:
        other = Office(office.settings, "CC")
        other.open()
        other.case(MAY, count=2)
        manager = other.people["manager"]
        assert quarters.menu(manager).key == "missing"
        with pytest.raises(Locked):
            quarters.prepare(manager, Q2)

    def test_cases_on_their_way_are_waited_for(self, office: Office) -> None:
        other = Office(office.settings, "CC")
        other.open()
        other.case(MAY, count=2)
        other.make_key()
        manager = other.people["manager"]
        assert quarters.awaits_facts(manager, Q2)
        assert not quarters.awaits_facts(manager, Q3)
        with transaction():
            for order in db.session.query(Order):
                order.done_at = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
        assert not quarters.awaits_facts(manager, Q2)


@ON_SQLITE
class TestTampering:
    def test_a_changed_fact_stops_the_count(self, office: Office) -> None:
        office.case(MAY, count=6)
        with transaction():
            row = db.session.query(Fact).first()
            assert row is not None
            row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        with pytest.raises(sealed.Unusable):
            quarters.prepare(office.people["manager"], Q2)

    def test_a_fact_under_another_id_stops_the_count(self, office: Office) -> None:
        office.case(MAY, count=6)
        with transaction():
            first, second = office.facts()[:2]
            first.sealed, second.sealed = second.sealed, first.sealed
        with pytest.raises(sealed.Unusable):
            quarters.prepare(office.people["manager"], Q2)

    def test_a_case_sealed_twice_stops_the_count(self, office: Office) -> None:
        (_case_id, _record), *_rest = office.case(MAY, count=6)
        with transaction():
            row = office.facts()[0]
            pair = sealed.Pairs(office.people["manager"]).of(row.key_id)
            fact = pair.open(row.sealed, vault.Context("fact", row.organisation_id, row.id, row.version))
            twin = UUID(int=7)
            context = vault.Context("fact", row.organisation_id, twin, 1)
            db.session.add(
                Fact(
                    id=twin,
                    version=1,
                    organisation_id=row.organisation_id,
                    key_id=row.key_id,
                    sealed=vault.seal_to(pair.public, fact, context),
                )
            )
        with pytest.raises(sealed.Unusable):
            quarters.prepare(office.people["manager"], Q2)

    def test_a_fact_that_is_none_stops_the_count(self, office: Office) -> None:
        office.case(MAY, count=6)
        for content in (b"[]", b"{}", b"no json", orjson.dumps({"opened": "2026-05-06"})):
            with transaction():
                row = office.facts()[0]
                public = sealed.Pairs(office.people["manager"]).of(row.key_id).public
                context = vault.Context("fact", row.organisation_id, row.id, row.version)
                row.sealed = vault.seal_to(public, content, context)
            with pytest.raises(sealed.Unusable):
                quarters.prepare(office.people["manager"], Q2)

    def test_a_snapshot_of_another_quarter_is_refused(self, office: Office) -> None:
        manager = office.people["manager"]
        office.case(FEBRUARY, count=6)
        office.case(MAY, count=7)
        look(manager, Q1)
        look(manager, Q2)
        with transaction():
            first, second = db.session.query(QuarterSnapshot).all()
            first.sealed, second.sealed = second.sealed, first.sealed
        with pytest.raises(sealed.Unusable), transaction():
            quarters.preview(manager, "sex", Q1)

    def test_a_row_that_names_another_key_is_refused(self, office: Office, neighbour: Office) -> None:
        office.case(MAY, count=6)
        neighbour.case(MAY)
        home = office.people["manager"].organisation_id
        foreign = next(row.key_id for row in office.facts() if row.organisation_id != home)
        with transaction():
            next(row for row in office.facts() if row.organisation_id == home).key_id = foreign
        with pytest.raises(sealed.Unusable):
            quarters.prepare(office.people["manager"], Q2)


def test_many_facts_are_read_in_portions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "_CHUNK", 4)
    office.case(MAY, count=11)
    assert look(office.people["manager"], Q2).total == 11


def test_a_snapshot_from_when_each_fact_was_a_record_still_opens(office: Office) -> None:
    manager = office.people["manager"]
    office.case(MAY, count=6, province="34")
    look(manager, Q2)
    frozen = sealed.opened(sealed.Pairs(manager), sealed.snapshot_of(manager, "province", Q2))
    assert len(frozen.facts) == 6
    former = {
        "codes": frozen.codes,
        "counted": [fact_id.hex for fact_id in frozen.counted],
        "facts": [fact.to_record() for fact in frozen.facts],
    }
    read = sealed.Frozen.from_bytes(orjson.dumps(former))
    assert read.counted == frozen.counted
    assert sorted(read.facts, key=attrgetter("case")) == list(frozen.facts)


def test_the_week_decides_the_quarter(office: Office) -> None:
    """A Monday in June belongs to July if its Thursday does."""
    office.case(dt.date(2026, 6, 29), count=6)  # Monday of the week of Thursday 2 July
    office.case(dt.date(2026, 6, 28), count=7)
    assert look(office.people["manager"], Q3).total == 6
    assert look(office.people["manager"], Q2).total == 7
