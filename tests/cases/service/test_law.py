"""Changes of the law: two people, one organisation, nothing before its day, open deadlines counted anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from cases.models import LawChange
from cases.service import deadlines, files, law, law_reading, reminders
from core import clock
from core.access.permissions import Role
from core.audit.models import AuditEntry
from core.errors import Conflict, DomainError, NotFound, Refused
from core.reference import law as files_law
from core.store.base import db
from core.store.transaction import transaction
from tests.support.cast import Cast, found, on_stage

DEP = {"rule": "DEP_SUIT", "served_on": "2026-11-02", "facts": {}}


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with on_stage(app) as found_:
        yield found_


def base(table: str, **key: str) -> dict[str, str]:
    rows = files_law().tables[table]
    return dict(next(row for row in rows if all(row[name] == said for name, said in key.items())))


def longer(days: int = 10, first: str = "2026-11-01") -> dict[str, str]:
    row = base("rules", code="DEP_SUIT", valid_from="2019-12-24")
    return row | {"valid_from": first, "n": str(days), "source": "Resmî Gazete 2026/1"}


def proposed(cast: Cast, table: str, cells: dict[str, str], by: str = "admin") -> UUID:
    with transaction():
        return law.propose(cast[by], uuid4(), table, cells)


def signed(cast: Cast, change_id: UUID, by: str = "lawyer", version: int = 1) -> None:
    with transaction():
        law.sign(cast[by], change_id, version)


def safe(cast: Cast) -> dt.date:
    return deadlines.count(cast["caseworker"], DEP).safe


def test_a_proposal_changes_nothing_until_a_lawyer_signs_it(cast: Cast) -> None:
    change = proposed(cast, "rules", longer())
    assert safe(cast) == dt.date(2026, 11, 9)
    for who, why in (("admin", Refused), ("caseworker", Refused)):
        with pytest.raises(why), transaction():
            law.sign(cast[who], change, 1)
    for _ in range(2):  # a double click
        signed(cast, change)
    assert safe(cast) == dt.date(2026, 11, 12)
    with pytest.raises(Conflict), transaction():  # somebody else comes too late
        law.sign(cast["other_lawyer"], change, 1)
    for _ in range(2):
        with transaction():
            law.withdraw(cast["lawyer"], change, 2, "mistaken")
    assert safe(cast) == dt.date(2026, 11, 9)
    for by, version, because in (
        ("lawyer", 3, "mistaken"),
        ("lawyer", 2, "changed"),
        ("other_lawyer", 2, "mistaken"),
    ):
        with pytest.raises(Conflict), transaction():
            law.withdraw(cast[by], change, version, because)
    with pytest.raises(Conflict), transaction():
        law.sign(cast["lawyer"], change, 1)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.object_id == change)).all()
    assert sorted(acts) == ["law.propose", "law.sign", "law.withdraw"]
    db.session.rollback()


def test_nobody_changes_the_law_of_another_organisation(cast: Cast) -> None:
    theirs = found(cast.app, "YAD")
    change = proposed(cast, "rules", longer())
    for act in (
        lambda: law.sign(theirs["lawyer"], change, 1),
        lambda: law_reading.card(theirs["lawyer"], change),
    ):
        with pytest.raises(NotFound), transaction():
            act()
    signed(cast, change)
    assert safe(cast) == dt.date(2026, 11, 12)
    assert safe(theirs) == dt.date(2026, 11, 9)
    assert law_reading.waiting(theirs["admin"]) == []


def test_what_is_open_and_touched_says_so(cast: Cast) -> None:
    case_id = cast.record()
    watching = (cast["caseworker"].person_id, cast["coordinator"].person_id)
    with transaction():
        deadlines.add(cast["caseworker"], case_id, uuid4(), DEP, *watching)
    signed(cast, proposed(cast, "rules", longer()))
    with transaction():
        [card] = files.open_case(cast["caseworker"], case_id).deadlines
    assert card.safe == dt.date(2026, 11, 9)
    assert card.counted_anew
    assert card.counted_anew.safe == dt.date(2026, 11, 12)
    with transaction():
        assert reminders.write_due() == 1  # by the organisation's calendar


def test_a_holiday_takes_a_second_person_of_either_role(cast: Cast) -> None:
    cells = {"day": "2026-11-09", "kind": "full", "holiday": "other", "source": "Cumhurbaşkanlığı kararı"}
    change = proposed(cast, "holiday_changes", cells)
    with pytest.raises(DomainError), transaction():  # one person is not two
        law.sign(cast["admin"], change, 1)
    second = cast.join("second_admin", Role.ADMINISTRATOR)
    with transaction():
        law.sign(second, change, 1)
    assert safe(cast) == dt.date(2026, 11, 10)
    with pytest.raises(DomainError), transaction():  # the one who proposed does not undo it alone
        law.withdraw(cast["admin"], change, 2, "mistaken")


def test_a_year_is_confirmed(cast: Cast) -> None:
    with clock.at(dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)):
        assert law_reading.year_to_confirm(cast["admin"]) is None
    november = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    with clock.at(november):
        assert law_reading.year_to_confirm(cast["admin"]) == 2027
    for moment in (dt.datetime(2027, 1, 15, 12, tzinfo=dt.UTC), dt.datetime(2027, 11, 15, 12, tzinfo=dt.UTC)):
        with clock.at(moment):  # the year that has begun does not vanish from the desk
            assert law_reading.year_to_confirm(cast["admin"]) == 2027
    cells = base("feasts", year="2027") | {"source": "Diyanet"}
    assert 2027 not in law.law_of(cast.organisation_id).calendar.confirmed
    signed(cast, proposed(cast, "feasts", cells))
    assert 2027 in law.law_of(cast.organisation_id).calendar.confirmed
    with clock.at(november):
        assert law_reading.year_to_confirm(cast["admin"]) is None


def test_a_lawyer_signs_a_rule_as_it_came(cast: Cast) -> None:
    with pytest.raises(Refused), transaction():
        law.sign_off(cast["admin"], uuid4(), "rules", "LA_OBJ 2011-10-01")
    token = uuid4()
    for _ in range(2):
        with transaction():
            law.sign_off(cast["lawyer"], token, "rules", "LA_OBJ 2011-10-01")
    made = select(LawChange).where(LawChange.organisation_id == cast.organisation_id)
    assert len(db.session.scalars(made).all()) == 1
    assert law.law_of(cast.organisation_id).rules.versions("LA_OBJ")[0].confirmed
    assert next(one for one in law_reading.lines(cast["admin"], "rules") if one.key.startswith("LA_OBJ")).by
    with pytest.raises(NotFound), transaction():  # it is signed
        law.sign_off(cast["lawyer"], uuid4(), "rules", "LA_OBJ 2011-10-01")


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"source": " "}, "source"), ({"n": "0"}, None), ({"unit": "fortnight"}, None), ({"basis": ""}, None)],
)
def test_a_bad_proposal_is_refused(cast: Cast, cells: dict[str, str], field: str | None) -> None:
    with pytest.raises(DomainError) as caught:
        proposed(cast, "rules", longer() | cells)
    assert caught.value.field == field
    assert law_reading.waiting(cast["admin"]) == []
    db.session.rollback()


def added(**cells: str) -> dict[str, str]:
    """A rule that no file has, as the form gives it."""
    names = {
        "trigger_ar": "تبليغ قرار إغلاق جمعية", "trigger_tr": "Dernek kapatma kararının tebliği",
        "trigger_en": "Service of the closure of an association", "forum_ar": "محكمة الصلح",
        "forum_tr": "Sulh hukuk mahkemesi", "forum_en": "Civil court of peace",
        "note_ar": "", "note_tr": "", "note_en": "",
    }  # fmt: skip # three languages
    row = dict.fromkeys(files_law().tables["rules"][0], "") | names
    return row | {
        "code": "CLOSE9", "valid_from": "2026-01-01", "n": "9", "unit": "day", "starts": "service",
        "roll": "yes", "recess": "none", "basis": "D. K. m. 1", "source": "Resmî Gazete", **cells,
    }  # fmt: skip # one row


CLOSED = {"rule": "CLOSE9", "served_on": "2026-11-02", "facts": {}}


def test_a_rule_that_no_file_has_is_told_in_three_languages(cast: Cast) -> None:
    theirs, case_id = found(cast.app, "YAD"), cast.record()
    with pytest.raises(DomainError) as nameless:
        proposed(cast, "rules", added(trigger_ar=""))
    assert nameless.value.field == "trigger_ar"
    db.session.rollback()
    change = proposed(cast, "rules", added())
    first = law_reading.examples(law_reading.card(cast["lawyer"], change).row, None)[0]
    assert (first.before, first.after is not None) == (None, True)
    with pytest.raises(DomainError):
        deadlines.count(cast["caseworker"], CLOSED)
    signed(cast, change)
    watching = (cast["caseworker"].person_id, cast["coordinator"].person_id)
    with transaction():
        deadlines.add(cast["caseworker"], case_id, uuid4(), CLOSED, *watching)
    with transaction():
        [card] = files.open_case(cast["caseworker"], case_id).deadlines
    assert (card.safe, card.counted_anew, card.uncounted) == (dt.date(2026, 11, 11), None, False)
    for language in ("ar", "tr", "en"):
        account = " ".join(text for _level, text in card.steps[language])
        assert added()[f"trigger_{language}"] in account
        assert added()[f"forum_{language}"] in account
    with pytest.raises(DomainError):  # another house has no such rule, and no name of it
        deadlines.count(theirs["caseworker"], CLOSED)
    assert not law.words_of(theirs.organisation_id).knows("CLOSE9")
    with transaction():
        law.withdraw(cast["lawyer"], change, 2, "mistaken")
    with transaction():
        [card] = files.open_case(cast["caseworker"], case_id).deadlines
    assert (card.safe, card.counted_anew, card.uncounted) == (dt.date(2026, 11, 11), None, True)
    assert law.words_of(cast.organisation_id).name("trigger", "CLOSE9", "tr") == added()["trigger_tr"]


def test_a_court_that_no_file_has(cast: Cast) -> None:
    asked = {"rule": "ADM60", "served_on": "2026-06-01", "facts": {"court": "ADM-33"}}
    row = dict.fromkeys(files_law().tables["courts"][0], "") | {
        "code": "ADM-33", "ar": "محكمة مرسين الإدارية", "tr": "Mersin İdare Mahkemesi", "en": "Mersin Court",
        "has_recess": "yes", "source": "HSK",
    }  # fmt: skip # one row
    change = proposed(cast, "courts", row)
    with pytest.raises(DomainError):
        deadlines.count(cast["caseworker"], asked)
    examples = law_reading.examples(law_reading.card(cast["lawyer"], change).row, None)
    assert all(one.before is not None and one.differs for one in examples)  # nothing was known of its recess
    signed(cast, change)
    assert law.law_of(cast.organisation_id).courts.name("ADM-33", "ar") == "محكمة مرسين الإدارية"
    assert deadlines.count(cast["caseworker"], asked).due == dt.date(2026, 9, 7)


def test_years_after_the_table_follow_each_other(cast: Cast) -> None:
    last = files_law().calendar.years[-1]

    def year(number: int) -> dict[str, str]:
        days = {"ramadan": f"{number}-11-22", "sacrifice": f"{number}-02-09"}
        row = dict.fromkeys(files_law().tables["feasts"][0], "")
        return row | days | {"year": str(number), "source": "Diyanet"}

    with pytest.raises(DomainError):  # not before the one between
        proposed(cast, "feasts", year(last + 2))
    db.session.rollback()
    changes = []
    for number in (last + 1, last + 2):
        changes.append(proposed(cast, "feasts", year(number)))
        signed(cast, changes[-1])
    calendar = law.law_of(cast.organisation_id).calendar
    assert {last + 1, last + 2} <= calendar.confirmed
    assert calendar.holiday(dt.date(last + 2, 11, 23)) == "ramadan"
    with pytest.raises(DomainError), transaction():  # the later one would fall silently with it
        law.withdraw(cast["lawyer"], changes[0], 2, "mistaken")
    assert last + 2 in law.law_of(cast.organisation_id).calendar.confirmed
    for change in reversed(changes):
        with transaction():
            law.withdraw(cast["lawyer"], change, 2, "mistaken")
    assert law.law_of(cast.organisation_id).calendar.years[-1] == last


def test_two_like_it_do_not_wait_at_once(cast: Cast) -> None:
    first = proposed(cast, "rules", longer())
    with pytest.raises(DomainError):
        proposed(cast, "rules", longer(12))
    db.session.rollback()
    assert law_reading.waiting_for(cast["lawyer"]) == 1
    assert law_reading.waiting_for(cast["admin"]) == 0
    with transaction():
        law.withdraw(cast["admin"], first, 1, "mistaken")
    proposed(cast, "rules", longer(12))


def test_the_examples_are_the_days_that_come_out_otherwise(cast: Cast) -> None:
    card = law_reading.card(cast["lawyer"], proposed(cast, "rules", longer(first="2026-12-01")))
    assert card.may_sign
    assert card.before["n"] == "7"  # the version that is in force then
    chosen, *found_ = law_reading.examples(card.row, dt.date(2026, 11, 2))
    assert not chosen.differs
    assert len(found_) == law_reading.SHOWN
    assert found_[0].served_on == dt.date(2026, 12, 1)
    assert all(one.differs for one in found_)


def test_a_failed_transaction_leaves_no_law_behind(cast: Cast) -> None:
    change = proposed(cast, "rules", longer())
    with pytest.raises(RuntimeError), transaction():
        law.sign(cast["lawyer"], change, 1)
        assert safe(cast) == dt.date(2026, 11, 12)
        raise RuntimeError
    assert safe(cast) == dt.date(2026, 11, 9)
