"""What a newcomer finds in the demonstration, seen through its pages, and what a thief finds in its file."""

import dataclasses
import datetime as dt
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from accounts.models import Organisation, Person, PersonRole
from commands.main import main
from config.settings import VARIABLES
from core import clock
from core.access.permissions import READING, STEERING, Role, combinable
from core.audit.verify import chains, verify_chain
from core.store.base import db
from core.store.migrate import upgrade
from demo.names import Words
from demo.seed import load
from demo.sign_ins import PASSWORD, as_text
from demo.together import EVENT, HOUSEHOLD
from domain.lifecycle import State
from tests.conftest import serving
from tests.demo.conftest import CASES, HOME, Demonstration
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for


def rows(demonstration: Demonstration, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(demonstration.database)) as connection:
        return connection.execute(query).fetchall()


def test_everybody_signs_in_with_what_is_printed(demonstration: Demonstration) -> None:
    printed = as_text(demonstration.sign_ins)
    assert PASSWORD in printed
    assert "otpauth://totp/" in printed
    for one in demonstration.sign_ins:
        assert one.email in printed
        assert demonstration.text(one.email, "/desk")


def test_every_role_and_every_combination_that_is_allowed_is_there(demonstration: Demonstration) -> None:
    held = {one.roles for one in demonstration.sign_ins}
    assert all(combinable(roles) for roles in held)
    assert sum(roles <= READING for roles in held) == 2 ** len(READING) - 1
    assert sum(roles <= STEERING for roles in held) == 2 ** len(STEERING) - 1
    assert {Role.FOCAL_POINT} in held
    with demonstration.app.app_context():
        stored = db.session.query(PersonRole.role).distinct().count()
        assert stored == len(Role)
        lawyers = db.session.query(Person).join(PersonRole).filter(PersonRole.role == Role.LAWYER).all()
        assert all(lawyer.languages and lawyer.provinces for lawyer in lawyers)


def test_it_says_everywhere_that_it_is_invented(demonstration: Demonstration) -> None:
    with demonstration.app.app_context():
        for organisation in db.session.query(Organisation):
            assert organisation.invented
            assert organisation.name_ar.endswith("(مبتكرة)")
            assert organisation.name_tr.endswith("(uydurma)")
            assert organisation.name_en.endswith("(invented)")


def test_every_page_of_the_desk_says_so_too(demonstration: Demonstration) -> None:
    client = demonstration.browser("caseworker@nrg.example")
    for path in ("/desk", "/cases", "/cases/new"):
        assert 'class="invented"' in client.get(path, base_url=HOME).text


def test_those_who_should_read_the_lists_do(demonstration: Demonstration) -> None:
    references = re.compile(r"(?:NRG|BDM)-\d+-\d+")
    coordinator = set(references.findall(demonstration.text("coordinator@nrg.example", "/cases")))
    open_to_all = rows(
        demonstration, "SELECT reference FROM cases WHERE reference LIKE 'NRG%' AND NOT restricted"
    )
    assert len(open_to_all) > CASES / 2
    assert {str(reference) for (reference,) in open_to_all} <= coordinator
    assert not [reference for reference in coordinator if reference.startswith("BDM")]
    lawyer = set(references.findall(demonstration.text("lawyer@nrg.example", "/cases")))
    assert lawyer
    assert lawyer < coordinator
    for account in ("manager@nrg.example", "admin@nrg.example", "director@bdm.example"):
        assert demonstration.status(account, "/cases") in {403, 404}


def test_a_restricted_case_opens_for_those_it_names_only(demonstration: Demonstration) -> None:
    named = rows(
        demonstration,
        "SELECT cases.id, people.email FROM cases JOIN case_members ON case_members.case_id = cases.id"
        " JOIN people ON people.id = case_members.person_id WHERE restricted AND ended_at IS NULL",
    )
    assert named, "the seed brings restricted cases"
    case_id, email = named[0]
    insiders = {person for case, person in named if case == case_id}
    path = f"/cases/{_dashed(str(case_id))}"
    assert demonstration.status(str(email), path) == 200
    outsiders = [one.email for one in demonstration.sign_ins if one.email not in insiders]
    assert len(outsiders) > len(demonstration.sign_ins) / 2
    for outsider in outsiders:
        assert demonstration.status(outsider, path) in {403, 404}


def test_cases_stand_where_cases_stand_in_life(demonstration: Demonstration) -> None:
    states = [state for (state,) in rows(demonstration, "SELECT state FROM cases")]
    assert len(states) == CASES
    assert CASES / 2 < states.count(State.CLOSED) < CASES
    assert len(set(states)) > 2
    answers = {state for (state,) in rows(demonstration, "SELECT DISTINCT state FROM assignments")}
    assert {"accepted", "declined"} <= answers
    years = {day for (day,) in rows(demonstration, "SELECT DISTINCT substr(opened_on, 1, 4) FROM cases")}
    assert len(years) >= 3
    # An opening day is the day in Istanbul, an instant stands in UTC.
    early = rows(demonstration, "SELECT 1 FROM case_entries e JOIN cases c ON c.id = e.case_id"
                 " WHERE date(e.written_at, '+3 hours') < c.opened_on")  # fmt: skip
    assert not early


def test_one_household_and_one_event_are_counted_once(demonstration: Demonstration) -> None:
    """Each of these files shows a coordinator the others that are counted with it."""
    newest = rows(demonstration, "SELECT id FROM cases WHERE reference LIKE 'NRG%' AND state <> 'closed'")
    asked = [f"/cases/{_dashed(str(case_id))}/together" for (case_id,) in newest]
    client = demonstration.browser("coordinator@nrg.example")
    parts = [client.get(path, base_url=HOME).text.split('<section class="section" id="') for path in asked]
    shared = [
        section.partition('"')[0] for page in parts for section in page if section.count('class="row-link"')
    ]
    assert sorted(shared) == ["event"] * EVENT + ["household"] * HOUSEHOLD


def test_what_comes_in_is_there_to_be_looked_at(demonstration: Demonstration) -> None:
    client = demonstration.browser("caseworker@nrg.example")
    found = re.findall(r'href="(/requests/[0-9a-f-]{36})"', client.get("/requests", base_url=HOME).text)
    pages = [client.get(one, base_url=HOME).text for one in found]
    assert any("<img " in page and "<audio " in page for page in pages)
    assert rows(demonstration, "SELECT 1 FROM request_notices")
    assert set(rows(demonstration, "SELECT state FROM conflict_enquiries")) == {("answered",), ("asked",)}
    received = demonstration.browser("focal@bdm.example").get("/referrals/received", base_url=HOME).text
    assert "/referrals/conflicts/" in received
    shelf = client.get("/info/ar", base_url=HOME).text
    titles = re.findall(r'href="/info/ar/[^"]+"[^>]*>(.*?)</a>', shelf, re.DOTALL)
    assert titles
    assert len(titles) == len(set(titles))


def test_a_dossier_has_vignettes_that_were_checked(demonstration: Demonstration) -> None:
    paths = [
        f"/dossiers/{_dashed(str(dossier))}"
        for (dossier,) in rows(demonstration, "SELECT DISTINCT dossier_id FROM dossier_stories")
    ]
    [shown] = [demonstration.text("manager@nrg.example", path) for path in paths]
    assert "بانتظار الفحص" not in shown
    [(stories,)] = rows(demonstration, "SELECT count(*) FROM dossier_stories")
    assert stories
    assert shown.count("ملخص مركّب من") + shown.count("ملخص مرمّز") == stories


def test_a_manager_finds_figures_for_many_quarters(demonstration: Demonstration) -> None:
    shown = demonstration.text("manager@nrg.example", "/statistics")
    assert len(set(re.findall(r"20\d\d", shown))) >= 3
    facts = rows(demonstration, "SELECT count(DISTINCT id) FROM facts")
    assert facts == [(CASES,)]


def test_nothing_that_anybody_told_stands_in_the_file(demonstration: Demonstration) -> None:
    with demonstration.app.app_context():
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.rollback()
    content = b"".join(path.read_bytes() for path in demonstration.database.parent.glob("himaya.db*"))
    assert b"Narcissus" in content, "what is in clear is found"
    words = Words()
    stories = [story.text for stories in words.stories.values() for story in stories]
    told = [
        *stories,
        "foreigner_number",
        "0500 000",
        "Terzi",
        *(name.capitals for name in words.names["family"]),
    ]
    for words_told in told:
        for part in {words_told, words_told[:12]}:
            assert part.encode() not in content
            assert part.encode("utf-16-le") not in content


def test_the_record_of_acts_fits_and_runs_forward(demonstration: Demonstration) -> None:
    settings = demonstration.app.extensions["himaya"]
    with demonstration.app.app_context():
        for organisation_id, entries in chains():
            assert entries > CASES
            assert list(verify_chain(organisation_id, settings.audit_folder, settings.audit_key)) == []
    backward = rows(
        demonstration,
        "SELECT 1 FROM audit_entries a JOIN audit_entries b ON a.organisation_id = b.organisation_id"
        " AND b.number = a.number + 1 WHERE b.at < a.at",
    )
    assert not backward


def test_loading_tells_how_far_it_is(demonstration: Demonstration) -> None:
    assert demonstration.told == sorted(demonstration.told)
    assert demonstration.told[-1] == 1


@pytest.mark.parametrize("day", [7, 11, 12], ids=["Wednesday", "Sunday", "Monday, early"])
def test_two_loads_tell_the_same_stories(tmp_path: Path, sqlite_template: SqliteTemplate, day: int) -> None:
    query = "SELECT reference, state, urgency, changed_at FROM cases ORDER BY reference"
    told = []
    for home in (tmp_path / "one", tmp_path / "two"):
        home.mkdir()
        settings = settings_for(home, sqlite_template.copy(home / "himaya.db"), HIMAYA_MODE="demo")
        for app in serving(settings):
            with clock.at(dt.datetime(2026, 10, day, 3, tzinfo=dt.UTC)):
                load(app, 8)
            with closing(sqlite3.connect(home / "himaya.db")) as connection:
                told.append(connection.execute(query).fetchall())
    assert told[0] == told[1]
    assert len(told[0]) == 8


def test_production_refuses_invented_data(tmp_path: Path, sqlite_template: SqliteTemplate) -> None:
    url = sqlite_template.copy(tmp_path / "himaya.db")
    settings = dataclasses.replace(settings_for(tmp_path, url), mode="production")
    for app in serving(settings):
        with pytest.raises(RuntimeError, match="production"):
            load(app, 1)
        with app.app_context():
            assert db.session.query(Organisation).count() == 0


def test_a_database_in_which_somebody_works_is_left_alone(
    demonstration: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("HIMAYA_HOME", str(tmp_path))
    monkeypatch.setenv("HIMAYA_MODE", "demo")
    monkeypatch.setattr("commands.main.harden", lambda: None)
    upgrade(f"sqlite:///{tmp_path / 'himaya.db'}")
    with closing(sqlite3.connect(tmp_path / "himaya.db")) as connection:
        connection.execute(
            "INSERT INTO organisations"
            " (id, name_ar, name_tr, name_en, prefix, root_public, invented, created_at)"
            " VALUES ('00000000000040008000000000000000', 'a', 'b', 'c', 'ABC', x'00', 0, '2026-01-01')"
        )
        connection.commit()
    for _ in range(2):
        result = CliRunner().invoke(main, ["demo"])
        assert result.exit_code == 1
        assert "export HIMAYA_HOME=" in result.output
        assert not (tmp_path / "demo").exists()


def _dashed(hexadecimal: str) -> str:
    h = hexadecimal
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def test_deadlines_run_in_open_cases(demonstration: Demonstration) -> None:
    running = rows(demonstration, "SELECT count(*) FROM deadlines WHERE state = 'open'")[0][0]
    assert running
    # The first desk that is opened has something on top.
    assert rows(demonstration, "SELECT count(*) FROM reminders WHERE seen_at IS NULL")[0][0]


def test_what_an_association_owes_stands_on_a_desk(
    demonstration: Demonstration,
) -> None:
    desks = [
        demonstration.browser(one.email).get("/todo", base_url=HOME).text
        for one in demonstration.sign_ins
        if Role.COORDINATOR in one.roles
    ]
    assert any(re.search(r'href="/cases/[0-9a-f-]{36}/declarations/[0-9a-f-]{36}"', page) for page in desks)
